"""Asking from the command line: who, what is known of a child, which clocks run, is a policy sound.

What is read here is read through a door, in a practitioner's name, and logged.
"""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from django.db import connection
from django.utils import timezone

from kittiwake.access.doors import (
    DoorShut,
    NotPermitted,
    as_practitioner,
    log_look,
    log_refusal,
    open_door,
)
from kittiwake.access.roles import may
from kittiwake.cli.acting import CANNOT, USAGE, As, AsJson, print_json, say, stop, who_acts
from kittiwake.journal.reading import ClockLine, Line, chronology, clock_lines, standing
from kittiwake.journal.searching import Found, look_for
from kittiwake.kernel.clocks import ClockState
from kittiwake.kernel.known import Actor
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.questions import LONDON, Wrong, read_day, show_day, show_moment
from kittiwake.people.asking import understood
from kittiwake.risk.check import check

policy_app = typer.Typer(help="Policies of risk.", no_args_is_help=True)


@policy_app.callback()
def _policy() -> None:
    """Policies of risk."""


def find(
    name: Annotated[
        str, typer.Argument(help="Parts of the child's name, or a number of theirs.")
    ] = "",
    born: Annotated[str | None, typer.Option(help="Their date of birth.")] = None,
    as_whom: As = None,
    as_json: AsJson = False,
) -> None:
    """Search for a child by name, date of birth, both, or a number such as the NHS number."""
    now = timezone.now()
    try:
        day = read_day(born) if born else None
    except Wrong as wrong:
        raise stop(f"--born: {wrong}", USAGE) from None
    if not name and day is None:
        raise stop("Give a name, or --born.", USAGE)
    actor = _reader(as_whom, "child.find", now)
    result = look_for(actor, understood(name[:200], day), now, most=10)
    if as_json:
        told = ("uid", "name", "born_on", "lives_at", "level", "case_ref", "probability", "reasons")
        found = [{key: getattr(m, key) for key in told} for m in result.found]
        print_json({"found": found, "not_on_file": result.not_on_file, "model": result.model})
        return
    for m in result.found:
        typer.echo(_found_in_words(m))
    if result.not_on_file is not None and result.found:
        say(f"Not on file: {result.not_on_file:.0%} probable.")
    if not result.found:
        say("Nobody on file whom this finds. That is not the same as nothing known: ask again.")


def _found_in_words(m: Found) -> str:
    if not m.name:
        return f"{m.uid or '-' * 36}  A restricted record"
    born_on = f"born {m.born_on:%d/%m/%Y}" if m.born_on else "date of birth not known"
    missing = f"  missing now, {m.case_ref}" if m.is_missing else ""
    why = "; ".join(m.reasons) or f"by {m.how}"
    sure = f"{m.probability:4.0%}" if m.probability is not None else " " * 4
    return f"{m.uid}  {sure}  {m.name}, {born_on}  {m.level or 'not judged'}{missing}  ({why})"


def child(
    which: Annotated[str, typer.Argument(metavar="ID", help="Uid of the child, or a case's ref.")],
    as_of: Annotated[
        str | None, typer.Option(help="What was known then, like 2026-11-20T23:40.")
    ] = None,
    as_whom: As = None,
    as_json: AsJson = False,
) -> None:
    """Show what is known of a child: level and why, clocks, chronology."""
    now = timezone.now()
    then = _instant(as_of) if as_of else None
    actor = _reader(as_whom, "child.open", now)
    person = _person(actor, which)
    try:
        open_door(actor, [person], "checking")
    except (DoorShut, NotPermitted) as shut:
        raise stop(str(shut)) from None
    with as_practitioner(actor):
        told = _told(person, now, then)
    if as_json:
        print_json(told)
    else:
        _show_child(told)


def clocks(
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those that ran out.")] = False,
    as_whom: As = None,
    as_json: AsJson = False,
) -> None:
    """List the clocks that run, the one due first at the top."""
    now = timezone.now()
    actor = _reader(as_whom, "board.missing", now)
    with as_practitioner(actor):
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT person_id FROM clock WHERE stopped_at IS NULL")
            people = [person for (person,) in cursor.fetchall()]
        lines = clock_lines(people, now)
        names = _names({line.person_id for line in lines})
        lines = [line for line in lines if not overdue or line.state is ClockState.OVERDUE]
        log_look(actor, now, "clocks, on the command line", [line.person_id for line in lines])
    if as_json:
        print_json([_clock(line) | names.get(line.person_id, {}) for line in lines])
        return
    for line in lines:
        typer.echo(f"{_clock_in_words(line)}  {names.get(line.person_id, {}).get('name', '')}")
    if not lines:
        say("No clock has run out." if overdue else "No clock is running.")


@policy_app.command(name="check")
def policy_check(
    file: Annotated[Path, typer.Argument(help="A policy, as a TOML file.")],
    as_json: AsJson = False,
) -> None:
    """Check a policy before anyone is judged by it; exits with 1 where something is wrong."""
    try:
        problems = check(file, kinds=REGISTER.kinds)
    except (OSError, UnicodeDecodeError):
        raise stop(f"There is no policy to read at {file}.", USAGE) from None
    if as_json:
        wrong = [
            {"line": p.line, "row": p.row, "message": p.message, "instead": p.instead}
            for p in problems
        ]
        print_json({"file": str(file), "is_sound": not problems, "problems": wrong})
    else:
        for problem in problems:
            typer.echo(str(problem))
        say(f"{len(problems)} to put right." if problems else "Sound.")
    raise typer.Exit(CANNOT if problems else 0)


def _reader(as_whom: str | None, capability: str, now: datetime) -> Actor:
    actor = who_acts(as_whom, "duty_inspector", now)
    if not may(actor.roles, capability):
        log_refusal(actor, now, None, capability, "no capability")
        raise stop(str(NotPermitted(capability)))
    return actor


def _instant(text: str) -> datetime:
    try:
        then = datetime.fromisoformat(text)
    except ValueError:
        raise stop("--as-of: give a day and a time, like 2026-11-20T23:40", USAGE) from None
    return then if then.tzinfo else then.replace(tzinfo=LONDON)


def _person(actor: Actor, which: str) -> int:
    try:
        uid = UUID(which)
    except ValueError:
        uid = None
    with as_practitioner(actor), connection.cursor() as cursor:
        if uid:
            cursor.execute("SELECT coalesce(merged_into_id, id) FROM person WHERE uid = %s", [uid])
        else:
            cursor.execute("SELECT person_id FROM case_file WHERE ref = %s", [which.upper()])
        row = cursor.fetchone()
    if row is None:
        raise stop("There is no such child among those you may look for.")
    return int(row[0])


def _names(people: set[int]) -> dict[int, dict[str, Any]]:
    """Names and uids, for a list without a lease; restricted children stay unnamed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, uid::text, name FROM pointer WHERE person_id = ANY (%s)",
            [sorted(people)],
        )
        return {person: {"child": uid, "name": name} for person, uid, name in cursor.fetchall()}


def _told(person: int, now: datetime, then: datetime | None) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT uid::text, name, born_on, lives_at, markers FROM pointer WHERE person_id = %s",
            [person],
        )
        uid, name, born_on, lives_at, _ = cursor.fetchone() or ("", "", None, "", "")
    now_stands = standing(person, then or now)
    return {
        "uid": uid, "name": name, "born_on": born_on, "lives_at": lives_at,
        "as_of": then or now,
        "level": now_stands.level if now_stands else None,
        "reasons": now_stands.reasons if now_stands else (),
        "not_known": now_stands.not_known if now_stands else (),
        "policy": f"{now_stands.policy} {now_stands.version}" if now_stands else None,
        # Clocks are computed as they stand; how they stood at another instant is not kept.
        "clocks": None if then else [_clock(line) for line in clock_lines([person], now)],
        "chronology": [_line(line) for line in chronology(person, then or now)],
    }  # fmt: skip


def _clock(line: ClockLine) -> dict[str, Any]:
    return {
        "clock": line.uid, "rule": line.rule, "rule_name": line.name, "case": line.case_uid,
        "due_at": line.due_at, "left": line.left, "state": line.state.value,
        "owner": line.owner_name, "owner_phone": line.owner_phone,
    }  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    happened: date | datetime = line.happened_at
    if line.day_only:
        happened = line.happened_at.astimezone(LONDON).date()
    return {
        "entry": line.entry_uid, "kind": line.kind, "title": line.title, "told": line.told,
        "happened": happened, "recorded_at": line.recorded_at, "by": line.by_name,
        "agency": line.agency, "case": line.case_ref, "is_history": line.is_history,
        "is_corrected": line.corrected, "is_hidden": line.hidden,
    }  # fmt: skip


def _show_child(told: dict[str, Any]) -> None:
    born = f"born {show_day(told['born_on'])}" if told["born_on"] else "date of birth not known"
    typer.echo(f"{told['name']}, {born}. {told['lives_at']}".rstrip())
    typer.echo(f"As known on {show_moment(told['as_of'])}: {told['level'] or 'not judged yet'}")
    for reason in told["reasons"]:
        typer.echo(f"  because {reason}")
    for gap in told["not_known"]:
        typer.echo(f"  not known: {gap}")
    for clock in told["clocks"] or ():
        typer.echo(f"  {clock['rule']} {clock['rule_name']}: {clock['left']} ({clock['owner']})")
    for line in told["chronology"]:
        at = line["happened"]
        when = show_moment(at) if isinstance(at, datetime) else show_day(at)
        words = "not for this reader" if line["is_hidden"] else line["told"]
        typer.echo(f"{when}  {line['title']}: {words} [{line['by']}, {line['agency']}]")


def _clock_in_words(line: ClockLine) -> str:
    due = f"{line.due_at.astimezone(LONDON):%d/%m/%Y %H:%M}" if line.due_at else "no time"
    return f"{due}  {line.left:<20} {line.rule} {line.name}  {line.owner_name} {line.owner_phone}"
