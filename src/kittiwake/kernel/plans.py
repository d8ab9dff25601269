"""A plan about a child: its versions, and where each stands at an instant. Pure.

Source: rulebook 4.3 (NEEDED, DRAFT, APPROVED, ACTIVE, ACTIVATED, REVIEW_DUE, SUPERSEDED, RETIRED).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

PlanKind = Literal["philomena", "trigger"]
PLAN_NAMES: dict[PlanKind, str] = {"trigger": "Trigger plan", "philomena": "Philomena profile"}


class PlanState(StrEnum):
    """Where a plan stands. One past its review is out of date, and opens all the same."""

    NEEDED = "needed"
    DRAFT = "draft"
    APPROVED = "approved"
    ACTIVE = "active"
    ACTIVATED = "activated"
    REVIEW_DUE = "review due"
    SUPERSEDED = "superseded"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"

    @property
    def opens(self) -> bool:
        """Whether it opens by itself with a missing report."""
        return self in (PlanState.ACTIVE, PlanState.ACTIVATED, PlanState.REVIEW_DUE)

    @property
    def in_date(self) -> bool:
        """Whether it counts as cover: in force, and its review not yet due."""
        return self in (PlanState.ACTIVE, PlanState.ACTIVATED)


@dataclass(frozen=True, slots=True)
class PlanNow:
    """One version of a plan as stored; without words."""

    id: int
    uid: str
    kind: PlanKind
    version: int
    state: str
    lines: int
    author_id: int
    in_force_from: datetime | None
    review_at: datetime | None
    activations: int = 0

    def stands(self, now: datetime) -> PlanState:
        """Where this version stands at an instant."""
        if self.state != "approved":
            return PlanState(self.state)
        if self.in_force_from is not None and now < self.in_force_from:
            return PlanState.APPROVED
        if self.review_at is not None and now >= self.review_at:
            return PlanState.REVIEW_DUE
        return PlanState.ACTIVATED if self.activations else PlanState.ACTIVE


def opening(plans: Iterable[PlanNow], kind: PlanKind, now: datetime) -> PlanNow | None:
    """The version of this kind that opens with a report now, or None."""
    found = [p for p in plans if p.kind == kind and p.stands(now).opens]
    return max(found, key=lambda p: p.version, default=None)


def newest_draft(plans: Iterable[PlanNow], kind: PlanKind) -> PlanNow | None:
    """The draft of this kind that waits for approval, or None."""
    found = [p for p in plans if p.kind == kind and p.state == "draft"]
    return max(found, key=lambda p: p.version, default=None)
