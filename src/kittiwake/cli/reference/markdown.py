"""Markdown, as the reference pages are written in it."""

import re
from collections.abc import Callable, Iterable, Sequence
from inspect import getdoc
from typing import Any

from kittiwake.access.roles import ROLES

NOTE = "<!-- Written from the code by `./kittiwake docs`. Change the code, not this page. -->"


def page(title: str, *parts: str) -> str:
    """A whole page: heading, the note that nobody edits it, and its parts apart by a line."""
    body = [f"# {title}", NOTE, *(part.strip("\n") for part in parts if part.strip())]
    return "\n\n".join(body) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; empty text where there is no row."""
    lines = [f"| {' | '.join(cell(value) for value in row)} |" for row in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *lines])


def bullets(lines: Iterable[str]) -> str:
    """A list, one line each."""
    return "\n".join(f"- {line}" for line in lines)


def cell(text: str) -> str:
    """Text that stays inside one cell of a table."""
    return " ".join(text.replace("|", "\\|").split())


def anchor(title: str) -> str:
    """The link to a heading of the same page, as readers of Markdown make it."""
    plain = re.sub(r"[^\w\- ]", "", title.lower())
    return f"#{plain.replace(' ', '-')}"


def link(title: str, to: str) -> str:
    """A link with its words."""
    return f"[{title}]({to})"


def summary(thing: object) -> str:
    """What a thing says it is for: the first paragraph of its docstring, in one line."""
    return " ".join((getdoc(thing) or "").split("\n\n")[0].split())


def words_of(function: Callable[..., Any], otherwise: Callable[[Any], str]) -> str:
    """What a function says of itself; where it says nothing, what can be read from its code."""
    return summary(function) if function.__doc__ else otherwise(function.__code__)


def people(key: str) -> str:
    """A role as people call it; an owner by role of the case is said in words."""
    if key == "owner":
        return "the owner of the case"
    return ROLES[key].title if key in ROLES else key.replace("_", " ")


def sentence(text: str) -> str:
    """Text as a sentence: a capital first, a full stop last."""
    text = text.strip()
    return (text[:1].upper() + text[1:]).rstrip(".") + "." if text else ""
