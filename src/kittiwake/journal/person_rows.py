"""Applying what was decided about who is who: what moves, and what is known afterwards."""

from dataclasses import replace
from typing import TYPE_CHECKING

from kittiwake.journal import knowing
from kittiwake.kernel.effects import KeepApart, Link, Unlink
from kittiwake.kernel.facts import Fact

if TYPE_CHECKING:
    from kittiwake.journal.applying import Pen


def link(pen: "Pen", effect: Link) -> None:
    """Everything known of the other is known of this person, who is judged by all of it."""
    _call(pen, "link_people", effect.other)
    pen.known = replace(pen.known, facts=_facts(pen))
    pen.markers_changed = True


def unlink(pen: "Pen", effect: Unlink) -> None:
    """Both are two again; the other is judged by a job that commits with this."""
    other = _call(pen, "unlink_people", effect.other)
    pen.known = replace(pen.known, facts=_facts(pen))
    pen.markers_changed = True
    from kittiwake.journal.jobs import judge_linked

    judge_linked.defer(people=[other], entry_id=pen.entry_id, at=pen.known.now.isoformat())


def keep_apart(pen: "Pen", effect: KeepApart) -> None:
    """What looked alike is settled."""
    _call(pen, "settle_match", effect.other, "kept apart")


def _call(pen: "Pen", function: str, other: str, *more: str) -> int:
    pen.cursor.execute("SELECT person_id FROM pointer WHERE uid = %s", [other])
    (person,) = pen.cursor.fetchone()
    marks = ", ".join(["%s"] * (4 + len(more)))
    pen.cursor.execute(
        f"SELECT {function}({marks})",
        [pen.known.person_id, person, pen.entry_id, pen.known.now, *more],
    )
    return int(person)


def _facts(pen: "Pen") -> tuple[Fact, ...]:
    """What is known now, without the entry that is being written: the judge adds it."""
    person = pen.known.person_id
    facts = knowing.facts_of([person]).get(person, [])
    return tuple(f for f in facts if f.entry_id != pen.entry_id)
