"""A child comes back: seen, heard, listened to, looked back on, and only then closed."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.county import County, Known
from tests.browser.hands import Hands, Room


def settle_every_action(hands: Hands, child: Known) -> None:
    """Say of each open action of the case that it is done, and how that is known."""
    while True:
        hands.open(child.case)
        panel = hands.page.get_by_role("region", name=re.compile("^Actions open"))
        done = panel.get_by_role("link", name=re.compile("^Done"))
        if not done.count():
            return
        hands.to(done.first)
        hands.enter()
        expect(hands.page.get_by_label("It is done")).to_be_checked()
        hands.fill("How do we know?", "Her mother handed it to PC Rai at the door")
        hands.record()


def test_from_back_to_closed_by_six_people_and_every_one_of_them_is_heard(
    room: Room, county: County
) -> None:
    child = county.missing(county.known_to("interviewer"), minutes=30)
    came_back(room.sit("sergeant"), child)
    closing_is_refused_with_every_reason(room.sit("inspector"), child)
    police_speak_with_the_child(room.sit("sergeant"), child)
    social_care_offers_the_interview(room.sit("social.worker"), child)
    somebody_independent_listens(room.sit("interviewer"), child)
    inspector = room.sit("inspector")
    it_is_looked_back_on(inspector, child)
    settle_every_action(inspector, child)
    close(inspector, child)
    inspector.sees("You own this episode and its grade is high, so somebody else has to close it")
    assert inspector.page.get_by_role("alert").get_by_role("listitem").count() == 1

    other = room.sit("second.inspector")
    close(other, child)
    other.sees("This case is closed")
    lines = other.page.locator("ol.app-lines > li")
    told = county.rows(
        "SELECT count(*) FROM entry WHERE person_id = %s AND case_id = "
        "(SELECT id FROM case_file WHERE person_id = %s ORDER BY id DESC LIMIT 1)",
        child.person,
        child.person,
    )
    assert told == [(lines.count(),)], "the chronology leaves nothing out"
    for words in ("Reported missing by", "Back: ", "Prevention interview", "Return home", "Closed"):
        other.sees(re.compile(words, re.I))


def came_back(hands: Hands, child: Known) -> None:
    hands.open(child.case)
    hands.go("Record that the child is back")
    hands.fill("Time", "-5m")
    hands.tick("Came back by themselves")
    hands.tick("Where they live")
    hands.tick("Nobody")
    hands.fill("How were they?", "Cold and tired; no marks to be seen")
    hands.answer("Were they hurt?", "No")
    hands.record()
    hands.sees("Back: Came back by themselves")


def close(hands: Hands, child: Known) -> None:
    hands.open(f"{child.case}/record/missing.closed")
    hands.fill("Why can it be closed?", "Heard twice, plan renewed, and she knows whom to ring")
    hands.record()


def closing_is_refused_with_every_reason(hands: Hands, child: Known) -> None:
    close(hands, child)
    refused = hands.page.get_by_role("alert")
    expect(refused).to_contain_text("This was not recorded")
    for reason in (
        "Record the prevention interview",
        "Record what became of the return home interview",
        "Record the look back",
        "still open: say what became of",
        "somebody else has to close it",
    ):
        expect(refused).to_contain_text(reason)
    typed = hands.page.get_by_role("textbox", name="Why can it be closed?").input_value()
    assert typed.startswith("Heard twice")


def police_speak_with_the_child(hands: Hands, child: Known) -> None:
    hands.open(child.case)
    hands.go("Speak with the child: prevention interview")
    hands.fill("Who spoke with them?", "Sergeant Morgan, at home")
    hands.answer("Was the child seen?", "Yes")
    hands.answer("Were they spoken to alone?", "Yes")
    hands.fill("What did the child say, in their own words?", "I just needed to not be here")
    hands.answer("Were they hurt, or was a crime committed?", "No")
    hands.answer("Is anybody still a threat to them?", "No")
    hands.record()
    hands.sees("Prevention interview held by Sergeant Morgan")


def social_care_offers_the_interview(hands: Hands, child: Known) -> None:
    hands.open(child.case)
    hands.go("Offer a return home interview")
    hands.fill("Who offered it?", "Meera Shah")
    hands.record()
    hands.sees("Return home interview offered by Meera Shah")


def somebody_independent_listens(hands: Hands, child: Known) -> None:
    hands.open("/my-work")
    hands.open(child.case)
    hands.go("Hold the return home interview")
    hands.fill("Who held it?", "Una Kelly")
    hands.fill("What did the child say, in their own words?", "Nobody asks before they decide")
    hands.tick("Not being listened to")
    hands.answer("Were they hurt or exploited?", "No")
    hands.fill("What would help, in their view?", "To be asked first")
    hands.answer("Do they know who will read this?", "Yes")
    hands.record()
    hands.sees("Return home interview held by Una Kelly")
    hands.go("Share the interview with the police")
    hands.fill("What do the police need to know", "She goes to the library when it is too much")
    hands.fill("Who acts on it?", "Missing persons adviser")
    hands.record()
    hands.sees("Interview shared with the police")


def it_is_looked_back_on(hands: Hands, child: Known) -> None:
    hands.open(child.case)
    hands.sees("“Nobody asks before they decide”")
    hands.go("Look back at this episode")
    hands.fill("What worked, and what would keep them safer?", "Being asked; the library is told")
    hands.answer("Was the child’s plan brought up to date?", "Yes")
    hands.record()
    hands.sees("Looked back: Being asked")


def test_two_who_record_the_same_return_make_one_entry_and_get_two_plain_answers(
    room: Room, county: County
) -> None:
    child = county.missing()
    people = [room.sit("sergeant"), room.sit("adviser")]
    for hands in people:
        hands.open(f"{child.case}/record/missing.returned")
        hands.tick("Found by the police")
        hands.tick("At a friend’s")
        hands.tick("Nobody")
        hands.answer("Were they hurt?", "No")
    people[0].record()
    people[0].sees("Recorded today at")
    people[1].record()
    people[1].sees(
        re.compile("Sergeant Rhys Morgan recorded this today at .+ recorded twice", re.S)
    )
    assert county.entries(child, ["missing.returned"]) == ["missing.returned"]
