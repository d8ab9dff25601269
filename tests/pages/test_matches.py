"""Possible matches: what waits is listed with its owner, compared side by side, and decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kittiwake.access.doors import as_practitioner
from kittiwake.people.arrivals import Description, Home, meet_many
from tests.pages.conftest import County

HERE = Description(
    "clinic", "A1", "Kit", "O’Neil", date(2012, 3, 14), "F",
    identifiers=(("nhs", "9994021265"),), address=Home("1 Creek Lane", "ZZ9 9ZZ"),
)  # fmt: skip
THERE = replace(HERE, feed="school", ref="7", given="Kitt", identifiers=())


@pytest.fixture
def match(county: County) -> str:
    clerk = county.w.who("clerk")
    with as_practitioner(clerk, durable=True, recording=True):
        for one in (HERE, THERE):
            meet_many([one], clerk, county.now)
    return str(county.w.rows("SELECT uid FROM possible_match")[0][0])


def test_what_waits_is_listed_with_reasons_owner_and_age(county: County, match: str) -> None:
    page = county.browser("hub").get("/matches")
    assert "Kitt O’Neil and and Kit O’Neil" in page.text
    assert "First name one letter apart" in page.text
    assert "Ivo Novak" in page.text
    assert f"/matches/{match}" in page.links()
    assert county.w.rows("SELECT count(*) FROM look WHERE what = 'possible matches'") == [(1,)]


def test_two_records_are_linked_with_a_reason_and_apart_again(county: County, match: str) -> None:
    hub = county.browser("hub").get(f"/matches/{match}")
    assert "Name Kit O’Neil Kitt O’Neil Different" in hub.text
    assert "Date of birth 14/3/2012 14/3/2012 The same" in hub.text
    assert "NHS number 9994021265 not said On one side only" in hub.text
    assert hub.post(f"/matches/{match}", do="link", reason=" ").status == 422
    assert "Say how you know that they are one person" in hub.text

    hub.post(f"/matches/{match}", do="link", reason="The mother gave both names.")
    assert "Linked by Ivo Novak" in hub.text
    assert "Name Kit O’Neil Kitt O’Neil Different" in hub.text
    assert county.w.rows("SELECT count(*) FROM person WHERE merged_into_id IS NOT NULL") == [(1,)]
    assert "Nothing waits." in county.browser("hub").get("/matches").text

    again = county.browser("hub").post(f"/matches/{match}", do="apart", reason="I differ.")
    assert again.status == 422
    assert "Somebody has decided this meanwhile" in again.text

    hub.post(f"/matches/{match}", do="unlink", reason="The school rang: cousins.")
    assert "Kept apart by Ivo Novak" in hub.text
    assert county.w.rows("SELECT count(*) FROM person WHERE merged_into_id IS NOT NULL") == [(0,)]


def test_a_linked_child_is_reached_by_both_addresses(county: County, match: str) -> None:
    hub = county.browser("hub")
    hub.post(f"/matches/{match}", do="link", reason="The mother gave both names.")
    for (uid,) in county.w.rows("SELECT uid FROM person ORDER BY id"):
        page = hub.get(f"/children/{uid}")
        assert page.status == 200
        assert "Kit O’Neil" in page.text


@pytest.mark.parametrize("key", ["inspector", "social_worker", "carer"])
def test_few_compare(county: County, match: str, key: str) -> None:
    browser = county.browser(key)
    assert browser.get("/matches").status == 403
    assert browser.get(f"/matches/{match}").status == 403
