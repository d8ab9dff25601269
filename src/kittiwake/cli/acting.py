"""In whose name a command acts: always a practitioner, through the same doors as the pages."""

import json
from datetime import datetime
from typing import Annotated, Any

import typer
from django.db import connection

from kittiwake.access.actors import actor
from kittiwake.access.roles import ROLES
from kittiwake.agencies.rota import NobodyOnDuty, rota_at
from kittiwake.kernel.known import Actor

As = Annotated[
    str | None, typer.Option("--as", help="Whose name to act in: sign-in address, uid or name.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]

DONE, CANNOT, USAGE, WAITING = 0, 1, 2, 3
"""Exit codes; see docs/cli.md."""


def say(sentence: str) -> None:
    """Explain on stderr, so that stdout holds results alone."""
    typer.echo(sentence, err=True)


def stop(sentence: str, code: int = CANNOT) -> typer.Exit:
    """Say why a command ends here, and give what to raise."""
    say(sentence)
    return typer.Exit(code)


def print_json(value: Any) -> None:
    """Print a result as one line for programs; days and instants as ISO 8601."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=lambda v: v.isoformat()))


def who_acts(wanted: str | None, role: str, now: datetime) -> Actor:
    """The practitioner named, else whoever answers for a role now; says who it is.

    Looks and leases are logged in that name. Exits where nobody, or more than one, is meant.
    """
    practitioner = _named(wanted) if wanted else _answering(role, now)
    acts = actor(practitioner)
    as_what = "" if wanted else f", who answers for {ROLES[role].title.lower()}"
    say(f"As {acts.name}{as_what}. Every look is logged in that name.")
    return acts


def _named(wanted: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id FROM practitioner p LEFT JOIN auth_user u ON u.id = p.user_id "
            "WHERE p.is_active AND NOT p.is_system AND %s IN "
            "(p.uid::text, lower(u.email), lower(p.email), lower(p.name))",
            [wanted.lower()],
        )
        found = cursor.fetchall()
    if len(found) != 1:
        how_many = "Nobody" if not found else "More than one practitioner"
        raise stop(f"{how_many} is meant by --as. Give a sign-in address or a uid.")
    return int(found[0][0])


def _answering(role: str, now: datetime) -> int:
    try:
        rota = rota_at(now)
        # An importer is somebody who holds the role, never whoever stands in for everybody.
        return rota.who(role) if role == "duty_inspector" else rota.holders[role]
    except (NobodyOnDuty, KeyError):
        raise stop(f"Nobody holds the role {ROLES[role].title.lower()}. Say --as whom.") from None
