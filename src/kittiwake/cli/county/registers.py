"""The county’s registers: a partner’s list that differs from ours, and who is trained."""

import json
from datetime import datetime, timedelta

from django.db import connection

from kittiwake.access.actors import actor
from kittiwake.agencies.rota import rota_at
from kittiwake.cli.county.staff import Staff
from kittiwake.exchange import markers
from kittiwake.kernel import rulebook as shipped
from kittiwake.kernel.limits import roughly
from kittiwake.kernel.markers import rules
from kittiwake.kernel.training import courses, last_day

_PLANS = """
SELECT q.name, q.born_on, i.value, f.ours
FROM pointer q JOIN identifier i ON i.person_id = q.person_id AND i.scheme = 'nhs' AND i.is_valid
CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM flag f WHERE f.person_id = q.person_id
    AND f.type = 'protection_plan' AND f.ended_at IS NULL) AS ours) f
WHERE NOT q.is_restricted AND q.born_on > current_date - interval '17 years'
ORDER BY f.ours DESC, q.person_id
"""
# Markers from a life told in memory: looked at by turns in the weeks to come.
_TO_REVIEW = """
UPDATE flag f SET review_at = %(now)s + make_interval(days => 4 + (f.id %% 75)::int),
       owner_id = coalesce(f.owner_id, (%(owners)s::jsonb->>f.type)::bigint)
WHERE f.ended_at IS NULL AND f.role = 'child'
  AND NOT EXISTS (SELECT 1 FROM clock k WHERE k.rule = 'CLK-160' AND k.subject_id = f.id)
"""
_CLOCKS = """
INSERT INTO clock (uid, rule, rulebook, subject_kind, subject_id, person_id, grade, lap,
    started_by_id, started_at, due_at, owner_id, last_rung, is_history)
SELECT gen_random_uuid(), 'CLK-160', %(book)s, 'matter', f.id, f.person_id, f.type, 0,
    f.raised_by_id, f.review_at - (%(limits)s::jsonb->>f.type)::interval, f.review_at,
    f.owner_id, -1, false
FROM flag f WHERE f.ended_at IS NULL AND f.role = 'child' AND f.owner_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM clock k WHERE k.rule = 'CLK-160' AND k.subject_id = f.id)
"""
# Who is trained for what, and how many days ago they were.
TRAINED = (
    ("inspector", "missing_risk", 200), ("ccr_inspector", "missing_risk", 400),
    ("superintendent", "missing_risk", 90), ("ddi", "missing_risk", 760),
    ("inspector", "child_abuse", 500), ("ccr_inspector", "child_abuse", 300),
    ("hub", "child_abuse", 700), ("hub_di", "child_abuse", 150), ("ddi", "child_abuse", 820),
    ("superintendent", "child_abuse", 30),
)  # fmt: skip


def keep(staff: Staff, now: datetime) -> None:
    """Every marker's review, a council's list a little longer and shorter than ours, training."""
    _review_markers(now)
    _train(staff, now)
    with connection.cursor() as cursor:
        cursor.execute(_PLANS)
        found = cursor.fetchall()
        cursor.execute("SELECT agency_id FROM practitioner WHERE id = %s", [staff.ids["manager"]])
        (council,) = cursor.fetchone()
    ours = sum(row[3] for row in found)
    since = f"{now - timedelta(days=70):%d/%m/%Y}"
    rows = [
        f"{name},{born:%d/%m/%Y},{number},Child protection plan,{since}"
        for name, born, number, _ in found[2 : ours + 3]
    ]
    body = "\n".join(["NAME,BORN,NHS,MARKER,FROM", *rows]).encode()
    by, at = actor(staff.ids["clerk"]), now - timedelta(hours=30)
    markers.bring_in("plans.csv", body, "child protection plans", council, by, at)
    markers.reconcile(actor(staff.ids["hub"]), now - timedelta(hours=8))


def _review_markers(now: datetime) -> None:
    """A clock for each marker that stands, as a marker raised by somebody has one."""
    rota, book = rota_at(now), shipped.load()
    owners = {key: rota.who(rule.owner) for key, rule in rules().items()}
    limits = {key: f"{roughly(limit).days} days" for key, limit in book.clock("CLK-160").limits}
    asked: dict[str, datetime | str] = {
        "now": now,
        "owners": json.dumps(owners),
        "limits": json.dumps(limits),
        "book": book.version,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TO_REVIEW, asked)
        cursor.execute(_CLOCKS, asked)


def _train(staff: Staff, now: datetime) -> None:
    with connection.cursor() as cursor:
        for who, course, days in TRAINED:
            taken = now.date() - timedelta(days=days)
            cursor.execute(
                "INSERT INTO trained (practitioner_id, course, from_on, until_on, evidence,"
                " kept_by_id, kept_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [staff.ids[who], course, taken, last_day(courses()[course], taken),
                 f"Course of {taken:%B %Y}, certificate on file", staff.ids["clerk"],
                 now - timedelta(days=days - 7)],
            )  # fmt: skip
