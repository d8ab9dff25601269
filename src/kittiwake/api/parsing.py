"""How a body is read: strictly, so that nothing is guessed from a value of another type.

What is wrong is said by its place, never by its value.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from kittiwake.api.bodies import (
    YEARS,
    Body,
    body_of,
    is_required,
    references,
    takes_not_known,
    uid_pattern,
)
from kittiwake.api.problems import Fault, Problem
from kittiwake.kernel.answers import NotKnown
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.questions import Asked

MOST = 1_000_000
"""Bytes of a body; the longest entry with every answer at its longest is under half of it."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR = re.compile(r"\d{4}(?=-\d\d-)")


@dataclass(frozen=True, slots=True)
class Read:
    """A body as read: the JSON it was, and its meaning."""

    json: Any
    body: Body

    @property
    def entry(self) -> Entry:
        """The entry, with the time it happened."""
        return self.body.entry.model_copy(update={"happened_at": self.body.happened_at})


def read_json(raw: bytes) -> Any:
    """The JSON value of a body. Raises Problem."""
    if not raw:
        raise Problem("unreadable", "Send a body, with its length in `Content-Length`.")
    try:
        return _whole(from_json(raw, allow_inf_nan=False))
    except ValueError as error:
        raise Problem("unreadable", f"Send one JSON value in UTF-8: {error}.") from None


def _whole(value: Any) -> Any:
    """The same value with 3.0 as 3, which JSON does not tell apart."""
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {name: _whole(one) for name, one in value.items()}
    is_whole = isinstance(value, float) and value.is_integer()
    return int(value) if is_whole else value


def canonical(value: Any) -> str:
    """One spelling for the same JSON value, to compare what was sent under one key."""
    return json.dumps(value, sort_keys=True)


def read(cls: type[Entry], raw: bytes) -> Read:
    """A body as an entry of this kind. Raises Problem, with a fault for each place."""
    value = read_json(raw)
    if any(isinstance(leaf, str) and "\0" in leaf for leaf in _leaves(value)):
        raise Problem("unreadable", "Send text without the character NUL.")
    try:
        body = body_of(cls).model_validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        raise wrong(faults_of(error, value)) from None
    found = [*_unanswered(cls, value["entry"]), *_unkeepable(body, value, "")]
    if found:
        raise wrong(found)
    return Read(value, body)


def wrong(faults: list[Fault]) -> Problem:
    """The problem of a body with these faults."""
    return Problem("wrong-answers", "Mend what `errors` names, and send it again.", *faults)


def _leaves(value: Any) -> Iterator[Any]:
    """Every value of a JSON value that holds no other; names included."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
        else:
            yield one


def faults_of(error: ValidationError, sent: Any) -> list[Fault]:
    """Where and why it does not fit: one fault a place, and no name that only the sender knows."""
    told: dict[str, list[str]] = {}
    for e in error.errors(include_url=False, include_context=False, include_input=False):
        loc = e["loc"][:-1] if e["type"] in ("missing", "extra_forbidden") else e["loc"]
        pointer, value = _place(loc, sent)
        # Of ‘a value, or why it is not known’ only the half that they tried is worth a word.
        tried, _, _ = pointer.partition("/not_known")
        is_answer = isinstance(value, dict) and tried.count("/") > 1
        gap = tried != pointer or (is_answer and "not_known" in value)
        if ("NotKnown" in loc) != gap:
            continue
        if e["type"] == "missing":
            pointer += f"/{e['loc'][-1]}"
        told.setdefault(pointer, []).append(_SAY.get(e["type"], e["msg"]))
    return [Fault(pointer, " Or: ".join(dict.fromkeys(says))) for pointer, says in told.items()]


def _place(loc: tuple[int | str, ...], sent: Any) -> tuple[str, Any]:
    """The pointer and value at a location, passing over pydantic's names for parts of a union."""
    pointer, value = "", sent
    for part in loc:
        is_there = isinstance(value, dict) and part in value
        if is_there or (isinstance(value, list) and isinstance(part, int) and part < len(value)):
            value, pointer = value[part], f"{pointer}/{part}"
    return pointer, value


_SAY = {
    "missing": "This has to be there.",
    "extra_forbidden": "There is a name here that does not belong to this kind.",
    "uuid_parsing": "Give a uid, like 3f2b8c1e-0d4a-4b6f-9a57-2f1d6f0c9e11.",
}


def _unanswered(cls: type[Entry], sent: dict[str, Any]) -> Iterator[Fault]:
    if "happened_at" in sent:
        yield Fault("/entry/happened_at", "Send it beside `entry`, not in it.")
    for asked in cls.questions():
        value = sent.get(asked.name)
        pointer = f"/entry/{asked.name}"
        is_gap = isinstance(value, dict) and "not_known" in value
        if value is None and is_required(cls, asked):
            yield Fault(pointer, _wants(cls, asked))
        elif is_gap and not takes_not_known(cls, asked):
            yield Fault(pointer, "This has to be answered: it cannot be recorded without.")
        elif (
            asked.name in references(cls) and value and not re.match(uid_pattern(asked.name), value)
        ):
            yield Fault(pointer, _SAY["uuid_parsing"])


def _is_uid(name: str, value: str) -> bool:
    return bool(re.fullmatch(uid_pattern(name), value)) and "\n" not in value


def _wants(cls: type[Entry], asked: Asked) -> str:
    if takes_not_known(cls, asked):
        return 'Answer this, or say why it is not known: {"not_known": "asked_not_told"}.'
    return "Answer this."


def _unkeepable(value: Any, sent: Any, pointer: str) -> Iterator[Fault]:
    """What pydantic takes and we do not: other spellings of times, far years, things twice."""
    for name, part in _parts(value):
        yield from _unkeepable(part, sent[name], f"{pointer}/{name}")
    if isinstance(value, frozenset) and len(value) != len(sent):
        yield Fault(pointer, "Say each once.")
    elif isinstance(value, date):
        form = _INSTANT.match(sent) if isinstance(value, datetime) else _DAY.fullmatch(sent)
        if not form:
            yield Fault(pointer, "Write times as RFC 3339 does: 2026-11-20T23:03:00+00:00.")
        elif value.year not in YEARS:
            yield Fault(pointer, "Check the year.")
    elif isinstance(value, dict) and any(_is_wild(leaf) for leaf in _leaves(value)):
        yield Fault(pointer, "Check the years and numbers.")


def _parts(value: Any) -> Iterator[tuple[Any, Any]]:
    """The parts of a block by name, or of rows by number."""
    if isinstance(value, BaseModel) and not isinstance(value, NotKnown):
        yield from ((name, getattr(value, name)) for name in value.model_fields_set)
    elif isinstance(value, tuple):
        yield from enumerate(value)


def _is_wild(leaf: Any) -> bool:
    """A corrected answer, not yet known to be of which question, that no question could have."""
    if isinstance(leaf, str):
        year = _YEAR.match(leaf)
        return year is not None and int(year[0]) not in YEARS
    return isinstance(leaf, int | float) and not -1 < leaf <= 10_000
