"""Forms made from entries: what is asked, what was typed, and what is wrong with it.

Nobody writes a form: it follows from the class. Messages say what to do and never repeat what
was typed; nothing typed is lost.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.http import QueryDict
from pydantic import ValidationError

from kittiwake.kernel import language
from kittiwake.kernel.answers import NOT_KNOWN_WORDS
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.questions import (
    Asked,
    Block,
    BlockQuestion,
    MomentQuestion,
    Raw,
    RowsQuestion,
    WordsQuestion,
    Wrong,
    first,
    label,
    read_answers,
)

Choices = Sequence[tuple[str, str]]
PLUMBING = ("csrfmiddlewaretoken", "more", "save", "anyway", "back")
AUDIENCES = {
    "agency": "Your agency only",
    "police": "Police only",
    "named": "Named people only",
    "protected": "Protected",
}


@dataclass(frozen=True)
class Field:
    """One question with what was typed: everything its template needs."""

    name: str
    asked: Asked
    raw: Raw
    problem: str = ""
    better: tuple[language.Warning, ...] = ()
    choices: Choices = ()
    parts: tuple["Field", ...] = ()
    rows: tuple[tuple["Field", ...], ...] = ()
    prefix: str = ""
    in_row: bool = False
    is_hidden: bool = False

    @property
    def template(self) -> str:
        """The file in `questions/` that draws it."""
        shape = self.asked.type.template
        kind = "hidden" if self.is_hidden else "select" if self._is_select else shape
        return f"questions/{kind}.html"

    @property
    def _is_select(self) -> bool:
        return bool(self.choices) and self.asked.type.template == "text"

    def one(self, suffix: str = "") -> str:
        """The first raw answer under the name and a suffix."""
        return (self.raw.get(self.name + suffix) or [""])[0]

    def many(self) -> list[str]:
        """Every raw answer under the name."""
        return list(self.raw.get(self.name, []))

    @property
    def because(self) -> str:
        """Why it is not known, where that was chosen."""
        return self.one("-not-known")

    @property
    def reasons(self) -> Choices:
        """The reasons there are for not knowing."""
        return [(key.value, words) for key, words in NOT_KNOWN_WORDS.items()]

    @property
    def audience(self) -> str:
        """Who will read the answer, where that is not everybody on the case."""
        return AUDIENCES.get(self.asked.audience, "")

    @property
    def only_if(self) -> str:
        """`name=value` of the answer that makes this question worth asking."""
        wanted = self.asked.only_if
        return f"{self.prefix}{wanted[0]}={wanted[1]}" if wanted else ""

    @property
    def first_control(self) -> str:
        """The id a link in the error summary goes to."""
        if isinstance(self.asked.type, MomentQuestion):
            return f"{self.name}-time"
        inner = self.parts or (self.rows[0] if self.rows else ())
        return inner[0].first_control if inner else self.name

    @property
    def describes(self) -> str:
        """The ids of hint and error, for aria-describedby."""
        ids = [f"{self.name}-hint"] if self.asked.hint else []
        return " ".join([*ids, *([f"{self.name}-error"] if self.problem else [])])


@dataclass(frozen=True)
class Group:
    """Neighbouring questions under one heading; the first group may have none."""

    heading: str
    fields: tuple[Field, ...]


@dataclass
class Form:
    """The form of one kind of entry, with what was typed in it so far."""

    cls: type[Entry]
    raw: Raw
    problems: dict[str, str] = field(default_factory=dict)
    refusals: tuple[str, ...] = ()
    better: dict[str, tuple[language.Warning, ...]] = field(default_factory=dict)
    choices: Mapping[str, Choices] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    leave_out: frozenset[str] = frozenset()
    saved_at: datetime | None = None
    ask_when: bool = True

    @cached_property
    def submission(self) -> str:
        """The id that makes a second click answer with the first result."""
        return (self.raw.get("submission") or [str(uuid4())])[0]

    @cached_property
    def words_seen(self) -> str:
        """A digest of the words that better ones were offered for: offered once, not twice."""
        return _digest(self.better)

    @cached_property
    def when(self) -> Field:
        """When it happened: the first question of every form."""
        asked = Asked(
            "happened_at", MomentQuestion(), self.cls.when, "", "if known", "case", None, ""
        )
        raw = self.raw
        if "happened_at-time" not in raw and "happened_at-day" not in raw:
            raw = {**raw, "happened_at-time": ["now"]}
        return Field("happened_at", asked, raw, self.problems.get("happened_at", ""))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The questions under their headings, in the order of the class."""
        made: list[tuple[str, list[Field]]] = [("", [])]
        for asked in self.cls.questions():
            if asked.name in self.leave_out:
                continue
            one = self._field(asked, "", is_hidden=self._is_plumbing(asked))
            alone = isinstance(asked.type, BlockQuestion)
            if asked.group:
                made.append((asked.group, []))
            made[-1][1].append(one)
            if alone and asked.group:
                made.append(("", []))
        return tuple(Group(heading, tuple(fields)) for heading, fields in made if fields)

    @cached_property
    def summary(self) -> list[tuple[str, str]]:
        """Each problem with the control it belongs to, in the order of the page."""
        places = {f.name: f.first_control for f in self._everything()}
        order = list(places)
        names = sorted(self.problems, key=lambda n: order.index(n) if n in order else 999)
        return [(places.get(name, name), self.problems[name]) for name in names]

    def _everything(self) -> Iterator[Field]:
        yield self.when
        for group in self.groups:
            for one in group.fields:
                yield from _flat(one)

    def _is_plumbing(self, asked: Asked) -> bool:
        return asked.name in self.hidden or self.cls.model_fields[asked.name].title is None

    def _field(
        self, asked: Asked, prefix: str, in_row: bool = False, is_hidden: bool = False
    ) -> Field:
        name, kind = f"{prefix}{asked.name}", asked.type
        parts: tuple[Field, ...] = ()
        rows: tuple[tuple[Field, ...], ...] = ()
        if isinstance(kind, BlockQuestion) and kind.block:
            parts = tuple(self._field(a, f"{name}-", in_row) for a in kind.block.questions())
        if isinstance(kind, RowsQuestion) and kind.row:
            rows = tuple(
                tuple(self._field(a, f"{name}-{n}-", in_row=True) for a in kind.row.questions())
                for n in range(_rows_wanted(self.raw, name, kind))
            )
        options = getattr(kind, "options", None)
        listed = [(option.value, label(option)) for option in options] if options else ()
        return Field(
            name, asked, self.raw, self.problems.get(name, ""), self.better.get(name, ()),
            self.choices.get(name, listed), parts, rows, prefix, in_row, is_hidden,
        )  # fmt: skip


def raw_of(posted: QueryDict) -> dict[str, list[str]]:
    """What was posted as plain raw answers, without the form's own plumbing."""
    return {key: values for key, values in posted.lists() if key not in PLUMBING}


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
    """The raw form with `now` and `-20m` as the times they meant when they were typed."""
    fixed = {key: list(values) for key, values in raw.items()}
    kind = MomentQuestion()
    for key in [k for k in fixed if k.endswith("-time")]:
        name, typed = key.removesuffix("-time"), first(fixed, key).lower()
        if typed == "now" or typed.startswith("-"):
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


def better_words(cls: type[Entry], raw: Raw) -> dict[str, tuple[language.Warning, ...]]:
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


def must_look_again(
    cls: type[Entry], better: dict[str, tuple[language.Warning, ...]], raw: Raw
) -> bool:
    """Whether a rationale that lowers, closes or withholds is shown better words first, once."""
    seen = (raw.get("words_seen") or [""])[0]
    return cls.nature.may_refuse and bool(better) and seen != _digest(better)


def _digest(better: Mapping[str, tuple[language.Warning, ...]]) -> str:
    found = sorted((name, hit.text) for name, hits in better.items() for hit in hits)
    return sha256(repr(found).encode()).hexdigest()[:16] if found else ""


def _rows_wanted(raw: Raw, name: str, kind: RowsQuestion) -> int:
    sent = RowsQuestion._rows_sent(raw, name)
    filled = [n for n in range(sent) if any(
        any(v for v in values) for key, values in raw.items() if key.startswith(f"{name}-{n}-")
    )]  # fmt: skip
    asked_for = (raw.get(f"{name}-rows") or ["0"])[0]
    extra = int(asked_for) if asked_for.isdigit() else 0
    return min(max(kind.at_least, (filled[-1] + 2) if filled else 0, extra), 50)


def _flat(one: Field) -> Iterator[Field]:
    yield one
    for part in one.parts:
        yield from _flat(part)
    for row in one.rows:
        for cell in row:
            yield from _flat(cell)


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
