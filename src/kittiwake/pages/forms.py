"""Forms made from entries: what is asked, what was typed, and what is wrong with it.

Nobody writes a form: it follows from the class. Messages say what to do and never repeat what
was typed; nothing typed is lost.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID, uuid4

from kittiwake.journal.words import Because
from kittiwake.kernel import language
from kittiwake.kernel.answers import NOT_KNOWN_WORDS
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.questions import (
    Asked,
    BlockQuestion,
    MomentQuestion,
    Raw,
    RowsQuestion,
    label,
    show_moment,
)
from kittiwake.pages.typed import digest_of_words, words_because

Choices = Sequence[tuple[str, str]]
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
        with suppress(ValueError):
            return str(UUID((self.raw.get("submission") or [""])[0]))
        return str(uuid4())

    @cached_property
    def words_seen(self) -> str:
        """A digest of the words that better ones were offered for: offered once, not twice."""
        return digest_of_words(self.better)

    @property
    def voice_points(self) -> list[tuple[str, int]]:
        """What makes a record of the child's voice whole, where the form asks for it (4.19)."""
        for asked in self.cls.questions():
            points = getattr(getattr(asked.type, "block", None), "points", None)
            if points is not None:
                return list(points())
        return []

    @property
    def must_say_why(self) -> bool:
        """Whether better words wait for a change or a reason: only in what lowers or closes."""
        return bool(self.better) and self.cls.nature.may_refuse

    @property
    def words_reasons(self) -> list[tuple[str, str, bool]]:
        """The reasons to keep words, with the one that was chosen."""
        chosen = words_because(self.raw)
        return [(each.value, each.words, each.value == chosen) for each in Because]

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

    @property
    def is_checked(self) -> bool:
        """Whether its answers are shown once more before they are recorded.

        What lowers, closes or withholds is; a question or three are still before one's eyes.
        """
        return self.cls.nature.may_refuse and len(self.cls.questions()) > 3

    def checked(self, entry: Entry, now: datetime) -> list[tuple[str, str, str]]:
        """Each answer as it will be read: its control, the question, the answer in words."""
        answers = [
            (self._field(asked, "").first_control, asked.text, shown)
            for asked, shown in entry.shown()
            if not self._is_plumbing(asked)
        ]
        at = show_moment(entry.happened_at or now)
        return [(self.when.first_control, self.cls.when, at), *answers]

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
