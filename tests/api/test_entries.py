"""One operation for each kind of entry, made from its class; an episode lived over the API."""

import json

import pytest
from pydantic import ValidationError

from kittiwake.api.answers import ProblemNow
from kittiwake.api.bodies import body_of, references
from kittiwake.api.kinds import NOT_FOR_PROGRAMS, kinds
from kittiwake.api.parsing import read
from kittiwake.api.problems import Problem
from kittiwake.api.urls import api
from kittiwake.journal.entries import ClockAcknowledged
from kittiwake.kernel.pathway import REGISTER
from kittiwake.pathways.flags.entries import FlagRaised
from kittiwake.pathways.missing import entries as e
from tests.api.programs import missing

ABOUT = {"person": "3f2b8c1e-0d4a-4b6f-9a57-2f1d6f0c9e11"}


@pytest.fixture(scope="module")
def document():
    return api.get_openapi_schema()


# ── The document ────────────────────────────────────────────────────────────────────────────────


def test_every_kind_is_an_operation_but_what_no_program_may_say(document):
    offered = {path.removeprefix("/api/v1/entries/") for path in document["paths"]}
    left_out = {kind for kind in REGISTER.kinds if kind not in offered}
    assert left_out == {
        "child.nearly_adult",
        "clock.breached",
        "history.care_episode",
        "history.care_record",
        "history.incident",
        "history.looked_after",
        "history.missing_episode",
        "people.kept_apart",
        "people.linked",
        "people.unlinked",
    }
    assert {REGISTER.kinds[kind].may for kind in left_out} == NOT_FOR_PROGRAMS


def test_the_document_is_openapi_3_1_and_names_what_people_read(document):
    assert document["openapi"] == "3.1.0"
    operation = document["paths"]["/api/v1/entries/missing.returned"]["post"]
    assert operation["summary"] == e.Returned.title
    assert operation["operationId"] == "missing_returned"
    assert e.Returned.__doc__ in operation["description"]
    assert "Record that a child has been found or has come back." in operation["description"]
    assert "Stops CLK-11" in operation["description"]
    assert "Starts CLK-19" in operation["description"]
    problem = operation["responses"][409]["content"]["application/problem+json"]["schema"]
    assert problem == {"$ref": "#/components/schemas/Problem"}


@pytest.mark.parametrize("cls", kinds(), ids=lambda cls: cls.kind)
def test_the_schema_of_a_kind_is_its_questions(document, cls):
    operation = document["paths"][f"/api/v1/entries/{cls.kind}"]["post"]
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    schemas = document["components"]["schemas"]
    sent = schemas[body["$ref"].rpartition("/")[2]]
    case = set() if cls.opens else {"case"}
    assert set(sent["properties"]) == {"about", "happened_at", "source_id", "entry"} | case
    assert sent["required"] == ["about", "entry"]
    entry = schemas[sent["properties"]["entry"]["$ref"].rpartition("/")[2]]
    for asked in cls.questions():
        question = entry["properties"][asked.name]
        if asked.text:
            assert question["title"] == asked.text
        if asked.hint:
            assert question["description"] == asked.hint
    required = set(entry.get("required", ()))
    assert {a.name for a in cls.questions() if a.need == "now"} <= required
    assert "happened_at" not in entry["properties"]


def test_a_choice_an_entry_turns_on_may_not_be_unknown_but_words_may(document):
    flag = document["components"]["schemas"]["FlagRaised"]["properties"]
    assert [part["$ref"] for part in flag["type"]["anyOf"]] == ["#/components/schemas/Marker"]
    assert any("NotKnown" in part.get("$ref", "") for part in flag["basis"]["anyOf"])


def test_options_carry_the_words_people_read(document):
    options = document["components"]["schemas"]["Marker"]["oneOf"]
    assert {"const": "cse", "title": "Child sexual exploitation"} in options


def test_references_are_told_from_questions():
    assert references(ClockAcknowledged) == {"clock_uids"}
    assert references(e.HandedOver) == {"to_practitioner"}
    assert references(FlagRaised) == {"other"}


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────


def faults(cls, body):
    with pytest.raises(Problem) as caught:
        read(cls, json.dumps(body).encode())
    return {f.pointer: f.detail for f in caught.value.faults}


@pytest.mark.parametrize(
    ("cls", "entry", "pointer"),
    [
        (e.ReportedMissing, {}, "/entry/concern"),
        (e.ReportedMissing, {"concern": None}, "/entry/concern"),
        (e.ReportedMissing, {"concern": 5}, "/entry/concern"),
        (e.ReportedMissing, {"concern": "  "}, "/entry/concern"),
        (e.ReportedMissing, {"concern": "x" * 20_001}, "/entry/concern"),
        (e.ReportedMissing, {"concern": {"not_known": "busy"}}, "/entry/concern/not_known"),
        (e.ReportedMissing, {"concern": "x", "signs": ["tired"]}, "/entry/signs/0"),
        (e.ReportedMissing, {"concern": "x", "signs": ["self_harm"] * 2}, "/entry/signs"),
        (e.ReportedMissing, {"concern": "x", "reporter_could_harm": "yes"},
         "/entry/reporter_could_harm"),
        (e.ReportedMissing, {"concern": "x", "last_seen": {"seen_at": "0"}},
         "/entry/last_seen/seen_at"),
        (e.ReportedMissing, {"concern": "x", "last_seen": {"seen_at": 5}},
         "/entry/last_seen/seen_at"),
        (e.ReportedMissing, {"concern": "x", "last_seen": {"seen_at": "2026-11-20T22:00:00"}},
         "/entry/last_seen/seen_at"),
        (e.ReportedMissing,
         {"concern": "x", "last_seen": {"seen_at": "0001-01-01T00:00:00+14:00"}},
         "/entry/last_seen/seen_at"),
        (e.ReportedMissing, {"concern": "x", "happened_at": "2026-11-20T22:00:00Z"},
         "/entry/happened_at"),
        (FlagRaised, {"type": {"not_known": "refused"}, "basis": "x"}, "/entry/type"),
        (e.PreventionInterviewNotHeld, {"reason": {"not_known": "refused"}, "tried": 1},
         "/entry/reason"),
        (e.PreventionInterviewNotHeld, {"reason": "x", "tried": -1}, "/entry/tried"),
        (e.PreventionInterviewNotHeld, {"reason": "x", "tried": 1.5}, "/entry/tried"),
        (ClockAcknowledged, {"doing": "x", "clock_uids": "all of them"}, "/entry/clock_uids"),
        (e.RiskReviewed,
         {"rationale": "x", "enquiries": [{"by": "9999-12-31T23:59:59Z"}]},
         "/entry/enquiries/0/by"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_by_its_place(cls, entry, pointer):
    assert pointer in faults(cls, {"about": ABOUT, "entry": entry})


def test_a_name_only_the_sender_knows_is_not_said_back():
    found = faults(
        e.ReportedMissing, {"about": ABOUT, "entry": {"concern": "x", "Kit Example": "Ash Lane 4"}}
    )
    assert found == {"/entry": "There is a name here that does not belong to this kind."}


def test_unknown_is_an_answer():
    body = {"about": ABOUT, "entry": {"concern": {"not_known": "asked_not_told"}}}
    entry = read(e.ReportedMissing, json.dumps(body).encode()).entry
    assert str(entry.concern) == "Not known: asked, not told"


def test_a_body_is_about_one_child():
    both = {"person": ABOUT["person"], "source": {"ref": "R1"}}
    assert "/about" in faults(e.ReportedMissing, {"about": both, "entry": {"concern": "x"}})
    with pytest.raises(ValidationError):
        body_of(e.ReportedMissing).model_validate({"about": {}, "entry": {"concern": "x"}})


# ── An episode ──────────────────────────────────────────────────────────────────────────────────


def test_an_episode_from_report_to_interview(program):
    first = program.post("handler", "missing.reported", missing() | {"source_id": "LOG-1"})
    assert first.status_code == 201
    told = first.json()
    assert told["already"] is False
    assert told["child_is"] == "new"
    assert told["level"] == "high"
    assert told["owner"] == {"name": "Joan Obi", "phone": "07700 900103"}
    assert told["gaps"] == ["Who is telling us?", "Name of whoever is telling us"]
    about, case = {"person": told["child"]}, told["case"]["uid"]

    def say(by, kind, **entry):
        answer = program.post(by, kind, {"about": about, "case": case, "entry": entry})
        assert answer.status_code == 201, answer.content
        assert answer.json()["case"]["uid"] == case
        return answer.json()

    say("sergeant", "missing.supervisor_acknowledged", first_steps="Search the house first.")
    say("inspector", "missing.reviewed", rationale="Young, cold night, no coat.",
        enquiries=[{"target": "12 Quay Street", "why": "A friend", "who": "PC Ali"}])  # fmt: skip
    say("handler", "missing.returned", how="returned_self", place_kind="friend",
        found_with=["alone"], injured=False)  # fmt: skip
    say("sergeant", "missing.prevention_interview_held", held_by="Rhys Morgan",
        voice={"words": "I wanted to see my brother.", "seen": True, "alone": True},
        harmed=False, threat_now=False)  # fmt: skip
    say("social_worker", "missing.return_interview_offered", offered_by="Meera Shah")
    say("interviewer", "missing.return_interview_held", held_by="Una Kelly",
        voice={"words": "Nobody asked me before."}, harmed=False,
        would_help="Seeing my brother on Sundays.", may_share=True)  # fmt: skip
    stands = program.get("social_worker", f"/cases/{case}", purpose="care of the child").json()
    assert (stands["stage"], stands["stage_name"]) == ("interviewed", "Return interview settled")
    assert [line["kind"] for line in stands["chronology"]][::-1] == [
        "missing.reported",
        "missing.supervisor_acknowledged",
        "missing.reviewed",
        "missing.returned",
        "missing.prevention_interview_held",
        "missing.return_interview_offered",
        "missing.return_interview_held",
    ]
    assert {clock["rule"] for clock in stands["clocks"]} & {"CLK-11", "CLK-12", "CLK-19"} == set()
    assert "CLK-20" in {clock["rule"] for clock in stands["clocks"]}


def test_a_correction_and_the_wrong_child_take_their_own_road(program):
    told = program.report()
    about = {"person": told["child"]}
    answer = program.post(
        "handler",
        "journal.corrected",
        {
            "about": about,
            "entry": {
                "entry_uid": told["entry"],
                "changes": {"concern": "Left after a call, without a coat."},
                "reason": "The home rang back.",
            },
        },
    )
    assert answer.status_code == 201, answer.content
    lines = program.get("handler", f"/children/{told['child']}", purpose="missing").json()
    by_kind = {line["kind"]: line for line in lines["chronology"]}
    assert by_kind["missing.reported"]["corrected"] is True
    assert "after a call" in by_kind["missing.reported"]["told"]
    other = program.report(ref="R2", about={"source": {"ref": "R2"}, "name": "Ash Other"})
    proposed = program.post(
        "handler",
        "journal.wrong_child_proposed",
        {
            "about": about,
            "entry": {
                "entry_uid": told["entry"],
                "right_person": other["child"],
                "reason": "It was the other one.",
            },
        },
    )
    assert proposed.status_code == 201, proposed.content
    approving = {"about": about, "entry": {"entry_uid": told["entry"]}}
    assert program.post("sergeant", "journal.wrong_child", approving).status_code == 201
    lines = program.get("handler", f"/children/{told['child']}", purpose="missing").json()
    assert all("coat" not in line["told"] for line in lines["chronology"])


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"happened_at": "0001-01-01T00:00:00Z"}, 422), ({"happened_at": -62135596800}, 422),
     ({"no_such": "x"}, 422), ({"signs": ["tired"]}, 422), ({}, 409)],
)  # fmt: skip
def test_a_correction_that_does_not_fit_is_said_so(program, changes, status):
    told = program.report()
    entry = {"entry_uid": told["entry"], "changes": changes, "reason": "Wrong."}
    body = {"about": {"person": told["child"]}, "entry": entry}
    answer = program.post("handler", "journal.corrected", body)
    assert answer.status_code == status
    assert ProblemNow.model_validate(answer.json()).errors


def test_a_decision_that_may_not_stand_is_refused_with_reasons(program):
    told = program.report()
    body = {
        "about": {"person": told["child"]},
        "entry": {
            "grade": "low", "rationale": "He is always back by morning.", "relied_on": "The log.",
            "rejected": "Nothing.", "review_by": "2026-11-23T08:00:00Z",
        },
    }  # fmt: skip
    answer = program.post("inspector", "missing.grade_lowered", body)
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["type"] == "urn:kittiwake:problem:refused"
    assert any("propose" in fault["detail"] for fault in problem["errors"])
    assert program.kept()[-1][:3] == ("refused", program.kept()[-1][1], None)
    assert program.world.rows("SELECT what FROM refusal") == [("missing.grade_lowered",)]


def test_kinds_say_what_this_role_may(program):
    listed = {kind["kind"]: kind for kind in program.get("carer", "/kinds").json()}
    assert set(listed) == {cls.kind for cls in kinds()}
    assert listed["missing.reported"]["yours"] is True
    assert listed["missing.closed"]["yours"] is False
    assert listed["missing.reported"]["path"] == "/api/v1/entries/missing.reported"
