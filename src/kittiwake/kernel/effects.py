"""What an entry causes: a closed set of effects, as data. Effects never make entries."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from kittiwake.kernel.plans import PlanKind

Grade = Literal["low", "medium", "high"]
GRADES: tuple[Grade, ...] = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Start:
    """Start a clock for the case, or for the child where the rule's subject is a person.

    `circumstance` picks a limit of the rule in place of the case's grade; `lap` says which lap
    this is (0 is the first), where it does not follow from the clock that runs already.
    """

    clock: str
    at: datetime | None = None
    circumstance: str | None = None
    lap: int | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop every running clock of this rule whose subject the entry concerns."""

    clock: str


@dataclass(frozen=True, slots=True)
class FallDue:
    """A gate of the case was passed before it was met: it falls due now, and its ladder climbs."""

    clock: str


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """A named person has answered for a clock: its ladder stops climbing."""

    clock_uid: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Pause a clock with authority, until an instant or until resumed."""

    clock_uid: str
    until: datetime | None
    authority: str


@dataclass(frozen=True, slots=True)
class Resume:
    """End a clock's pause."""

    clock_uid: str


@dataclass(frozen=True, slots=True)
class Move:
    """Move the case forward to a stage; never backwards."""

    stage: str


@dataclass(frozen=True, slots=True)
class Own:
    """Give the case to a practitioner, or to whoever is on duty in a role."""

    practitioner: str | None = None
    role: str = "duty_inspector"


@dataclass(frozen=True, slots=True)
class SetGrade:
    """Set the case's grade: what a person decided."""

    grade: Grade


@dataclass(frozen=True, slots=True)
class MarkCase:
    """Write something on the case that everybody who sees it must know: handed over, and to whom.

    Part of “move”: it says where a case stands beside its stage, and ends with the case.
    """

    words: str


@dataclass(frozen=True, slots=True)
class RaiseFlag:
    """Raise a marker on the child, and on the other person it concerns (G6).

    `other` is that person's uid; `until` the last day of what it rests on. A marker already in
    force stays as it is, unless it was `looked_at`: then its review begins anew.
    """

    type: str
    basis: str
    source: str = ""
    since: date | None = None
    until: date | None = None
    other: str | None = None
    looked_at: bool = False


@dataclass(frozen=True, slots=True)
class EndFlag:
    """End a marker, on everybody it stands on; a named person decided so."""

    type: str
    other: str | None = None


@dataclass(frozen=True, slots=True)
class AddAction:
    """One task with a named owner (by role, or a practitioner) and a due time.

    Without a due time of its own it is due when the clock it names would be. `audience` is that
    of the answers its words are taken from; its owner reads it in any case.
    """

    title: str
    why: str
    role: str
    due_at: datetime | None = None
    practitioner: str | None = None
    clock: str | None = None
    key: str = ""
    audience: Literal["case", "police"] = "case"


@dataclass(frozen=True, slots=True)
class SettleAction:
    """Finish, accept or decline an action: done, not done and not possible are different."""

    action_uid: str
    outcome: Literal["accepted", "done", "not possible", "declined"]


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell somebody there is something to read; the message itself holds no words of it."""

    role: str
    sentence: str


@dataclass(frozen=True, slots=True)
class PublishPlan:
    """Write the next version of a plan: a draft, or approved and in force at once.

    `lines` is how many lines it has that are worked through when it opens. What is approved
    takes the place of the version in force; a draft, of the draft before it.
    """

    kind: PlanKind
    state: Literal["draft", "approved"]
    lines: int
    review_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """Approve, open, review or retire a version of a plan; what it says never changes."""

    plan_uid: str
    what: Literal["approved", "activated", "reviewed", "retired"]
    review_at: datetime | None = None
    from_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seal:
    """Only whoever holds one of these roles now, and the author, read the entry."""

    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Close:
    """Close the case."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Open a case of another pathway about the same child, with what starts in it.

    Where one is active already nothing is opened twice: its owner is told.
    """

    pathway: str
    effects: tuple["Effect", ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """The other record is the same person: what is known of it moves to this one, reversibly."""

    other: str


@dataclass(frozen=True, slots=True)
class Unlink:
    """The other record is somebody else after all: what moved goes back."""

    other: str


@dataclass(frozen=True, slots=True)
class KeepApart:
    """The other record looks alike and is somebody else."""

    other: str


Effect = (
    Start
    | Stop
    | FallDue
    | Acknowledge
    | Pause
    | Resume
    | Move
    | Own
    | SetGrade
    | MarkCase
    | RaiseFlag
    | EndFlag
    | AddAction
    | SettleAction
    | Notify
    | PublishPlan
    | ChangePlan
    | Seal
    | Close
    | OpenCase
    | Link
    | Unlink
    | KeepApart
)
