"""CLK-01: what a call says about a child is thought through before anybody is sent."""

from __future__ import annotations

import pytest

from kittiwake.kernel.deciding import Refused
from kittiwake.pathways.contact import entries as c
from kittiwake.pathways.contact.questions import Exemption, Likelihood, Response
from tests.contact.conftest import SIX, Call


def test_six_parts_stop_it_and_five_do_not(call: Call) -> None:
    call.ring()
    call.thrive(1, harm=None)
    assert call.runs("CLK-01")
    assert "Finish THRIVE: all six parts" in call.actions()
    assert call.sweep(30) == [], "a gate falls due when it is passed, not by the clock"
    call.thrive(2)
    assert not call.runs("CLK-01")
    assert "Finish THRIVE: all six parts" in call.actions("done")
    assert call.stage() == "thrive_done"


def test_f71_somebody_sent_without_it_is_recorded_and_climbs_at_once(call: Call) -> None:
    call.ring()
    call.add(c.Deployed(unit="SC21"), 5)
    assert call.stage() == "deployed", "a fact is never refused"
    assert ("CLK-01", "Tom Akhtar") in call.sweep(21), "control room inspector, 15 minutes later"
    assert call.w.rows("SELECT count(*) FROM entry WHERE kind = 'clock.breached'") == [(1,)]
    call.thrive(25)
    assert not call.runs("CLK-01")


def test_grading_without_it_is_passing_the_gate_too(call: Call) -> None:
    call.ring()
    call.add(c.Graded(response=Response.PRIORITY, why="A child is there."), 3)
    assert call.due("CLK-01")


def test_f71_the_one_exemption_is_coded_and_names_who_is_on_the_way(call: Call) -> None:
    call.ring()
    with pytest.raises(Refused, match="Who is on the way"):
        call.add(c.Exempted(because=Exemption.ATTENDING))
    call.add(c.Exempted(because=Exemption.ATTENDING, unit="SC21"))
    assert not call.runs("CLK-01")
    assert "Do THRIVE now that somebody is there" in call.actions()
    call.add(c.Rethought(**SIX, changed="SC21 is there."), 9)
    assert "Do THRIVE now that somebody is there" in call.actions("done")


def test_a_later_thrive_raises_and_never_lowers(call: Call) -> None:
    call.ring()
    call.thrive(1)
    assert call.case("grade") == "medium"
    call.add(c.Rethought(**(SIX | {"risk": Likelihood.HIGH}), changed="A knife."), 5)
    assert call.case("grade") == "high"
    call.add(c.Rethought(**(SIX | {"risk": Likelihood.LOW}), changed="It is quiet."), 9)
    assert call.case("grade") == "high"
    assert any(a.startswith("A later THRIVE thought the risk is low") for a in call.actions())


def test_nobody_is_sent_only_after_thrive_and_for_a_reason_about_harm(call: Call) -> None:
    call.ring()
    ends = {"spoken_with": "Her gran", "share": True}
    with pytest.raises(Refused, match="Record THRIVE first"):
        call.add(
            c.Resolved(why="They are at their gran’s and spoke with us.", **ends), 1, "sergeant"
        )
    call.thrive(2)
    with pytest.raises(Refused, match="Being busy is not a reason"):
        call.add(c.Resolved(why="There are no units and demand is high.", **ends), 3, "sergeant")
    call.add(c.Resolved(why="They are at their gran’s and spoke with us.", **ends), 4, "sergeant")
    assert call.stage() == "resolved_without_deployment"


def test_two_calls_about_one_child_are_two_cases_with_clocks_of_their_own(call: Call) -> None:
    call.ring()
    call.thrive(1)
    first = call.uid
    call.ring(5)
    assert call.uid != first
    assert call.runs("CLK-01")
    assert call.case("grade") is None, "an older call lends a new one nothing"
