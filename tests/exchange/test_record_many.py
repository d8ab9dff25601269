"""History by the thousand: the same decider, the same walls, and nobody is told."""

from datetime import UTC, datetime, timedelta

import pytest

from kittiwake.access.doors import NotPermitted, as_practitioner
from kittiwake.journal.entries import LookedAfterOnFile
from kittiwake.journal.many import Item, list_once, record_many
from kittiwake.journal.record import NotYet, record
from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.effects import AddAction
from kittiwake.kernel.markers import Marker
from kittiwake.pathways.flags.entries import FlagRaised
from kittiwake.pathways.missing import entries as e
from tests.worlds import NOW, World

TABLES = ("entry", "about", "detail", "assessment", "clock", "action", "message", "flag", "lease")
QUIET = ("clock", "action", "message", "escalation", "case_file")


@pytest.fixture
def w(world, owner):
    return World(owner)


def many(w, items, by="clerk", at=NOW):
    with as_practitioner(w.who(by), durable=True, recording=True):
        return record_many(items, by=w.who(by), at=at)


def missing(days_ago: int) -> e.MissingEpisodeOnFile:
    return e.MissingEpisodeOnFile(
        source="SSDA903", ended_on="1 November 2026", happened_at=NOW - timedelta(days=days_ago)
    )


def count(w, *tables):
    return {t: w.rows(f"SELECT count(*) FROM {t}")[0][0] for t in tables}


def test_history_reaches_the_judge_as_if_it_had_been_recorded_one_by_one(w):
    """A differential test: the same entries by record() and by record_many() judge alike."""
    one, other = w.child("Kit Example"), w.child("Ash Example")
    for days in (80, 40, 9):
        record(missing(days), person=one, by=w.who("clerk"), at=NOW)
    many(w, [Item(missing(days), other) for days in (80, 40, 9)])
    levels = w.rows("SELECT level FROM pointer ORDER BY person_id")
    assert levels[0] == levels[1] != ("",)
    sql = (
        "SELECT a.level, a.policy_version, a.not_known, (SELECT array_agg(r->>'rule') FROM "
        "jsonb_array_elements(a.reasons) r) FROM assessment a WHERE person_id = %s ORDER BY id"
    )
    assert w.rows(sql, one)[-1] == w.rows(sql, other)[-1]
    assert len(w.rows(sql, other)) == 1  # once per child
    spine = (
        "SELECT e.kind, e.happened_at, e.recorded_at, a.codes, d.audience, d.answers FROM entry e"
        " JOIN about a ON a.entry_id = e.id JOIN detail d ON d.entry_id = e.id"
        " WHERE e.person_id = %s ORDER BY e.happened_at"
    )
    assert w.rows(spine, one) == w.rows(spine, other)
    assert w.rows("SELECT DISTINCT is_history FROM entry WHERE person_id = %s", other) == [(True,)]


def test_history_tells_nobody_and_starts_nothing(w):
    kid = w.child()
    before = count(w, *QUIET)
    many(w, [Item(missing(days), kid) for days in range(1, 60, 5)])
    assert count(w, *QUIET) == before


def test_a_marker_in_history_is_a_marker(w):
    kid = w.child()
    many(w, [Item(FlagRaised(type=Marker.CSE, basis="On the file."), kid)], by="social_worker")
    assert w.rows("SELECT markers FROM pointer WHERE person_id = %s", kid) == [(["cse"],)]


def test_what_tells_or_opens_or_starts_is_not_history_and_nothing_is_written(w):
    kid = w.child()
    before = count(w, *TABLES)
    with pytest.raises(ValueError, match=r"missing.reported is not history"):
        many(w, [Item(e.ReportedMissing(concern="Left."), kid)], by="handler")
    with pytest.raises(NotPermitted):
        many(w, [Item(missing(3), kid)], by="carer")
    with pytest.raises(NotYet):
        many(w, [Item(missing(3), kid), Item(missing(-1), kid)])
    with pytest.raises(Refused):
        many(w, [Item(e.EpisodeClosed(reason="Back."), kid)], by="inspector")
    assert count(w, *TABLES) == before


def test_a_batch_is_written_whole_or_not_at_all(w, monkeypatch):
    kid = w.child()
    before = count(w, *TABLES)
    monkeypatch.setattr("kittiwake.journal.many._judge", lambda *a: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        many(w, [Item(missing(3), kid)])
    assert count(w, *TABLES) == before


def test_ids_come_back_in_the_order_of_the_list(w):
    kids = [w.child(f"Kit {n}", known="") for n in range(5)]
    day = datetime(2020, 3, 31, tzinfo=UTC)
    items = [
        Item(LookedAfterOnFile(source="f", as_at=day.date(), happened_at=day), k) for k in kids
    ]
    ids = many(w, items)
    assert [p for (p,) in w.rows("SELECT person_id FROM entry ORDER BY id")] == kids
    assert ids == sorted(ids)
    assert many(w, []) == []


def test_what_history_left_open_is_listed_once_for_a_named_person(w):
    kid = w.child()
    (entry,) = many(w, [Item(missing(3), kid)])
    role = "missing_persons_adviser"
    action = AddAction("Are they back?", "Ask the council.", role, key="file 7")
    with as_practitioner(w.who("clerk"), recording=True):
        assert list_once(action, person=kid, entry_id=entry, at=NOW)
        assert not list_once(action, person=kid, entry_id=entry, at=NOW)
        with pytest.raises(ValueError, match="needs a key"):
            list_once(AddAction("a", "b", role), person=kid, entry_id=entry, at=NOW)
    assert w.rows("SELECT title, owner_id FROM action") == [("Are they back?", w.staff["adviser"])]
