"""G3, G4, G12: a call closes with every child named, the safeguarding report settled, and a
missing record where nobody knew where the child was."""

from __future__ import annotations

import pytest

from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.voice import VoiceOfChild
from kittiwake.pathways.contact import entries as c
from kittiwake.pathways.contact.questions import (
    BodyWorn,
    CheckedFlag,
    Found,
    HowKnown,
    Relation,
    RosterChild,
    RosterIs,
)
from kittiwake.pathways.missing import entries as m
from tests.contact.conftest import Call

VOICE = VoiceOfChild(seen=True, words="I put my headphones on.")
SAFE = c.ContactClosed(reason="He is at his gran’s, and the hub knows.")


def result(**answers: object) -> c.Resulted:
    told = {
        "happened": "The man left. The boy was in his room.", "officer": "PC Noor",
        "voice": VOICE, "body_worn": BodyWorn.RECORDED, "body_worn_reference": "BWV-21-004",
        "safe_now": True,
    }  # fmt: skip
    return c.Resulted(**(told | answers))


def settle_all(call: Call) -> None:
    from kittiwake.journal.entries import ActionSettled

    rows = call.w.rows("SELECT uid::text FROM action WHERE settled_at IS NULL")
    for (uid,) in rows:
        call.add(ActionSettled(action_uid=uid, outcome="done", evidence="Seen."), 200, "sergeant")


def test_closing_waits_for_everything_it_should(call: Call) -> None:
    call.ring()
    call.add(c.Deployed(unit="SC21"), 1)
    with pytest.raises(Refused) as refused:
        call.add(SAFE, 2, "sergeant")
    for reason in ("result", "THRIVE", "Name every child", "still open"):
        assert reason in str(refused.value)
    call.thrive(3)
    call.add(result(), 30)
    with pytest.raises(Refused, match="Link the police safeguarding report"):
        call.add(SAFE, 31, "sergeant")
    call.add(c.PvpLinked(reference="PVP-26-20418"), 60)
    call.add(c.RosterTaken(state=RosterIs.UNRESOLVED), 61)
    with pytest.raises(Refused, match="Name every child"):
        call.add(SAFE, 62, "sergeant")
    call.add(c.RosterTaken(state=RosterIs.NO_OTHER), 63)
    settle_all(call)
    call.add(SAFE, 201, "sergeant")
    assert call.stage() == "closed"


def test_clk_30_the_safeguarding_report_has_an_owner_and_a_clock(call: Call) -> None:
    call.ring()
    call.thrive(1)
    call.add(result(), 30)
    due = call.due("CLK-30")
    assert call.w.rows("SELECT due_at FROM action WHERE key = 'pvp'") == [(due,)]
    call.add(c.PvpLinked(reference="PVP-26-20418"), 60)
    assert not call.runs("CLK-30")
    assert "Write the police safeguarding report (PVP)" in call.actions("done")


def test_no_report_is_a_supervisors_decision_and_never_for_domestic_abuse(call: Call) -> None:
    call.ring(domestic_abuse=True)
    call.thrive(1)
    call.add(result(), 30)
    why = c.PvpNotSent(why="The wrong house: no child was there and none lives there.")
    with pytest.raises(Refused, match="always written"):
        call.add(why, 31, "sergeant")


def test_f72_body_worn_video_has_a_reference_or_a_reason(call: Call) -> None:
    call.ring()
    left_out = call.add(result(body_worn=BodyWorn.NOT_AVAILABLE, body_worn_reference=None), 30)
    assert left_out.gaps == ("Not available because",)
    nothing = call.add(result(body_worn=None, body_worn_reference=None), 31)
    assert nothing.gaps == ("Body-worn video?",)


def test_g4_a_result_without_the_childs_voice_is_chased(call: Call) -> None:
    call.ring()
    call.add(result(voice=None), 30)
    assert any(a.startswith("Write down what the child said") for a in call.actions())


def test_children_named_are_children_of_their_own(call: Call) -> None:
    call.ring()
    girl = RosterChild(who="Ada Example", relation=Relation.SIBLING, source=HowKnown.FAMILY)
    call.add(c.RosterTaken(state=RosterIs.COMPLETE, children=[girl]), 5)
    assert "Log this call on the record of each child named: 1" in call.actions()


def test_f69_an_offender_at_the_address_goes_to_the_officer_until_it_is_read_back(
    call: Call,
) -> None:
    call.ring()
    found = CheckedFlag(where="14 Quay Road", what=Found.OFFENDER, source="PNC")
    call.add(c.Checked(checked_by="Ama Boateng", found=[found]), 2)
    assert any(a.startswith("Tell the officer who goes, now") for a in call.actions())
    call.add(c.OfficerTold(officer="PC Noor", passed="The offender."), 3)
    assert "Have the officer read it back" in call.actions()
    call.add(c.OfficerTold(officer="PC Noor", passed="The offender.", read_back=True), 4)
    assert "Have the officer read it back" in call.actions("done")


def test_g12_nobody_knows_where_the_child_is_and_an_episode_is_open_owned_and_on_its_clocks(
    call: Call,
) -> None:
    call.ring(whereabouts_unknown=True)
    rows = call.w.rows(
        "SELECT c.stage, c.is_active, c.grade, p.name, c.uid::text FROM case_file c "
        "JOIN practitioner p ON p.id = c.owner_id WHERE c.pathway = 'missing'"
    )
    assert [row[:4] for row in rows] == [("reported", True, "high", "Joan Obi")]
    assert {"CLK-11", "CLK-12", "CLK-13", "CLK-15", "CLK-17"} <= {
        rule for (rule,) in call.w.rows("SELECT rule FROM clock WHERE stopped_at IS NULL")
    }
    assert "Write the missing report with the caller" in call.actions()
    told = call.report(2)
    assert told.case_uid == rows[0][4], "the report joins the episode that is open"
    assert "Write the missing report with the caller" in call.actions("done")
    assert len(call.clocks("CLK-11")) == 1, "and nothing starts twice"
    assert call.report(3).already


def test_g12_the_call_does_not_close_without_the_missing_report(call: Call) -> None:
    call.ring(whereabouts_unknown=True)
    with pytest.raises(Refused, match="there is no missing report"):
        call.add(SAFE, 10, "sergeant")
    call.report(11)
    with pytest.raises(Refused) as refused:
        call.add(SAFE, 12, "sergeant")
    assert "missing report" not in str(refused.value)


def test_a_child_missing_already_stays_in_the_one_episode(call: Call) -> None:
    call.report()
    call.ring(5, whereabouts_unknown=True)
    assert call.w.rows("SELECT count(*) FROM case_file WHERE pathway = 'missing'") == [(1,)]
    told = call.w.rows("SELECT to_id FROM message WHERE sentence LIKE 'New about this child%%'")
    assert told == [(call.w.staff["inspector"],)]


def test_the_wish_to_be_told_is_not_answered_while_the_caller_may_be_the_danger(call: Call) -> None:
    call.ring(reporter_could_harm=True)
    kept = call.w.rows("SELECT audience FROM action WHERE key = 'keep-address'")
    assert kept == [("police",)]
    assert call.w.rows(
        "SELECT audience FROM detail WHERE answers ? 'reporter_could_harm' OR answers ? 'place'"
    ) == [("police",)]


def test_the_missing_episode_stands_after_the_child_came_back_within_minutes(call: Call) -> None:
    call.ring(whereabouts_unknown=True)
    call.report(1)
    call.say("handler", m.Returned(), 4)
    call.ring(10)
    with pytest.raises(Refused) as refused:
        call.add(SAFE, 12, "sergeant")
    assert "missing report" not in str(refused.value), "this call never said so"


def test_f108_a_call_without_thrive_and_a_result_without_a_report_are_both_raised(
    call: Call,
) -> None:
    """Scenario 5, from its first minute: a girl left at 23:03, and nothing was thought through."""
    call.ring(whereabouts_unknown=True)
    call.add(c.Deployed(unit="SC21"), 20)
    assert {"CLK-01", "CLK-11"} <= {rule for rule, _ in call.sweep(36)}
    assert "Ask the carer for the Philomena form" in call.actions()
    call.add(result(happened="Found in a hotel room with a man."), 200)
    assert "Write the police safeguarding report (PVP)" in call.actions()
    assert ("CLK-30", "Rhys Morgan") in call.sweep(200 + 12 * 60 + 1)
    with pytest.raises(Refused) as refused:
        call.add(SAFE, 210, "sergeant")
    for reason in ("THRIVE", "safeguarding report", "missing report", "Name every child"):
        assert reason in str(refused.value)
