"""What arrived: every report kept exactly as it came, and what became of it.

A report is committed before anybody reads it, so that nothing that arrived is ever lost:
what cannot be read or placed waits in quarantine with a sentence a clerk understands.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from django.db import connection

from kittiwake.access.doors import as_practitioner
from kittiwake.kernel.known import Actor

State = Literal["received", "recorded", "known", "refused", "quarantined", "kept", "settled"]
"""received: not read yet · recorded: an entry was made of it · known: it was here before ·
refused: the sender was told why not · quarantined: a person must look · kept: this version does
not read its kind · settled: looked at."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A report as kept; `before` is the report of the same feed with the same content, if any."""

    id: int
    uid: str
    digest: str
    before: int | None


def digest_of(body: bytes) -> str:
    """The SHA-256 of a body in hexadecimal: how the same file or row is recognised."""
    return hashlib.sha256(body).hexdigest()


def keep(
    feed: str,
    agency_id: int,
    by: Actor,
    name: str,
    body: bytes,
    received_at: datetime,
    *,
    uid: UUID | None = None,
) -> Kept:
    """Keep what arrived, byte for byte, and commit; its state is `received`.

    `feed` names the stream it came by, `agency_id` whose it is: the sender's own agency.
    """
    digest = digest_of(body)
    with as_practitioner(by, durable=True), connection.cursor() as cursor:
        before = _find(feed, digest)
        cursor.execute(
            "INSERT INTO report (uid, feed, agency_id, by_id, received_at, name, digest, body,"
            " state, sentence) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'received', '') "
            "RETURNING id, uid::text",
            [uid or uuid4(), feed, agency_id, by.id, received_at, name[:200], digest, body],
        )
        id_, text = cursor.fetchone()
    return Kept(id_, text, digest, before)


def find(feed: str, body: bytes, by: Actor) -> "Waiting | None":
    """The first whole report of this feed with exactly this content, or None."""
    with as_practitioner(by):
        found = _find(feed, digest_of(body))
        return next(iter(_waiting(_LISTED + "r.id = %s", found)), None) if found else None


def _find(feed: str, digest: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(id) FROM report WHERE feed = %s AND digest = %s AND part_of_id IS NULL",
            [feed, digest],
        )
        found: int | None = cursor.fetchone()[0]
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a kept file: its line, its bytes, and what became of it.

    `key` says what the row is about, `says` what it says of it, however it is written: both are
    how a later file is recognised as known, or as saying something else.
    """

    row: int
    body: bytes
    state: State
    sentence: str = ""
    entry_id: int | None = None
    key: str = ""
    says: str = ""


def keep_rows(of: int, rows: Sequence[Row]) -> None:
    """Keep the rows of a file as they came, each with what became of it.

    Must be called inside `as_practitioner`, in the transaction that records them.
    """
    columns: list[list[Any]] = [
        [r.key for r in rows], [r.row for r in rows],
        [digest_of(r.says.encode() if r.says else r.body) for r in rows],
        [r.body for r in rows], [r.state for r in rows], [r.sentence[:500] for r in rows],
        [r.entry_id for r in rows],
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO report (uid, feed, agency_id, by_id, received_at, part_of_id, name, row,"
            " digest, body, state, sentence, entry_id) "
            "SELECT gen_random_uuid(), f.feed, f.agency_id, f.by_id, f.received_at, f.id, t.* "
            "FROM report f, unnest(%s::text[], %s::int[], %s::text[], %s::bytea[], %s::text[],"
            " %s::text[], %s::bigint[]) AS t WHERE f.id = %s",
            [*columns, of],
        )


@dataclass(frozen=True, slots=True)
class Said:
    """What a feed last said about something, and in which file."""

    digest: str
    entry_id: int | None
    file_id: int

    def is_said_by(self, says: str) -> bool:
        """Whether this row says the same again."""
        return self.digest == digest_of(says.encode())


def last_said(feed: str, keys: Iterable[str]) -> dict[str, Said]:
    """What a feed last said about these keys and was recorded. Inside `as_practitioner`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (name) name, digest, entry_id, part_of_id FROM report "
            "WHERE feed = %s AND part_of_id IS NOT NULL AND state = 'recorded' "
            "AND name = ANY (%s) ORDER BY name, id DESC",
            [feed, sorted(set(keys))],
        )
        return {row[0]: Said(*row[1:]) for row in cursor.fetchall()}


def rows_kept(of: int) -> dict[int, tuple[str, int | None]]:
    """The rows of a file that are kept already: line, (state, entry). Inside `as_practitioner`.

    An import that stopped half way goes on with the others.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row, state, entry_id FROM report WHERE part_of_id = %s ORDER BY id", [of]
        )
        return {row: (state, entry) for row, state, entry in cursor.fetchall()}


def settle(
    report_id: int,
    state: State,
    sentence: str = "",
    entry_id: int | None = None,
    *,
    by: Actor,
) -> None:
    """Say what became of a report. Raises LookupError for one this practitioner may not see."""
    with as_practitioner(by), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE report SET state = %s, sentence = %s, entry_id = coalesce(%s, entry_id) "
            "WHERE id = %s",
            [state, sentence[:500], entry_id, report_id],
        )
        if cursor.rowcount != 1:
            raise LookupError(f"no report {report_id}")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report as a clerk sees it in the quarantine."""

    uid: str
    id: int
    feed: str
    name: str
    row: int | None
    received_at: datetime
    state: str
    sentence: str
    agency_id: int
    agency: str
    body: memoryview | bytes
    part_of: str | None


_WHOLE = (
    "SELECT r.uid::text, r.id, r.feed, coalesce(f.name, r.name), r.row, r.received_at, r.state,"
    " r.sentence, a.id, a.name, r.body, f.uid::text FROM report r "
    "JOIN agency a ON a.id = r.agency_id LEFT JOIN report f ON f.id = r.part_of_id WHERE "
)
# A list of them never carries the files themselves.
_LISTED = _WHOLE.replace("r.body", "''::bytea")


def quarantine(most: int = 200) -> list[Waiting]:
    """What waits for a person, newest first, bodies left out. In `as_practitioner`."""
    return _waiting(_LISTED + "r.state = 'quarantined' ORDER BY r.id DESC LIMIT %s", most)


def rows_said(of: int, most: int = 500) -> list[Waiting]:
    """The rows of a file with something to say, their bodies left out. In `as_practitioner`."""
    return _waiting(
        _LISTED + "r.part_of_id = %s AND r.sentence <> '' AND r.state <> 'known' "
        f"ORDER BY r.row, r.id LIMIT {int(most)}",
        of,
    )


def report(uid: UUID) -> Waiting | None:
    """One report as it came. Must be called inside `as_practitioner`."""
    return next(iter(_waiting(_WHOLE + "r.uid = %s", uid)), None)


def _waiting(sql: str, value: int | UUID) -> list[Waiting]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [value])
        return [Waiting(*row) for row in cursor.fetchall()]


def file_of(part: Waiting) -> Waiting:
    """The file a row is part of, or the report itself. Must be called inside `as_practitioner`."""
    return (part.part_of and report(UUID(part.part_of))) or part


def uid_of(report_id: int) -> str:
    """The uid of a report, for links. Must be called inside `as_practitioner`."""
    return _waiting(_LISTED + "r.id = %s", report_id)[0].uid


def recorded_since(feed: str, digest: str, since: datetime) -> str | None:
    """The uid of a report with this content that was recorded since. In `as_practitioner`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT uid::text FROM report WHERE feed = %s AND digest = %s AND state = 'recorded' "
            "AND part_of_id IS NULL AND received_at >= %s ORDER BY id LIMIT 1",
            [feed, digest, since],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def waiting_by_feed() -> dict[str, int]:
    """How many reports of each feed wait in the quarantine. Inside `as_practitioner`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT feed, count(*) FROM report WHERE state = 'quarantined' GROUP BY feed"
        )
        return dict(cursor.fetchall())
