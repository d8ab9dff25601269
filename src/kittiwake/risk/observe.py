"""The values of a policy's indicators from facts in memory: one pass, newest first.

Meant for pages, replays and tests; inside `record()` the same values come from `sql.py`.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kittiwake.risk.codes import Codes, codes_of, compile_where, is_not_known
from kittiwake.risk.facts import CITED, Fact, Observed
from kittiwake.risk.policy import Indicator, Policy

Observe = Callable[[Iterable[Fact], datetime], Mapping[str, Observed]]


def compile_observe(policy: Policy) -> Observe:
    """A function of facts and the instant, giving what each indicator observes."""
    windows = list(dict.fromkeys(i.window for i in policy.indicators))
    watches = [_Watch(i, windows.index(i.window)) for i in policy.indicators]
    by_kind: dict[str, list[_Watch]] = {}
    closing: dict[str, list[_Watch]] = {}
    for watch in watches:
        for kind in watch.indicator.kinds:
            by_kind.setdefault(kind, []).append(watch)
        for kind in watch.indicator.closed_by:
            closing.setdefault(kind, []).append(watch)

    def observe(facts: Iterable[Fact], now: datetime) -> Mapping[str, Observed]:
        known = [
            f
            for f in facts
            if (f.kind in by_kind or f.kind in closing)
            and f.recorded_at <= now
            and f.happened_at <= now
        ]
        known.sort(key=_order, reverse=True)
        since = [w.since(now) for w in windows]
        tallies = {watch.indicator.id: _Tally() for watch in watches}
        for fact in known:
            if fact.kind in closing:
                _close_cases(closing[fact.kind], fact, tallies)
        for fact in known:
            for watch in by_kind.get(fact.kind, ()):
                start = since[watch.window]
                if fact.role == watch.role and (start is None or start < fact.happened_at):
                    watch.look(fact, tallies[watch.indicator.id])
            for watch in closing.get(fact.kind, ()):
                if fact.role == watch.role and watch.on:
                    tallies[watch.indicator.id].ended.add(_key(watch.on, fact.codes))
        return {w.indicator.id: w.observed(tallies[w.indicator.id], now) for w in watches}

    return observe


def code_text(value: object) -> str | None:
    """A code as text, as PostgreSQL's `->>` gives it, for matching an end with its beginning."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


@dataclass(slots=True)
class _Tally:
    """What one indicator has seen so far, coming from the newest fact."""

    entries: list[int] = field(default_factory=list)
    units: set[int] = field(default_factory=set)
    latest: datetime | None = None
    answer_by: int | None = None
    answers: set[bool | None] = field(default_factory=set)
    ended: set[tuple[str | None, ...]] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)


class _Watch:
    """One indicator, made ready: which facts concern it and what it takes from them."""

    def __init__(self, indicator: Indicator, window: int) -> None:
        self.indicator = indicator
        self.window = window
        self.role = indicator.role
        self.on = indicator.matched_on
        self.by_case = indicator.count in ("cases", "open_cases")
        self.where = None if indicator.where is None else compile_where(indicator.where)
        self.reads = () if indicator.where is None else tuple(codes_of(indicator.where))

    def look(self, fact: Fact, tally: _Tally) -> None:
        """Count the fact, or note that it was asked and is not known, or pass it by."""
        if tally.closed and fact.case_id in tally.closed:
            return
        if self.on and tally.ended and _key(self.on, fact.codes) in tally.ended:
            return
        if self.where is not None:
            answer = self.where(fact.codes)
            if tally.answer_by in (None, fact.entry_id) and (
                answer is not None or self.is_not_known(fact.codes)
            ):
                tally.answer_by = fact.entry_id
                tally.answers.add(answer)
            if not answer:
                return
        if not tally.entries:
            tally.latest = fact.happened_at
        if not tally.entries or tally.entries[-1] != fact.entry_id:
            tally.entries.append(fact.entry_id)
            if self.by_case:
                tally.units.add(-fact.entry_id if fact.case_id is None else fact.case_id)

    def is_not_known(self, codes: Codes) -> bool:
        """Whether an answer the condition needs is that it is not known."""
        return any(is_not_known(codes.get(code)) for code in self.reads)

    def observed(self, tally: _Tally, now: datetime) -> Observed:
        """The indicator's value at the end of the pass."""
        not_known = None in tally.answers and True not in tally.answers
        if self.indicator.count == "days_since_last":
            if tally.latest is None:
                return Observed(self.indicator.absent, (), not_known)
            return Observed((now - tally.latest).days, (tally.entries[0],), not_known)
        value = len(tally.units if self.by_case else tally.entries)
        if self.indicator.count == "present":
            value = min(value, 1)
        return Observed(value, tuple(tally.entries[:CITED]), not_known)


def _order(fact: Fact) -> tuple[datetime, int]:
    return (fact.happened_at, fact.entry_id)


def _key(matched_on: Sequence[str], codes: Mapping[str, Any]) -> tuple[str | None, ...]:
    return tuple(code_text(codes.get(code)) for code in matched_on)


def _close_cases(watches: list[_Watch], fact: Fact, tallies: Mapping[str, _Tally]) -> None:
    """A case is closed whichever came first: a child may be back before the report is logged."""
    for watch in watches:
        if not watch.on and fact.role == watch.role and fact.case_id is not None:
            tallies[watch.indicator.id].closed.add(fact.case_id)
