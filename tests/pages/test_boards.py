"""Missing now and my work: what each shows, to whom, in how many queries."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from kittiwake.kernel.markers import Marker
from kittiwake.pages import missing_now
from kittiwake.pathways.flags.entries import FlagRaised
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing import returning as back
from kittiwake.pathways.missing.questions import Grade
from tests.pages.conftest import Browser, County

BOARD = "/missing"


def queries(browser: Browser, path: str) -> int:
    """How many statements one page takes, seen a second time."""
    browser.get(path)
    seen: list[str] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        browser.get(path)
    return len(seen)


def restrict(county: County, person: int) -> None:
    """The record becomes restricted."""
    county.w.owner.execute("UPDATE person SET is_restricted = true WHERE id = %s", [person])
    county.w.owner.execute("UPDATE pointer SET is_restricted = true WHERE person_id = %s", [person])


def raise_all(county: County) -> None:
    """What the sweeper would do: every clock that has run out is raised to the inspector."""
    county.w.owner.execute(
        "INSERT INTO escalation (clock_id, person_id, rung, raised_at, to_id, role) "
        "SELECT id, person_id, 0, %s, %s, 'duty_inspector' FROM clock "
        "WHERE stopped_at IS NULL AND due_at <= %s ON CONFLICT DO NOTHING",
        [county.now, county.w.staff["inspector"], county.now],
    )


def looks(county: County, what: str) -> list[int]:
    """The children of the latest look of this name."""
    rows = county.w.rows("SELECT people FROM look WHERE what = %s ORDER BY id DESC LIMIT 1", what)
    return list(rows[0][0]) if rows else []


# ── Missing now ─────────────────────────────────────────────────────────────────────────


def test_a_row_says_who_how_long_how_serious_what_breaks_next_and_whose_it_is(
    county: County,
) -> None:
    person, _ = county.child("Temi Nwosu", born=None)
    county.missing(person, minutes_ago=90)
    county.w.say("hub", FlagRaised(type=Marker.CSE, basis="Hub agreed."), person, county.now)
    text = county.browser("inspector").get(BOARD).text
    assert "Temi Nwosu" in text
    assert "1 h 30 min" in text
    assert "High" in text
    assert "Child sexual exploitation" in text
    assert "overdue by 1 h 15 min + 3 overdue A supervisor acknowledges the report" in text
    assert "Joan Obi" in text
    assert "not reviewed yet" in text
    assert looks(county, "missing now") == [person]


def test_the_totals_say_results(county: County) -> None:
    first, _ = county.child("Temi Nwosu")
    second, _ = county.child("Osian Parry")
    county.missing(first, 90)
    case = county.missing(second, 90)
    told = e.SupervisorAcknowledged(first_steps="PC Rai to the aunt’s flat.")
    county.w.say("sergeant", told, second, county.now, minutes=-80, case=case)
    text = county.browser("inspector").get(BOARD).text
    assert "1 of 2 not yet acknowledged by a supervisor" in text
    assert "2 of 2 not yet reviewed by an inspector" in text
    assert "2 of 2 with a clock that has run out" in text


def test_rows_are_ordered_by_the_next_breach(county: County) -> None:
    for name, minutes in (("Late Last", 3), ("Soon Second", 12), ("Over First", 40)):
        person, _ = county.child(name)
        county.missing(person, minutes)
    body = county.browser("inspector").get(BOARD).body
    assert re.findall(r"Over First|Soon Second|Late Last", body) == [
        "Over First", "Soon Second", "Late Last",
    ]  # fmt: skip


def test_what_is_new_since_the_review_is_counted(county: County) -> None:
    person, _ = county.child()
    case = county.missing(person, 120)
    reviewed = e.RiskReviewed(grade=Grade.HIGH, rationale="No contact, and it is cold.")
    county.w.say("inspector", reviewed, person, county.now, minutes=-60, case=case)
    browser = county.browser("inspector")
    assert "Nothing new" in browser.get(BOARD).text
    for minutes in (-50, -20):
        news = e.InformationAdded(what="Seen at the harbour.")
        county.w.say("handler", news, person, county.now, minutes=minutes, case=case)
    assert "2 new : information" in browser.get(BOARD).text


def test_a_grade_below_the_policy_is_visible(county: County) -> None:
    person, _ = county.child()
    county.missing(person, 30)
    county.w.owner.execute("UPDATE case_file SET grade = 'medium'")
    text = county.browser("inspector").get(BOARD).text
    assert "Medium policy says high" in text
    assert "1 of 1 graded below the policy" in text


def test_a_restricted_record_is_on_the_board_without_its_name(county: County) -> None:
    person, _ = county.child("Hidden Name")
    county.missing(person, 30)
    restrict(county, person)
    text = county.browser("inspector").get(BOARD).text
    assert "Restricted record" in text
    assert "Ring" in text
    assert "Hidden" not in text
    assert looks(county, "missing now") == [person]


def test_a_child_who_is_back_waits_below_and_a_closed_one_for_a_day(county: County) -> None:
    person, _ = county.child("Waits Below")
    case = county.missing(person, 200)
    told = e.SocialCareTold(who="Emergency duty team")
    county.w.say("sergeant", told, person, county.now, minutes=-190, case=case)
    county.w.say("sergeant", back.Returned(how="returned_self"), person, county.now, minutes=-100,
                 case=case)  # fmt: skip
    text = county.browser("inspector").get(BOARD).text
    assert "No child is recorded as missing now" in text
    below = text.split("Back or found")[1]
    assert "Waits Below" in below
    assert "A police officer speaks with the child" in below
    county.w.owner.execute("UPDATE case_file SET closed_at = %s", [county.now - timedelta(hours=2)])
    assert "Waits Below" in county.browser("inspector").get(BOARD).text.split("Closed in the")[1]
    county.w.owner.execute("UPDATE case_file SET closed_at = %s", [county.now - timedelta(days=2)])
    assert "Waits Below" not in county.browser("inspector").get(BOARD).text


def test_nobody_missing_could_not_load_and_may_not_see_are_three_screens(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = county.browser("inspector").get(BOARD)
    assert empty.status == 200
    assert "the board was read without trouble" in empty.text

    forbidden = county.browser("carer").get(BOARD)
    assert forbidden.status == 403
    assert "Your role does not include this" in forbidden.text

    def fail(now: Any) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(missing_now, "read", fail)
    failed = county.browser("inspector").get(BOARD)
    assert failed.status == 503
    assert "This does not mean that nobody is missing" in failed.text


def test_the_board_takes_the_same_number_of_queries_however_many_are_missing(
    county: County,
) -> None:
    browser = county.browser("inspector")
    for number in range(2):
        county.missing(county.child(f"First {number}")[0], 30 + number)
    few = queries(browser, BOARD)
    for number in range(8):
        county.missing(county.child(f"More {number}")[0], 30 + number)
    assert queries(browser, BOARD) == few <= 16


def test_an_open_board_is_told_how_many_changed(county: County) -> None:
    person, _ = county.child()
    case = county.missing(person, 30)
    browser = county.browser("inspector")
    body = browser.get(BOARD).body
    asks = re.search(r'hx-get="(/missing/version\?seen=[^"]+)"', body)
    assert asks
    assert browser.get(asks[1]).text == ""
    county.w.say("handler", e.InformationAdded(what="Seen."), person, county.now, minutes=1,
                 case=case)  # fmt: skip
    changed = browser.get(asks[1]).text
    assert changed == "1 changed since this board was made. Show it"


# ── My work ─────────────────────────────────────────────────────────────────────────────


def test_what_was_raised_to_me_is_answered_for_at_once_by_child(county: County) -> None:
    person, _ = county.child("Temi Nwosu")
    case = county.missing(person, 50)
    raise_all(county)
    browser = county.browser("inspector").get("/my-work")
    assert "1 child has something of yours that ran out or was raised to you" in browser.text
    assert "Raised to you as duty inspector" in browser.text
    form = browser.body.split(f"/cases/{case}/record/clock.acknowledged")[1].split("</form>")[0]
    assert form.count('name="clock_uids"') == 2  # CLK-11 and CLK-15, in one form
    assert "Answer for those ticked" in form
    assert looks(county, "my work") == [person]


def test_my_clocks_and_actions_are_there_and_others_are_not(county: County) -> None:
    person, _ = county.child("Temi Nwosu")
    county.missing(person, 10)
    mine = county.browser("inspector").get("/my-work").text
    assert "The duty inspector reviews the risk" in mine
    assert "Ask the carer for the Philomena form" in mine
    assert "accept" in mine
    theirs = county.browser("manager").get("/my-work").text
    assert "Nothing is waiting for you" in theirs
    assert "Temi" not in theirs


def test_a_home_sees_the_children_who_live_there_and_a_school_does_not(county: County) -> None:
    person, uid = county.child("Temi Nwosu", known="home")
    county.child("Alma Quiet", known="home")
    county.missing(person, 30)
    home = county.browser("carer").get("/my-work")
    assert "Children your agency works with 2" in home.text
    assert home.body.index("Temi Nwosu") < home.body.index("Alma Quiet")
    assert "Missing for 30 min" in home.text
    assert f"/children/{uid}" in home.links()
    assert "Temi" not in county.browser("lead").get("/my-work").text


def test_a_social_worker_sees_the_children_who_are_theirs(county: County) -> None:
    person, _ = county.child("Temi Nwosu")
    assert "Temi" not in county.browser("social_worker").get("/my-work").text
    county.w.owner.execute(
        "INSERT INTO known_to (person_id, agency_id, practitioner_id, role) "
        "VALUES (%s, %s, %s, '')",
        [person, county.w.agencies["social_care"], county.w.staff["social_worker"]],
    )
    text = county.browser("social_worker").get("/my-work").text
    assert "Children you work with 1 " in text
    assert "Temi Nwosu" in text


def test_children_missing_now_come_first(county: County) -> None:
    returned, _ = county.child("Back Already")
    case = county.missing(returned, 300)
    county.w.say("sergeant", back.Returned(how="returned_self"), returned, county.now, minutes=-250,
                 case=case)  # fmt: skip
    out, _ = county.child("Out Now")
    county.missing(out, 90)
    raise_all(county)
    body = county.browser("inspector").get("/my-work").body
    assert body.index("Out Now") < body.index("Back Already")


def test_messages_and_drafts_are_beside(county: County) -> None:
    person, _ = county.child("Temi Nwosu")
    case = county.missing(person, 10)
    browser = county.browser("inspector")
    browser.post(f"/cases/{case}/record/missing.information_added", what="half a th", save="1")
    text = browser.get("/my-work").text
    assert "A child has been reported missing. Temi Nwosu" in text
    assert "Add information or a sighting – Temi Nwosu" in text
    assert "seen by you alone" in text
    assert "half a th" not in county.browser("second_inspector").get("/my-work").text


def test_my_work_takes_the_same_number_of_queries_however_much_there_is(county: County) -> None:
    browser = county.browser("inspector")
    county.missing(county.child("First")[0], 30)
    few = queries(browser, "/my-work")
    for number in range(6):
        county.missing(county.child(f"More {number}")[0], 30 + number)
    raise_all(county)
    assert queries(browser, "/my-work") == few
