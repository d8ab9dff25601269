"""The child's page: read in ten seconds, by whoever may, and never more than they may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kittiwake.kernel.markers import Marker
from kittiwake.pathways.flags.entries import FlagRaised
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing import returning as back
from tests.pages.conftest import County
from tests.pages.test_boards import queries, restrict

INJURED = {"how": "found_police", "found_place": "Room 12, Harbour Lights", "injured": True}


@pytest.fixture
def missing(county: County) -> tuple[int, str, str]:
    """A child known to the home, missing for two hours: person, uid, case."""
    person, uid = county.child("Temi Nwosu")
    case = county.missing(person, 120, reporter_could_harm=True)
    return person, uid, case


def test_ten_seconds(county: County, missing: tuple[int, str, str]) -> None:
    person, uid, _ = missing
    county.w.say("hub", FlagRaised(type=Marker.CAWN, basis="Served in August."), person, county.now)
    text = county.browser("inspector").get(f"/children/{uid}").text
    ten = text.split("What has happened")[0]
    for said in (
        "Temi Nwosu", "14 , born 4 March 2012", "Missing for 2 h", "Policy level High",
        "Child abduction warning notice", "The child is missing now.", "Served in August.",
        "What would have to be true for less", "The duty inspector reviews the risk",
        "Joan Obi", "overdue by 1 h", "Who works with them", "Samphire House",
    ):  # fmt: skip
        assert said in ten, said


def test_a_child_about_whom_nothing_is_recorded(county: County) -> None:
    _, uid = county.child("New Here")
    text = county.browser("inspector").get(f"/children/{uid}").text
    assert "nothing is recorded: that is not low" in text
    assert "That is not the same as low" in text
    assert "The record was read without trouble, and it is empty." in text


def test_the_chronology_is_newest_first_under_days_and_says_who_and_when(
    county: County, missing: tuple[int, str, str]
) -> None:
    person, uid, case = missing
    seen = county.now - timedelta(minutes=100)
    county.w.say(
        "handler", e.InformationAdded(what="Seen at the harbour.", happened_at=seen), person,
        county.now, minutes=-10, case=case,
    )  # fmt: skip
    body = county.browser("inspector").get(f"/children/{uid}").body
    assert body.index("Seen at the harbour") < body.index("Reported missing by")
    text = county.browser("inspector").get(f"/children/{uid}").text
    assert "recorded late" in text
    assert "Ama Boateng" in text


def test_a_whole_day_has_no_invented_time(county: County) -> None:
    person, uid = county.child()
    on = datetime(2026, 3, 2, tzinfo=UTC)
    filed = e.MissingEpisodeOnFile(happened_at=on, source="SSDA903", ended_on="3 March 2026")
    county.w.say("clerk", filed, person, county.now)
    text = county.browser("inspector").get(f"/children/{uid}").text
    assert "2 March 2026 all day Missing, from SSDA903" in text
    assert "00:00" not in text


def test_the_chronology_is_narrowed_by_agency_and_kind(
    county: County, missing: tuple[int, str, str]
) -> None:
    person, uid, case = missing
    county.w.say("social_worker", e.InformationAdded(what="Mum has rung us."), person, county.now,
                 case=case)  # fmt: skip
    browser = county.browser("inspector")
    council = browser.get(f"/children/{uid}?agency=Saltmarsh children’s social care")
    assert "1 of 2 shown" in council.text
    assert "Reported missing by" not in council.text.split("What has happened")[1]
    kind = browser.get(f"/children/{uid}?kind=missing.reported").text.split("What has happened")[1]
    assert "Mum has rung us" not in kind


def test_what_was_known_at_an_instant(county: County, missing: tuple[int, str, str]) -> None:
    person, uid, case = missing
    county.w.say("handler", e.InformationAdded(what="Seen at the harbour."), person, county.now,
                 minutes=-30, case=case)  # fmt: skip
    county.w.say("hub", FlagRaised(type=Marker.CSE, basis="Now."), person, county.now)
    then = (county.now - timedelta(hours=1)).isoformat().replace("+", "%2B")
    text = county.browser("inspector").get(f"/children/{uid}?as-at={then}").text
    assert "As it was known on" in text
    assert "Seen at the harbour" not in text
    assert "Child sexual exploitation" not in text
    assert "Running, and whose it is" not in text
    assert "Reported missing by" in text
    before = (county.now - timedelta(days=3)).isoformat().replace("+", "%2B")
    assert "nothing is recorded" in county.browser("inspector").get(
        f"/children/{uid}?as-at={before}"
    ).text  # fmt: skip


@pytest.mark.parametrize("nonsense", ["yesterday", "2999-01-01T00:00", ""])
def test_an_instant_that_is_none_shows_now(
    county: County, missing: tuple[int, str, str], nonsense: str
) -> None:
    text = county.browser("inspector").get(f"/children/{missing[1]}?as-at={nonsense}").text
    assert "As it was known on" not in text
    assert "Running, and whose it is" in text


# ── Who sees what ───────────────────────────────────────────────────────────────────────


def test_each_reader_sees_what_is_meant_for_them(
    county: County, missing: tuple[int, str, str]
) -> None:
    person, uid, case = missing
    county.w.say("sergeant", back.Returned(safe_address="9 Quiet Row", **INJURED), person,
                 county.now, case=case)  # fmt: skip
    seen = {
        key: county.browser(key).get(f"/children/{uid}").text
        for key in ("inspector", "social_worker", "carer")
    }
    assert "Room 12, Harbour Lights" in seen["inspector"]
    assert "9 Quiet Row" in seen["inspector"]
    assert "Could the person reporting" in seen["inspector"]
    assert "9 Quiet Row" in seen["social_worker"]
    for key in ("social_worker", "carer"):
        assert "Harbour Lights" not in seen[key], key
        assert "Could the person reporting" not in seen[key], key
    assert "9 Quiet Row" not in seen["carer"]
    assert "Back:" in seen["carer"]


def test_what_police_set_out_to_do_is_not_shown_to_a_home(
    county: County, missing: tuple[int, str, str]
) -> None:
    _, uid, _ = missing
    asked = "Ask the carer for the Philomena form"
    assert asked in county.browser("inspector").get(f"/children/{uid}").text
    assert asked in county.browser("social_worker").get(f"/children/{uid}").text
    home = county.browser("carer").get(f"/children/{uid}").text
    assert asked not in home
    assert "only your agency’s own are shown" in home


def test_a_school_that_does_not_know_the_child_finds_no_door(
    county: County, missing: tuple[int, str, str]
) -> None:
    browser = county.browser("lead").get(f"/children/{missing[1]}")
    assert browser.status == 404
    assert "says nothing about any child" in browser.text
    assert "Temi" not in browser.text


def test_a_restricted_record_says_so_and_whom_to_ring(
    county: County, missing: tuple[int, str, str]
) -> None:
    person, uid, _ = missing
    restrict(county, person)
    browser = county.browser("inspector").get(f"/children/{uid}")
    assert browser.status == 403
    assert "This record is restricted" in browser.text
    assert "Temi" not in browser.text
    assert county.browser("superintendent").get(f"/children/{uid}").status == 200


def test_opening_is_logged_and_counted_and_names_are_for_those_who_check(
    county: County, missing: tuple[int, str, str]
) -> None:
    _, uid, _ = missing
    county.browser("inspector").get(f"/children/{uid}")
    text = county.browser("sergeant").get(f"/children/{uid}").text
    looked = text.split("Who looked")[1].split("What has happened")[0]
    assert "2 people opened this record" in looked
    assert "Joan Obi" not in looked
    checked = county.browser("auditor").get(f"/children/{uid}").text.split("Who looked")[1]
    assert "Joan Obi" in checked
    assert "Rhys Morgan" in checked


def test_sources_stand_side_by_side_and_differences_are_marked(county: County) -> None:
    person, uid = county.child("Temi Nwosu")
    for number, (key, born) in enumerate((("social_care", "2012-03-04"), ("police", "2012-04-03"))):
        county.w.owner.execute(
            "INSERT INTO source_record (person_id, agency_id, feed, ref, given, family, born_on,"
            " sex, ethnicity, received_at, facts) "
            "VALUES (%s, %s, 'test', %s, 'Temi', 'Nwosu', %s, 'F', '', now(), '{}')",
            [person, county.w.agencies[key], f"T{number}", born],
        )
    text = county.browser("inspector").get(f"/children/{uid}").text.split("What each source")[1]
    assert "Born Differs 4 March 2012 3 April 2012" in text
    assert "Name Temi Nwosu Temi Nwosu" in text


def test_the_page_takes_the_same_number_of_queries_however_long_the_record(
    county: County, missing: tuple[int, str, str]
) -> None:
    person, uid, case = missing
    browser = county.browser("inspector")
    few = queries(browser, f"/children/{uid}")
    for number in range(25):
        county.w.say("handler", e.InformationAdded(what=f"Number {number}."), person, county.now,
                     minutes=number - 60, case=case)  # fmt: skip
    assert queries(browser, f"/children/{uid}") == few <= 27
