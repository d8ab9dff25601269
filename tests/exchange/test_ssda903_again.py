"""A return again: other councils, corrections, a stop half-way, and who may."""

import pytest
from ssda903_given import (
    ASH,
    AWAY,
    HEADER,
    JOURNAL,
    KIT,
    MISSING,
    PEOPLE,
    bring,
    feed,
    kept,
    rows,
)

from kittiwake.access.doors import NotPermitted
from kittiwake.exchange import bringing, later, ssda903
from tests.worlds import NOW, World


@pytest.fixture
def w(world, owner):
    return World(owner)


def test_two_councils_number_their_children_for_themselves(w):
    bring(w, ("h.csv", HEADER + ASH))
    other = ssda903.feed_of(w.agencies["home"], "Another council", w.who("clerk"), NOW)
    summary = bringing.bring_in([("h.csv", HEADER + ASH.replace(b"2010", b"2011"))], other)
    assert set(summary.people.values()) == {"new"}


# ── Later files ─────────────────────────────────────────────────────────────────────────


def test_a_later_file_corrects_an_episode_and_leaves_the_earlier_words(w):
    bring(w, ("m.csv", MISSING + AWAY.replace(b"03/06/2026", b"")))
    later = bring(w, ("later.csv", MISSING + AWAY))
    assert (later.total("recorded"), later.total("quarantined")) == (1, 0)
    assert w.rows("SELECT kind FROM entry ORDER BY id") == [
        ("history.missing_episode",),
        ("journal.corrected",),
    ]
    assert rows(w, "recorded")[1][1] == "Corrects what an earlier file said."
    before = kept(w, *JOURNAL, *PEOPLE)
    third = bring(w, ("third.csv", MISSING + AWAY + b"17,04/03/2012,A,01/01/2026,02/01/2026\n"))
    assert (third.total("known"), third.total("recorded")) == (1, 1)
    assert kept(w, "source_record", "person") == {t: before[t] for t in ("source_record", "person")}


def test_a_correction_nobody_here_may_write_waits_with_its_reason(w, monkeypatch):
    bring(w, ("m.csv", MISSING + AWAY.replace(b"03/06/2026", b"")))

    def refuse(*args, **more):
        raise NotPermitted("entry.correct")

    monkeypatch.setattr(later, "correct", refuse)
    bring(w, ("later.csv", MISSING + AWAY))
    ((_, sentence),) = rows(w)
    assert sentence.startswith("An earlier file says something else of this")
    monkeypatch.undo()
    assert _try_again(w) == "Taken in."
    assert rows(w) == []
    assert bring(w, ("third.csv", MISSING + AWAY + b"\n\n")).total("known") == 1


def _try_again(w):
    from kittiwake.access.doors import as_practitioner
    from kittiwake.exchange import inbox

    with as_practitioner(w.who("clerk")):
        (waiting,) = inbox.quarantine()
    return bringing.again(waiting, feed(w))


def test_a_later_header_describes_a_child_anew_and_keeps_the_earlier(w):
    bring(w, ("h.csv", HEADER + KIT))
    bring(w, ("h2.csv", HEADER + KIT.replace(b"WROM", b"WIRT") + ASH))
    ((ethnicity, said),) = w.rows(
        "SELECT ethnicity, facts->'Said before' FROM source_record WHERE ref = '17'"
    )
    assert (ethnicity, said[0]["facts"]["Ethnicity as given"]) == ("W3", "WROM")
    assert w.rows("SELECT count(*) FROM entry") == [(2,)]  # once per child


# ── Stopping half way ───────────────────────────────────────────────────────────────────


def test_an_import_that_stops_half_way_goes_on_where_it_stopped(w, monkeypatch):
    monkeypatch.setattr(bringing, "BATCH", 2)
    body = HEADER + b"".join(b"%d,1,05/06/2010,MWBC,,,\n" % n for n in range(7))
    told = []

    def stop(sentence):
        told.append(sentence)
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bringing.bring_in([("h.csv", body)], feed(w), stop)
    assert kept(w, "person")["person"][0] == kept(w, "entry")["entry"][0] == 4
    summary = bringing.bring_in([("h.csv", body)], feed(w))
    (file,) = summary.files
    assert (file.received, file.recorded, file.state) == (7, 7, "recorded")
    assert kept(w, "person")["person"][0] == kept(w, "entry")["entry"][0] == 7
    assert w.rows("SELECT count(*) FROM report") == [(8,)]


@pytest.mark.parametrize("where", ["land", "inbox.keep_rows"])
def test_a_batch_that_fails_leaves_nothing_of_itself(w, monkeypatch, where):
    before = kept(w, *JOURNAL, *PEOPLE, "lease")
    monkeypatch.setattr(f"kittiwake.exchange.bringing.{where}", _after(where))
    with pytest.raises(ZeroDivisionError):
        bring(w, ("h.csv", HEADER + KIT + ASH))
    assert kept(w, *JOURNAL, *PEOPLE, "lease") == before
    monkeypatch.undo()
    assert bring(w, ("h.csv", HEADER + KIT + ASH)).total("recorded") == 2


def _after(where):
    """The real thing, and then a failure."""
    from kittiwake.exchange import inbox

    real = bringing.land if where == "land" else inbox.keep_rows

    def fails(*args):
        real(*args)
        raise ZeroDivisionError

    return fails


def test_nobody_imports_without_the_right_or_beside_another(w, owner):
    with pytest.raises(NotPermitted):
        bring(w, ("h.csv", HEADER + KIT), by="carer")
    assert w.rows("SELECT what FROM refusal") == [("exchange.import",)]
    key = feed(w).key
    owner.execute("SELECT pg_advisory_lock(7003, hashtext(%s))", [key])
    with pytest.raises(bringing.InUse):
        bring(w, ("h.csv", HEADER + KIT))
    owner.execute("SELECT pg_advisory_unlock(7003, hashtext(%s))", [key])
    assert bring(w, ("h.csv", HEADER + KIT)).total("recorded") == 1
