"""Loading who works here and who is on duty: `./kittiwake import practitioners PATH`, `… rota`."""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from kittiwake.access.doors import NotPermitted
from kittiwake.access.roles import ROLES
from kittiwake.agencies.cover import Gap, gaps
from kittiwake.cli.acting import (
    DONE,
    USAGE,
    WAITING,
    As,
    AsJson,
    print_json,
    say,
    stop,
    who_acts,
)
from kittiwake.exchange import staff
from kittiwake.kernel.questions import show_moment

Sheet = Annotated[Path, typer.Argument(help="A workbook (.xlsx), or the sheet as CSV.")]
Days = Annotated[int, typer.Option(min=1, max=366, help="How many days to look ahead.")]


def practitioners(
    path: Sheet,
    everybody: Annotated[
        bool,
        typer.Option("--everybody", help="The list is whole: who is not on it has left."),
    ] = False,
    as_whom: As = None,
    as_json: AsJson = False,
) -> None:
    """Load who works here from a spreadsheet: names, roles, from when until when.

    Whoever left is ended, never deleted. Exits with 3 where a row waits.
    """
    _load("practitioners", path, as_whom, as_json, everybody)


def rota(path: Sheet, as_whom: As = None, as_json: AsJson = False) -> None:
    """Load the duty rota from a spreadsheet, and say where nobody is on duty.

    Exits with 3 where a row waits.
    """
    _load("rota", path, as_whom, as_json)


def _load(
    what: staff.What, path: Path, as_whom: str | None, as_json: bool, everybody: bool = False
) -> None:
    now = timezone.now()
    if not path.is_file():
        raise stop(f"There is no file at {path}.", USAGE)
    by = who_acts(as_whom, "information_clerk", now)
    try:
        done = staff.load(what, path.name, path.read_bytes(), by, now, everybody=everybody)
    except NotPermitted as why:
        raise stop(str(why)) from None
    open_times = gaps(now, now + timedelta(days=14))
    rows = [{"row": n, "state": state, "sentence": said} for n, (state, said) in done.rows]
    if as_json:
        print_json({
            **asdict(done.taken), "rows": [row for row in rows if row["sentence"]],
            "not_listed": done.not_listed, "gaps": [asdict(gap) for gap in open_times],
        })  # fmt: skip
    else:
        typer.echo(f"{done.taken.name}: {done.taken.sentence}")
        for row in rows:
            if row["sentence"]:
                typer.echo(f"  row {row['row']}: {row['sentence']}")
        if done.not_listed:
            typer.echo("Ended, not on this list:" if everybody else "Here, and not on this list:")
        for told in done.not_listed:
            typer.echo(f"  {told}")
        _show(open_times)
    waits = done.taken.quarantined or done.taken.state == "quarantined"
    raise typer.Exit(WAITING if waits else DONE)


def cover(days: Days = 14, as_json: AsJson = False) -> None:
    """Show when nobody is on duty for a role that has a rota."""
    now = timezone.now()
    found = gaps(now, now + timedelta(days=days))
    if as_json:
        print_json([asdict(gap) for gap in found])
        return
    _show(found)
    if not found:
        say(f"Every role on the rota is covered for {days} days.")


def _show(found: list[Gap]) -> None:
    for gap in found[:200]:
        title = ROLES[gap.role].title if gap.role in ROLES else gap.role
        typer.echo(
            f"Nobody on duty: {title}, {show_moment(gap.start)} until {show_moment(gap.end)}"
        )
