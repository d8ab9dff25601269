"""The control room by keyboard: a call logged, its number brought into a report."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.county import County
from tests.browser.hands import Room


def test_a_child_is_reported_missing_by_incident_number_in_under_a_minute(
    room: Room, county: County
) -> None:
    hands, child = room.sit("control.room"), county.child()
    number = f"SC-{child.person:04}-77"
    hands.open("/contacts/log?afresh=1")
    hands.type(number)
    hands.fill(re.compile("^Search by name"), child.typed)
    hands.push(re.compile(f"^Choose {child.name}"))
    hands.fill("What are we told?", "Went out at four, not back, and his phone is off")
    hands.answer("Does nobody know where the child is?", "Yes")
    hands.record()
    hands.heading("The call is logged")
    hands.sees("A missing episode is open: M-")

    hands.open("/report?afresh=1")
    hands.count_afresh()
    hands.type(number)
    hands.enter()
    hands.sees("Its report is still to be written")
    expect(hands.page.locator("#concern")).to_have_value(re.compile("his phone is off"))
    hands.record()
    print(f"\n{hands.moves} moves and {hands.letters} letters: {hands.seconds:.0f} seconds")
    assert hands.seconds < 60
    hands.heading("The child is reported missing")
    line = hands.page.get_by_label("For the incident log").input_value()
    assert re.match(rf"Kittiwake M-\d\d-\d{{5}}: {child.name}", line)
    expect(hands.page.get_by_role("button", name="Copy")).to_be_visible()
