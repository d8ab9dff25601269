"""What the three ways of reporting a child missing share: who, what is known, one case for each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID, uuid5

from django.db import connection
from django.http import Http404
from django.urls import reverse

from kittiwake.access.doors import DoorShut, NotPermitted, as_practitioner, open_door
from kittiwake.journal.reading import ClockLine, Line, Standing, chronology, clock_lines, standing
from kittiwake.journal.record import Recorded, record
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.known import Actor
from kittiwake.kernel.questions import Raw, Wrong, first, read_day
from kittiwake.pages import forms, typed
from kittiwake.pages.jinja import show_clock
from kittiwake.pages.middleware import PractitionerRequest
from kittiwake.pages.recording import attempt, ready
from kittiwake.pages.subjects import CaseHead, Subject, subject
from kittiwake.pathways.missing.entries import InformationAdded
from kittiwake.people.arrivals import find_or_meet
from kittiwake.people.asking import born_in
from kittiwake.people.descriptions import Description, Home

TOLD = ("missing.returned", "missing.return_interview_held", "missing.prevention_interview_held")
FEED = "reported missing"


@dataclass(frozen=True)
class Helper:
    """Somebody who works with the family, and the number to ring."""

    agency: str
    name: str
    role: str
    phone: str


@dataclass(frozen=True)
class KnownChild:
    """A chosen child, with what the first minute of a call needs to know."""

    uid: str
    about: Subject | None
    shut: str = ""
    standing: Standing | None = None
    times_missing: int = 0
    last_lines: tuple[Line, ...] = ()
    helpers: tuple[Helper, ...] = ()
    open_case: str | None = None
    open_ref: str | None = None
    reported_by: str = ""
    reported_at: datetime | None = None


@dataclass(frozen=True)
class Who:
    """A chosen child: the uid, and who that is where their record opened."""

    uid: str
    about: Subject | None


@dataclass
class NewChild:
    """A child not on file, as the caller describes them."""

    number: int
    name: str = ""
    born: str = ""
    lives: str = ""
    problems: dict[str, str] = field(default_factory=dict)


def known_child(actor: Actor, uid: UUID, now: datetime) -> KnownChild:
    """What is known of a chosen child; says so where the record does not open."""
    with as_practitioner(actor), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(merged_into_id, id) FROM person WHERE uid = %s", [uid])
        row = cursor.fetchone()
    if row is None:
        return KnownChild(str(uid), None, "There is no such child on file.")
    person: int = row[0]
    try:
        open_door(actor, [person], "missing")
    except (DoorShut, NotPermitted) as shut:
        return KnownChild(str(uid), None, str(shut))
    with as_practitioner(actor):
        return _known(person, str(uid), now)


def _known(person: int, uid: str, now: datetime) -> KnownChild:
    told = chronology(person, now)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT uid::text, ref FROM case_file WHERE person_id = %s AND is_active",
            [person],
        )
        case = cursor.fetchone() or (None, None)
    report = next((t for t in told if t.kind == "missing.reported" and t.case_uid == case[0]), None)
    return KnownChild(
        uid=uid,
        about=subject(person),
        standing=standing(person, now),
        times_missing=sum(t.kind in ("missing.reported", "history.missing_episode") for t in told),
        last_lines=tuple([t for t in told if t.kind in TOLD][:3]),
        helpers=helpers(person),
        open_case=case[0],
        open_ref=case[1],
        reported_by=f"{report.by_title} {report.by_name}".strip() if report and case[0] else "",
        reported_at=report.recorded_at if report and case[0] else None,
    )


def helpers(person: int) -> tuple[Helper, ...]:
    """Who works with the family now. Call inside `as_practitioner`, after a door."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.name, coalesce(p.name, ''), k.role, "
            "coalesce(nullif(p.phone, ''), nullif(a.phone, ''), '') "
            "FROM known_to k JOIN agency a ON a.id = k.agency_id "
            "LEFT JOIN practitioner p ON p.id = k.practitioner_id "
            "WHERE k.person_id = %s AND (k.until_on IS NULL OR k.until_on >= current_date) "
            "ORDER BY k.role = '', a.name",
            [person],
        )
        return tuple(Helper(*row) for row in cursor.fetchall())


def new_children(raw: Raw) -> list[NewChild]:
    """The children not on file that a form describes, with what is still wanted of each."""
    found = []
    for number in range(20):
        names = [f"new-{number}-{part}" for part in ("name", "born", "lives")]
        if names[0] in raw:
            name, born, lives = (first(raw, key)[:200] for key in names)
            found.append(NewChild(number, name, born, lives))
    return found


def check(new: NewChild) -> None:
    """Put on a new child what is still wanted: something to call them by."""
    if not new.name:
        new.problems["name"] = "Enter the child’s name, or what they are called"


def record_all(
    request: PractitionerRequest,
    form: forms.Form,
    chosen: Sequence[KnownChild | Who],
    new: list[NewChild],
    anyway: bool,
) -> list[Recorded]:
    """One case for each child, with a group where they are together; empty with problems said.

    Sent twice, or again after half of it failed, it answers with the first results.
    """
    base = UUID(form.submission)
    entry, form.problems = typed.read(form.cls, form.raw, request.now)
    if entry is not None and not anyway:
        form.problems = typed.unanswered(form.cls, entry)
    if entry is None or form.problems:
        return []
    people = [_person_of(request.actor, c) for c in chosen]
    people += [_meet(request, n, base) for n in new]
    group = uuid5(base, "together") if len(people) > 1 else None
    done = []
    for number, person in enumerate(people):
        one = forms.Form(
            form.cls, {**form.raw, "submission": [str(uuid5(base, f"{number}-{person}"))]}
        )
        recorded = attempt(request, one, ready(request, one, True), person, None, group)
        if recorded is None:
            form.problems = one.problems
            break
        if recorded.already and recorded.case_uid:
            _add(request, entry, person, recorded.case_uid, uuid5(base, f"also {person}"))
        done.append(recorded)
    return done


def _add(
    request: PractitionerRequest, report: Entry, person: int, case: str, submission: UUID
) -> None:
    """A second report of a child who is missing already: what was typed becomes information."""
    told = [f"{a.text} {shown}" for a, shown in report.shown() if a.audience == "case"]
    entry = InformationAdded(
        what="Reported missing again. " + "; ".join(told)[:19_000],
        source_name=getattr(report, "reporter_name", None),
        signs=getattr(report, "signs", None),
    )
    record(entry, person=person, by=request.actor, at=request.now, case=case, submission=submission)


def _person_of(actor: Actor, child: KnownChild | Who) -> int:
    if child.about is not None:
        return child.about.person
    with as_practitioner(actor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(merged_into_id, id) FROM person WHERE uid = %s", [child.uid]
        )
        row = cursor.fetchone()
    if row is None:
        raise Http404
    return int(row[0])


def _meet(request: PractitionerRequest, new: NewChild, base: UUID) -> int:
    born, in_part, told = None, 0, {}
    try:
        born = read_day(new.born) if new.born else None
    except Wrong:
        in_part, _ = born_in(new.born)
        told = {"Date of birth as told": new.born}
    description = Description(
        feed=FEED,
        ref=f"{base}-{new.number}",
        given=new.name,
        born_on=born,
        address=Home(new.lives) if new.lives else None,
        facts=told,
        born_in_part=in_part,
    )
    with as_practitioner(request.actor, durable=True, recording=True):
        return find_or_meet(description, request.actor, request.now).person_id


def receipt_url(cases: list[str | None], already: list[bool], number: str = "") -> str:
    """Where a recorded report or call leads."""
    query = [("case", c) for c in cases if c]
    query += [("number", number)] if number else []
    query += [("already", c) for c, a in zip(cases, already, strict=True) if a and c]
    return f"{reverse('report_done')}?{urlencode(query)}"


@dataclass(frozen=True)
class Receipt:
    """One recorded report: reference, owner, what falls due next, a line for the log."""

    about: Subject
    clocks: tuple[ClockLine, ...]
    log_line: str
    opened: tuple[str, str] | None = None
    """The missing episode (uid, reference) a call opened, whose report is still to be written."""


def receipts(actor: Actor, cases: list[UUID], now: datetime) -> list[Receipt]:
    """The receipts of reports this practitioner may see."""
    made = []
    for uid in cases[:20]:
        with as_practitioner(actor):
            with connection.cursor() as cursor:
                cursor.execute("SELECT person_id FROM case_file WHERE uid = %s", [uid])
                row = cursor.fetchone()
            if row:
                made.append(_receipt(subject(row[0], uid), now))
    return made


_OPENED = """
SELECT c.uid::text, c.ref FROM case_file c WHERE c.person_id = %s AND c.pathway = 'missing'
  AND c.is_active AND NOT EXISTS (SELECT 1 FROM case_news(ARRAY[c.id], '{}', '{}') n
                                  WHERE 'missing.reported' = ANY (n.kinds))
"""


def _receipt(about: Subject, now: datetime) -> Receipt:
    case = about.case
    assert case is not None
    running = clock_lines([about.person], now)
    clocks = tuple(c for c in running if c.case_uid == case.uid and c.due_at)
    opened = None
    if case.pathway.key == "contact":
        with connection.cursor() as cursor:
            cursor.execute(_OPENED, [about.person])
            opened = cursor.fetchone()
    return Receipt(about, clocks, _log_line(about, case, clocks, opened, now), opened)


def _log_line(
    about: Subject,
    case: CaseHead,
    clocks: tuple[ClockLine, ...],
    opened: tuple[str, str] | None,
    now: datetime,
) -> str:
    """What is pasted into the incident log: reference, who, when, grade, owner, what is due."""
    born = f", born {about.born_on:%d/%m/%Y}," if about.born_on else ""
    is_call = case.pathway.key == "contact"
    due = "".join(
        f" {c.name} by {show_clock(c.due_at)} on {c.due_at:%d/%m}." for c in clocks[:2] if c.due_at
    )
    what = "call logged" if is_call else "reported missing"
    grade = "" if is_call and not case.grade else f" Grade {case.grade or 'none'}."
    more = f" Missing episode {opened[1]} opened; its report is to be written." if opened else ""
    return (
        f"Kittiwake {case.ref}: {about.name}{born} {what}; recorded {show_clock(now)} on"
        f" {now:%d/%m/%Y}.{grade} Owner {case.owner.called} {case.owner.phone}.{due}{more}"
    )
