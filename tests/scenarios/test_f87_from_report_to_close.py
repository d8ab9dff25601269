"""F87: the pathway as a whole, done well: nothing runs out, and everything can be read."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from kittiwake.access.doors import as_practitioner, open_door
from kittiwake.journal.entries import ActionSettled
from kittiwake.journal.reading import chronology
from kittiwake.kernel.deciding import Refused
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing.questions import Enquiry, Grade, HowBack
from tests.missing.conftest import VOICE, Episode
from tests.worlds import NOW


def well_done(child: Episode) -> None:
    """Everything the pathway asks for, in time, up to the look back."""
    child.report()
    child.say("inspector", e.Taken(taken_by="Inspector Obi"), 1)
    child.say("social_worker", e.SocialCareTold(who="Meera Shah"), 5)
    child.say("sergeant", e.SupervisorAcknowledged(first_steps="PC Lane to the pier."), 8)
    child.say("handler", e.RiskAssessed(concern="No coat, no bus money."), 12)
    pier = Enquiry(
        target="The pier, kiosk", why="She goes there", who="PC Lane", by=NOW + timedelta(hours=1)
    )
    review = e.RiskReviewed(grade=Grade.HIGH, rationale="Cold night.", enquiries=[pier])
    child.say("inspector", review, 30)
    child.say("detective", e.DetectiveOversight(direction="The kiosk’s camera now."), 40)
    child.back(90, how=HowBack.FOUND_POLICE)
    child.say("sergeant", e.SeenSafe(seen_by="PC Lane", safe_to_stay=True), 95)
    held = e.PreventionInterviewHeld(held_by="PC Lane", voice=VOICE, harmed=False, threat_now=False)
    child.say("sergeant", held, 100)
    child.say("sergeant", e.SchoolTold(who="Eve Marsh"), 110)
    child.say("social_worker", e.ReturnInterviewOffered(offered_by="Una Kelly"), 600)
    interview = e.ReturnInterviewHeld(
        held_by="Una Kelly", voice=VOICE, harmed=False, would_help="Sundays with her brother.",
        may_share=True,
    )  # fmt: skip
    child.say("interviewer", interview, 1500)
    child.say("interviewer", e.ReturnInterviewShared(summary="The bus.", acts="PC Lane"), 1600)
    child.say("sergeant", e.LookedBack(learned="Sundays were the reason."), 1700)


def settle_all(child: Episode, minutes: float) -> None:
    rows = child.w.rows("SELECT uid::text FROM action WHERE state = 'open' ORDER BY id")
    for number, (uid,) in enumerate(rows):
        done = ActionSettled(action_uid=uid, outcome="done", evidence="Done, see the log.")
        child.say("inspector", done, minutes + number)


def test_done_well_no_clock_runs_out(episode: Episode) -> None:
    well_done(episode)
    settle_all(episode, 1710)
    episode.say("second_inspector", e.EpisodeClosed(reason="She is home and was heard."), 1800)
    assert episode.case("stage") == "closed"
    assert episode.sweep(1801) == []
    assert episode.w.rows("SELECT count(*) FROM clock WHERE breached_at IS NOT NULL") == [(0,)]


def test_g13_who_owns_a_high_grade_does_not_close_it_alone(episode: Episode) -> None:
    well_done(episode)
    settle_all(episode, 1710)
    assert episode.case("owner_id") == episode.w.staff["inspector"]
    with pytest.raises(Refused, match="somebody else has to close it"):
        episode.say("inspector", e.EpisodeClosed(reason="She is home and was heard."), 1800)


def test_g8_every_action_has_a_named_owner_who_works_here(episode: Episode) -> None:
    well_done(episode)
    unowned = episode.w.rows(
        "SELECT a.title FROM action a LEFT JOIN practitioner p ON p.id = a.owner_id "
        "WHERE p.id IS NULL OR p.is_system OR NOT p.is_active"
    )
    assert unowned == []
    assert episode.w.rows(
        "SELECT is_nullable FROM information_schema.columns "
        "WHERE table_name = 'action' AND column_name = 'owner_id'"
    ) == [("NO",)]


def test_g1_g19_one_record_says_it_all_and_what_was_said_before_stays(episode: Episode) -> None:
    well_done(episode)
    w, social_worker = episode.w, episode.w.who("social_worker")
    open_door(social_worker, [episode.kid], "care of the child")
    with as_practitioner(social_worker):
        all_of_it = chronology(episode.kid, NOW + timedelta(days=2))
        at_the_time = chronology(episode.kid, NOW + timedelta(minutes=35))
    assert {line.agency for line in all_of_it} == {
        "Saltmarsh Constabulary",
        "Saltmarsh children’s social care",
    }
    assert [line.kind for line in at_the_time] == [
        "missing.reviewed",
        "missing.risk_assessed",
        "missing.supervisor_acknowledged",
        "missing.social_care_told",
        "missing.taken",
        "missing.reported",
    ]
    assert len(w.rows("SELECT 1 FROM entry")) == len(all_of_it)


def test_g14_nobody_takes_an_entry_back_and_every_look_is_on_record(episode: Episode) -> None:
    told = episode.report()
    UUID(told.entry_uid)
    open_door(episode.w.who("carer"), [episode.kid], "care of the child")
    assert episode.w.rows("SELECT count(*) FROM lease WHERE purpose = 'care of the child'") == [
        (1,)
    ]
    for statement in ("UPDATE entry SET kind = 'x'", "DELETE FROM detail", "DELETE FROM lease"):
        with pytest.raises(Exception, match="append-only"):
            episode.w.owner.execute(statement)
