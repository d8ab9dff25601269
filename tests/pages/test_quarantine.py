"""What could not be taken in is read as it came, and settled by a person with a reason."""

from dataclasses import replace

from kittiwake.exchange import bringing, inbox, ssda903, ssda903_rows, ssda903_tables

MISSING = b"CHILD,DOB,MISSING,MIS_START,MIS_END\r\n"
ROWS = (
    b"17,04/03/2012,M,01/06/2026,03/06/2026\r\n"
    b"17,04/03/2012,X,09/06/2026,\r\n"
    b"18,<b>bold</b>,M,01/06/2026,\r\n"
    b"19,05/06/2010,A,01/07/2026,\r\n"
)


def bring(county, body=MISSING + ROWS, name="missing.csv"):
    clerk = county.w.who("clerk")
    council = county.w.agencies["social_care"]
    feed = ssda903.feed_of(council, "Saltmarsh children’s social care", clerk, county.now)
    return bringing.bring_in([(name, body)], feed)


def waiting(county):
    sql = "SELECT uid::text FROM report WHERE state = 'quarantined' ORDER BY id"
    return [uid for (uid,) in county.w.rows(sql)]


def test_the_clerk_sees_what_waits_and_why(county):
    clerk = county.browser("clerk")
    assert "Nothing waits." in clerk.get("/quarantine").text
    bring(county)
    text = clerk.get("/quarantine").text
    assert "missing.csv, row 3" in text
    assert "MISSING should be M for missing, or A for away without leave." in text
    assert "DOB is not a day." in text
    assert [f"/quarantine/{u}" in clerk.links() for u in waiting(county)] == [True, True]
    looks = county.w.rows(
        "SELECT what FROM look WHERE practitioner_id = %s", county.w.staff["clerk"]
    )
    assert ("quarantine",) in looks


def test_a_row_is_shown_as_it_came_and_nothing_in_it_is_obeyed(county):
    bring(county)
    clerk = county.browser("clerk")
    page = clerk.get(f"/quarantine/{waiting(county)[1]}")
    assert "MIS_START 01/06/2026" in page.text
    assert "MIS_END blank" in page.text
    assert "<b>bold</b>" not in page.body
    assert "&lt;b&gt;bold&lt;/b&gt;" in page.body


def test_a_file_shows_the_rows_that_say_something(county):
    bring(county)
    ((uid,),) = county.w.rows("SELECT uid::text FROM report WHERE part_of_id IS NULL")
    text = county.browser("clerk").get(f"/quarantine/{uid}").text
    assert "1,2" not in text
    assert "Row 3 Waits MISSING should be" in text
    assert "Row 5 Recorded No end: still missing on this file." in text
    assert "Row 2" not in text


def test_settling_takes_a_reason_and_keeps_it(county):
    bring(county)
    uid = waiting(county)[0]
    clerk = county.browser("clerk")
    clerk.get(f"/quarantine/{uid}")
    assert clerk.post(f"/quarantine/{uid}", do="settle", reason=" ").status == 422
    assert "Say what became of it" in clerk.text
    clerk.post(f"/quarantine/{uid}", do="settle", reason="The council says: never happened.")
    assert "Settled. The council says: never happened. (Pat Wren)" in clerk.text
    assert uid not in waiting(county)
    assert "Settle it" not in clerk.text
    clerk.post(f"/quarantine/{uid}", do="settle", reason="Again")
    assert "never happened" in clerk.get(f"/quarantine/{uid}").text


def test_trying_again_says_what_is_still_wrong_or_takes_it_in(county, monkeypatch):
    monkeypatch.setitem(ssda903_rows.MISSING, "M", False)
    bring(county)
    uid = waiting(county)[0]
    clerk = county.browser("clerk")
    clerk.post(f"/quarantine/{uid}", do="again")
    assert "MISSING should be M for missing" in clerk.text
    monkeypatch.setitem(ssda903_rows.MISSING, "X", False)  # a later version reads this code
    clerk.post(f"/quarantine/{uid}", do="again")
    assert "Settled. Tried again, and taken in." in clerk.text
    assert county.entries("history.missing_episode") == 3


def test_a_whole_file_is_tried_again(county, monkeypatch):
    body = MISSING.replace(b"DOB", b"BORN") + ROWS
    bring(county, body)
    (uid,) = waiting(county)
    clerk = county.browser("clerk")
    assert "no column DOB" in clerk.get(f"/quarantine/{uid}").text
    spec = ssda903_tables.tables()["missing"]
    monkeypatch.setitem(
        ssda903_tables.tables(), "missing", replace(spec, needed=("CHILD", "MIS_START"))
    )
    monkeypatch.setattr(ssda903_rows, "_born", lambda cells, today: None)
    clerk.post(f"/quarantine/{uid}", do="again")
    assert "3 rows recorded, 0 known, 1 waiting." in clerk.text


def test_what_a_program_sent_is_shown_but_not_tried_here(county):
    home = county.w.who("carer")
    kept = inbox.keep(
        "api", home.agency_id, home, "missing.reported", b'{"concern": 1}', county.now
    )
    inbox.settle(kept.id, "quarantined", "No child was named.", by=home)
    clerk = county.browser("clerk")
    text = clerk.get(f"/quarantine/{kept.uid}").text
    assert '{"concern": 1}' in text
    assert "Try again" not in text
    clerk.post(f"/quarantine/{kept.uid}", do="again")
    assert "Say what became of it" in clerk.text


def test_a_workbook_is_kept_and_said_to_be_unreadable(county):
    bring(county, b"PK\x03\x04\x00\xff", "book.xlsx")
    ((uid,),) = county.w.rows("SELECT uid::text FROM report")
    assert (
        "cannot be shown as text. All 6 bytes"
        in county.browser("clerk").get(f"/quarantine/{uid}").text
    )


def test_only_those_who_settle_may_look(county):
    bring(county)
    for key in ("carer", "inspector", "lead"):
        assert county.browser(key).get("/quarantine").status == 403
        assert county.browser(key).get(f"/quarantine/{waiting(county)[0]}").status == 403
    assert "/login" in county.browser(None).get("/quarantine").path
    assert (
        county.browser("clerk").get(f"/quarantine/{'0' * 8}-0000-4000-8000-{'0' * 12}").status
        == 404
    )
