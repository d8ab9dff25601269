"""Risk in sentences: what changed since last time, and grades below the policy (L266)."""

import json

import pytest
from typer.testing import CliRunner

from kittiwake.access.doors import as_practitioner, open_door
from kittiwake.cli.main import app
from kittiwake.journal import knowing
from kittiwake.journal.changing import changed
from kittiwake.kernel.markers import Marker
from kittiwake.pathways.flags import entries as f
from kittiwake.pathways.missing import entries as e
from kittiwake.risk.shipped import shipped_file
from tests.worlds import NOW, World


@pytest.fixture
def w(world, owner):
    return World(owner)


def what_changed(w, kid, by="inspector"):
    open_door(w.who(by), [kid], "care of the child")
    with as_practitioner(w.who(by)):
        return changed(kid, NOW.replace(year=2099))


def test_what_changed_is_said_with_the_reason_that_came_and_the_one_that_went(w):
    kid = w.child()
    w.say("carer", f.FlagRaised(type=Marker.DOMESTIC_ABUSE, basis="Told by her aunt."), kid)
    assert what_changed(w, kid) is None
    w.say("carer", f.FlagRaised(type=Marker.CSE, basis="She told me."), kid, minutes=5)
    raised = what_changed(w, kid)
    assert raised.level == "Raised: from medium to high."
    assert any("exploitation" in sentence for sentence in raised.new)
    assert not raised.gone
    reason = "He is in prison, and her team has seen her every day for a month."
    w.say("inspector", f.FlagEnded(type=Marker.CSE, reason=reason), kid, minutes=10)
    lower = what_changed(w, kid)
    assert lower.level == "Lower: from high to medium."
    assert any("exploitation" in sentence for sentence in lower.gone)


def test_a_reason_that_rests_on_what_is_not_open_to_the_reader_is_counted(w):
    kid = w.child()
    w.say("carer", f.FlagRaised(type=Marker.DOMESTIC_ABUSE, basis="Told by her aunt."), kid)
    w.say("carer", f.FlagRaised(type=Marker.CSE, basis="She told me."), kid, minutes=5)
    open_door(w.who("carer"), [kid], "recording")
    with as_practitioner(w.who("carer")):
        assert changed(kid, NOW.replace(year=2099)) is None


def test_grades_below_the_policy_are_counted_by_team_and_reason_and_name_nobody(w):
    kid = w.child()
    w.say("handler", e.ReportedMissing(concern="Left without a coat."), kid)
    why = "Her grandmother has her, and showed the officer into the room."
    proposed = e.LowerGradeProposed(grade="medium", why=why)
    w.say("sergeant", proposed, kid, minutes=5)
    decided = e.GradeLowered(
        grade="medium", rationale=why, relied_on="PC Rai saw her.", rejected="A trick of hers.",
        review_by=NOW.replace(hour=23, minute=59),
    )  # fmt: skip
    w.say("inspector", decided, kid, minutes=10)
    run = CliRunner().invoke(app, ["policy", "diverge", "--since", "2026-01-01", "--json"])
    assert run.exit_code == 0, run.output
    rows = json.loads(run.stdout)
    (missing_now,) = [r for r in rows if r["rule"] == "missing_now"]
    assert (missing_now["grade"], missing_now["level"]) == ("medium", "high")
    assert (missing_now["cases"], missing_now["of_cases"], missing_now["alone"]) == (1, 1, 0)
    assert "Kit" not in run.stdout
    refused = CliRunner().invoke(app, ["policy", "diverge", "--as", "Sol Grant"])
    assert refused.exit_code == 1


def test_the_forces_own_policy_judges_and_a_broken_one_never_stops_a_report(w, tmp_path):
    from django.conf import settings

    kept = settings.ENVIRONMENT
    own = tmp_path / "own.toml"
    text = shipped_file("missing-2026").read_text(encoding="utf-8")
    own.write_text(text.replace('id = "missing-2026"', 'id = "saltmarsh-2026"'), encoding="utf-8")
    try:
        settings.ENVIRONMENT = kept.model_copy(update={"policy": own})
        knowing.policy.cache_clear()
        w.say("handler", e.ReportedMissing(concern="Left without a coat."), w.child())
        assert w.rows("SELECT DISTINCT policy FROM assessment") == [("saltmarsh-2026",)]
        own.write_text("[policy]\n", encoding="utf-8")
        knowing.policy.cache_clear()
        w.say("handler", e.ReportedMissing(concern="Left without a coat."), w.child("Ash Sample"))
        assert ("missing-2026",) in w.rows("SELECT DISTINCT policy FROM assessment")
    finally:
        settings.ENVIRONMENT = kept
        knowing.policy.cache_clear()
