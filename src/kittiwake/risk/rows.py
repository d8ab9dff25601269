"""From the rows of a policy file to the parts of a policy, each problem noted where it stands."""

import re
import string
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, time
from typing import Any, Final, TypeVar, cast
from zoneinfo import ZoneInfo

from kittiwake.risk.codes import Where, parse_where
from kittiwake.risk.expressions import Condition, ExpressionError, parse_when, suggestion
from kittiwake.risk.facts import Level
from kittiwake.risk.policy import (
    COUNTED,
    EFFECTS,
    NATIONS,
    ROLES,
    Counted,
    Floor,
    Indicator,
    InForce,
    StartingGrade,
    Trigger,
    Window,
)
from kittiwake.risk.shape import Row, Sheet

T = TypeVar("T")

LONDON: Final = ZoneInfo("Europe/London")
LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "open_cases": ("opened_by", "closed_by"),
    "standing": ("opened_by", "closed_by", "matched_on"),
}


def read_nations(sheet: Sheet, row: Row) -> tuple[str, ...]:
    """The nations whose law a policy is written for."""
    written = row.values.get("nation", [])
    nations = [written] if isinstance(written, str) else written
    for nation in nations:
        if nation not in NATIONS:
            sheet.add(row, f"{nation} is no nation", suggestion(nation, list(NATIONS)), "nation")
    return tuple(nations)


def read_indicator(sheet: Sheet, row: Row, kinds: Collection[str] | None) -> Indicator | None:
    """One indicator, or None where something in its row is wrong."""
    before = len(sheet.problems)
    _check_name(sheet, row)
    for key, choices in (("count", COUNTED), ("role", ROLES), ("shows", ("concern", "response"))):
        _check_choice(sheet, row, key, choices)
    if row.values.get("relationship", "self") != "self":
        instead = 'write "self"; what links children is raised by a person, one hop at a time'
        sheet.add(row, "only the child's own entries are counted", instead, "relationship")
    _check_kinds(sheet, row, kinds)
    window = _parsed(sheet, row, "window", Window.of)
    where = _parsed(sheet, row, "where", parse_where)
    _check_places(sheet, row, {})
    if len(sheet.problems) > before or not _whole(row, "id", "sentence", "source", "count"):
        return None
    return _indicator(row, cast(Window, window), where)


def _indicator(row: Row, window: Window, where: Where | None) -> Indicator:
    values = row.values
    return Indicator(
        id=values["id"],
        sentence=values["sentence"],
        kinds=tuple(values.get("kinds") or values["opened_by"]),
        role=values.get("role", "child"),
        where=where,
        window=window,
        count=cast(Counted, values["count"]),
        source=values["source"],
        is_response=values.get("shows") == "response",
        closed_by=tuple(values.get("closed_by", ())),
        matched_on=tuple(values.get("matched_on", ())),
    )


def read_floor(sheet: Sheet, row: Row, names: Mapping[str, bool]) -> Floor | None:
    """One floor, or None where something in its row is wrong."""
    _check_choice(sheet, row, "level", [level.word for level in Level if level])
    _check_choice(sheet, row, "holds", ("level", "grade"))
    rule = _rule(sheet, row, names)
    if rule is None:
        return None
    holds_grade = row.values.get("holds") == "grade"
    return Floor(**rule, level=Level.of(row.values["level"]), holds_grade=holds_grade)


def read_trigger(sheet: Sheet, row: Row, names: Mapping[str, bool]) -> Trigger | None:
    """One trigger, or None where something in its row is wrong."""
    _check_choice(sheet, row, "effect", EFFECTS)
    rule = _rule(sheet, row, names)
    return None if rule is None else Trigger(**rule, effect=row.values["effect"])


def read_starting_grade(sheet: Sheet, row: Row) -> StartingGrade | None:
    """The grade a pathway's cases start with, or None where something in the row is wrong."""
    _check_choice(sheet, row, "grade", ["low", "medium", "high"])
    if not _whole(row, "pathway", "grade", "sentence", "source"):
        return None
    values = row.values
    return StartingGrade(
        values["pathway"], Level.of(values["grade"]), values["sentence"], values["source"]
    )


def _rule(sheet: Sheet, row: Row, names: Mapping[str, bool]) -> dict[str, Any] | None:
    before = len(sheet.problems)
    _check_name(sheet, row)
    _check_places(sheet, row, names)

    def read_when(text: str) -> Condition:
        return parse_when(text, names)

    when = _parsed(sheet, row, "when", read_when)
    in_force = _in_force(sheet, row)
    wanted = ("id", "when", "sentence", "until", "source")
    choice = "level" if row.table == "floor" else "effect"
    if len(sheet.problems) > before or not _whole(row, *wanted, choice):
        return None
    told = {key: row.values[key] for key in ("id", "sentence", "until", "source")}
    return {**told, "when": when, "in_force": in_force}


def _in_force(sheet: Sheet, row: Row) -> InForce:
    """From the start of one day, in London, until the start of another."""
    written = row.values.get("in_force", {})
    dates = {k: v for k, v in written.items() if type(v) is date and k in ("from", "until")}
    start, end = (
        datetime.combine(dates[key], time(), LONDON) if key in dates else None
        for key in ("from", "until")
    )
    if len(dates) != len(written) or (start and end and end <= start):
        instead = "write { from = 2026-01-01, until = 2027-01-01 }, either or both, in order"
        sheet.add(row, "in_force is not as it must be", instead, "in_force")
    return InForce(start, end)


def _whole(row: Row, *keys: str) -> bool:
    return all(key in row.values for key in keys)


def _parsed(sheet: Sheet, row: Row, key: str, parse: Callable[[str], T]) -> T | None:
    """The parsed text of a key; where it cannot be parsed, a problem and None."""
    text = row.values.get(key)
    if text is None:
        return None
    try:
        return parse(text)
    except ExpressionError as wrong:
        sheet.add(row, wrong.message, wrong.instead, key)
    except ValueError:
        instead = 'write "36 h", "90 d", "12 months" or "ever"'
        sheet.add(row, f"“{text}” is no {key}", instead, key)
    return None


def _check_name(sheet: Sheet, row: Row) -> None:
    name = row.values.get("id", "a")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name == "age":
        instead = "write small letters, digits and _, starting with a letter; age is taken"
        sheet.add(row, f"“{name}” is no name", instead, "id")


def _check_choice(sheet: Sheet, row: Row, key: str, choices: Collection[str]) -> None:
    value = row.values.get(key)
    if value is not None and value not in choices:
        sheet.add(row, f"{value} is no {key}", suggestion(value, list(choices)), key)


def _check_kinds(sheet: Sheet, row: Row, known: Collection[str] | None) -> None:
    """The right lists of kinds for what is counted, and only kinds that there are."""
    _check_lists(sheet, row)
    for key in ("kinds", "opened_by", "closed_by"):
        for kind in row.values.get(key, ()):
            if not re.fullmatch(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", kind):
                sheet.add(row, f"“{kind}” is no kind", "write pathway.what_happened", key)
            elif known is not None and kind not in known:
                sheet.add(row, f"there is no kind {kind}", suggestion(kind, list(known)), key)
    for kind in sorted(set(row.values.get("opened_by", ())) & set(row.values.get("closed_by", ()))):
        sheet.add(row, f"{kind} both opens and closes", "leave it in one of the two", "closed_by")
    for code in row.values.get("matched_on", ()):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", code):
            sheet.add(row, f"“{code}” is no code", "write the name of a code", "matched_on")


def _check_lists(sheet: Sheet, row: Row) -> None:
    """Each way of counting has its own lists of kinds: all of them, and no other."""
    count = row.values.get("count")
    if count not in COUNTED:
        return
    wanted = LISTS.get(str(count), ("kinds",))
    for key in ("kinds", "opened_by", "closed_by", "matched_on"):
        if key in wanted and key not in row.values:
            sheet.add(row, f"{key} is not there", f"{count} needs {' and '.join(wanted)}")
        elif key in row.values and key not in wanted:
            sheet.add(row, f"{key} does not go with {count}", f"write {', '.join(wanted)}", key)


def _check_places(sheet: Sheet, row: Row, names: Mapping[str, bool]) -> None:
    """Each `{place}` of a sentence names an indicator or the age, and nothing more."""
    for key in ("sentence", "until"):
        text = row.values.get(key, "")
        try:
            places = list(string.Formatter().parse(text))
        except ValueError:
            sheet.add(row, f"{key} has a lone brace", "write {indicator}", key)
            continue
        for _, name, form, change in places:
            if name is None:
                continue
            if form or change or (name not in names and name != "age"):
                known = [*names, "age"]
                sheet.add(row, f"{key}: {{{name}}} is no indicator", suggestion(name, known), key)
