"""What time alone brings: seventeen and a half, and a child missing for long (every night).

Recorded as the system practitioner, as the sweeper records a breach; safe to run twice. Nothing
ends at 18: markers, cases and clocks run on until a named person ends them.
"""

import json
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.db import connection
from django.db.backends.utils import CursorWrapper

from kittiwake.access.actors import system_actor
from kittiwake.access.doors import as_practitioner
from kittiwake.agencies.rota import Rota, rota_at
from kittiwake.journal import knowing
from kittiwake.journal.record import write_details
from kittiwake.kernel.clocks import due_at
from kittiwake.kernel.known import Actor
from kittiwake.kernel.limits import roughly
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.questions import LONDON
from kittiwake.kernel.rulebook import Rulebook

BRIDGE, LONG, LONG_TERM = "CLK-162", "CLK-163", "Long-term"
NEARLY = "child.nearly_adult"

# Born so that they are 18 before the day asked about, not long ago, and something is open.
_NEARLY = """
SELECT q.person_id, q.born_on FROM pointer q
WHERE q.born_on + interval '18 years' <= %(until)s AND q.born_on + interval '18 years' > %(today)s
  AND NOT EXISTS (SELECT 1 FROM clock k WHERE k.person_id = q.person_id AND k.rule = %(rule)s)
  AND (EXISTS (SELECT 1 FROM case_file c WHERE c.person_id = q.person_id AND c.closed_at IS NULL)
    OR EXISTS (SELECT 1 FROM flag f WHERE f.person_id = q.person_id AND f.ended_at IS NULL
               AND f.role = 'child')
    OR EXISTS (SELECT 1 FROM clock k WHERE k.person_id = q.person_id AND k.stopped_at IS NULL))
ORDER BY q.person_id
"""
_LONG = """
SELECT c.id, c.person_id, c.opened_at, c.uid::text,
       (SELECT min(e.id) FROM entry e WHERE e.case_id = c.id AND e.person_id = c.person_id)
FROM case_file c WHERE c.is_active AND c.pathway = 'missing' AND NOT c.is_history
  AND c.opened_at <= %s
  AND NOT EXISTS (SELECT 1 FROM clock k WHERE k.case_id = c.id AND k.rule = %s)
ORDER BY c.id
"""
_CLOCK = """
INSERT INTO clock (uid, rule, rulebook, subject_kind, subject_id, person_id, case_id, grade, lap,
                   started_by_id, started_at, due_at, owner_id, last_rung, is_history)
VALUES (%s, %s, %s, %s, %s, %s, %s, NULL, 0, %s, %s, %s, %s, -1, false)
"""


def night(now: datetime) -> tuple[int, int]:
    """How many children came to be seventeen and a half, and how many episodes long-term."""
    system = system_actor()
    with as_practitioner(system), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rulebook_row")
        book = knowing.rulebook(cursor.fetchone()[0], now.date())
        rota = rota_at(now)
        today = now.astimezone(LONDON).date()
        until = today + roughly(dict(book.clock(BRIDGE).limits)["before_18"])
        cursor.execute(_NEARLY, {"until": until, "today": today, "rule": BRIDGE})
        nearly = cursor.fetchall()
        since = now - roughly(dict(book.clock(LONG).limits)["missing_for"])
        cursor.execute(_LONG, [since, LONG])
        long = cursor.fetchall()
    for person, born_on in nearly:
        with as_practitioner(system, durable=True), connection.cursor() as cursor:
            _nearly_adult(cursor, person, born_on, now, book, rota, system)
    for row in long:
        with as_practitioner(system, durable=True), connection.cursor() as cursor:
            _long_term(cursor, row, now, book, rota)
    return len(nearly), len(long)


def _nearly_adult(
    cursor: CursorWrapper,
    person: int,
    born_on: date,
    now: datetime,
    book: Rulebook,
    rota: Rota,
    system: Actor,
) -> None:
    """Record that adult services are to be brought in, and start its clock (rulebook 6.7)."""
    try:
        adult_on = born_on.replace(year=born_on.year + 18)
    except ValueError:  # born on 29 February: an adult on 1 March
        adult_on = date(born_on.year + 18, 3, 1)
    entry = REGISTER.kinds[NEARLY].model_validate({"adult_on": adult_on})
    cursor.execute(
        "INSERT INTO entry (uid, kind, version, person_id, by_id, happened_at, recorded_at,"
        " out_of_order, is_history, rulebook) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, false, false, %s) RETURNING id",
        [uuid4(), entry.kind, entry.version, person, system.id, now, now, book.version],
    )
    entry_id: int = cursor.fetchone()[0]
    cursor.execute(
        "INSERT INTO about (entry_id, person_id, role, kind, happened_at, recorded_at, by_id,"
        " codes) VALUES (%s, %s, 'child', %s, %s, %s, %s, %s)",
        [entry_id, person, entry.kind, now, now, system.id, json.dumps(entry.codes())],
    )
    write_details(cursor, entry.by_audience(), entry_id, person, system.agency_id)
    rule = book.clock(BRIDGE)
    due = due_at(rule, now, None, book.calendar_for(rule))
    owner = rota.who(rule.owner)
    cursor.execute(
        _CLOCK,
        [uuid4(), rule.id, book.version, "person", person, person, None, entry_id, now, due, owner],
    )
    _tell(cursor, entry_id, owner, "A child is seventeen and a half: bring in adult services.",
          "/my-work", now)  # fmt: skip


def _long_term(
    cursor: CursorWrapper, row: tuple[Any, ...], now: datetime, book: Rulebook, rota: Rota
) -> None:
    """Mark an episode long-term and have it thought of afresh."""
    case, person, _, uid, entry_id = row
    rule = book.clock(LONG)
    owner = rota.who(rule.owner)
    due = due_at(rule, now, None, book.calendar_for(rule))
    cursor.execute(
        _CLOCK,
        [uuid4(), rule.id, book.version, "case", case, person, case, entry_id, now, due, owner],
    )
    cursor.execute(
        "UPDATE case_file SET mark = CASE mark WHEN '' THEN %s ELSE mark END, changed_at = %s "
        "WHERE id = %s",
        [LONG_TERM, now, case],
    )
    _tell(cursor, entry_id, owner, "A child has been missing for so long that it is to be thought "
          "of afresh.", f"/cases/{uid}", now)  # fmt: skip


def _tell(
    cursor: CursorWrapper, entry_id: int, to: int, sentence: str, link: str, now: datetime
) -> None:
    cursor.execute(
        "INSERT INTO message (entry_id, to_id, sentence, link, written_at) "
        "VALUES (%s, %s, %s, %s, %s)",
        [entry_id, to, sentence, link, now],
    )
