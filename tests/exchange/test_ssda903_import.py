"""A council's return is taken in whole: every row lands, nothing twice, nobody is told."""

from datetime import date

import pytest
from ssda903_given import (
    ASH,
    AWAY,
    FOLDER,
    HEADER,
    JOURNAL,
    KIT,
    MISSING,
    PEOPLE,
    SAMPLES,
    bring,
    feed,
    kept,
    rows,
)

from kittiwake.exchange import bringing
from tests.worlds import NOW, World


@pytest.fixture
def w(world, owner):
    return World(owner)


# ── A whole folder ──────────────────────────────────────────────────────────────────────


def test_a_whole_return_is_taken_in_and_the_same_again_changes_nothing(w):
    told = []
    summary = bringing.bring_in(FOLDER, feed(w), told.append)
    assert {f.name for f in summary.files if f.state != "kept"} == {
        "header.csv", "missing.csv", "episodes.csv", "uasc.csv", "sw_episodes.csv", "DoLo.csv",
    }  # fmt: skip
    rows = 2675 + 43 + 4 + 4 + 1 + 1 - 2  # lines less a heading each
    assert summary.total("recorded") == rows
    assert summary.total("received") == rows + summary.total("kept")
    assert summary.waiting == 0
    assert any("missing.csv: 43 of 43 rows" in line for line in told)
    assert set(summary.people.values()) == {"new"}
    assert w.rows("SELECT kind, count(*) FROM entry GROUP BY 1 ORDER BY 1") == [
        ("history.care_episode", 3),
        ("history.care_record", 5),
        ("history.looked_after", 2675),
        ("history.missing_episode", 43),
    ]
    assert w.rows("SELECT count(*) FROM identifier WHERE is_valid") == [(107,)]
    assert w.rows("SELECT count(*) FROM message") == [(0,)]
    assert w.rows("SELECT count(*) FROM clock") == [(0,)]

    before = kept(w, *JOURNAL, *PEOPLE, "report", "lease")
    again = bringing.bring_in(FOLDER, feed(w))
    assert kept(w, *JOURNAL, *PEOPLE, "report", "lease") == before
    assert again.total("received") == again.total("known") == summary.total("received")
    assert {f.state for f in again.files} == {"known"}


def test_the_tables_that_are_not_recorded_are_kept_and_say_why(w):
    summary = bringing.bring_in(FOLDER, feed(w))
    said = {f.name: (f.state, f.sentence) for f in summary.files}
    assert said["reviews.csv"][0] == "kept"
    assert said["reviews.csv"][1].startswith("Kept, not recorded: the table reviews. It says on")
    assert said["DoLo.csv"][1].startswith("1 rows recorded")  # no final newline
    assert said["sw_episodes.csv"][1].startswith("1 rows recorded")  # BOM and CRLF
    assert said["scp_fake.xlsx"][1].startswith("Kept, not read: a workbook.")
    assert {s for s, _ in said.values()} == {"recorded", "kept"}
    assert summary.total("kept") > 0
    body = SAMPLES.joinpath("scp_fake.xlsx").read_bytes()
    (stored,) = w.rows("SELECT body FROM report WHERE name = 'scp_fake.xlsx'")
    assert bytes(stored[0]) == body


# ── What a row becomes ──────────────────────────────────────────────────────────────────


def test_a_child_and_an_episode_are_recorded_as_the_council_gave_them(w):
    bring(w, ("h.csv", HEADER + KIT + ASH), ("m.csv", MISSING + AWAY))
    assert w.rows("SELECT ref, born_on, sex, ethnicity, facts, agency_id FROM source_record") == [
        ("17", date(2012, 3, 4), "F", "W3",
         {"UPN": "H999402126001", "Sex as given": "2", "Ethnicity as given": "WROM"},
         w.agencies["social_care"]),
        ("18", date(2010, 6, 5), "M", "M1",
         {"Sex as given": "1", "Ethnicity as given": "MWBC", "No UPN because": "UN3",
          "MOTHER": "1.0", "MC_DOB": "27/08/2016"},
         w.agencies["social_care"]),
    ]  # fmt: skip
    ((answers, happened, is_history),) = w.rows(
        "SELECT d.answers, e.happened_at AT TIME ZONE 'Europe/London', e.is_history FROM entry e "
        "JOIN detail d ON d.entry_id = e.id WHERE e.kind = 'history.missing_episode'"
    )
    assert answers == {
        "source": "the SSDA903 return of Saltmarsh children’s social care",
        "account": "social_care",
        "ended_on": "3 June 2026",
        "back_at": "2026-06-03T00:00:00+01:00",
        "away_without_leave": False,
    }
    assert (str(happened), is_history) == ("2026-06-01 00:00:00", True)
    # The return is of the year that ended on 31 March after its latest episode, or of today.
    ((looked_after,),) = w.rows(
        "SELECT DISTINCT d.answers->>'as_at' FROM entry e JOIN detail d ON d.entry_id = e.id "
        "WHERE e.kind = 'history.looked_after'"
    )
    assert looked_after == "2026-11-20"


def test_a_whole_day_is_never_shown_as_midnight(w):
    from kittiwake.access.doors import as_practitioner, open_door
    from kittiwake.journal.reading import chronology

    bring(w, ("h.csv", HEADER + KIT), ("m.csv", MISSING + AWAY))
    ((kid,),) = w.rows("SELECT id FROM person")
    worker = w.who("social_worker")
    open_door(worker, [kid], "care of the child")
    with as_practitioner(worker):
        lines = chronology(kid, NOW)
    assert all(line.day_only for line in lines)
    told = [line.told for line in lines if line.kind == "history.missing_episode"]
    assert told == [
        "Missing, from the SSDA903 return of Saltmarsh children’s social care; until 3 June 2026"
    ]


def test_missing_children_who_are_not_in_the_header_arrive_all_the_same(w):
    summary = bring(w, ("m.csv", MISSING + AWAY + b"19,,A,01/02/2026,\r\n"))
    assert sorted(summary.people.values()) == ["new", "new"]
    assert w.rows("SELECT name, born_on FROM pointer ORDER BY person_id") == [
        ("Name not given (17)", date(2012, 3, 4)),
        ("Name not given (19)", None),
    ]
    later = bring(w, ("h.csv", HEADER + KIT))
    assert set(later.people.values()) == {"linked"}
    assert w.rows("SELECT count(*) FROM person") == [(2,)]
    assert w.rows("SELECT sex FROM source_record WHERE ref = '17'") == [("F",)]


WRONG = [
    # The row of `missing` as sent, and the sentence the clerk reads.
    (b",04/03/2012,M,01/06/2026,\n", "CHILD is blank. Without it nobody knows whose row this is."),
    (b"17,2012-13-04,M,01/06/2026,\n",
     "DOB is not a day. Write it like 25/11/2017, with the year in full."),
    (b"17,04/03/2012,M,31/06/2026,\n",
     "MIS_START is not a day. Write it like 25/11/2017, with the year in full."),
    (b"17,04/03/2012,M,01/06/26,\n",
     "MIS_START is not a day. Write it like 25/11/2017, with the year in full."),
    (b"17,04/03/2012,M,,03/06/2026\n",
     "MIS_START is blank. Without it nobody knows when this was."),
    (b"17,04/03/2012,M,03/06/2026,01/06/2026\n", "MIS_END is before MIS_START."),
    (b"17,04/03/2012,M,21/11/2026,\n", "MIS_START has not come yet."),
    (b"17,04/03/2012,M,01/06/2026,01/06/2027\n", "MIS_END has not come yet."),
    (b"17,04/03/2027,M,01/06/2026,\n", "DOB has not come yet."),
    (b"17,04/03/1812,M,01/06/2026,\n", "DOB is more than 120 years ago."),
    (b"17,04/03/2012,M,01/06/2011,\n", "MIS_START is before the child was born."),
    (b"17,04/03/2012,X,01/06/2026,\n",
     "MISSING should be M for missing, or A for away without leave."),
    (b"17,04/03/2012,M,01/06/2026,,7\n", "This row has more values than there are columns."),
    (b"17,04/03/2012,M,01/06/2026\n", "This row has fewer values than there are columns."),
    (b'17,04/03/2012,M,"01/06/2026,\n', "A quotation mark on this row is not closed."),
    (b"1\x007,04/03/2012,M,01/06/2026,\n",
     "A character on this row cannot be read. Save the file as CSV UTF-8."),
    (b"1\x817,04/03/2012,M,01/06/2026,\n",
     "A character on this row cannot be read. Save the file as CSV UTF-8."),
    (b"1" * 61 + b",04/03/2012,M,01/06/2026,\n", "CHILD is longer than 60 characters."),
]  # fmt: skip


def test_what_cannot_be_taken_in_waits_with_a_sentence_and_the_others_go_on(w):
    body = MISSING + b"".join(row for row, _ in WRONG) + AWAY
    summary = bring(w, ("m.csv", body))
    assert (summary.total("quarantined"), summary.total("recorded")) == (len(WRONG), 1)
    assert rows(w) == [(n, sentence) for n, (_, sentence) in enumerate(WRONG, start=2)]
    stored = w.rows("SELECT body FROM report WHERE state = 'quarantined' ORDER BY row")
    assert [bytes(b) for (b,) in stored] == [row for row, _ in WRONG]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The first line of the file does not name its columns."),
        (b"\r\n\r\n", "The first line of the file does not name its columns."),
        (b"NAME,AGE\nKit,9\n", "No table of the SSDA903 return has these columns."),
        (
            MISSING.replace(b",MISSING", b""),
            "This looks like the table missing, but there is no column MISSING.",
        ),
        (MISSING.replace(b"DOB", b"CHILD"), "The column CHILD is there twice. Take one out."),
        (
            "CHILD,DOB".encode("utf-16"),
            "The file is saved as UTF-16. Save it as CSV UTF-8 and send it again.",
        ),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_waits_whole(w, body, sentence):
    summary = bring(w, ("odd.csv", body), ("m.csv", MISSING + AWAY))
    assert summary.waiting == 1
    assert w.rows("SELECT name, sentence, body FROM report WHERE state = 'quarantined'") == [
        ("odd.csv", sentence, body)
    ]
    assert summary.total("recorded") == 1


def test_the_same_row_written_otherwise_is_known(w):
    bring(w, ("m.csv", MISSING + AWAY))
    before = kept(w, *JOURNAL, *PEOPLE)
    other = (
        b"\xef\xbb\xbfmis_start;MIS_END;Missing;CHILD;DOB;Extra\n"
        b"2026-06-01 00:00:00;3 Jun 2026;m;17.0;\xc2\xa004.03.2012 ;\n"
        b";;;;;\n"
        b"20260601;2026-06-03;M;17;4-3-2012;x"
    )
    summary = bring(w, ("again.csv", other))
    assert (summary.total("received"), summary.total("known")) == (2, 2)
    assert kept(w, *JOURNAL, *PEOPLE) == before


def test_overlapping_and_open_episodes_are_recorded_and_say_so(w):
    twice = b"17,04/03/2012,A,02/06/2026,02/06/2026\r\n17,04/03/2012,M,10/11/2026,\r\n"
    bring(w, ("h.csv", HEADER + KIT), ("m.csv", MISSING + AWAY + twice))
    assert [r for r in rows(w, "recorded") if r[1]] == [
        (2, "Overlaps another episode of this child on this file."),
        (3, "Overlaps another episode of this child on this file."),
        (4, "No end: still missing on this file."),
    ]


def test_what_is_still_open_is_listed_once_for_a_named_person(w):
    two = b"17,04/03/2012,M,10/11/2026,\r\n18,05/06/2010,A,11/11/2026,\r\n"
    bring(w, ("m.csv", MISSING + AWAY + two))
    bring(w, ("m.csv", MISSING + AWAY + two))
    ((title, owner, why),) = w.rows("SELECT title, owner_id, why FROM action")
    assert title == "2 children are still missing on a partner’s file: find out if they are back"
    assert owner == w.staff["clerk"]  # who may open the list
    ((uid,),) = w.rows("SELECT uid::text FROM report WHERE name = 'm.csv'")
    assert why.endswith(f"/quarantine/{uid}")


def test_codes_nobody_knows_never_lose_a_child(w):
    bring(w, ("h.csv", HEADER + b"20,X,04/03/2012,ZZZZ,rubbish,,\r\n21,,05/03/2012,,,,\r\n"))
    assert w.rows("SELECT ref, sex, ethnicity FROM source_record ORDER BY ref") == [
        ("20", "U", ""),
        ("21", "U", ""),
    ]
    assert rows(w, "recorded")[0][1] == (
        "SEX is not one of its codes. ETHNIC is not one of its codes."
    )
    assert w.rows("SELECT value, is_valid FROM identifier") == [("RUBBISH", False)]


def test_rows_that_contradict_each_other_wait_for_a_person(w):
    other_sex, other_birth = KIT.replace(b"17,2", b"17,1"), AWAY.replace(b"2012", b"2011")
    bring(
        w,
        ("h.csv", HEADER + KIT + other_sex + KIT),
        ("m.csv", MISSING + AWAY + AWAY.replace(b"03/06", b"04/06") + AWAY),
        ("m2.csv", MISSING + other_birth.replace(b"01/06", b"02/06")),
    )
    assert rows(w) == [
        (3, "Row 2 of this file says something else of the same. Decide which is right."),
        (3, "Row 2 of this file says something else of the same. Decide which is right."),
        (2, "The date of birth is not the one this council gave for the child before. "
            "Ask which is right."),
    ]  # fmt: skip
    assert rows(w, "known") == [(4, "As row 2."), (4, "As row 2.")]
