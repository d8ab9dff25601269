"""Where lives told in memory are kept until they are copied in: one list of rows for each table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from kittiwake.agencies.rota import Rota
from kittiwake.kernel.known import Actor
from kittiwake.kernel.rulebook import Rulebook
from kittiwake.risk.compiled import CompiledPolicy

Row = dict[str, Any]
CLOCK = (
    "uid rule rulebook subject_kind subject_id person_id case_id grade lap started_by_id "
    "started_at due_at owner_id stopped_at stopped_by_id"
)
ACTION = "uid person_id case_id entry_id key title why owner_id state due_at audience"
COLUMNS: dict[str, tuple[str, ...]] = {
    name: tuple(columns.split())
    for name, columns in {
        "case_file": "id uid ref pathway person_id group_uid stage is_active grade policy_grade"
        " owner_id opened_at closed_at is_history mark changed_at",
        "entry": "id uid kind version person_id case_id by_id happened_at recorded_at"
        " out_of_order is_history rulebook",
        "about": "entry_id person_id role kind case_id happened_at recorded_at by_id codes",
        "detail": "entry_id person_id audience agency_id readers needs answers",
        "clock": f"id {CLOCK} breached_at last_rung last_rung_at is_history",
        "escalation": "clock_id person_id rung raised_at to_id role",
        "action": f"{ACTION} settled_at settled_by_id",
        "flag": "uid person_id type role basis source owner_id raised_by_id raised_at review_at"
        " ended_by_id ended_at",
        "assessment": "person_id entry_id judged_at policy policy_version level reasons"
        " not_known for_less",
    }.items()
}
"""The tables a life is written to, in the order in which they may be, and their columns."""


@dataclass
class Past:
    """What the lives told by one process share: who was on duty, the rules, ids, the rows."""

    rota: Callable[[datetime], Rota]
    system: Actor
    names: dict[int, str]
    book: Rulebook
    policy: CompiledPolicy
    uid: Callable[[], str]
    entries: Iterator[int]
    cases: Iterator[int]
    clocks: Iterator[int]
    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    @cached_property
    def counted(self) -> frozenset[str]:
        """The kinds the policy looks at: another cannot change what it says."""
        indicators = self.policy.policy.indicators
        return frozenset(k for i in indicators for k in (*i.kinds, *i.closed_by))

    @cached_property
    def early(self) -> frozenset[str]:
        """The rules whose ladder has rungs before the due time."""
        rules = self.book.clocks.values()
        return frozenset(r.id for r in rules if any(g.counted_from == "start" for g in r.ladder))

    def write(self, table: str, row: Row) -> None:
        """Keep a row to be copied in."""
        self.rows.setdefault(table, []).append(tuple(row.get(c) for c in COLUMNS[table]))
