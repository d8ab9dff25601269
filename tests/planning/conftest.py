"""A child with or without plans, and short ways to write them."""

from typing import Any

import psycopg
import pytest

from kittiwake.pathways.planning import entries as p
from kittiwake.pathways.planning.questions import PlanLine, Priority
from tests.missing.conftest import Episode
from tests.worlds import World

LINES = (
    PlanLine(
        target="12 Harbour Row, Teal Quay, ZZ1 2AB",
        reason="An adult there has given Kit lifts.",
        priority=Priority.FIRST,
        constraint="Another child lives there.",
        officer_safety="A dog in the yard.",
    ),
    PlanLine(target="Robin Vale, Kit’s cousin", reason="Kit rings Robin first.",
             priority=Priority.THEN),
)  # fmt: skip


class Planned(Episode):
    """One child, and short ways to plan for them; minutes count from the world's now."""

    def draft(self, by: str = "adviser", minutes: float = -600, **answers: Any) -> None:
        told: dict[str, Any] = {"push": "Nobody asks me.", "lines": LINES} | answers
        self.say(by, p.PlanDrafted(**told), minutes)

    def approve(self, by: str = "inspector", minutes: float = -590, **answers: Any) -> None:
        self.say(by, p.PlanApproved(said="It names where Kit goes.", **answers), minutes)

    def profile(self, by: str = "carer", minutes: float = -500, **answers: Any) -> None:
        self.say(by, p.ProfileWritten(written_by="Sol Grant", report_when="At ten", **answers),
                 minutes)  # fmt: skip

    def plans(self, kind: str = "trigger") -> list[tuple[Any, ...]]:
        """Version, state, activations and review of each version, oldest first."""
        return self.w.rows(
            "SELECT version, state, activations, review_at FROM plan "
            "WHERE person_id = %s AND kind = %s ORDER BY version",
            self.kid,
            kind,
        )


@pytest.fixture
def planned(world: None, owner: psycopg.Connection) -> Planned:
    w = World(owner)
    return Planned(w, w.child())
