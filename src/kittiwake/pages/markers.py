"""The markers on a child, as the child's page shows them: whose, since when, and what is late."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from kittiwake.journal.flag_rows import LAST_DAY, REVIEW
from kittiwake.journal.reading import ClockLine
from kittiwake.kernel.clocks import ClockState
from kittiwake.kernel.known import Actor
from kittiwake.kernel.markers import rule_of, rules
from kittiwake.kernel.question_types import label
from kittiwake.pages.furniture import Who
from kittiwake.pathways.flags.entries import Source

WIDE = ("police", "social_care")

_MARKERS = """
SELECT f.type, f.basis, f.source, f.role, f.from_on, f.until_on, f.raised_at, f.review_at,
       q.uid::text, q.name, p.name, p.title, a.name,
       coalesce(nullif(p.phone, ''), a.phone), p.rank, o.name, coalesce(nullif(o.phone, ''), '')
FROM flag f JOIN entry e ON e.id = f.raised_by_id JOIN practitioner p ON p.id = e.by_id
JOIN agency a ON a.id = p.agency_id
LEFT JOIN practitioner o ON o.id = f.owner_id LEFT JOIN pointer q ON q.person_id = f.other_id
WHERE f.person_id = %(person)s AND f.raised_at <= %(at)s
  AND (f.ended_at IS NULL OR f.ended_at > %(at)s)
UNION ALL
SELECT n.type, '', '', 'nearby', NULL, NULL, %(at)s, NULL, NULL, NULL, '', '', '', '', 0, NULL, NULL
FROM markers_nearby(%(person)s, %(shown)s) n
ORDER BY 8 NULLS LAST, 1
"""


@dataclass(frozen=True)
class MarkerLine:
    """A marker in force: what it rests on, who raised it, whose it is, when it is looked at.

    `other` is the other person it concerns, as (uid, name); `role` is which side this one is.
    """

    type: str
    basis: str
    source: str
    role: str
    from_on: date | None
    until_on: date | None
    raised_at: datetime
    review_at: datetime | None
    other: tuple[str, str] | None
    by: Who
    owner: str
    owner_phone: str
    is_late: bool
    is_over: bool

    @property
    def sentence(self) -> str:
        """What this type of marker means; empty for one this release does not list."""
        rule = rule_of(self.type)
        return rule.sentence if rule else ""


def standing_on(person: int, actor: Actor, at: datetime) -> tuple[list[MarkerLine], list[str]]:
    """The markers in force on a person at an instant, and those on others at the same address.

    The one to be looked at first stands at the top. A marker past its review or its last day
    still stands, and says so. Of others only the type is told, and only to police and social
    care (G6): whose it is stands on their own record. Inside `as_practitioner`.
    """
    shown = [key for key, rule in rules().items() if rule.at_address and actor.agency_kind in WIDE]
    with connection.cursor() as cursor:
        cursor.execute(_MARKERS, {"person": person, "at": at, "shown": shown})
        rows = cursor.fetchall()
    lines = [_line(r, at) for r in rows if r[3] != "nearby"]
    return lines, [r[0] for r in rows if r[3] == "nearby"]


def _line(r: tuple[Any, ...], at: datetime) -> MarkerLine:
    late, over = bool(r[7] and r[7] <= at), bool(r[5] and r[5] < at.date())
    return MarkerLine(
        r[0], r[1], _source(r[2]), r[3], r[4], r[5], r[6], r[7], (r[8], r[9]) if r[8] else None,
        Who(*r[10:15]), r[15] or "", r[16] or "", late, over,
    )  # fmt: skip


def pressing(clocks: list[ClockLine]) -> list[ClockLine]:
    """The clocks worth a line: those of markers only once they are nearly due.

    Until then each marker says for itself when it is looked at again.
    """
    quiet = (REVIEW, LAST_DAY)
    return [c for c in clocks if c.rule not in quiet or c.state is not ClockState.RUNNING]


def people_near(person: int) -> dict[str, list[tuple[str, str]]]:
    """Whom else a marker may concern, as choices of the form: family and those linked.

    Nothing where nobody is linked, so that the form asks for an address. Needs a lease.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT q.uid::text, q.name || ', ' || lower(r.kind) FROM relationship r "
            "JOIN pointer q ON q.person_id = r.other_id WHERE r.person_id = %s ORDER BY 2",
            [person],
        )
        found = cursor.fetchall()
    return {"other": found} if found else {}


def _source(key: str) -> str:
    try:
        return label(Source(key)) if key else ""
    except ValueError:
        return key
