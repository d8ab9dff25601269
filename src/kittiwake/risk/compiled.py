"""A policy made ready to judge with: compiled once per version, used for every child."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kittiwake.risk.closure import Closure, compile_closure
from kittiwake.risk.facts import Assessment, Child, Fact
from kittiwake.risk.observe import Observe, compile_observe
from kittiwake.risk.policy import Policy
from kittiwake.risk.sql import observed_row, one_child_query


@dataclass(frozen=True, slots=True)
class CompiledPolicy:
    """One version of a policy, compiled: its query, its closure, and its pass over facts."""

    policy: Policy
    version: str
    sql: str
    closure: Closure
    observe: Observe

    def judge(self, facts: Iterable[Fact], child: Child, now: datetime) -> Assessment:
        """The assessment of one child from facts in memory, as known at `now`."""
        return self.closure(self.observe(facts, now), child, now)

    def judge_row(self, row: Sequence[Any], child: Child, now: datetime) -> Assessment:
        """The assessment of one child from the row that `sql` gave for `now`."""
        return self.closure(observed_row(self.policy, row), child, now)


def compile_policy(policy: Policy) -> CompiledPolicy:
    """Compile a policy: once per version, since it takes milliseconds."""
    return CompiledPolicy(
        policy=policy,
        version=policy.version,
        sql=one_child_query(policy),
        closure=compile_closure(policy),
        observe=compile_observe(policy),
    )


def judge(
    compiled: CompiledPolicy, facts: Iterable[Fact], child: Child, now: datetime
) -> Assessment:
    """The assessment of one child from facts in memory, as known at `now`."""
    return compiled.judge(facts, child, now)
