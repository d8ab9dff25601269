"""The values of a policy's indicators from facts in memory, newest fact first.

Meant for pages, replays and tests; inside `record()` the same values come from `sql.py`.
Indicators that look at the same facts share one pass over them.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import attrgetter

from kittiwake.risk.codes import Codes, codes_of, compile_where, is_not_known
from kittiwake.risk.facts import CITED, Fact, Observed
from kittiwake.risk.policy import Indicator, Policy, Window

Observe = Callable[[Iterable[Fact], datetime], Mapping[str, Observed]]

_ByKind = Mapping[str, list[Fact]]

newest_first = attrgetter("happened_at", "entry_id")


def _of(by_kind: _ByKind, kinds: frozenset[str]) -> Sequence[Fact]:
    """The facts of these kinds, newest first."""
    found = [facts for kind in kinds if (facts := by_kind.get(kind))]
    if len(found) <= 1:
        return found[0] if found else ()
    return sorted(chain(*found), key=newest_first, reverse=True)


def compile_observe(policy: Policy) -> Observe:
    """A function of facts and the instant, giving what each indicator observes."""
    groups: dict[_Group, list[_Counter]] = {}
    for indicator in policy.indicators:
        groups.setdefault(_Group.of(indicator), []).append(_Counter(indicator))
    kinds = frozenset(k for i in policy.indicators for k in (*i.kinds, *i.closed_by))
    absent = {i.id: Observed(i.absent) for i in policy.indicators}

    def observe(facts: Iterable[Fact], now: datetime) -> Mapping[str, Observed]:
        known = [
            f for f in facts if f.kind in kinds and f.recorded_at <= now and f.happened_at <= now
        ]
        known.sort(key=newest_first, reverse=True)
        by_kind: dict[str, list[Fact]] = {}
        for fact in known:
            by_kind.setdefault(fact.kind, []).append(fact)
        observed = dict(absent)
        for group, counters in groups.items():
            if looked := group.looked_at(by_kind, now):
                for counter in counters:
                    observed[counter.indicator.id] = counter.count(looked, now)
        return observed

    return observe


@dataclass(frozen=True, slots=True)
class _Group:
    """Which facts an indicator looks at, before it asks for their codes."""

    kinds: frozenset[str]
    role: str
    window: Window
    closed_by: frozenset[str]
    matched_on: tuple[str, ...]

    @classmethod
    def of(cls, indicator: Indicator) -> "_Group":
        return cls(
            kinds=frozenset(indicator.kinds),
            role=indicator.role,
            window=indicator.window,
            closed_by=frozenset(indicator.closed_by),
            matched_on=indicator.matched_on,
        )

    def looked_at(self, by_kind: _ByKind, now: datetime) -> list[Fact]:
        """The facts looked at among the known ones of each kind, newest first."""
        role, start = self.role, self.window.since(now)
        if start is None:
            looked = [f for f in _of(by_kind, self.kinds) if f.role == role]
        else:
            looked = [
                f for f in _of(by_kind, self.kinds) if f.role == role and f.happened_at > start
            ]
        if not looked or not self.closed_by:
            return looked
        closings = [f for f in _of(by_kind, self.closed_by) if f.role == role]
        if self.matched_on:
            return self._standing(looked, closings)
        # Whichever happened first: a child may be back before the report is logged.
        closed = {f.case_id for f in closings if f.case_id is not None}
        return [f for f in looked if f.case_id not in closed]

    def _standing(self, openings: list[Fact], closings: list[Fact]) -> list[Fact]:
        """The openings with no later closing that has the same codes."""
        latest: dict[tuple[str | None, ...], tuple[datetime, int]] = {}
        for closing in closings:
            latest.setdefault(self._key(closing.codes), newest_first(closing))
        return [
            f
            for f in openings
            if (end := latest.get(self._key(f.codes))) is None or end < newest_first(f)
        ]

    def _key(self, codes: Codes) -> tuple[str | None, ...]:
        return tuple(code_text(codes.get(code)) for code in self.matched_on)


class _Counter:
    """One indicator, made ready to count the facts it looks at."""

    def __init__(self, indicator: Indicator) -> None:
        self.indicator = indicator
        self.by_case = indicator.count in ("cases", "open_cases")
        self.where = None if indicator.where is None else compile_where(indicator.where)
        self.reads = () if indicator.where is None else tuple(codes_of(indicator.where))

    def count(self, looked: list[Fact], now: datetime) -> Observed:
        """What the indicator observes among the facts looked at, of which there is one."""
        hits, not_known = looked, False
        if (where := self.where) is not None:
            answers = [where(f.codes) for f in looked]
            hits = [f for f, answer in zip(looked, answers, strict=True) if answer]
            not_known = None in answers and self.ends_not_known(looked, answers)
        if not hits:
            return Observed(self.indicator.absent, (), not_known)
        if self.indicator.count == "days_since_last":
            newest = hits[0]
            return Observed((now - newest.happened_at).days, (newest.entry_id,), not_known)
        entries = list(dict.fromkeys([f.entry_id for f in hits]))
        value = len(entries)
        if self.by_case:
            value = len({-f.entry_id if f.case_id is None else f.case_id for f in hits})
        elif self.indicator.count == "present":
            value = 1
        return Observed(value, tuple(entries[:CITED]), not_known)

    def ends_not_known(self, looked: list[Fact], answers: list[bool | None]) -> bool:
        """Whether the newest entry that was asked answers that it is not known."""
        newest, said = None, set[bool | None]()
        for fact, answer in zip(looked, answers, strict=True):
            if newest is not None and fact.entry_id != newest:
                break
            if answer is not None or any(is_not_known(fact.codes.get(c)) for c in self.reads):
                newest = fact.entry_id
                said.add(answer)
        return None in said and True not in said


def code_text(value: object) -> str | None:
    """A code as text, as PostgreSQL's `->>` gives it, for matching an end with its beginning."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)
