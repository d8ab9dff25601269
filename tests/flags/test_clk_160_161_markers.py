"""CLK-160, CLK-161, G6: a marker stands on both people and is looked at; it never just ends."""

from datetime import date, timedelta

import pytest

from kittiwake.kernel.clocks import limit_for
from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.limits import roughly
from kittiwake.kernel.markers import Marker, rules
from kittiwake.kernel.rulebook import load
from kittiwake.pathways.flags import entries as f
from tests.worlds import NOW, World, as_worker


@pytest.fixture
def w(world, owner):
    return World(owner)


def markers_on(w, person):
    return w.rows(
        "SELECT type, role, other_id FROM flag WHERE person_id = %s AND ended_at IS NULL", person
    )


def shown_on(w, person):
    return w.rows("SELECT markers FROM pointer WHERE person_id = %s", person)[0][0]


def clocks(w, person, rule="CLK-160"):
    return w.rows(
        "SELECT due_at, stopped_at, owner_id FROM clock WHERE person_id = %s AND rule = %s "
        "AND stopped_at IS NULL",
        person,
        rule,
    )


def test_every_marker_has_a_sentence_an_owner_and_an_interval():
    rule = load().clock("CLK-160")
    assert {m.value for m in Marker} == set(rules()) == set(dict(rule.limits))
    known = load().teams.round_the_clock | load().teams.office_hours
    assert {r.owner for r in rules().values()} <= known
    assert all(r.sentence.endswith(".") for r in rules().values())


def test_g6_a_marker_with_two_parties_stands_on_both_and_ends_on_both(w):
    kid, adult = w.child(), w.child("Alex Sample", date(1990, 1, 1))
    uid = str(w.rows("SELECT uid FROM person WHERE id = %s", adult)[0][0])
    basis = "Notice served on 3 November; she was found in his car."
    raised = f.FlagRaised(type=Marker.CAWN, basis=basis, other=uid, until=date(2026, 12, 31))
    w.say("detective", raised, kid)
    assert markers_on(w, kid) == [("cawn", "child", adult)]
    assert markers_on(w, adult) == [("cawn", "other", kid)]
    assert shown_on(w, kid) == shown_on(w, adult) == ["cawn"]
    assert w.rows("SELECT basis FROM flag WHERE person_id = %s", adult) == [("",)]
    assert w.rows("SELECT role FROM about WHERE person_id = %s", adult) == [("involved",)]
    reason = "The notice was withdrawn by the detective inspector; a court order stands instead."
    w.say("inspector", f.FlagEnded(type=Marker.CAWN, reason=reason), kid, minutes=5)
    assert markers_on(w, kid) == markers_on(w, adult) == []
    assert shown_on(w, kid) == shown_on(w, adult) == []
    assert not clocks(w, kid)
    assert not clocks(w, kid, "CLK-161")


def test_g6_a_marker_whose_other_side_is_not_known_is_chased(w):
    kid = w.child()
    w.say("detective", f.FlagRaised(type=Marker.BAIL, basis="Told by custody."), kid)
    titles = [t for (t,) in w.rows("SELECT title FROM action WHERE person_id = %s", kid)]
    assert any(title.startswith("Say whom the marker “Bail condition") for title in titles)


def test_a_marker_is_looked_at_in_its_interval_and_its_owner_is_told_when_it_is_not(w):
    kid = w.child()
    w.say("social_worker", f.FlagRaised(type=Marker.CSE, basis="A friend told the school."), kid)
    limit = roughly(limit_for(load().clock("CLK-160"), "cse"))
    ((due, _, _),) = clocks(w, kid)
    assert abs(due - (NOW + limit)) <= timedelta(hours=1)
    late = due + timedelta(minutes=1)
    with as_worker():
        from kittiwake.journal.sweeping import sweep

        sweep(late)
    told = w.rows("SELECT role FROM escalation WHERE person_id = %s", kid)
    assert ("owner",) in told
    assert ("clock.breached",) in w.rows("SELECT kind FROM entry WHERE person_id = %s", kid)
    # It is late, and it stands.
    assert markers_on(w, kid)
    looked = f.FlagReviewed(type=Marker.CSE, why="Her worker says he wrote again on Tuesday.")
    w.say("social_worker", looked, kid, at=late)
    ((again, _, _),) = clocks(w, kid)
    assert again > late + timedelta(days=30)


def test_a_last_day_is_warned_of_before_it_comes_and_ends_nothing(w):
    kid = w.child()
    last = date(2026, 12, 31)
    w.say(
        "detective", f.FlagRaised(type=Marker.BAIL, basis="Bail to 31 December.", until=last), kid
    )
    ((due, _, _),) = clocks(w, kid, "CLK-161")
    assert due.date() == last - timedelta(days=2)
    with as_worker():
        from kittiwake.journal.sweeping import sweep

        sweep(due + timedelta(days=30))
    assert markers_on(w, kid)


def test_raising_again_neither_doubles_nor_puts_the_review_off(w):
    kid = w.child()
    for minutes in (0, 600):
        w.say("carer", f.FlagRaised(type=Marker.CSE, basis="She told me."), kid, minutes=minutes)
    assert len(markers_on(w, kid)) == 1
    ((due, _, _),) = clocks(w, kid)
    assert due < NOW + timedelta(days=85)


@pytest.mark.parametrize(
    ("by", "reason", "why"),
    [
        ("social_worker", "Her worker says that it is over.", None),
        ("inspector", "She always comes back.", "no reason"),
        ("inspector", "High demand trumped the ability to go on with this.", "no reason"),
    ],
)
def test_ending_wants_a_named_person_and_a_change_for_the_child(w, by, reason, why):
    from kittiwake.access.doors import NotPermitted

    kid = w.child()
    w.say("carer", f.FlagRaised(type=Marker.CSE, basis="She told me."), kid)
    with pytest.raises(Refused if why else NotPermitted) as refused:
        w.say(by, f.FlagEnded(type=Marker.CSE, reason=reason), kid)
    assert why is None or why in str(refused.value)
    assert markers_on(w, kid)


def test_what_does_not_stand_cannot_be_ended(w):
    kid = w.child()
    with pytest.raises(Refused, match="does not stand"):
        w.say("inspector", f.FlagEnded(type=Marker.CSE, reason="Seen by the team."), kid)
