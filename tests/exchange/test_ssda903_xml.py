"""The return as XML lands by the same road as its tables, and every year's codes are known."""

from datetime import date

import pytest
from ssda903_given import ASH, AWAY, HEADER, KIT, MISSING, bring, kept, rows

from kittiwake.exchange.reading import Unreadable
from kittiwake.exchange.ssda903 import Ssda903
from kittiwake.exchange.ssda903_tables import tables
from kittiwake.exchange.ssda903_xml import read_xml
from tests.worlds import NOW, World

TODAY = NOW.date()
XML = """<?xml version="1.0" encoding="utf-8"?>
<MESSAGE xmlns="urn:return"><CHILDREN>
 <CHILD><CHILDID>17</CHILDID><SEX>2</SEX><DOB>04/03/2012</DOB><ETHNIC>WROM</ETHNIC>
  <UPN>H999402126001</UPN>
  <HEADER><AMISSING><MISSING>M</MISSING><MIS_START>2026-06-01</MIS_START>
     <MIS_END>03/06/2026</MIS_END></AMISSING>
   <AREVIEW><REVIEW>01/05/2026</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW></HEADER>
  <EPISODE><DECOM>01/02/2026</DECOM><RNE>S</RNE><LS>J1</LS><CIN>N1</CIN><PL>R5</PL></EPISODE>
 </CHILD>
 <CHILD><CHILDID>18</CHILDID><SEX>M</SEX><DOB>05/06/2010</DOB><ETHNIC>MWBC</ETHNIC>
  <UPN>UN3</UPN><DUC>05/06/2028</DUC></CHILD>
</CHILDREN></MESSAGE>"""


@pytest.fixture
def w(world, owner):
    return World(owner)


def test_an_xml_return_says_what_its_tables_say(w):
    done = bring(w, ("return.xml", XML.encode()))
    (file,) = done.files
    assert (file.table, file.recorded, file.kept, done.waiting) == ("XML", 5, 1, 0)
    assert dict(w.rows("SELECT kind, count(*) FROM entry GROUP BY 1")) == {
        "history.looked_after": 2,
        "history.missing_episode": 1,
        "history.care_episode": 1,
        "history.care_record": 1,
    }
    ((codes,),) = w.rows("SELECT codes FROM about WHERE kind = 'history.care_episode'")
    assert codes == {"in_custody": True, "protection": False}
    before = kept(w, "entry", "person", "source_record", "possible_match")
    again = bring(w, ("h.csv", HEADER + KIT), ("m.csv", MISSING + AWAY))
    assert (again.total("known"), again.total("recorded")) == (2, 0)
    assert kept(w, "entry", "person", "source_record", "possible_match") == before
    assert bring(w, ("return.xml", XML.encode())).files[0].state == "known"


def test_a_row_of_xml_that_cannot_be_read_waits_alone(w):
    done = bring(w, ("r.xml", XML.replace("<DOB>05/06/2010", "<DOB>when").encode()))
    assert done.total("quarantined") == 2  # the child, and what is said of them
    assert {said for _, said in rows(w)} == {
        "DOB is not a day. Write it like 25/11/2017, with the year in full."
    }


@pytest.mark.parametrize(
    "body",
    [
        b"<a>",
        b"<a/>",
        b"<!DOCTYPE a [<!ENTITY x 'y'>]><a><CHILDID>&x;</CHILDID></a>",
        b"<?xml version='1.0' encoding='utf-16'?><a/>",
        b"<?xml version='1.0' encoding='no-such'?><a/>",
    ],
)
def test_what_no_parser_should_read_is_one_sentence(body):
    with pytest.raises(Unreadable):
        read_xml(body)
    assert Ssda903().classify("x.xml", body, TODAY).problem


# ── Years ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("table", "column", "code", "fits", "never"),
    [
        ("episodes", "PLACE", "H5", (2017, 2024), (2025, 2026)),
        ("episodes", "PLACE", "K3", (2025, 2026), (2017, 2024)),
        ("episodes", "PLACE", "Z14", (2026,), (2017, 2025)),
        ("episodes", "REASON_PLACE_CHANGE", "CUSTOD", (2019, 2026), (2017, 2018)),
        ("episodes", "REC", "E43", (2017, 2018), (2019, 2026)),
        ("header", "SEX", "1", (2017, 2024), (2025, 2026)),
        ("social_worker", "SW_REASON", "MANAGE", (2024, 2026), ()),
    ],
)
def test_each_year_has_its_own_codes(table, column, code, fits, never):
    spec = tables()[table]
    assert all(spec.fits(column, code, year) for year in fits)
    assert not any(spec.fits(column, code, year) for year in never)
    assert spec.fits(column, code, None)


def test_a_code_of_another_year_is_noted_and_taken_in():
    body = b"CHILD,DECOM,RNE,LS,PLACE,DEC\n17,01/05/2025,S,C2,H5,\n18,01/05/2025,S,C2,??,\n"
    old, odd = Ssda903(2026).classify("e.csv", body, TODAY).rows
    assert old.sentence == "PLACE is not one of its codes of 2026."
    assert old.row.told == "In supported lodgings or a hostel, full care order"
    assert odd.row.told.startswith("Somewhere the file does not say")
    fine, _ = Ssda903(2024).classify("e.csv", body, TODAY).rows
    assert fine.sentence == ""


def test_sex_is_read_as_figures_and_as_letters_in_any_year(w):
    bring(w, ("h.csv", HEADER + KIT + ASH.replace(b"18,1,", b"18,M,")))
    assert w.rows("SELECT sex FROM source_record ORDER BY ref") == [("F",), ("M",)]


def test_what_a_council_takes_back_of_a_home_is_corrected(w):
    body = b"CHILD,DECOM,RNE,LS,PLACE,DEC\n17,01/05/2025,S,C2,U4,\n"
    bring(w, ("h.csv", HEADER + KIT), ("e.csv", body))
    done = bring(w, ("later.csv", body.replace(b"U4,", b"U4,01/09/2025")))
    assert (done.total("recorded"), done.waiting) == (1, 0)
    assert w.rows("SELECT codes->'changes'->>'until' FROM about WHERE kind = 'journal.corrected'") \
        == [(date(2025, 9, 1).isoformat(),)]  # fmt: skip
