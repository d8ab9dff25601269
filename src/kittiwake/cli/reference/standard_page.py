"""The standards page: which files can be brought in, and what becomes of each row."""

from collections.abc import Iterator

from kittiwake.access.roles import RANKS
from kittiwake.cli.reference.markdown import link, page, people, table
from kittiwake.exchange.mapping import STANDARDS as MAPPED
from kittiwake.exchange.mapping import USUAL, Field
from kittiwake.exchange.ssda903_tables import tables
from kittiwake.exchange.staff_rows import KINDS, ROTA, ROTA_MAY, STAFF, STAFF_MAY
from kittiwake.exchange.standards import STANDARDS
from kittiwake.kernel.rulebook import load

READ_ME = """\
Every file is kept byte for byte before it is read. Every row is recorded, known already, kept, or
waits in the quarantine with a sentence. The same file again changes nothing; a later file
supersedes, and the earlier words stay to be read. How to: """
ORDINARY = """\
Ordinary in all of them: a byte order mark, CRLF or LF or no line end at the last row, Windows-1252
beside UTF-8, comma, semicolon or tab, spaces that do not break, days as 25/11/2017, 2017-11-25,
20171125 or 25 Nov 2017, times as 23:10, 2310, 11:10 PM or with a zone, days without times, numbers
that went through a spreadsheet and end in .0, and columns in any order."""


def standards() -> str:
    """The reference page of the standards that can be brought in."""
    return page(
        "Standards",
        READ_ME + link("connect a feed", "../how-to/connect-a-feed.md") + ".",
        ORDINARY,
        table(("Standard", "What it is", "Comes as", "Becomes", "Expected", "Owner"), _all()),
        "How often something new is expected is a row of `src/kittiwake/rulebook/feeds.toml`, "
        "which a force changes as it changes a deadline: `FEED-02.any`, `2 day`.",
        "## SSDA903\n\nThe tables of the return, and what becomes of a row. A code that is not one "
        "of its year's is taken in and noted.",
        table(("Table", "Since", "Columns", "Becomes"), _return()),
        *(_mapped(key) for key in MAPPED),
        "## Practitioners and rota\n\nOne sheet with these headings, in any order; "
        "[their shape](../how-to/connect-a-feed.md#who-works-here-and-who-is-on-duty).",
        table(
            ("Standard", "Needed", "May be there"),
            (
                ("`practitioners`", ", ".join(STAFF), ", ".join(STAFF_MAY)),
                ("`rota`", ", ".join(ROTA), ", ".join(ROTA_MAY)),
            ),
        ),
        f"RANK is one of {', '.join(RANKS.values())}, or blank; AGENCY KIND one of "
        f"{', '.join(KINDS)}; ROLES names [roles](roles.md) by title or key, with semicolons.",
    )


def _all() -> Iterator[tuple[str, ...]]:
    for known in STANDARDS:
        rule = load().feed(known.key)
        expected = f"every {dict(rule.limits)['any']}"
        yield (f"`{known.key}`", known.title, known.forms, known.goes, expected, people(rule.owner))


def _return() -> Iterator[tuple[str, ...]]:
    for one in tables().values():
        kept = f"kept as it came. {one.why_kept}"
        becomes = f"recorded: {one.recorded}" if one.recorded else kept
        yield one.name, str(one.since), ", ".join(one.columns), becomes


def _mapped(key: str) -> str:
    title = {"police": "Police missing episodes", "incidents": "Incident log"}[key]
    rows = [
        (f"`{f.key}`", f.words, "needed" if f.is_needed else "", _codes(f)) for f in MAPPED[key]
    ]
    head = ("Field", "What it is", "", "Codes")
    return f"## {title}\n\nThe fields that a mapping may name.\n\n{table(head, rows)}"


def _codes(field: Field) -> str:
    usual = " (usual spellings are known)" if field.key in USUAL else ""
    return ", ".join(field.codes) + usual
