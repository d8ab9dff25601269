"""The clocks page: every promise of the rulebook, in words."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from kittiwake.cli.reference.markdown import (
    anchor,
    bullets,
    link,
    page,
    people,
    sentence,
    table,
)
from kittiwake.kernel.clocks import ClockRule, Rung
from kittiwake.kernel.limits import Limit
from kittiwake.kernel.rulebook import load

CALENDARS: Final = {
    "wall": "by the clock on the wall, day and night",
    "service": "in the team’s hours",
    "working": "in working days, Monday to Friday without bank holidays",
    "school": "by the school calendar",
}
FORMS: Final = {
    "deadline": "a deadline",
    "gate": "a gate: it blocks until it is met, and never falls due",
    "prohibition": "a prohibition: it may not happen, and never falls due",
}
READ_ME = """\
One section for each row of `src/kittiwake/rulebook/clocks.toml`. A **live** clock is kept by a
pathway that is built; a **waiting** one is loaded and checked, and starts when its pathway is
built. What is marked *our own default* is for each force to set; a limit that the law sets may
be tightened and never loosened: [how to change a deadline](../how-to/change-a-deadline.md). WD
is a working day.

Every clock has an owner; where nobody holds the role, the rota finds a deputy, and the duty
inspector or the force duty officer answers for what nobody else owns. The last step of a ladder
is repeated until a named person answers."""


def clocks() -> str:
    """The reference page of the clocks."""
    rules = list(load().clocks.values())
    live = sum(rule.status == "live" for rule in rules)
    waiting = _not_yet_in_force()
    groups = [
        f"## {name.replace('_', ' ').capitalize()}\n\n" + "\n\n".join(_part(r) for r in group)
        for name, group in groupby(rules, lambda rule: rule.pathway)
    ]
    return page(
        "Clocks",
        f"{len(rules)} promises: {live} live, {len(rules) - live} waiting"
        f"{f', of which the law has not begun for {waiting}' if waiting else ''}.",
        READ_ME,
        table(
            ("Clock", "Promise", "Limit", "Status"),
            (
                (link(r.id, anchor(_title(r))), r.name, _limits(r) or r.form, r.status)
                for r in rules
            ),
        ),
        *groups,
    )


def _not_yet_in_force() -> str:
    return ", ".join(r.id for r in load().clocks.values() if not r.commenced)


def _title(rule: ClockRule) -> str:
    return f"{rule.id} {rule.name}"


def _part(rule: ClockRule) -> str:
    return f"### {_title(rule)}\n\n{bullets(_lines(rule))}"


def _lines(rule: ClockRule) -> Iterator[str]:
    yield f"Status: **{rule.status}**; {FORMS[rule.form]}; about a {rule.subject}."
    yield f"Starts: {sentence(rule.starts)}"
    if rule.limits:
        yield f"Limit: {_limits(rule)}, {CALENDARS[rule.calendar]}{_team(rule)}."
    for key, text in rule.circumstances:
        yield f"{key.replace('_', ' ').capitalize()}: {sentence(text)}"
    if rule.repeats:
        again = f", then {rule.repeats.limit}" if rule.repeats.limit else ""
        yield f"Runs again: {rule.repeats.after[:1].lower()}{rule.repeats.after[1:]}{again}."
    if rule.warn_before:
        yield f"Warns: {rule.warn_before} before."
    yield f"Owner: {people(rule.owner)}."
    yield f"Ladder: {'; '.join(_rung(rung) for rung in rule.ladder)}."
    yield f"Repeated every {rule.repeat_last_rung} until somebody answers."
    yield f"May be paused: {'yes, with authority and a reason' if rule.pausable else 'no'}."
    yield f"Set by: {_strength(rule)}. Source: {rule.source}."
    if rule.note:
        yield f"Note: {rule.note}"


def _strength(rule: ClockRule) -> str:
    said = {"default": "our own default"}.get(rule.strength, str(rule.strength))
    said += f" ({rule.statute})" if rule.statute else ""
    nations = " and ".join({"ENG": "England", "WLS": "Wales"}[n] for n in sorted(rule.nations))
    since = f", in force from {rule.in_force_from}" if rule.in_force_from else ""
    return f"{said}, {nations}{since}{'' if rule.commenced else ', not known to be in force'}"


def _limits(rule: ClockRule) -> str:
    """Limits by grade or circumstance, equal ones together, what holds otherwise last."""
    said: dict[Limit, list[str]] = {}
    for key, limit in rule.limits:
        if key != "any":
            said.setdefault(limit, []).append(key.replace("_", " "))
    told = [f"{limit} ({', '.join(keys)})" for limit, keys in said.items()]
    usual = dict(rule.limits).get("any")
    if usual is None:
        return ", ".join(told)
    return ", ".join([*told, f"{usual} otherwise"]) if told else str(usual)


def _team(rule: ClockRule) -> str:
    team = "" if rule.team == "always" else f", in the hours of the {rule.team} team"
    shown = f"; shown beside it {CALENDARS[rule.also_shown]}" if rule.also_shown else ""
    back = ", counted back from its event" if rule.counted_back else ""
    return f"{back}{team}{shown}"


def _rung(rung: Rung) -> str:
    after = "at once" if rung.after.unit == "at_once" else f"after {rung.after}"
    start = " from the start" if rung.counted_from == "start" else ""
    return f"{after}{start}: {people(rung.to)}"
