"""Anybody may say that a child is missing: it is recorded at once, and tells nothing back."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from kittiwake.exchange.arrivals import public_report
from kittiwake.journal.record import record as real_record
from tests.worlds import NOW, World

ANSWERS = {
    "child_name": "Kit Example",
    "child_born": "4 March 2012",
    "lives": "Creek Lane, near the shop",
    "last_seen": "At the bus station, about six",
    "concern": "She said that somebody was waiting for her.",
    "reporter_name": "Sam Field",
    "reporter_phone": "07700 900123",
    "reporter_relation": "a neighbour",
}


@pytest.fixture
def w(world, owner):
    return World(owner)


def test_a_report_from_the_public_is_owned_from_this_second(w):
    reference = public_report(ANSWERS, NOW)
    ((ref, owner, grade, active),) = w.rows("SELECT ref, owner_id, grade, is_active FROM case_file")
    assert (owner, grade, active) == (w.staff["inspector"], "high", True)
    assert {"CLK-11", "CLK-12"} <= {r for (r,) in w.rows("SELECT rule FROM clock")}
    ((by, told),) = w.rows(
        "SELECT e.by_id, d.answers FROM entry e JOIN detail d ON d.entry_id = e.id"
    )
    assert by == w.staff["system"]
    assert told["concern"] == ANSWERS["concern"]
    assert told["last_seen"] == {"where": ANSWERS["last_seen"]}
    assert told["reporter_name"] == "Sam Field, a neighbour, on the public form"
    assert told["incident_number"] == reference
    assert ref not in reference  # nothing of ours in what a stranger is given


def test_what_was_typed_is_kept_and_the_child_is_met_as_told(w):
    public_report(ANSWERS | {"child_born": "about nine"}, NOW)
    ((body, state, entry),) = w.rows("SELECT body, state, entry_id FROM report")
    assert b"about nine" in bytes(body)
    assert (state, bool(entry)) == ("recorded", True)
    assert w.rows("SELECT p.name, p.born_on, a.line, s.facts FROM pointer p "
                  "JOIN address a USING (person_id) JOIN source_record s USING (person_id)") == [
        ("Kit Example", None, ANSWERS["lives"], {"Age or date of birth as told": "about nine"})
    ]  # fmt: skip


def test_a_strangers_word_links_nobody_and_says_nothing_of_who_is_known(w):
    kid = w.child("Kit Example", date(2012, 3, 4))
    known = public_report(ANSWERS, NOW)
    unknown = public_report(ANSWERS | {"child_name": "Ash Example"}, NOW)
    assert len(known) == len(unknown) == len("P-0000-0000")
    assert w.rows("SELECT other_id FROM possible_match") == [(kid,)]
    assert w.rows("SELECT count(*) FROM case_file WHERE person_id = %s", kid) == [(0,)]


def test_the_same_words_again_within_the_hour_are_one_report(w):
    first = public_report(ANSWERS, NOW)
    assert public_report(ANSWERS, NOW + timedelta(minutes=59)) == first
    assert w.rows("SELECT count(*) FROM case_file") == [(1,)]
    assert public_report(ANSWERS, NOW + timedelta(minutes=61)) != first
    assert w.rows("SELECT state, count(*) FROM report GROUP BY 1 ORDER BY 1") == [
        ("known", 1),
        ("recorded", 2),
    ]


def test_what_cannot_be_recorded_is_kept_and_promises_nothing(w, monkeypatch):
    def fails(*args, **more):
        raise ZeroDivisionError

    monkeypatch.setattr("kittiwake.exchange.arrivals.record", fails)
    with pytest.raises(ZeroDivisionError):
        public_report(ANSWERS, NOW)
    ((uid, state, sentence),) = w.rows("SELECT uid::text, state, sentence FROM report")
    assert UUID(uid)
    assert (state, sentence[:27]) == ("quarantined", "This report from the public")
    monkeypatch.setattr("kittiwake.exchange.arrivals.record", real_record)
    assert public_report(ANSWERS, NOW)  # the same words, tried again, are not “sent twice”
    assert w.rows("SELECT count(*) FROM case_file") == [(1,)]


def test_a_long_story_is_kept_whole(w):
    story = "By the river, " * 200
    public_report(ANSWERS | {"last_seen": story, "reporter_name": "", "lives": ""}, NOW)
    ((told,),) = w.rows("SELECT answers FROM detail WHERE audience = 'case'")
    assert told["tried"] == f"Last seen, in full: {story.strip()}"
    assert told["reporter_name"] == "a neighbour, on the public form"
