"""A world in which a call about a child has just come in; minutes count from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from kittiwake.journal.record import Recorded
from kittiwake.pathways.contact import entries as c
from kittiwake.pathways.contact.questions import Channel, ChildIs, Likelihood
from tests.missing.conftest import Episode
from tests.worlds import World

SIX = {
    "threat": "A man shouts in the flat; the boy is in the next room.",
    "harm": "The boy could be hurt if he comes between them.",
    "risk": Likelihood.MEDIUM,
    "investigation": "Who is in the flat: PC Noor.",
    "vulnerability": "The boy is nine and alone with them.",
    "engagement": "Mum wants him to leave and stays on the line.",
}


@dataclass
class Call(Episode):
    """One child, one call, and short ways to move it on."""

    uid: str = ""

    def ring(self, minutes: float = 0, **answers: Any) -> Recorded:
        told = {
            "channel": Channel.EMERGENCY,
            "what": "Shouting in the flat; a boy is there.",
            "child_is": {ChildIs.PRESENT},
        }
        done = self.say("handler", c.ContactReceived(**(told | answers)), minutes)
        self.uid = done.case_uid or ""
        return done

    def add(self, entry: Any, minutes: float = 1, by: str = "handler") -> Recorded:
        return self.say(by, entry, minutes, case=self.uid)

    def thrive(self, minutes: float = 1, **answers: Any) -> Recorded:
        return self.add(c.ThoughtThrough(**(SIX | answers)), minutes)

    def stage(self) -> str:
        return str(self.w.rows("SELECT stage FROM case_file WHERE uid = %s", self.uid)[0][0])


@pytest.fixture
def call(world: None, owner: psycopg.Connection) -> Call:
    w = World(owner)
    return Call(w, w.child())
