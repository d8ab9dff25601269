"""Tokens for programs: made, listed and revoked by whoever administers this installation.

Runs as the database's owner: the web may read tokens, and never make one.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer
from django.db import connection
from django.utils import timezone

from kittiwake.access.roles import ROLES
from kittiwake.api.tokens import PREFIX, digest_of

app = typer.Typer(help="Tokens for programs that use the API.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]


class NoSuchHolder(Exception):
    """Nobody, or more than one, is meant; or they do not hold the role. Says which."""


@app.command()
def create(
    practitioner: Annotated[str, typer.Argument(help="Whose: uid, sign-in address or name.")],
    role: Annotated[str, typer.Option(help="The one role it may act in, which they hold.")],
    name: Annotated[str, typer.Option(help="Which program it is for.")] = "",
    days: Annotated[int, typer.Option(min=1, max=400, help="Days until it expires.")] = 90,
    as_json: AsJson = False,
) -> None:
    """Make a token and show it, once: only its hash is kept."""
    now = timezone.now()
    try:
        made = make(practitioner, role, name, now, now + timedelta(days=days))
    except NoSuchHolder as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(made))
        return
    typer.echo(f"Token {made['id']} for {made['practitioner']}, as {role}.", err=True)
    typer.echo("Keep it now: it is not shown again.", err=True)
    typer.echo(made["token"])


@app.command(name="list")
def list_all(as_json: AsJson = False) -> None:
    """Every token: whose, as what, until when. Never the token itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.id, t.name, p.name, a.name, t.role, t.expires_at, t.revoked_at "
            "FROM api_token t JOIN practitioner p ON p.id = t.practitioner_id "
            "JOIN agency a ON a.id = t.agency_id ORDER BY t.id"
        )
        rows = cursor.fetchall()
    now = timezone.now()
    tokens = [
        {
            "id": row[0],
            "name": row[1],
            "practitioner": row[2],
            "agency": row[3],
            "role": row[4],
            "state": _state(row[5], row[6], now),
            "expires_at": row[5].isoformat(),
        }
        for row in rows
    ]
    if as_json:
        typer.echo(json.dumps(tokens))
        return
    for one in tokens:
        who = f"{one['practitioner']} ({one['agency']}) as {one['role']}"
        typer.echo(f"{one['id']:>4}  {one['state']:<8}  {who}  {one['name']}")


@app.command()
def revoke(
    token_id: Annotated[int, typer.Argument(metavar="ID", help="The number `list` shows.")],
) -> None:
    """End a token; the next request that uses it is turned away."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE api_token SET revoked_at = %s WHERE id = %s AND revoked_at IS NULL",
            [timezone.now(), token_id],
        )
        ended = cursor.rowcount
    if not ended:
        typer.echo(f"There is no token {token_id} in force.", err=True)
        raise typer.Exit(1)
    typer.echo(f"Token {token_id} is revoked.", err=True)


def make(
    practitioner: str, role: str, name: str, now: datetime, expires_at: datetime
) -> dict[str, Any]:
    """Make a token for a practitioner in a role they hold. Raises NoSuchHolder."""
    token = PREFIX + secrets.token_urlsafe(32)
    with connection.cursor() as cursor:
        id_, agency, called = _holder(cursor, practitioner, role, now)
        cursor.execute(
            "INSERT INTO api_token (practitioner_id, agency_id, role, digest, name, expires_at) "
            "VALUES (%s, %s, %s, %s, %s, %s) RETURNING id",
            [id_, agency, role, digest_of(token), name[:100], expires_at],
        )
        (token_id,) = cursor.fetchone()
    return {
        "id": token_id,
        "token": token,
        "practitioner": called,
        "role": role,
        "expires_at": expires_at.isoformat(),
    }


def _holder(cursor: Any, practitioner: str, role: str, now: datetime) -> tuple[int, int, str]:
    if role not in ROLES:
        raise NoSuchHolder(f"There is no role {role}. Roles: {', '.join(sorted(ROLES))}")
    cursor.execute(
        "SELECT p.id, p.agency_id, p.name, EXISTS (SELECT 1 FROM role_held h WHERE h.role = %s "
        " AND h.practitioner_id = p.id AND h.from_at <= %s AND (h.until IS NULL OR h.until > %s)) "
        "FROM practitioner p LEFT JOIN auth_user u ON u.id = p.user_id "
        "WHERE p.is_active AND %s IN (p.uid::text, lower(u.email), lower(p.name))",
        [role, now, now, practitioner.lower()],
    )
    found = cursor.fetchall()
    if len(found) != 1:
        how_many = "Nobody" if not found else "More than one practitioner"
        raise NoSuchHolder(f"{how_many} is meant by this. Give a uid or a sign-in address.")
    id_, agency, called, holds = found[0]
    if not holds:
        raise NoSuchHolder(f"{called} does not hold the role {role} now.")
    return id_, agency, called


def _state(expires_at: datetime, revoked_at: datetime | None, now: datetime) -> str:
    if revoked_at:
        return "revoked"
    return "in force" if expires_at > now else "expired"
