"""Two records that are one person, or are not: what a named person decided, and why."""

from typing import Any, ClassVar

from kittiwake.journal.entries import Uid
from kittiwake.kernel.effects import Effect, KeepApart, Link, Unlink
from kittiwake.kernel.entry import Entry, Nature
from kittiwake.kernel.known import Known
from kittiwake.kernel.questions import Words, ask


def _link(entry: Any, known: Known) -> list[Effect]:
    return [Link(entry.other)] if entry.other else []


def _unlink(entry: Any, known: Known) -> list[Effect]:
    return [Unlink(entry.other)] if entry.other else []


def _keep_apart(entry: Any, known: Known) -> list[Effect]:
    return [KeepApart(entry.other)] if entry.other else []


class PersonLinked(Entry):
    """Two records are one person: what is known of the later one is known here."""

    kind: ClassVar[str] = "people.linked"
    title: ClassVar[str] = "Link two records of one person"
    sentence: ClassVar[str] = "Another record is the same person: {reason}"
    may: ClassVar[str] = "people.link"
    nature: ClassVar[Nature] = Nature.DECISION
    consequences = (_link,)

    other: Uid = ""
    reason: Words = ask("How do you know that they are one person?", need="now")


class PersonUnlinked(Entry):
    """A link was wrong: the two records stand apart again, each with what was its own."""

    kind: ClassVar[str] = "people.unlinked"
    title: ClassVar[str] = "Undo a link"
    sentence: ClassVar[str] = "A record linked here was somebody else: {reason}"
    may: ClassVar[str] = "people.link"
    nature: ClassVar[Nature] = Nature.DECISION
    consequences = (_unlink,)

    other: Uid = ""
    reason: Words = ask("How do you know that they are two people?", need="now")


class KeptApart(Entry):
    """Two records that look alike are two people; nobody is asked again."""

    kind: ClassVar[str] = "people.kept_apart"
    title: ClassVar[str] = "Keep two records apart"
    sentence: ClassVar[str] = "A record that looks alike is another person: {reason}"
    may: ClassVar[str] = "people.link"
    nature: ClassVar[Nature] = Nature.DECISION
    consequences = (_keep_apart,)

    other: Uid = ""
    reason: Words = ask("How do you know that they are two people?", need="now")


KINDS: tuple[type[Entry], ...] = (PersonLinked, PersonUnlinked, KeptApart)
