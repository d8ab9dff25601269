"""`bench attention`: the county's busiest night lived again, and who was interrupted how often.

The night is looked for in ten years of the county at scale 1; its episodes are recorded by
`record()`, each entry at its moment, while the worker sweeps and posts by the same clock. An
interruption is one e-mail: everything that waited for one person, bundled by child.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connection
from django.utils import timezone
from psycopg.conninfo import conninfo_to_dict

from kittiwake.access.actors import actor, system_actor
from kittiwake.agencies.rota import Rota, rota_at
from kittiwake.cli.bench import Counted
from kittiwake.cli.county import rates
from kittiwake.cli.county.careers import Career, careers
from kittiwake.cli.county.children import Child
from kittiwake.cli.county.crew import POOLS, Crew
from kittiwake.cli.county.episodes import Episode
from kittiwake.cli.county.families import BLOCK, draw
from kittiwake.cli.county.past import Chronicler
from kittiwake.cli.county.plots import PLOTS
from kittiwake.cli.county.staff import Staff
from kittiwake.journal import knowing
from kittiwake.journal.entries import ActionSettled
from kittiwake.journal.lives import Life
from kittiwake.journal.past import Past
from kittiwake.journal.posting import post
from kittiwake.journal.record import record
from kittiwake.journal.sweeping import sweep
from kittiwake.kernel import rulebook
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.known import Actor
from kittiwake.kernel.questions import LONDON

AT_MOST = 12
FROM, HOURS = time(19), 12
BEFORE = timedelta(hours=30)
"""How long before the night what is told begins: whoever is missing still may be waiting."""
ROUND = timedelta(minutes=1)
SEED = 1
WEEK, LATELY = timedelta(weeks=1), timedelta(days=8)


@dataclass(frozen=True)
class Line:
    """One entry of the night: who recorded what about whom, when, in which case."""

    at: datetime
    by: Actor
    entry: Entry
    person: int
    life: Life
    case: str | None


class Scripted(Chronicler):
    """Tells as the county is told, and keeps the script."""

    script: list[Line]

    def say(self, by: str, entry: Entry, child: Child, at: datetime, **more: Any) -> str | None:
        """Tell an entry, and note it."""
        case = super().say(by, entry, child, at, **more)
        self.script.append(
            Line(self.last, self.actors[by], entry, child.person, self.life, more.get("case"))
        )
        return case

    def tell_one(self, life: Life, episode: Episode) -> None:
        """One episode from its report to its closing."""
        self._begin(life)
        self._episode(episode, self.now)
        self._tell_steps()


def bench(owner: str, worker: str) -> list[Counted]:
    """Live the busiest night again, in a demo of the scenes alone; `worker` is that role's address.

    One duty inspector answers for the whole county, the worst that a rota can be.
    """
    now = timezone.now()
    began, episodes = busiest(SEED, now)
    until = began + timedelta(hours=HOURS)
    script = told(episodes, began, now)
    with psycopg.connect(owner, autocommit=True) as link:
        _live(script, link, worker, began, until)
        inspector = rota_at(began).who("duty_inspector")
        sent, left = _sent(link, inspector, began, until)
    bundled = Counter((at, link) for at, link in sent)
    hours = [_most({at for at, _ in sent}), _most([at for at, _ in bundled]), _most(sent_at(sent))]
    interruptions = sorted({at for at, _ in sent})
    return [
        Counted("attention", len(interruptions), hours[0], f"at most {AT_MOST} in any hour",
                hours[0] <= AT_MOST and left == 0, {
                    "night": f"{began:%Y-%m-%d}",
                    "missing_that_night": sum(began <= e.began < until for e in episodes),
                    "messages": len(sent), "most_messages_in_an_hour": hours[2],
                    "most_by_child_in_an_hour": hours[1],
                    "mean_in_an_hour": round(len(interruptions) / HOURS, 1),
                    "never_sent": left,
                })
    ]  # fmt: skip


def sent_at(sent: list[tuple[datetime, str]]) -> list[datetime]:
    """When each message left."""
    return [at for at, _ in sent]


def _most(at: Any) -> int:
    """The most that fall into any sixty minutes."""
    times = sorted(at)
    hour = timedelta(hours=1)
    return max((sum(t <= u < t + hour for u in times) for t in times), default=0)


def busiest(seed: int, now: datetime) -> tuple[datetime, list[Episode]]:
    """When the busiest night of the county at scale 1 begins, and every episode around it."""
    begun: list[tuple[datetime, Career]] = []
    for number in range(rates.CHILDREN // BLOCK):
        block = draw(seed, number, BLOCK, now.date())
        begun += [(b, career) for career in careers(block, BLOCK, now) for b in career.begins]
    nights = Counter(night for b, _ in begun if (night := _night(b)))
    day = max(nights, key=lambda d: (nights[d], d))
    began = datetime.combine(day, FROM, LONDON)
    around = [(b, c) for b, c in begun if began - BEFORE <= b < began + timedelta(hours=HOURS)]
    # Lived under the rules that are in force now: whole weeks later, so that a Friday stays one.
    later = (now - LATELY - began) // WEEK * WEEK
    random = Random(seed)
    around.sort(key=lambda pair: pair[0])
    return began + later, [Episode(c.child, random.choice(PLOTS), b + later) for b, c in around]


def _night(at: datetime) -> date | None:
    """The day on whose evening the night of an instant began; None by day."""
    local = at.astimezone(LONDON)
    shifted = local - timedelta(hours=FROM.hour)
    return shifted.date() if local.hour >= FROM.hour or local.hour < 7 else None


def told(episodes: list[Episode], night: datetime, now: datetime) -> list[Line]:
    """What was recorded in each episode, in order of time, by whoever holds each role here."""
    rota = rota_at(night)
    crew = Crew(Staff(), holders=rota.holders)
    crew.pools = {role: [actor(rota.who(role))] for role, *_ in POOLS}
    crew.desks = {"system": system_actor()}
    crew.homes = [(0, 0, "Samphire House", actor(rota.who("home_manager")))]
    crew.schools = [(0, 0, "Creek Lane School", actor(rota.who("school_safeguarding_lead")))]
    crew.names = _names()
    teller = Scripted(crew, Random(SEED), now)
    teller.script = []
    for episode, person in zip(episodes, _children(), strict=False):
        child = episode.child
        child.person, child.school, child.worker = person, "0", ""
        child.home = "0" if child.home else ""
        past = _past(rota, crew)
        teller.tell_one(Life(past, person, child.born_on), episode)
    return sorted(teller.script, key=lambda line: line.at)


def _past(rota: Rota, crew: Crew) -> Past:
    return Past(
        rota=lambda _: rota, system=crew.desks["system"], names=crew.names, book=rulebook.load(),
        policy=knowing.policy(), uid=lambda: str(uuid4()), entries=count(1), cases=count(1),
        clocks=count(1),
    )  # fmt: skip


def _names() -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM practitioner")
        return dict(cursor.fetchall())


def _children() -> Iterator[int]:
    """Children of the scenes to whom nothing happens there."""
    from kittiwake.access.doors import as_practitioner

    inspector = actor(rota_at(timezone.now()).who("duty_inspector"))
    with as_practitioner(inspector), connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM pointer q WHERE NOT is_restricted AND markers = '[]' "
            "AND NOT EXISTS (SELECT FROM case_file c WHERE c.person_id = q.person_id) ORDER BY 1"
        )
        rows = cursor.fetchall()
    return iter([person for (person,) in rows])


# ── The night itself ────────────────────────────────────────────────────────────────────────


def _live(
    script: list[Line], link: psycopg.Connection[Any], worker: str, began: datetime, until: datetime
) -> None:
    """Record each line at its moment; the worker sweeps and posts every minute of the night."""
    pause = rulebook.load().teams.pause
    cases: dict[tuple[int, str], str] = {}
    lines = iter([line for line in script if line.at < until])
    line = next(lines, None)
    at = began - ROUND
    while at <= until + pause:
        while line is not None and line.at <= at:
            _record(line, link, cases)
            line = next(lines, None)
        with _as_worker(worker):
            sweep(at)
            post(at, pause)
        at += ROUND


def _record(line: Line, link: psycopg.Connection[Any], cases: dict[tuple[int, str], str]) -> None:
    entry = line.entry
    if isinstance(entry, ActionSettled):
        row = link.execute(
            "SELECT uid::text FROM action WHERE person_id = %s AND title = %s "
            "AND settled_at IS NULL ORDER BY id", [line.person, str(entry.action)],
        ).fetchone()  # fmt: skip
        if row is None:
            return
        entry = entry.model_copy(update={"action_uid": row[0]})
    case = cases.get((line.person, line.case)) if line.case else None
    done = record(entry, person=line.person, by=line.by, at=line.at, case=case)
    for known in line.life.cases.values():
        cases.setdefault((line.person, known["uid"]), str(done.case_uid))


def _sent(
    link: psycopg.Connection[Any], to: int, began: datetime, until: datetime
) -> tuple[list[tuple[datetime, str]], int]:
    """Each message to somebody that night: when it left, about what; and how many never did."""
    rows = link.execute(
        "SELECT sent_at, link FROM message WHERE to_id = %s AND written_at >= %s "
        "AND written_at < %s", [to, began, until],
    ).fetchall()  # fmt: skip
    return [(at, about) for at, about in rows if at], sum(at is None for at, _ in rows)


@contextmanager
def _as_worker(address: str) -> Iterator[None]:
    """Django's connection as the worker's database role, as in the worker process."""
    parts = conninfo_to_dict(address)
    kept = {k: connection.settings_dict[k] for k in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict |= {"USER": parts["user"], "PASSWORD": parts["password"]}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= kept
