"""The slow judge: what a policy means, said as plainly as possible.

It goes over all facts for each indicator, knows three truth values (yes, no, None for not
known) and shares no arithmetic with the engines that are used. They are held to it by tests.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from kittiwake.risk.codes import AllOf, Is, Ordered, Where, codes_of, is_not_known
from kittiwake.risk.expressions import (
    Age,
    Compare,
    Condition,
    Count,
    Every,
    Number,
    Term,
    comparisons,
)
from kittiwake.risk.facts import (
    CITED,
    Assessment,
    Child,
    Fact,
    Level,
    Observed,
    Reason,
    Triggered,
)
from kittiwake.risk.observe import code_text
from kittiwake.risk.policy import Indicator, Policy, Rule, cited_names
from kittiwake.risk.words import RuleWords, not_known_sentence


def judge_slowly(policy: Policy, facts: Iterable[Fact], child: Child, now: datetime) -> Assessment:
    """The assessment of one child, as known at `now`: the meaning the other engines must have."""
    known = known_at(facts, now)
    observed = {i.id: observe_slowly(i, known, now) for i in policy.indicators}
    values = {name: seen.value for name, seen in observed.items()}
    not_known = [not_known_sentence(i) for i in policy.indicators if observed[i.id].not_known]

    def reasons_for(rule: Rule, level: Level | None) -> list[Reason]:
        if not rule.in_force.at(now):
            return []
        words = RuleWords(policy, rule)
        answer = holds(rule.when, values, child)
        if answer is None:
            not_known.append(words.age_not_known(values))
        if not answer:
            return []
        entries = cited(policy, rule.when, observed, child)
        return [words.reason(level, entries, values, child)]

    reasons = [
        reason
        for level in sorted(Level, reverse=True)
        for floor in policy.floors
        if floor.level == level
        for reason in reasons_for(floor, level)
    ]
    triggers = [
        Triggered(trigger.id, trigger.effect, reason)
        for trigger in policy.triggers
        for reason in reasons_for(trigger, None)
    ]
    levels = [reason.level for reason in reasons if reason.level is not None]
    return Assessment(
        level=max(levels, default=Level.NOT_ENOUGH_KNOWN),
        reasons=tuple(reasons),
        not_known=tuple(not_known),
        triggers=tuple(triggers),
        policy_id=policy.id,
        policy_version=policy.version,
        indicators=values,
    )


def known_at(facts: Iterable[Fact], now: datetime) -> list[Fact]:
    """The facts known at an instant, oldest first; entry ids decide ties."""
    known = [f for f in facts if f.recorded_at <= now and f.happened_at <= now]
    return sorted(known, key=lambda f: (f.happened_at, f.entry_id))


def observe_slowly(indicator: Indicator, known: Sequence[Fact], now: datetime) -> Observed:
    """What one indicator observes among the known facts."""
    start = indicator.window.since(now)
    looked = [
        f
        for f in known
        if f.kind in indicator.kinds
        and f.role == indicator.role
        and (start is None or f.happened_at > start)
        and not has_ended(indicator, f, known)
    ]
    counted = [f for f in looked if indicator.where is None or so(indicator.where, f.codes)]
    asked = [f for f in looked if was_asked(indicator, f)]
    newest = [f for f in asked if f.entry_id == asked[-1].entry_id]
    not_known = bool(newest) and all(answer_of(indicator, f) is not True for f in newest)
    not_known = not_known and any(answer_of(indicator, f) is None for f in newest)
    entries = list(dict.fromkeys(f.entry_id for f in reversed(counted)))
    if indicator.count == "days_since_last":
        days = (now - counted[-1].happened_at).days if counted else indicator.absent
        return Observed(days, tuple(entries[:1]), not_known)
    value = len(entries)
    if indicator.count in ("cases", "open_cases"):
        value = len({("entry", f.entry_id) if f.case_id is None else f.case_id for f in counted})
    if indicator.count == "present":
        value = 1 if counted else 0
    return Observed(value, tuple(entries[:CITED]), not_known)


def has_ended(indicator: Indicator, opening: Fact, known: Sequence[Fact]) -> bool:
    """Whether what a fact opened has been closed.

    A case is closed by any closing in it, whichever happened first: a child may be back before
    the report is logged. What is matched on codes is closed only by a later closing.
    """
    closings = [f for f in known if f.kind in indicator.closed_by and f.role == indicator.role]
    if not indicator.matched_on:
        return opening.case_id is not None and any(f.case_id == opening.case_id for f in closings)
    return any(
        (f.happened_at, f.entry_id) > (opening.happened_at, opening.entry_id)
        and all(
            code_text(f.codes.get(code)) == code_text(opening.codes.get(code))
            for code in indicator.matched_on
        )
        for f in closings
    )


def answer_of(indicator: Indicator, fact: Fact) -> bool | None:
    """Whether the fact is what the indicator counts: yes, no, or None for not known."""
    return True if indicator.where is None else so(indicator.where, fact.codes)


def was_asked(indicator: Indicator, fact: Fact) -> bool:
    """Whether the fact answers the indicator's question, be it with not known."""
    if indicator.where is None or so(indicator.where, fact.codes) is not None:
        return True
    return any(is_not_known(fact.codes.get(code)) for code in codes_of(indicator.where))


def so(where: Where, codes: Mapping[str, Any]) -> bool | None:
    """Whether a condition over codes holds: yes, no, or None for not asked or not known."""
    if isinstance(where, Ordered):
        number = codes.get(where.code)
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            return None
        difference = number - where.value
        if difference == 0:
            return where.operator in (">=", "<=")
        return where.operator in (">", ">=") if difference > 0 else where.operator in ("<", "<=")
    if isinstance(where, Is):
        value = codes.get(where.code)
        values = value if isinstance(value, list) else [] if value is None else [value]
        found = [v for v in values if v == where.value and _both_bool_or_neither(v, where.value)]
        if found:
            return not where.negated
        return None if not values or "not_known" in values else where.negated
    answers = [so(part, codes) for part in where.parts]
    settling = not isinstance(where, AllOf)
    if settling in answers:
        return settling
    return None if None in answers else not settling


def _both_bool_or_neither(one: object, other: object) -> bool:
    return isinstance(one, bool) == isinstance(other, bool)


def amount(term: Term, values: Mapping[str, int], child: Child) -> float | None:
    """The number a term stands for, or None where it needs an age that is not known."""
    if isinstance(term, Number):
        return term.value
    if isinstance(term, Count):
        return values[term.name]
    if isinstance(term, Age):
        return term.default if child.age is None else child.age
    left, right = amount(term.left, values, child), amount(term.right, values, child)
    if left is None or right is None:
        return None
    return left + right if term.sign > 0 else left - right


def holds(condition: Condition, values: Mapping[str, int], child: Child) -> bool | None:
    """Whether a condition holds: yes, no, or None where it hangs on an age not known."""
    if isinstance(condition, Compare):
        left = amount(condition.left, values, child)
        right = amount(condition.right, values, child)
        if left is None or right is None:
            return None
        if condition.operator in (">", ">="):
            return left > right or (condition.operator == ">=" and left == right)
        return left < right or (condition.operator == "<=" and left == right)
    answers = [holds(part, values, child) for part in condition.parts]
    settling = not isinstance(condition, Every)
    if settling in answers:
        return settling
    return None if None in answers else not settling


def cited(
    policy: Policy, condition: Condition, observed: Mapping[str, Observed], child: Child
) -> tuple[int, ...]:
    """The entries behind every comparison that holds: in the order written, newest first."""
    values = {name: seen.value for name, seen in observed.items()}
    entries = [
        entry
        for compare in comparisons(condition)
        if holds(compare, values, child)
        for name in cited_names(policy, compare)
        for entry in observed[name].entries
    ]
    return tuple(dict.fromkeys(entries))
