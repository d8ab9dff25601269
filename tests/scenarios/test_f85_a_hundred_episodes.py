"""F85: a boy with more than a hundred episodes, a notice about an adult, a children's home.

Told again minute by minute: every alarm that was not raised then is raised here, and each
sentence that let him down is met where it is typed.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from kittiwake.access.doors import as_practitioner, open_door
from kittiwake.journal.entries import LookedAfterOnFile
from kittiwake.journal.many import Item, record_many
from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.markers import Marker
from kittiwake.pathways.flags.entries import FlagRaised
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing.questions import Grade, HowBack
from tests.missing.conftest import Episode
from tests.worlds import NOW


@pytest.fixture
def boy(episode: Episode) -> Episode:
    """A hundred and five earlier episodes on file, two of them lately; and a notice."""
    clerk = episode.w.who("clerk")
    open_door(clerk, [episode.kid], "recording")
    days = [*range(400, 1430, 10), 60, 20]
    past = [
        e.MissingEpisodeOnFile(source="return", happened_at=NOW - timedelta(days=n)) for n in days
    ]
    with as_practitioner(clerk, durable=True, recording=True):
        record_many([Item(one, episode.kid) for one in past], by=clerk, at=NOW)
    episode.say("clerk", LookedAfterOnFile(source="return"))
    episode.say("adviser", FlagRaised(type=Marker.CAWN, basis="Served on a man of 34 in June."))
    return episode


def test_f77_f53_f86_the_first_second(boy: Episode) -> None:
    told = boy.report()
    assert told.owner_id == boy.w.staff["inspector"]
    assert boy.case("grade") == "high"
    assert "Ask the carer for the Philomena form" in boy.actions()
    assert {"CLK-11", "CLK-12", "CLK-13", "CLK-15"} <= {
        rule for (rule,) in boy.w.rows("SELECT rule FROM clock WHERE stopped_at IS NULL")
    }


def test_f22_f54_f84_what_the_history_obliges(boy: Episode) -> None:
    """Three in 90 days, a notice without a plan, and more than fifty in all: each at the report."""
    boy.report()
    assert "Convene a strategy meeting for this child" in boy.actions()
    assert "Write or renew this child’s trigger plan" in boy.actions()
    assert any(title.startswith("Think again with this child") for title in boy.actions())
    assert boy.runs("CLK-21")
    assert boy.runs("CLK-22")


def test_f32_the_level_rests_on_all_that_came_before(boy: Episode) -> None:
    boy.report()
    reasons = boy.w.rows(
        "SELECT r->>'rule', r->>'sentence' FROM assessment a,"
        " jsonb_array_elements(a.reasons) r WHERE a.id = (SELECT max(id) FROM assessment)"
    )
    said = dict(reasons)
    assert {"missing_now", "cawn_marker", "repeatedly_missing"} <= set(said)
    assert said["missing_before"] == "The child has been missing before (times: 106)."


def test_f79_regular_is_no_reason_and_a_review_lowers_nothing(boy: Episode) -> None:
    boy.report()
    boy.say("inspector", e.RiskReviewed(grade=Grade.MEDIUM, rationale="Seen it before."), 5)
    assert boy.case("grade") == "high"
    for why in (
        "He is a regular missing person.",
        "High demand trumped the ability to progress this.",
        "He will always return.",
    ):
        with pytest.raises(Refused):
            boy.say("sergeant", e.LowerGradeProposed(grade=Grade.MEDIUM, why=why), 6)
    assert boy.case("grade") == "high"


def test_f82_the_notice_is_looked_at_by_name_and_holds_the_grade(boy: Episode) -> None:
    boy.report()
    why = "His brother is with him and has just rung from their mother’s flat."
    boy.say("sergeant", e.LowerGradeProposed(grade=Grade.MEDIUM, why=why), 6)
    lower = e.GradeLowered(
        grade=Grade.MEDIUM, rationale=why, relied_on="The brother, by phone.",
        rejected="That the man stands beside them.", review_by=NOW + timedelta(hours=1),
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        boy.say("inspector", lower, 8)
    assert "cawn" in str(refused.value)
    assert "holds this at high" in str(refused.value)


def test_f76_what_lay_for_hours_is_raised_to_named_people(boy: Episode) -> None:
    boy.report()
    first = {rule for rule, _ in boy.sweep(16)}
    assert {"CLK-11", "CLK-15"} <= first
    hour = {rule for rule, _ in boy.sweep(61)}
    assert {"CLK-12", "CLK-13"} <= hour
    late = boy.sweep(240)
    assert late
    assert all(name for _, name in late)
    ended = [rule for (rule,) in boy.w.rows("SELECT rule FROM clock WHERE breached_at IS NULL")]
    assert not {"CLK-11", "CLK-12", "CLK-13"} & set(ended)


def test_f45_f63_f80_he_comes_back_by_himself_and_is_still_heard(boy: Episode) -> None:
    boy.report()
    boy.back(300, how=HowBack.RETURNED_SELF)
    assert boy.runs("CLK-18")
    assert boy.due("CLK-19") == NOW + timedelta(minutes=300, hours=72)
    close = e.EpisodeClosed(reason="He is home.")
    with pytest.raises(Refused, match="prevention interview"):
        boy.say("superintendent", close, 310)
    boy.say("sergeant", e.PreventionInterviewHeld(held_by="PC Lane", harmed=False), 320)
    assert "Write down what the child said, or why they could not be asked" in boy.actions()
    boy.say("interviewer", e.ReturnInterviewHeld(held_by="Una Kelly"), 1500)
    assert boy.due("CLK-20") == NOW + timedelta(minutes=1500, hours=24)
    assert boy.w.rows("SELECT count(*) FROM entry WHERE kind LIKE 'missing.%%'")[0][0] >= 4


def test_f106_a_declined_strategy_meeting_climbs(boy: Episode) -> None:
    boy.report()
    boy.say("inspector", e.StrategyMeeting(convened=False, outcome="Social care see no need."), 60)
    title = "Take the declined strategy meeting up with the head of service"
    assert title in boy.actions()
    assert boy.w.rows("SELECT count(*) FROM message WHERE sentence LIKE '%%was declined%%'") == [
        (1,)
    ]
