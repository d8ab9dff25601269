"""`./kittiwake play FILE`: a scripted history, run by its own clock, read as the inspector would.

A scenario is JSON Lines. `{"people": {...}}` names who acts, `{"children": {...}}` whom it is
about; every other line is something that happens: `at` (instant), `by`, `about`, `entry` (kind)
and the entry's own answers. Lines starting with # are remarks. See docs/how-to/play.md.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connection
from psycopg.conninfo import conninfo_to_dict
from pydantic import ValidationError

from kittiwake.access.actors import actor
from kittiwake.access.doors import NotPermitted, as_practitioner
from kittiwake.journal.record import record
from kittiwake.journal.sweeping import sweep
from kittiwake.kernel import rulebook as shipped
from kittiwake.kernel.clocks import rung_due
from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.language import warnings
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.questions import show_moment

INSTANT = timedelta(milliseconds=1)


class ScenarioError(ValueError):
    """A scenario that cannot be played; the message names the line."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that came of the history: when, what kind of thing, in words."""

    at: str
    what: str
    said: str


@dataclass
class Player:
    """Plays a scenario against an empty, scratch database."""

    owner: psycopg.Connection[Any]
    worker: str
    people: dict[str, int] = field(default_factory=dict)
    children: dict[str, int] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    agencies: dict[str, int] = field(default_factory=dict)
    seen: int = 0

    def play(self, path: Path) -> list[Event]:
        """Every event of a scenario, in order of time. Raises ScenarioError."""
        now: datetime | None = None
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            try:
                now = self._step(json.loads(line), now)
            except (KeyError, ValueError, ValidationError) as problem:
                raise ScenarioError(f"Line {number}: {problem}") from problem
        return self.events

    def _step(self, line: dict[str, Any], now: datetime | None) -> datetime | None:
        if "people" in line:
            for key, who in line["people"].items():
                self._hire(key, who)
            return now
        if "children" in line:
            for key, who in line["children"].items():
                self._meet(key, who)
            return now
        at = datetime.fromisoformat(line.pop("at")).astimezone(UTC)
        self._pass_time(now, at)
        if "entry" in line:
            self._happens(at, line)
        return at

    # ── Who there is ────────────────────────────────────────────────────────────────

    def _hire(self, key: str, who: dict[str, Any]) -> None:
        kind = who.get("agency", "police")
        if kind not in self.agencies:
            self.agencies[kind] = self._id(
                "INSERT INTO agency (uid, kind, name, phone, nation) "
                "VALUES (%s, %s, %s, '', 'ENG')",
                uuid4(), kind, kind.replace("_", " ").capitalize(),
            )  # fmt: skip
        self.people[key] = self._id(
            "INSERT INTO practitioner (uid, name, title, rank, agency_id, phone, email, is_system,"
            " is_active) VALUES (%s, %s, '', %s, %s, '', '', %s, true)",
            uuid4(), who["name"], who.get("rank", 0), self.agencies[kind], key == "system",
        )  # fmt: skip
        for role in who.get("roles", [key]):
            self.owner.execute(
                "INSERT INTO role_held (practitioner_id, role, from_at) VALUES (%s, %s, %s)",
                [self.people[key], role, datetime(2000, 1, 1, tzinfo=UTC)],
            )

    def _meet(self, key: str, who: dict[str, Any]) -> None:
        born = date.fromisoformat(who["born"]) if "born" in who else None
        by = actor(next(iter(self.people.values())))
        with as_practitioner(by), connection.cursor() as cursor:
            cursor.execute(
                "SELECT meet_person(%s, %s, %s, %s)",
                [uuid4(), who["name"], who["name"].casefold(), born],
            )
            self.children[key] = cursor.fetchone()[0]
        for agency in who.get("known_to", self.agencies):
            self.owner.execute(
                "INSERT INTO known_to (person_id, agency_id, role) VALUES (%s, %s, '')",
                [self.children[key], self.agencies[agency]],
            )

    def _id(self, sql: str, *values: Any) -> int:
        row = self.owner.execute(f"{sql} RETURNING id", list(values)).fetchone()
        assert row is not None
        return int(row[0])

    # ── What happens ────────────────────────────────────────────────────────────────

    def _happens(self, at: datetime, line: dict[str, Any]) -> None:
        cls = REGISTER.kinds[line.pop("entry")]
        by, about = line.pop("by"), line.pop("about")
        line = {k: self._action(v) if k == "action_uid" else v for k, v in line.items()}
        entry = cls.model_validate(line)
        self._warn(at, entry)
        try:
            told = record(entry, person=self.children[about], by=actor(self.people[by]), at=at)
        except Refused as refused:
            self._tell(at, "refused", f"{cls.title} ({by}): {refused}")
            return
        except NotPermitted as refused:
            self._tell(at, "refused", f"{cls.title} ({by}): {refused}")
            return
        if told.already:
            self._tell(at, "already", f"{cls.title}: {told.already_by} recorded this before")
            return
        order = " (out of order)" if told.out_of_order else ""
        self._tell(at, "recorded", f"{cls.title} by {by}{order}. {entry.told()}")
        self._came_of(at, told.entry_id)

    def _action(self, title: str) -> str:
        """Actions are named in a scenario by how their title begins."""
        row = self.owner.execute(
            "SELECT uid::text FROM action WHERE title LIKE %s ORDER BY id DESC LIMIT 1",
            [f"{title}%"],
        ).fetchone()
        if row is None:
            raise ScenarioError(f"there is no action that begins “{title}”")
        return str(row[0])

    def _warn(self, at: datetime, entry: Entry) -> None:
        for warning in warnings(entry.narrative()):
            self._tell(at, "language", f"“{warning.text}”: {warning.better}")

    def _came_of(self, at: datetime, entry_id: int) -> None:
        """Everything the entry brought about, read back from what was written."""
        rows = self.owner.execute(_CAME_OF, {"entry": entry_id}).fetchall()
        for what, said in rows:
            self._tell(at, what, said)

    def _pass_time(self, since: datetime | None, until: datetime) -> None:
        """Let the worker sweep at each instant at which a rung falls due."""
        now = since
        while now is not None and now <= until:
            alarm = self._next_alarm(now)
            if alarm is None or alarm > until:
                return
            with self._as_worker():
                sweep(alarm)
            self._climbed(alarm)
            now = alarm

    def _next_alarm(self, now: datetime) -> datetime | None:
        """When the next rung of any running clock falls due; its last one repeats once here."""
        book = shipped.load()
        found = []
        for rule_id, started, due, last in self.owner.execute(_RUNNING):
            rule = book.clock(rule_id)
            if last < len(rule.ladder):
                found.append(max(rung_due(rule, started, due, last + 1), now + INSTANT))
        return min(found, default=None)

    def _climbed(self, at: datetime) -> None:
        rows = self.owner.execute(_CLIMBED, {"at": at}).fetchall()
        for rung, rule, name, role in rows:
            if rung >= len(shipped.load().clock(rule).ladder):
                continue  # the last rung repeats until somebody answers; once is enough to read
            what = "breached" if rung == 0 else "escalated"
            self._tell(at, what, f"{rule} raised to {name} ({role.replace('_', ' ')})")

    @contextmanager
    def _as_worker(self) -> Iterator[None]:
        """Django's connection as the worker's database role, as in the worker process."""
        address = conninfo_to_dict(self.worker)
        kept = {k: connection.settings_dict[k] for k in ("USER", "PASSWORD")}
        connection.close()
        connection.settings_dict |= {"USER": address["user"], "PASSWORD": address["password"]}
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict |= kept

    def _tell(self, at: datetime, what: str, said: str) -> None:
        self.events.append(Event(at.isoformat(), what, said))


_RUNNING = """
SELECT rule, started_at, due_at, last_rung FROM clock
WHERE stopped_at IS NULL AND acknowledged_at IS NULL AND due_at IS NOT NULL
"""
_CAME_OF = """
SELECT 'clock started', k.rule || ' due ' || coalesce(to_char(k.due_at AT TIME ZONE
         'Europe/London', 'DD/MM HH24:MI'), 'at once') || ', ' || p.name
  FROM clock k JOIN practitioner p ON p.id = k.owner_id WHERE k.started_by_id = %(entry)s
UNION ALL
SELECT 'clock stopped', k.rule FROM clock k
  WHERE k.stopped_by_id = %(entry)s AND k.started_by_id <> %(entry)s
UNION ALL
SELECT 'action', a.title || ' (' || p.name || ')' FROM action a
  JOIN practitioner p ON p.id = a.owner_id WHERE a.entry_id = %(entry)s
UNION ALL
SELECT 'marker', f.type FROM flag f WHERE f.raised_by_id = %(entry)s
UNION ALL
SELECT 'told', p.name || ': ' || m.sentence FROM message m
  JOIN practitioner p ON p.id = m.to_id WHERE m.entry_id = %(entry)s
UNION ALL
SELECT 'judged', s.level || ': ' || coalesce((SELECT string_agg(r->>'sentence', ' ')
         FROM jsonb_array_elements(s.reasons) r), 'nothing known')
  FROM assessment s WHERE s.entry_id = %(entry)s
"""
_CLIMBED = """
SELECT x.rung, k.rule, p.name, x.role FROM escalation x JOIN clock k ON k.id = x.clock_id
JOIN practitioner p ON p.id = x.to_id WHERE x.raised_at = %(at)s ORDER BY k.rule, x.rung
"""


def play(path: Path, owner: str, worker: str) -> list[Event]:
    """Play one scenario; `owner` and `worker` are addresses of a scratch database's roles."""
    with psycopg.connect(owner, autocommit=True) as link:
        return Player(link, worker).play(path)


def as_words(events: list[Event], width: Callable[[str], str] = str) -> str:
    """The events for a person: the time once, what came of it below."""
    lines, last = [], ""
    for event in events:
        when = show_moment(event.at)
        lines.append(f"\n{when}" if when != last else "")
        last = when
        lines.append(width(f"  {event.what:<14} {event.said}"))
    return "\n".join(line for line in lines if line)


def as_json(events: list[Event]) -> str:
    """One line of JSON for each event."""
    return "\n".join(json.dumps(asdict(e)) for e in events)
