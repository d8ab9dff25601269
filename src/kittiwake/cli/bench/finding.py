"""`bench find`: who is it, against trigram search over the same table in the same run."""

import time
from random import Random
from typing import Any

import psycopg
from django.db import connection

from kittiwake.access.doors import as_practitioner
from kittiwake.cli.acting import say
from kittiwake.cli.bench import Figure, demo_actor, p50, p95
from kittiwake.cli.bench.population import Someone, asked_for, load, people
from kittiwake.people.finding import Question, as_number, of_names, who_is
from kittiwake.people.names import name_key

SCALE_1 = 400_000
ASKED, ASKED_OF_TRIGRAMS = 1000, 150
ABSENT = 0.12
PROMISED_MS, PROMISED_FOUND = 10, 0.96
_TRIGRAMS = """
SELECT person_id FROM pointer WHERE name_key %% %s
ORDER BY similarity(name_key, %s) + (born_on IS NOT DISTINCT FROM %s)::int * 0.3 DESC LIMIT 5
"""
Asking = tuple[int | None, Someone]


def bench(owner: str, many: int | None) -> list[Figure]:
    """The same children asked for in both ways; trigrams of the first of them only."""
    many = many or SCALE_1
    began = time.perf_counter()
    children = load(owner, many, seed=7)
    say(f"{many} people written in {time.perf_counter() - began:.0f} s.")
    asked = _asked(children, many)
    with as_practitioner(demo_actor("call_handler")):
        began = time.perf_counter()
        who_is(_question(asked[0][1]))
        ready = time.perf_counter() - began
        ours, found = _ask(asked)
    slow, slowly = _ask_trigrams(owner, asked[:ASKED_OF_TRIGRAMS])
    same = found | {"found": _share(found["ranks"][:ASKED_OF_TRIGRAMS])}
    target = 3 if many <= SCALE_1 else 10
    ratio = round(p50(ours) / p50(slow), 4)
    kept = (
        p95(ours) < PROMISED_MS
        and found["first_five"] >= PROMISED_FOUND
        and ratio <= 1 / target
        and same["found"] > slowly["first_five"]
    )
    more: dict[str, float | int | str] = {
        "people": many,
        "first_five": found["first_five"],
        "first": found["first"],
        "absent_said_absent": found["absent"],
        "calibration_error": found["calibration"],
        "trigram_p95_ms": p95(slow),
        "trigram_first_five": slowly["first_five"],
        "first_five_of_the_same": same["found"],
        "dictionary_built_s": round(ready, 2),
    }
    promised = (
        f"p95 under {PROMISED_MS} ms, first five {PROMISED_FOUND}, p50 1/{target} of trigrams"
    )
    return [Figure("find", len(ours), p50(ours), p95(ours), p50(slow), ratio, promised, kept, more)]


def _asked(children: list[tuple[int, Someone]], many: int) -> list[Asking]:
    random = Random(11)
    absent = [s for s in people(ASKED * 3, seed=8) if s.born and s.born.year > 2009]
    asked: list[Asking] = []
    while len(asked) < ASKED:
        if random.random() < ABSENT:
            asked.append((None, asked_for(random.choice(absent), random)))
        else:
            person, someone = random.choice(children)
            asked.append((person, asked_for(someone, random)))
    return asked


def _question(said: Someone) -> Question:
    born = as_number(said.born) or said.year * 10000
    postcode = said.postcode.replace(" ", "").upper()
    return of_names(name_key(said.given), name_key(said.family), born, postcode)


def _ask(asked: list[Asking]) -> tuple[list[float], dict[str, Any]]:
    seconds: list[float] = []
    ranks: list[int | None] = []
    absent: list[bool] = []
    sure: list[tuple[float, bool]] = []
    for person, said in asked:
        began = time.perf_counter()
        answer = who_is(_question(said))
        seconds.append(time.perf_counter() - began)
        order = [p.person for p in answer.people]
        sure += [(p.probability, p.person == person) for p in answer.people[:1]]
        if person is None:
            absent.append(answer.not_on_file >= 0.5)
        else:
            ranks.append(order.index(person) + 1 if person in order else None)
    first = sum(r == 1 for r in ranks) / len(ranks)
    return seconds, {
        "ranks": ranks,
        "first": round(first, 4),
        "first_five": _share(ranks),
        "absent": round(sum(absent) / len(absent), 4),
        "calibration": _calibration(sure),
    }


def _share(ranks: list[int | None]) -> float:
    return round(sum(r is not None and r <= 5 for r in ranks) / len(ranks), 4)


def _calibration(sure: list[tuple[float, bool]]) -> float:
    """How far, on average, what was said to be probable is from how often it was so."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(10)]
    for p, was in sure:
        bins[min(int(p * 10), 9)].append((p, was))
    off = sum(abs(sum(p for p, _ in b) - sum(w for _, w in b)) for b in bins)
    return round(off / len(sure), 4)


def _ask_trigrams(owner: str, asked: list[Asking]) -> tuple[list[float], dict[str, Any]]:
    seconds: list[float] = []
    ranks: list[int | None] = []
    with psycopg.connect(owner, autocommit=True) as link:
        link.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        link.execute("CREATE INDEX ON pointer USING gin (name_key gin_trgm_ops)")
        link.execute("VACUUM (ANALYZE) pointer")
        link.execute("SET pg_trgm.similarity_threshold = 0.4")
        for person, said in asked:
            key = name_key(said.name)
            began = time.perf_counter()
            found = [r[0] for r in link.execute(_TRIGRAMS, [key, key, said.born]).fetchall()]
            seconds.append(time.perf_counter() - began)
            if person is not None:
                ranks.append(found.index(person) + 1 if person in found else None)
    connection.close()
    return seconds, {"first_five": _share(ranks)}
