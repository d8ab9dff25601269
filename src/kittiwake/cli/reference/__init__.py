"""The reference pages: written from the code itself, so that they cannot say anything else.

`./kittiwake docs` writes them, `./kittiwake docs --check` fails when one is stale, and so does
`tests/conventions/test_docs.py`. Nobody edits a page that is written here.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from kittiwake.cli.reference import (
    clock_pages,
    coverage,
    language_page,
    pathway_pages,
    policy_page,
    role_page,
    standard_page,
    table_page,
)
from kittiwake.kernel.pathway import REGISTER

TREE = Path(__file__).resolve().parents[4]
"""The directory that holds `docs` and `tests`."""

_PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/journal.md": pathway_pages.journal,
    "docs/reference/clocks.md": clock_pages.clocks,
    "docs/reference/roles.md": role_page.roles,
    "docs/reference/policy.md": policy_page.policies,
    "docs/reference/language.md": language_page.language,
    "docs/reference/standards.md": standard_page.standards,
    "docs/reference/tables.md": table_page.tables,
}


def pages(tree: Path = TREE) -> dict[str, str]:
    """Every generated page as it should be now: its path under the tree, and its text."""
    written = {path: write() for path, write in _PAGES.items()}
    for pathway in REGISTER.pathways.values():
        path = f"docs/reference/pathways/{pathway.key}.md"
        written[path] = pathway_pages.pathway(pathway)
    written["docs/coverage.md"] = coverage.page(tree)
    return dict(sorted(written.items()))


def stale(tree: Path = TREE) -> list[str]:
    """The generated pages that are not as the code says now, and those of no code at all."""
    right = pages(tree)
    wrong = [path for path, text in right.items() if _read(tree / path) != text]
    there = {str(p.relative_to(tree)) for p in (tree / "docs/reference").rglob("*.md")}
    return sorted([*wrong, *(there - set(right))])


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def docs(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when a page is stale.")
    ] = False,
) -> None:
    """Write the reference pages under docs/ from the code."""
    wrong = stale()
    if check:
        for path in wrong:
            typer.echo(f"{path} is stale: run ./kittiwake docs")
        raise typer.Exit(1 if wrong else 0)
    right = pages()
    for path in wrong:
        if path not in right:
            (TREE / path).unlink()
            typer.echo(f"{path} taken away")
            continue
        (TREE / path).parent.mkdir(parents=True, exist_ok=True)
        (TREE / path).write_text(right[path], encoding="utf-8")
        typer.echo(f"{path} written")
