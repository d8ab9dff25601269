"""Checking a policy before anyone is judged by it.

Besides form, three things are proved of every floor and trigger, from the shape of its
condition alone:

- *Frequency never lowers.* A concern stands only where more of it makes the condition truer;
  a response (something done for the child) only where less of it does.
- *Age never lowers.* `age` stands only where being younger makes the condition truer.
- *Nothing rests on nothing.* For the youngest child, with no concern on record and no response
  either, the condition is false: so whenever it holds, an entry is behind it.

With the level being the highest floor that holds, it follows that one more concern never
lowers a level. What a child is (ethnicity, religion, sex, nationality) and how a child comes
across (maturity, demeanour) is refused wherever a policy could name it.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from kittiwake.risk.expressions import Compare, comparisons, leanings
from kittiwake.risk.facts import Child
from kittiwake.risk.policy import Indicator, Policy, Rule
from kittiwake.risk.reference import holds
from kittiwake.risk.rows import (
    read_floor,
    read_indicator,
    read_nations,
    read_starting_grade,
    read_trigger,
)
from kittiwake.risk.shape import PolicyError, Problem, Row, Sheet

__all__ = ["PolicyError", "Problem", "check", "read"]

NEVER_WEIGHED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("ethnicity", "ethnic", "race", "racial"), "ethnicity"),
    **dict.fromkeys(("religion", "religious", "faith"), "religion"),
    **dict.fromkeys(("sex", "gender", "male", "female", "boy", "girl", "boys", "girls"), "sex"),
    **dict.fromkeys(("nationality", "citizenship"), "nationality"),
    **dict.fromkeys(("maturity", "mature", "streetwise"), "maturity"),
    "demeanour": "demeanour",
}


def check(source: Path | str, *, kinds: Collection[str] | None = None) -> list[Problem]:
    """Everything wrong with a policy, by line; empty for a policy that may be used.

    `source` is a file or the text itself. With `kinds`, all entry kinds there are, kinds that
    do not exist are problems too. Raises OSError for a file that cannot be read.
    """
    return _examine(source, kinds)[1]


def read(source: Path | str, *, kinds: Collection[str] | None = None) -> Policy:
    """The policy in a file or text. Raises PolicyError with all its problems."""
    policy, problems = _examine(source, kinds)
    if policy is None:
        raise PolicyError(problems)
    return policy


def _examine(
    source: Path | str, kinds: Collection[str] | None
) -> tuple[Policy | None, list[Problem]]:
    is_file = isinstance(source, Path)
    text = source.read_text(encoding="utf-8") if isinstance(source, Path) else source
    sheet = Sheet(str(source) if is_file else "policy", text)
    sheet.read()
    policy = _policy(sheet, kinds)
    problems = sorted(sheet.problems, key=lambda p: p.line or 0)
    return (None if problems else policy), problems


def _policy(sheet: Sheet, kinds: Collection[str] | None) -> Policy | None:
    """The policy of a sheet, noting every problem; None where the sheet has any."""
    rows = sheet.of("indicator")
    indicators = [read_indicator(sheet, row, kinds) for row in rows]
    names = {
        str(row.values["id"]): row.values.get("count") == "present"
        for row in rows
        if "id" in row.values
    }
    floors = [(row, read_floor(sheet, row, names)) for row in sheet.of("floor")]
    triggers = [(row, read_trigger(sheet, row, names)) for row in sheet.of("trigger")]
    grades = [read_starting_grade(sheet, row) for row in sheet.of("starting_grade")]
    nations = [read_nations(sheet, row) for row in sheet.of("policy")]
    built = {i.id: i for i in indicators if i is not None}
    for row, rule in (*floors, *triggers):
        if rule is not None:
            _prove(sheet, row, rule, built)
    for row in sheet.rows:
        _refuse_what_is_never_weighed(sheet, row)
    _refuse_twice(sheet, rows)
    _refuse_twice(sheet, [*sheet.of("floor"), *sheet.of("trigger")])
    _refuse_twice(sheet, sheet.of("starting_grade"), "pathway")
    if sheet.problems:
        return None
    head = sheet.of("policy")[0].values
    return Policy(
        id=head["id"],
        title=head["title"],
        nations=nations[0],
        in_force_from=head["in_force_from"],
        author=head["author"],
        version=_version(sheet),
        indicators=tuple(built.values()),
        floors=tuple(floor for _, floor in floors if floor),
        triggers=tuple(trigger for _, trigger in triggers if trigger),
        starting_grades=tuple(grade for grade in grades if grade),
    )


def _version(sheet: Sheet) -> str:
    """A name for what the policy says: the same whatever its comments and layout."""
    said = json.dumps(sheet.document, sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _prove(sheet: Sheet, row: Row, rule: Rule, indicators: Mapping[str, Indicator]) -> None:
    """The three proofs of the module's docstring, for one floor or trigger."""
    compares = list(comparisons(rule.when))
    read = {name for c in compares for name, _ in (*leanings(c.left), *leanings(c.right))}
    if not read - {"age"} <= set(indicators):
        return  # an indicator of this rule is itself a problem
    for compare in compares:
        for name, lean in _truer_with(compare):
            if wrong := _wrong_way(name, lean, indicators.get(name)):
                sheet.add(row, *wrong, key="when")
    nothing = {name: indicators[name].absent for name in read - {"age"}}
    if holds(rule.when, nothing, Child(age=0.0)):
        sheet.add(
            row,
            "this holds for a young child about whom nothing at all is recorded",
            "join it with a concern, such as: and missing_now > 0",
            key="when",
        )


def _truer_with(compare: Compare) -> Iterator[tuple[str, int]]:
    """Each name, and whether the comparison becomes truer as it grows (1) or shrinks (-1)."""
    sign = 1 if compare.operator in (">", ">=") else -1
    yield from leanings(compare.left, sign)
    yield from leanings(compare.right, -sign)


def _wrong_way(name: str, lean: int, indicator: Indicator | None) -> tuple[str, str] | None:
    """What is wrong with a name that leans this way in a condition, if anything."""
    if indicator is None:
        if lean < 0:
            return None
        return "being older may not raise one child above another", "write age < 11 or age <= 10"
    with_more = lean * indicator.grows
    if indicator.is_response and with_more > 0:
        return (
            f"{name} is a response, and having it may not raise",
            f'ask for its absence, or take shows = "response" from {name}',
        )
    if not indicator.is_response and with_more < 0:
        return (
            f"more of {name} would end this, and frequency never lowers",
            f"turn the comparison round; if {name} is something done for the child, "
            'give it shows = "response"',
        )
    return None


def _refuse_what_is_never_weighed(sheet: Sheet, row: Row) -> None:
    """What a child is, and how a child comes across, are fairness tests and never indicators."""
    for key in ("id", "kinds", "opened_by", "where", "when", "matched_on"):
        written = row.values.get(key, "")
        for name in re.findall(
            r"[A-Za-z0-9_.-]+", written if isinstance(written, str) else " ".join(written)
        ):
            words = re.split(r"[_.-]", name.lower())
            for word in words:
                if word in NEVER_WEIGHED and "abuse" not in words:
                    sheet.add(
                        row,
                        f"{name}: {NEVER_WEIGHED[word]} is never weighed",
                        "write what has happened to the child instead",
                        key,
                    )


def _refuse_twice(sheet: Sheet, rows: Sequence[Row], key: str = "id") -> None:
    seen: set[str] = set()
    for row in rows:
        name = row.values.get(key)
        if name in seen:
            sheet.add(row, f"{name} is there twice", f"give each its own {key}", key)
        if name is not None:
            seen.add(name)
