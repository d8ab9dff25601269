"""What changed in a child's risk since last time, in sentences (issue 3, risk)."""

import itertools
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from kittiwake.risk.facts import Level

LOOKED_BACK = 40
"""Assessments looked back over for the last one that said something else."""

_NEWEST = """
SELECT level, reasons, judged_at, policy_version FROM assessment
WHERE person_id = %s AND judged_at <= %s ORDER BY id DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Changed:
    """What the policy says now and did not say last time, and the reverse; since when."""

    since: datetime
    level: str
    new: tuple[str, ...]
    gone: tuple[str, ...]
    hidden: int


def changed(person: int, as_at: datetime) -> Changed | None:
    """What changed when the level or a reason last changed; None where nothing ever did.

    A reason is told to whoever may open one of the entries it rests on; the others are counted
    (rule 2). Needs a lease.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [person, as_at, LOOKED_BACK])
        rows = cursor.fetchall()
        step = _last_step([(r[0], json.loads(r[1]), r[2], r[3]) for r in rows])
        if step is None:
            return None
        (level, reasons, at, version), (level_before, before, _, version_before) = step
        cited = sorted({entry for r in (*reasons, *before) for entry in r["entries"]})
        cursor.execute(
            "SELECT DISTINCT entry_id FROM detail WHERE person_id = %s AND entry_id = ANY (%s)",
            [person, cited],
        )
        opened = {entry for (entry,) in cursor.fetchall()}
    new = [r for r in reasons if r["rule"] not in _rules(before)]
    gone = [r for r in before if r["rule"] not in _rules(reasons)]
    told_new, told_gone = _told(new, opened), _told(gone, opened)
    said = ""
    if level != level_before:
        rose = Level.of(level) > Level.of(level_before)
        said = (
            f"{'Raised' if rose else 'Lower'}: from {Level.of(level_before).shown.lower()} to "
            f"{Level.of(level).shown.lower()}."
        )
    if version != version_before:
        said = f"{said} The policy itself was changed.".strip()
    return Changed(at, said, told_new, told_gone,
                   len(new) + len(gone) - len(told_new) - len(told_gone))  # fmt: skip


Row = tuple[str, list[dict[str, Any]], datetime, str]


def _last_step(rows: list[Row]) -> tuple[Row, Row] | None:
    """The newest two neighbours that do not say the same: newer, older."""
    for newer, older in itertools.pairwise(rows):
        if newer[0] != older[0] or _rules(newer[1]) != _rules(older[1]):
            return newer, older
    return None


def _rules(reasons: list[dict[str, Any]]) -> set[str]:
    return {r["rule"] for r in reasons}


def _told(reasons: list[dict[str, Any]], opened: set[int]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            r["sentence"] for r in reasons if not r["entries"] or opened & set(r["entries"])
        )
    )
