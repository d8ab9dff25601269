"""Rulebook 4.25: who decides is trained for it; what raises never asks."""

from datetime import date

import pytest

from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.known import Actor
from kittiwake.kernel.markers import Marker
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.training import courses, last_day
from kittiwake.pathways.flags import entries as f
from tests.worlds import NOW, World

ENDED = f.FlagEnded(type=Marker.CSE, reason="Seen by her team on Friday; he is in prison.")


@pytest.fixture
def w(world, owner):
    w = World(owner)
    w.kid = w.child()
    w.say("carer", f.FlagRaised(type=Marker.CSE, basis="She told me."), w.kid)
    return w


def put_on_register(w, who, until):
    w.owner.execute(
        "INSERT INTO trained (practitioner_id, course, from_on, until_on, evidence, kept_by_id,"
        " kept_at) VALUES (%s, 'child_abuse', '2020-01-01', %s, 'A certificate', %s, %s)",
        [w.staff[who], until, w.staff["adviser"], NOW],
    )


def test_a_register_nobody_keeps_yet_asks_nobody(w):
    w.say("inspector", ENDED, w.kid)


def test_lapsed_training_refuses_a_lowering_in_words_and_never_a_raising(w):
    put_on_register(w, "second_inspector", date(2099, 1, 1))
    put_on_register(w, "inspector", date(2021, 1, 1))
    with pytest.raises(Refused, match="Your training in child abuse investigation"):
        w.say("inspector", ENDED, w.kid)
    w.say("inspector", f.FlagRaised(type=Marker.CCE, basis="A friend said so."), w.kid)
    w.say("second_inspector", ENDED, w.kid)


def test_another_agency_keeps_its_own_register(w):
    put_on_register(w, "second_inspector", date(2099, 1, 1))
    w.say("manager", ENDED, w.kid)


def test_the_newest_word_of_the_register_counts(w):
    put_on_register(w, "inspector", date(2099, 1, 1))
    assert not w.who("inspector").lapsed
    put_on_register(w, "inspector", date(2021, 1, 1))
    assert w.who("inspector").lapsed == {"child_abuse"}


def test_only_what_may_refuse_wants_training_and_each_course_is_listed():
    wanting = [cls for cls in REGISTER.kinds.values() if cls.training]
    assert wanting
    assert all(cls.nature.may_refuse and cls.training in courses() for cls in wanting)
    course = courses()["missing_risk"]
    assert last_day(course, date(2026, 1, 1)) == date(2028, 1, 1)
    assert Actor(1, "", "", frozenset(), 0, 1, "police").lapsed == frozenset()
