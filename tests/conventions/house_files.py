"""The files of the house, for tests that read all of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]
OURS = ("src", "tests", "docs", "bin", ".ci")
AT_THE_ROOT = ("*.md", "*.toml", "*.in", "*.txt", "run", "test", "kittiwake", "NOTICE", "LICENSE")
# What others made and we carry along unchanged.
CARRIED = ("tests/vendor", "src/kittiwake/pages/static/vendor", "src/kittiwake/pages/static/assets")
CODE = {".py", ".html", ".css", ".js", ".sql", ".sh"}
WRITTEN = {*CODE, ".toml", ".md", ".txt", ".in", ".json", ".csv", ".xml", ".svg"}


@cache
def ours() -> tuple[Path, ...]:
    """Every file we wrote, in order."""
    at_root = (file for pattern in AT_THE_ROOT for file in TREE.glob(pattern))
    below = (file for place in OURS for file in (TREE / place).rglob("*"))
    return tuple(sorted(file for file in {*at_root, *below} if _is_ours(file)))


def _is_ours(file: Path) -> bool:
    path = name(file)
    if not file.is_file() or (file.suffix and file.suffix not in WRITTEN):
        return False
    return not path.startswith(CARRIED) and ".min." not in path


def name(file: Path) -> str:
    """A file's path under the tree."""
    return file.relative_to(TREE).as_posix()


@cache
def text(file: Path) -> str:
    """What is in a file."""
    return file.read_text(encoding="utf-8")


def python() -> Iterator[tuple[str, ast.Module]]:
    """Every Python file of ours but migrations, by path."""
    for file in ours():
        if file.suffix == ".py" and "/migrations/" not in name(file):
            yield name(file), ast.parse(text(file))


def line_of(body: str, at: int) -> int:
    """The line of a place in a text."""
    return body.count("\n", 0, at) + 1
