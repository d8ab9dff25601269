"""The question types a form, an API operation and an import are made of.

Each type owns how a raw form answer is read, how a value is shown, and whether it is
words (kept from the judge) or a code (which a policy may count). HTML lives in one
template per type, named by `template`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from kittiwake.kernel.answers import NotKnown

LONDON = ZoneInfo("Europe/London")
Raw = Mapping[str, Sequence[str]]


class Wrong(Exception):
    """A raw answer that cannot be read; the message says what to do, never what was typed."""


def first(raw: Raw, name: str) -> str:
    """The first raw value under a name, stripped; empty when there is none."""
    values = raw.get(name) or [""]
    return values[0].strip()


@dataclass(frozen=True)
class Question:
    """A question type: reads raw form answers, shows values, says if they are words."""

    template: ClassVar[str] = "text"
    words: ClassVar[bool] = True

    def read(self, raw: Raw, name: str, now: datetime) -> Any:
        """The answer as JSON-like data, None when blank. Raises Wrong."""
        return first(raw, name) or None

    def fill(self, value: Any) -> dict[str, list[str]]:
        """The raw form answers, keyed by name suffix, that would give this value back."""
        return {"": [] if value is None else [str(value)]}

    def show(self, value: Any) -> str:
        """The value as a practitioner reads it."""
        return str(value)


@dataclass(frozen=True)
class TextQuestion(Question):
    """One short line."""

    width: int = 0


@dataclass(frozen=True)
class WordsQuestion(Question):
    """Narrative; the language guard reads it."""

    template: ClassVar[str] = "words"
    rows: int = 4


@dataclass(frozen=True)
class QuotationQuestion(WordsQuestion):
    """Somebody's own words, kept as they were said; the guard leaves them alone."""

    def show(self, value: Any) -> str:
        return f"“{value}”"


@dataclass(frozen=True)
class PhoneQuestion(Question):
    """A telephone number, as it would be dialled."""

    template: ClassVar[str] = "phone"

    def read(self, raw: Raw, name: str, now: datetime) -> Any:
        text = first(raw, name)
        if text and len(re.sub(r"\D", "", text)) < 3:
            raise Wrong("Enter a phone number, like 07700 900123")
        return text or None


@dataclass(frozen=True)
class MomentQuestion(Question):
    """An instant: day and time, or `now`, `-20m`, `-2h`, `0340`."""

    template: ClassVar[str] = "moment"
    words: ClassVar[bool] = False

    def read(self, raw: Raw, name: str, now: datetime) -> Any:
        day, clock = first(raw, f"{name}-day"), first(raw, f"{name}-time").lower()
        if not day and not clock:
            return None
        today = now.astimezone(LONDON).date()
        if (clock == "now" or clock.startswith("-")) and day and read_day(day) != today:
            raise Wrong("Enter the time on that day, like 23:03")
        if clock == "now":
            return now.isoformat()
        if back := re.fullmatch(r"-(\d{1,3})\s*(m|h)", clock):
            minutes = int(back[1]) * (60 if back[2] == "h" else 1)
            return (now - timedelta(minutes=minutes)).isoformat()
        on = read_day(day) if day else today
        hours = re.fullmatch(r"([01]?\d|2[0-3])[:.]?([0-5]\d)", clock)
        if not hours:
            raise Wrong("Enter a time on the 24-hour clock, like 23:03, or now, or -20m")
        at = datetime(on.year, on.month, on.day, int(hours[1]), int(hours[2]), tzinfo=LONDON)
        return at.isoformat()

    def fill(self, value: Any) -> dict[str, list[str]]:
        if value is None:
            return {"-day": [], "-time": []}
        at = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(LONDON)
        return {"-day": [f"{at:%d/%m/%Y}"], "-time": [f"{at:%H:%M}"]}

    def show(self, value: Any) -> str:
        return show_moment(value)


@dataclass(frozen=True)
class DayQuestion(Question):
    """A whole day, without a time."""

    template: ClassVar[str] = "day"
    words: ClassVar[bool] = False

    def read(self, raw: Raw, name: str, now: datetime) -> Any:
        text = first(raw, name)
        return read_day(text).isoformat() if text else None

    def fill(self, value: Any) -> dict[str, list[str]]:
        on = date.fromisoformat(value) if isinstance(value, str) else value
        return {"": [f"{on:%d/%m/%Y}"] if on else []}

    def show(self, value: Any) -> str:
        return show_day(value)


@dataclass(frozen=True)
class YesNoQuestion(Question):
    """Yes, no, or not known; never assumed."""

    template: ClassVar[str] = "yes_no"
    words: ClassVar[bool] = False

    def read(self, raw: Raw, name: str, now: datetime) -> Any:
        return {"yes": True, "no": False}.get(first(raw, name))

    def fill(self, value: Any) -> dict[str, list[str]]:
        return {"": [] if value is None else ["yes" if value else "no"]}

    def show(self, value: Any) -> str:
        return "Yes" if value else "No"


@dataclass(frozen=True)
class NumberQuestion(Question):
    """A whole number."""

    template: ClassVar[str] = "number"
    words: ClassVar[bool] = False

    def read(self, raw: Raw, name: str, now: datetime) -> Any:
        text = first(raw, name)
        if text and not text.isdigit():
            raise Wrong("Enter a whole number, like 3")
        return int(text) if text else None


@dataclass(frozen=True)
class ChoiceQuestion(Question):
    """One of a closed list, whose labels are the enumeration's sentences."""

    template: ClassVar[str] = "choice"
    words: ClassVar[bool] = False
    options: type[StrEnum] = StrEnum

    def show(self, value: Any) -> str:
        return label(self.options(value))


@dataclass(frozen=True)
class ChoicesQuestion(ChoiceQuestion):
    """Any of a closed list."""

    template: ClassVar[str] = "choices"

    def read(self, raw: Raw, name: str, now: datetime) -> Any:
        return [v for v in raw.get(name, []) if v] or None

    def fill(self, value: Any) -> dict[str, list[str]]:
        return {"": sorted(str(v) for v in value or ())}

    def show(self, value: Any) -> str:
        return ", ".join(label(self.options(v)) for v in sorted(value))


@dataclass(frozen=True)
class RowsQuestion(Question):
    """A list of rows, each a small block of questions."""

    template: ClassVar[str] = "rows"
    row: type["Block"] | None = None
    at_least: int = 3

    def read(self, raw: Raw, name: str, now: datetime) -> Any:
        rows = []
        for number in range(self._rows_sent(raw, name)):
            answers = self._row().read_form(raw, now, prefix=f"{name}-{number}-")
            if any(v is not None for v in answers.values()):
                rows.append(answers)
        return rows or None

    def fill(self, value: Any) -> dict[str, list[str]]:
        filled: dict[str, list[str]] = {}
        for number, row in enumerate(value or ()):
            for key, raw in self._row().fill_form(row).items():
                filled[f"-{number}-{key}"] = raw
        return filled

    def show(self, value: Any) -> str:
        return "; ".join(self._row().model_validate(row).in_words() for row in value)

    def _row(self) -> type["Block"]:
        assert self.row is not None
        return self.row

    @staticmethod
    def _rows_sent(raw: Raw, name: str) -> int:
        numbers = [int(m[1]) for k in raw if (m := re.match(rf"{re.escape(name)}-(\d+)-", k))]
        return min(max(numbers, default=-1) + 1, 50)


@dataclass(frozen=True)
class BlockQuestion(Question):
    """A block of questions answered together, such as the child's voice."""

    template: ClassVar[str] = "block"
    block: type["Block"] | None = None

    def read(self, raw: Raw, name: str, now: datetime) -> Any:
        assert self.block is not None
        answers = self.block.read_form(raw, now, prefix=f"{name}-")
        return answers if any(v is not None for v in answers.values()) else None

    def fill(self, value: Any) -> dict[str, list[str]]:
        assert self.block is not None
        return {f"-{k}": v for k, v in self.block.fill_form(value or {}).items()}

    def show(self, value: Any) -> str:
        assert self.block is not None
        return self.block.model_validate(value).in_words()


def read_day(text: str) -> date:
    """A day typed as d/m/Y, ISO or `today`-less short form. Raises Wrong."""
    for pattern in ("%d/%m/%Y", "%Y-%m-%d", "%d/%m/%y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Wrong("Enter a day, like 27/03/2014")


def show_day(value: Any) -> str:
    """A day as people write it: 4 March 2014."""
    on = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{on.day} {on:%B %Y}"


def show_moment(value: Any) -> str:
    """An instant as people write it, in local time: 20 November 2026 at 23:03."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = at.astimezone(LONDON)
    return f"{show_day(local.date())} at {local:%H:%M}"


def label(option: StrEnum) -> str:
    """The words shown for one option of a closed list."""
    words: str = getattr(option, "words", "") or option.value.replace("_", " ")
    return words[0].upper() + words[1:]


class Option(StrEnum):
    """A closed list whose members carry the words people read: `KEY = "key", "Words"`."""

    words: str

    def __new__(cls, key: str, words: str = "") -> "Option":
        member = str.__new__(cls, key)
        member._value_ = key
        member.words = words or key.replace("_", " ")
        return member


ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20000)]

Text = Annotated[ShortText | NotKnown | None, TextQuestion()]
Words = Annotated[LongText | NotKnown | None, WordsQuestion()]
Quotation = Annotated[LongText | NotKnown | None, QuotationQuestion()]
Phone = Annotated[ShortText | NotKnown | None, PhoneQuestion()]
Moment = Annotated[AwareDatetime | NotKnown | None, MomentQuestion()]
Day = Annotated[date | NotKnown | None, DayQuestion()]
YesNo = Annotated[bool | NotKnown | None, YesNoQuestion()]
Number = Annotated[Annotated[int, Field(ge=0, le=10000)] | NotKnown | None, NumberQuestion()]

if TYPE_CHECKING:
    T = TypeVar("T")
    Choice: TypeAlias = T | NotKnown | None
    Choices: TypeAlias = frozenset[T] | NotKnown | None
    Rows: TypeAlias = tuple[T, ...] | NotKnown | None
    Together: TypeAlias = T | NotKnown | None
else:

    class Choice:
        """One of a closed list: `Choice[HowFound]`."""

        def __class_getitem__(cls, options: type[Option]) -> Any:
            return Annotated[options | NotKnown | None, ChoiceQuestion(options)]

    class Choices:
        """Any of a closed list: `Choices[PushFactor]`."""

        def __class_getitem__(cls, options: type[Option]) -> Any:
            return Annotated[frozenset[options] | NotKnown | None, ChoicesQuestion(options)]

    class Rows:
        """A list of small blocks: `Rows[Enquiry]`."""

        def __class_getitem__(cls, row: type["Block"]) -> Any:
            return Annotated[tuple[row, ...] | NotKnown | None, RowsQuestion(row)]

    class Together:
        """A block of questions answered together: `Together[VoiceOfChild]`."""

        def __class_getitem__(cls, block: type["Block"]) -> Any:
            return Annotated[block | NotKnown | None, BlockQuestion(block)]


Need = Literal["now", "before closing", "if known"]
Audience = Literal["case", "agency", "police", "named", "protected"]


def ask(
    text: str,
    hint: str = "",
    need: Need = "if known",
    audience: Audience = "case",
    only_if: tuple[str, str] | None = None,
    group: str = "",
) -> Any:
    """What a field asks: its words, when an answer is needed, who may read it.

    `only_if=("found_with", "adult")` shows it once that answer is given; `group` is a
    heading shared by neighbouring questions.
    """
    extra: dict[str, Any] = {"need": need, "audience": audience, "group": group}
    if only_if:
        extra["only_if"] = list(only_if)
    return Field(
        default=None,
        title=text,
        description=hint or None,
        json_schema_extra=extra,
        validate_default=False,
    )


@dataclass(frozen=True)
class Asked:
    """One question as it stands in an entry or block."""

    name: str
    type: Question
    text: str
    hint: str
    need: Need
    audience: Audience
    only_if: tuple[str, str] | None
    group: str


class Block(BaseModel):
    """A frozen set of questions answered together; entries and rows are made of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def questions(cls) -> tuple[Asked, ...]:
        """The questions in the order they are asked."""
        cached = cls.__dict__.get("_questions")
        if cached is None:
            cached = tuple(a for n in cls.model_fields if (a := _asked(cls, n)))
            type.__setattr__(cls, "_questions", cached)
        return cached  # type: ignore[no-any-return]

    @classmethod
    def read_form(cls, raw: Raw, now: datetime, prefix: str = "") -> dict[str, Any]:
        """Every answer of a raw form, as JSON-like data. Raises nothing: see `read_answers`."""
        answers, problems = read_answers(cls, raw, now, prefix)
        if problems:
            raise Wrong(next(iter(problems.values())))
        return answers

    @classmethod
    def fill_form(cls, answers: Mapping[str, Any]) -> dict[str, list[str]]:
        """The raw form that would give these answers back, for drafts and Change links."""
        filled: dict[str, list[str]] = {}
        for asked in cls.questions():
            value = answers.get(asked.name)
            if isinstance(value, NotKnown):
                value = value.model_dump(mode="json")
            if isinstance(value, dict) and "not_known" in value:
                filled[f"{asked.name}-not-known"] = [str(value["not_known"])]
            else:
                filled |= {f"{asked.name}{k}": v for k, v in asked.type.fill(value).items()}
        return filled

    def in_words(self) -> str:
        """The answers in one line: question, value; for chronologies and rows."""
        return "; ".join(f"{a.text} {shown}" for a, shown in self.shown() if shown)

    def shown(self) -> list[tuple[Asked, str]]:
        """Each answered question with its value as people read it."""
        lines = []
        for asked in self.questions():
            value = getattr(self, asked.name)
            if value is not None:
                is_gap = isinstance(value, NotKnown)
                lines.append((asked, str(value) if is_gap else asked.type.show(value)))
        return lines


def read_answers(
    cls: type[Block], raw: Raw, now: datetime, prefix: str = ""
) -> tuple[dict[str, Any], dict[str, str]]:
    """Answers and problems of a raw form: both are kept, so nothing typed is lost."""
    answers: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for asked in cls.questions():
        because = first(raw, f"{prefix}{asked.name}-not-known")
        try:
            value = asked.type.read(raw, f"{prefix}{asked.name}", now)
        except Wrong as wrong:
            problems[f"{prefix}{asked.name}"] = str(wrong)
            continue
        answers[asked.name] = {"not_known": because} if because and value is None else value
    return answers, problems


def _asked(cls: type[Block], name: str) -> Asked | None:
    info = cls.model_fields[name]
    kinds = [m for m in info.metadata if isinstance(m, Question)]
    if not kinds:
        return None
    extra: dict[str, Any] = info.json_schema_extra or {}  # type: ignore[assignment]
    only_if = extra.get("only_if")
    return Asked(
        name=name,
        type=kinds[0],
        text=info.title or name.replace("_", " "),
        hint=info.description or "",
        need=extra.get("need", "if known"),
        audience=extra.get("audience", "case"),
        only_if=(only_if[0], only_if[1]) if only_if else None,
        group=extra.get("group", ""),
    )
