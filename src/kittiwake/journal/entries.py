"""The journal's own kinds: what can happen in any pathway."""

import re
from typing import Annotated, Any, ClassVar

from pydantic import Field

from kittiwake.kernel.answers import given
from kittiwake.kernel.clocks import why_not_pause
from kittiwake.kernel.effects import (
    Acknowledge,
    Effect,
    Pause,
    Resume,
    SettleAction,
)
from kittiwake.kernel.entry import Entry, Nature
from kittiwake.kernel.known import Known
from kittiwake.kernel.questions import (
    Choice,
    Day,
    Due,
    Option,
    Text,
    TextQuestion,
    Words,
    ask,
)

_UID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
Uid = Annotated[str, Field(pattern=f"^{_UID}$"), TextQuestion()]


class Outcome(Option):
    """What became of an action; done, not done and not possible are different things."""

    ACCEPTED = "accepted", "I accept this and will do it"
    DONE = "done", "It is done"
    NOT_POSSIBLE = "not possible", "It was not possible"
    DECLINED = "declined", "It is not mine: somebody else must own it"


def _settle(entry: Any, known: Known) -> list[Effect]:
    outcome = given(entry.outcome)
    return [SettleAction(entry.action_uid, outcome.value)] if outcome else []


def _answered_for(entry: Any, known: Known) -> list[Effect]:
    named = (uid.strip() for uid in entry.clock_uids.split(","))
    return [Acknowledge(uid) for uid in named if re.fullmatch(_UID, uid)]


class ClockAcknowledged(Entry):
    """A named person answered for a clock: they know, and say what they are doing."""

    kind: ClassVar[str] = "clock.acknowledged"
    title: ClassVar[str] = "Answer for this clock"
    sentence: ClassVar[str] = "{clock} answered for: {doing}"
    may: ClassVar[str] = "clock.acknowledge"
    consequences = (_answered_for,)

    clock_uids: Annotated[str, TextQuestion()] = ""
    clock: Text = ask("Which clock?")
    doing: Words = ask("What are you doing about it?", need="now")


def _authority(entry: Any, known: Known) -> str | None:
    if known.actor.rank >= 3 or "social_care_manager" in known.actor.roles:
        return None
    return "A clock is paused only by an inspector or a social care manager."


def _pausable(entry: Any, known: Known) -> str | None:
    clock = next((c for c in known.clocks if c.uid == entry.clock_uid and c.running), None)
    if clock is None:
        return "This clock does not run any more."
    return why_not_pause(known.rulebook.clock(clock.rule))


class ClockPaused(Entry):
    """A clock was paused, on a named person's authority and with a reason."""

    kind: ClassVar[str] = "clock.paused"
    title: ClassVar[str] = "Pause a clock"
    sentence: ClassVar[str] = "{clock} paused: {reason}"
    may: ClassVar[str] = "clock.pause"
    nature: ClassVar[Nature] = Nature.WITHHOLDING
    gates = (_authority, _pausable)
    consequences = (lambda entry, known: [Pause(entry.clock_uid, entry.until, known.actor.uid)],)

    clock_uid: Uid = ""
    clock: Text = ask("Which clock?")
    reason: Words = ask("Why can it not run?", "Being busy is not a reason to pause.", "now")
    until: Due = ask("Until when?", need="now")


class ClockResumed(Entry):
    """A paused clock runs again."""

    kind: ClassVar[str] = "clock.resumed"
    title: ClassVar[str] = "Let a clock run again"
    sentence: ClassVar[str] = "{clock} runs again"
    may: ClassVar[str] = "clock.acknowledge"
    nature: ClassVar[Nature] = Nature.RAISING
    consequences = (lambda entry, known: [Resume(entry.clock_uid)],)

    clock_uid: Uid = ""
    clock: Text = ask("Which clock?")


class ClockBreached(Entry):
    """A clock ran out. Recorded by the system; it stands, whatever is corrected later."""

    kind: ClassVar[str] = "clock.breached"
    title: ClassVar[str] = "A clock ran out"
    sentence: ClassVar[str] = "{clock} ran out; raised to {raised_to}"
    may: ClassVar[str] = "system"

    rule: Text = ask("Which rule?")
    clock: Text = ask("Which clock?")
    raised_to: Text = ask("Raised to whom?")


class ActionSettled(Entry):
    """An action was accepted, done, declined, or could not be done."""

    kind: ClassVar[str] = "action.settled"
    title: ClassVar[str] = "Say what became of an action"
    sentence: ClassVar[str] = "{action}: {outcome}"
    may: ClassVar[str] = "action.do"
    consequences = (_settle,)

    action_uid: Uid = ""
    action: Text = ask("Which action?")
    outcome: Choice[Outcome] = ask("What became of it?", need="now")
    evidence: Words = ask("How do we know?", "What was found, by whom, when.", "now")


class Corrected(Entry):
    """An earlier entry was wrong in some of its answers; it stays, and this one says how."""

    kind: ClassVar[str] = "journal.corrected"
    title: ClassVar[str] = "Correct an entry"
    sentence: ClassVar[str] = "Corrected an earlier entry: {reason}"
    may: ClassVar[str] = "entry.correct"

    entry_uid: Uid = ""
    changes: dict[str, Any] = Field(default_factory=dict)
    reason: Words = ask("What was wrong, and how do you know?", need="now")


class WrongChildProposed(Entry):
    """Somebody thinks an entry here is about another child; a second person has to agree."""

    kind: ClassVar[str] = "journal.wrong_child_proposed"
    title: ClassVar[str] = "Say that this is about the wrong child"
    sentence: ClassVar[str] = "Said to be about another child; waits for a second person"
    may: ClassVar[str] = "entry.correct"

    entry_uid: Uid = ""
    right_person: Uid = ""
    reason: Words = ask("How do you know it was another child?", need="now")


class WrongChild(Entry):
    """An entry was about somebody else: its words left this record, this line stays."""

    kind: ClassVar[str] = "journal.wrong_child"
    title: ClassVar[str] = "Move an entry to the child it is about"
    sentence: ClassVar[str] = "An entry recorded here was about somebody else and was moved"
    may: ClassVar[str] = "entry.approve"

    entry_uid: Uid = ""


class LookedAfterOnFile(Entry):
    """A council's return says the child is in its care."""

    kind: ClassVar[str] = "history.looked_after"
    title: ClassVar[str] = "In the care of the local authority"
    sentence: ClassVar[str] = "In care, from {source}"
    may: ClassVar[str] = "exchange.import"
    day_only: ClassVar[bool] = True

    source: Text = ask("From which file?")
    as_at: Day = ask("As at which day?")


KINDS: tuple[type[Entry], ...] = (
    ClockAcknowledged,
    ClockPaused,
    ClockResumed,
    ClockBreached,
    ActionSettled,
    Corrected,
    WrongChildProposed,
    WrongChild,
    LookedAfterOnFile,
)
