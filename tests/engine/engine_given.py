"""A world and a report, as the tests of the engine begin."""

from kittiwake.pathways.missing import entries as e
from tests.worlds import World

REPORT = e.ReportedMissing(
    concern="Left after an argument and has no coat.",
    reporter="home",
    reporter_name="Sol Grant",
)


def counts(w: World) -> dict[str, int]:
    """How many rows `record()` has written, by table."""
    tables = ("entry", "about", "detail", "clock", "action", "case_file", "message", "assessment")
    return {t: w.rows(f"SELECT count(*) FROM {t}")[0][0] for t in tables}
