"""Bringing in partners' files: `./kittiwake import STANDARD PATH`."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer
from django.db import connection
from django.utils import timezone

from kittiwake.access.doors import NotPermitted
from kittiwake.cli import importing_people
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
from kittiwake.exchange import incidents, mappings, markers, police, ssda903, unrecorded
from kittiwake.exchange.bringing import InUse, bring_in
from kittiwake.exchange.mapping import Mapping, MappingError
from kittiwake.exchange.mapping import read as read_mapping
from kittiwake.exchange.standard import Feed, Summary
from kittiwake.kernel.known import Actor
from kittiwake.kernel.questions import LONDON, Wrong, read_day

MOST_BYTES = 200_000_000
app = typer.Typer(help="Bring in partners' files.", no_args_is_help=True)
app.command(name="practitioners")(importing_people.practitioners)
app.command(name="rota")(importing_people.rota)

Where = Annotated[Path, typer.Argument(help="A file, or a folder of them.")]
ByMapping = Annotated[str, typer.Option(help="A saved mapping by name, or a TOML file.")]
Agency = Annotated[
    str | None, typer.Option(help="Whose file it is: the agency's name, a part of it, or uid.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Read everything, write nothing, say what would wait.")
]


@app.callback()
def _import() -> None:
    """Bring in partners' files."""


@app.command(name="ssda903")
def ssda903_return(
    path: Where,
    council: Agency = None,
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
    files = _files(path)
    by = who_acts(as_whom, "information_clerk", now)
    agency, name = _agency(council, "social_care", "--council", by)
    try:
        day = read_day(as_at) if as_at else None
    except Wrong as wrong:
        raise stop(f"--as-at: {wrong}", USAGE) from None
    _bring(files, ssda903.feed_of(agency, name, by, now, day), name, as_json)


@app.command(name="police")
def police_file(
    path: Where,
    mapping: ByMapping,
    force: Agency = None,
    open_live: Annotated[
        bool,
        typer.Option("--open-live", help="Cutover: who is still missing opens here, on the clock."),
    ] = False,
    dry_run: DryRun = False,
    as_whom: As = None,
    as_json: AsJson = False,
) -> None:
    """Bring in a police file of missing episodes by a mapping, as history.

    With --open-live what is still open becomes a case here, owned and on the clock; its clocks
    run from when the child went missing. Exits with 3 where something waits in the quarantine.
    """
    now = timezone.now()
    files, read = _files(path), _mapping(mapping, "police")
    by = who_acts(as_whom, "information_clerk", now)
    agency, name = _agency(force, "police", "--force", by)
    feed = police.feed_of(agency, name, read, by, now, is_live=open_live)
    _rehearse(files, feed, as_json) if dry_run else _bring(files, feed, name, as_json)


@app.command(name="incidents")
def incident_log(
    path: Where,
    mapping: ByMapping,
    force: Agency = None,
    dry_run: DryRun = False,
    as_whom: As = None,
    as_json: AsJson = False,
) -> None:
    """Bring in a control room's log, and compare it with the missing records.

    `./kittiwake incidents` then lists those that no missing record knows.
    """
    now = timezone.now()
    files, read = _files(path), _mapping(mapping, "incidents")
    by = who_acts(as_whom, "information_clerk", now)
    agency, name = _agency(force, "police", "--force", by)
    feed = incidents.feed_of(agency, name, read, by, now)
    _rehearse(files, feed, as_json) if dry_run else _bring(files, feed, name, as_json)


def _mapping(name: str, standard: str) -> Mapping:
    """A mapping by its saved name, or from a file for a first try."""
    try:
        file = Path(name)
        if name.endswith(".toml"):
            if not file.is_file():
                raise stop(f"There is no file at {file}.", USAGE)
            found = read_mapping(file.stem, file.read_text(encoding="utf-8", errors="replace"))
            if found.name not in {saved.name for saved in mappings.every()}:
                say(
                    "This mapping is not saved: quarantined rows cannot be tried again until it is."
                )
        else:
            found = mappings.newest(name)
    except MappingError as wrong:
        raise stop(f"--mapping: {wrong}", USAGE) from None
    if found.standard != standard:
        raise stop(f"--mapping: this one is for {found.standard}, not for {standard}.", USAGE)
    return found


@app.command(name="flags")
def markers_listed(
    path: Annotated[Path, typer.Argument(help="A partner's list of markers, as CSV.")],
    feed: Annotated[str, typer.Option(help="Which list it is: protection plans, ViSOR …")],
    agency: Annotated[
        str | None, typer.Option(help="Whose list it is: the agency's name, a part of it, or uid.")
    ] = None,
    as_whom: As = None,
    as_json: AsJson = False,
) -> None:
    """Bring in a partner's whole list of markers, to be compared with ours; it raises nothing.

    Columns: NAME, BORN, MARKER, and if there are any REF, NHS, UPN, FROM, UNTIL. Exits with 3
    where something waits in the quarantine.
    """
    now = timezone.now()
    name, body = _files(path)[0]
    by = who_acts(as_whom, "information_clerk", now)
    whose = _agency(agency, "social_care", "--agency", by)[0]
    try:
        taken = markers.bring_in(name, body, feed, whose, by, now)
    except NotPermitted as why:
        raise stop(str(why)) from None
    if as_json:
        print_json(asdict(taken))
    else:
        typer.echo(f"{taken.feed}: {taken.received} rows. {taken.sentence}")
    raise typer.Exit(WAITING if taken.quarantined or not taken.received else DONE)


def _files(path: Path) -> list[tuple[str, bytes]]:
    if path.is_dir():
        files = sorted(f for f in path.iterdir() if f.is_file() and not f.name.startswith("."))
    else:
        files = [path] if path.is_file() else []
    if not files:
        raise stop(f"There is no file at {path}.", USAGE)
    if large := [f.name for f in files if f.stat().st_size > MOST_BYTES]:
        raise stop(f"{large[0]} is larger than 200 MB. Send it in parts.", USAGE)
    return [(file.name, file.read_bytes()) for file in files]


def _agency(wanted: str | None, kind: str, option: str, by: Actor) -> tuple[int, str]:
    """Whose file it is: the one named, the importer's own agency, or the only one."""
    with connection.cursor() as cursor:
        if wanted is None:
            cursor.execute("SELECT id, name FROM agency WHERE kind = %s ORDER BY id", [kind])
        else:
            cursor.execute(
                "SELECT id, name FROM agency WHERE lower(%(w)s) IN (lower(name), uid::text) OR "
                "(kind = %(k)s AND position(lower(%(w)s) IN lower(name)) > 0) ORDER BY id",
                {"w": wanted, "k": kind},
            )
        found: list[tuple[int, str]] = cursor.fetchall()
    mine = [agency for agency in found if agency[0] == by.agency_id]
    if wanted is None and mine:
        return mine[0]
    if len(found) != 1:
        raise stop(f"Say whose file this is: {option}, by name or uid.", USAGE)
    return found[0]


def _rehearse(files: Iterable[tuple[str, bytes]], feed: Feed, as_json: bool) -> None:
    """Read everything and write nothing: what could not be read, and why."""
    today: date = feed.at.astimezone(LONDON).date()
    told: list[dict[str, Any]] = []
    for name, body in files:
        file = feed.standard.classify(name, body, today)
        rows = file.rows or ()
        waits = [
            (row.line.number, row.sentence) for row in rows if row.row is None and not row.is_kept
        ]
        told.append({
            "name": name, "problem": file.problem, "received": len(rows),
            "readable": sum(row.row is not None for row in rows),
            "kept": sum(row.is_kept for row in rows), "quarantined": len(waits),
            "rows": [{"row": n, "sentence": said} for n, said in waits[:100]],
        })  # fmt: skip
    if as_json:
        print_json({"dry_run": True, "files": told})
    else:
        for file_told in told:
            typer.echo(_rehearsed(file_told))
    say("Nothing was written.")
    wait = any(each["problem"] or each["quarantined"] for each in told)
    raise typer.Exit(WAITING if wait else DONE)


def _rehearsed(told: dict[str, Any]) -> str:
    if told["problem"]:
        return f"{told['name']}: {told['problem']}"
    head = (
        f"{told['name']}: {told['received']:,} rows, {told['readable']:,} can be read, "
        f"{told['kept']:,} would be kept only, {told['quarantined']:,} would wait."
    )
    return "\n".join([head, *(f"  row {r['row']}: {r['sentence']}" for r in told["rows"])])


def _bring(files: Iterable[tuple[str, bytes]], feed: Feed, name: str, as_json: bool) -> None:
    started = perf_counter()
    try:
        summary = bring_in(files, feed, say)
    except (NotPermitted, InUse) as why:
        raise stop(str(why)) from None
    _show(summary, name, perf_counter() - started, as_json)
    if summary.total("recorded") and isinstance(feed.standard, incidents.Incidents):
        found = unrecorded.tell(feed)
        say(f"Incidents that no missing record knows: {found:,}. See ./kittiwake incidents.")
    raise typer.Exit(WAITING if summary.waiting else DONE)


def _show(summary: Summary, agency: str, seconds: float, as_json: bool) -> None:
    rows = summary.total("received")
    people = Counter(summary.people.values())
    counted = ("received", "recorded", "known", "quarantined", "kept")
    result: dict[str, Any] = {
        "agency": agency,
        **{word: summary.total(word) for word in counted},
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
        f"{result['quarantined']:,} waiting, {result['kept']:,} kept. People: {people['new']:,} "
        f"new, {people['linked']:,} linked, {people['possible']:,} possibly known."
    )
    say(f"{rows:,} rows in {seconds:.1f} s.")
