"""`bench assess`: the policy for one child with 200 entries, reasons included."""

import time
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from kittiwake.cli.bench import Figure, p50, p95
from kittiwake.journal import knowing
from kittiwake.kernel.facts import Fact
from kittiwake.risk.facts import Child

RUNS = 1000
PROMISED_MS = 2.0
NOW = datetime(2026, 11, 20, 23, 3, tzinfo=UTC)


def facts(number: int, seed: int = 1) -> list[Fact]:
    """A long history: episodes with reports, assessments, returns, interviews and markers."""
    random = Random(seed)
    kinds: tuple[tuple[str, dict[str, Any]], ...] = (
        ("missing.reported", {"self_harm": True}),
        ("missing.risk_assessed", {"exploitation_sexual": "not_known", "self_harm": False}),
        ("missing.reviewed", {}),
        ("missing.returned", {"found_with": ["adult"], "place_kind": "hotel"}),
        ("missing.prevention_interview_held", {"harmed": False}),
        ("missing.return_interview_held", {"harmed": True}),
        ("flag.raised", {"type": "cse"}),
        ("clock.breached", {"rule": "CLK-11"}),
    )
    made = []
    for n in range(number):
        kind, codes = kinds[n % len(kinds)]
        at = NOW - timedelta(days=(number - n) * 1.5, minutes=random.randrange(600))
        made.append(Fact(n + 1, kind, at, at, "child", n // len(kinds), codes))
    return made


def bench() -> list[Figure]:
    """The judge over 200 facts, against merely looking at each fact once; in processor time."""
    history, compiled, child = facts(200), knowing.policy(), Child(14.2)
    ours, floor = [], []
    for _ in range(RUNS):
        began = time.thread_time()
        assessed = compiled.judge(history, child, NOW)
        ours.append(time.thread_time() - began)
        began = time.thread_time()
        seen: dict[str, int] = {}
        for fact in history:
            if fact.recorded_at <= NOW and fact.happened_at <= NOW:
                seen[fact.kind] = seen.get(fact.kind, 0) + 1
        floor.append(time.thread_time() - began)
    more: dict[str, float | int | str] = {
        "level": assessed.level.word,
        "reasons": len(assessed.reasons),
        "entries": len(history),
    }
    return [
        Figure("assess", RUNS, p50(ours), p95(ours), p50(floor),
               round(p50(ours) / p50(floor), 1), f"p95 under {PROMISED_MS} ms",
               p95(ours) < PROMISED_MS, more)
    ]  # fmt: skip
