"""What a program may read: through the same doors as a person, and with the same log."""

from datetime import UTC, datetime, timedelta

import pytest

from kittiwake.api.answers import CaseNow, ChildNow, ClockNow, OpenEpisode
from tests.api.programs import problem

NOBODY = "3f2b8c1e-0d4a-4b6f-9a57-2f1d6f0c9e11"


def ago(**delta):
    return (datetime.now(UTC) - timedelta(**delta)).isoformat()


def looks(program):
    return program.world.rows("SELECT what, people FROM look ORDER BY id")


def person(program, told):
    return program.world.rows("SELECT person_id FROM pointer WHERE uid = %s", told["child"])[0][0]


def without_instance(answer):
    return {name: value for name, value in answer.json().items() if name != "instance"}


def test_a_case_as_it_stands_is_opened_with_a_purpose_and_logged(program):
    told = program.report(happened_at=ago(hours=1))
    path = f"/cases/{told['case']['uid']}"
    answer = program.get("sergeant", path, purpose="missing")
    assert answer.status_code == 200
    case = CaseNow.model_validate(answer.json())
    assert (case.stage, case.stage_name, case.grade) == ("reported", "Reported", "high")
    assert (case.ref, str(case.child)) == (told["case"]["ref"], told["child"])
    assert case.owner.name == "Joan Obi"
    first = case.chronology[0]
    assert first.told.startswith("Reported missing by not known. Left after an argument")
    assert (first.by, first.agency) == ("Ama Boateng", "Saltmarsh Constabulary")
    by_rule = {clock.rule: clock for clock in case.clocks}
    assert {"CLK-11", "CLK-12"} <= set(by_rule)
    assert by_rule["CLK-11"].owner.phone
    leases = program.world.rows(
        "SELECT purpose, person_id FROM lease WHERE practitioner_id = %s",
        program.world.staff["sergeant"],
    )
    assert leases == [("missing", person(program, told))]
    assert looks(program) == [("case, by API", [person(program, told)])]


def test_a_child_with_level_reasons_and_chronology(program):
    told = program.report()
    path = f"/children/{told['child']}"
    child = ChildNow.model_validate(
        program.get("social_worker", path, purpose="care of the child").json()
    )
    assert (child.name, str(child.born_on), child.level) == ("Kit Example", "2012-03-04", "high")
    assert child.standing is not None
    assert child.standing.reasons
    assert [case.ref for case in child.cases] == [told["case"]["ref"]]
    assert [line.kind for line in child.chronology] == ["missing.reported"]
    assert looks(program) == [("child, by API", [person(program, told)])]


def test_words_for_the_police_are_read_by_the_police(program):
    told = program.report(entry={"concern": "A quarrel.", "reporter_could_harm": True})
    question = "Could the person reporting, or somebody in the household, be a risk to the child?"

    def asked(by):
        child = program.get(by, f"/children/{told['child']}", purpose="missing").json()
        return {a["question"] for a in child["chronology"][0]["answers"]}

    assert question in asked("sergeant")
    assert question not in asked("social_worker")


@pytest.mark.parametrize("purpose", ["", "recording", "curiosity"])
def test_a_record_does_not_open_without_a_purpose(program, purpose):
    told = program.report()
    query = {"purpose": purpose} if purpose else {}
    answer = program.get("sergeant", f"/children/{told['child']}", **query)
    assert problem(answer, 422, "wrong-answers").errors[0].pointer == "/query/purpose"
    assert looks(program) == []


def test_who_is_missing_now_with_the_next_clock_and_no_lease(program):
    told = program.report()
    program.report(ref="R2", about={"source": {"ref": "R2"}, "name": "Ash Other"})
    back = {"about": {"source": {"ref": "R2"}}, "entry": {"how": "returned_self"}}
    program.post("handler", "missing.returned", back)
    rows = [OpenEpisode.model_validate(row) for row in program.get("sergeant", "/missing").json()]
    assert [(row.case.ref, row.name) for row in rows] == [(told["case"]["ref"], "Kit Example")]
    assert rows[0].next_clock is not None
    assert str(rows[0].next_clock.case) == told["case"]["uid"]
    assert looks(program)[-1] == ("missing now, by API", [person(program, told)])
    readers = program.world.rows("SELECT id FROM lease WHERE purpose <> 'recording'")
    assert readers == []


def test_overdue_clocks_are_computed_now(program):
    program.report(happened_at=ago(days=2))
    program.report(ref="R2", about={"source": {"ref": "R2"}})
    every = [ClockNow.model_validate(c) for c in program.get("sergeant", "/clocks").json()]
    late = [
        ClockNow.model_validate(c)
        for c in program.get("sergeant", "/clocks", overdue="true").json()
    ]
    assert {c.state for c in late} == {"overdue"}
    assert "CLK-11" in {c.rule for c in late}
    assert {c.uid for c in late} < {c.uid for c in every}
    dues = [c.due_at for c in every if c.due_at]
    assert dues == sorted(dues)
    assert len(program.get("sergeant", "/clocks", most=1).json()) == 1
    for most in ("0", "1001", "many", "1" * 5000):
        problem(program.get("sergeant", "/clocks", most=most), 422, "wrong-answers")


@pytest.mark.parametrize("path", ["/missing", "/clocks"])
def test_a_role_without_the_board_is_told_so_and_logged(program, path):
    program.report()
    problem(program.get("carer", path), 403, "not-permitted")
    assert program.world.rows("SELECT what FROM refusal") == [("board.missing",)]


def test_a_shut_door_answers_like_nobody(program):
    """A8: neither status nor body says whether a child is on file."""
    told = program.report()
    unknown = program.get("lead", f"/children/{NOBODY}", purpose="care of the child")
    shut = program.get("lead", f"/children/{told['child']}", purpose="care of the child")
    problem(shut, 404, "not-found")
    assert without_instance(shut) == without_instance(unknown)
    program.owner.execute("UPDATE person SET is_restricted = true")
    program.owner.execute("UPDATE pointer SET is_restricted = true")
    for path in (f"/children/{told['child']}", f"/cases/{told['case']['uid']}"):
        answer = program.get("sergeant", path, purpose="missing")
        problem(answer, 404, "not-found")
        assert without_instance(answer) == without_instance(unknown)
    board = program.get("sergeant", "/missing").json()
    assert [(row["child"], row["name"], row["level"]) for row in board] == [(None, None, None)]
    assert board[0]["owner"]["phone"]


def test_a_role_that_may_not_open_records_is_told_so_before_anything_is_looked_up(program):
    told = program.report()
    program.owner.execute(
        "INSERT INTO role_held (practitioner_id, role, from_at) VALUES (%s, 'partner_feed', now())",
        [program.world.staff["clerk"]],
    )
    program.tokens["feed"] = program.token("clerk", "partner_feed")
    for path in (f"/children/{NOBODY}", f"/children/{told['child']}", f"/cases/{NOBODY}"):
        problem(program.get("feed", path, purpose="checking"), 403, "not-permitted")


def test_a_restricted_record_opens_for_the_role_of_the_token_alone(program):
    """The second wall knows every role of a practitioner; the token narrows them to one."""
    told = program.report()
    program.owner.execute("UPDATE person SET is_restricted = true")
    program.owner.execute(
        "INSERT INTO role_held (practitioner_id, role, from_at)"
        " VALUES (%s, 'social_worker', now())",
        [program.world.staff["manager"]],
    )
    program.tokens["as a worker"] = program.token("manager", "social_worker")
    path = f"/children/{told['child']}"
    assert program.get("manager", path, purpose="care of the child").status_code == 200
    problem(program.get("as a worker", path, purpose="care of the child"), 404, "not-found")
    refused = program.world.rows("SELECT what, reasons FROM refusal")
    assert refused == [("child.open", ["restricted"])]


def test_every_address_and_method_that_is_not_there_is_a_problem(program):
    for path in ("", "/", "/nowhere", "/cases", "/entries/no.such", "/children/"):
        problem(program.get("handler", path), 404, "not-found")
    problem(program.get("handler", f"/cases/{NOBODY}x", purpose="missing"), 422, "wrong-answers")
    gone = program.get("handler", "/entries/missing.reported")
    assert problem(gone, 405, "wrong-method").detail == "Use POST."
    assert gone.headers["Allow"] == "POST"


def test_an_answer_nobody_could_read_is_said_before_it_is_made(client, program):
    headers = program.headers("handler") | {"Accept": "application/xml"}
    problem(client.get("/api/v1/kinds", headers=headers), 406, "not-acceptable")
    for path in ("/api", "/api/", "/api/v2/x"):
        problem(client.get(path), 404, "not-found")
    problem(client.post("/api/v1/kinds", headers=program.headers("handler")), 405, "wrong-method")


def test_a_report_is_taken_whatever_answer_is_accepted(program):
    answer = program.post(
        "handler",
        "missing.reported",
        {"about": {"source": {"ref": "R1"}}, "entry": {"concern": "Gone."}},
        Accept="text/html",
    )
    assert answer.status_code == 201


def test_the_document_is_public_and_says_nothing_of_anybody(client, program):
    program.report()
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"] == "3.1.0"
    assert b"Kit Example" not in answer.content
