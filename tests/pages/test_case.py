"""The case page: ten seconds, the next step, clocks and actions, a lower grade, corrections."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kittiwake.pathways.flags.entries import FlagRaised
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing import returning as r
from tests.pages.conftest import Browser, County


@pytest.fixture
def case(county: County) -> str:
    person, _ = county.child()
    return county.missing(person, minutes_ago=200)


def person_of(county: County, case: str) -> int:
    return int(county.w.rows("SELECT person_id FROM case_file WHERE uid = %s", case)[0][0])


def say(county: County, by: str, entry: object, case: str, minutes_ago: float = 0) -> str:
    at = county.now - timedelta(minutes=minutes_ago)
    done = county.w.say(by, entry, person_of(county, case), at, case=case)
    return done.entry_uid


# ── The first ten seconds ───────────────────────────────────────────────────────────────


def test_it_says_who_how_long_how_serious_whose_and_what_is_next(county: County, case: str) -> None:
    flag = FlagRaised(type="self_harm", basis="Said so to a teacher in May.")
    say(county, "social_worker", flag, case, 100)
    shown = county.browser("handler").get(f"/cases/{case}").text
    for told in (
        "Kit Example", "14 , born 4 March 2012", "Missing for 3 h 20 min", "Grade High",
        "as the policy starts", "Joan Obi", "07700 900103", "Self-harm or thoughts of suicide",
        "overdue by 3 h 5 min", "A supervisor acknowledges the report", "Reported",
    ):  # fmt: skip
        assert told in shown, told


def test_nothing_known_and_not_to_be_seen_are_said_differently(county: County, case: str) -> None:
    assert "No markers in force." in county.browser("handler").get(f"/cases/{case}").text
    county.w.owner.execute("DELETE FROM known_to")
    assert county.browser("carer").get(f"/cases/{case}").status == 404


def test_what_is_new_since_i_last_looked_is_marked(county: County, case: str) -> None:
    say(county, "handler", e.InformationAdded(what="Phone is off."), case, 30)
    county.w.owner.execute(
        "INSERT INTO look (practitioner_id, at, what, people) "
        "SELECT %s, %s, 'case ' || ref, ARRAY[person_id] FROM case_file",
        [county.w.staff["inspector"], county.now - timedelta(minutes=20)],
    )
    say(county, "handler", e.InformationAdded(what="A friend saw her."), case, 10)
    shown = county.browser("inspector").get(f"/cases/{case}").text
    new = shown[shown.index("New since you last looked") :][:200]
    assert "A friend saw her." in new
    assert "Phone is off." not in new
    other = county.browser("sergeant").get(f"/cases/{case}").text
    assert "New since you last looked" not in other


def test_opening_it_is_logged_with_a_lease(county: County, case: str) -> None:
    county.browser("inspector").get(f"/cases/{case}")
    leases = county.w.rows("SELECT practitioner_id FROM lease WHERE purpose = 'care of the child'")
    assert (county.w.staff["inspector"],) in leases
    assert county.w.rows("SELECT count(*) FROM look WHERE what LIKE 'case M-%%'") == [(1,)]


def test_the_number_of_queries_does_not_grow_with_the_case(county: County, case: str) -> None:
    browser = county.browser("inspector")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            browser.get(f"/cases/{case}")
        return len(seen)

    queries()
    few = queries()
    for number in range(12):
        say(county, "handler", e.InformationAdded(what=f"Sighting {number}"), case, 5)
    assert queries() == few
    assert few <= 45


def test_an_open_page_can_ask_whether_something_changed(county: County, case: str) -> None:
    browser = county.browser("inspector")
    first = browser.get(f"/cases/{case}/version").body
    assert browser.get(f"/cases/{case}/version").body == first
    say(county, "handler", e.InformationAdded(what="A friend saw her."), case)
    assert browser.get(f"/cases/{case}/version").body != first


# ── The next step ───────────────────────────────────────────────────────────────────────


def offered(browser: Browser, case: str) -> set[str]:
    found = re.findall(rf"/cases/{case}/record/([a-z_.]+)", browser.get(f"/cases/{case}").body)
    return set(found)


def test_forms_offered_follow_the_stage_and_the_role(county: County, case: str) -> None:
    inspector = county.browser("inspector")
    assert {"missing.reviewed", "missing.grade_raised", "missing.returned"} <= offered(
        inspector, case
    )
    assert "missing.grade_lowered" not in offered(inspector, case)
    assert "missing.prevention_interview_held" not in offered(inspector, case)
    carer = offered(county.browser("carer"), case)
    assert {"missing.information_added", "missing.returned"} <= carer
    assert "missing.reviewed" not in carer
    say(county, "sergeant", r.Returned(), case)
    back = offered(inspector, case)
    assert "missing.prevention_interview_held" in back
    assert not {"missing.returned", "missing.reviewed"} & back


def test_tasks_stand_as_completed_incomplete_overdue_or_not_yet(county: County, case: str) -> None:
    say(county, "handler", e.SocialCareTold(who="Emergency duty team"), case, 30)
    body = county.browser("inspector").get(f"/cases/{case}").body
    found = re.findall(r"<tr[^>]*>.*?</tr>", body, re.S)
    rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in found]
    status = {" ".join(row.split()).split("  ")[0]: row for row in rows}
    assert any("Acknowledge as supervisor" in k and "Overdue" in v for k, v in status.items())
    assert any("Tell social care" in k and "Completed" in v for k, v in status.items())
    assert any("Tell the school" in k and "Incomplete" in v for k, v in status.items())
    later = re.search(r"Cannot start yet:</strong>([^<]*)", body)
    assert later
    assert "See the child" in later[1]


def test_recorded_by_two_people_gives_one_entry_and_a_plain_answer(
    county: County, case: str
) -> None:
    at = f"/cases/{case}/record/missing.returned"
    county.browser("sergeant").post(at, how="found_police")
    second = county.browser("inspector").post(at, how="returned_self")
    assert "Rhys Morgan recorded this" in second.text
    assert "Nothing was recorded twice." in second.text
    assert county.entries("missing.returned") == 1


# ── Clocks and actions ──────────────────────────────────────────────────────────────────


def test_one_answer_may_answer_several_clocks(county: County, case: str) -> None:
    browser = county.browser("inspector")
    uids = re.findall(r'name="clock_uids" value="([^"]+)"', browser.get(f"/cases/{case}").body)
    form = browser.get(
        f"/cases/{case}/record/clock.acknowledged?clock_uids={uids[0]}&clock_uids={uids[1]}"
    )
    assert form.value("clock_uids") == f"{uids[0]},{uids[1]}"
    assert " and " in form.value("clock")
    browser.post(
        f"/cases/{case}/record/clock.acknowledged", clock_uids=form.value("clock_uids"),
        clock=form.value("clock"), doing="I have sent PC Rai.",
    )  # fmt: skip
    answered = county.w.rows("SELECT uid::text FROM clock WHERE acknowledged_at IS NOT NULL")
    assert {uid for (uid,) in answered} == set(uids[:2])
    assert "answered for by Joan Obi" in browser.get(f"/cases/{case}").text


def test_a_pause_is_offered_only_where_the_rule_allows_and_to_few(
    county: County, case: str
) -> None:
    assert "clock.paused" not in offered(county.browser("inspector"), case)
    say(county, "sergeant", r.Returned(), case, 10)
    assert "clock.paused" in offered(county.browser("inspector"), case)
    assert "clock.paused" not in offered(county.browser("sergeant"), case)


def test_an_action_is_accepted_in_one_press_and_ends_with_evidence(
    county: County, case: str
) -> None:
    browser = county.browser("inspector")
    browser.get(f"/cases/{case}")
    uid = browser.value("action_uid")
    at = f"/cases/{case}/record/action.settled"
    browser.post(at, action_uid=uid, action="Ask", outcome="accepted", anyway="1")
    assert county.w.rows("SELECT state FROM action") == [("accepted",)]
    form = browser.get(f"{at}?action_uid={uid}&outcome=done")
    assert form.value("action") == "Ask the carer for the Philomena form"
    browser.post(at, action_uid=uid, action="Ask", outcome="done", evidence="Came at 21:10.")
    assert county.w.rows("SELECT state FROM action") == [("done",)]


# ── A lower grade ───────────────────────────────────────────────────────────────────────


def test_whoever_proposes_a_lower_grade_is_told_that_another_decides(
    county: County, case: str
) -> None:
    say(county, "inspector", e.LowerGradeProposed(grade="medium", why="Seen by video."), case)
    mine = county.browser("inspector").get(f"/cases/{case}")
    assert "You proposed it, so another inspector has to decide." in mine.text
    other = county.browser("second_inspector").get(f"/cases/{case}")
    assert "Decide on the lower grade" in other.text
    form = county.browser("second_inspector").get(f"/cases/{case}/record/missing.grade_lowered")
    assert "What was proposed" in form.text
    assert "Seen by video." in form.text
    handler = county.browser("handler").get(f"/cases/{case}")
    assert "An inspector who did not propose it decides." in handler.text


def test_a_handover_offers_colleagues_by_name(county: County, case: str) -> None:
    browser = county.browser("inspector")
    at = f"/cases/{case}/record/missing.handed_over"
    shown = browser.get(at)
    found = re.search(r'<option value="([^"]+)">Tom Akhtar', shown.body)
    assert found
    assert "Joan Obi</option>" not in shown.body
    browser.post(at, to_practitioner=found[1], still_to_do="Two addresses are left.")
    ((owner,),) = county.w.rows("SELECT owner_id FROM case_file")
    assert owner == county.w.staff["second_inspector"]


# ── Putting right ───────────────────────────────────────────────────────────────────────


def test_a_correction_starts_from_what_stands_and_keeps_the_first_account(
    county: County, case: str
) -> None:
    browser = county.browser("handler")
    links = browser.get(f"/cases/{case}").links()
    at = next(link for link in links if link.endswith("/correct"))
    form = browser.get(at)
    assert form.value("concern") == "Left after an argument and has no coat."
    filled = {"concern": form.value("concern"), "happened_at-time": form.value("happened_at-time"),
              "happened_at-day": form.value("happened_at-day")}  # fmt: skip
    refused = browser.post(at, **filled)
    assert "Say what was wrong, and how you know" in refused.text
    nothing = browser.post(at, **filled, correction_reason="It was not an argument.")
    assert "Nothing is different from what is recorded." in nothing.text
    filled["concern"] = "Left after a call."
    done = browser.post(at, **filled, correction_reason="It was not an argument.")
    assert done.path == f"/cases/{case}"
    assert "Left after a call." in done.text
    assert "Corrected" in done.text
    assert browser.get(at).value("concern") == "Left after a call."


def test_a_changed_time_waits_for_a_second_person_who_settles_all_clocks_at_once(
    county: County, case: str
) -> None:
    first = county.browser("handler")
    at = next(x for x in first.get(f"/cases/{case}").links() if x.endswith("/correct"))
    form = first.get(at)
    first.post(at, concern=form.value("concern"), happened_at__time="-5h",
               correction_reason="The caller rang again.")  # fmt: skip
    assert "You asked for this, so somebody else decides." in first.get(f"/cases/{case}").text
    second = county.browser("sergeant")
    shown = second.get(f"/cases/{case}")
    ids = re.findall(r'name="correction" value="(\d+)"', shown.body)
    assert len(ids) > 1
    child = at.split("/")[2]
    second.client.post(f"/children/{child}/starts",
                       {"correction": ids, "decision": "approve", "case": case})  # fmt: skip
    assert county.w.rows("SELECT DISTINCT approved FROM start_correction") == [(True,)]
    refused = second.post(f"/children/{child}/starts", correction=ids[0], decision="approve")
    assert refused.status == 409
    assert "Somebody has settled this already." in refused.text


def test_the_wrong_child_needs_two_people(county: County, case: str) -> None:
    _, right = county.child("Bo Little")
    entry = say(county, "handler", e.InformationAdded(what="Seen at the pier."), case)
    child = str(county.w.rows("SELECT uid FROM pointer WHERE name = 'Kit Example'")[0][0])
    at = f"/children/{child}/entries/{entry}"
    handler = county.browser("handler")
    assert "Bo Little" in handler.get(f"{at}/wrong?q=bo").text
    assert handler.post(f"{at}/wrong", q="bo").status == 422
    handler.post(f"{at}/wrong", q="bo", right=right, reason="The friend meant Bo.")
    sergeant = county.browser("sergeant")
    waiting = sergeant.get(f"/cases/{case}").text
    assert "says an entry here is about another child" in waiting
    assert "The friend meant Bo." in waiting
    sergeant.client.post(f"{at}/agree")
    moved = sergeant.get(f"/cases/{case}").text
    assert "Seen at the pier." not in moved
    assert "Recorded here about somebody else, and moved." in moved
