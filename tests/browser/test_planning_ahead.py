"""A home writes the profile and says a child is back; a shift is handed over. Keyboard alone."""

from __future__ import annotations

import re

from tests.browser.county import AT_SAMPHIRE, County, Known
from tests.browser.hands import PHONE, Room


def test_a_home_on_a_phone_reports_tells_what_it_checked_and_says_the_child_is_back(
    room: Room, county: County
) -> None:
    gone = "SELECT person_id FROM case_file WHERE is_active"
    rows = county.rows(f"{AT_SAMPHIRE} AND NOT q.is_restricted AND q.person_id NOT IN ({gone})")
    child = county.missing(Known(*rows[0]), minutes=12)
    hands = room.sit("home", PHONE)
    hands.open("/our-children")
    hands.go(re.compile(re.escape(child.name)))
    hands.sees("Missing for 1")
    hands.sees(county.rows("SELECT ref FROM case_file WHERE uid = %s", child.case[7:])[0][0])
    hands.go("Tell what you have checked")
    hands.sees("The report stands already and nobody waits for this")
    hands.tick("Looked in their room")
    hands.record()
    hands.open(f"/our-children/{child.uid}")
    hands.go(f"{child.name} is back now")
    hands.push(f"Record that {child.name} is back")
    hands.sees(f"Recorded: {child.name} is back.")
    assert county.entries(child, ["planning.episode_told", "missing.returned"]) == [
        "planning.episode_told", "missing.returned",
    ]  # fmt: skip


def test_a_shift_is_handed_over_by_keyboard_and_every_episode_has_a_new_owner(
    room: Room, county: County
) -> None:
    child = county.missing(minutes=40)
    hands = room.sit("inspector")
    hands.open("/handover")
    hands.sees(child.name)
    hands.fill("Who hands over?", "Inspector Tomasz Zielinski")
    hands.push(re.compile(r"^Accept \d+ episodes$"))
    hands.sees("You have accepted the shift")
    assert "missing.shift_accepted" in county.entries(child)
