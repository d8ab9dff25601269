"""A child is reported missing: by the control room, by a home, by anybody; by keyboard alone."""

from __future__ import annotations

import re
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.county import AT_SAMPHIRE, County, Known
from tests.browser.hands import PHONE, Hands, Room

LETTERS = str.maketrans("0123456789", "ghijklmnop")


def choose(hands: Hands, child: Known) -> None:
    """On the report page: type enough of the name, and choose the one found while typing."""
    hands.open("/report?afresh=1")
    hands.count_afresh()
    hands.fill(re.compile("^Search by name"), child.typed)
    hands.push(re.compile(f"^Choose {child.name}"))


def test_the_control_room_reports_a_known_child_in_under_a_minute(
    room: Room, county: County
) -> None:
    hands, child = room.sit("control.room"), county.child()
    choose(hands, child)
    hands.fill("What is the worry this time?", "Not back from school, no coat, dark at four")
    hands.tick("Needs medication they do not have")
    hands.record()
    print(f"\n{hands.moves} moves and {hands.letters} letters: {hands.seconds:.0f} seconds")
    assert hands.seconds < 60
    hands.heading("The child is reported missing")
    receipt = hands.page.get_by_role("region", name=child.name)
    expect(receipt).to_contain_text(re.compile(r"Reference M-\d\d-\d{5}"))
    expect(receipt).to_contain_text(re.compile(r"Owner\s*Inspector .+07700 900\d{3}", re.S))
    expect(receipt).to_contain_text("A supervisor acknowledges the report")
    line = hands.page.get_by_label("For the incident log").input_value()
    told = rf"Kittiwake M-\d\d-\d{{5}}: {child.name}, born .+ Grade high\. Owner Inspector .+07700"
    assert re.match(told, line)


def test_a_child_reported_twice_is_recorded_once_and_says_who_was_first(
    room: Room, county: County
) -> None:
    child = county.missing()
    hands = room.sit("control.room")
    choose(hands, child)
    hands.sees("Reported missing already")
    hands.fill("What is the worry this time?", "Her aunt rings too: she has not got her inhaler")
    hands.record()
    hands.heading("Reported before: your information was added")
    hands.sees("Nothing was recorded twice")
    told = county.entries(child, ("missing.reported", "missing.information_added"))
    assert told == ["missing.reported", "missing.information_added"]
    hands.go("Open the case")
    hands.sees("she has not got her inhaler")


def test_a_child_who_is_not_on_file_is_described_and_reported(room: Room, county: County) -> None:
    hands, family = room.sit("control.room"), f"Quill{uuid4().hex.translate(LETTERS)}"
    hands.open("/report?afresh=1")
    hands.fill(re.compile("^Search by name"), f"Zephyrine {family}")
    hands.push(re.compile("^Describe a child"))
    expect(hands.page.get_by_label("Name, or what they are called")).to_be_focused()
    hands.fill(re.compile("^Date of birth"), "about 12")
    hands.fill("What is the worry this time?", "Got off the coach and is not with the others")
    hands.record()
    hands.heading("The child is reported missing")
    assert county.rows("SELECT 1 FROM pointer WHERE name = %s", f"Zephyrine {family}")


def test_what_is_wrong_in_a_report_is_said_beside_it_and_nothing_is_lost(
    room: Room, county: County
) -> None:
    hands, child = room.sit("control.room"), county.child()
    choose(hands, child)
    hands.fill("Time", "yesterday-ish")
    hands.fill("What is the worry this time?", "Nobody has seen him since break")
    hands.record()
    expect(hands.page).to_have_title(re.compile("^Error: "))
    problem = hands.page.get_by_role("alert")
    expect(problem).to_contain_text("There is something to put right")
    hands.to(problem.get_by_role("link"))
    hands.press("Enter")
    expect(hands.page.get_by_label("Time").first).to_be_focused()
    worry = hands.page.get_by_role("textbox", name="What is the worry this time?")
    assert worry.input_value() == "Nobody has seen him since break"
    hands.press("Control+a")
    hands.type("-10m")
    hands.record()
    hands.heading("The child is reported missing")


def test_a_home_reports_one_of_its_children_on_a_telephone_step_by_step(
    room: Room, county: County
) -> None:
    child = county.known_to("home")
    hands = room.sit("home", PHONE)
    hands.open("/report?afresh=1")
    hands.heading("Who is missing?")
    hands.tick(re.compile(f"^{child.name}"))
    hands.push("Continue")
    hands.heading("When were they last seen")
    hands.fill("Time", "-20m")
    hands.fill("What were they wearing?", "Grey hoodie, white trainers")
    hands.push("Continue")
    hands.heading("What is the worry this time?")
    hands.fill("What is the worry this time?", "Took a call, was upset, went out without a coat")
    hands.push("Continue")
    hands.heading("Who can we ring about this?")
    assert hands.page.get_by_label("Children’s home or carer").is_checked()
    hands.push("Continue")
    hands.heading("Check what you are about to report")
    hands.sees("Grey hoodie, white trainers")
    hands.push("Report missing now")
    hands.heading("The child is reported missing")
    hands.sees(re.compile(r"Reference M-\d\d-\d{5}"))
    hands.sees(re.compile(r"Inspector .+07700 900", re.S))
    hands.go("Open the case")
    hands.go("Record that the child is back")
    hands.tick("Came back by themselves")
    hands.tick("Where they live")
    hands.tick("Nobody")
    hands.answer("Were they hurt?", "No")
    hands.push("Record that the child is back")
    hands.sees("Back: Came back by themselves")
    assert county.case(child, "stage") == "returned"


def test_a_home_sees_its_own_children_and_no_others(room: Room, county: County) -> None:
    ((own, _, _),) = county.rows(f"{AT_SAMPHIRE} LIMIT 1")
    other = county.missing()
    hands = room.sit("home", PHONE)
    hands.open("/report/who")
    hands.sees(own)
    assert other.name not in hands.page.content()
    for path in (other.case, f"/children/{other.uid}", f"{other.case}/record/missing.returned"):
        hands.open(path)
        assert other.name not in hands.page.content()
    hands.open("/missing")
    hands.sees("Your role does not include this")


def test_anybody_tells_us_without_signing_in_and_is_told_nothing_about_the_child(
    room: Room, county: County
) -> None:
    child = county.child()
    hands = room.seat(PHONE)
    hands.open("/")
    hands.open("/report")
    hands.heading("Tell us that a child is missing")
    hands.sees("ring 999")
    hands.push("Tell us now")
    hands.sees("Enter the child’s name, or what they are called")
    hands.fill("The child’s name", child.name)
    hands.fill("Why are you worried?", "Crying at the bus stop an hour ago and now not there")
    hands.fill("A phone number we can ring you on", "07700 900999")
    hands.push("Tell us now")
    hands.heading("Thank you: we have it")
    hands.sees(re.compile(r"Your reference is\s*\S+"))
    for secret in (child.name, "Inspector", "07700 9001"):
        assert secret not in hands.page.content()
