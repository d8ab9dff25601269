"""The sentences of an assessment."""

from collections.abc import Callable, Mapping
from string import Formatter

from kittiwake.risk.facts import NEVER, NO_AGE, Child, Level, Reason
from kittiwake.risk.policy import Floor, Indicator, Policy, Rule

Say = Callable[[Mapping[str, int], Child], str]


def compile_say(sentence: str, policy: Policy) -> Say:
    """A function that fills in a sentence's `{indicator}` and `{age}` places."""
    places = {name for _, name, _, _ in Formatter().parse(sentence) if name}
    if not places:
        return lambda values, child: sentence
    told = [policy.indicator(name) for name in places if name != "age"]

    def say(values: Mapping[str, int], child: Child) -> str:
        words = {i.id: _told(i, values[i.id]) for i in told}
        words["age"] = "not known" if child.age is None else str(int(child.age))
        return sentence.format_map(words)

    return say


class RuleWords:
    """The sentences of one floor or trigger, made ready to be filled in."""

    def __init__(self, policy: Policy, rule: Rule) -> None:
        self.rule = rule
        self.sentence = compile_say(rule.sentence, policy)
        self.until = compile_say(rule.until, policy)
        self.holds_grade = isinstance(rule, Floor) and rule.holds_grade

    def reason(
        self,
        level: Level | None,
        entries: tuple[int, ...],
        values: Mapping[str, int],
        child: Child,
    ) -> Reason:
        """The reason the rule gives."""
        return Reason(
            rule_id=self.rule.id,
            sentence=self.sentence(values, child),
            level=level,
            entries=entries,
            source=self.rule.source,
            until=self.until(values, child),
            holds_grade=self.holds_grade,
        )

    def age_not_known(self, values: Mapping[str, int]) -> str:
        """What is said where the rule hangs on the age and the age is not known."""
        told = self.sentence(values, NO_AGE)
        return f"The child's age is not known, and this depends on it: {told}"


def not_known_sentence(indicator: Indicator) -> str:
    """What is said where the newest answer to an indicator's question is that it is not known."""
    return f"Not known: {indicator.sentence[0].lower()}{indicator.sentence[1:]}"


def _told(indicator: Indicator, value: int) -> str:
    if indicator.count == "present":
        return "yes" if value else "no"
    if indicator.count != "days_since_last":
        return str(value)
    if value >= NEVER:
        return "longer than anything on record"
    return f"{value} day" if value == 1 else f"{value} days"
