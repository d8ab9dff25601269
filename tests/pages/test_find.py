"""Search and the access log: whom they show, to whom, and that both are logged."""

from __future__ import annotations

from uuid import uuid4

import pytest

from kittiwake.people.asking import Asked, understood
from tests.pages.conftest import County
from tests.pages.test_boards import looks, restrict

# ── Search ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "words", "born", "postcode", "number"),
    [
        ("nwo tem", ("nwo", "tem"), 0, "", ""),
        ("Zoë O’Neil-Abara 2010", ("zoe", "oneil", "abara"), 20100000, "", ""),
        ("temi 4/3/2012", ("temi",), 20120304, "", ""),
        ("temi 3/2012 zz9 9aa", ("temi",), 20120300, "ZZ99AA", ""),
        ("04.03.2012", (), 20120304, "", ""),
        ("2012", (), 20120000, "", ""),
        ("999 000 0018", (), 0, "", "9990000018"),
        ("m-26-00022", (), 0, "", "M-26-00022"),
        ("SC-2011-306", (), 0, "", "SC-2011-306"),
        ("40/40/2012", (), 0, "", ""),
    ],
)
def test_what_is_typed_is_understood(
    typed: str, words: tuple[str, ...], born: int, postcode: str, number: str
) -> None:
    assert understood(typed) == Asked(words, born, postcode, number)


def find(county: County, key: str, typed: str) -> str:
    return county.browser(key).get(f"/find?q={typed}").text


def test_a_child_is_found_by_parts_of_the_name_and_by_date_of_birth(county: County) -> None:
    person, _ = county.child("Temi Nwosu")
    assert "1 person fits" in find(county, "inspector", "nwo te")
    assert "Temi Nwosu" in find(county, "inspector", "4/3/2012")
    assert "Nobody on file fits" in find(county, "inspector", "nwo te 2009")
    county.browser("inspector").get("/find?q=nwosu")
    assert looks(county, "search") == [person]


def test_a_child_is_found_by_whole_numbers_only(county: County) -> None:
    person, _ = county.child("Temi Nwosu")
    record = county.w.owner.execute(
        "INSERT INTO source_record (person_id, agency_id, feed, ref, given, family, sex, ethnicity,"
        " received_at, facts) VALUES (%s, %s, 'test', '1', 'Temi', 'Nwosu', '', '', now(), '{}')"
        " RETURNING id",
        [person, county.w.agencies["social_care"]],
    ).fetchone()
    assert record
    county.w.owner.execute(
        "INSERT INTO identifier (person_id, source_record_id, scheme, value, is_valid) "
        "VALUES (%s, %s, 'nhs', '9990000018', true)",
        [person, record[0]],
    )
    case = county.missing(person, 30, incident_number="SC-2011-306")
    ref = county.w.rows("SELECT ref FROM case_file WHERE uid = %s", case)[0][0]
    for typed in ("999 000 0018", ref.lower(), "sc-2011-306"):
        assert "Temi Nwosu" in find(county, "inspector", typed), typed
    assert "Nobody on file" in find(county, "inspector", "999000001")


def test_a_restricted_record_is_found_as_such_and_only_by_wide_agencies(county: County) -> None:
    person, uid = county.child("Temi Nwosu", known="home")
    restrict(county, person)
    found = find(county, "inspector", "nwosu")
    assert "Restricted record" in found
    assert "Temi" not in found.split("children fit")[0].split("1 person fits")[-1].split("Now")[-1]
    assert looks(county, "search") == [person]
    assert "Nobody on file fits" in find(county, "carer", "nwosu")
    allowed = county.browser("superintendent").get("/find?q=nwosu")
    assert f"/children/{uid}" in allowed.links()


def test_a_school_and_a_home_find_only_children_they_know(county: County) -> None:
    county.child("Temi Nwosu", known="home")
    assert "Temi Nwosu" in find(county, "carer", "nwosu")
    outside = find(county, "lead", "nwosu")
    assert "Nobody on file fits" in outside
    assert "another agency may know this child" in outside


# ── The access log ──────────────────────────────────────────────────────────────────────


def test_the_access_log_says_who_opened_what_and_who_was_refused(county: County) -> None:
    person, uid = county.child("Temi Nwosu", known="home")
    county.browser("sergeant").get(f"/children/{uid}")
    restrict(county, person)
    county.browser("inspector").get(f"/children/{uid}")
    text = county.browser("auditor").get(f"/access-log?child={uid}").text
    assert "Rhys Morgan Saltmarsh Constabulary Opened a record" in text
    assert "Joan Obi Saltmarsh Constabulary Was refused" in text
    assert "To open the record: restricted" in text
    assert looks(county, "access log") == [person]


def test_the_access_log_is_narrowed_to_a_practitioner_and_to_what_was_done(county: County) -> None:
    person, uid = county.child("Temi Nwosu")
    county.missing(person, 30)
    for key in ("sergeant", "inspector"):
        county.browser(key).get(f"/children/{uid}")
    who = county.w.rows("SELECT uid FROM practitioner WHERE name = 'Rhys Morgan'")[0][0]
    only = county.browser("auditor").get(f"/access-log?who={who}&kind=opened")
    rows = only.body.split("<tbody>")[1]
    assert "Rhys Morgan" in rows
    assert "Joan Obi" not in rows
    recorded = county.browser("auditor").get("/access-log?kind=recording").body.split("<tbody>")[1]
    assert "Ama Boateng" in recorded


@pytest.mark.parametrize("key", ["inspector", "social_worker", "carer", "lead"])
def test_few_read_the_access_log(county: County, key: str) -> None:
    browser = county.browser(key).get("/access-log")
    assert browser.status == 403
    assert "/access-log" not in browser.links()
    assert county.w.rows("SELECT what, reasons FROM refusal") == [
        ("access.read_log", ["no capability"])
    ]


def test_an_unknown_child_in_the_log_is_said(county: County) -> None:
    text = county.browser("auditor").get(f"/access-log?child={uuid4()}").text
    assert "Nothing in the log fits" in text
