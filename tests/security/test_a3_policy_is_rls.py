"""Row A3: what is said here in Python about who may read what is what the database shows.

Figure: 0 disagreements over at least 20,000 (practitioner, row) pairs; 100,000 in the long run.
The statement below is written from the design, not from walls.py, and shares nothing with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.security.attack import Link, speaking_as, weakened
from tests.security.crowd import Crowd, Reader
from tests.security.test_a4_walled import WALLED

Row = dict[str, Any]


class Rights:
    """What one practitioner may read at this moment, said in Python."""

    def __init__(self, me: Reader, known: set[int], *, recording: bool) -> None:
        self.me = me
        self.recording = recording
        is_here = me.is_active
        self.agency = me.agency if is_here else None
        self.is_police = is_here and me.kind == "police"
        self.is_wide = is_here and me.kind in ("police", "social_care")
        self.known = known if is_here else set()
        live = [(person, purpose) for person, purpose, is_live in me.leases if is_live and is_here]
        self.words = {p for p, purpose in live if purpose != "recording"} - me.conflicts
        self.spine = {p for p, purpose in live if purpose != "recording" or recording}

    def can(self, capability: str) -> bool:
        return self.me.is_active and capability in self.me.capabilities

    def works_with(self, row: Row) -> bool:
        return self.is_wide or row["person_id"] in self.known

    def stands_open(self, row: Row) -> bool:
        return row["person_id"] in self.spine

    def reads_words(self, row: Row) -> bool:
        return row["person_id"] in self.words

    def state(self, row: Row) -> bool:
        return self.works_with(row) or self.stands_open(row)

    def looked(self, row: Row) -> bool:
        return row["practitioner_id"] == self.me.id or self.can("access.read_log")

    def detail(self, row: Row) -> bool:
        audience = {
            "case": True,
            "agency": row["agency_id"] == self.agency,
            "police": self.is_police,
            "named": self.me.id in row["readers"],
        }[row["audience"]]
        return self.reads_words(row) and audience and set(row["needs"]) <= self.words

    def action(self, row: Row) -> bool:
        is_ours = row["audience"] == "case" or self.is_police or self.recording
        return (self.stands_open(row) and is_ours) or row["owner_id"] == self.me.id

    def report(self, row: Row) -> bool:
        is_ours = row["agency_id"] == self.agency
        may = row["by_id"] == self.me.id or self.can("exchange.import") or self.has_program
        return (is_ours and may) or self.can("exchange.quarantine")

    @property
    def has_program(self) -> bool:
        return self.me.has_token


STATEMENT: dict[str, Callable[[Rights, Row], bool]] = {
    "person": lambda r, x: r.is_wide or x["key"] in r.known,
    "pointer": lambda r, x: (r.works_with(x) and not x["is_restricted"]) or r.stands_open(x),
    "source_record": Rights.reads_words,
    "identifier": Rights.reads_words,
    "address": lambda r, x: r.reads_words(x) and (r.is_wide or not x["is_restricted"]),
    "relationship": Rights.stands_open,
    "known_to": lambda r, x: (
        r.is_wide or x["agency_id"] == r.agency or r.reads_words(x) or r.stands_open(x)
    ),
    "known_as": Rights.reads_words,
    "possible_match": lambda r, x: r.can("people.link"),
    "link": lambda r, x: r.can("people.link"),
    "lease": Rights.looked,
    "look": Rights.looked,
    "refusal": Rights.looked,
    "conflict": Rights.looked,
    "case_file": Rights.state,
    "entry": Rights.stands_open,
    "about": Rights.stands_open,
    "detail": Rights.detail,
    "protected": lambda r, x: r.reads_words(x) and (r.is_wide or x["agency_id"] == r.agency),
    "clock": Rights.state,
    "clock_pause": Rights.state,
    "escalation": lambda r, x: r.state(x) or x["to_id"] == r.me.id,
    "action": Rights.action,
    "flag": Rights.stands_open,
    "plan": Rights.state,
    "word_found": lambda r, x: x["by_id"] == r.me.id or (r.works_with(x) and r.can("words.review")),
    "listed_marker": lambda r, x: (
        (r.can("flag.reconcile") and r.works_with(x)) or r.can("exchange.import")
    ),
    "marker_difference": lambda r, x: (
        r.works_with(x) and (r.can("flag.reconcile") or x["owner_id"] == r.me.id)
    ),
    "incident": lambda r, x: r.can("incident.audit") or r.can("exchange.import"),
    "assessment": Rights.reads_words,
    "start_correction": Rights.state,
    "message": lambda r, x: x["to_id"] == r.me.id,
    "draft": lambda r, x: x["author_id"] == r.me.id,
    "report": Rights.report,
}


def compare(crowd: Crowd, app: Link) -> tuple[int, list[str]]:
    """How many pairs were compared, and each disagreement in a line."""
    pairs, differ = 0, []
    for me in crowd.staff:
        for recording in (False, True):
            rights = Rights(me, crowd.known[me.agency], recording=recording)
            with speaking_as(app, me.id, recording=recording) as cursor:
                for table in WALLED:
                    rows = crowd.rows.get(table, [])
                    key = "person_id" if table == "pointer" else "id"
                    cursor.execute(f"SELECT {key} FROM {table}")  # type: ignore[arg-type]
                    shown = {found for (found,) in cursor.fetchall()}
                    for row in rows:
                        said = STATEMENT[table](rights, row)
                        if said != (row["key"] in shown):
                            differ.append(f"{table} {row['key']} for {me}: Python says {said}")
                    pairs += len(rows)
    return pairs, differ


def test_a3_every_walled_table_has_a_statement() -> None:
    assert sorted(STATEMENT) == WALLED


def test_a3_python_and_the_database_agree(world: None, owner: Link, app: Link) -> None:
    pairs, differ = compare(Crowd(owner, seed=3, agencies=7, per_agency=2, people=24), app)
    assert differ == []
    assert pairs >= 20_000


@pytest.mark.long
def test_a3_python_and_the_database_agree_at_length(world: None, owner: Link, app: Link) -> None:
    pairs, differ = compare(Crowd(owner, seed=4, agencies=7, per_agency=4, people=60), app)
    assert differ == []
    assert pairs >= 100_000


HOLES = (
    "ALTER POLICY reading ON detail USING (true)",
    "ALTER POLICY reading ON protected USING (person_id > 0)",
    "ALTER POLICY reading ON clock USING (false)",
    "ALTER POLICY reading ON pointer USING (person_id % 2 = 0)",
)


def test_a3_negative_control_a_changed_policy_disagrees(
    world: None, owner: Link, app: Link
) -> None:
    crowd = Crowd(owner, seed=3, agencies=3, per_agency=1, people=4)
    for hole in HOLES:
        with weakened(owner, hole):
            assert compare(crowd, app)[1] != []
    assert compare(crowd, app)[1] == []
