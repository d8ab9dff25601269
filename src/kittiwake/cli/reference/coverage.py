"""Which test shows which promise: ids are found in the names and docstrings of tests."""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kittiwake.cli.reference.markdown import page as make_page
from kittiwake.cli.reference.markdown import table
from kittiwake.kernel.rulebook import load

IDS = "docs/coverage-ids.toml"
PLACES = ("tests", "src/kittiwake")
READ_ME = """\
Each promise has an id: clocks (CLK), invariants (G), engine rules, rows of the security targets
(A to E, and SC for the supply chain) and findings of the two public reports (F). A test shows a
promise by naming its id in the name of the file or of the function, or in a docstring. Ids and
our short words for them are in `docs/coverage-ids.toml`; `./kittiwake docs` finds the tests.

A promise that is **waiting** belongs to something not built yet, which is named."""

SECTIONS: Final[Mapping[str, str]] = {
    "clocks": "Clocks",
    "rules": "Rules of the engine",
    "invariants": "Invariants",
    "security": "Security targets",
    "findings": "Findings of the two reports",
}


@dataclass(frozen=True, slots=True)
class Promise:
    """One id: our words for it, and what it waits for, if it does."""

    id: str
    section: str
    words: str
    waiting: str


def promises(tree: Path) -> list[Promise]:
    """Every id there is, clocks from the rulebook and the others from our list."""
    found = [
        Promise(r.id, "clocks", r.name, "" if r.status == "live" else _pathway(r.pathway))
        for r in load().clocks.values()
    ]
    listed = tomllib.loads((tree / IDS).read_text(encoding="utf-8"))
    for section in list(SECTIONS)[1:]:
        for key, row in listed[section].items():
            if isinstance(row, str):
                found.append(Promise(_spelt(section, key), section, row, ""))
            else:
                for one in _ids(row["ids"]):
                    found.append(Promise(one, section, row.get(one, ""), row["waiting"]))
    return found


def _pathway(name: str) -> str:
    return f"the pathway “{name.replace('_', ' ')}”"


def _spelt(section: str, key: str) -> str:
    return f"rule {key}" if section == "rules" else key


def _ids(text: str) -> Iterator[str]:
    """Ids from text such as "F1 F5-F9"."""
    for letters, low, high in re.findall(r"([A-Z]+)(\d+)(?:-[A-Z]+(\d+))?", text):
        yield from (f"{letters}{n}" for n in range(int(low), int(high or low) + 1))


def page(tree: Path) -> str:
    """The coverage page, from the tests under a tree."""
    shown = tests_by_id(tree)
    every = promises(tree)
    here = [p for p in every if not p.waiting]
    named = sum(p.id in shown for p in here)
    return make_page(
        "Coverage",
        READ_ME,
        f"{len(every)} promises: {len(here)} to be kept now, of which {named} are shown by a test; "
        f"{len(every) - len(here)} waiting.",
        *(_section(name, [p for p in every if p.section == name], shown) for name in SECTIONS),
    )


def _section(name: str, rows: list[Promise], shown: Mapping[str, list[str]]) -> str:
    now = [p for p in rows if not p.waiting]
    later: dict[str, list[str]] = defaultdict(list)
    for promise in rows:
        if promise.waiting:
            later[promise.waiting].append(promise.id)
    return "\n\n".join(
        part
        for part in (
            f"## {SECTIONS[name]}",
            table(
                ("Id", "Promise", "Shown by"),
                ((p.id, p.words, "<br>".join(shown.get(p.id, ["**no test yet**"]))) for p in now),
            ),
            table(
                ("Waiting for", "Ids", "Shown already"),
                (
                    (
                        what,
                        ", ".join(ids),
                        "<br>".join(f"{i}: {t}" for i in ids for t in shown.get(i, ())),
                    )
                    for what, ids in later.items()
                ),
            ),
        )
        if part
    )


def unshown(tree: Path) -> list[Promise]:
    """The promises to be kept now that no test names."""
    shown = tests_by_id(tree)
    return [p for p in promises(tree) if not p.waiting and p.id not in shown]


def tests_by_id(tree: Path) -> dict[str, list[str]]:
    """For each id the tests that name it; a file that is named for it stands for all its tests."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(f for place in PLACES for f in (tree / place).rglob("test_*.py")):
        module = ast.parse(file.read_text(encoding="utf-8"))
        path = str(file.relative_to(tree))
        whole = {*in_name(file.stem), *in_text(ast.get_docstring(module) or "")}
        for one in whole:
            found[one].append(f"`{path}`")
        for name, doc in _functions(module):
            for one in {*in_name(name), *in_text(doc)} - whole:
                found[one].append(f"`{path}::{name}`")
    return dict(found)


def _functions(module: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name, ast.get_docstring(node) or ""


def in_name(name: str) -> set[str]:
    """Ids in a snake-case name: test_clk_12_to_14_reviews, test_g17_g18_raising, test_rule_04."""
    return set(_clocks(name.replace("_", " "), "clk ")) | _others(
        name.split("_"), name.replace("_", " ")
    )


def in_text(text: str) -> set[str]:
    """Ids in a docstring: CLK-12 to CLK-14, CLK-21, 22, G9, rule 8, A1, F77."""
    words = re.findall(r"\b(?:[A-G]|SC)\d{1,3}\b", text)
    return set(_clocks(text, "CLK-")) | _others([w.lower() for w in words], text.lower())


def _clocks(text: str, prefix: str) -> Iterator[str]:
    number = rf"(?:{prefix})?(\d{{2,3}})"
    for found in re.finditer(rf"{prefix}(\d{{2,3}})((?:(?:,| and| to|)? {number})*)", text):
        low = int(found[1])
        yield f"CLK-{low:02}"
        for joint, high in re.findall(rf"(,| and| to|)? {number}", found[2]):
            span = range(low + 1, int(high) + 1) if joint.strip() == "to" else (int(high),)
            yield from (f"CLK-{n:02}" for n in span)
            low = int(high)


def _others(words: Iterable[str], text: str) -> set[str]:
    ids = {w.upper() for w in words if re.fullmatch(r"(?:[a-g]|sc)\d{1,3}", w)}
    rules = re.findall(r"\brules? (\d{1,2})\b", text)
    return ids | {f"rule {int(n)}" for n in rules}
