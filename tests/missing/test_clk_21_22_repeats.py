"""CLK-21, CLK-22: three episodes in 90 days oblige a strategy meeting and a trigger plan."""

from datetime import timedelta

import pytest

from kittiwake.kernel.markers import Marker
from kittiwake.pathways.flags.entries import FlagRaised
from kittiwake.pathways.missing import entries as e
from tests.missing.conftest import Episode

DAY = 24 * 60


def three(episode: Episode, *days: float) -> None:
    for day in days:
        episode.report(minutes=day * DAY)
        episode.back(minutes=day * DAY + 60)


def test_clk_21_the_third_in_ninety_days_starts_the_clock_with_an_owned_action(
    episode: Episode,
) -> None:
    three(episode, -80, -40)
    assert not episode.runs("CLK-21")
    three(episode, 0)
    assert episode.runs("CLK-21")
    assert "Convene a strategy meeting for this child" in episode.actions()


def test_clk_21_three_in_more_than_ninety_days_do_not(episode: Episode) -> None:
    three(episode, -100, -40, 0)
    assert not episode.runs("CLK-21")


def test_clk_21_the_meeting_stops_it_and_a_refusal_climbs(episode: Episode) -> None:
    three(episode, -3, -2, -1)
    episode.say("adviser", e.StrategyMeeting(convened=False, outcome="Not agreed."), 10)
    assert not episode.runs("CLK-21")
    assert any("Take the declined strategy meeting up" in t for t in episode.actions())


def test_clk_21_with_a_marker_of_exploitation_it_is_due_the_next_working_day(
    episode: Episode,
) -> None:
    episode.say("inspector", FlagRaised(type=Marker.CCE, basis="A second phone."), -9 * DAY)
    three(episode, -3, -2, 0)  # the third is reported on a Friday night
    assert episode.due("CLK-21").date().isoformat() == "2026-11-23"


def test_clk_22_a_marker_of_exploitation_obliges_a_plan_by_itself(episode: Episode) -> None:
    episode.say("inspector", FlagRaised(type=Marker.CAWN, basis="Served on a named adult."), 0)
    assert episode.due("CLK-22") - episode.clocks("CLK-22")[0][0] == timedelta(hours=48)


def test_frequency_never_lowers_the_level(episode: Episode) -> None:
    from kittiwake.risk.facts import Level

    levels = []
    for day in range(0, 12, 2):
        levels.append(Level.of(episode.report(minutes=day * DAY).level))
        episode.back(minutes=day * DAY + 60)
    assert levels == sorted(levels)


@pytest.mark.parametrize("minutes", [0, 30])
def test_reported_again_while_missing_is_one_episode_and_a_plain_answer(
    missing: Episode, minutes: float
) -> None:
    again = missing.report(minutes=minutes)
    assert again.already
    assert again.already_by == "Ama Boateng"
    assert missing.w.rows("SELECT count(*) FROM case_file") == [(1,)]
