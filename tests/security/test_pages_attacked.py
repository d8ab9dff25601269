"""Pages and drafts given what no browser sends: nothing fails, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.security.attack import REPORT
from tests.security.people import browser
from tests.worlds import NOW, World

ODD = {
    "nul": "a\0b",
    "very long": "x" * 300_000,
    "bidirectional": "\u202e\u2066",
    "injected": "' OR 1=1; --",
    "a template": "{{ 7 * 7 }}{% include '/etc/passwd' %}",
    "markup": "<script>alert(1)</script>",
    "superscript two": "²",
    "no uid": "00000000000000000000000000000000",
}


def asking(w: World, odd: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Everything a page takes from whoever asks, with something odd in its place."""
    kid = w.child()
    told = w.say("handler", REPORT, kid, NOW)
    child = f"/children/{w.rows('SELECT uid FROM person WHERE id = %s', kid)[0][0]}"
    case, form = f"/cases/{told.case_uid}", f"/cases/{told.case_uid}/record/"
    added = form + "missing.information_added"
    return [
        ("post", "/drafts", {"draft_kind": "missing.reported", "concern": odd}),
        ("post", "/drafts", {"draft_kind": odd, "draft_case": odd, "draft_person": odd}),
        ("post", added, {"what": odd, "anyway": "1"}),
        ("post", added, {"what": odd, "save": "1"}),
        ("post", added, {"what": "x", "more": odd}),
        ("post", added, {"what": "x", "submission": odd, "anyway": "1"}),
        ("post", added, {"what": "x", "happened_at-day": odd, "happened_at-time": odd}),
        ("get", form + "action.settled", {"action_uid": odd}),
        ("get", form + "clock.acknowledged", {"clock_uids": odd}),
        ("get", form + odd.replace("/", ""), {}),
        ("get", case, {"recorded": odd, "saved": odd}),
        ("get", child, {"as-at": odd, "agency": odd, "kind": odd}),
        ("post", f"{child}/starts", {"correction": odd, "decision": odd, "case": odd}),
        ("post", f"{child}/entries/{told.entry_uid}/wrong", {"right": odd, "reason": odd}),
        ("post", f"{child}/entries/{told.entry_uid}/correct", {"correction_reason": odd}),
        ("get", "/find", {"q": odd}),
        ("post", "/report/search", {"q": odd, "child": odd}),
        ("post", "/report", {"q": odd, "child": odd, "concern": odd, "do": "record"}),
        ("get", "/report", {"q": odd, "child": odd}),
        ("get", "/report/done", {"case": odd}),
        ("post", "/words", {"text": odd}),
        ("get", "/access-log", {"child": odd, "who": odd, "kind": odd}),
        ("get", "/missing/version", {"seen": odd}),
    ]


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_no_page_fails_whatever_it_is_sent(w: World, odd: str) -> None:
    _, client = browser(w.owner, w.staff["second_inspector"], "inspector")
    for method, path, given in asking(w, odd):
        response = getattr(client, method)(path, given)
        assert response.status_code < 500, (method, path, given)
        sent = response.content.decode(errors="replace")
        assert "<script>alert" not in sent
        assert ODD["a template"] == odd or "49" not in sent.partition("{{ 7 * 7 }}")[2][:3]


def test_what_was_typed_around_a_nul_is_kept_and_recorded(w: World) -> None:
    _, client = browser(w.owner, w.staff["inspector"], "inspector")
    kid = w.child()
    case = w.say("handler", REPORT, kid, NOW).case_uid
    typed = {"what": "Seen by\0 the quay.", "draft_kind": "missing.information_added"}
    assert client.post("/drafts", typed | {"draft_case": case}).status_code == 200
    assert "Seen by the quay." in w.rows("SELECT raw::text FROM draft")[0][0]
    client.post(f"/cases/{case}/record/missing.information_added", typed)
    kept = w.rows("SELECT answers->>'what' FROM detail WHERE answers ? 'what'")
    assert kept == [("Seen by the quay.",)]


def test_the_public_page_keeps_a_report_with_a_nul_in_it(w: World) -> None:
    said = {"child_name": "Kit\0", "concern": "Not\0 back.", "reporter_phone": "07700 900100"}
    response = Client().post("/report", said)
    assert response.status_code == 302
    assert w.rows("SELECT count(*) FROM case_file") == [(1,)]


def test_a_start_of_another_child_is_not_settled_through_this_one(w: World) -> None:
    from kittiwake.journal import correcting

    kid, other = w.child("One"), w.child("Other")
    uid = w.say("handler", REPORT, other, NOW).entry_uid
    correcting.correct(
        uid, {"happened_at": "2026-11-20T22:50:00+00:00"}, "The log.", person=other,
        by=w.who("handler"), at=NOW,
    )  # fmt: skip
    correction = w.rows("SELECT min(id) FROM start_correction")[0][0]
    said = correcting.settle_start(
        correction, approve=True, person=kid, by=w.who("inspector"), at=NOW
    )
    assert said
    assert w.rows("SELECT count(*) FROM start_correction WHERE settled_at IS NOT NULL") == [(0,)]
