"""What is known at the moment of deciding: a fixed value, without lazy reads."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from kittiwake.kernel.effects import Effect, Grade, SettleAction
from kittiwake.kernel.facts import Fact
from kittiwake.kernel.plans import PlanKind, PlanNow, newest_draft, opening
from kittiwake.kernel.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Actor:
    """The practitioner who acts: who, in which roles and rank, for which agency.

    `lapsed` are the courses their agency keeps a register of, and for which they stand in it no
    more or never did.
    """

    id: int
    uid: str
    name: str
    roles: frozenset[str]
    rank: int
    agency_id: int
    agency_kind: str
    lapsed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CaseNow:
    """A case as it stands: its pathway, furthest stage, grade and owner."""

    id: int
    uid: str
    ref: str
    pathway: str
    stage: str
    grade: Grade | None
    owner_id: int
    opened_at: datetime
    active: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class ClockNow:
    """A clock as stored: its subject, its start, and whether it still runs."""

    id: int
    uid: str
    rule: str
    subject_kind: str
    subject_id: int
    case_id: int | None
    started_at: datetime
    due_at: datetime | None
    running: bool
    paused: bool = False
    grade: str | None = None
    lap: int = 0


@dataclass(frozen=True, slots=True)
class ActionNow:
    """An action as it stands."""

    uid: str
    key: str
    owner_id: int | None
    state: str
    case_id: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """Everything a gate or a consequence may look at, and nothing else."""

    now: datetime
    rulebook: Rulebook
    actor: Actor
    person_id: int
    born_on: date | None
    case: CaseNow | None
    facts: tuple[Fact, ...] = ()
    clocks: tuple[ClockNow, ...] = ()
    flags: frozenset[str] = frozenset()
    actions: tuple[ActionNow, ...] = ()
    plans: tuple[PlanNow, ...] = ()
    gaps: tuple[str, ...] = ()
    policy_grade: Grade | None = None
    texts: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    def age(self, at: datetime | None = None) -> float | None:
        """The child's age in years, or None where no date of birth is known."""
        if self.born_on is None:
            return None
        return ((at or self.now).date() - self.born_on).days / 365.2425

    def of_case(self, *kinds: str) -> list[Fact]:
        """The facts of this case of these kinds, oldest first."""
        if self.case is None:
            return []
        mine = (f for f in self.facts if f.case_id == self.case.id and f.kind in kinds)
        return sorted(mine, key=lambda f: f.order)

    def has(self, *kinds: str) -> bool:
        """Whether this case holds an entry of any of these kinds."""
        return bool(self.of_case(*kinds))

    def latest(self, *kinds: str) -> Fact | None:
        """The newest fact of these kinds in this case."""
        found = self.of_case(*kinds)
        return found[-1] if found else None

    def within(self, days: int, *kinds: str) -> list[Fact]:
        """The child's facts of these kinds in the last so many days, up to now."""
        since = self.now - timedelta(days=days)
        return [f for f in self.facts if f.kind in kinds and since < f.happened_at <= self.now]

    def plan(self, kind: PlanKind) -> PlanNow | None:
        """The plan of this kind that opens with a report now: in force, in date or not."""
        return opening(self.plans, kind, self.now)

    def draft(self, kind: PlanKind) -> PlanNow | None:
        """The draft of a plan that waits for approval."""
        return newest_draft(self.plans, kind)

    def open_actions(self, *keys: str) -> list[ActionNow]:
        """The actions of these keys still to be done: of this case and of none; in no case, all."""
        case_id = self.case.id if self.case else None
        return [
            a
            for a in self.actions
            if a.key in keys
            and a.state in ("open", "accepted")
            and (case_id is None or a.case_id in (None, case_id))
        ]

    def running(self, *rules: str) -> list[ClockNow]:
        """Running clocks of these rules, of this case or of the child."""
        case_id = self.case.id if self.case else None
        return [
            c
            for c in self.clocks
            if c.running
            and (not rules or c.rule in rules)
            and (c.case_id in (None, case_id) or c.subject_kind != "case")
        ]


def settled(known: Known, *keys: str) -> list[Effect]:
    """The open actions of this case under these keys are done."""
    case = known.case.id if known.case else None
    return [
        SettleAction(a.uid, "done")
        for a in known.actions
        if a.key in keys and a.case_id == case and a.state in ("open", "accepted")
    ]


def names(items: Iterable[str]) -> str:
    """A list as people say it: a, b and c."""
    words = list(items)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
