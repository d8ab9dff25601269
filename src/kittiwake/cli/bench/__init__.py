"""Benches: each measures against its own floor in the same run, and says whether it is met."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median, quantiles

from kittiwake.kernel.known import Actor


@dataclass(frozen=True, slots=True)
class Figure:
    """What a bench measured: milliseconds, the floor of the same run, and what was promised."""

    name: str
    runs: int
    p50_ms: float
    p95_ms: float
    floor_p50_ms: float | None
    ratio: float | None
    promised: str
    kept: bool
    more: dict[str, float | int | str]


def p50(seconds: list[float]) -> float:
    """The median, in milliseconds."""
    return round(median(seconds) * 1000, 3)


def p95(seconds: list[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return round(quantiles(seconds, n=20)[18] * 1000, 3)


def as_json(figures: list[Figure]) -> str:
    """One line for programs."""
    return json.dumps([asdict(f) for f in figures])


def as_words(figures: list[Figure]) -> str:
    """A line for each figure, for people."""
    lines = []
    for f in figures:
        floor = f", floor {f.floor_p50_ms} ms, ratio {f.ratio}" if f.ratio else ""
        more = "".join(f", {k} {v}" for k, v in f.more.items())
        kept = "kept" if f.kept else "NOT KEPT"
        lines.append(
            f"{f.name}: p50 {f.p50_ms} ms, p95 {f.p95_ms} ms{floor}{more}; "
            f"{f.runs} runs. Promised {f.promised}: {kept}"
        )
    return "\n".join(lines)


def demo_actor(role: str) -> Actor:
    """A practitioner of the invented county who holds a role."""
    from kittiwake.access.actors import actor
    from kittiwake.agencies.models import RoleHeld

    held = RoleHeld.objects.filter(role=role, practitioner__user__isnull=False).first()
    held = held or RoleHeld.objects.filter(role=role).order_by("practitioner_id").first()
    assert held is not None, f"the invented county has no {role}"
    return actor(held.practitioner_id)


def run(name: str, owner: str, url: str) -> list[Figure]:
    """Run one bench. `owner` is the database's owner address, `url` the web process."""
    from kittiwake.cli.bench import assessing, pages, recording

    benches: dict[str, Callable[[str, str], list[Figure]]] = {
        "record": lambda owner, _: recording.bench(owner),
        "assess": lambda *_: assessing.bench(),
        "pages": lambda _, url: pages.bench(url),
    }
    return benches[name](owner, url)


NAMES = ("record", "assess", "pages")
