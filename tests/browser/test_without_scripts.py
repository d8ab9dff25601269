"""Everything that matters works in a browser that runs no script."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.county import County
from tests.browser.hands import PHONE, Room


def test_a_report_a_draft_and_a_review_need_no_script(room: Room, county: County) -> None:
    child = county.child()
    hands = room.seat(java_script_enabled=False)
    hands.sign_in("detective")
    hands.open("/report?afresh=1")
    hands.fill(re.compile("^Search by name"), child.typed)
    hands.enter()
    hands.push(re.compile(f"^Choose {child.name}"))
    hands.fill("What is the worry this time?", "Left by the back gate at ten, no phone")
    hands.push("Report missing")
    hands.heading("The child is reported missing")
    hands.go("Open the case")

    hands.go("Look at it as a detective")
    hands.fill("What do you direct?", "Phone work now, and the aunt is seen in person")
    hands.push("Save and come back")
    hands.sees("Your draft of “Record detective oversight” is kept")
    hands.go("Look at it as a detective")
    hands.push("Record detective oversight")
    hands.sees("A detective and a senior officer looked at this")

    hands.go("Review as duty inspector")
    hands.tick("High: serious harm is very likely")
    hands.fill("Why? What do you rely on?", "What the aunt said to DC Russo")
    rows = hands.page.locator(".app-row")
    before = rows.count()
    hands.push("Add another")
    assert rows.count() > before
    hands.fill("Whom or where?", "Her aunt, 12 Tern Street")
    hands.fill("Who does it?", "DC Russo")
    hands.push("Review this episode")
    hands.sees("Her aunt, 12 Tern Street")
    hands.push(re.compile("^Accept"))
    hands.sees("accepted")
    hands.open("/missing")
    expect(hands.page.locator("noscript p")).to_contain_text("does not refresh itself")
    expect(hands.page.get_by_role("link", name=child.name)).to_be_visible()


def test_a_home_reports_on_a_telephone_without_scripts(room: Room, county: County) -> None:
    hands = room.seat(PHONE, java_script_enabled=False)
    hands.sign_in("school")
    hands.open("/report/who?afresh=1")
    name = county.rows(
        "SELECT q.name FROM pointer q JOIN known_to k ON k.person_id = q.person_id "
        "JOIN agency a ON a.id = k.agency_id WHERE a.name = 'Creek Lane School' "
        "AND NOT EXISTS (SELECT 1 FROM case_file c WHERE c.person_id = q.person_id) "
        "ORDER BY q.name LIMIT 1"
    )[0][0]
    hands.tick(re.compile(f"^{name}"))
    for step in ("When were they last seen", "What is the worry"):
        hands.push("Continue")
        hands.heading(step)
    hands.fill("What is the worry this time?", "Not at registration after lunch; bag is here")
    for step in ("Who can we ring", "Check what you"):
        hands.push("Continue")
        hands.heading(step)
    hands.push("Report missing now")
    hands.heading("The child is reported missing")


def test_a_correction_and_a_return_need_no_script(room: Room, county: County) -> None:
    child = county.missing()
    hands = room.seat(java_script_enabled=False)
    hands.sign_in("hub")
    hands.open(child.case)
    hands.go("Record that the child is back")
    hands.tick("Found by somebody else")
    hands.tick("Street, park or station")
    hands.tick("Nobody")
    hands.answer("Were they hurt?", "No")
    hands.push("Record that the child is back")
    hands.sees("Back: Found by somebody else")
    hands.go(re.compile("^Correct Record that the child is back"))
    hands.tick("With family")
    hands.fill("What was wrong, and how do you know?", "It was their nan’s porch, she says")
    hands.push("Add the correction")
    hands.sees("Found: With family")
