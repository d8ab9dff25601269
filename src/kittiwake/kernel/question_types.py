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
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from kittiwake.kernel.questions import Block

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
    """An instant: day and time, or `now`, `-20m`, `-2h`, `0340`.

    `ahead` is for what is still to be done: `+2h` is one too, and a time without a day is the
    next one that comes, so that `0200` typed at 23:03 is tonight's and not last night's.
    """

    template: ClassVar[str] = "moment"
    words: ClassVar[bool] = False
    ahead: bool = False

    def read(self, raw: Raw, name: str, now: datetime) -> Any:
        day, clock = first(raw, f"{name}-day"), first(raw, f"{name}-time").lower()
        if not day and not clock:
            return None
        today = now.astimezone(LONDON).date()
        if (clock == "now" or clock[:1] in "+-") and clock and day and read_day(day) != today:
            raise Wrong("Enter the time on that day, like 23:03")
        if clock == "now":
            return now.isoformat()
        sign = "[+-]" if self.ahead else "-"
        if away := re.fullmatch(rf"({sign})(\d{{1,3}})\s*(m|h)", clock):
            minutes = int(away[1] + away[2]) * (60 if away[3] == "h" else 1)
            return (now + timedelta(minutes=minutes)).isoformat()
        on = read_day(day) if day else today
        hours = re.fullmatch(r"([01]?\d|2[0-3])[:.]?([0-5]\d)", clock)
        if not hours:
            short = "+2h" if self.ahead else "-20m"
            raise Wrong(f"Enter a time on the 24-hour clock, like 23:03, or now, or {short}")
        at = datetime(on.year, on.month, on.day, int(hours[1]), int(hours[2]), tzinfo=LONDON)
        if self.ahead and not day and at <= now:
            at += timedelta(days=1)  # the same time by the clock on the wall, whatever the season
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
