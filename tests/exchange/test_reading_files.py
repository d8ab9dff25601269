"""Files are read as they really are: encodings, line ends, spaces, days; nothing is lost."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kittiwake.exchange.reading import Unreadable, cleaned, read_day, read_table
from kittiwake.exchange.ssda903_rows import ETHNICITY, read_rows
from kittiwake.exchange.ssda903_tables import which

TODAY = date(2026, 11, 22)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
FORMS = (
    "{d:%d/%m/%Y}", "{d.day}/{d.month}/{d.year}", "{d:%d.%m.%Y}", "{d:%d-%m-%Y}", "{d:%Y-%m-%d}",
    "{d:%Y/%m/%d}", "{d:%Y%m%d}", "{d:%Y-%m-%d} 00:00:00", "{d:%Y-%m-%d}T00:00:00.000",
    "{d:%d/%m/%Y} 00:00", "{d.day} {d:%b} {d.year}", "{d.day} {d:%B} {d.year}",
    "{d:%Y-%b-%d} 00:00:00",
)  # fmt: skip


@given(DAYS, st.sampled_from(FORMS))
def test_a_day_is_read_in_every_form_that_partners_write(day, form):
    assert read_day(form.format(d=day), "DOB") == day


@given(DAYS)
def test_a_day_is_never_read_month_first(day):
    written = f"{day:%m/%d/%Y}"
    if day.day > 12:
        with pytest.raises(Unreadable):
            read_day(written, "DOB")
    else:
        assert read_day(written, "DOB") == date(day.year, day.day, day.month)


def or_sentence(read, *args):
    """What was read, or the sentence that says why not."""
    try:
        return read(*args)
    except Unreadable as wrong:
        return str(wrong)


@given(st.text(max_size=30))
def test_what_is_no_day_is_never_guessed_and_never_repeated(text):
    day = or_sentence(read_day, text, "MIS_END")
    sentence = "MIS_END is not a day. Write it like 25/11/2017, with the year in full."
    assert day in (None, sentence) or str(day.year) in text


@pytest.mark.parametrize(
    "text", ["01/06/26", "0/0/2020", "31/02/2020", "２０/01/2020", "45000", "1 Foo 2020"]
)
def test_days_that_cannot_be_told_wait_for_a_person(text):
    with pytest.raises(Unreadable):
        read_day(text, "DOB")


# U+FFFD stands for a letter that somebody lost before: such a row is not taken in.
CELLS = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufffd"
    ),
    max_size=12,
)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6),
    ENDS,
    st.sampled_from([",", ";", "\t"]),
    st.booleans(),
    st.booleans(),
)
def test_every_row_is_read_and_keeps_its_own_bytes(rows, end, mark, has_bom, has_end):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([["A", "B", "C"], *rows])
    body = (b"\xef\xbb\xbf" if has_bom else b"") + out.getvalue().encode()
    body = body if has_end else body.removesuffix(end.encode())
    table = read_table(body)
    assert table.columns == ("A", "B", "C")
    expected = [tuple(" ".join(c.replace("\ufeff", "").replace("\u200b", "").split()) for c in row)
                for row in rows]  # fmt: skip
    assert [line.cells for line in table.lines] == [row for row in expected if any(row)]
    for line in table.lines:
        assert not line.problem
        assert line.raw in body


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_sentence(body):
    table = or_sentence(read_table, body)
    if isinstance(table, str):
        assert table.endswith(".")
        return
    for line in table.lines:
        assert line.problem or len(line.cells) == len(table.columns)
        assert line.raw in body


@given(st.binary(max_size=120))
def test_any_bytes_under_a_known_heading_land_or_wait(tail):
    for heading in (b"CHILD,DOB,MISSING,MIS_START,MIS_END\n", b"CHILD,SEX,DOB,ETHNIC,UPN\n"):
        table = read_table(heading + tail)
        landed = read_rows(table, which(table), TODAY)
        assert len(landed) == len(table.lines)
        for each in landed:
            assert each.row or each.sentence


def test_windows_letters_and_stray_spaces_are_read():
    table = read_table("NAME\nZoë\u00a0 \u2003Abara\n".encode() + "Zo\xeb ’".encode("cp1252"))
    assert [line.cells for line in table.lines] == [("Zoë Abara",), ("Zoë ’",)]


@given(CELLS)
def test_cleaning_twice_changes_nothing(cell):
    assert cleaned(cleaned(cell)) == cleaned(cell)


def test_every_code_of_the_return_has_a_police_code_or_not_stated():
    police = {"W1", "W2", "W3", "W9", "M1", "M2", "M3", "M9", "A1", "A2", "A3", "A4", "A9",
              "B1", "B2", "B9", "O2", "O9", "NS"}  # fmt: skip
    assert set(ETHNICITY.values()) <= police
    assert police - set(ETHNICITY.values()) == {"O2"}  # the return has no code for Arab
