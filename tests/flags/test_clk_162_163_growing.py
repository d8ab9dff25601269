"""CLK-162, CLK-163: seventeen and a half, and a child missing for long, are somebody's at night."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kittiwake.journal.growing import night
from kittiwake.kernel.markers import Marker
from kittiwake.pathways.flags import entries as f
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.moves import entries as m
from tests.worlds import NOW, World, as_worker


@pytest.fixture
def w(world, owner):
    return World(owner)


def at_night(now=NOW):
    with as_worker():
        return night(now)


def test_at_seventeen_and_a_half_what_is_open_gets_an_owner_for_the_bridge(w):
    soon, later = w.child("Kit Example", date(2009, 5, 1)), w.child("Ash Sample", date(2010, 5, 1))
    quiet = w.child("Sam Still", date(2009, 5, 1))
    for kid in (soon, later):
        w.say("carer", f.FlagRaised(type=Marker.CSE, basis="She told me."), kid)
    assert at_night() == (1, 0)
    assert at_night() == (0, 0)
    ((person, owner, due),) = w.rows(
        "SELECT person_id, owner_id, due_at FROM clock WHERE rule = 'CLK-162'"
    )
    assert (person, owner) == (soon, w.staff["manager"])
    assert due > NOW + timedelta(days=27)
    assert not w.rows("SELECT 1 FROM entry WHERE person_id = %s", quiet)
    told = m.AdultBridge(outcome="both", who="Noor Vale, 07700 900144", given="Her chronology.")
    w.say("social_worker", told, soon, minutes=9)
    assert w.rows("SELECT stopped_at IS NOT NULL FROM clock WHERE rule = 'CLK-162'") == [(True,)]


def test_nothing_ends_at_18(w):
    kid = w.child("Kit Example", date(2008, 11, 1))
    w.say("carer", f.FlagRaised(type=Marker.CSE, basis="She told me."), kid)
    at_night()
    assert w.rows("SELECT ended_at FROM flag WHERE person_id = %s", kid) == [(None,)]
    assert w.rows("SELECT markers FROM pointer WHERE person_id = %s", kid) == [(["cse"],)]


def test_born_on_29_february_is_an_adult_on_1_march(w):
    kid = w.child("Kit Example", date(2008, 2, 29))
    at = datetime(2025, 10, 1, 1, 20, tzinfo=UTC)
    w.say("carer", f.FlagRaised(type=Marker.CSE, basis="She told me."), kid, at=at)
    assert at_night(at)[0] == 1
    assert w.rows("SELECT codes->>'adult_on' FROM about WHERE kind = 'child.nearly_adult'") == [
        ("2026-03-01",)
    ]


def test_an_episode_of_28_days_is_marked_and_thought_of_afresh_once(w):
    kid = w.child()
    w.say("handler", e.ReportedMissing(concern="Left without a coat."), kid)
    assert at_night(NOW + timedelta(days=27)) == (0, 0)
    assert at_night(NOW + timedelta(days=28)) == (0, 1)
    assert at_night(NOW + timedelta(days=29)) == (0, 0)
    assert w.rows("SELECT mark FROM case_file") == [("Long-term",)]
    assert w.rows("SELECT 1 FROM clock WHERE rule = 'CLK-163' AND stopped_at IS NULL")


def test_a_case_is_ours_until_another_force_accepts_it_by_name(w):
    kid = w.child()
    w.say("handler", e.ReportedMissing(concern="Left without a coat."), kid)
    w.say("sergeant", e.TransferOffered(force="Marram Police", why="Seen at its station."), kid)
    before = w.rows("SELECT mark, owner_id, is_active FROM case_file")
    assert before[0][0] == ""
    assert "Get Marram Police to accept" in str(w.rows("SELECT title FROM action"))
    accepted = e.TransferAccepted(force="Marram Police", officer="Inspector Lea", reference="M1")
    w.say("sergeant", accepted, kid, minutes=30)
    assert w.rows("SELECT mark, owner_id, is_active FROM case_file") == [
        ("Handed over to another force", *before[0][1:])
    ]
    states = dict(w.rows("SELECT key, state FROM action WHERE key LIKE 'transfer%%'"))
    assert states == {"transfer-waits": "done", "transfer-news": "open"}


def test_a_lower_grade_at_another_force_lowers_nothing_here(w):
    kid = w.child()
    w.say("handler", e.ReportedMissing(concern="Left without a coat."), kid)
    w.say("sergeant", e.TransferReceived(force="Marram Police", risk_there="low"), kid)
    assert w.rows("SELECT grade FROM case_file") == [("high",)]
    assert "Get everything the other force holds" in str(w.rows("SELECT title FROM action"))


def test_both_councils_and_the_police_there_know_of_a_child_who_lives_out_of_area(w):
    kid = w.child()
    moved = m.LivesOutOfArea(home_council="Saltmarsh", host_council="Marram", home_told="D. Price")
    w.say("social_worker", moved, kid)
    titles = sorted(t for (t,) in w.rows("SELECT title FROM action"))
    assert [t.split(" in which")[0].split(" in whose")[0] for t in titles] == [
        "Tell the council",
        "Tell the police of the area",
    ]


def test_an_unborn_child_is_planned_for_and_looked_for_at_the_birth(w):
    mother = w.child("Mae Example", date(2000, 1, 1))
    worry = m.UnbornChild(expected_on=date(2027, 3, 3), worry="Her partner threatened her.")
    w.say("carer", worry, mother)
    dues = dict(w.rows("SELECT key, due_at::date FROM action"))
    assert dues == {"unborn": None, "born": date(2027, 3, 3)}


def test_whoever_a_notice_names_is_enquired_about_at_once(w):
    kid = w.child()
    w.say("detective", f.FlagRaised(type=Marker.CAWN, basis="Served on 3 November."), kid)
    w.say("handler", e.ReportedMissing(concern="Left without a coat."), kid, minutes=5)
    assert w.rows("SELECT audience FROM action WHERE key = 'named-in-order'") == [("police",)]
