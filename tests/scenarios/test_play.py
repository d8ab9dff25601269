"""./kittiwake play: the shipped scenarios fire what they must, at or before the time they must."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from kittiwake.cli.play import Event, Player, ScenarioError, as_json, as_words
from kittiwake.config.roles import kept_addresses

SCENARIOS = Path(__file__).resolve().parents[2] / "docs" / "scenarios"


@pytest.fixture
def player(world: None, owner: psycopg.Connection) -> Player:
    return Player(owner, kept_addresses(settings.ENVIRONMENT.home)["worker"])


def told(events: list[Event], what: str, said: str) -> str:
    """When something of this sort was first said. Fails when it never was."""
    found = [e.at for e in events if e.what == what and said in e.said]
    assert found, f"no {what}: {said}"
    return found[0][:16]


def test_scenario_1_a_boy_missing_again(player: Player) -> None:
    events = player.play(SCENARIOS / "01-a-boy-missing-again.jsonl")
    night = [e for e in events if e.at >= "2026-11-20T18:00"]
    report = "2026-11-20T18:00"
    assert told(night, "action", "Ask the carer for the Philomena form") == report
    assert told(night, "action", "Convene a strategy meeting") == report
    assert told(night, "clock started", "CLK-21 due 23/11") == report
    assert told(night, "judged", "high: The child is missing now") == report
    assert told(night, "refused", "does not make this time safer") == "2026-11-20T18:01"
    assert told(night, "breached", "CLK-11") == "2026-11-20T18:15"
    assert told(night, "breached", "CLK-12") == "2026-11-20T19:00"
    assert told(night, "language", "High demand trumped") == "2026-11-20T23:00"
    assert told(night, "action", "Make this instruction specific") == "2026-11-20T23:00"
    assert told(night, "refused", "The policy holds this at high") == "2026-11-20T23:05"
    assert told(night, "clock started", "CLK-19") == "2026-11-21T01:30"
    assert told(night, "refused", "Record the prevention interview") == "2026-11-21T02:00"
    assert told(night, "breached", "CLK-19") == "2026-11-24T01:30"


def test_scenario_5_a_girl_found_at_a_hotel(player: Player) -> None:
    events = player.play(SCENARIOS / "05-a-girl-found-at-a-hotel.jsonl")
    assert told(events, "clock started", "CLK-22") == "2026-11-01T10:00"
    assert told(events, "breached", "CLK-11") == "2026-11-20T23:18"
    assert told(events, "breached", "CLK-12") == "2026-11-21T00:03"
    assert told(events, "language", "usual parameters") == "2026-11-21T02:30"
    assert told(events, "refused", "Propose a lower grade") == "2026-11-21T02:30"
    assert told(events, "action", "Make this instruction specific") == "2026-11-21T02:33"
    assert told(events, "refused", "The hour is not a reason") == "2026-11-21T02:40"
    found = "2026-11-21T05:10"
    for action in ("PVP", "Screen again", "Consider which crimes", "which other children"):
        assert told(events, "action", action) == found
    assert told(events, "action", "what the child said") == "2026-11-21T06:00"
    assert told(events, "told", "told us of harm") == "2026-11-21T06:00"
    assert told(events, "refused", "still open") == "2026-11-21T07:00"


def test_a_line_that_cannot_be_played_is_named(player: Player, tmp_path: Path) -> None:
    script = tmp_path / "wrong.jsonl"
    script.write_text('# remark\n{"at": "2026-11-20T18:00+00:00", "by": "x", "about": "y",'
                      ' "entry": "no.such"}\n')  # fmt: skip
    with pytest.raises(ScenarioError, match="Line 2"):
        player.play(script)


def test_events_read_as_lines_and_as_json() -> None:
    events = [Event("2026-11-20T18:00:00+00:00", "breached", "CLK-11 raised to Joan Obi")]
    assert "20 November 2026 at 18:00" in as_words(events)
    assert as_json(events).startswith('{"at": "2026-11-20')
