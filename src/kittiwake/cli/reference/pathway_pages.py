"""The page of a pathway, and the page of the journal's own kinds, from the register."""

import inspect
from collections.abc import Iterable
from pathlib import Path

from kittiwake.access.roles import ROLES
from kittiwake.cli.reference import diagram
from kittiwake.cli.reference.entry_parts import ask_table, clock_link, entry_part
from kittiwake.cli.reference.markdown import (
    anchor,
    bullets,
    link,
    page,
    people,
    summary,
    table,
)
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.pathway import REGISTER, Pathway

HOW_TO_READ = """\
Every heading below is one kind of entry: something that can happen, recorded by `record()` and
never changed. A fact and a raising are never refused. What is marked *lowering*, *closing* or
*withholding* may be refused, and its gates say why in words."""

MOVES = """\
A case only ever moves forward. An arrow starts at the nearest stage from which a kind moves the
case; the kind may be recorded at every stage its own section names, and outside them a fact is
kept, marked out of order, and moves nothing."""


WITHOUT_CASES = """\
It has no cases: what happens is recorded about the child, or in the case of another pathway in
which it is used."""


def pathway(one: Pathway) -> str:
    """The reference page of a pathway."""
    kinds = sorted(one.entries, key=_as_written)
    names = {stage.key: stage.name for stage in one.stages}
    return page(
        one.name,
        _readme(one),
        *(_cases(one, names) if one.stages else [WITHOUT_CASES]),
        *(["## What the policy obliges\n\n" + _triggers(one)] if one.triggers else []),
        _who_may(kinds),
        "## What can happen\n\n" + HOW_TO_READ + "\n\n" + _index(kinds),
        *(entry_part(cls, names, "../") for cls in kinds),
    )


def _cases(one: Pathway, names: dict[str, str]) -> list[str]:
    """What only a pathway with cases has: stages and a task list."""
    return [
        f"One run of it is a {one.case_name}, numbered such as `{one.ref_letter}-26-00042`"
        f"{_starting(one)}. It is owned from the first second, at first by whoever is on duty as "
        f"{people(one.owner_role).lower()}.",
        "## Stages\n\n" + MOVES + "\n\n" + diagram.stages(one),
        table(
            ("Stage", "Key", "Still going on?"),
            ((s.name, f"`{s.key}`", "yes" if s.active else "no") for s in one.stages),
        ),
        "## Task list\n\nWhat the case page asks for, in this order. A line is done when any of "
        "its kinds is in the case.\n\n" + _tasks(one, names),
    ]


def journal() -> str:
    """The reference page of the kinds that belong to no pathway."""
    kinds = [cls for cls in REGISTER.kinds.values() if REGISTER.pathway_of(cls.kind) is None]
    return page(
        "The journal’s own kinds",
        "What can happen in any pathway, and about a child in none: markers, clocks, actions, "
        "corrections, and what a partner’s file says about the past.",
        _who_may(kinds),
        "## What can happen\n\n" + HOW_TO_READ + "\n\n" + _index(kinds),
        *(entry_part(cls, {}, "") for cls in kinds),
    )


def _as_written(cls: type[Entry]) -> tuple[str, int]:
    """The order of the source, in which a maintainer reads the pathway."""
    return cls.__module__, inspect.getsourcelines(cls)[1]


def _readme(one: Pathway) -> str:
    """What the pathway's own README says, without its heading."""
    file = Path(inspect.getfile(one.entries[0])).with_name("README.md")
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return "\n".join(line for line in text.splitlines() if not line.startswith("# ")).strip()


def _starting(one: Pathway) -> str:
    return f", and starts graded {one.starting_grade}" if one.starting_grade else ""


def _tasks(one: Pathway, names: dict[str, str]) -> str:
    titles = {cls.kind: cls.title for cls in one.entries}
    also = REGISTER.kinds
    return table(
        ("Group", "Task", "Done by", "Clock", "Shown from"),
        (
            (
                task.group,
                task.title,
                "; ".join(
                    link(titles[k], anchor(titles[k])) if k in titles else also[k].title
                    for k in task.kinds
                ),
                clock_link(task.clock, "../") if task.clock else "",
                names[task.from_stage] if task.from_stage else "the start",
            )
            for task in one.tasks
        ),
    )


def _triggers(one: Pathway) -> str:
    told = [f"**{name.replace('_', ' ')}**: {summary(follow)}" for name, follow in one.triggers]
    return "When the [risk policy](../policy.md) says so, at any entry:\n\n" + bullets(told)


def _who_may(kinds: Iterable[type[Entry]]) -> str:
    return "## Who may\n\n" + ask_table(sorted({cls.may for cls in kinds}), ROLES)


def _index(kinds: Iterable[type[Entry]]) -> str:
    return table(
        ("Title", "Kind", "Nature", "What it is for"),
        (
            (link(c.title, anchor(c.title)), f"`{c.kind}`", c.nature.value, summary(c))
            for c in kinds
        ),
    )
