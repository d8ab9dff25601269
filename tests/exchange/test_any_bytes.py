"""No bytes whatever make an import fail with anything but a sentence."""

import io
import zipfile
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from police_given import HEAD, MAPPING
from ssda903_given import HEADER, KIT, MISSING, kept
from test_ssda903_xml import XML

from kittiwake.exchange import mapping, staff_rows
from kittiwake.exchange.incidents import Incidents
from kittiwake.exchange.police import Police
from kittiwake.exchange.reading import Moment, Unreadable, read_moment
from kittiwake.exchange.spreadsheet import read_rows
from kittiwake.exchange.ssda903 import Ssda903
from tests.worlds import World

TODAY = date(2026, 11, 20)
LOG = """
standard = "incidents"
[columns]
number = "Misper Ref"
opened = "Missing From"
opened_as = "Risk Level"
name = "Surname"
born = "DOB"
[codes.opened_as]
"High" = "missing"
"""
STANDARDS = {
    "ssda903": Ssda903(2026),
    "police": Police(mapping.read("any", MAPPING)),
    "incidents": Incidents(mapping.read("log", LOG)),
}
# What files are made of, and what goes wrong in them.
PIECES = [
    HEAD, HEADER, MISSING, KIT, XML.encode()[:300], b"PK\x03\x04", b"\xef\xbb\xbf", b"\xff\xfe",
          b"\x00", b'"', b",", b";", b"\t", b"\r", b"\r\n", b"\n", b"\xa0", b"\x81", b"01/06/2026",
          b"99/99/9999", b"2026-06-01T23:10:00+25:00", b"1.0", b"=cmd", b"<a>", b"&", b"25:00",
          "٣٢".encode(), b"0" * 70]  # fmt: skip
BYTES = st.one_of(
    st.binary(max_size=400),
    st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=6)), max_size=30).map(b"".join),
)


def outcome(read, *arguments, **more):
    """What was read, or the sentence that says why not; anything else fails the test."""
    try:
        return read(*arguments, **more), ""
    except (Unreadable, mapping.MappingError) as wrong:
        return None, str(wrong) or "no sentence"


@pytest.mark.parametrize("key", STANDARDS)
@settings(max_examples=150, deadline=None)
@given(begin=st.sampled_from([b"", HEAD, HEADER + KIT, MISSING, XML.encode()]), broken=BYTES)
@example(begin=b"", broken=b"")
@example(begin=b"", broken=b"PK\x03\x04")
@example(begin=XML.encode()[:400], broken=b"<!DOCTYPE a>")
def test_every_line_of_whatever_comes_is_read_or_has_a_sentence(key, begin, broken):
    file = STANDARDS[key].classify("any", begin + broken, TODAY)
    assert file.problem or file.sentence or file.rows is not None
    for row in file.rows or ():
        assert row.row is not None or row.sentence
        if row.row is not None:
            assert row.row.key
            assert row.row.says
            assert len(row.row.ref) <= 120
    numbers = [row.line.number for row in file.rows or ()]
    assert len(numbers) == len(set(numbers))


@settings(max_examples=100, deadline=None)
@given(body=BYTES)
def test_a_sheet_of_staff_is_read_or_is_a_sentence(body):
    for needed, may, read in (
        (staff_rows.STAFF, staff_rows.STAFF_MAY, staff_rows.colleague),
        (staff_rows.ROTA, staff_rows.ROTA_MAY, staff_rows.shift),
    ):
        table, said = outcome(read_rows, b",".join(c.encode() for c in needed) + b"\n" + body)
        assert said != "no sentence"
        for line in table.lines if table else ():
            if not line.problem:
                staff_rows.check(table, needed, may)
                cells = dict(zip(table.columns, line.cells, strict=True))
                assert outcome(read, cells)[1] != "no sentence"


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=30), clock=st.text(max_size=8), first=st.booleans())
@example(text="01/06/2026 23:10", clock="", first=False)
@example(text="2026-06-01T23:10:00+99:99", clock="", first=False)
@example(text="31/12/9999", clock="2359", first=True)
@example(text="01/01/0001 00:01+14:00", clock="", first=False)
def test_a_moment_is_read_or_is_a_sentence(text, clock, first):
    found, said = outcome(read_moment, text, "WHEN", clock, month_first=first)
    assert not said or said.startswith("WHEN")
    assert found is None or (isinstance(found, Moment) and found.shown)


def test_a_workbook_that_unpacks_to_too_much_is_a_sentence(monkeypatch):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * 2_000_000)
    monkeypatch.setattr("kittiwake.exchange.spreadsheet.MOST_BYTES", 1_000_000)
    with pytest.raises(Unreadable, match="unpacks to more"):
        read_rows(out.getvalue())


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=120))
def test_a_mapping_is_checked_or_is_a_sentence(text):
    assert outcome(mapping.read, "any", text)[1] != "no sentence"


@settings(max_examples=100, deadline=None)
@given(
    columns=st.lists(st.text(max_size=20), max_size=12),
    key=st.sampled_from(["police", "incidents"]),
)
def test_whatever_the_headings_a_suggestion_is_toml(columns, key):
    assert "no TOML" not in outcome(mapping.read, "any", mapping.suggest(key, columns))[1]


def test_whatever_comes_is_kept_and_nothing_else_is_written(world, owner):
    from hypothesis import HealthCheck

    from kittiwake.exchange import bringing
    from tests.exchange.police_given import feed

    w = World(owner)
    before = kept(w, "entry", "person", "action", "message")
    seen = set()

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(broken=BYTES)
    def run(broken):
        body = broken.replace(b"\n", b" ").replace(b"\r", b" ")
        done = bringing.bring_in([("any.csv", body)], feed(w))
        assert done.files[0].sentence
        seen.add(body)

    run()
    assert kept(w, "entry", "person", "action", "message") == before
    stored = {bytes(body) for (body,) in w.rows("SELECT body FROM report WHERE part_of_id IS NULL")}
    assert stored == seen
