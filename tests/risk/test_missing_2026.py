"""The shipped policy for missing children, clause by clause (rulebook 6.5, CLK-21, CLK-22)."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from kittiwake import risk
from kittiwake.pathways.missing.pathway import MISSING
from kittiwake.pathways.planning.pathway import PLANNING
from kittiwake.risk import Child, Fact, Level

NOW = datetime(2026, 11, 22, 23, 40, tzinfo=UTC)
POLICY = risk.shipped("missing-2026")
COMPILED = risk.compile(POLICY)


class History:
    """What has happened to one child, told in days before now."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def add(self, kind: str, days: float, case: int | None = None, **codes: object) -> "History":
        at = NOW - timedelta(days=days)
        self.facts.append(Fact(len(self.facts) + 1, kind, at, at, "child", case, codes))
        return self

    def episode(self, days: float, **found: object) -> "History":
        """Missing for three hours, then back and spoken with."""
        case = 100 + len(self.facts)
        self.add("missing.reported", days, case)
        self.add("missing.returned", days - 0.125, case, **found)
        return self.add("missing.prevention_interview_held", days - 0.2, case)

    def judged(self, age: float | None = 15) -> risk.Assessment:
        assessment = COMPILED.judge(self.facts, Child(age), NOW)
        assert assessment == risk.judge_slowly(POLICY, self.facts, Child(age), NOW)
        return assessment


def rules(assessment: risk.Assessment) -> set[str]:
    return {r.rule_id for r in assessment.reasons}


def effects(assessment: risk.Assessment) -> set[str]:
    return {t.effect for t in assessment.triggers}


def test_every_missing_child_starts_as_high():
    start = POLICY.starting_grade("missing")
    assert start is not None
    assert start.grade is Level.HIGH
    assert start.grade.word == MISSING.starting_grade
    assert POLICY.starting_grade("referral") is None


def test_a_child_missing_now_is_at_high_but_an_inspector_may_grade_lower():
    assessment = History().add("missing.reported", 0.1, 7).judged()
    assert assessment.level is Level.HIGH
    assert assessment.grade_floor is None
    assert "The child is missing now." in [r.sentence for r in assessment.reasons]
    assert "The child is found or comes back, and that is recorded." in assessment.for_less()


def test_a_return_ends_missing_now_though_it_happened_before_the_report_was_logged():
    """G12: back within minutes, and logged the wrong way round."""
    history = History().add("missing.returned", 0.2, 7).add("missing.reported", 0.1, 7)
    assert history.judged().indicators["missing_now"] == 0


def test_a_closed_file_is_not_a_found_child():
    history = History().add("missing.reported", 40, 7).add("missing.closed", 39, 7)
    assert history.judged().indicators["missing_now"] == 1


def test_a_child_who_is_back_stays_at_high_until_somebody_has_spoken_with_them():
    history = History().add("missing.reported", 3, 7).add("missing.returned", 2.5, 7)
    assert rules(history.judged()) >= {"not_spoken_with"}
    assert history.judged().level is Level.HIGH
    history.add("missing.return_interview_held", 1, 7)
    assert history.judged().level is Level.MEDIUM


@pytest.mark.parametrize(
    ("days", "level"), [(89, Level.MEDIUM), (91, Level.LOW), (4000, Level.LOW)]
)
def test_an_episode_is_medium_for_90_days_and_is_never_forgotten(days, level):
    assert History().episode(days).judged().level is level


@pytest.mark.parametrize("marker", ["cse", "cce", "nrm", "cawn", "order", "rso_at_address"])
def test_a_marker_holds_the_grade_at_high_until_a_named_person_ends_it(marker):
    history = History().add("flag.raised", 400, type=marker)
    assert history.judged().grade_floor is Level.HIGH
    history.add("flag.ended", 10, type=marker)
    assert history.judged().grade_floor is None
    history.add("flag.raised", 5, type=marker)
    assert history.judged().grade_floor is Level.HIGH


def test_ending_one_marker_ends_no_other():
    history = History().add("flag.raised", 40, type="cse").add("flag.raised", 39, type="cawn")
    assert rules(history.add("flag.ended", 1, type="cse").judged()) == {"cawn_marker"}


@pytest.mark.parametrize("sign", ["exploitation_sexual", "exploitation_criminal", "trafficking"])
@pytest.mark.parametrize("kind", ["missing.reported", "missing.risk_assessed"])
def test_a_concern_about_exploitation_holds_the_grade_at_high(sign, kind):
    assessment = History().add(kind, 1, 7, **{sign: True}).judged()
    assert assessment.grade_floor is Level.HIGH
    assert "exploitation_concern" in rules(assessment)
    assert "trigger_plan" in effects(assessment)


@pytest.mark.parametrize("found_with", [["adult"], ["adult", "child"], ["adult", "not_known"]])
def test_found_with_an_adult_before_holds_the_grade_at_high(found_with):
    assert History().episode(200, found_with=found_with).judged().grade_floor is Level.HIGH
    years_ago = History().episode(1200, found_with=found_with)
    assert years_ago.judged().grade_floor is None
    missing_again = years_ago.add("missing.reported", 0.1, 7)
    assert "found_with_adult_before" in rules(missing_again.judged())
    assert missing_again.judged().grade_floor is Level.HIGH


@pytest.mark.parametrize(("age", "held"), [(10.99, Level.HIGH), (11.0, None), (None, None)])
def test_under_11_holds_the_grade_at_high(age, held):
    assert History().add("missing.reported", 0.1, 7).judged(age).grade_floor is held


def test_an_age_that_is_not_known_is_said_and_is_not_taken_for_older():
    assessment = History().episode(20).judged(None)
    assert assessment.not_known == (
        "The child's age is not known, and this depends on it: "
        "The child is under 11 and was missing in the last 12 months.",
    )


@pytest.mark.parametrize("sign", ["self_harm", "weapons_or_threat", "danger_to_others"])
def test_self_harm_weapons_and_threats_hold_the_grade_at_high_for_90_days(sign):
    assert (
        History().add("missing.risk_assessed", 89, 7, **{sign: True}).judged().level is Level.HIGH
    )
    assert (
        History().add("missing.risk_assessed", 91, 7, **{sign: True}).judged().grade_floor is None
    )


@pytest.mark.parametrize("sign", ["medication_needed", "with_adult_or_unknown"])
def test_medication_or_an_adult_holds_the_grade_at_high_while_missing(sign):
    history = History().add("missing.reported", 0.1, 7, **{sign: True})
    assert history.judged().grade_floor is Level.HIGH
    history.add("missing.returned", 0.05, 7)
    assert history.judged().grade_floor is None


def test_an_answer_not_known_is_said_until_it_is_answered():
    history = History().add("missing.reported", 1, 7, medication_needed="not_known")
    assert history.judged().not_known == ("Not known: medication the child needs",)
    assert history.judged().level is Level.HIGH
    history.add("missing.risk_assessed", 0.5, 7, medication_needed=False)
    assert history.judged().not_known == ()


@pytest.mark.parametrize(("episodes", "obliged"), [(2, set()), (3, {"strategy_meeting"})])
def test_clk_21_the_third_episode_in_90_days_obliges_a_strategy_meeting(episodes, obliged):
    history = History()
    for n in range(episodes):
        history.episode(89 - n)
    assert effects(history.judged()) & {"strategy_meeting"} == obliged
    one_has_left_the_window = History().episode(91).episode(60).episode(30)
    assert "strategy_meeting" not in effects(one_has_left_the_window.judged())


def test_clk_21_a_partners_file_counts_towards_the_three():
    history = History().episode(30).episode(20).add("history.missing_episode", 40)
    assert "strategy_meeting" in effects(history.judged())


@pytest.mark.parametrize(("episodes", "obliged"), [(9, False), (10, True)])
def test_clk_22_the_tenth_episode_obliges_a_trigger_plan(episodes, obliged):
    history = History()
    for n in range(episodes):
        history.episode(200 + 40 * n)
    assert ("trigger_plan" in effects(history.judged())) is obliged


@pytest.mark.parametrize("marker", ["cse", "cce", "cawn"])
def test_clk_22_any_marker_of_exploitation_obliges_a_trigger_plan(marker):
    assert "trigger_plan" in effects(History().add("flag.raised", 1, type=marker).judged())


@pytest.mark.parametrize(("episodes", "noted"), [(50, False), (51, True)])
def test_more_than_50_episodes_say_that_help_has_not_worked(episodes, noted):
    history = History()
    for n in range(episodes):
        history.episode(100 + n)
    assert ("stagnation_review" in effects(history.judged())) is noted


def test_what_the_pathway_answers_to_is_what_the_policy_obliges():
    assert {t.effect for t in POLICY.triggers} == {
        effect for effect, _ in (*MISSING.triggers, *PLANNING.triggers)
    }


def test_a_boy_missing_more_than_100_times_with_a_notice_in_force():
    """Scenario 1: graded medium as "a regular missing person" (S2 L264 to L272)."""
    history = History().add("flag.raised", 300, type="cawn")
    for n in range(104):
        history.episode(1 + 3 * n)
    history.add("missing.reported", 0.01, 7)
    assessment = history.judged(14)
    assert assessment.level is assessment.grade_floor is Level.HIGH
    assert assessment.indicators["missing_ever"] == 105
    assert effects(assessment) == {"strategy_meeting", "trigger_plan", "stagnation_review"}
    assert {"missing_now", "cawn_marker", "repeatedly_missing"} <= rules(assessment)


def test_every_kind_the_policy_counts_is_one_that_can_happen():
    from kittiwake.journal.entries import KINDS
    from kittiwake.pathways.flags.pathway import FLAGS

    kinds = {cls.kind for cls in (*MISSING.entries, *FLAGS.entries, *KINDS)}
    file = risk.shipped_file("missing-2026")
    assert risk.check(file, kinds=kinds) == []


def test_a_child_with_200_entries_is_judged_with_reasons_in_under_2_ms():
    history = History().add("flag.raised", 300, type="cse")
    answers = dict.fromkeys(
        ("self_harm", "trafficking", "medication_needed", "pregnant", "looked_after"), False
    )
    for n in range(50):
        history.episode(n, found_with=["alone"]).add("missing.risk_assessed", n, 7, **answers)
    assert len(history.facts) > 200
    took = []
    for _ in range(50):
        start = time.thread_time()
        assessment = COMPILED.judge(history.facts, Child(15), NOW)
        took.append(time.thread_time() - start)
    assert assessment.reasons
    assert min(took) < 0.002  # processor time: the machine may be busy with something else
