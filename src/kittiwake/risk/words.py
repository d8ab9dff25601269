"""The sentences of an assessment."""

from collections.abc import Mapping

from kittiwake.risk.facts import NEVER, Child, Level, Reason
from kittiwake.risk.policy import Indicator, Policy, Rule


def say(sentence: str, policy: Policy, values: Mapping[str, int], child: Child) -> str:
    """A sentence with its `{indicator}` and `{age}` places filled in."""
    if "{" not in sentence:
        return sentence
    told = {i.id: _told(i, values[i.id]) for i in policy.indicators if i.id in sentence}
    told["age"] = "not known" if child.age is None else str(int(child.age))
    return sentence.format_map(told)


def reason_of(
    policy: Policy,
    rule: Rule,
    level: Level | None,
    entries: tuple[int, ...],
    values: Mapping[str, int],
    child: Child,
) -> Reason:
    """The reason a rule gives, its sentences filled in."""
    return Reason(
        rule_id=rule.id,
        sentence=say(rule.sentence, policy, values, child),
        level=level,
        entries=entries,
        source=rule.source,
        until=say(rule.until, policy, values, child),
    )


def not_known_sentence(indicator: Indicator) -> str:
    """What is said where the newest answer to an indicator's question is that it is not known."""
    return f"Not known: {indicator.sentence[0].lower()}{indicator.sentence[1:]}"


def age_not_known(policy: Policy, rule: Rule, values: Mapping[str, int]) -> str:
    """What is said where a rule hangs on the age and the age is not known."""
    told = say(rule.sentence, policy, values, Child(age=None))
    return f"The child's age is not known, and this depends on it: {told}"


def _told(indicator: Indicator, value: int) -> str:
    if indicator.count == "present":
        return "yes" if value else "no"
    if indicator.count != "days_since_last":
        return str(value)
    if value >= NEVER:
        return "longer than anything on record"
    return f"{value} day" if value == 1 else f"{value} days"
