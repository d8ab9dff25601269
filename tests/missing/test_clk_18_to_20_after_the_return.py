"""CLK-18, 19, 20 and G4, G12: the child is back, is spoken to, and what they say is used."""

import pytest

from kittiwake.kernel.answers import NotKnown, NotKnownBecause
from kittiwake.kernel.deciding import Refused
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing.questions import FoundWith, PlaceKind
from tests.missing.conftest import VOICE, Episode, after

HELD = e.ReturnInterviewHeld(
    held_by="Una Kelly", voice=VOICE, harmed=False, would_help="Seeing her brother.",
    may_share=True,
)  # fmt: skip
SPOKEN = e.PreventionInterviewHeld(held_by="PC Ali", voice=VOICE, harmed=False, threat_now=False)


def test_g12_back_within_minutes_keeps_its_record(missing: Episode) -> None:
    missing.back(4)
    assert missing.case("stage") == "returned"
    assert missing.runs("CLK-19")


def test_clk_18_prevention_interview_within_the_hour_when_high(missing: Episode) -> None:
    missing.back(100)
    assert missing.due("CLK-18") == after(minutes=100 + 60)
    missing.say("sergeant", SPOKEN, 130)
    assert not missing.runs("CLK-18")


def test_clk_19_seventy_two_hours_run_from_the_return_not_from_its_recording(
    missing: Episode,
) -> None:
    missing.back(600, happened_at=after(minutes=240))
    assert missing.due("CLK-19") == after(minutes=240, hours=72)


def test_the_return_stops_what_searched(missing: Episode) -> None:
    missing.back(10)
    assert [r for r in ("CLK-11", "CLK-12", "CLK-13", "CLK-14", "CLK-16") if missing.runs(r)] == []
    assert missing.runs("CLK-15")  # social care still has to know


def test_clk_20_the_interview_reaches_the_police_within_a_day(missing: Episode) -> None:
    missing.back(60)
    missing.say("interviewer", HELD, 24 * 60)
    assert missing.due("CLK-20") == after(minutes=48 * 60)
    missing.say("interviewer", e.ReturnInterviewShared(summary="An adult.", acts="DI Patel"), 1500)
    assert not missing.runs("CLK-20")


def test_g4_an_interview_without_the_childs_voice_is_chased(missing: Episode) -> None:
    missing.back(60)
    silent = e.PreventionInterviewHeld(held_by="PC Ali", harmed=False, threat_now=False)
    missing.say("sergeant", silent, 90)
    assert any("what the child said" in title for title in missing.actions())


def test_g4_a_reason_why_there_is_no_voice_is_an_answer(missing: Episode) -> None:
    missing.back(60)
    asleep = NotKnown(not_known=NotKnownBecause.ASLEEP)
    entry = e.PreventionInterviewHeld(
        held_by="PC Ali", voice=asleep, harmed=asleep, threat_now=False
    )
    missing.say("sergeant", entry, 90)
    assert not any("what the child said" in title for title in missing.actions())


@pytest.mark.parametrize(
    "found",
    [
        {"found_with": {FoundWith.ADULT}},
        {"place_kind": PlaceKind.HOTEL},
        {"out_of_area": True},
        {"drugs_cash_weapon": True},
    ],
)
def test_found_in_danger_obliges_six_things_before_closing(
    missing: Episode, found: dict[str, object]
) -> None:
    missing.back(60, **found)
    keys = missing.w.rows("SELECT key FROM action WHERE state = 'open' AND key <> 'philomena'")
    assert {k for (k,) in keys} == {
        "referral", "screening", "crime", "orders", "strategy", "others"
    }  # fmt: skip


def test_a_child_who_declines_is_not_the_end(missing: Episode) -> None:
    missing.back(60)
    declined = e.ReturnInterviewDeclined(reason="‘Not today.’", asked_by="Una Kelly")
    missing.say("interviewer", declined, 600)
    assert not missing.runs("CLK-19")
    assert "Ask the parent or carer what they know about this episode" in missing.actions()


def test_only_a_social_care_manager_may_withhold_the_interview(missing: Episode) -> None:
    from kittiwake.access.doors import NotPermitted

    missing.back(60)
    no = e.ReturnInterviewNotOffered(reason="She is in hospital and unwell this week.")
    with pytest.raises(NotPermitted):
        missing.say("interviewer", no, 300)
    missing.say("manager", no, 301)
    assert not missing.runs("CLK-19")


def test_closing_needs_interviews_a_look_back_settled_actions_and_another_person(
    missing: Episode,
) -> None:
    missing.back(60)
    close = e.EpisodeClosed(reason="Spoken to; the plan has changed.")
    with pytest.raises(Refused) as refused:
        missing.say("inspector", close, 100)
    said = str(refused.value)
    for part in ("prevention interview", "return home interview", "look back", "still open",
                 "somebody else has to close it"):  # fmt: skip
        assert part in said
    missing.say("sergeant", SPOKEN, 110)
    missing.say("interviewer", HELD, 2000)
    missing.say("sergeant", e.LookedBack(learned="Ring her brother first."), 2010)
    settle(missing, 2020)
    missing.say("second_inspector", close, 2030)
    assert missing.case("stage") == "closed"
    assert missing.case("closed_at") == after(minutes=2030)


def settle(missing: Episode, minutes: float) -> None:
    """Say what became of every open action, as the duty inspector would."""
    from kittiwake.journal.entries import ActionSettled

    for (uid,) in missing.w.rows("SELECT uid::text FROM action WHERE state = 'open'"):
        done = ActionSettled(action_uid=uid, outcome="done", evidence="Seen to.")
        missing.say("inspector", done, minutes)


def test_the_next_episode_is_a_case_of_its_own_while_interviews_wait(missing: Episode) -> None:
    missing.back(60)
    missing.report(minutes=500)
    assert missing.w.rows("SELECT count(*), count(*) FILTER (WHERE is_active) FROM case_file") == [
        (2, 1)
    ]
