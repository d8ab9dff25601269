"""G4, 4.19: the quality of a child’s voice, of ten, measures what was asked, never the child."""

import pytest

from kittiwake.access.doors import as_practitioner, open_door
from kittiwake.journal.reading import chronology
from kittiwake.kernel.voice import VOICE_POINTS, VoiceOfChild
from kittiwake.pathways.missing import entries as e
from tests.worlds import NOW, World

WHOLE = {
    "seen": True, "alone": True, "words": "I wanted to see my brother.", "appearance": "Tired.",
    "surroundings": "Warm, with food.", "wishes": "To ring him on Sundays.",
    "daily_life": "School, then alone until eight.", "changed": "A call is arranged.",
    "told_back": True,
}  # fmt: skip


def test_ten_points_in_all_and_a_whole_record_has_them():
    assert sum(VOICE_POINTS.values()) == 10
    assert VoiceOfChild(**WHOLE).quality() == 10
    assert VoiceOfChild(**WHOLE).wants() == []


@pytest.mark.parametrize(("name", "points"), VOICE_POINTS.items())
def test_each_part_counts_and_is_asked_for_where_it_lacks(name, points):
    voice = VoiceOfChild(**{k: v for k, v in WHOLE.items() if k != name})
    assert voice.quality() == 10 - points
    assert len(voice.wants()) == 1


def test_no_is_an_answer_and_scores_nothing():
    assert VoiceOfChild(seen=False, alone=False, told_back=False).quality() == 0


def test_the_line_of_the_chronology_tells_the_quality_and_what_it_wants(world, owner):
    w = World(owner)
    kid = w.child()
    w.say("handler", e.ReportedMissing(concern="Left without a coat."), kid)
    w.say("sergeant", e.Returned(how="returned_self"), kid, minutes=30)
    voice = VoiceOfChild(seen=True, words="I wanted to see my brother.")
    held = e.PreventionInterviewHeld(voice=voice, held_by="PC Rai")
    w.say("sergeant", held, kid, minutes=60)
    open_door(w.who("inspector"), [kid], "care of the child")
    with as_practitioner(w.who("inspector")):
        lines = {line.kind: line for line in chronology(kid, NOW.replace(year=2099))}
    assert lines["missing.prevention_interview_held"].voice == 3
    assert "Were they spoken to alone?" in lines["missing.prevention_interview_held"].voice_wants
    assert lines["missing.reported"].voice is None
