"""The control room's pages: a call logged, found again by its number, and everything known."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import DatabaseError

from kittiwake.access.doors import declare_conflict
from kittiwake.kernel.markers import Marker
from kittiwake.pages import pack
from kittiwake.pathways.flags.entries import FlagRaised
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing.questions import FoundWith, HowBack, PlaceKind
from tests.pages.conftest import Browser, County

NUMBER = "SC-2211-0457"
CALL = {
    "incident_number": NUMBER, "what": "He went out at four and is not back.", "channel": "999",
    "whereabouts_unknown": "yes", "caller_name": "Lena Example", "caller_phone": "07700 900412",
    "reporter_could_harm": "no",
}  # fmt: skip


def logged(county: County, *children: str, **answers: str) -> Browser:
    told = {k: v for k, v in (CALL | answers).items() if v}
    return county.browser("handler").post(
        "/contacts/log", child=list(children), do="record", **told
    )


def test_a_call_is_logged_and_opens_a_missing_episode_whose_report_it_fills(county: County) -> None:
    _, uid = county.child()
    done = logged(county, uid)
    assert "The call is logged" in done.text
    line = re.search(
        r"Kittiwake C-\d\d-\d{5}: Kit Example, born 04/03/2012, call logged", done.text
    )
    assert line
    assert "A missing episode is open: M-" in done.text
    link = next(a for a in done.links() if a.startswith("/report?"))
    report = county.browser("handler").get(link.replace("&amp;", "&"))
    assert report.value("concern") == CALL["what"]
    assert report.value("reporter_name") == "Lena Example"
    assert report.value("reporter_phone") == "07700 900412"
    assert report.value("incident_number") == NUMBER
    assert "Its report is still to be written" in report.text
    sent = county.browser("handler").post(
        "/report", child=uid, do="record", concern="Not back.", incident_number=NUMBER
    )
    assert "reported missing" in sent.text
    assert county.entries("missing.reported") == 1
    cases = county.w.rows("SELECT count(*) FROM case_file WHERE pathway = 'missing'")
    assert cases == [(1,)]


def test_the_number_alone_brings_every_child_of_the_call_and_keeps_what_was_typed(
    county: County,
) -> None:
    (_, one), (_, two) = county.child("Ada Example"), county.child("Bo Example")
    logged(county, one, two, whereabouts_unknown="no")
    for typed in (NUMBER, NUMBER.lower()):
        page = county.browser("inspector").post(
            "/report", incident_number=typed, do="search", concern="Typed before."
        )
        assert {one, two} <= set(re.findall(r'name="child" value="([^"]+)"', page.body))
        assert page.value("concern") == "Typed before."
        assert page.value("reporter_name") == "Lena Example"
    none = county.browser("inspector").post("/report", incident_number="SC-1", do="number")
    assert "Nothing is on record under SC-1 yet" in none.text


def test_a_child_reported_already_is_said_while_the_number_is_typed(county: County) -> None:
    person, _ = county.child()
    county.missing(person, incident_number=NUMBER)
    shown = county.browser("handler").post("/report/number", q=NUMBER.lower()).text
    assert "Kit Example" in shown
    assert "Missing already" in shown
    assert "Nothing is on record" in county.browser("handler").post("/report/number", q="X9").text


def test_first_hour_words_are_never_stopped_by_better_ones(county: County) -> None:
    _, uid = county.child()
    words = "Mum says he is streetwise and always comes back."
    assert "The call is logged" in logged(county, uid, what=words).text
    assert "reported missing" in county.browser("handler").post(
        "/report", child=uid, do="record", concern=words
    ).text  # fmt: skip


def test_the_board_says_what_is_not_done_and_orders_by_risk_and_waiting(county: County) -> None:
    (_, one), (_, two) = county.child("Ada Example"), county.child("Bo Example")
    logged(county, one, whereabouts_unknown="no")
    logged(county, two, whereabouts_unknown="no", incident_number="SC-2211-0458")
    board = county.browser("inspector").get("/contacts")
    assert "THRIVE not done" in board.text
    assert board.text.index("Ada Example") < board.text.index("Bo Example")
    case = county.w.rows("SELECT c.uid::text FROM case_file c JOIN person p ON p.id = c.person_id "
                         "WHERE p.uid = %s", one)[0][0]  # fmt: skip
    parts = ("threat", "harm", "investigation", "vulnerability", "engagement")
    county.browser("handler").post(
        f"/cases/{case}/record/contact.thrive", risk="low", **dict.fromkeys(parts, "Nothing now.")
    )
    board = county.browser("inspector").get("/contacts")
    assert board.text.index("Bo Example") < board.text.index("Ada Example")
    assert "1 changed" in county.browser("inspector").get(
        "/contacts/version?seen=2020-01-01T00:00:00Z"
    ).text.replace("2 changed", "1 changed")  # fmt: skip
    assert county.browser("carer").get("/contacts").status == 403


def test_a_board_that_cannot_be_read_never_says_that_nobody_waits(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kittiwake.pathways.contact.board.read", _broken)
    page = county.browser("inspector").get("/contacts")
    assert page.status == 503
    assert "This does not mean that no child is waiting" in page.text


# ── Everything known ────────────────────────────────────────────────────────────────────


def test_f81_the_pack_has_everything_on_one_screen(county: County) -> None:
    person, uid = county.child()
    county.missing(person, minutes_ago=5000)
    back = e.Returned(how=HowBack.FOUND_POLICE, place_kind=PlaceKind.HOTEL,
                      found_place="Harbour Hotel", found_with={FoundWith.ADULT})  # fmt: skip
    county.w.say("sergeant", back, person, county.now)
    county.w.say("hub", FlagRaised(type=Marker.CSE, basis="Seen twice with an adult."), person,
                 county.now)  # fmt: skip
    shown = county.browser("handler").get(f"/children/{uid}/pack").text
    for wanted in (
        "Child sexual exploitation", "Seen twice with an adult", "Missing 1 time",
        "Hotel or holiday let, Harbour Hotel", "An adult who is not family",
        "Samphire House", "No interview is on record", "How fresh this is",
        "Share a police safeguarding report",
    ):  # fmt: skip
        assert wanted in shown, wanted
    assert "Harbour Hotel" not in county.browser("social_worker").get(f"/children/{uid}/pack").text


def test_nothing_known_not_loaded_and_not_yours_are_three_screens(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, uid = county.child(known="")
    county.w.owner.execute("DELETE FROM known_to WHERE person_id = %s", [person])
    nothing = county.browser("handler").get(f"/children/{uid}/pack")
    assert nothing.status == 200
    assert "Nothing is known about this child here" in nothing.text
    with monkeypatch.context() as m:
        m.setattr(pack.child, "read", _broken)
        failed = county.browser("handler").get(f"/children/{uid}/pack")
    assert failed.status == 503
    assert "This does not mean that nothing is known" in failed.text
    declare_conflict(county.w.who("handler"), county.now, person, "My neighbour’s child.")
    shut = county.browser("handler").get(f"/children/{uid}/pack")
    assert shut.status == 403
    assert "You may not see this record" in shut.text
    assert len({nothing.text, failed.text, shut.text}) == 3
    beside = county.browser("handler").post("/report", choose=uid, q="kit")
    assert "You can still record" in beside.text


def _broken(*_: Any, **__: Any) -> Any:
    raise DatabaseError("no connection")
