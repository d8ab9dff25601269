"""From the values of indicators to an assessment: one Python closure, built once per policy.

A condition is compiled to a function of two values, true or false. Where the child's age is
not known it is called twice, with an age above and an age below every limit: since `check()`
proves that being younger only ever raises, true at the first means true, and true at the
second alone means not known.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from math import inf

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
from kittiwake.risk.facts import Assessment, Child, Level, Observed, Reason, Triggered
from kittiwake.risk.policy import Policy, Rule, cited_names
from kittiwake.risk.words import age_not_known, not_known_sentence, reason_of

Values = Mapping[str, int]
Closure = Callable[[Mapping[str, Observed], Child, datetime], Assessment]
_Amount = Callable[[Values, float, float | None], float]
_Holds = Callable[[Values, float, float | None], bool]
_Cites = Callable[[Mapping[str, Observed], Values, float, float | None], tuple[int, ...]]


def compile_closure(policy: Policy) -> Closure:
    """A function of the indicators observed, the child and the instant, giving the assessment."""
    floors = [(f, _holds(f.when), _cites(policy, f.when)) for f in policy.floors]
    triggers = [(t, _holds(t.when), _cites(policy, t.when)) for t in policy.triggers]

    def assess(observed: Mapping[str, Observed], child: Child, now: datetime) -> Assessment:
        values = {name: seen.value for name, seen in observed.items()}
        age = inf if child.age is None else child.age
        not_known = [not_known_sentence(i) for i in policy.indicators if observed[i.id].not_known]

        def reason(rule: Rule, holds: _Holds, cites: _Cites, level: Level | None) -> Reason | None:
            if not rule.in_force.at(now):
                return None
            if holds(values, age, child.age):
                entries = cites(observed, values, age, child.age)
                return reason_of(policy, rule, level, entries, values, child)
            if child.age is None and holds(values, -inf, None):
                not_known.append(age_not_known(policy, rule, values))
            return None

        reasons = [
            found for f, holds, cites in floors if (found := reason(f, holds, cites, f.level))
        ]
        triggered = [
            Triggered(t.id, t.effect, found)
            for t, holds, cites in triggers
            if (found := reason(t, holds, cites, None))
        ]
        reasons.sort(key=lambda r: r.level or 0, reverse=True)
        return Assessment(
            level=reasons[0].level or Level.NOT_ENOUGH_KNOWN if reasons else Level.NOT_ENOUGH_KNOWN,
            reasons=tuple(reasons),
            not_known=tuple(not_known),
            triggers=tuple(triggered),
            policy_id=policy.id,
            policy_version=policy.version,
            indicators=values,
        )

    return assess


def _amount(term: Term) -> _Amount:
    if isinstance(term, Number):
        number = term.value
        return lambda values, age, told: number
    if isinstance(term, Count):
        name = term.name
        return lambda values, age, told: values[name]
    if isinstance(term, Age):
        default = term.default
        if default is None:
            return lambda values, age, told: age
        return lambda values, age, told: default if told is None else told
    left, right, sign = _amount(term.left), _amount(term.right), term.sign
    return lambda values, age, told: left(values, age, told) + sign * right(values, age, told)


def _holds(condition: Condition) -> _Holds:
    if isinstance(condition, Compare):
        return _compare(condition)
    parts = tuple(_holds(part) for part in condition.parts)
    if isinstance(condition, Every):
        return lambda values, age, told: all(part(values, age, told) for part in parts)
    return lambda values, age, told: any(part(values, age, told) for part in parts)


def _compare(compare: Compare) -> _Holds:
    left, right = _amount(compare.left), _amount(compare.right)
    made: Mapping[str, _Holds] = {
        ">": lambda v, age, told: left(v, age, told) > right(v, age, told),
        ">=": lambda v, age, told: left(v, age, told) >= right(v, age, told),
        "<": lambda v, age, told: left(v, age, told) < right(v, age, told),
        "<=": lambda v, age, told: left(v, age, told) <= right(v, age, told),
    }
    return made[compare.operator]


def _cites(policy: Policy, condition: Condition) -> _Cites:
    """The entries behind every comparison that holds: in the order written, newest first."""
    found = [(_compare(c), cited_names(policy, c)) for c in comparisons(condition)]
    parts = [(holds, names) for holds, names in found if names]

    def cites(
        observed: Mapping[str, Observed], values: Values, age: float, told: float | None
    ) -> tuple[int, ...]:
        entries: dict[int, None] = {}
        for holds, names in parts:
            if holds(values, age, told):
                for name in names:
                    entries.update(dict.fromkeys(observed[name].entries))
        return tuple(entries)

    return cites
