"""Which standards there are, and the feed a kept report came by."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kittiwake.exchange import inbox, incidents, mappings, police, ssda903
from kittiwake.exchange.standard import Feed
from kittiwake.kernel.known import Actor


@dataclass(frozen=True, slots=True)
class Known:
    """A standard as documents name it."""

    key: str
    title: str
    forms: str
    goes: str


STANDARDS = (
    Known("ssda903", "SSDA903, the return on children looked after, 2017 to 2026",
          "CSV tables, or the whole return as XML", "history"),
    Known("police", "Police missing episodes, by a mapping (minimum POLE data standards 1.1)",
          "CSV, or a workbook (.xlsx)", "history; what is still open, live where that is asked"),
    Known("incidents", "The control room’s log of incidents, by a mapping",
          "CSV, or a workbook (.xlsx)", "history, compared with the missing records"),
    Known("practitioners", "Who works here", "CSV, or a workbook (.xlsx)", "the list of staff"),
    Known("rota", "Who is on duty", "CSV, or a workbook (.xlsx)", "the duty rota"),
)  # fmt: skip


def can_read(report: inbox.Waiting) -> bool:
    """Whether a waiting report came by a feed that can be tried again."""
    return report.feed.startswith((ssda903.PREFIX, police.PREFIX, incidents.PREFIX))


def feed_of(report: inbox.Waiting, by: Actor, at: datetime) -> Feed:
    """The feed a report came by. Raises MappingError where its mapping is gone."""
    prefix, _, rest = report.feed.partition(":")
    if prefix == "ssda903":
        return ssda903.feed_of(report.agency_id, report.agency, by, at)
    mapping = mappings.newest(rest.partition(":")[2])
    makers: dict[str, Callable[..., Feed]] = {
        "police": police.feed_of, "incidents": incidents.feed_of,
    }  # fmt: skip
    return makers[prefix](report.agency_id, report.agency, mapping, by, at)
