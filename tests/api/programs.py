"""A program that speaks to the API without leaving this process."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
from django.http import HttpResponse
from django.test import Client

from kittiwake.api.answers import ProblemNow
from kittiwake.api.tokens import digest_of
from tests.worlds import World


class Program:
    """Somebody's system: a token each for some of the staff, and what it sends and reads."""

    def __init__(self, owner: psycopg.Connection[Any]) -> None:
        self.world = World(owner)
        self.owner = owner
        self.tokens: dict[str, str] = {}

    def token(self, key: str, role: str = "", **changed: Any) -> str:
        """A token of a practitioner; by default for the first role they hold."""
        held = self.world.rows(
            "SELECT role FROM role_held WHERE practitioner_id = %s ORDER BY id",
            self.world.staff[key],
        )
        token = f"kw_{uuid4().hex}"
        agency = self.world.rows(
            "SELECT agency_id FROM practitioner WHERE id = %s", self.world.staff[key]
        )
        row = {
            "practitioner_id": self.world.staff[key],
            "agency_id": agency[0][0],
            "role": role or held[0][0],
            "digest": digest_of(token),
            "name": f"{key}’s program",
            "expires_at": datetime.now(UTC) + timedelta(days=1),
            "revoked_at": None,
        } | changed
        names = ", ".join(row)
        marks = ", ".join(["%s"] * len(row))
        self.owner.execute(f"INSERT INTO api_token ({names}) VALUES ({marks})", list(row.values()))
        return token

    def headers(self, by: str) -> dict[str, str]:
        """The headers of a request by this practitioner's program."""
        if by and by not in self.tokens:
            self.tokens[by] = self.token(by)
        token = self.tokens.get(by)
        return {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, by: str, path: str, **query: Any) -> HttpResponse:
        """Read something."""
        return Client().get(f"/api/v1{path}", query, headers=self.headers(by))

    def post(self, by: str, kind: str, body: Any, **headers: str) -> HttpResponse:
        """Send an entry; a body that is bytes is sent as it is."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        content_type = headers.pop("content_type", "application/json")
        return Client().generic(
            "POST",
            f"/api/v1/entries/{kind}",
            raw,
            content_type=content_type,
            headers=self.headers(by) | {k.replace("_", "-"): v for k, v in headers.items()},
        )

    def report(self, by: str = "handler", ref: str = "R1", **more: Any) -> dict[str, Any]:
        """Report a child missing; what was answered."""
        answer = self.post(by, "missing.reported", missing(ref) | more)
        assert answer.status_code in (200, 201), answer.content
        return answer.json()

    def kept(self) -> list[tuple[str, str, int | None, bytes]]:
        """Every report as it is kept: state, sentence, entry, body."""
        return [
            (state, sentence, entry, bytes(body))
            for state, sentence, entry, body in self.world.rows(
                "SELECT state, sentence, entry_id, body FROM report ORDER BY id"
            )
        ]


def missing(ref: str = "R1") -> dict[str, Any]:
    """A report of a child the sender describes."""
    return {
        "about": {"source": {"ref": ref}, "name": "Kit Example", "born_on": "2012-03-04"},
        "entry": {"concern": "Left after an argument, without a coat."},
    }


def problem(answer: HttpResponse, status: int, key: str) -> ProblemNow:
    """The problem a response carries, which has to be of this status and type."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store, private"
    told = ProblemNow.model_validate(answer.json())
    assert told.type == f"urn:kittiwake:problem:{key}"
    assert told.status == status
    assert told.detail.endswith((".", "?"))
    return told
