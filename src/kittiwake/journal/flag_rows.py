"""Writing markers: raised on both people they concern, looked at again, ended by a named person.

Each has a clock of its own (CLK-160), and one more where what it rests on has a last day
(CLK-161). A marker past its review still stands.
"""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from kittiwake.kernel.clocks import due_at
from kittiwake.kernel.effects import EndFlag, RaiseFlag
from kittiwake.kernel.markers import rule_of
from kittiwake.kernel.questions import LONDON

if TYPE_CHECKING:
    from kittiwake.journal.applying import Pen

REVIEW, LAST_DAY = "CLK-160", "CLK-161"


def raise_flag(pen: "Pen", effect: RaiseFlag) -> None:
    """Raise a marker on the child and on the other person, or begin its review anew."""
    other = pen.others.get(effect.other or "")
    pen.cursor.execute(
        "SELECT id, until_on FROM flag WHERE person_id = %s AND type = %s AND ended_at IS NULL "
        "AND (%s::bigint IS NULL OR other_id = %s) ORDER BY id LIMIT 1",
        [pen.known.person_id, effect.type, other, other],
    )
    if standing := pen.cursor.fetchone():
        if effect.looked_at:
            _review(pen, standing[0], effect, effect.until or standing[1], again=True)
        return
    sides = [(pen.known.person_id, other, "child")]
    if other:
        sides.append((other, pen.known.person_id, "other"))
    for person, against, role in sides:
        flag = _insert(pen, effect, person, against, role)
        if role == "child":
            _review(pen, flag, effect, effect.until, again=False)
    pen.markers_changed = True


def end_flag(pen: "Pen", effect: EndFlag) -> None:
    """End a marker wherever it stands, with its clocks."""
    other = pen.others.get(effect.other or "")
    _open_other_side(pen, effect.type)
    pen.cursor.execute(
        "UPDATE flag SET ended_at = %(now)s, ended_by_id = %(entry)s WHERE ended_at IS NULL "
        "AND type = %(type)s AND (%(other)s::bigint IS NULL OR %(other)s IN (person_id, other_id))"
        " AND %(child)s IN (person_id, other_id) RETURNING id",
        {"now": pen.known.now, "entry": pen.entry_id, "type": effect.type, "other": other,
         "child": pen.known.person_id},
    )  # fmt: skip
    _stop(pen, [flag for (flag,) in pen.cursor.fetchall()])
    pen.markers_changed = True


def _open_other_side(pen: "Pen", marker: str) -> None:
    """A lease to record on whoever else this marker stands on: it ends on both or on neither."""
    pen.cursor.execute(
        "SELECT DISTINCT o.id, o.uid::text FROM flag f JOIN person o ON o.id = f.other_id "
        "WHERE f.person_id = %s AND f.type = %s AND f.ended_at IS NULL",
        [pen.known.person_id, marker],
    )
    if found := {uid: person for person, uid in pen.cursor.fetchall()}:
        pen.cursor.execute(
            "SELECT open_doors(%s::bigint[], 'recording', 5)", [sorted(found.values())]
        )
        pen.others |= found


def _insert(pen: "Pen", effect: RaiseFlag, person: int, other: int | None, role: str) -> int:
    rule = rule_of(effect.type)
    pen.cursor.execute(
        "INSERT INTO flag (uid, person_id, type, role, other_id, basis, source, from_on, until_on,"
        " owner_id, raised_by_id, raised_at, review_at) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
        [str(uuid4()), person, effect.type, role, other,
         # Why it stands is the child's to be read of; on the other person it stands bare.
         effect.basis[:300] if role == "child" else "", effect.source, effect.since, effect.until,
         pen.rota.who(rule.owner) if rule else pen.owner_id, pen.entry_id, pen.known.now,
         _due(pen, effect.type)],
    )  # fmt: skip
    return int(pen.cursor.fetchone()[0])


def _review(pen: "Pen", flag: int, effect: RaiseFlag, until: date | None, *, again: bool) -> None:
    """Start the marker's clocks; a review that took place ends those that ran."""
    if again:
        _stop(pen, [flag])
        pen.cursor.execute(
            "UPDATE flag SET review_at = %s WHERE id = %s", [_due(pen, effect.type), flag]
        )
    if pen.is_history:
        return
    start = pen.known.now
    _start(pen, REVIEW, flag, effect.type, start, _due(pen, effect.type))
    if until:
        end = datetime.combine(until, time(23, 59), LONDON)
        rule = pen.known.rulebook.clock(LAST_DAY)
        due = due_at(rule, end, None, pen.known.rulebook.calendar_for(rule))
        _start(pen, LAST_DAY, flag, "any", end, due)


def _due(pen: "Pen", marker: str) -> datetime | None:
    rule = pen.known.rulebook.clock(REVIEW)
    if marker not in dict(rule.limits):
        return pen.known.now + timedelta(0)
    calendar = pen.known.rulebook.calendar_for(rule)
    return due_at(rule, pen.known.now, marker, calendar)


def _start(
    pen: "Pen", rule: str, flag: int, circumstance: str, at: datetime, due: datetime | None
) -> None:
    pen.cursor.execute(
        "INSERT INTO clock (uid, rule, rulebook, subject_kind, subject_id, person_id, case_id,"
        " grade, lap, started_by_id, started_at, due_at, owner_id, last_rung, is_history) "
        "SELECT %s, %s, %s, 'matter', f.id, f.person_id, NULL, %s, 0, %s, %s, %s,"
        " coalesce(f.owner_id, %s), -1, false FROM flag f WHERE f.id = %s",
        [str(uuid4()), rule, pen.known.rulebook.version, circumstance, pen.entry_id, at, due,
         pen.owner_id, flag],
    )  # fmt: skip


def _stop(pen: "Pen", flags: list[int]) -> None:
    pen.cursor.execute(
        "UPDATE clock SET stopped_at = %s, stopped_by_id = %s WHERE stopped_at IS NULL "
        "AND subject_kind = 'matter' AND rule = ANY (%s) AND subject_id = ANY (%s)",
        [pen.known.now, pen.entry_id, [REVIEW, LAST_DAY], flags],
    )
