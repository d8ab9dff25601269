"""The page of differences: a child, whose it is, and what to do about it."""

from kittiwake.exchange import markers
from tests.worlds import known_by_number

HEAD = "REF,NAME,BORN,NHS,MARKER,FROM,UNTIL\n"


def test_a_difference_is_shown_with_its_owner_and_settled_with_a_reason(county):
    w = county.w
    known_by_number(w)
    body = (HEAD + "A1,Kit Example,04/03/2012,9990000018,Child protection plan,,").encode()
    council = w.agencies["social_care"]
    clerk = w.who("clerk")
    hub = county.browser("hub")
    assert "No partner’s list has come in yet" in hub.get("/differences").text
    markers.bring_in("a.csv", body, "protection plans", council, clerk, county.now)
    markers.reconcile(w.who("hub"), county.now)
    page = hub.get("/differences")
    assert "Kit Example" in page.text
    assert "lists it; here it does not stand" in page.text
    (uid,) = [str(u) for (u,) in w.rows("SELECT uid FROM marker_difference")]
    assert hub.post(f"/differences/{uid}", reason=" ").status == 422
    assert "Say why this difference stands" in hub.text
    reason = "The conference ended the plan on Monday; their list is a week old."
    settled = hub.post(f"/differences/{uid}", reason=reason)
    assert "1 explained, and still so" in settled.text
    assert reason in settled.text


def test_who_does_not_look_after_the_lists_sees_none(county):
    assert county.browser("carer").get("/differences").status == 403
    other = county.browser("carer").post(
        "/differences/00000000-0000-4000-8000-000000000000", reason="x"
    )
    assert other.status == 404
