"""The duty inspector's shift: what runs out is answered for, risk is looked at, grades decided."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.county import County
from tests.browser.hands import Hands, Room, soon


def open_board_at(hands: Hands, name: str) -> None:
    """From Missing now to the child's case."""
    hands.open("/missing")
    hands.heading("Missing now")
    hands.go(re.compile(f"^{name}$"))
    hands.heading(name)


def test_an_inspector_answers_for_clocks_assesses_and_reviews_with_targeted_enquiries(
    room: Room, county: County
) -> None:
    child = county.missing(minutes=100)
    soon(lambda: county.rows("SELECT 1 FROM escalation WHERE person_id = %s", child.person))
    hands = room.sit("inspector")
    open_board_at(hands, child.name)

    clocks = hands.page.get_by_role("region", name="Clocks running")
    expect(clocks).to_contain_text("raised to")
    hands.push("Answer for those ticked")
    hands.heading("Answer for this clock")
    hands.fill("What are you doing about it?", "Taking it myself now; Sergeant Morgan is sent")
    hands.record()
    hands.sees("answered for by Joan Obi")

    hands.go("Assess the risk")
    hands.fill("What is the specific concern this time?", "Met an adult online; her phone is off")
    hands.answer("Could they be sexually exploited?", "Yes")
    hands.answer("A notice, order or bail condition about this child?", "Yes")
    hands.fill("Who is it against, and where are they now?", "A named adult, at 3 Brine Lane")
    hands.record()
    hands.sees("Risk assessed: Met an adult online")

    hands.go("Review as duty inspector")
    hands.tick("High: serious harm is very likely")
    hands.fill("Why? What do you rely on?", "The order, and what her friend showed the officer")
    hands.fill("Whom or where?", "3 Brine Lane, North Spit")
    hands.fill("Why there?", "Address of the adult in the order")
    hands.fill("Who does it?", "PC Rai")
    hands.record()
    hands.sees("Reviewed: The order, and what her friend showed")
    actions = hands.page.get_by_role("region", name="Actions open")
    expect(actions).to_contain_text("3 Brine Lane, North Spit: Address of the adult in the order")
    expect(hands.page.get_by_role("region", name="Clocks running")).to_contain_text(
        "The risk is reviewed again"
    )
    assert county.case(child, "stage") == "active"


def test_a_generic_instruction_is_warned_of_while_it_is_written_and_does_not_count(
    room: Room, county: County
) -> None:
    child = county.missing(minutes=20)
    hands = room.sit("inspector")
    hands.open(f"{child.case}/record/missing.reviewed")
    hands.fill("Why? What do you rely on?", "High. Officers to check usual addresses")
    hands.press("Tab")
    better = hands.page.locator(".app-better").first
    expect(better).to_contain_text("Better:")
    hands.record()
    hands.sees("Make this instruction specific")
    rows = county.rows(
        "SELECT count(*) FROM clock WHERE person_id = %s AND rule = 'CLK-14'", child.person
    )
    assert rows == [(0,)]


def test_a_lower_grade_is_proposed_by_one_refused_for_a_poor_reason_and_decided_by_another(
    room: Room, county: County
) -> None:
    child = county.missing(minutes=50)
    hands = room.sit("sergeant")
    hands.open(child.case)
    hands.form("Propose a lower grade")
    hands.tick("Medium: harm is likely but not serious")
    hands.fill("What makes serious harm less likely this time?", "Regular misper, always returns")
    hands.record()
    hands.sees("Look at these words before you decide")
    hands.tick("The exact words matter here")
    hands.push("Record it as it stands")
    hands.sees("This was not recorded")
    hands.sees("How often a child has been missing does not make this time safer")
    assert county.entries(child, ["missing.lower_grade_proposed"]) == []
    hands.fill(
        "What makes serious harm less likely this time?",
        "On the phone with her mother at six: indoors, warm, with her cousin’s parents",
    )
    hands.record()
    hands.sees("You proposed it, so another inspector has to decide")

    other = room.sit("second.inspector")
    other.open(child.case)
    other.sees("Sergeant Rhys Morgan proposes a lower grade")
    other.go("Decide on the lower grade")
    other.tick("Medium: harm is likely but not serious")
    other.fill("What makes serious harm less likely this time?", "Spoken with, indoors, adults")
    other.fill("Which information do you rely on, and from whom?", "Her mother, by telephone")
    other.fill("What did you consider and reject?", "That the cousin is young: her parents are in")
    for marker in other.page.get_by_label(re.compile(r"\(on this child\)")).all():
        other.to(marker)
        other.press("Space")
    times = other.page.get_by_role("group", name="Look at it again by when?")
    other.to(times.get_by_label("Time"))
    other.type("2359")
    other.record()
    other.sees("Grade lowered: Medium")
    assert county.case(child, "grade") == "medium"


def test_a_board_that_changed_says_so_and_moves_nothing(room: Room, county: County) -> None:
    hands = room.sit("inspector")
    hands.open("/missing")
    before = hands.page.locator("tbody th").all_inner_texts()
    child = county.missing()
    hands.page.evaluate("htmx.trigger(document.body, 'board-poll')")
    expect(hands.page.locator("#changed")).to_contain_text("changed since this board was made")
    assert hands.page.locator("tbody th").all_inner_texts() == before
    hands.go(re.compile("^Show"))
    expect(hands.page.get_by_role("link", name=child.name)).to_be_visible()
