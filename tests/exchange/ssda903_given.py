"""A council's return and how it is brought in, as the tests of SSDA903 begin."""

from pathlib import Path

from kittiwake.exchange import bringing, ssda903
from tests.worlds import NOW

SAMPLES = Path(__file__).parent / "samples" / "ssda903"
FOLDER = [(p.name, p.read_bytes()) for p in sorted(SAMPLES.iterdir()) if p.suffix != ".md"]
JOURNAL = (
    "entry",
    "about",
    "detail",
    "assessment",
    "action",
    "flag",
    "clock",
    "case_file",
    "message",
)
PEOPLE = ("person", "pointer", "source_record", "identifier", "known_to", "possible_match")

HEADER = b"CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\r\n"
MISSING = b"CHILD,DOB,MISSING,MIS_START,MIS_END\r\n"
KIT = b"17,2,04/03/2012,WROM,H999402126001,,\r\n"
ASH = b"18,1,05/06/2010,MWBC,UN3,1.0,27/08/2016\r\n"
AWAY = b"17,04/03/2012,M,01/06/2026,03/06/2026\r\n"


def feed(w, by="clerk", at=NOW):
    council = w.agencies["social_care"]
    return ssda903.feed_of(council, "Saltmarsh children’s social care", w.who(by), at)


def bring(w, *files, **more):
    named = [(f, SAMPLES.joinpath(f).read_bytes()) if isinstance(f, str) else f for f in files]
    return bringing.bring_in(named, feed(w, **more))


def kept(w, *tables):
    """Row counts and a digest of every row, for proof that nothing changed."""
    sql = "SELECT count(*), md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {} t"
    return {t: w.rows(sql.format(t))[0] for t in tables}


def rows(w, state="quarantined"):
    sql = "SELECT row, sentence FROM report WHERE part_of_id IS NOT NULL AND state = %s ORDER BY id"
    return w.rows(sql, state)
