"""Finding F80 and G12 (L256): an incident whose child was never recorded is found by an auditor."""

from datetime import timedelta

import pytest
from police_given import BACK, OUT, bring
from ssda903_given import kept

from kittiwake.access.doors import NotPermitted
from kittiwake.exchange import bringing, incidents, mapping
from kittiwake.exchange.unrecorded import EVER, settle, tell, unrecorded
from kittiwake.pathways.missing import entries as e
from tests.worlds import NOW, World

MAPPING = """
standard = "incidents"
[columns]
number = "Incident No"
opened = "Call"
opened_as = "Code"
closed_as = "Closed"
child = "Child"
name = "Name"
born = "DOB"
log = "Text"
[codes.opened_as]
"MISPER" = "missing"
"""
HEAD = b"Incident No,Call,Code,Closed,Child,Name,DOB,Text\n"
NOOR = b'SC-0100,10/11/2026 18:20,misper,SAFE,Y,"Example, Noor",05/09/2011,Back in ten minutes.\n'
NOBODY = b"SC-0200,11/11/2026 01:20,MISPER,NO TRACE,,,,The caller did not know her name.\n"
THEFT = b"SC-0300,12/11/2026 12:00,THEFT,CRIME,N,,,A bicycle.\n"


@pytest.fixture
def w(world, owner):
    return World(owner)


def log(w, *rows, name="log.csv", at=NOW):
    read = mapping.read("storm", MAPPING)
    feed = incidents.feed_of(
        w.agencies["police"], "Saltmarsh Constabulary", read, w.who("clerk"), at
    )
    return feed, bringing.bring_in([(name, HEAD + b"".join(rows))], feed)


def numbers(w):
    return [each.number for each in unrecorded(w.who("auditor"), NOW, EVER)]


def test_f80_an_incident_without_a_missing_record_is_listed_with_its_child(w):
    feed, done = log(w, NOOR, NOBODY, THEFT)
    assert (done.total("recorded"), done.total("kept"), done.waiting) == (2, 1, 0)
    found = unrecorded(w.who("auditor"), NOW, EVER)
    assert [(i.number, i.name) for i in found] == [("SC-0200", ""), ("SC-0100", "Noor Example")]
    # The child's own record tells of it, and the words of the log are for the police.
    assert w.rows("SELECT kind FROM entry") == [("history.incident",)]
    assert w.rows("SELECT audience FROM detail WHERE answers ? 'log'") == [("police",)]
    assert tell(feed) == 2
    assert w.rows("SELECT to_id, link FROM message") == [(w.staff["adviser"], "/incidents")]
    looks = w.rows("SELECT people FROM look WHERE what = 'incidents without a record'")
    assert [found[1].person_id] in [people for (people,) in looks]


def test_f80_a_record_of_the_child_or_of_the_number_takes_it_off(w):
    log(w, NOOR, NOBODY)
    ((person,),) = w.rows("SELECT id FROM person")
    w.say("handler", e.ReportedMissing(concern="Back in ten minutes."), person,
          at=NOW - timedelta(days=10, hours=4))  # fmt: skip
    assert numbers(w) == ["SC-0200"]
    other = w.child("Ash Ward")
    report = e.ReportedMissing(concern="No name at first.", incident_number="sc 0200")
    w.say("handler", report, other, at=NOW - timedelta(days=9))
    assert numbers(w) == []


def test_f80_an_episode_on_a_police_file_is_a_record_too(w):
    bring(w, OUT.replace(b"SC-0519", b"SC-0100").replace(b"20/11/2026", b"10/11/2026"))
    log(w, NOOR)
    assert numbers(w) == []


def test_f80_an_episode_of_another_month_takes_nothing_off(w):
    bring(w, BACK.replace(b"Kit,Sample,04/03/2012", b"Noor,Example,05/09/2011"))
    log(w, NOOR)
    assert numbers(w) == ["SC-0100"]


def test_a_log_again_changes_nothing_and_a_later_one_supersedes(w):
    log(w, NOOR, THEFT)
    before = kept(w, "incident", "entry", "about", "person")
    log(w, NOOR, THEFT)
    assert kept(w, "incident", "entry", "about", "person") == before
    _, later = log(w, NOOR.replace(b"SAFE", b"FALSE ALARM"), name="later.csv")
    assert (later.total("recorded"), later.waiting) == (1, 0)
    assert w.rows("SELECT closed_as FROM incident") == [("FALSE ALARM",)]


def test_a_named_person_says_what_became_of_it(w):
    log(w, NOOR)
    auditor = w.who("auditor")
    (one,) = unrecorded(auditor, NOW, EVER)
    settle(one.id, "A double of SC-0099, which has its record.", auditor, NOW)
    assert numbers(w) == []
    assert w.rows("SELECT settled_by_id FROM incident") == [(auditor.id,)]
    with pytest.raises(LookupError):
        settle(one.id, "Again.", auditor, NOW)


def test_only_those_who_check_may_look(w):
    log(w, NOOR)
    for key in ("handler", "carer"):
        with pytest.raises(NotPermitted):
            unrecorded(w.who(key), NOW, EVER)
    from django.db import connection

    from kittiwake.access.doors import as_practitioner

    with as_practitioner(w.who("handler")), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM incidents_unrecorded(%s)", [EVER])
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM incident")
        assert cursor.fetchone() == (0,)
