"""Lowering a grade: a named inspector, a second person, reasons of harm, and no floor broken."""

from datetime import timedelta

import psycopg
import pytest

from kittiwake.access.doors import NotPermitted
from kittiwake.kernel.answers import NotKnown, NotKnownBecause
from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.markers import Marker
from kittiwake.pathways.flags.entries import FlagRaised
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing.questions import Grade
from tests.worlds import NOW, World

REPORT = e.ReportedMissing(concern="Left after an argument and has no coat.")


@pytest.fixture
def w(world: None, owner: psycopg.Connection) -> World:
    return World(owner)


def test_a_lower_grade_needs_two_people_reasons_and_harm(w: World) -> None:
    kid = w.child()
    w.say("handler", REPORT, kid)
    propose = e.LowerGradeProposed(grade=Grade.MEDIUM, why="He is a regular missing person.")
    with pytest.raises(Refused, match="does not make this time safer"):
        w.say("inspector", propose, kid, minutes=5)
    w.say(
        "sergeant",
        e.LowerGradeProposed(
            grade=Grade.MEDIUM, why="His aunt has just rung: he is on the bus to her."
        ),
        kid,
        minutes=6,
    )
    lower = e.GradeLowered(
        grade=Grade.MEDIUM,
        rationale="His aunt is meeting the bus and has spoken with him.",
        relied_on="Aunt, by phone, 23:08.",
        rejected="That somebody is making him say so: she knows his voice.",
        review_by=NOW + timedelta(hours=1),
    )
    with pytest.raises(NotPermitted):
        w.say("sergeant", lower, kid, minutes=7)
    w.say("inspector", lower, kid, minutes=8)
    assert w.rows("SELECT grade, policy_grade FROM case_file") == [("medium", "high")]


def test_a_floor_is_not_gone_below_while_its_facts_stand(w: World) -> None:
    kid = w.child()
    w.say("inspector", FlagRaised(type=Marker.CSE, basis="Seen with a named adult."), kid)
    w.say("handler", REPORT, kid)
    w.say(
        "sergeant",
        e.LowerGradeProposed(grade=Grade.LOW, why="Her sister has seen her at the fair."),
        kid,
        minutes=3,
    )
    lower = e.GradeLowered(
        grade=Grade.LOW, rationale="Seen by her sister.", relied_on="Sister.", rejected="Nothing.",
        markers_considered={Marker.CSE}, review_by=NOW + timedelta(hours=1),
    )  # fmt: skip
    with pytest.raises(Refused, match="The policy holds this at high"):
        w.say("inspector", lower, kid, minutes=5)


def test_nobody_lowers_on_not_known(w: World) -> None:
    kid = w.child()
    w.say("handler", REPORT, kid)
    nobody = NotKnown(not_known=NotKnownBecause.NOBODY_KNOWS)
    with pytest.raises(Refused, match="What makes serious harm less likely"):
        w.say("sergeant", e.LowerGradeProposed(grade=Grade.MEDIUM, why=nobody), kid, minutes=3)


def test_a_report_that_names_an_older_case_belongs_to_the_active_one(w: World) -> None:
    kid = w.child()
    old = w.say("handler", REPORT, kid).case_uid
    w.say("sergeant", e.Returned(), kid, minutes=5)
    new = w.say("handler", REPORT, kid, minutes=60).case_uid
    again = w.say("handler", REPORT, kid, minutes=61, case=old)
    assert (again.already, again.case_uid) == (True, new)
