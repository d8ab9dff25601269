"""What an entry asks: the annotations of its fields, `ask()`, and blocks of questions.

`name: Choice[HowFound] = ask("How were they found?")`; the types are in `question_types.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from kittiwake.kernel.answers import NotKnown
from kittiwake.kernel.question_types import (
    LONDON,
    BlockQuestion,
    ChoiceQuestion,
    ChoicesQuestion,
    DayQuestion,
    MomentQuestion,
    NumberQuestion,
    Option,
    PhoneQuestion,
    Question,
    QuotationQuestion,
    Raw,
    RowsQuestion,
    TextQuestion,
    WordsQuestion,
    Wrong,
    YesNoQuestion,
    first,
    label,
    read_day,
    show_day,
    show_moment,
)

__all__ = [
    "LONDON",
    "Asked",
    "Audience",
    "Block",
    "BlockQuestion",
    "Choice",
    "ChoiceQuestion",
    "Choices",
    "ChoicesQuestion",
    "Day",
    "DayQuestion",
    "Due",
    "LongText",
    "Moment",
    "MomentQuestion",
    "Need",
    "Number",
    "NumberQuestion",
    "Option",
    "Phone",
    "PhoneQuestion",
    "Question",
    "Quotation",
    "QuotationQuestion",
    "Raw",
    "Rows",
    "RowsQuestion",
    "ShortText",
    "Text",
    "TextQuestion",
    "Together",
    "Words",
    "WordsQuestion",
    "Wrong",
    "YesNo",
    "YesNoQuestion",
    "ask",
    "first",
    "label",
    "read_answers",
    "read_day",
    "show_day",
    "show_moment",
]

# No database keeps the character NUL; a fact is not refused for one.
_Kept = BeforeValidator(lambda v: v.replace("\0", "") if isinstance(v, str) else v)
ShortText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), _Kept
]
LongText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20000), _Kept
]

Text = Annotated[ShortText | NotKnown | None, TextQuestion()]
Words = Annotated[LongText | NotKnown | None, WordsQuestion()]
Quotation = Annotated[LongText | NotKnown | None, QuotationQuestion()]
Phone = Annotated[ShortText | NotKnown | None, PhoneQuestion()]
Moment = Annotated[AwareDatetime | NotKnown | None, MomentQuestion()]
Due = Annotated[AwareDatetime | NotKnown | None, MomentQuestion(ahead=True)]
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

    # An error says where and why, and never repeats what was typed.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @classmethod
    def questions(cls) -> tuple[Asked, ...]:
        """The questions in the order they are asked."""
        cached = cls.__dict__.get("_questions")
        if cached is None:
            cached = tuple(a for n in cls.model_fields if (a := _asked(cls, n)))
            type.__setattr__(cls, "_questions", cached)
        return cached

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
