"""Where grades stand below the policy: `./kittiwake policy diverge` (trap 4; L266)."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

import typer
from django.db import connection
from django.utils import timezone

from kittiwake.access.doors import NotPermitted, as_practitioner, log_look, log_refusal
from kittiwake.access.roles import may
from kittiwake.cli.acting import USAGE, As, AsJson, print_json, say, stop, who_acts
from kittiwake.kernel.questions import LONDON

COLUMNS = ("team", "grade", "level", "rule", "sentence", "cases", "of_cases", "alone")


def diverge(
    since: Annotated[
        str | None, typer.Option(help="Episodes opened from this day on: 2026-10-01.")
    ] = None,
    as_whom: As = None,
    as_json: AsJson = False,
) -> None:
    """Show where missing children are graded below the policy, by team and the policy's reason.

    Without --since, of the last year. Counts only: nobody is named.
    """
    now = timezone.now()
    try:
        day = date.fromisoformat(since) if since else None
    except ValueError:
        raise stop("Give the day as 2026-10-01.", USAGE) from None
    start = datetime.combine(day, time(), LONDON) if day else now - timedelta(days=365)
    by = who_acts(as_whom, "duty_superintendent", now)
    if not may(by.roles, "policy.review"):
        log_refusal(by, now, None, "policy.review", "no capability")
        raise stop(str(NotPermitted("policy.review")))
    with as_practitioner(by), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM policy_divergence(%s)", [start])
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]
        log_look(by, now, "grades against the policy", [])
    if as_json:
        print_json(rows)
        return
    for r in rows:
        alone = f"; {r['alone']} without a proposal" if r["alone"] else ""
        typer.echo(
            f"{r['team']}: {r['cases']} of {r['of_cases']} graded {r['grade']} where the policy "
            f"says {r['level'].replace('_', ' ')}{alone}. {r['sentence']}"
        )
    if not rows:
        say("No episode is graded below the policy since then.")
