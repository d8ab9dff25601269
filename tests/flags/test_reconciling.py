"""Lists that were never written back (L321, L344): a partner's and ours are compared by night."""

import pytest
from typer.testing import CliRunner

from kittiwake.access.doors import NotPermitted
from kittiwake.cli.main import app
from kittiwake.exchange import markers
from kittiwake.kernel.markers import Marker
from kittiwake.pathways.flags import entries as f
from tests.worlds import NOW, World, as_worker, known_by_number

HEAD = "REF,NAME,BORN,NHS,MARKER,FROM,UNTIL\n"


@pytest.fixture
def w(world, owner):
    return World(owner)


def bring_in(w, *rows, head=HEAD):
    body = (head + "\n".join(rows)).encode()
    return markers.bring_in(
        "list.csv", body, "protection plans", w.agencies["social_care"], w.who("clerk"), NOW
    )


def differences(w):
    return w.rows("SELECT person_id, type, what FROM marker_difference WHERE gone_at IS NULL")


def test_what_they_hold_and_we_do_not_and_the_reverse_get_an_owner_each(w):
    theirs, ours = known_by_number(w), known_by_number(w, "Ash Sample", "9990000026")
    w.say("carer", f.FlagRaised(type=Marker.PROTECTION_PLAN, basis="Told by its chair."), ours)
    row = "A1,Kit Example,04/03/2012,9990000018,Child protection plan,01/10/2026,"
    assert bring_in(w, row).listed == 1
    done = markers.reconcile(w.who("hub"), NOW)
    assert (done.found, done.standing) == (2, 2)
    assert set(differences(w)) == {
        (theirs, "protection_plan", "they hold"),
        (ours, "protection_plan", "we hold"),
    }
    assert not w.rows("SELECT 1 FROM marker_difference WHERE owner_id IS NULL")
    assert w.rows("SELECT count(*) FROM message WHERE link = '/differences'")[0][0]
    # The list itself raised nothing.
    assert w.rows("SELECT person_id FROM flag") == [(ours,)]
    # Again the same night: nothing new. Put on the child: the difference goes by itself.
    assert markers.reconcile(w.who("hub"), NOW).found == 0
    w.say("hub", f.FlagRaised(type=Marker.PROTECTION_PLAN, basis="On their list."), theirs)
    assert markers.reconcile(w.who("hub"), NOW).gone == 1
    assert differences(w) == [(ours, "protection_plan", "we hold")]


def test_the_worker_compares_by_night_as_the_system(w):
    known_by_number(w)
    bring_in(w, "A1,Kit Example,04/03/2012,9990000018,cse,,")
    with as_worker():
        from kittiwake.exchange.jobs import reconcile_nightly

        reconcile_nightly(int(NOW.timestamp()))
    assert len(differences(w)) == 1


def test_nobody_is_meant_by_a_name_alone_and_such_a_row_waits(w):
    w.child()
    done = bring_in(w, "A1,Kit Example,04/03/2012,,cse,,", "A2,Nobody Here,01/01/2011,,cse,,")
    assert (done.received, done.listed, done.quarantined) == (2, 0, 2)
    assert len(w.rows("SELECT 1 FROM report WHERE state = 'quarantined'")) == 2
    assert not differences(w)


def test_a_list_with_rows_that_wait_takes_nothing_for_gone(w):
    known_by_number(w)
    row = "A1,Kit Example,04/03/2012,9990000018,cse,,"
    bring_in(w, row)
    assert bring_in(w, "A2,Nobody Here,01/01/2011,,cse,,").no_longer == 0
    assert w.rows("SELECT count(*) FROM listed_marker WHERE gone_at IS NULL") == [(1,)]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("A1,Kit Example,04/03/12,9990000018,cse,,", "BORN is not a day"),
        ("A1,Kit Example,04/03/2012,9990000018,blue card,,", "MARKER is none"),
        ("A1,Kit Example", "fewer values"),
    ],
)
def test_a_row_that_cannot_be_read_waits_with_a_sentence(w, row, why):
    assert bring_in(w, row).quarantined == 1
    ((said,),) = w.rows("SELECT sentence FROM report WHERE row IS NOT NULL")
    assert why in said


def test_a_file_that_is_no_list_is_kept_and_changes_nothing(w):
    assert "has a column MARKER" in bring_in(w, head="NAME,BORN\n").sentence
    assert w.rows("SELECT state FROM report") == [("quarantined",)]


def test_only_those_who_look_after_the_lists_compare_them(w):
    with pytest.raises(NotPermitted):
        markers.reconcile(w.who("carer"), NOW)
    with pytest.raises(NotPermitted):
        markers.bring_in("x", b"", "x", 1, w.who("carer"), NOW)


def test_the_commands_bring_in_and_compare(w, tmp_path):
    known_by_number(w)
    file = tmp_path / "plans.csv"
    file.write_text(HEAD + "A1,Kit Example,04/03/2012,9990000018,cse,,\n")
    run = CliRunner().invoke(app, ["import", "flags", str(file), "--feed", "plans"])
    assert run.exit_code == 0, run.output
    assert "1 rows. 1 listed" in run.stdout
    run = CliRunner().invoke(app, ["reconcile", "--json"])
    assert run.exit_code == 0, run.output
    assert '"standing": 1' in run.stdout
