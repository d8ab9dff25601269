"""An entry type: everything that can happen to a child is one of these classes."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import AwareDatetime

from kittiwake.kernel.answers import NotKnown, given
from kittiwake.kernel.effects import Effect
from kittiwake.kernel.known import Known
from kittiwake.kernel.questions import Audience, Block, BlockQuestion

_UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Gate = Callable[[Any, Known], str | None]
Consequence = Callable[[Any, Known], Iterable[Effect]]


class Nature(StrEnum):
    """What an entry is: only lowering, closing and withholding may ever be refused."""

    FACT = "fact"
    RAISING = "raising"
    DECISION = "decision"
    LOWERING = "lowering"
    CLOSING = "closing"
    WITHHOLDING = "withholding"

    @property
    def may_refuse(self) -> bool:
        """Whether a gate of this nature may say no."""
        return self in (Nature.LOWERING, Nature.CLOSING, Nature.WITHHOLDING)


class Entry(Block):
    """Something that happened or was decided about a child; written by `record()` alone."""

    kind: ClassVar[str]
    version: ClassVar[int] = 1
    title: ClassVar[str]
    sentence: ClassVar[str]
    may: ClassVar[str]
    when: ClassVar[str] = "When was this?"
    nature: ClassVar[Nature] = Nature.FACT
    day_only: ClassVar[bool] = False
    opens: ClassVar[bool] = False
    once: ClassVar[bool] = False
    after: ClassVar[frozenset[str]] = frozenset()
    to: ClassVar[str | None] = None
    starts: ClassVar[tuple[str, ...]] = ()
    stops: ClassVar[tuple[str, ...]] = ()
    may_stop: ClassVar[tuple[str, ...]] = ()  # where a consequence decides; pages say so
    names: ClassVar[tuple[str, ...]] = ()  # questions answered with the uid of another person
    remember: ClassVar[tuple[str, ...]] = ()  # said above the form, before anything is typed
    offered: ClassVar[bool] = True  # False: kept and loaded for ever, on no menu any more
    sealed: ClassVar[bool] = False  # who may not read it does not learn what it is
    gates: ClassVar[tuple[Gate, ...]] = ()
    consequences: ClassVar[tuple[Consequence, ...]] = ()
    training: ClassVar[str | None] = None  # the course a decision wants; never asked of a raising

    happened_at: AwareDatetime | None = None

    @classmethod
    def upgrade(cls, stored: dict[str, Any], version: int) -> dict[str, Any]:
        """Answers stored under an older version, as this version reads them."""
        return stored

    @classmethod
    def load(cls, stored: dict[str, Any], version: int) -> "Entry":
        """An entry from its stored answers; an answer added since reads as not asked."""
        return cls.model_validate(cls.upgrade(stored, version))

    def codes(self) -> dict[str, Any]:
        """The answers a policy may count: choices, numbers, times; never words."""
        return dict(_codes(self))

    def by_audience(self) -> dict[Audience, dict[str, Any]]:
        """The answers as stored JSON, kept apart by who may read them."""
        parts: dict[Audience, dict[str, Any]] = {}
        data = self.model_dump(mode="json", exclude_none=True)
        for asked in self.questions():
            if asked.name in data:
                parts.setdefault(asked.audience, {})[asked.name] = data[asked.name]
        return parts

    def missing_answers(self, need: str, *, known: bool = False) -> list[str]:
        """The questions of this need that are left without an answer or a reason.

        With `known`, a reason is not enough: nobody lowers, closes or withholds on "not known".
        """
        return [
            a.text
            for a in self.questions()
            if a.need == need
            and (given(getattr(self, a.name)) if known else getattr(self, a.name)) is None
            and self._is_asked(a.only_if)
        ]

    def narrative(self) -> str:
        """All words the author wrote as their own, for the language guard."""
        lines = []
        for asked in self.questions():
            value = getattr(self, asked.name)
            if asked.type.template == "words" and isinstance(value, str):
                is_quotation = type(asked.type).__name__ == "QuotationQuestion"
                lines.append(f"“{value}”" if is_quotation else value)
        return "\n".join(lines)

    def others(self) -> dict[str, str]:
        """The other people this entry is about too, by question: their uids."""
        said = {name: str(given(getattr(self, name)) or "") for name in self.names}
        found = {name: _UID.search(text.lower()) for name, text in said.items()}
        return {name: match[0] for name, match in found.items() if match}

    def told(self) -> str:
        """The line of the chronology: the sentence with its answers in place."""
        shown = _Shown({a.name: text for a, text in self.shown()})
        return self.sentence.format_map(shown)

    def _is_asked(self, only_if: tuple[str, str] | None) -> bool:
        if only_if is None:
            return True
        value = getattr(self, only_if[0])
        values = value if isinstance(value, (set, frozenset, list, tuple)) else [value]
        return only_if[1] in {"yes" if v is True else "no" if v is False else v for v in values}


class _Shown(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "not known"


def _codes(block: Block, prefix: str = "") -> Iterable[tuple[str, Any]]:
    data = block.model_dump(mode="json", exclude_none=True)
    for asked in block.questions():
        value = getattr(block, asked.name)
        if value is None:
            continue
        if isinstance(value, NotKnown):
            yield prefix + asked.name, "not_known"
        elif isinstance(asked.type, BlockQuestion):
            yield from _codes(value, f"{asked.name}_")
        elif getattr(getattr(asked.type, "options", None), "are_facts", False):
            yield from ((str(option), True) for option in value)
        elif not asked.type.words:
            code = data[asked.name]
            yield prefix + asked.name, sorted(code) if isinstance(code, list) else code


def happened(entry: Entry, now: datetime) -> datetime:
    """The world's time of an entry: as answered, else the moment of recording."""
    return entry.happened_at or now
