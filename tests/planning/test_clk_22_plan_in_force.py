"""CLK-22, F84: one kind of plan, approved by an inspector, reviewed, opening with the report."""

from datetime import date, timedelta

import pytest

from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.markers import Marker
from kittiwake.pathways.flags.entries import FlagRaised
from kittiwake.pathways.planning import entries as p
from kittiwake.pathways.planning.questions import LineSettled, Outcome, ReviewOutcome, Which
from tests.planning.conftest import Planned
from tests.worlds import NOW

DAY = 24 * 60


def obliged(planned: Planned, minutes: float = -2 * DAY) -> None:
    planned.say("hub", FlagRaised(type=Marker.CSE, basis="The hub agreed."), minutes)


def test_clk_22_a_draft_does_not_stop_it_and_an_approval_runs_it_to_its_review(
    planned: Planned,
) -> None:
    obliged(planned)
    assert planned.due("CLK-22") == NOW
    planned.draft()
    assert planned.due("CLK-22") == NOW
    planned.approve()
    assert planned.due("CLK-22") == NOW + timedelta(days=90, minutes=-590)
    assert [(v, s) for v, s, *_ in planned.plans()] == [(1, "approved")]
    assert not [t for t in planned.actions() if "trigger plan" in t]


def test_clk_22_a_plan_nobody_obliged_is_reviewed_too(planned: Planned) -> None:
    planned.draft()
    planned.approve()
    assert planned.due("CLK-22") == NOW + timedelta(days=90, minutes=-590)


def test_clk_22_a_review_follows_every_episode_and_until_then_the_plan_is_kept(
    planned: Planned,
) -> None:
    planned.draft()
    planned.approve()
    planned.report()
    planned.back(60)
    assert planned.due("CLK-22") == NOW + timedelta(hours=49)
    assert planned.plans()[0][3] == NOW + timedelta(hours=49)
    assert any(t.startswith("Review the trigger plan after this episode")
               for t in planned.actions())  # fmt: skip
    found = p.PlanReviewed(outcome=ReviewOutcome.STANDS, said="Kit read it and agrees.")
    planned.say("adviser", found, 120)
    assert planned.due("CLK-22") == NOW + timedelta(days=90, minutes=120)


def test_clk_22_a_review_that_finds_it_wrong_asks_for_the_next_version(planned: Planned) -> None:
    planned.draft()
    planned.approve()
    found = p.PlanReviewed(outcome=ReviewOutcome.CHANGES, said="The cousin has moved.")
    planned.say("adviser", found, 0)
    assert "Write or renew this child’s trigger plan" in planned.actions()
    planned.draft(minutes=10)
    planned.approve(minutes=20)
    assert [(v, s) for v, s, *_ in planned.plans()] == [(1, "superseded"), (2, "approved")]


def test_clk_22_no_plan_wants_a_second_person_a_reason_and_a_day(planned: Planned) -> None:
    obliged(planned)
    none = {"which": Which.TRIGGER, "reason": "Kit has moved to family two hundred miles away.",
            "again_on": date(2026, 12, 1)}  # fmt: skip
    with pytest.raises(Refused, match="Somebody else has to propose it first"):
        planned.say("inspector", p.NoPlanAgreed(**none), 0)
    planned.say("inspector", p.NoPlanProposed(**none), 1)
    with pytest.raises(Refused, match="You proposed this yourself"):
        planned.say("inspector", p.NoPlanAgreed(**none), 2)
    planned.say("second_inspector", p.NoPlanAgreed(**none), 3)
    assert planned.due("CLK-22").date() == date(2026, 12, 3)


@pytest.mark.parametrize(
    ("reason", "said"),
    [("Kit has been missing " "11 times before.", "why there has to be a plan"),
     ("We are too busy.", "Being busy is not a reason")],
)  # fmt: skip
def test_how_often_and_how_busy_are_no_reason_to_go_without(
    planned: Planned, reason: str, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        planned.say("adviser", p.NoPlanProposed(which=Which.TRIGGER, reason=reason,
                                                again_on=date(2026, 12, 1)), 0)  # fmt: skip


def test_retiring_wants_an_inspector_a_plan_and_a_reason(planned: Planned) -> None:
    retire = p.PlanRetired(reason="Kit is eighteen and lives in a flat of their own.")
    with pytest.raises(Refused, match="no trigger plan in force"):
        planned.say("inspector", retire, -700)
    planned.draft()
    planned.approve()
    planned.say("inspector", retire, 0)
    assert planned.plans()[0][1] == "retired"
    assert not planned.runs("CLK-22")
    planned.report(10)
    assert not [t for t in planned.actions() if "trigger plan" in t]


def test_f84_one_plan_opens_with_the_report_and_its_lines_are_a_task_of_the_owner(
    planned: Planned,
) -> None:
    planned.draft()
    planned.approve()
    planned.report()
    assert planned.plans()[0][2] == 1
    assert "Work through the trigger plan: 2 lines" in planned.actions()
    assert planned.w.rows(
        "SELECT due_at FROM action WHERE key = 'plan-lines'"
    ) == [(NOW + timedelta(minutes=60),)]  # fmt: skip


def test_f84_a_plan_out_of_date_opens_all_the_same_and_says_so(planned: Planned) -> None:
    planned.draft(minutes=-100 * DAY)
    planned.approve(minutes=-100 * DAY + 1)
    planned.report()
    assert "Work through the trigger plan, which is out of date: 2 lines" in planned.actions()


def test_f84_every_line_is_done_or_not_done_because(planned: Planned) -> None:
    planned.draft()
    planned.approve()
    case = planned.report().case_uid
    first = LineSettled(number=1, outcome=Outcome.DONE)
    unsaid = LineSettled(number=2, outcome=Outcome.NOT_DONE)
    planned.say("handler", p.LinesSettled(lines=(first, unsaid)), 5, case=case)
    assert "Work through the trigger plan: 2 lines" in planned.actions()
    said = LineSettled(number=2, outcome=Outcome.NOT_DONE, said="Robin is at sea until Monday.")
    planned.say("handler", p.LinesSettled(lines=(said,)), 9, case=case)
    assert "Work through the trigger plan: 2 lines" in planned.actions("done")


def test_a_plan_in_force_from_later_does_not_open_yet(planned: Planned) -> None:
    planned.draft()
    planned.approve(in_force_from=NOW + timedelta(days=1))
    planned.report()
    assert planned.plans()[0][2] == 0


def test_one_s_own_draft_is_read_by_a_second_person(planned: Planned) -> None:
    planned.draft(by="inspector")
    planned.approve(by="inspector")
    assert "Read this trigger plan as a second person" in planned.actions()


def test_an_approval_without_a_draft_is_kept_and_asked_about(planned: Planned) -> None:
    planned.approve()
    assert planned.plans() == []
    assert any("there is no draft" in t for t in planned.actions())


# ── The Philomena profile ────────────────────────────────────────────────────────────────────


def test_f86_without_a_profile_the_carer_is_asked_and_writing_it_is_the_answer(
    planned: Planned,
) -> None:
    planned.report()
    assert "Ask the carer for the Philomena form" in planned.actions()
    planned.profile(minutes=20, health="An inhaler, in the top drawer.")
    assert "Ask the carer for the Philomena form" in planned.actions("done")


def test_f86_a_profile_is_in_force_at_once_and_opens_with_the_report(planned: Planned) -> None:
    planned.profile()
    planned.report()
    assert planned.plans("philomena")[0][:3] == (1, "approved", 1)
    assert not [t for t in planned.actions() if "Philomena" in t]


def test_f62_first_checks_are_told_after_the_report_and_never_before_it(planned: Planned) -> None:
    done = planned.report()
    assert done.case_uid
    told = p.EpisodeTold(checks={"room", "phoned"}, looked_at="The sea wall at ten.")
    planned.say("carer", told, 4, case=done.case_uid)
    assert planned.w.rows(
        "SELECT codes->'checks' FROM about WHERE kind = 'planning.episode_told'"
    ) == [(["phoned", "room"],)]  # fmt: skip
