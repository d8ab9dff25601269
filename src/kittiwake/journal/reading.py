"""Reading a child's record: chronology, clocks, actions, level. Every answer passes `shown_to`.

Row-level security has already left out what the reader's audience may not see; what is left
out is said ("n more"), never silently missing. Call inside `as_practitioner`, after a door.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from pydantic import ValidationError

from kittiwake.journal import knowing
from kittiwake.kernel.answers import given
from kittiwake.kernel.clocks import ClockRule, ClockState, describe_left, due_at, state
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.rulebook import Rulebook
from kittiwake.kernel.worktime import Pause

LATE_MINUTES = 60
SEALED = "sealed"
"""What stands in the place of the kind of a sealed entry, for whoever may not read it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chronology, as this reader may see it."""

    entry_id: int
    entry_uid: str
    kind: str
    title: str
    told: str
    answers: tuple[tuple[str, str], ...]
    happened_at: datetime
    recorded_at: datetime
    day_only: bool
    by_name: str
    by_title: str
    by_phone: str
    agency: str
    case_ref: str | None
    case_uid: str | None
    out_of_order: bool
    is_history: bool
    corrected: bool
    withdrawn: bool
    hidden: bool
    voice: int | None = None
    voice_wants: tuple[str, ...] = ()
    entry: Entry | None = None

    @property
    def late(self) -> bool:
        """Recorded more than an hour after it happened."""
        return (self.recorded_at - self.happened_at).total_seconds() > LATE_MINUTES * 60


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A clock as it stands now: computed, never read from the index."""

    uid: str
    rule: str
    name: str
    case_uid: str | None
    person_id: int
    started_at: datetime
    due_at: datetime | None
    left: str
    state: ClockState
    owner_id: int
    owner_name: str
    owner_phone: str
    acknowledged_by: str
    acknowledged_at: datetime | None
    rungs: int
    pausable: bool


_LINES = """
SELECT e.id, e.uid::text, e.kind, e.version, a.happened_at, a.recorded_at, p.name, p.title,
       p.phone, g.name, c.ref, c.uid::text, e.out_of_order, e.is_history,
       (SELECT jsonb_object_agg(d.audience, d.answers) FROM detail d
         WHERE d.entry_id = e.id AND d.person_id = a.person_id)
FROM about a
JOIN entry e ON e.id = a.entry_id
JOIN practitioner p ON p.id = a.by_id
JOIN agency g ON g.id = p.agency_id
LEFT JOIN case_file c ON c.id = a.case_id
WHERE a.person_id = %(person)s AND a.recorded_at <= %(as_at)s
  AND (%(case)s::bigint IS NULL OR a.case_id = %(case)s)
  AND (%(entry)s::bigint IS NULL OR a.entry_id = %(entry)s
       OR a.kind IN ('journal.corrected', 'journal.wrong_child'))
ORDER BY a.happened_at DESC, e.id DESC LIMIT %(most)s
"""

_PROTECTED = "SELECT token::text, answer FROM protected WHERE person_id = %s"


def chronology(
    person: int,
    as_at: datetime,
    case: int | None = None,
    most: int = 1000,
    entry: int | None = None,
) -> list[Line]:
    """Everything recorded about a child by an instant, newest first, in two queries.

    With `entry`, that one alone, beside the corrections that may be of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PROTECTED, [person])
        protected = {token: json.loads(answer) for token, answer in cursor.fetchall()}
        cursor.execute(_LINES, {
            "person": person, "as_at": as_at, "case": case, "most": most, "entry": entry
        })  # fmt: skip
        rows = cursor.fetchall()
    changes, withdrawn = _amendments(rows)
    return [_line(row, protected, changes, withdrawn) for row in rows]


def _amendments(rows: Iterable[tuple[Any, ...]]) -> tuple[dict[str, dict[str, Any]], set[str]]:
    """What later entries say about earlier ones: corrected answers, and the wrong child."""
    changes: dict[str, dict[str, Any]] = {}
    withdrawn: set[str] = set()
    for row in sorted(rows, key=lambda r: r[0]):
        if row[2] not in ("journal.corrected", "journal.wrong_child") or not row[14]:
            continue
        for own in json.loads(row[14]).values():
            target = own.get("entry_uid", "")
            if row[2] == "journal.wrong_child":
                withdrawn.add(target)
            else:
                changes.setdefault(target, {}).update(changed_answers(own))
    return changes, withdrawn


def changed_answers(part: dict[str, Any]) -> dict[str, Any]:
    """The answers one part of a correction changes; protected ones are tokens beside the rest."""
    tokens = {
        n: v
        for n, v in part.items()
        if n not in ("changes", "reason") and isinstance(v, dict) and set(v) == {"protected"}
    }
    return (part.get("changes") or {}) | tokens


def _line(
    row: tuple[Any, ...],
    protected: dict[str, Any],
    changes: dict[str, dict[str, Any]],
    withdrawn: set[str],
) -> Line:
    id_, uid, kind, version, happened, recorded, by, title, phone, agency, ref, case = row[:12]
    parts = json.loads(row[14]) if row[14] else {}
    cls = REGISTER.kinds.get(kind)
    gone = uid in withdrawn
    entry = (
        None
        if cls is None or gone or not parts
        else shown_to(cls, version, parts, protected, changes.get(uid, {}))
    )
    if entry is None and cls is not None and cls.sealed:
        kind, called = SEALED, "A sealed entry"
    else:
        called = cls.title if cls else kind
    return Line(
        entry_id=id_,
        entry_uid=uid,
        kind=kind,
        title=called,
        told=entry.told() if entry else "",
        answers=_answers(entry) if entry else (),
        happened_at=_moved(changes.get(uid, {}), happened),
        recorded_at=recorded,
        day_only=bool(cls and cls.day_only),
        by_name=by,
        by_title=title,
        by_phone=phone,
        agency=agency,
        case_ref=ref,
        case_uid=case,
        out_of_order=row[12],
        is_history=row[13],
        corrected=uid in changes,
        withdrawn=gone,
        hidden=entry is None and not gone,
        **_voice(entry),
        entry=entry,
    )


def _voice(entry: Entry | None) -> dict[str, Any]:
    """The quality of the child's voice in an entry that has one, and what it wants (4.19)."""
    voice = given(getattr(entry, "voice", None))
    if voice is None or not hasattr(voice, "quality"):
        return {}
    return {"voice": voice.quality(), "voice_wants": tuple(voice.wants())}


def _moved(changes: dict[str, Any], happened: datetime) -> datetime:
    corrected = changes.get("happened_at")
    return datetime.fromisoformat(corrected) if corrected else happened


def _answers(entry: Entry) -> tuple[tuple[str, str], ...]:
    """What was asked and answered; ids that join one entry to another are nobody's reading."""
    fields = type(entry).model_fields
    return tuple((a.text, shown) for a, shown in entry.shown() if fields[a.name].title)


def shown_to(
    cls: type[Entry],
    version: int,
    parts: dict[str, dict[str, Any]],
    protected: dict[str, Any],
    changes: dict[str, Any],
) -> Entry | None:
    """An entry with only the answers this reader may see (rule 9): the rest reads as not asked.

    `parts` are the details row-level security let through, by audience; `protected` the
    protected answers it let through, by token.
    """
    stored: dict[str, Any] = {}
    for answers in (*parts.values(), changes):
        for name, answer in answers.items():
            if not isinstance(answer, dict) or set(answer) != {"protected"}:
                stored[name] = answer
            elif cls.kind == "journal.corrected" and name not in cls.model_fields:
                continue  # a protected answer of the entry it corrects
            elif answer["protected"] in protected:
                stored[name] = protected[answer["protected"]]
    try:
        return cls.load(stored, version)
    except ValidationError:
        return None


_CLOCKS = f"""
SELECT k.uid::text, k.rule, c.uid::text, k.person_id, {knowing.STARTED}, k.grade, k.lap, k.due_at,
       k.owner_id, p.name, p.phone, q.name, k.acknowledged_at, k.last_rung, k.paused_at,
       coalesce((SELECT jsonb_agg(jsonb_build_array(x.from_at, x.until, x.authority_id::text))
                 FROM clock_pause x WHERE x.clock_id = k.id), '[]')
FROM (SELECT r.*, row_number() OVER (PARTITION BY r.person_id, r.case_id
             ORDER BY r.due_at NULLS LAST, r.id) AS place
      FROM clock r LEFT JOIN case_file f ON f.id = r.case_id
      WHERE r.stopped_at IS NULL AND r.person_id = ANY (%(people)s)
        AND (%(pathway)s = '' OR f.id IS NULL OR f.pathway = %(pathway)s)) k
JOIN practitioner p ON p.id = k.owner_id
LEFT JOIN practitioner q ON q.id = k.acknowledged_by_id
LEFT JOIN case_file c ON c.id = k.case_id
WHERE k.place <= %(first)s
ORDER BY k.due_at NULLS LAST, k.id
"""
ALL_CLOCKS = 1_000_000


def clock_lines(
    people: Iterable[int], now: datetime, first: int = ALL_CLOCKS, pathway: str = ""
) -> list[ClockLine]:
    """The running clocks of these people, each computed at `now`: one query.

    With `first`, only so many of each case: those that the stored due times put first. With
    `pathway`, only those of its cases and of no case.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rulebook_row")
        book = knowing.rulebook(cursor.fetchone()[0], now.date())
        cursor.execute(_CLOCKS, {"people": sorted(people), "first": first, "pathway": pathway})
        rows = cursor.fetchall()
    lines = [_clock_line(row, book, now) for row in rows]
    return sorted(lines, key=lambda line: (line.due_at is None, line.due_at or now))


def _clock_line(row: tuple[Any, ...], book: Rulebook, now: datetime) -> ClockLine:
    uid, rule_id, case, person, started, grade, lap, kept, owner, name, phone, ack, ack_at = row[
        :13
    ]
    rule = book.clock(rule_id)
    calendar = book.calendar_for(rule)
    pauses = tuple(
        Pause(datetime.fromisoformat(a), datetime.fromisoformat(b) if b else None, who, "")
        for a, b, who in json.loads(row[15])
    )
    passed = kept if rule.form != "deadline" else None
    due = due_at(rule, started, grade, calendar, pauses, passed, now=now, lap=lap)
    stands = state(
        due, now, stopped=False, paused=row[14] is not None, warn_before=rule.warn_before
    )
    return ClockLine(
        uid=uid,
        rule=rule_id,
        name=_called(rule, grade),
        case_uid=case,
        person_id=person,
        started_at=started,
        due_at=due,
        left="paused"
        if stands is ClockState.PAUSED
        else describe_left(due, now, calendar, rule.calendar),
        state=stands,
        owner_id=owner,
        owner_name=name,
        owner_phone=phone,
        acknowledged_by=ack or "",
        acknowledged_at=ack_at,
        rungs=row[13] + 1,
        pausable=rule.pausable,
    )


def _called(rule: ClockRule, circumstance: str | None) -> str:
    """The rule's name; of a clock about a matter, such as a marker, also which."""
    words = dict(rule.circumstances).get(circumstance or "")
    return f"{rule.name}: {words}" if rule.subject == "matter" and words else rule.name


@dataclass(frozen=True, slots=True)
class Standing:
    """What the policy says about a child now, for a reader."""

    level: str
    reasons: tuple[str, ...]
    not_known: tuple[str, ...]
    for_less: tuple[str, ...]
    policy: str
    version: str
    judged_at: datetime


def standing(person: int, as_at: datetime) -> Standing | None:
    """The latest assessment of a child by an instant, with its reasons in sentences.

    A reason is told to whoever may open one of the entries it rests on; the others are counted
    (rule 2). Needs a lease.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT level, reasons, not_known, for_less, policy, policy_version, judged_at "
            "FROM assessment WHERE person_id = %s AND judged_at <= %s ORDER BY id DESC LIMIT 1",
            [person, as_at],
        )
        row = cursor.fetchone()
        if row is None:
            return None
        reasons = json.loads(row[1])
        cited = sorted({entry for r in reasons for entry in r["entries"]})
        cursor.execute(
            "SELECT DISTINCT entry_id FROM detail WHERE person_id = %s AND entry_id = ANY (%s)",
            [person, cited],
        )
        open_to_reader = {entry for (entry,) in cursor.fetchall()}
    told = [
        r["sentence"] for r in reasons if not r["entries"] or open_to_reader & set(r["entries"])
    ]
    if hidden := len(reasons) - len(told):
        more = "reason rests" if hidden == 1 else "reasons rest"
        told.append(f"{hidden} more {more} on entries not open to you: ring the duty inspector.")
    return Standing(
        row[0],
        tuple(told),
        tuple(json.loads(row[2])),
        tuple(json.loads(row[3])),
        row[4],
        row[5],
        row[6],
    )
