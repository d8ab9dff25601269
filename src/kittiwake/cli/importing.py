"""Bringing in partners' files: `./kittiwake import ssda903 PATH`."""

from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer
from django.db import connection
from django.utils import timezone

from kittiwake.access.doors import NotPermitted
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
from kittiwake.exchange import ssda903
from kittiwake.kernel.known import Actor
from kittiwake.kernel.questions import Wrong, read_day

MOST_BYTES = 200_000_000
app = typer.Typer(help="Bring in partners' files.", no_args_is_help=True)


@app.callback()
def _import() -> None:
    """Bring in partners' files."""


@app.command(name="ssda903")
def ssda903_return(
    path: Annotated[Path, typer.Argument(help="A file of the return, or a folder of them.")],
    council: Annotated[
        str | None,
        typer.Option(help="Whose return it is: the council's name, a part of it, or uid."),
    ] = None,
    as_at: Annotated[
        str | None, typer.Option(help="The day it describes; without it, its year's last.")
    ] = None,
    as_whom: As = None,
    as_json: AsJson = False,
) -> None:
    """Bring in a council's return on children looked after (SSDA903), as history.

    Exits with 3 where something waits in the quarantine.
    """
    now = timezone.now()
    files = [(file.name, file.read_bytes()) for file in _files(path)]
    by = who_acts(as_whom, "information_clerk", now)
    agency, name = _council(council, by)
    try:
        day = read_day(as_at) if as_at else None
    except Wrong as wrong:
        raise stop(f"--as-at: {wrong}", USAGE) from None
    feed = replace(ssda903.feed_of(agency, name, by, now), as_at=day)
    started = perf_counter()
    try:
        summary = ssda903.bring_in(files, feed, say)
    except (NotPermitted, ssda903.InUse) as why:
        raise stop(str(why)) from None
    _show(summary, name, perf_counter() - started, as_json)
    raise typer.Exit(WAITING if summary.waiting else DONE)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        files = sorted(f for f in path.iterdir() if f.is_file() and not f.name.startswith("."))
    else:
        files = [path] if path.is_file() else []
    if not files:
        raise stop(f"There is no file at {path}.", USAGE)
    if large := [f.name for f in files if f.stat().st_size > MOST_BYTES]:
        raise stop(f"{large[0]} is larger than 200 MB. Send it in parts.", USAGE)
    return files


def _council(wanted: str | None, by: Actor) -> tuple[int, str]:
    """Whose return it is: the one named, the importer's own council, or the only one."""
    with connection.cursor() as cursor:
        if wanted is None:
            cursor.execute("SELECT id, name FROM agency WHERE kind = 'social_care' ORDER BY id")
        else:
            cursor.execute(
                "SELECT id, name FROM agency WHERE lower(%(w)s) IN (lower(name), uid::text) OR "
                "(kind = 'social_care' AND position(lower(%(w)s) IN lower(name)) > 0) ORDER BY id",
                {"w": wanted},
            )
        found: list[tuple[int, str]] = cursor.fetchall()
    mine = [agency for agency in found if agency[0] == by.agency_id]
    if wanted is None and mine:
        return mine[0]
    if len(found) != 1:
        raise stop("Say whose return this is: --council, by name or uid.", USAGE)
    return found[0]


def _show(summary: ssda903.Summary, council: str, seconds: float, as_json: bool) -> None:
    rows = summary.total("received")
    people = Counter(summary.people.values())
    result: dict[str, Any] = {
        "council": council,
        **{w: summary.total(w) for w in ("received", "recorded", "known", "quarantined")},
        "people": {outcome: people[outcome] for outcome in ("new", "linked", "possible")},
        "files": [asdict(file) for file in summary.files],
        "seconds": round(seconds, 2),
        "rows_per_second": round(rows / seconds) if seconds else None,
    }
    if as_json:
        print_json(result)
        return
    for file in summary.files:
        typer.echo(f"{file.state:<12} {file.name}: {file.sentence}")
    typer.echo(
        f"Rows: {rows:,} received, {result['recorded']:,} recorded, {result['known']:,} known, "
        f"{result['quarantined']:,} waiting. People: {people['new']:,} new, "
        f"{people['linked']:,} linked, {people['possible']:,} possibly known."
    )
    say(f"{rows:,} rows in {seconds:.1f} s.")
