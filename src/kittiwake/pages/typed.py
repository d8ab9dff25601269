"""What was typed in a form: read, checked, and said what to do about; never repeated back."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.http import QueryDict
from pydantic import ValidationError

from kittiwake.journal.words import Because
from kittiwake.kernel import language
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.questions import (
    Block,
    BlockQuestion,
    MomentQuestion,
    Raw,
    RowsQuestion,
    WordsQuestion,
    Wrong,
    first,
    read_answers,
)

Better = dict[str, tuple[language.Warning, ...]]
PLUMBING = ("csrfmiddlewaretoken", "more", "save", "anyway", "back", "change", "checked")


def raw_of(posted: QueryDict) -> dict[str, list[str]]:
    """What was posted as plain raw answers, without the form's own plumbing.

    Nor with the character NUL, which no database keeps: nothing else typed is lost for it.
    """
    return {
        key: [value.replace("\0", "") for value in values]
        for key, values in posted.lists()
        if key not in PLUMBING
    }


def read(cls: type[Entry], raw: Raw, now: datetime) -> tuple[Entry | None, dict[str, str]]:
    """The entry a raw form makes, or None with what to do about each question."""
    answers, _ = read_answers(cls, raw, now)
    problems = dict(_problems(cls, raw, now, ""))
    try:
        answers["happened_at"] = MomentQuestion().read(raw, "happened_at", now)
    except Wrong as wrong:
        problems["happened_at"] = str(wrong)
    try:
        entry = cls.model_validate({k: v for k, v in answers.items() if v is not None})
    except ValidationError as error:
        return None, _said(cls, error) | problems
    return (None if problems else entry), problems


def fixed_times(raw: Raw, now: datetime) -> dict[str, list[str]]:
    """The raw form with `now`, `-20m` and `+2h` as the times they meant when they were typed."""
    fixed = {key: list(values) for key, values in raw.items()}
    kind = MomentQuestion(ahead=True)
    for key in [k for k in fixed if k.endswith("-time")]:
        name, typed = key.removesuffix("-time"), first(fixed, key).lower()
        if typed == "now" or typed.startswith(("-", "+")):
            with suppress(Wrong):
                filled = kind.fill(kind.read(fixed, name, now))
                fixed |= {f"{name}{suffix}": values for suffix, values in filled.items()}
    return fixed


def unanswered(cls: type[Entry], entry: Entry) -> dict[str, str]:
    """Questions wanted now and left without an answer, with what to do."""
    texts = set(entry.missing_answers("now"))
    return {
        asked.name: f"Answer “{asked.text}”, or choose why it is not known"
        for asked in cls.questions()
        if asked.text in texts
    }


def better_words(cls: type[Entry], raw: Raw) -> Better:
    """For each narrative field, the phrases that better words are offered for."""
    found = {}
    for asked in cls.questions():
        if type(asked.type) is not WordsQuestion:
            continue
        text = (raw.get(asked.name) or [""])[0]
        if hits := hints(text):
            found[asked.name] = hits
    return found


def hints(text: str) -> tuple[language.Warning, ...]:
    """What to write otherwise in a narrative, and instructions that name nobody and nowhere."""
    hits = {h.start: h for h in (*language.generic_instruction(text), *language.warnings(text))}
    return tuple(hits[start] for start in sorted(hits))


def must_look_again(cls: type[Entry], better: Better, raw: Raw) -> bool:
    """Whether a rationale that lowers, closes or withholds waits for better words, or a reason.

    Nothing else ever waits: not a report, not a fact, not a raising.
    """
    seen = (raw.get("words_seen") or [""])[0]
    kept = seen == digest_of_words(better) and bool(words_because(raw))
    return cls.nature.may_refuse and bool(better) and not kept


def words_because(raw: Raw) -> str:
    """Why the author keeps the words better ones were offered for; empty where not said."""
    said = (raw.get("words_because") or [""])[0]
    return said if said in set(Because) else ""


def digest_of_words(better: Better) -> str:
    """A digest of the phrases better words were offered for; empty where there were none."""
    found = sorted((name, hit.text) for name, hits in better.items() for hit in hits)
    return sha256(repr(found).encode()).hexdigest()[:16] if found else ""


def _problems(cls: type[Block], raw: Raw, now: datetime, prefix: str) -> Iterator[tuple[str, str]]:
    """Each answer that cannot be read, down to the question inside a block or row."""
    kinds = {f"{prefix}{a.name}": a.type for a in cls.questions()}
    for name, said in read_answers(cls, raw, now, prefix)[1].items():
        kind = kinds[name]
        inner: list[tuple[str, str]] = []
        if isinstance(kind, BlockQuestion) and kind.block:
            inner = list(_problems(kind.block, raw, now, f"{name}-"))
        if isinstance(kind, RowsQuestion) and kind.row:
            for n in range(RowsQuestion._rows_sent(raw, name)):
                inner += _problems(kind.row, raw, now, f"{name}-{n}-")
        yield from inner or [(name, said)]


def _said(cls: type[Entry], error: ValidationError) -> dict[str, str]:
    """pydantic's errors as things to do, on the question they belong to."""
    found: dict[str, str] = {}
    for each in error.errors(include_input=False, include_url=False):
        name = _place(cls, each["loc"])
        if "NotKnown" not in each["loc"] or name not in found:
            found[name] = _to_do(each)
    return found


def _place(cls: type[Block], loc: Sequence[Any]) -> str:
    """The form's name of a place in an entry: `enquiries-0-target`."""
    kinds = {a.name: a.type for a in cls.questions()}
    name, rest = str(loc[0]), loc[1:]
    inner = getattr(kinds.get(name), "block", None) or getattr(kinds.get(name), "row", None)
    row = next((part for part in rest if isinstance(part, int)), None)
    within = [part for part in rest if inner and part in inner.model_fields]
    if not inner or not within:
        return name
    number = "" if row is None else f"-{row}"
    return f"{name}{number}-{_place(inner, rest[rest.index(within[0]) :])}"


def _to_do(error: Mapping[str, Any]) -> str:
    limit = error.get("ctx", {})
    return {
        "string_too_long": f"Shorten this to {limit.get('max_length', 0):,} characters",
        "string_too_short": "Enter an answer",
        "missing": "Enter an answer",
        "enum": "Choose one of the answers offered",
        "greater_than_equal": f"Enter a number that is {limit.get('ge')} or more",
        "less_than_equal": f"Enter a number that is {limit.get('le')} or less",
        "string_pattern_mismatch": "Start again from the case: this form has lost its place",
    }.get(error["type"], "Check this answer and choose or enter it again")
