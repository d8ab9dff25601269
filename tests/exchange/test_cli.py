"""The command line acts as somebody, through the same doors, and says how it ended."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from kittiwake.cli.main import app
from kittiwake.pathways.missing import entries as e
from tests.worlds import World

SAMPLES = Path(__file__).parent / "samples" / "ssda903"
POLICY = Path(__file__).parents[2] / "src/kittiwake/rulebook/policies/missing-2026.toml"


@pytest.fixture
def w(world, owner):
    return World(owner)


def run(*arguments, code=0):
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    assert result.exit_code == code, (result.output, result.exception)
    return result


def result_of(*arguments, code=0):
    lines = run(*arguments, "--json", code=code).stdout.splitlines()
    assert len(lines) == 1
    return json.loads(lines[0])


def test_import_says_in_one_line_what_became_of_every_row(w, tmp_path):
    tmp_path.joinpath("missing.csv").write_bytes(SAMPLES.joinpath("missing.csv").read_bytes())
    tmp_path.joinpath(".hidden").write_text("not a file of the return")
    done = result_of("import", "ssda903", tmp_path, "--council", "saltmarsh")
    assert (done["received"], done["recorded"], done["quarantined"]) == (43, 43, 0)
    assert done["people"] == {"new": 39, "linked": 0, "possible": 0}
    assert done["agency"] == "Saltmarsh children’s social care"
    assert done["files"][0]["sentence"] == "43 rows recorded, 0 known, 0 waiting."
    assert w.rows("SELECT DISTINCT by_id FROM report") == [(w.staff["clerk"],)]
    again = run("import", "ssda903", tmp_path)
    assert "43 received, 0 recorded, 43 known" in again.stdout
    assert "As Pat Wren, who answers for information clerk" in again.stderr


def test_import_ends_with_3_where_something_waits_and_2_where_it_was_written_wrongly(w, tmp_path):
    odd = tmp_path / "odd.csv"
    odd.write_text("NAME,AGE\nKit,9\n")
    assert "quarantined  odd.csv: No table" in run("import", "ssda903", odd, code=3).stdout
    run("import", "ssda903", tmp_path / "nothing", code=2)
    run("import", "ssda903", odd, "--as-at", "soon", code=2)
    run("import", "ssda903", odd, "--council", "Nowhere", code=2)
    run("import", "ssda903", odd, "--as", "Nobody Here", code=1)
    run("import", "ssda903", odd, "--as", "Sol Grant", code=1)  # a carer may not
    assert w.rows("SELECT what FROM refusal") == [("exchange.import",)]


def test_find_is_a_search_in_somebodys_name_and_logged(w):
    kid = w.child("Zoë O’Neil-Abara")
    w.child("Kit Example")
    found, *others = result_of("find", "oneil abara", "--born", "04/03/2012")["found"]
    assert all(other["probability"] < found["probability"] / 100 for other in others)
    assert (found["name"], found["born_on"]) == ("Zoë O’Neil-Abara", "2012-03-04")
    assert result_of("find", "--born", "2011-01-01")["found"] == []
    looks = w.rows("SELECT people FROM look WHERE practitioner_id = %s", w.staff["inspector"])
    assert any(kid in people for (people,) in looks)
    run("find", code=2)
    run("find", "Kit", "--born", "someday", code=2)
    run("find", "Kit", "--as", "Eve Marsh")  # a school may search among its own
    run("find", "Kit", "--as", "Pat Wren")


def test_a_child_is_read_through_a_door_now_and_as_of_an_instant(w):
    kid = w.child()
    now = timezone.now()
    w.say("handler", e.ReportedMissing(concern="Left after an argument."), kid, at=now)
    ((uid, ref),) = w.rows(
        "SELECT p.uid::text, c.ref FROM person p JOIN case_file c ON c.person_id = p.id"
    )
    told = result_of("child", uid)
    assert [line["kind"] for line in told["chronology"]] == ["missing.reported"]
    assert told["level"] == "high"
    assert told["reasons"]
    assert {"CLK-11", "CLK-12"} <= {c["rule"] for c in told["clocks"]}
    assert w.rows("SELECT practitioner_id FROM lease WHERE purpose = 'checking'") == [
        (w.staff["inspector"],)
    ]
    before = (now - timedelta(hours=1)).isoformat()
    then = result_of("child", ref, "--as-of", before)
    assert (then["level"], then["chronology"], then["clocks"]) == (None, [], None)
    assert "Left after an argument" in run("child", uid).stdout
    assert "Left after an argument" in run("child", uid, "--as", "Sol Grant").stdout
    run("child", uid, "--as", "Eve Marsh", code=1)  # this school does not work with the child
    run("child", "M-26-99999", code=1)
    run("child", uid, "--as-of", "then", code=2)


def test_clocks_are_listed_by_when_they_are_due(w):
    kid = w.child()
    w.say("handler", e.ReportedMissing(concern="Left."), kid, at=timezone.now(), minutes=-90)
    lines = result_of("clocks")
    assert lines[0]["state"] == "overdue"
    assert lines[0]["name"] == "Kit Example"
    assert [line["due_at"] or "9" for line in lines] == sorted(
        line["due_at"] or "9" for line in lines
    )
    overdue = result_of("clocks", "--overdue")
    assert 0 < len(overdue) < len(lines)
    assert {line["state"] for line in overdue} == {"overdue"}
    assert "CLK-11" in run("clocks").stdout


def test_a_policy_is_checked_before_anyone_is_judged_by_it(w, tmp_path):
    assert result_of("policy", "check", POLICY)["is_sound"]
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(POLICY.read_text().replace('"missing.reported"', '"missing.invented"', 1))
    told = result_of("policy", "check", wrong, code=1)
    assert told["problems"][0]["line"]
    assert f"{wrong}:" in run("policy", "check", wrong, code=1).stdout
    run("policy", "check", tmp_path / "none.toml", code=2)
