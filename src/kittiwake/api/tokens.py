"""Who calls: a program's token, bound to a practitioner, an agency and one role."""

import time
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import ClassVar

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from kittiwake.access.actors import NotAPractitioner, actor
from kittiwake.kernel.known import Actor

PREFIX = "kw_"
PER_MINUTE = 600
"""Requests one token may make in a minute: a control room's busiest feed, several times over."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The practitioner a token stands for, with that one role, and the instant of the request."""

    token_id: int
    actor: Actor
    now: datetime


class ApiRequest(HttpRequest):
    """A request whose token was in force when it came."""

    auth: Caller


def digest_of(token: str) -> str:
    """The SHA-256 of a token in hexadecimal: the only thing kept of it."""
    return sha256(token.encode()).hexdigest()


def caller(token: str, now: datetime) -> Caller | None:
    """Whom a token stands for now; None once it expired, was revoked or its role is not held.

    Asked at every request, so that a revocation takes effect at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, practitioner_id, agency_id, role FROM api_token "
            "WHERE digest = %s AND revoked_at IS NULL AND expires_at > %s",
            [digest_of(token), now],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    try:
        found = actor(row[1])
    except NotAPractitioner:
        return None
    if found.agency_id != row[2] or row[3] not in found.roles:
        return None
    return Caller(row[0], replace(found, roles=frozenset({row[3]})), now)


class Token(HttpBearer):
    """The header `Authorization: Bearer kw_…`."""

    openapi_bearerFormat: ClassVar[str] = "kw_…"  # noqa: N815 - OpenAPI's own spelling
    openapi_description: ClassVar[str] = (
        "Made with `./kittiwake token create`; bound to a practitioner, an agency and one role."
    )

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """Whom the token stands for, or None."""
        return caller(token, timezone.now())


class PerToken(BaseThrottle):
    """At most `PER_MINUTE` requests of one token in each minute of the clock."""

    def allow_request(self, request: ApiRequest) -> bool:  # type: ignore[override]
        """Count this request; say whether it is still within the limit."""
        called = request.auth
        key = f"api:{called.token_id}:{int(called.now.timestamp()) // 60}"
        if cache.add(key, 1, timeout=120):
            return True
        try:
            return cache.incr(key) <= PER_MINUTE
        except ValueError:  # the count expired in between
            return True

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return 60 - time.time() % 60
