"""Practitioners of one role each, signed in at a browser and with a program of their own."""

from __future__ import annotations

from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client

from kittiwake.access.roles import ROLES
from kittiwake.api.tokens import digest_of
from tests.security.attack import Link


def practitioner(owner: Link, agency: int, role: str) -> int:
    """Somebody who holds one role; their id."""
    me: int = owner.execute(
        "INSERT INTO practitioner (uid, name, title, rank, agency_id, phone, email, is_system,"
        " is_active) VALUES (%s, %s, '', %s, %s, '', '', false, true) RETURNING id",
        [uuid4(), role, ROLES[role].rank, agency],
    ).fetchone()[0]  # type: ignore[index]
    owner.execute(
        "INSERT INTO role_held (practitioner_id, role, from_at)"
        " VALUES (%s, %s, now() - interval '1 day')",
        [me, role],
    )
    return me


def browser(owner: Link, me: int, name: str) -> tuple[User, Client]:
    """A user for a practitioner, signed in with a second factor."""
    user = User.objects.create(username=name, email=f"{name}@saltmarsh.example")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    owner.execute("UPDATE practitioner SET user_id = %s WHERE id = %s", [user.pk, me])
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return user, client


def program(owner: Link, me: int, role: str) -> str:
    """A token of a practitioner's, bound to a role."""
    token = f"kw_{uuid4().hex}"
    owner.execute(
        "INSERT INTO api_token (practitioner_id, agency_id, role, digest, name, expires_at)"
        " SELECT id, agency_id, %s, %s, '', now() + interval '1 day' FROM practitioner"
        " WHERE id = %s",
        [role, digest_of(token), me],
    )
    return token
