"""What was begun is kept, and what was wrong is put right in the open."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.county import County
from tests.browser.hands import Hands, Room

SAID = "Her bank card was used at the Eelbridge garage"


def inform(hands: Hands, case: str, words: str) -> None:
    """Add information to a case."""
    hands.open(f"{case}/record/missing.information_added")
    hands.fill("What is new?", words)
    hands.record()
    hands.sees(words)


def test_a_draft_outlives_signing_out(room: Room, county: County) -> None:
    child = county.missing()
    hands = room.seat()
    hands.sign_in("adviser")
    hands.open(f"{child.case}/record/missing.risk_assessed")
    hands.fill("What is the specific concern this time?", "Her messages stop at ten past four")
    hands.press("Tab")
    expect(hands.page.locator("[data-saved]")).to_contain_text("Draft saved")
    hands.push("Sign out")
    hands.open(child.case)
    assert child.name not in hands.page.content()
    hands.sign_in("adviser")
    hands.open("/my-work")
    hands.go(re.compile(f"Assess the risk.*{child.name}"))
    hands.sees("This is your draft")
    concern = hands.page.get_by_role("textbox", name="What is the specific concern this time?")
    assert concern.input_value() == "Her messages stop at ten past four"
    other = room.sit("inspector")
    other.open(f"{child.case}/record/missing.risk_assessed")
    assert "ten past four" not in other.page.content(), "a draft is its author's alone"
    hands.to(concern)
    hands.record()
    hands.open("/my-work")
    assert not hands.page.get_by_role(
        "link", name=re.compile(f"Assess the risk.*{child.name}")
    ).count()


def test_a_correction_is_added_and_the_first_account_stays_readable(
    room: Room, county: County
) -> None:
    child = county.missing()
    hands = room.sit("control.room")
    inform(hands, child.case, SAID)
    line = hands.page.locator("ol.app-lines > li").filter(has_text=SAID)
    hands.to(line.get_by_role("link", name=re.compile("^Correct")))
    hands.enter()
    hands.heading("Correct: add information or a sighting")
    hands.fill("What was wrong, and how do you know?", "The bank rang back: it was the day before")
    hands.fill("What is new?", "Her bank card was used at the garage yesterday")
    hands.push("Add the correction")
    hands.sees("Corrected")
    hands.sees("Her bank card was used at the garage yesterday")
    hands.sees("The bank rang back")
    assert county.rows(
        "SELECT d.answers->>'what' FROM detail d JOIN entry e ON e.id = d.entry_id "
        "WHERE e.person_id = %s AND e.kind = 'missing.information_added'",
        child.person,
    ) == [(SAID,)], "what was first written is there still"


def test_what_was_about_another_child_moves_only_when_a_second_person_agrees(
    room: Room, county: County
) -> None:
    wrong, right = county.missing(), county.child()
    hands, words = room.sit("sergeant"), "Seen at the swimming baths at three with two friends"
    inform(hands, wrong.case, words)
    line = hands.page.locator("ol.app-lines > li").filter(has_text=words)
    hands.to(line.get_by_role("link", name=re.compile("^Correct")))
    hands.enter()
    hands.go("This was about another child")
    hands.fill("Which child was it about?", right.typed)
    hands.push("Search")
    hands.tick(re.compile(f"^{right.name}"))
    hands.fill("How do you know it was another child?", "The caller gave the other date of birth")
    hands.push("Ask a second person to agree")
    hands.sees("Somebody else has to agree")
    hands.sees(words)

    other = room.sit("inspector")
    other.open(wrong.case)
    other.sees("says an entry here is about another child")
    other.push("Agree: move it to the other child")
    other.open(wrong.case)
    other.sees("Recorded here about somebody else, and moved")
    assert words not in other.page.content()
    other.open(f"/children/{right.uid}")
    other.sees(words)


def test_moving_the_start_of_a_clock_waits_for_a_second_person(room: Room, county: County) -> None:
    child = county.missing(minutes=20)
    hands = room.sit("control.room")
    hands.open(child.case)
    hands.go(re.compile("^Correct Report a child missing"))
    hands.fill("Time", "-5m")
    hands.fill("What was wrong, and how do you know?", "Her teacher saw her at the gate later")
    hands.push("Add the correction")
    hands.open(child.case)
    hands.sees("corrected when something happened, and asks to count")
    hands.sees("the earlier due time counts")
    hands.sees("You asked for this, so somebody else decides")
    due = "SELECT due_at FROM clock WHERE person_id = %s AND rule = 'CLK-12'"
    before = county.rows(due, child.person)
    other = room.sit("inspector")
    other.open(child.case)
    other.push("Count from then")
    other.open(child.case)
    assert other.page.get_by_text("the earlier due time counts").count() == 0
    assert county.rows(due, child.person) > before
