"""G17 and G18: a level advises, shows what it rests on, and nothing about a child lowers it."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from risk_given import EVERYTHING, HEAD, NOW, children, codes_of, facts, moments

from kittiwake import risk

POLICIES = {"everything": risk.read(EVERYTHING), "missing-2026": risk.shipped("missing-2026")}
COMPILED = {name: risk.compile(policy) for name, policy in POLICIES.items()}
policies = st.sampled_from(sorted(POLICIES))
CONCERNS = (
    "missing.reported",
    "missing.risk_assessed",
    "history.missing_episode",
    "flag.raised",
)


@st.composite
def concerns(draw):
    """One more thing to be worried about, in a case of its own, that no one has yet answered."""
    kind = draw(st.sampled_from(CONCERNS))
    at = draw(moments())
    return risk.Fact(999, kind, at, at, "child", 99, draw(codes_of(kind)))


@settings(max_examples=400, deadline=None)
@given(policies, facts(), concerns(), children)
def test_one_more_concern_never_lowers_the_level(name, history, concern, child):
    before = COMPILED[name].judge(history, child, NOW)
    after = COMPILED[name].judge([*history, concern], child, NOW)
    assert after.level >= before.level
    assert {r.rule_id for r in before.reasons} <= {r.rule_id for r in after.reasons}
    assert {t.rule_id for t in before.triggers} <= {t.rule_id for t in after.triggers}
    assert (after.grade_floor or 0) >= (before.grade_floor or 0)


@settings(max_examples=200, deadline=None)
@given(policies, facts(), st.integers(0, 17), st.integers(0, 17))
def test_being_older_never_raises_and_being_younger_never_lowers(name, history, one, other):
    younger, older = sorted((one, other))
    of_the_younger = COMPILED[name].judge(history, risk.Child(younger), NOW)
    of_the_older = COMPILED[name].judge(history, risk.Child(older), NOW)
    assert of_the_younger.level >= of_the_older.level


@settings(max_examples=200, deadline=None)
@given(policies, facts(), children)
def test_every_reason_cites_an_entry_that_was_known(name, history, child):
    known = {f.entry_id for f in history if f.recorded_at <= NOW and f.happened_at <= NOW}
    assessment = COMPILED[name].judge(history, child, NOW)
    for reason in (*assessment.reasons, *(t.reason for t in assessment.triggers)):
        assert reason.entries
        assert set(reason.entries) <= known
        assert reason.sentence
        assert reason.source
    assert (assessment.level is risk.Level.NOT_ENOUGH_KNOWN) == (not assessment.reasons)


@settings(max_examples=200, deadline=None)
@given(policies, facts(), children)
def test_the_level_is_the_highest_floor_and_for_less_says_what_would_end_it(name, history, child):
    assessment = COMPILED[name].judge(history, child, NOW)
    levels = [r.level for r in assessment.reasons]
    assert levels == sorted(levels, reverse=True)
    assert assessment.level == max(levels, default=risk.Level.NOT_ENOUGH_KNOWN)
    assert len(assessment.for_less()) == levels.count(assessment.level)


@settings(max_examples=200, deadline=None)
@given(policies, facts(), children)
def test_an_answer_that_is_not_known_never_lowers_against_no(name, history, child):
    """Whoever says “not known” in place of “no” never gets a lower level for it."""
    assume(any("self_harm" in f.codes for f in history))

    def answering(answer):
        return [
            replace(f, codes={**f.codes, "self_harm": answer})
            if f.codes.get("self_harm") in (False, "not_known")
            else f
            for f in history
        ]

    said_no = COMPILED[name].judge(answering(False), child, NOW)
    not_known = COMPILED[name].judge(answering("not_known"), child, NOW)
    assert not_known.level >= said_no.level
    assert len(not_known.not_known) >= len(said_no.not_known)


def test_nothing_recorded_is_not_low():
    for compiled in COMPILED.values():
        assessment = compiled.judge([], risk.Child(None), NOW)
        assert assessment.level is risk.Level.NOT_ENOUGH_KNOWN
        assert assessment.level.word == "not_enough_known"
        assert assessment.level is not risk.Level.LOW
        assert assessment.for_less() == ()
        assert assessment.reasons == assessment.triggers == ()


def test_an_assessment_names_the_policy_its_version_and_its_inputs():
    policy, compiled = POLICIES["missing-2026"], COMPILED["missing-2026"]
    assessment = compiled.judge([], risk.Child(12), NOW)
    assert assessment.policy_id == "missing-2026"
    assert assessment.policy_version == policy.version == compiled.version
    assert set(assessment.indicators) == {i.id for i in policy.indicators}


def test_the_version_follows_what_a_policy_says_and_not_its_layout():
    said_otherwise = EVERYTHING.replace("\n[[", "\n\n# a comment\n[[")
    says_otherwise = EVERYTHING.replace("missing_90_days >= 3", "missing_90_days >= 4")
    version = risk.read(EVERYTHING).version
    assert risk.read(said_otherwise).version == version
    assert risk.read(says_otherwise).version != version


# Any condition that the checker lets pass, not only those somebody thought of.
INDICATORS = EVERYTHING[EVERYTHING.index("[[indicator]]") : EVERYTHING.index("[[floor]]")]
_number = st.integers(-1, 3).map(str)
_name = st.sampled_from(
    (
        "missing_now",
        "missing_90_days",
        "self_harm",
        "interviews",
        "days_since_spoken_with",
        "days_since_missing",
        "age",
        "coalesce(age, 12)",
        "marker",
        "missing_90_days + self_harm",
        "missing_90_days - interviews",
    )
)
_atom = st.one_of(
    st.tuples(_name, st.sampled_from(["<", "<=", ">", ">=", "=", "<>"]), st.one_of(_number, _name)),
    st.tuples(st.sampled_from(["found_with_adult", "not found_with_adult"])),
).map(" ".join)
conditions = st.recursive(
    _atom,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(" ".join),
        inner.map(lambda text: f"not ({text})"),
        inner.map(lambda text: f"({text})"),
    ),
    max_leaves=4,
)


@settings(max_examples=600, deadline=None)
@given(conditions, st.lists(facts(max_size=6), min_size=2, max_size=2), concerns(), children)
def test_what_the_checker_lets_pass_keeps_its_proof(when, histories, concern, child):
    text = f'''{HEAD}{INDICATORS}
[[floor]]
id = "any"
when = "{when}"
level = "high"
sentence = "This."
until = "That."
source = "[D]"
'''
    if risk.check(text):
        return
    policy = risk.read(text)
    compiled = risk.compile(policy)
    assert not compiled.judge([], risk.Child(0.0), NOW).reasons
    for history in histories:
        assessment = compiled.judge(history, child, NOW)
        assert assessment == risk.judge_slowly(policy, history, child, NOW)
        assert all(reason.entries for reason in assessment.reasons)
        assert compiled.judge([*history, concern], child, NOW).level >= assessment.level


@pytest.mark.parametrize(
    ("lower", "higher"), [("not_enough_known", "low"), ("low", "medium"), ("medium", "high")]
)
def test_levels_stand_in_order(lower, higher):
    assert risk.Level.of(lower) < risk.Level.of(higher) < risk.Level.VERY_HIGH
    assert risk.Level.of(higher).word == higher
    assert risk.Level.of("very_high").shown == "Very high"
