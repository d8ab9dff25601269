"""A police file is read by a mapping: every row lands, is known, is kept, or waits."""

from datetime import timedelta

import pytest
from police_given import BACK, HEAD, MAPPING, OUT, bring, feed
from ssda903_given import JOURNAL, PEOPLE, kept, rows

from kittiwake.exchange import mapping, mappings
from kittiwake.exchange.mapping import MappingError
from tests.worlds import NOW, World


@pytest.fixture
def w(world, owner):
    return World(owner)


def test_a_file_lands_as_history_and_the_same_again_changes_nothing(w):
    done = bring(w, BACK, OUT)
    assert (done.total("recorded"), done.waiting) == (2, 0)
    assert list(done.people.values()) == ["new"]  # one child, by the force's number
    ((source, reference, ended, grade),) = w.rows(
        "SELECT d.answers->>'source', d.answers->>'reference', d.answers->>'ended_on',"
        " d.answers->>'grade' FROM detail d JOIN entry e ON e.id = d.entry_id "
        "WHERE e.happened_at < '2026-07-01' AND d.audience = 'case'"
    )
    assert source == "the missing persons file of Saltmarsh Constabulary"
    assert (reference, ended, grade) == ("MP-1", "02/06/2026 03:10", "high")
    assert w.rows("SELECT count(*) FROM clock")[0] == (0,)  # history wakes nobody
    before = kept(w, *JOURNAL, *PEOPLE, "report")
    assert bring(w, BACK, OUT).total("known") == 2
    assert kept(w, *JOURNAL, *PEOPLE, "report") == before


def test_the_words_of_a_file_are_for_the_police(w):
    bring(w, BACK)
    assert w.rows("SELECT audience FROM detail WHERE answers ? 'circumstances'") == [("police",)]


def test_a_later_file_supersedes_and_another_order_of_columns_is_the_same(w):
    bring(w, OUT)
    back = OUT.replace(b"2205,,,", b"2205,21/11/2026,01:15,")
    later = bring(w, back, name="later.csv", at=NOW + timedelta(hours=12))
    assert (later.total("recorded"), later.waiting) == (1, 0)
    assert rows(w, "recorded")[1][1].endswith("Corrects what an earlier file said.")
    third = bring(w, BACK, back, name="third.csv", at=NOW + timedelta(hours=12))
    assert (third.total("known"), third.total("recorded")) == (1, 1)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (b",N1,Kit,Sample,,F,01/06/2026,,,,,,", "MISPER REF is blank."),
        (b"MP-9,,,,,F,01/06/2026,,,,,,", "The row names nobody"),
        (b"MP-9,,Kit,Sample,,F,,,,,,,", "MISSING FROM is blank."),
        (b"MP-9,,Kit,Sample,31/02/2012,F,01/06/2026,,,,,,", "DOB is not a day."),
        (b"MP-9,,Kit,Sample,,F,01/06/2026,25:10,,,,,", "MISSING FROM has a time that is not one."),
        (b"MP-9,,Kit,Sample,,F,01/06/2026,,31/05/2026,,,,", "RETURNED DATE is before MISSING FROM"),
        (b"MP-9,,Kit,Sample,,F,01/06/2027,,,,,,", "MISSING FROM has not come yet."),
        (b"MP-9,,Kit,Sample,02/06/2026,F,01/06/2026,,,,,,", "MISSING FROM is before the child"),
        (b'MP-9,,Kit,"Sample,,F,01/06/2026,,,,,,', "A quotation mark on this row is not closed."),
    ],
)
def test_a_row_that_cannot_be_taken_in_waits_with_a_sentence(w, row, sentence):
    assert bring(w, row + b"\r\n", BACK).total("quarantined") == 1
    ((number, said),) = rows(w)
    assert number == 2
    assert said.startswith(sentence)
    assert "Sample" not in said


def test_who_was_no_child_is_kept_and_not_recorded(w):
    adult = b"MP-7,N7,Lee,Older,01/01/1980,M,15/06/2026,,15/06/2026,,,,\r\n"
    done = bring(w, adult, BACK)
    assert (done.total("kept"), done.total("recorded")) == (1, 1)
    assert w.rows("SELECT count(*) FROM person") == [(1,)]


def test_without_a_number_a_child_is_known_by_name_and_birth_within_one_file(w):
    bare = BACK.replace(b"N100", b"")
    other = bare.replace(b"MP-1", b"MP-3").replace(b"01/06/2026", b"29/05/2026").replace(
        b"02/06/2026", b"30/05/2026")  # fmt: skip
    twin = other.replace(b"MP-3", b"MP-4").replace(b"Kit", b"Kat")
    assert sorted(bring(w, bare, other, twin).people.values()) == ["new", "new"]


def test_who_looks_like_somebody_on_file_is_never_linked_by_a_name(w):
    from datetime import date

    w.child("Kit Sample", date(2012, 3, 4))
    assert list(bring(w, BACK).people.values()) == ["possible"]


def test_months_first_and_zones_are_read_where_the_mapping_says_so():
    usual = mapping.read("usual", MAPPING)
    american = mapping.read("months", 'days = "month first"\n' + MAPPING)
    cells = dict.fromkeys(usual.columns.values(), "")
    cells |= {"MISPER REF": "1", "FORENAME": "Kit", "SURNAME": "Sample"}
    cells |= {"MISSING FROM": "06/01/2026 11:10 PM", "RETURNED DATE": "2026-06-02T02:10:00Z"}
    from kittiwake.exchange.police import read_episode

    row = read_episode(american, cells, NOW.date())
    assert row.start.shown == "01/06/2026 23:10"
    assert row.back.shown == "02/06/2026 03:10"  # summer time
    assert read_episode(usual, cells, NOW.date()).start.shown == "06/01/2026 23:10"


# ── Mappings ────────────────────────────────────────────────────────────────────────────


def test_a_mapping_is_suggested_from_the_headings_of_a_file():
    columns = [c.strip() for c in HEAD.removeprefix(b"\xef\xbb\xbf").decode().split(",")]
    found = mapping.read("suggested", mapping.suggest("police", columns))
    told = mapping.read("told", MAPPING)
    assert found.columns == told.columns


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("standard = ", "The mapping is no TOML"),
        ('standard = "tea"', "standard: say one of police, incidents."),
        (MAPPING.replace('record = "Misper Ref"', ""), "columns.record is needed"),
        (MAPPING.replace("given =", "shoe_size ="), "columns.shoe_size: no field is called that."),
        (MAPPING.replace('"Surname"', '"Forename"'), "columns: FORENAME stands for two fields."),
        (MAPPING.replace('"high"', '"dreadful"'), "codes.grade: say one of low, medium, high."),
        (MAPPING + "[more]\n", "more: a mapping has standard, days, columns and codes."),
        ('days = "any"\n' + MAPPING, "days: say one of day first, month first."),
    ],
)
def test_a_mapping_is_checked_before_it_is_used(text, sentence):
    with pytest.raises(MappingError, match=sentence.replace(".", r"\.")):
        mapping.read("told", text)


def test_mappings_are_kept_by_version(w):
    clerk = w.who("clerk")
    assert mappings.save("saltmarsh", MAPPING, clerk, NOW) == 1
    assert mappings.save("saltmarsh", MAPPING, clerk, NOW) == 1
    assert mappings.save("saltmarsh", MAPPING + "# more\n", clerk, NOW) == 2
    assert [(m.name, m.version) for m in mappings.every()] == [("saltmarsh", 2)]
    assert mappings.newest("saltmarsh").columns["given"] == "FORENAME"
    with pytest.raises(MappingError):
        mappings.newest("nobody")


def test_a_file_without_the_columns_of_its_mapping_waits_whole(w):
    from kittiwake.exchange import bringing

    done = bringing.bring_in([("odd.csv", b"A,B\n1,2\n")], feed(w))
    assert done.files[0].state == "quarantined"
    assert "names columns that are not in this file" in done.files[0].sentence
