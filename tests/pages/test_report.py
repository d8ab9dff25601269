"""Report a child missing: by those who take calls, by a home, by anybody; a case for each."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from kittiwake.pages import public
from tests.pages.conftest import County

TOLD = {"concern": "Left after a call from somebody met online.", "happened_at__time": "-20m"}


# ── Those who take calls ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ("kit ex", ["Kit Example"]),
        ("EXAMPLE", ["Ada Example", "Kit Example"]),
        ("ada", ["Ada Example"]),
        ("04/03/2012", ["Kit Example"]),
        ("example 2015", ["Ada Example"]),
        ("kit 19/8/2015", ["Ada Example", "Kit Example"]),
        ("it", []),
        ("nobody", []),
        ("", []),
    ],
)
def test_search_finds_by_parts_of_the_name_and_date_of_birth(
    county: County, typed: str, finds: list[str]
) -> None:
    county.child()
    county.child("Ada Example", born=date(2015, 8, 19))
    shown = county.browser("handler").post("/report/search", q=typed).text
    places = {name: shown.find(name) for name in finds}
    assert all(place >= 0 for place in places.values())
    assert sorted(places, key=lambda n: places[n]) == finds
    for other in {"Kit Example", "Ada Example"} - set(finds):
        assert other not in shown


def test_a_search_is_logged_with_the_children_it_showed(county: County) -> None:
    person, _ = county.child()
    county.browser("handler").post("/report/search", q="kit")
    assert county.w.rows("SELECT what, people FROM look") == [("search", [person])]


def test_choosing_shows_what_is_known_and_loses_nothing_typed(county: County) -> None:
    person, uid = county.child()
    county.missing(person, minutes_ago=50_000)
    shown = county.browser("handler").post(
        "/report", q="kit", choose=uid, concern="Typed before choosing", reporter_name="Dad"
    )
    assert shown.value("concern") == "Typed before choosing"
    assert shown.value("reporter_name") == "Dad"
    assert f'name="child" value="{uid}"' in shown.body
    assert "1 time" in shown.text
    assert "Reported missing already" in shown.text
    assert county.entries("missing.reported") == 1


def test_a_report_gives_a_reference_an_owner_and_a_line_for_the_log(county: County) -> None:
    _, uid = county.child()
    done = county.browser("handler").post("/report", child=uid, do="record", **TOLD)
    assert done.path == "/report/done"
    ((ref,),) = county.w.rows("SELECT ref FROM case_file")
    assert f"Reference {ref}" in done.text
    assert "Joan Obi" in done.text
    assert "07700 900" in done.text
    line = done.text
    assert f"Kittiwake {ref}: Kit Example, born 04/03/2012, reported missing" in line
    assert "overdue by 5 min" in done.text


def test_children_missing_together_get_a_case_each_and_one_group(
    county: County, submission: str
) -> None:
    _, kit = county.child()
    _, ada = county.child("Ada Example", born=date(2015, 8, 19))
    answers = {"child": [kit, ada], "new__0__name": "Bo Little", "new__0__born": "about 12",
               "submission": submission, "do": "record", **TOLD}  # fmt: skip
    browser = county.browser("handler")
    assert "3 children are reported missing" in browser.post("/report", **answers).text
    browser.post("/report", **answers)
    rows = county.w.rows("SELECT group_uid, owner_id, grade FROM case_file")
    assert len(rows) == 3
    assert len(set(rows)) == 1
    assert rows[0][0] is not None
    assert county.entries("missing.reported") == 3
    ((facts,),) = county.w.rows("SELECT facts FROM source_record WHERE given = 'Bo Little'")
    assert facts["Date of birth as told"] == "about 12"


def test_a_child_not_on_file_is_described_from_what_was_searched_for(county: County) -> None:
    shown = county.browser("handler").post("/report", q="bo little", do="new", concern="Cold.")
    assert shown.value("new-0-name") == "Bo Little"
    assert shown.value("concern") == "Cold."
    again = county.browser("handler").post("/report", new__0__name="", do="record", **TOLD)
    assert again.status == 422
    assert "Enter the child’s name, or what they are called" in again.text
    gone = county.browser("handler").post("/report", new__0__name="Bo", forget="0")
    assert "new-0-name" not in gone.body


def test_nobody_chosen_is_asked_for_and_nothing_is_recorded(county: County) -> None:
    shown = county.browser("handler").post("/report", do="record", **TOLD)
    assert "Choose the child, or describe a child who is not on file" in shown.text
    assert shown.value("concern") == TOLD["concern"]
    assert county.entries("missing.reported") == 0


def test_a_child_missing_already_is_not_reported_twice_and_what_was_typed_is_kept(
    county: County,
) -> None:
    person, uid = county.child()
    county.missing(person)
    told = TOLD | {"reporter_could_harm": "yes", "reporter_name": "A neighbour"}
    done = county.browser("handler").post("/report", child=uid, do="record", **told)
    assert "Reported before: your information was added" in done.text
    assert county.entries("missing.reported") == 1
    ((audience, answers),) = county.w.rows(
        "SELECT d.audience, d.answers FROM detail d JOIN entry e ON e.id = d.entry_id "
        "WHERE e.kind = 'missing.information_added'"
    )
    assert audience == "case"
    assert TOLD["concern"] in answers["what"]
    assert "could the person reporting" not in answers["what"].lower()


def test_a_report_with_gaps_is_never_refused(county: County) -> None:
    _, uid = county.child()
    browser = county.browser("handler")
    asked = browser.post("/report", child=uid, do="record")
    assert "Report with the gaps" in asked.text
    browser.post("/report", child=uid, anyway="1")
    assert county.entries("missing.reported") == 1


def test_a_record_that_does_not_open_may_still_be_reported_about(county: County) -> None:
    person, uid = county.child()
    county.w.owner.execute("UPDATE person SET is_restricted = true WHERE id = %s", [person])
    county.w.owner.execute("UPDATE pointer SET is_restricted = true WHERE person_id = %s", [person])
    browser = county.browser("handler")
    shown = browser.post("/report", choose=uid)
    assert "You may not see this record" in shown.text
    assert "Kit Example" not in shown.text
    browser.post("/report", child=uid, do="record", **TOLD)
    assert county.entries("missing.reported") == 1


def test_a_draft_of_a_report_waits_for_its_author(county: County) -> None:
    browser = county.browser("handler")
    browser.post("/drafts", draft_kind="missing.reported", concern="Half a call")
    assert browser.get("/report").value("concern") == "Half a call"
    assert county.browser("sergeant").get("/report").value("concern") == ""


# ── A children's home ───────────────────────────────────────────────────────────────────


def test_a_home_reports_its_own_children_one_thing_per_page(county: County) -> None:
    _, kit = county.child()
    county.child("Ada Other", born=date(2015, 8, 19), known="school")
    browser = county.browser("carer")
    shown = browser.get("/report")
    assert shown.path == "/report/who"
    assert "Kit Example" in shown.text
    assert "Ada Other" not in shown.text
    assert browser.post("/report/who").status == 422
    assert browser.post("/report/who", child=kit).path == "/report/seen"
    seen = browser.post("/report/seen", happened_at__time="now", last_seen__where="Side gate")
    assert seen.path == "/report/worry"
    assert browser.post("/report/worry").status == 422
    assert browser.post("/report/worry", concern="A car stopped.").path == "/report/you"
    assert browser.get("/report/you").value("reporter_name") == "Sol Grant"
    checked = browser.post("/report/you", reporter_name="Sol Grant", reporter="home")
    assert checked.path == "/report/check"
    for told in ("Kit Example", "Side gate", "A car stopped.", "Sol Grant"):
        assert told in checked.text
    assert "/report/worry?back=1" in checked.body
    done = browser.post("/report/check", do="record")
    assert done.path == "/report/done"
    assert "Joan Obi" in done.text
    assert "For the incident log" not in done.text
    assert county.entries("missing.reported") == 1


def test_a_change_from_the_check_page_leads_back_to_it(county: County) -> None:
    _, kit = county.child()
    browser = county.browser("carer")
    browser.post("/report/who", child=kit)
    browser.post("/report/worry", concern="First words.")
    assert browser.post("/report/worry?back=1", concern="Better words.").path == "/report/check"
    assert "Better words." in browser.text
    assert "First words." not in browser.text


def test_saving_while_typing_on_one_page_keeps_the_others(county: County) -> None:
    _, kit = county.child()
    browser = county.browser("carer")
    browser.post("/report/who", child=kit)
    browser.post("/drafts", draft_kind="missing.reported", draft_part="worry", concern="Half")
    assert browser.get("/report/worry").value("concern") == "Half"
    assert "Kit Example" in browser.get("/report/check").text


def test_steps_that_are_not_there_are_not_found(county: County) -> None:
    assert county.browser("carer").get("/report/elsewhere").status == 404


# ── Anybody ─────────────────────────────────────────────────────────────────────────────

PUBLIC = {
    "child_name": "Kit Example",
    "concern": "She said somebody was waiting for her.",
    "reporter_phone": "07700 900123",
}


def test_anybody_may_report_and_nothing_about_a_child_comes_back(county: County) -> None:
    county.child()
    browser = county.browser(None)
    assert "ring 999" in browser.get("/report").text
    thanks = browser.post("/report", **PUBLIC)
    assert thanks.path == "/report/thanks"
    assert "Your reference is P-" in thanks.text
    assert "Kit Example" not in thanks.text
    assert county.entries("missing.reported") == 1
    assert county.w.rows("SELECT state FROM report") == [("recorded",)]


def test_the_public_page_says_what_to_do_and_keeps_what_was_typed(county: County) -> None:
    shown = county.browser(None).post("/report", child_born="about 13")
    assert shown.status == 422
    assert "Tell us why you are worried" in shown.text
    assert shown.value("child_born") == "about 13"


def test_too_many_from_one_address_are_asked_to_ring(county: County) -> None:
    browser = county.browser(None)
    for number in range(public.MOST_AN_HOUR):
        browser.post("/report", **PUBLIC | {"concern": f"Worry {number}"})
    refused = browser.post("/report", **PUBLIC | {"concern": "One more"})
    assert refused.status == 429
    assert "ring 101 now" in refused.text
    assert refused.value("concern") == "One more"
    assert county.entries("missing.reported") == public.MOST_AN_HOUR


def test_a_report_that_could_not_be_recorded_promises_nothing(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("kittiwake.exchange.arrivals.record", broken)
    shown = county.browser(None).post("/report", **PUBLIC)
    assert shown.status == 503
    assert "We could not take this in." in shown.text
    assert county.w.rows("SELECT state FROM report") == [("quarantined",)]


@pytest.mark.parametrize(
    "path", ["/report/who", "/report/done", "/my-work", f"/cases/{uuid4()}", "/report/search"]
)
def test_nobody_else_sees_more_than_the_public_page(county: County, path: str) -> None:
    browser = county.browser(None)
    shown = browser.post(path) if path == "/report/search" else browser.get(path)
    assert shown.path == "/accounts/login/"
