"""Answers a person may give to any question: a value, or why it is not known."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict


class NotKnownBecause(StrEnum):
    """Why a question has no answer; the blank is never left unexplained."""

    NOT_ASKED_YET = "not_asked_yet"
    ASKED_NOT_TOLD = "asked_not_told"
    NOT_SAFE_TO_ASK = "not_safe_to_ask"
    NOBODY_KNOWS = "nobody_knows"
    ASLEEP = "asleep"
    NOT_PRESENT = "not_present"
    TOO_YOUNG = "too_young"
    REFUSED = "refused"
    OTHER = "other"


NOT_KNOWN_WORDS: dict[NotKnownBecause, str] = {
    NotKnownBecause.NOT_ASKED_YET: "not asked yet",
    NotKnownBecause.ASKED_NOT_TOLD: "asked, not told",
    NotKnownBecause.NOT_SAFE_TO_ASK: "it was not safe to ask",
    NotKnownBecause.NOBODY_KNOWS: "nobody we asked knows",
    NotKnownBecause.ASLEEP: "the child was asleep",
    NotKnownBecause.NOT_PRESENT: "the child was not there",
    NotKnownBecause.TOO_YOUNG: "too young to ask: observed instead",
    NotKnownBecause.REFUSED: "they did not want to say",
    NotKnownBecause.OTHER: "another reason, which a supervisor will see",
}


class NotKnown(BaseModel):
    """The answer is not known, and this is why: unknown is never read as low."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    not_known: NotKnownBecause

    def __str__(self) -> str:
        return f"Not known: {NOT_KNOWN_WORDS[self.not_known]}"


def given(value: Any) -> Any:
    """The value of an answer, or None where it is not known or was not asked."""
    return None if value is None or isinstance(value, NotKnown) else value
