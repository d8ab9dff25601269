"""The pages of feeds and incidents: what is late, whose it is, and who was never recorded."""

from datetime import timedelta

from kittiwake.exchange import bringing, incidents, mapping, police

POLICE = 'standard = "police"\n[columns]\nrecord = "Ref"\nname = "Name"\nmissing_from = "From"\n'
LOG = (
    'standard = "incidents"\n[columns]\nnumber = "No"\nopened = "At"\nopened_as = "Code"\n'
    'name = "Name"\nborn = "Born"\n[codes.opened_as]\n"MISPER" = "missing"\n'
)


def bring(county, make, text, body, days=0):
    w, at = county.w, county.now - timedelta(days=days)
    read = mapping.read("storm", text)
    feed = make(w.agencies["police"], "Saltmarsh Constabulary", read, w.who("clerk"), at)
    return bringing.bring_in([("file.csv", body)], feed)


def late(county):
    row = f"MP-1,Kit Sample,{county.now - timedelta(days=9):%d/%m/%Y}\n"
    return bring(county, police.feed_of, POLICE, b"Ref,Name,From\n" + row.encode(), days=3)


def unrecorded(county):
    row = f"SC-7,{county.now - timedelta(days=2):%d/%m/%Y},MISPER,=Noor Example,05/09/2011\n"
    return bring(county, incidents.feed_of, LOG, b"No,At,Code,Name,Born\n" + row.encode())


def test_a_late_feed_is_said_on_every_page_of_who_looks_at_children(county):
    clerk = county.browser("clerk")
    assert "No file has come yet." in clerk.get("/feeds").text
    assert "Quiet may mean not heard" not in clerk.text
    late(county)
    for key, path in (("inspector", "/missing"), ("carer", "/my-work"), ("clerk", "/feeds")):
        page = county.browser(key).get(path)
        assert "Quiet may mean not heard. Nothing new from the missing persons file" in page.text
    assert "/feeds" not in county.browser("inspector").get("/missing").links()
    assert county.browser("inspector").get("/feeds").status == 403


def test_somebody_says_what_they_do_about_a_late_feed(county):
    late(county)
    clerk = county.browser("clerk").get("/feeds")
    key = clerk.value("feed")
    assert clerk.post("/feeds", feed=key, reason=" ").status == 422
    assert "Say what is being done" in clerk.text
    clerk.post("/feeds", feed=key, reason="Their export runs again tonight.")
    assert "Pat Wren , today at" in clerk.text
    assert "Their export runs again tonight." in clerk.text
    assert "Late" in clerk.text  # an answer does not make it heard
    assert clerk.post("/feeds", feed="nothing", reason="x").status == 200


def test_incidents_nobody_recorded_are_listed_and_settled_by_a_named_person(county):
    auditor = county.browser("auditor")
    assert "None. Every incident on file" in auditor.get("/incidents").text
    unrecorded(county)
    assert "=Noor Example , born 5 September 2011" in auditor.get("/incidents").text
    sheet = auditor.get("/incidents.csv").body
    assert ",'=Noor Example," in sheet  # text, and nothing a spreadsheet runs
    number = auditor.get("/incidents").value("incident")
    assert auditor.post("/incidents", incident=number, reason="").status == 422
    assert "Say what became of it" in auditor.text
    auditor.post("/incidents", incident=number, reason="A double of SC-6.")
    assert "None. Every incident on file" in auditor.text
    assert auditor.post("/incidents", incident="9" * 30, reason="x").status == 422
    assert county.browser("handler").get("/incidents").status == 403


def test_what_waits_is_a_spreadsheet_without_the_rows_own_words(county):
    bring(county, police.feed_of, POLICE, b"Ref,Name,From\nMP-2,Kit Sample,when\n")
    sheet = county.browser("clerk").get("/quarantine/waiting.csv")
    assert sheet.headers["Content-Disposition"] == 'attachment; filename="waiting.csv"'
    assert "FROM is not a day." in sheet.body
    assert "Kit" not in sheet.body
