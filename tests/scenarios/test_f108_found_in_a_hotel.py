"""F108: a girl who left at 23:03 and was found in a hotel.

Told again: what was put off then is refused or chased here, in words.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.language import warnings
from kittiwake.kernel.markers import Marker
from kittiwake.pathways.flags.entries import FlagRaised
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing.questions import Enquiry, FoundWith, HowBack, PlaceKind
from tests.missing.conftest import VOICE, Episode
from tests.worlds import NOW


@pytest.fixture
def girl(episode: Episode) -> Episode:
    """A marker of exploitation, and a report at 23:03."""
    episode.say("hub", FlagRaised(type=Marker.CSE, basis="Seen twice with a named adult."), 0)
    episode.report()
    return episode


def test_nobody_acknowledges_for_two_hours(girl: Episode) -> None:
    told = {name for rule, name in girl.sweep(31) if rule == "CLK-11"}
    assert len(told) >= 2, "the duty inspector, then the superintendent"
    assert girl.sweep(62), "and it goes on until a named person answers"
    girl.say("sergeant", e.SupervisorAcknowledged(first_steps="PC Noor goes to the hotel."), 130)
    assert not girl.runs("CLK-11")


def test_f78_a_list_of_nothing_is_no_review(girl: Episode) -> None:
    vague = Enquiry(target="check addresses", why="usual enquiries", who="late turn")
    girl.say("inspector", e.RiskReviewed(rationale="As before.", enquiries=[vague]), 40)
    assert any(title.startswith("Make this instruction specific") for title in girl.actions())
    assert not girl.clocks("CLK-14")
    named = Enquiry(
        target="Harbour Hotel, night porter", why="Seen there at 22:50", who="PC Noor",
        by=NOW + timedelta(hours=1),
    )  # fmt: skip
    girl.say("inspector", e.RiskReviewed(rationale="The hotel.", enquiries=[named]), 45)
    assert girl.runs("CLK-14")
    assert any("Harbour Hotel" in title for title in girl.actions())


def test_g10_words_are_met_where_they_are_typed_and_never_rewritten(girl: Episode) -> None:
    text = "She is in her usual parameters and will return home of her own volition."
    assert len(warnings(text)) == 2
    girl.say("handler", e.InformationAdded(what=text), 20)
    stored = girl.w.rows("SELECT answers->>'what' FROM detail WHERE answers ? 'what'")
    assert stored == [(text,)]


def test_the_hour_is_no_reason_to_leave_an_address_alone(girl: Episode) -> None:
    left = e.AddressNotVisited(
        address="2 Quay Street", threat="None known.", until=NOW + timedelta(hours=9),
        reason="Late at night, so not checked.",
    )  # fmt: skip
    with pytest.raises(Refused, match="The hour is not a reason"):
        girl.say("inspector", left, 50)


def test_how_where_and_with_whom_are_asked_until_answered(girl: Episode) -> None:
    told = girl.say("sergeant", e.Returned(), 200)
    assert {"How did they come back?", "Who were they with?"} <= set(told.gaps)
    girl.say("sergeant", e.PreventionInterviewHeld(held_by="PC Noor", voice=VOICE), 220)
    with pytest.raises(Refused, match="Still to answer"):
        girl.say("superintendent", e.EpisodeClosed(reason="She is home."), 230)


def test_found_with_an_adult_in_a_hotel_is_never_the_end_of_it(girl: Episode) -> None:
    girl.back(
        200,
        how=HowBack.FOUND_POLICE,
        place_kind=PlaceKind.HOTEL,
        found_with={FoundWith.ADULT, FoundWith.CHILD},
    )
    open_now = girl.actions()
    for expected in (
        "Share a police safeguarding report (PVP)",
        "Screen again for exploitation",
        "Consider which crimes were committed against the child",
        "Check warning notices, orders and bail conditions",
        "Ask social care for a strategy discussion",
        "Find out which other children were there",
    ):
        assert expected in open_now
    with pytest.raises(Refused) as refused:
        girl.say("superintendent", e.EpisodeClosed(reason="She is home."), 230)
    assert "look back" in str(refused.value)
    assert "still open" in str(refused.value)
