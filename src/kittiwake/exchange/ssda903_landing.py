"""Landing rows of the SSDA903 return: who each is about, what it adds, and what became of it.

Must be called inside `as_practitioner(…, recording=True)`; whatever it writes commits with the
rows that say so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from kittiwake.exchange.inbox import Row, Said, last_said
from kittiwake.exchange.ssda903_tables import ChildRow, EpisodeRow, Landed, Read
from kittiwake.journal.entries import LookedAfterOnFile
from kittiwake.journal.many import Item, record_many
from kittiwake.kernel.answers import NotKnown, NotKnownBecause
from kittiwake.kernel.known import Actor
from kittiwake.kernel.questions import LONDON, show_day
from kittiwake.pathways.missing.entries import MissingEpisodeOnFile
from kittiwake.people.arrivals import Arrived, Description, OnFile, by_ref, meet_many


@dataclass(frozen=True, slots=True)
class Feed:
    """One council's returns, and who brings them in when."""

    key: str
    council: int
    source: str
    by: Actor
    at: datetime
    as_at: date | None = None
    """The day the return describes; None where nothing says which."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row that says something else about an episode than an earlier file said."""

    landed: Landed
    row: EpisodeRow
    person: int
    entry_id: int


@dataclass(slots=True)
class Batch:
    """What became of some rows; `changes` still wait to be corrected, each by itself."""

    rows: list[Row] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    people: list[tuple[int, str]] = field(default_factory=list)
    """Each person met or found, and how: new, possible or linked."""


def midnight(day: date) -> datetime:
    """The start of a day where the children live."""
    return datetime.combine(day, time(), tzinfo=LONDON)


def quarantined(landed: Landed, sentence: str) -> Row:
    """A row that waits for a person, with the reason in words."""
    key, says = (landed.row.key, landed.row.says) if landed.row else ("", "")
    return Row(landed.line.number, landed.line.raw, "quarantined", sentence, None, key, says)


def settled(landed: Landed, row: Read, state: Any, entry_id: int | None, more: str = "") -> Row:
    """A row that was recorded, or was known already."""
    noted = landed.sentence if state == "recorded" else ""
    sentence = " ".join(filter(None, (noted, more)))
    line = landed.line
    return Row(line.number, line.raw, state, sentence, entry_id, row.key, row.says)


def land(feed: Feed, file_id: int, chunk: Sequence[Landed]) -> Batch:
    """Land some rows of one table. Raises nothing for a row: what is wrong is quarantined."""
    batch = Batch()
    said = last_said(feed.key, [each.row.key for each in chunk if each.row])
    fresh: list[tuple[Landed, Read, Said | None]] = []
    here: dict[str, Landed] = {}
    for each in chunk:
        row = each.row
        if row is None:
            batch.rows.append(quarantined(each, each.sentence))
            continue
        before = said.get(row.key)
        above = here.setdefault(row.key, each)
        if above is not each and above.row and above.row.says != row.says:
            batch.rows.append(quarantined(each, _other_way(above.line.number)))
        elif above is not each:
            batch.rows.append(settled(each, row, "known", None, f"As row {above.line.number}."))
        elif before and before.is_said_by(row.says):
            batch.rows.append(settled(each, row, "known", before.entry_id))
        elif before and before.file_id == file_id:
            batch.rows.append(quarantined(each, _other_way(None)))
        else:
            fresh.append((each, row, before))
    _land_children(feed, batch, [(a, r, b) for a, r, b in fresh if isinstance(r, ChildRow)])
    _land_episodes(feed, batch, [(a, r, b) for a, r, b in fresh if isinstance(r, EpisodeRow)])
    return batch


def _other_way(number: int | None) -> str:
    where = f"Row {number}" if number else "An earlier row"
    return f"{where} of this file says something else of the same. Decide which is right."


def _land_children(
    feed: Feed, batch: Batch, fresh: list[tuple[Landed, ChildRow, Said | None]]
) -> None:
    met = meet_many([_described(feed, row) for _, row, _ in fresh], feed.by, feed.at)
    new = [(n, row) for n, (_, row, before) in enumerate(fresh) if before is None]
    ids = record_many(
        [Item(_looked_after(feed), met[n].person_id, met[n].source_record_id) for n, _ in new],
        by=feed.by,
        at=feed.at,
    )
    entries = dict(zip((n for n, _ in new), ids, strict=True))
    for n, (each, row, before) in enumerate(fresh):
        entry = before.entry_id if before else entries[n]
        again = "A newer description of a child who was here already." if before else ""
        batch.rows.append(settled(each, row, "recorded", entry, again or _doubt(met[n])))
        batch.people.append((met[n].person_id, met[n].outcome))


def _doubt(arrived: Arrived) -> str:
    return arrived.sentence if arrived.outcome == "possible" else ""


def _described(feed: Feed, row: ChildRow) -> Description:
    return Description(
        feed=feed.key, ref=row.child, born_on=row.born_on, sex=row.sex, ethnicity=row.ethnicity,
        identifiers=(("upn", row.upn),) if row.upn else (), facts=row.facts,
        agency_id=feed.council,
    )  # fmt: skip


def _looked_after(feed: Feed) -> LookedAfterOnFile:
    return LookedAfterOnFile(
        source=feed.source,
        as_at=feed.as_at or NotKnown(not_known=NotKnownBecause.NOBODY_KNOWS),
        happened_at=midnight(feed.as_at) if feed.as_at else None,
    )


def _land_episodes(
    feed: Feed, batch: Batch, fresh: list[tuple[Landed, EpisodeRow, Said | None]]
) -> None:
    rows = [row for _, row, _ in fresh]
    on_file = _known_children(feed, batch, rows)
    landing: list[tuple[Landed, EpisodeRow, OnFile]] = []
    for each, row, before in fresh:
        child = on_file[row.child, row.born_on]
        if not child.agrees:
            batch.rows.append(quarantined(each, _BORN_DIFFERS))
        elif before and before.entry_id:
            batch.changes.append(Change(each, row, child.person_id, before.entry_id))
        else:
            landing.append((each, row, child))
    ids = record_many(
        [Item(episode(feed, row), c.person_id, c.source_record_id) for _, row, c in landing],
        by=feed.by,
        at=feed.at,
    )
    for (each, row, _), entry in zip(landing, ids, strict=True):
        batch.rows.append(settled(each, row, "recorded", entry))


_BORN_DIFFERS = (
    "The date of birth is not the one this council gave for the child before. Ask which is right."
)


def _known_children(
    feed: Feed, batch: Batch, rows: Iterable[EpisodeRow]
) -> dict[tuple[str, date | None], OnFile]:
    """Every child of these rows: on file by the council's number, or met by number and birth."""
    asked = list(dict.fromkeys((row.child, row.born_on) for row in rows))
    on_file = by_ref(feed.key, asked)
    batch.people += [(child.person_id, "linked") for child in on_file.values()]
    unknown: dict[str, date | None] = {}
    for ref, born in asked:
        if (ref, born) not in on_file:
            unknown.setdefault(ref, born)
    met = meet_many(
        [
            Description(feed.key, ref, born_on=born, agency_id=feed.council)
            for ref, born in unknown.items()
        ],
        feed.by,
        feed.at,
    )
    batch.people += [(arrived.person_id, arrived.outcome) for arrived in met]
    # Rows that give an unknown child two dates of birth: the first is met, the others wait.
    return on_file | {
        (ref, born): OnFile(arrived.person_id, arrived.source_record_id, born in (None, first))
        for (ref, first), arrived in zip(unknown.items(), met, strict=True)
        for ref_asked, born in asked
        if ref_asked == ref
    }


def episode(feed: Feed, row: EpisodeRow) -> MissingEpisodeOnFile:
    """A row of `missing` as an entry: whole days, the first of them as when it happened."""
    return MissingEpisodeOnFile(
        source=feed.source,
        ended_on=show_day(row.end) if row.end else None,
        away_without_leave=row.without_leave,
        happened_at=midnight(row.start),
    )
