"""F19, F62, F86: each home has figures with numerator and denominator, and pages of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kittiwake.kernel.markers import Marker
from kittiwake.pages.homes import Share
from kittiwake.pathways.flags.entries import FlagRaised
from kittiwake.pathways.missing import returning as back
from kittiwake.pathways.planning import entries as p
from tests.pages.conftest import County
from tests.pages.conftest import county as county  # fixtures, used by name
from tests.pages.conftest import submission as submission
from tests.planning.conftest import LINES

DAY = 24 * 60


def test_a_share_says_what_of_and_gives_no_rate_of_few() -> None:
    assert str(Share(2, 3)) == "2 of 3"
    assert str(Share(9, 10)) == "9 of 10 (90%)"
    assert str(Share(0, 0)) == "none to count"


def test_f19_coverage_first_checks_and_interviews_are_counted_by_home(county: County) -> None:
    say, now = county.w.say, county.now
    planned, _ = county.child("Temi Nwosu")
    without, _ = county.child("Osian Parry")
    elsewhere, _ = county.child("Ada Stone", known="school")
    for child in (planned, without, elsewhere):
        say("hub", FlagRaised(type=Marker.CSE, basis="Hub agreed."), child, now, -3 * DAY)
    say("adviser", p.PlanDrafted(lines=LINES), planned, now, -2 * DAY)
    say("inspector", p.PlanApproved(said="Right."), planned, now, -2 * DAY + 5)
    say("carer", p.ProfileWritten(written_by="Sol", report_when="At ten"), planned, now, -DAY)
    case = county.missing(planned, minutes_ago=6 * DAY)
    say("carer", p.EpisodeTold(checks={"room"}), planned, now, -6 * DAY + 5, case=case)
    county.w.say("sergeant", back.Returned(how="returned_self"), planned, now, -5 * DAY, case=case)
    county.missing(without, minutes_ago=30)

    board = county.browser("inspector").get("/homes")
    assert "1 of 3" in board.text, "of all children in the county who need one"
    assert "Samphire House 07700 900100 2 2 1 of 2 1 without 1 of 2 1 of 2 0 of 1" in board.text
    home = next(link for link in board.links() if link.startswith("/homes/"))
    one = county.browser("social_worker").get(home).text
    assert "Osian Parry , 14 Missing now M-" in one
    assert "None, and one is needed Not written 1 0 of 1" in one
    assert "Ada Stone" not in one


def test_a_home_sees_its_own_children_and_no_other_page_of_homes(county: County) -> None:
    _, mine = county.child("Temi Nwosu")
    _, other = county.child("Ada Stone", known="school")
    carer = county.browser("carer")
    assert "Temi Nwosu" in carer.get("/our-children").text
    assert "Ada Stone" not in carer.body
    assert carer.get(f"/our-children/{mine}").status == 200
    assert carer.get(f"/our-children/{other}").status == 404
    assert carer.get(f"/our-children/{other}/profile/1").status == 404
    assert carer.get("/homes").status == 403
    assert county.browser("lead").get("/our-children").status == 403


def test_a_home_says_a_child_is_back_and_what_it_does_not_know_is_asked_later(
    county: County, submission: str
) -> None:
    person, uid = county.child("Temi Nwosu")
    county.missing(person, minutes_ago=45)
    carer = county.browser("carer")
    shown = carer.get(f"/our-children/{uid}").text
    assert "Missing for 45 min" in shown
    assert "Joan Obi 07700 900103" in shown
    sent = carer.post(f"/our-children/{uid}/back", submission=submission, injured="no")
    assert "Recorded: Temi Nwosu is back." in sent.text
    carer.post(f"/our-children/{uid}/back", submission=submission, injured="no")
    assert county.entries("missing.returned") == 1
    assert "is not recorded as missing" in carer.get(f"/our-children/{uid}/back").text


def test_a_time_that_cannot_be_read_is_said_and_nothing_typed_is_lost(county: County) -> None:
    person, uid = county.child("Temi Nwosu")
    county.missing(person)
    carer = county.browser("carer")
    sent = carer.post(f"/our-children/{uid}/back", happened_at__time="half", state="Cold, calm.")
    assert sent.status == 422
    assert "Enter a time on the 24-hour clock" in sent.text
    assert sent.value("state") == "Cold, calm."


def test_f86_the_profile_is_written_one_part_on_a_page_and_renewed_from_itself(
    county: County,
) -> None:
    _, uid = county.child("Temi Nwosu")
    carer = county.browser("carer")
    first = carer.get(f"/our-children/{uid}/profile/1")
    assert "Philomena profile of Temi Nwosu · 1 of 7" in first.text
    assert first.value("written_by") == "Sol Grant"
    carer.post(f"/our-children/{uid}/profile/1", written_by="Sol", looks="Tall, a green parka.")
    carer.post(f"/our-children/{uid}/profile/6", report_when="At once")
    check = carer.get(f"/our-children/{uid}/profile/7")
    assert "Tall, a green parka." in check.text
    done = carer.post(f"/our-children/{uid}/profile/7", submission=check.value("submission"))
    assert "The profile is in force." in done.text
    again = carer.get(f"/our-children/{uid}/profile/1")
    assert again.value("looks") == "Tall, a green parka."
    assert carer.get(f"/our-children/{uid}/profile/8").status == 404


def test_the_boards_take_the_same_number_of_queries_whatever_is_on_them(county: County) -> None:
    from tests.pages.test_boards import queries

    inspector, carer = county.browser("inspector"), county.browser("carer")
    person, _ = county.child("Temi Nwosu")
    county.missing(person, minutes_ago=90)
    few = (
        queries(inspector, "/homes"),
        queries(carer, "/our-children"),
        queries(inspector, "/handover"),
    )
    for name in ("Osian Parry", "Ada Stone", "Kit Example"):
        another, _ = county.child(name)
        county.missing(another, minutes_ago=50)
    assert few == (
        queries(inspector, "/homes"), queries(carer, "/our-children"),
        queries(inspector, "/handover"),
    )  # fmt: skip


# ── The duty inspector's handover ────────────────────────────────────────────────────────────


def test_a_shift_is_accepted_by_name_and_every_open_episode_has_it(
    county: County, submission: str
) -> None:
    first, _ = county.child("Temi Nwosu")
    second, _ = county.child("Osian Parry")
    cases = [county.missing(first, minutes_ago=200), county.missing(second, minutes_ago=20)]
    at = county.browser("second_inspector")
    page = at.get("/handover").text
    assert "2 open; 2 with something new; no handover is on record" in page
    assert "Not handed over before" in page
    nobody = at.post("/handover", submission=submission, case=cases)
    assert nobody.status == 422
    assert "Enter who hands the shift over to you" in nobody.text
    told = {"accepted_by": "Tom Akhtar", "handed_over_by": "Joan Obi"}
    done = at.post("/handover", submission=submission, case=cases, **told)
    assert "You have accepted the shift: 2 episodes." in done.text
    at.post("/handover", submission=submission, case=cases, **told)
    assert county.entries("missing.shift_accepted") == 2
    assert county.w.rows("SELECT DISTINCT p.name FROM case_file c JOIN practitioner p "
                         "ON p.id = c.owner_id") == [("Tom Akhtar",)]  # fmt: skip
    assert "Nothing new" in at.get("/handover").text
    assert county.browser("sergeant").get("/handover").status == 403


def test_only_what_the_page_showed_is_accepted(county: County, submission: str) -> None:
    shown, _ = county.child("Temi Nwosu")
    later, _ = county.child("Osian Parry")
    case = county.missing(shown, minutes_ago=200)
    county.missing(later, minutes_ago=1)
    at = county.browser("second_inspector")
    at.post("/handover", submission=submission, case=[case, "not-a-case"],
            accepted_by="Tom Akhtar", handed_over_by="Joan Obi")  # fmt: skip
    assert county.entries("missing.shift_accepted") == 1


# ── The plan on the pages of an episode ──────────────────────────────────────────────────────


@pytest.fixture
def planned(county: County) -> tuple[int, str, str]:
    person, uid = county.child("Temi Nwosu")
    ago = county.now - timedelta(days=2)
    county.w.say("adviser", p.PlanDrafted(push="Nobody asks.", lines=LINES), person, ago)
    county.w.say("inspector", p.PlanApproved(said="Right."), person, ago, 5)
    return person, uid, county.missing(person, minutes_ago=30)


def test_f84_the_plan_is_open_beside_the_case_and_its_lines_are_worked_through(
    county: County, planned: tuple[int, str, str], submission: str
) -> None:
    _, uid, case = planned
    handler = county.browser("handler")
    assert "Trigger plan, version 1 0 of 2 lines answered" in handler.get(f"/cases/{case}").text
    assert "plan in date" in handler.get("/missing").text
    work = handler.get(f"/cases/{case}/record/planning.lines_settled")
    assert "12 Harbour Row" in work.text
    assert "A dog in the yard." in work.text
    path = f"/cases/{case}/record/planning.lines_settled"
    assert handler.post(path, submission=submission).status == 422
    sent = {"lines-1-outcome": "done", "lines-2-outcome": "not_done"}
    wrong = handler.post(path, submission=submission, **sent)
    assert "Say why line 2 was not done" in wrong.text
    handler.post(path, submission=submission, **sent, **{"lines-2-said": "At sea until Monday."})
    assert "2 of 2 lines answered" in handler.get(f"/cases/{case}").text
    plans = handler.get(f"/children/{uid}/plans").text
    assert "In date Version 1 , written by Cath Evans" in plans
    assert "Nobody asks." in plans


def test_f84_a_home_reads_that_there_is_a_plan_and_not_where_the_police_go(
    county: County, planned: tuple[int, str, str]
) -> None:
    _, uid, case = planned
    carer = county.browser("carer")
    plans = carer.get(f"/children/{uid}/plans").text
    assert "2 lines are for the police only" in plans
    assert "Harbour Row" not in plans
    assert carer.get(f"/cases/{case}/record/planning.lines_settled").status == 403
    worker = county.browser("social_worker")
    assert "Harbour Row" not in worker.get(f"/children/{uid}/plans").text


def test_f84_a_plan_out_of_date_says_so_and_opens(county: County) -> None:
    person, _ = county.child("Temi Nwosu")
    ago = county.now - timedelta(days=100)
    county.w.say("adviser", p.PlanDrafted(lines=LINES), person, ago)
    county.w.say("inspector", p.PlanApproved(said="Right."), person, ago, 5)
    case = county.missing(person, minutes_ago=30)
    inspector = county.browser("inspector")
    assert "plan out of date" in inspector.get("/missing").text
    work = inspector.get(f"/cases/{case}/record/planning.lines_settled").text
    assert "This plan is out of date." in work
    assert "12 Harbour Row" in work


def test_the_stand_in_of_before_still_loads_and_is_on_no_menu(county: County) -> None:
    person, _ = county.child("Temi Nwosu")
    case = county.missing(person)
    assert "missing.plan_recorded" not in county.browser("inspector").get(f"/cases/{case}").body
