"""Jobs written in the transaction of the entry that causes them (procrastinate).

No clock lives here: a deadline is a row, swept. A job may run twice and must not mind.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import connection
from procrastinate.contrib.django import app

from kittiwake.access.actors import system_actor
from kittiwake.access.doors import as_practitioner
from kittiwake.journal import knowing
from kittiwake.journal.assessing import write_assessment
from kittiwake.journal.growing import night
from kittiwake.risk.facts import Child

JUDGE_LINKED = "kittiwake.judge_linked"


@app.periodic(cron="20 1 * * *")
@app.task(name="kittiwake.night", queue="nightly")
def every_night(timestamp: int) -> None:
    """What time alone brings, as at the time it is due: seventeen and a half, and long-term."""
    night(datetime.fromtimestamp(timestamp, UTC))


@app.task(name=JUDGE_LINKED, queue="judging", retry=5)
def judge_linked(people: list[int], entry_id: int, at: str) -> None:
    """Judge again those merely linked to a child something happened to (rule 6): one hop."""
    judge_people(people, entry_id, datetime.fromisoformat(at))


def judge_people(people: Iterable[int], entry_id: int, at: datetime) -> None:
    """Judge these people now by one aggregate query each, and tell who works with them."""
    compiled = knowing.policy()
    with as_practitioner(system_actor(), durable=True), connection.cursor() as cursor:
        for person in people:
            cursor.execute("SELECT born_on FROM pointer WHERE person_id = %s", [person])
            row = cursor.fetchone()
            if row is None:
                continue
            age = (at.date() - row[0]).days / 365.2425 if row[0] else None
            cursor.execute(compiled.sql, {"person": person, "now": at})
            row = [json.loads(v) if isinstance(v, str) else v for v in cursor.fetchone()]
            assessed = compiled.judge_row(row, Child(age), at)
            write_assessment(cursor, person, entry_id, at, assessed)
            cursor.execute(
                "UPDATE pointer SET level = %s WHERE person_id = %s",
                [assessed.level.word, person],
            )
            cursor.execute(
                "INSERT INTO message (entry_id, to_id, sentence, link, written_at) "
                "SELECT %s, k.practitioner_id, %s, '/my-work', %s FROM known_to k "
                "WHERE k.person_id = %s AND k.practitioner_id IS NOT NULL AND k.until_on IS NULL",
                [
                    entry_id,
                    "Something happened to somebody close to a child you work with.",
                    at,
                    person,
                ],
            )
