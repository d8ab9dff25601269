"""Cutover: who is still missing on another system's file opens here, owned and on the clock."""

from datetime import UTC, datetime, timedelta

import pytest
from police_given import BACK, OUT, bring
from ssda903_given import JOURNAL, kept, rows

from kittiwake.pathways.missing import entries as e
from tests.worlds import NOW, World


@pytest.fixture
def w(world, owner):
    return World(owner)


def test_open_episodes_open_here_and_the_rest_is_history(w):
    done = bring(w, BACK, OUT, is_live=True)
    assert done.total("recorded") == 2
    ((ref, owner, opened, active, history),) = w.rows(
        "SELECT c.ref, p.name, c.opened_at, c.is_active, c.is_history FROM case_file c "
        "JOIN practitioner p ON p.id = c.owner_id"
    )
    assert (owner in ("Joan Obi", "Tom Akhtar"), active, history) == (True, True, False)
    assert opened == datetime(2026, 11, 20, 22, 5, tzinfo=UTC)  # its clocks run from then
    assert {"CLK-11", "CLK-12", "CLK-15"} <= {
        rule for (rule,) in w.rows("SELECT rule FROM clock WHERE started_at = %s", opened)
    }
    assert f"Open here as {ref}." in rows(w, "recorded")[1][1]
    # One list for a person to look at.
    ((title, why),) = w.rows("SELECT title, why FROM action WHERE key LIKE 'open on file%%'")
    assert title.startswith("1 child is still missing on a partner’s file")
    assert "Each is open here now" in why


def test_the_same_file_again_and_a_later_one_open_nothing_twice(w):
    bring(w, OUT, is_live=True)
    before = kept(w, *JOURNAL)
    bring(w, OUT, is_live=True)
    assert kept(w, *JOURNAL) == before
    more = bring(w, BACK, OUT, name="next.csv", is_live=True)
    assert (more.total("known"), more.total("recorded")) == (1, 1)
    assert w.rows("SELECT count(*) FROM case_file") == [(1,)]


def test_who_is_back_on_a_later_file_is_back_here(w):
    bring(w, OUT, is_live=True)
    back = OUT.replace(b"2205,,,", b"2205,21/11/2026,01:15,")
    done = bring(w, back, name="later.csv", is_live=True, at=NOW + timedelta(hours=12))
    assert (done.total("recorded"), done.waiting) == (1, 0)
    assert w.rows("SELECT stage FROM case_file") == [("returned",)]
    assert w.rows("SELECT kind FROM entry ORDER BY id") == [
        (e.ReportedMissing.kind,),
        ("missing.returned",),
    ]


def test_a_child_who_is_open_here_already_is_not_opened_twice(w):
    bring(w, OUT, is_live=True)
    other = OUT.replace(b"MP-2", b"MP-8").replace(b"2205", b"2210")
    done = bring(w, OUT, b"\r\n", other, name="two.csv", is_live=True)
    assert (done.total("known"), done.total("recorded")) == (1, 1)
    assert "Open here already as" in rows(w, "recorded")[-1][1]
    assert w.rows("SELECT count(*) FROM case_file") == [(1,)]
