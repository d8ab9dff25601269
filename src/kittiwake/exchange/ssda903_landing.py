"""Landing rows of the SSDA903 return: who each is about, what it adds, and what became of it.

Must be called inside `as_practitioner(…, recording=True)`; whatever it writes commits with the
rows that say so.
"""

from collections.abc import Iterable
from datetime import date

from kittiwake.exchange.inbox import Said
from kittiwake.exchange.ssda903_rows import CareRow, ChildRow, EpisodeRow
from kittiwake.exchange.standard import (
    Batch,
    Change,
    Feed,
    Fresh,
    Landed,
    midnight,
    quarantined,
    settled,
)
from kittiwake.journal.entries import LookedAfterOnFile
from kittiwake.journal.filed import CareEpisodeOnFile, CareOnFile, CareTable
from kittiwake.journal.many import Item, record_many
from kittiwake.kernel.answers import NotKnown, NotKnownBecause
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.questions import show_day
from kittiwake.pathways.missing.entries import MissingEpisodeOnFile
from kittiwake.pathways.missing.questions import Account
from kittiwake.people.arrivals import Arrived, Description, OnFile, by_ref, meet_many

Spell = EpisodeRow | CareRow


def land_rows(feed: Feed, batch: Batch, fresh: Fresh) -> None:
    """Land rows that are not known yet: children first, then what happened to them."""
    _land_children(feed, batch, [(a, b) for a, b in fresh if isinstance(a.row, ChildRow)])
    _land_spells(feed, batch, [(a, b) for a, b in fresh if isinstance(a.row, Spell)])


def _land_children(feed: Feed, batch: Batch, fresh: list[tuple[Landed, Said | None]]) -> None:
    met = meet_many([_described(feed, each.row) for each, _ in fresh], feed.by, feed.at)
    new = [n for n, (_, before) in enumerate(fresh) if before is None]
    ids = record_many(
        [Item(_looked_after(feed), met[n].person_id, met[n].source_record_id) for n in new],
        by=feed.by,
        at=feed.at,
    )
    entries = dict(zip(new, ids, strict=True))
    for n, (each, before) in enumerate(fresh):
        entry = before.entry_id if before else entries[n]
        again = "A newer description of a child who was here already." if before else ""
        batch.rows.append(settled(each, "recorded", entry, again or _doubt(met[n])))
        batch.people.append((met[n].person_id, met[n].outcome))


def _doubt(arrived: Arrived) -> str:
    return arrived.sentence if arrived.outcome == "possible" else ""


def _described(feed: Feed, row: ChildRow) -> Description:
    return Description(
        feed=feed.key, ref=row.ref, born_on=row.born_on, sex=row.sex, ethnicity=row.ethnicity,
        identifiers=(("upn", row.upn),) if row.upn else (), facts=row.facts,
        agency_id=feed.agency,
    )  # fmt: skip


def _looked_after(feed: Feed) -> LookedAfterOnFile:
    return LookedAfterOnFile(
        source=feed.source,
        as_at=feed.as_at or NotKnown(not_known=NotKnownBecause.NOBODY_KNOWS),
        happened_at=midnight(feed.as_at) if feed.as_at else None,
    )


def _land_spells(feed: Feed, batch: Batch, fresh: list[tuple[Landed, Said | None]]) -> None:
    on_file = _known_children(feed, batch, [each.row for each, _ in fresh])
    landing: list[tuple[Landed, OnFile]] = []
    for each, before in fresh:
        child = on_file[each.row.ref, each.row.born_on]
        if not child.agrees:
            batch.rows.append(quarantined(each, _BORN_DIFFERS))
        elif before and before.entry_id:
            batch.changes.append(Change(each, child.person_id, before.entry_id))
        else:
            landing.append((each, child))
    ids = record_many(
        [Item(_entry(feed, a.row), c.person_id, c.source_record_id) for a, c in landing],
        by=feed.by,
        at=feed.at,
    )
    for (each, _), entry in zip(landing, ids, strict=True):
        batch.rows.append(settled(each, "recorded", entry))


_BORN_DIFFERS = (
    "The date of birth is not the one this council gave for the child before. Ask which is right."
)


def _known_children(
    feed: Feed, batch: Batch, rows: Iterable[Spell]
) -> dict[tuple[str, date | None], OnFile]:
    """Every child of these rows: on file by the council's number, or met by number and birth."""
    asked = list(dict.fromkeys((row.ref, row.born_on) for row in rows))
    on_file = by_ref(feed.key, asked)
    batch.people += [(child.person_id, "linked") for child in on_file.values()]
    unknown: dict[str, date | None] = {}
    for ref, born in asked:
        if (ref, born) not in on_file:
            unknown.setdefault(ref, born)
    met = meet_many(
        [
            Description(feed.key, ref, born_on=born, agency_id=feed.agency)
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


def _entry(feed: Feed, row: Spell) -> Entry:
    return episode(feed, row) if isinstance(row, EpisodeRow) else care(feed, row)


def episode(feed: Feed, row: EpisodeRow) -> MissingEpisodeOnFile:
    """A row of `missing` as an entry: whole days, the first of them as when it happened."""
    return MissingEpisodeOnFile(
        source=feed.source,
        account=Account.SOCIAL_CARE,
        ended_on=show_day(row.end) if row.end else None,
        back_at=midnight(row.end) if row.end else None,
        away_without_leave=row.without_leave,
        happened_at=midnight(row.start),
    )


def care(feed: Feed, row: CareRow) -> CareEpisodeOnFile | CareOnFile:
    """A row about the child's care as an entry, in whole days."""
    if row.table == "episodes":
        return CareEpisodeOnFile(
            source=feed.source, lived=row.told, until=row.end, in_custody=row.in_custody,
            protection=row.protected, happened_at=midnight(row.start),
        )  # fmt: skip
    # Who came alone is said as at the return: no day of arrival is on it.
    start = feed.as_at if row.table == "uasc" else row.start
    return CareOnFile(
        source=feed.source, table=CareTable(row.table), says=row.told, until=row.end,
        happened_at=midnight(start) if start else None,
    )  # fmt: skip
