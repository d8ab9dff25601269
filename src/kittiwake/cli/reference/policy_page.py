"""The policy page: what the shipped risk policy says, in its own sentences."""

import tomllib
from typing import Any

from kittiwake.cli.reference.markdown import bullets, page, table
from kittiwake.kernel.pathway import REGISTER
from kittiwake.risk.facts import Level
from kittiwake.risk.policy import COUNTED, EFFECTS, Policy
from kittiwake.risk.shipped import shipped, shipped_file, shipped_ids

READ_ME = """\
A policy advises and a named person decides. A floor raises the level while its facts stand;
nothing in a policy takes anything away, and what is not known is never read as low. Every level
cites the entries it rests on and the version of the policy. `./kittiwake docs` writes this page
from the file in `src/kittiwake/rulebook/policies/`; `src/kittiwake/risk/README.md` says how such
a file is written.

Sources: S1 and S2 are two public reports, by paragraph and line; sections, clocks and invariants
are the rulebook’s; [D] is our own default, for each force to set in a policy of its own."""


def policies() -> str:
    """The reference page of every policy that ships."""
    return page("Risk policy", READ_ME, *(_policy(shipped(key)) for key in shipped_ids()))


def _policy(policy: Policy) -> str:
    raw = tomllib.loads(shipped_file(policy.id).read_text(encoding="utf-8"))
    levels = sorted({floor.level for floor in policy.floors}, reverse=True)
    return "\n\n".join(
        (
            f"## {policy.title} (`{policy.id}`)",
            f"In force from {policy.in_force_from}, in {_nations(policy)}. "
            f"Who answers for it: {policy.author}.",
            "### Where a case starts",
            bullets(f"{s.sentence} ({s.source})" for s in policy.starting_grades),
            *(f"{_floors(policy, level, raw)}" for level in levels),
            "### What it obliges",
            table(
                ("When", "It says", "What follows", "Until", "Source"),
                (
                    (f"`{_when(raw, 'trigger', t.id)}`", t.sentence, _effect(t.effect), t.until,
                     t.source)
                    for t in policy.triggers
                ),
            ),
            "### What it counts",
            table(
                ("Name", "Indicator", "How it is counted", "Source"),
                (
                    (f"`{i.id}`", i.sentence, f"{COUNTED[i.count]}{_response(i.is_response)}",
                     i.source)
                    for i in policy.indicators
                ),
            ),
        )
    )  # fmt: skip


def _nations(policy: Policy) -> str:
    return " and ".join({"ENG": "England", "WLS": "Wales"}[n] for n in policy.nations)


def _floors(policy: Policy, level: Level, raw: dict[str, Any]) -> str:
    return f"### At least {level.word.replace('_', ' ')}\n\n" + table(
        ("When", "It says", "Holds the grade too", "Until", "Source"),
        (
            (f"`{_when(raw, 'floor', f.id)}`", f.sentence, "yes" if f.holds_grade else "no",
             f.until, f.source)
            for f in policy.floors
            if f.level == level
        ),
    )  # fmt: skip


def _when(raw: dict[str, Any], kind: str, key: str) -> str:
    return next(str(row["when"]) for row in raw[kind] if row["id"] == key)


def _effect(effect: str) -> str:
    kept = any(effect in dict(p.triggers) for p in REGISTER.pathways.values())
    return EFFECTS[effect] + ("" if kept else " (its pathway is yet to come)")


def _response(is_response: bool) -> str:
    return "; something done for the child, which raises only by its absence" if is_response else ""
