"""A world in which one child has just been reported missing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from kittiwake.journal.record import Recorded
from kittiwake.journal.sweeping import sweep
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing.questions import HowBack, PlaceKind, Reporter, VoiceOfChild
from tests.worlds import NOW, World, as_worker

VOICE = VoiceOfChild(seen=True, alone=True, words="I wanted to see my brother.")


@dataclass
class Episode:
    """One child, one episode, and short ways to move it on; minutes count from the report."""

    w: World
    kid: int

    def say(self, by: str, entry: Any, minutes: float = 0, **more: Any) -> Recorded:
        return self.w.say(by, entry, self.kid, minutes=minutes, **more)

    def report(self, minutes: float = 0, **answers: Any) -> Recorded:
        answers.setdefault("concern", "Left after an argument and has no coat.")
        entry = e.ReportedMissing(reporter=Reporter.HOME, reporter_name="Sol Grant", **answers)
        return self.say("handler", entry, minutes)

    def back(self, minutes: float, by: str = "sergeant", **answers: Any) -> Recorded:
        facts = {
            "how": HowBack.RETURNED_SELF,
            "place_kind": PlaceKind.FAMILY,
            "found_with": {"family"},
            "injured": False,
        }
        return self.say(by, e.Returned(**(facts | answers)), minutes)

    def clocks(self, rule: str) -> list[tuple[Any, ...]]:
        """Start, due and stop of a rule's clocks, oldest first."""
        return self.w.rows(
            "SELECT started_at, due_at, stopped_at FROM clock WHERE rule = %s AND person_id = %s "
            "ORDER BY id",
            rule,
            self.kid,
        )

    def due(self, rule: str) -> datetime:
        running = [due for _, due, stopped in self.clocks(rule) if stopped is None]
        assert len(running) == 1, f"{rule}: {self.clocks(rule)}"
        due: datetime = running[0]
        return due

    def runs(self, rule: str) -> bool:
        return any(stopped is None for _, _, stopped in self.clocks(rule))

    def sweep(self, minutes: float) -> list[tuple[str, str]]:
        """Sweep as the worker; who was told about which rule, this time."""
        at = NOW + timedelta(minutes=minutes)
        with as_worker():
            sweep(at)
        return self.w.rows(
            "SELECT k.rule, p.name FROM escalation x JOIN clock k ON k.id = x.clock_id "
            "JOIN practitioner p ON p.id = x.to_id WHERE x.raised_at = %s ORDER BY 1, 2",
            at,
        )

    def actions(self, state: str = "open") -> list[str]:
        rows = self.w.rows(
            "SELECT title FROM action WHERE person_id = %s AND state = %s", self.kid, state
        )
        return [title for (title,) in rows]

    def case(self, column: str) -> Any:
        return self.w.rows(
            f"SELECT {column} FROM case_file WHERE person_id = %s ORDER BY id DESC LIMIT 1",
            self.kid,
        )[0][0]


@pytest.fixture
def episode(world: None, owner: psycopg.Connection) -> Episode:
    w = World(owner)
    return Episode(w, w.child())


@pytest.fixture
def missing(episode: Episode) -> Episode:
    episode.report()
    return episode


def after(**delta: float) -> datetime:
    return NOW + timedelta(**delta)
