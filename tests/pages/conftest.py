"""A county whose practitioners are signed in, each with a browser that runs no scripts."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client

from kittiwake.pathways.missing import entries as e
from tests.worlds import World


@dataclass
class Browser:
    """One practitioner at a browser: what they see is plain text and fields, as without scripts."""

    client: Client
    path: str = ""
    status: int = 0
    body: str = ""

    def get(self, path: str) -> Browser:
        """Open a page; follows where it leads."""
        return self._seen(self.client.get(path, follow=True))

    def post(self, path: str, **answers: Any) -> Browser:
        """Send a form; `__` in a name stands for a hyphen."""
        sent = {name.replace("__", "-"): value for name, value in answers.items()}
        return self._seen(self.client.post(path, sent, follow=True))

    def _seen(self, response: Any) -> Browser:
        self.path = response.request["PATH_INFO"]
        self.query = response.request["QUERY_STRING"]
        self.status = response.status_code
        self.headers = response.headers
        self.body = response.content.decode()
        return self

    @property
    def text(self) -> str:
        """What is on the page, without its marks, in one line."""
        shown = re.sub(r"<(script|style)\b.*?</\1>", " ", self.body, flags=re.S)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())

    def value(self, name: str) -> str:
        """What stands in a text field."""
        found = re.search(
            rf'<input[^>]*\bname="{re.escape(name)}"[^>]*\bvalue="([^"]*)"', self.body
        )
        if found:
            return html.unescape(found[1])
        area = re.search(rf'<textarea[^>]*\bname="{re.escape(name)}"[^>]*>(.*?)</textarea>',
                         self.body, re.S)  # fmt: skip
        assert area, f"there is no field called {name}"
        return html.unescape(area[1])

    def links(self) -> list[str]:
        """Where the page's links lead."""
        return re.findall(r'<a\b[^>]*\bhref="([^"]+)"', self.body)


@dataclass
class County:
    """A world of practitioners who can sign in, and a child."""

    w: World
    now: datetime
    users: dict[str, User] = field(default_factory=dict)

    def browser(self, key: str | None) -> Browser:
        """A browser signed in as the practitioner of this key, or as nobody."""
        client = Client()
        if key:
            if key not in self.users:
                self.users[key] = self._user(key)
            client.force_login(self.users[key])
        return Browser(client)

    def _user(self, key: str) -> User:
        user = User.objects.create(username=key, email=f"{key}@saltmarsh.example")
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
        self.w.owner.execute(
            "UPDATE practitioner SET user_id = %s WHERE id = %s", [user.pk, self.w.staff[key]]
        )
        return user

    def child(self, name: str = "Kit Example", **more: Any) -> tuple[int, str]:
        """A child on file: id and uid."""
        person = self.w.child(name, **more)
        return person, str(self.w.rows("SELECT uid FROM person WHERE id = %s", person)[0][0])

    def missing(self, person: int, minutes_ago: float = 60, **answers: Any) -> str:
        """A missing episode of a child; its case's uid."""
        told = {"concern": "Left after an argument and has no coat."} | answers
        at = self.now - timedelta(minutes=minutes_ago)
        recorded = self.w.say("handler", e.ReportedMissing(**told), person, at)
        assert recorded.case_uid
        return recorded.case_uid

    def entries(self, kind: str) -> int:
        """How many entries of a kind there are."""
        return int(self.w.rows("SELECT count(*) FROM entry WHERE kind = %s", kind)[0][0])


@pytest.fixture
def county(world: None, owner: psycopg.Connection) -> County:
    return County(World(owner), datetime.now(UTC))


@pytest.fixture
def submission() -> str:
    """The id a form carries, so that it can be sent twice."""
    return str(uuid4())
