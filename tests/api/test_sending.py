"""What is sent is kept as it came and recorded once, whoever sends it again and however."""

import json
import threading
from datetime import UTC, datetime

import pytest
from django.db import OperationalError, connection

from kittiwake.api import taking
from kittiwake.api.parsing import MOST
from kittiwake.journal.record import record
from kittiwake.pathways.missing import entries as e
from tests.api.programs import missing, problem


def entries(program, kind="missing.reported"):
    return program.world.rows("SELECT id FROM entry WHERE kind = %s ORDER BY id", kind)


# ── Once ────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_source_record_twice_answers_with_the_first_result(program):
    body = missing() | {"source_id": "LOG-1"}
    first = program.post("handler", "missing.reported", body)
    again = program.post("handler", "missing.reported", body)
    assert (first.status_code, again.status_code) == (201, 200)
    one, two = first.json(), again.json()
    for name in ("entry", "child", "case", "gaps", "level", "owner", "out_of_order"):
        assert one[name] == two[name]
    assert (two["already"], two["already_by"]) == (True, "Ama Boateng")
    assert one["report"] != two["report"]
    assert len(entries(program)) == 1
    assert [k[0] for k in program.kept()] == ["recorded", "known"]


def test_a_key_in_the_header_is_a_source_record_too(program):
    first = program.post("handler", "missing.reported", missing(), Idempotency_Key="LOG-1")
    again = program.post("handler", "missing.reported", missing() | {"source_id": "LOG-1"})
    assert (first.status_code, again.status_code) == (201, 422)  # another body: it has a source_id
    same = program.post("handler", "missing.reported", missing(), Idempotency_Key="LOG-1")
    assert (same.status_code, same.json()["entry"]) == (200, first.json()["entry"])


def test_the_same_json_in_another_spelling_is_the_same(program):
    body = missing() | {"source_id": "LOG-1"}
    assert program.post("handler", "missing.reported", body).status_code == 201
    spelt = json.dumps(dict(reversed(body.items())), indent=2).encode()
    assert program.post("handler", "missing.reported", spelt).status_code == 200


def test_the_same_key_with_something_else_is_a_problem_that_says_so(program):
    program.post("handler", "missing.reported", missing() | {"source_id": "LOG-1"})
    other = missing() | {"source_id": "LOG-1", "entry": {"concern": "Something else."}}
    problem(program.post("handler", "missing.reported", other), 422, "key-used")
    elsewhere = missing("R2") | {"source_id": "LOG-1"}
    problem(program.post("handler", "missing.reported", elsewhere), 422, "key-used")
    assert len(entries(program)) == 1
    assert [k[0] for k in program.kept()] == ["recorded", "refused", "refused"]


def test_a_key_belongs_to_a_kind_and_an_agency(program):
    told = program.report(source_id="LOG-1")
    body = {"about": {"person": told["child"]}, "source_id": "LOG-1", "entry": {"what": "Seen."}}
    assert program.post("handler", "missing.information_added", body).status_code == 201
    assert program.post("social_worker", "missing.information_added", body).status_code == 201
    assert len(entries(program, "missing.information_added")) == 2


def test_a_colleague_with_the_same_key_gets_the_first_result(program):
    told = program.report(source_id="LOG-1")
    again = program.report("sergeant", source_id="LOG-1")
    assert (again["entry"], again["already_by"]) == (told["entry"], "Ama Boateng")


def test_two_keys_with_the_same_body_are_two_entries_where_it_may_happen_twice(program):
    told = program.report()
    body = {"about": {"person": told["child"]}, "entry": {"what": "Seen at the quay."}}
    for key in ("K1", "K2"):
        answer = program.post("handler", "missing.information_added", body, Idempotency_Key=key)
        assert answer.status_code == 201
    assert len(entries(program, "missing.information_added")) == 2


def test_two_keys_with_the_same_report_are_one_episode_and_a_plain_answer(program):
    first = program.post("handler", "missing.reported", missing(), Idempotency_Key="K1")
    second = program.post("sergeant", "missing.reported", missing(), Idempotency_Key="K2")
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json()["already_by"] == "Ama Boateng"
    assert second.json()["case"] == first.json()["case"]
    # Answered once, it is answered the same for ever: also when the episode is long over.
    told = first.json()
    about = {"person": told["child"]}
    program.post("handler", "missing.returned", {"about": about, "entry": {"how": "found_other"}})
    late = program.post("sergeant", "missing.reported", missing(), Idempotency_Key="K2")
    assert (late.status_code, late.json()["entry"]) == (200, told["entry"])
    assert len(entries(program)) == 1


def test_four_threads_with_one_source_record_make_one_entry(program):
    body = missing() | {"source_id": "LOG-1"}
    program.headers("handler")
    answers = []

    def send():
        try:
            answers.append(program.post("handler", "missing.reported", body))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(a.status_code for a in answers) == [200, 200, 200, 201]
    assert len({a.json()["entry"] for a in answers}) == 1
    assert len({a.json()["child"] for a in answers}) == 1
    assert len(entries(program)) == 1
    assert len(program.world.rows("SELECT id FROM person")) == 1


def test_a_process_that_died_between_recording_and_saying_so_is_gone_on_from(program, monkeypatch):
    def die(*args, **kwargs):
        raise SystemExit

    body = missing() | {"source_id": "LOG-1"}
    with monkeypatch.context() as patch:
        patch.setattr(taking.inbox, "settle", die)
        with pytest.raises(SystemExit):
            program.post("handler", "missing.reported", body)
    assert [k[0] for k in program.kept()] == ["received"]
    again = program.post("handler", "missing.reported", body)
    assert (again.status_code, again.json()["already"]) == (200, True)
    assert len(entries(program)) == 1
    for other in (missing("R2"), missing()):
        other |= {"source_id": "LOG-1", "entry": {"concern": "Something else."}}
        problem(program.post("handler", "missing.reported", other), 422, "key-used")


def test_what_was_turned_away_may_be_sent_again_under_its_key(program):
    wrong = missing() | {"source_id": "LOG-1", "happened_at": "2030-01-01T00:00:00Z"}
    problem(program.post("handler", "missing.reported", wrong), 422, "not-yet")
    assert (
        program.post("handler", "missing.reported", missing() | {"source_id": "LOG-1"}).status_code
        == 201
    )
    assert [k[0] for k in program.kept()] == ["settled", "recorded"]
    entry = entries(program)[0][0]
    assert [k[2] for k in program.kept()] == [entry, entry]
    again = program.post("handler", "missing.reported", missing() | {"source_id": "LOG-1"})
    assert again.status_code == 200


# ── Kept as it came, and what is said of it ─────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "content_type", "status", "key"),
    [
        (b"", "application/json", 415, "not-json"),
        (b"{", "application/json", 400, "unreadable"),
        (b"\xff\xfe{", "application/json", 400, "unreadable"),
        (b'{"about": NaN}', "application/json", 400, "unreadable"),
        (b'"\\ud800"', "application/json", 400, "unreadable"),
        (b"[" * 100_000 + b"]" * 100_000, "application/json", 400, "unreadable"),
        (b"9" * 5000, "application/json", 400, "unreadable"),
        (json.dumps(missing("R\0")).encode(), "application/json", 400, "unreadable"),
        (b"null", "application/json", 422, "wrong-answers"),
        (b"[]", "application/json", 422, "wrong-answers"),
        (b"{}", "application/json", 422, "wrong-answers"),
        (json.dumps({"about": 1e308, "entry": 9**999}).encode(), "application/json", 422,
         "wrong-answers"),
        (b"a=b", "application/x-www-form-urlencoded", 415, "not-json"),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 415, "not-json"),
        (b"{}", "application/json; charset=utf-16", 415, "not-json"),
        (b"{}", "text/plain", 415, "not-json"),
        (b'"' + b"x" * MOST + b'"', "application/json", 413, "too-large"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_kept_and_waits_for_a_person(
    program, body, content_type, status, key
):
    answer = program.post("handler", "missing.reported", body, content_type=content_type)
    told = problem(answer, status, key)
    state, sentence, entry, kept = program.kept()[0]
    assert (state, entry, kept) == ("quarantined", None, body[:MOST])
    assert sentence.startswith(f"Answered {status}: ")
    uid = program.world.rows("SELECT uid::text FROM report")[0][0]
    assert told.instance == f"urn:uuid:{uid}"
    assert entries(program) == []


def test_a_compressed_body_is_asked_for_plain(program):
    answer = program.post("handler", "missing.reported", b"x", Content_Encoding="gzip")
    problem(answer, 415, "not-json")


def test_a_key_that_is_too_long_is_not_quietly_cut(program):
    answer = program.post("handler", "missing.reported", missing(), Idempotency_Key="k" * 201)
    told = problem(answer, 422, "wrong-answers")
    assert told.errors[0].pointer == "/header/Idempotency-Key"
    assert program.kept()[0][0] == "quarantined"


def test_no_error_says_back_what_was_sent(program):
    secret = "Ash Lane 4"
    for body in (
        {"about": secret, "entry": secret},
        {secret: secret},
        missing() | {"entry": {secret: secret}},
        missing() | {"entry": {"concern": {"not_known": secret}}},
        missing() | {"happened_at": secret, "case": secret},
    ):
        answer = program.post("handler", "missing.reported", body)
        problem(answer, 422, "wrong-answers")
        assert secret not in answer.content.decode()
    assert secret not in json.dumps([k[1] for k in program.kept()])


def test_a_time_that_has_not_come_is_said_so(program):
    body = missing() | {"happened_at": "2099-01-01T00:00:00Z"}
    told = problem(program.post("handler", "missing.reported", body), 422, "not-yet")
    assert told.errors[0].pointer == "/happened_at"


def test_a_uid_or_case_that_is_not_theirs_to_name_is_nothing_here(program):
    nobody = "3f2b8c1e-0d4a-4b6f-9a57-2f1d6f0c9e11"
    body = missing() | {"about": {"person": nobody}}
    problem(program.post("handler", "missing.reported", body), 404, "not-found")
    told, other = program.report(), program.report(ref="R2", about={"source": {"ref": "R2"}})
    for case in (nobody, other["case"]["uid"]):
        entry = {"about": {"person": told["child"]}, "case": case, "entry": {"what": "Seen."}}
        answer = program.post("handler", "missing.information_added", entry)
        assert problem(answer, 404, "not-found").errors[0].pointer == "/case"


def test_a_school_may_report_any_child_it_describes_and_is_not_told_who_is_on_file(program):
    described = {
        "source": {"ref": "R1"},
        "name": "Kit Example",
        "born_on": "2012-03-04",
        "identifiers": [{"scheme": "nhs", "value": "999 000 0018"}],
    }
    first = program.report(about=described)
    told = program.report("lead", about=described)
    assert told["child_is"] is None
    assert told["already_by"] in (None, "Ama Boateng")
    assert first["child_is"] == "new"


def test_what_a_role_may_not_do_is_logged_and_meets_nobody(program):
    answer = program.post("auditor", "missing.reported", missing())
    problem(answer, 403, "not-permitted")
    assert program.world.rows("SELECT what, reasons FROM refusal") == [
        ("missing.reported", ["no capability"])
    ]
    assert program.world.rows("SELECT id FROM person") == []
    assert program.kept()[0][0] == "refused"


def test_an_error_of_ours_is_a_problem_without_words_and_the_report_waits(program, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("Kit Example")

    monkeypatch.setattr(taking, "record", fail)
    answer = program.post("handler", "missing.reported", missing())
    problem(answer, 500, "failed")
    assert b"Kit" not in answer.content
    assert program.kept()[0][0] == "quarantined"


def test_a_database_that_does_not_answer_in_time_is_asked_again(program, monkeypatch):
    def wait(*args, **kwargs):
        raise OperationalError("lock timeout")

    monkeypatch.setattr(taking, "record", wait)
    answer = program.post("handler", "missing.reported", missing())
    problem(answer, 503, "busy")
    assert answer.headers["Retry-After"] == "2"


# ── Beside the page ─────────────────────────────────────────────────────────────────────────────


def test_a_page_and_the_api_are_the_same_road(program):
    """What record() wrote first is what the API answers with."""
    told = program.report()
    person = program.world.rows("SELECT person_id FROM pointer WHERE uid = %s", told["child"])
    back = record(
        e.Returned(how="returned_self"),
        person=person[0][0],
        by=program.world.who("carer"),
        at=datetime.now(UTC),
    )
    body = {"about": {"person": told["child"]}, "entry": {"how": "found_police"}}
    answer = program.post("sergeant", "missing.returned", body).json()
    assert (answer["already"], answer["already_by"]) == (True, "Sol Grant")
    assert answer["entry"] == back.entry_uid
