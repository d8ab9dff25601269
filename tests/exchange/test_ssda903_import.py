"""A council's return is taken in whole: every row lands, nothing twice, nobody is told."""

from datetime import date
from pathlib import Path

import pytest

from kittiwake.access.doors import NotPermitted
from kittiwake.exchange import ssda903
from tests.worlds import NOW, World

SAMPLES = Path(__file__).parent / "samples" / "ssda903"
FOLDER = [(p.name, p.read_bytes()) for p in sorted(SAMPLES.iterdir()) if p.suffix != ".md"]
JOURNAL = ("entry", "about", "detail", "assessment", "action", "flag", "clock", "case_file", "message")
PEOPLE = ("person", "pointer", "source_record", "identifier", "known_to", "possible_match")

HEADER = b"CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\r\n"
MISSING = b"CHILD,DOB,MISSING,MIS_START,MIS_END\r\n"
KIT = b"17,2,04/03/2012,WROM,H999402126001,,\r\n"
ASH = b"18,1,05/06/2010,MWBC,UN3,1.0,27/08/2016\r\n"
AWAY = b"17,04/03/2012,M,01/06/2026,03/06/2026\r\n"


@pytest.fixture
def w(world, owner):
    return World(owner)


def feed(w, by="clerk", at=NOW):
    council = w.agencies["social_care"]
    return ssda903.feed_of(council, "Saltmarsh children’s social care", w.who(by), at)


def bring(w, *files, **more):
    named = [(f, SAMPLES.joinpath(f).read_bytes()) if isinstance(f, str) else f for f in files]
    return ssda903.bring_in(named, feed(w, **more))


def kept(w, *tables):
    """Row counts and a digest of every row, for proof that nothing changed."""
    sql = "SELECT count(*), md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {} t"
    return {t: w.rows(sql.format(t))[0] for t in tables}


def rows(w, state="quarantined"):
    sql = "SELECT row, sentence FROM report WHERE part_of_id IS NOT NULL AND state = %s ORDER BY id"
    return w.rows(sql, state)


# ── A whole folder ──────────────────────────────────────────────────────────────────────


def test_a_whole_return_is_taken_in_and_the_same_again_changes_nothing(w):
    told = []
    summary = ssda903.bring_in(FOLDER, feed(w), told.append)
    assert {f.name: f.state for f in summary.files if f.state != "kept"} == {
        "header.csv": "recorded",
        "missing.csv": "recorded",
    }
    assert (summary.total("received"), summary.total("recorded")) == (2675 + 43, 2675 + 43)
    assert summary.waiting == 0
    assert told[-1] == "missing.csv: 43 of 43 rows"
    assert len(summary.people) == 2675
    assert set(summary.people.values()) == {"new"}
    assert w.rows("SELECT kind, count(*) FROM entry GROUP BY 1 ORDER BY 1") == [
        ("history.looked_after", 2675),
        ("history.missing_episode", 43),
    ]
    assert w.rows("SELECT count(*) FROM identifier WHERE is_valid") == [(107,)]
    assert w.rows("SELECT count(*) FROM message") == [(0,)]
    assert w.rows("SELECT count(*) FROM clock") == [(0,)]

    before = kept(w, *JOURNAL, *PEOPLE, "report", "lease")
    again = ssda903.bring_in(FOLDER, feed(w))
    assert kept(w, *JOURNAL, *PEOPLE, "report", "lease") == before
    assert (again.total("received"), again.total("known")) == (2718, 2718)
    assert {f.state for f in again.files} == {"known"}


def test_the_tables_this_version_does_not_read_are_kept_by_name(w):
    summary = ssda903.bring_in(FOLDER, feed(w))
    said = {f.name: (f.state, f.sentence) for f in summary.files}
    assert said["reviews.csv"] == (
        "kept",
        "Kept, not read by this version: the table reviews, 3 rows.",
    )
    assert said["DoLo.csv"][1].endswith("deprivation of liberty, 1 row.")  # no final newline
    assert said["sw_episodes.csv"][1].endswith("social workers, 1 row.")  # BOM and CRLF
    assert said["scp_fake.xlsx"][1] == "Kept, not read by this version: a workbook."
    assert {s for s, _ in said.values()} == {"recorded", "kept"}
    body = SAMPLES.joinpath("scp_fake.xlsx").read_bytes()
    (stored,) = w.rows("SELECT body FROM report WHERE name = 'scp_fake.xlsx'")
    assert bytes(stored[0]) == body
