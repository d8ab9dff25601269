"""Every address of the product, beside the reviewed table of how each answers (row A1).

`python -m tests.security.routes` prints a row to begin with for each address that has none.
"""

from __future__ import annotations

import os
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("routes.toml")
METHODS = ("GET", "POST", "PUT", "DELETE")
LOGIN, NO_TOKEN = 302, 401


@dataclass(frozen=True)
class Route:
    """One reviewed row: who may ask an address what, and how it answers those it lets in."""

    path: str
    methods: tuple[str, ...]
    answers: tuple[int, ...]
    """Statuses for whoever is let in."""
    needs: tuple[str, ...] = ()
    """Every one of these capabilities."""
    about: bool = False
    """Whether it is about the child of the relation: nobody out of reach learns that it exists."""
    door: bool = False
    """Whether it opens the child's record: not with a conflict, restricted ones for few."""
    anyone: tuple[int, ...] = ()
    """Statuses for somebody who is not signed in; without it, they are sent to sign in."""
    otherwise: tuple[int, ...] = (405,)
    """Statuses for every other method, whoever asks."""
    fill: dict[str, str] = field(default_factory=dict)
    """Values for what the path holds besides the child, the case, the entry and the report."""
    ask: str = ""
    """The address itself, where the path is a pattern."""
    query: str = ""
    kind: str = ""
    """The kind of entry a program sends here: its body is made from the class."""

    @property
    def is_api(self) -> bool:
        """Whether programs ask it, with a token."""
        return self.path.startswith(("api/", "^api"))


def table() -> list[Route]:
    """The reviewed table, with one row for each kind of entry of the API."""
    from kittiwake.api.kinds import kinds

    read = tomllib.loads(TABLE.read_text())
    rows = [Route(**{k: _frozen(v) for k, v in row.items()}) for row in read["route"]]
    sent: dict[str, Any] = {k: _frozen(v) for k, v in read["every_kind"].items()}
    more = read["kind"]
    for cls in kinds():
        own = {k: _frozen(v) for k, v in more.get(cls.kind, {}).items()}
        needs = (cls.may, *own.pop("needs", ()))
        rows.append(
            Route(path=f"api/v1/entries/{cls.kind}", kind=cls.kind, needs=needs, **{**sent, **own})
        )
    return rows


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def addresses() -> list[str]:
    """Every pattern the product answers, as `get_resolver()` has it."""
    from django.urls import get_resolver

    def walk(patterns: Any, before: str = "") -> Iterator[str]:
        for one in patterns:
            here = before + str(one.pattern)
            if hasattr(one, "url_patterns"):
                yield from walk(one.url_patterns, here)
            else:
                yield here

    return list(walk(get_resolver().url_patterns))


def missing_rows() -> list[str]:
    """Addresses without a row."""
    known = {route.path for route in table()}
    return [path for path in addresses() if path not in known]


def stale_rows() -> list[str]:
    """Rows without an address."""
    there = set(addresses())
    return sorted({route.path for route in table()} - there)


def main() -> None:
    """Print a row to begin with for each address that has none; review it before it is kept."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("KITTIWAKE_HOME", home)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kittiwake.config.settings")
        import django

        django.setup()
        for path in missing_rows():
            print(f'[[route]]\npath = "{path}"\nmethods = ["GET"]\nneeds = []\nanswers = [200]\n')
        for path in stale_rows():
            print(f"# nothing answers here any more: {path}")


if __name__ == "__main__":
    main()
