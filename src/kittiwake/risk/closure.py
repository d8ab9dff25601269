"""From the values of indicators to an assessment: one Python closure, built once per policy.

A condition is compiled to a function of two values, true or false. Where the child's age is
not known it is called twice, with an age above and an age below every limit: since `check()`
proves that being younger only ever raises, true at the first means true, and true at the
second alone means not known.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from math import inf

from kittiwake.risk.expressions import (
    Age,
    Compare,
    Condition,
    Count,
    Every,
    Number,
    Operator,
    Term,
    comparisons,
)
from kittiwake.risk.facts import Assessment, Child, Level, Observed, Reason, Triggered
from kittiwake.risk.policy import Policy, Rule, cited_names
from kittiwake.risk.words import RuleWords, not_known_sentence

Values = Mapping[str, int]
Closure = Callable[[Mapping[str, Observed], Child, datetime], Assessment]
_Amount = Callable[[Values, float, float | None], float]
_Holds = Callable[[Values, float, float | None], bool]


def compile_closure(policy: Policy) -> Closure:
    """A function of the indicators observed, the child and the instant, giving the assessment."""
    highest_first = sorted(policy.floors, key=lambda floor: floor.level, reverse=True)
    floors = [(floor.level, _Compiled(policy, floor)) for floor in highest_first]
    triggers = [(trigger, _Compiled(policy, trigger)) for trigger in policy.triggers]
    sentences = {i.id: not_known_sentence(i) for i in policy.indicators}

    def assess(observed: Mapping[str, Observed], child: Child, now: datetime) -> Assessment:
        values = {name: seen.value for name, seen in observed.items()}
        not_known = [sentences[name] for name in sentences if observed[name].not_known]
        moment = _Moment(observed, values, child, now, not_known)
        reasons = [why for level, rule in floors if (why := rule.reason(level, moment))]
        triggered = [
            Triggered(trigger.id, trigger.effect, why)
            for trigger, rule in triggers
            if (why := rule.reason(None, moment))
        ]
        level = reasons[0].level if reasons else None
        return Assessment(
            level=Level.NOT_ENOUGH_KNOWN if level is None else level,
            reasons=tuple(reasons),
            not_known=tuple(not_known),
            triggers=tuple(triggered),
            policy_id=policy.id,
            policy_version=policy.version,
            indicators=values,
        )

    return assess


@dataclass(frozen=True, slots=True)
class _Moment:
    """What all rules look at; `not_known` gathers what could not be judged."""

    observed: Mapping[str, Observed]
    values: Values
    child: Child
    now: datetime
    not_known: list[str]


class _Compiled:
    """One floor or trigger, made ready: does it hold, on what does it rest, in which words."""

    def __init__(self, policy: Policy, rule: Rule) -> None:
        self.in_force = rule.in_force
        self.holds = _holds(rule.when)
        self.words = RuleWords(policy, rule)
        found = [(_compare(c), cited_names(policy, c)) for c in comparisons(rule.when)]
        self.cited = [(holds, names) for holds, names in found if names]

    def reason(self, level: Level | None, moment: _Moment) -> Reason | None:
        """The reason the rule gives at this moment, or None where it does not hold."""
        values, told = moment.values, moment.child.age
        if not self.in_force.at(moment.now):
            return None
        if self.holds(values, inf if told is None else told, told):
            return self.words.reason(level, self.entries(moment), values, moment.child)
        if told is None and self.holds(values, -inf, None):
            moment.not_known.append(self.words.age_not_known(values))
        return None

    def entries(self, moment: _Moment) -> tuple[int, ...]:
        """The entries behind every comparison that holds: in the order written, newest first."""
        values, told, observed = moment.values, moment.child.age, moment.observed
        age = inf if told is None else told
        behind = [
            observed[name].entries
            for holds, names in self.cited
            if holds(values, age, told)
            for name in names
        ]
        if len(behind) == 1:
            return behind[0]
        return tuple(dict.fromkeys(chain.from_iterable(behind)))


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
    if isinstance(compare.left, Count) and isinstance(compare.right, Number):
        return _count_and_number(compare.operator, compare.left.name, compare.right.value)
    left, right = _amount(compare.left), _amount(compare.right)
    made: Mapping[str, _Holds] = {
        ">": lambda v, age, told: left(v, age, told) > right(v, age, told),
        ">=": lambda v, age, told: left(v, age, told) >= right(v, age, told),
        "<": lambda v, age, told: left(v, age, told) < right(v, age, told),
        "<=": lambda v, age, told: left(v, age, told) <= right(v, age, told),
    }
    return made[compare.operator]


def _count_and_number(operator: Operator, name: str, number: int) -> _Holds:
    """The comparison that nearly all are."""
    made: Mapping[str, _Holds] = {
        ">": lambda values, age, told: values[name] > number,
        ">=": lambda values, age, told: values[name] >= number,
        "<": lambda values, age, told: values[name] < number,
        "<=": lambda values, age, told: values[name] <= number,
    }
    return made[operator]
