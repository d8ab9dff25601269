"""Judging a child again with each entry, and keeping what the policy said."""

import json
from datetime import datetime
from typing import Any

from django.db.backends.utils import CursorWrapper

from kittiwake.journal import knowing
from kittiwake.journal.applying import Pen
from kittiwake.kernel.accounts import once_each
from kittiwake.kernel.facts import Fact
from kittiwake.kernel.pathway import REGISTER
from kittiwake.risk.facts import Assessment, Child


def judge(pen: Pen, codes: dict[str, Any], when: datetime) -> Assessment:
    """Judge the child again with this entry, and apply what the policy now obliges."""
    known = pen.known
    fact = Fact(pen.entry_id, pen.entry.kind, when, known.now, "child", pen.case_id, codes)
    compiled = knowing.policy()
    assessed = compiled.judge(once_each([*known.facts, fact]), Child(known.age()), known.now)
    write_assessment(pen.cursor, known.person_id, pen.entry_id, known.now, assessed)
    for triggered in assessed.triggers:
        follow = REGISTER.triggers.get(triggered.effect)
        if follow and pen.entry_id in triggered.reason.entries:
            pen.apply(follow(pen.entry, known))
    if pen.markers_changed:
        pen.cursor.execute(
            "UPDATE pointer SET level = %s WHERE person_id = %s",
            [assessed.level.word, known.person_id],
        )
        point_at_markers(pen.cursor, [known.person_id, *pen.others.values()])
    else:
        pen.cursor.execute(
            "UPDATE pointer SET level = %s WHERE person_id = %s AND level <> %s",
            [assessed.level.word, known.person_id, assessed.level.word],
        )
    return assessed


def point_at_markers(cursor: CursorWrapper, people: list[int]) -> None:
    """Let boards and open cases of these people show the markers that stand on them now."""
    cursor.execute(
        "UPDATE pointer q SET markers = (SELECT coalesce(jsonb_agg(DISTINCT f.type ORDER BY "
        "f.type), '[]') FROM flag f WHERE f.person_id = q.person_id AND f.ended_at IS NULL) "
        "WHERE q.person_id = ANY (%s)",
        [people],
    )


def reasons_of(assessed: Assessment) -> list[dict[str, Any]]:
    """Why the level is what it is, as stored: each reason with the entries it rests on."""
    return [
        {
            "rule": r.rule_id,
            "sentence": r.sentence,
            "level": r.level.word if r.level is not None else None,
            "entries": list(r.entries),
            "source": r.source,
        }
        for r in (*assessed.reasons, *(t.reason for t in assessed.triggers))
    ]


def write_assessment(
    cursor: CursorWrapper, person: int, entry_id: int, at: datetime, assessed: Assessment
) -> None:
    """Keep what the policy said: level, reasons citing entries, gaps, and its version."""
    cursor.execute(
        "INSERT INTO assessment (person_id, entry_id, judged_at, policy, policy_version, level,"
        " reasons, not_known, for_less) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            person, entry_id, at, assessed.policy_id, assessed.policy_version,
            assessed.level.word, json.dumps(reasons_of(assessed)),
            json.dumps(list(assessed.not_known)), json.dumps(list(assessed.for_less())),
        ],
    )  # fmt: skip


def judge_linked_later(pen: Pen) -> None:
    """Have those merely linked judged by a job that commits with this entry (rule 6)."""
    pen.cursor.execute(
        # A parent is no child at risk: what a policy says of children says nothing of them.
        "SELECT array_agg(DISTINCT other_id) FROM relationship "
        "WHERE person_id = %s AND kind <> 'parent'",
        [pen.known.person_id],
    )
    (linked,) = pen.cursor.fetchone()
    if linked:
        from kittiwake.journal.jobs import judge_linked

        judge_linked.defer(people=linked, entry_id=pen.entry_id, at=pen.known.now.isoformat())
