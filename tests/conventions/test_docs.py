"""Documents stay true: what is written from the code is fresh, what is named is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer
from django.apps import apps
from house_files import TREE, name, ours, text
from typer.main import get_command

from kittiwake.access.walls import TABLES
from kittiwake.cli import reference
from kittiwake.cli.county.logins import DEMO_LOGINS
from kittiwake.cli.main import app as commands
from kittiwake.cli.reference import coverage, table_page
from kittiwake.cli.reference.markdown import anchor
from kittiwake.config.commands import app as first_commands
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.rulebook import load

PAGES = [file for file in ours() if file.suffix == ".md" and "/samples/" not in name(file)]
WRITTEN = [file for file in PAGES if "docs/reference/" not in name(file)]


def test_the_generated_pages_are_fresh() -> None:
    assert not reference.stale(), "run ./kittiwake docs, and commit what it writes"


def test_every_kind_of_entry_is_in_the_generated_pages() -> None:
    pages = "\n".join(reference.pages().values())
    assert not [kind for kind in REGISTER.kinds if f"`{kind}`, version" not in pages]


def test_every_clock_is_in_the_generated_pages() -> None:
    page = reference.pages()["docs/reference/clocks.md"]
    assert not [r.id for r in load().clocks.values() if f"### {r.id} {r.name}" not in page]


def test_every_model_has_a_sentence_and_is_in_the_glossary() -> None:
    glossary = (TREE / "docs/glossary.md").read_text(encoding="utf-8")
    models = [m for m in apps.get_models() if m.__module__.startswith("kittiwake.")]
    assert not [m.__name__ for m in models if f"`{m.__name__}`" not in glossary]
    # Django gives a model without a docstring one that begins with its name and a bracket.
    assert not [m.__name__ for m in models if str(m.__doc__).startswith(f"{m.__name__}(")]


def test_every_wall_can_be_said_in_words() -> None:
    """Or table_page.WORDS needs another line."""
    conditions = [
        (table, condition)
        for table, wall in TABLES.items()
        for condition in (wall.read, wall.write, wall.change)
        if condition and condition != "true"
    ]
    left = {
        table: table_page.in_words(condition)
        for table, condition in conditions
        if table_page.is_sql(table_page.in_words(condition))
    }
    assert not left


def test_every_promise_to_be_kept_now_is_shown_by_a_test() -> None:
    assert not [f"{p.id} {p.words}" for p in coverage.unshown(TREE)]


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("CLK-12 to CLK-14 and G9", {"CLK-12", "CLK-13", "CLK-14", "G9"}),
        ("CLK-17, 18, 19 start", {"CLK-17", "CLK-18", "CLK-19"}),
        ("Rule 8, security row B11; finding F77", {"rule 8", "B11", "F77"}),
        ("nothing of the kind: A4 paper is A4", {"A4"}),
    ],
)
def test_ids_are_read_from_docstrings(said: str, ids: set[str]) -> None:
    assert coverage.in_text(said) == ids


@pytest.mark.parametrize(
    ("called", "ids"),
    [
        ("test_clk_12_to_14_reviews", {"CLK-12", "CLK-13", "CLK-14"}),
        ("test_clk_21_22_repeats", {"CLK-21", "CLK-22"}),
        ("test_g17_g18_raising", {"G17", "G18"}),
        ("test_rule_04_case_clocks", {"rule 4"}),
        ("test_a5_powerless", {"A5"}),
        ("test_nothing_is_claimed", set()),
    ],
)
def test_ids_are_read_from_names(called: str, ids: set[str]) -> None:
    assert coverage.in_name(called) == ids


def test_the_readme_names_everybody_one_may_sign_in_as() -> None:
    readme = (TREE / "README.md").read_text(encoding="utf-8")
    assert not [p for p in DEMO_LOGINS if f"| {p[0]} | {p[1]} |" not in readme]
    assert {password for _, _, password in DEMO_LOGINS} == {"samphire-and-tern"}
    assert "`samphire-and-tern`" in readme


# ── What a page names is there ──────────────────────────────────────────────────────────

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"(?:^|`)\./kittiwake ([a-z][^`\n]*)", re.MULTILINE)
SOURCE = re.compile(r"`((?:src|tests|docs|bin)/[\w./-]+\w)`")


def headings(page: Path) -> set[str]:
    return {
        anchor(line.lstrip("# ").strip()) for line in text(page).splitlines() if line[:1] == "#"
    }


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    body = re.sub(r"`[^`\n]*`", "", text(page))
    for to in [*LINK.findall(body), *PICTURE.findall(body)]:
        path, _, place = to.partition("#")
        if "://" in path or path.startswith("mailto:"):
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (place and f"#{place}" not in headings(target)):
            broken.append(to)
    assert not broken


@pytest.mark.parametrize("page", WRITTEN, ids=name)
def test_files_and_commands_a_page_names_exist(page: Path) -> None:
    body = text(page)
    gone = [path for path in SOURCE.findall(body) if not (TREE / path).exists()]
    if "add-a-pathway" in page.name:
        gone = [path for path in gone if "early_help" not in path]
    assert not gone
    unknown = [said for said in COMMAND.findall(body) if not is_command(said)]
    assert not unknown


def is_command(said: str) -> bool:
    """Whether `./kittiwake` knows these words: a command, perhaps with a command of its own."""
    words = shlex.split(said.split("  ")[0])
    group = typer.Typer()
    group.add_typer(first_commands)
    group.add_typer(commands)
    command = get_command(group)
    for word in words:
        inner = getattr(command, "commands", None)
        if inner is None:
            return not word.startswith("--") or knows(command, word)
        if word.startswith("--"):
            return True
        if word not in inner:
            return False
        command = inner[word]
    return True


def knows(command: object, option: str) -> bool:
    return any(option in p.opts for p in getattr(command, "params", ()))
