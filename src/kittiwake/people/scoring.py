"""How probable it is that a person on file is the one who was asked for. Pure.

A Fellegi and Sunter model: m, how often a true pair agrees at a level, is read from the model
file that was trained; u, how often a stranger does, is counted in the population for each query.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from kittiwake.people import comparing as c
from kittiwake.people.dictionary import Variant

ENOUGH, MOST = 0.995, 60
"""A name is looked up as the variants that hold so much of the probability, so many at most."""


@dataclass(frozen=True, slots=True)
class Model:
    """The trained parameters: for each level of agreement, how often a true pair has it."""

    version: str
    on_file: float
    names_changed_about: float
    possible_at: float
    given: tuple[float, ...]
    family: tuple[float, ...]
    born: tuple[float, ...]
    born_in_part: tuple[float, ...]
    """The same where a month or a year alone was said; set by hand."""
    home: tuple[float, ...]
    usual_weight: float
    given_usual: tuple[float, ...]
    family_usual: tuple[float, ...]
    home_usual: tuple[float, ...]
    """How often strangers agree anywhere: so many people more, where few are on file."""


@cache
def model() -> Model:
    """The model in use, from the file beside this one."""
    stored = json.loads(Path(__file__).with_name("matching-model.json").read_text())
    kept: dict[str, Any] = {
        f.name: tuple(v) if isinstance(v := stored[f.name], list) else v for f in fields(Model)
    }
    return Model(**kept)


@dataclass(frozen=True, slots=True)
class Population:
    """How many are on file, and the share of them born in each year."""

    people: int
    years: Mapping[int, float]

    def in_year(self, year: int) -> float:
        """The share born in a year; one in eighty where few are on file."""
        usual = model().usual_weight
        return (self.years.get(year, 0.0) * self.people + usual / 80) / (self.people + usual)

    def on_a_day(self, year: int) -> float:
        """The share born on one day of a year."""
        return self.in_year(year) / 365.25


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the index: a person under one name. `lives` is 2 at the postcode, 1 near."""

    person: int
    given: int
    family: int
    born: int
    lives: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How one person agrees with what was asked, level by level; None where nothing is known."""

    given: int | None
    family: int | None
    born: int | None
    home: int | None
    is_changed_about: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """A person and how probable they are, with how they agree."""

    person: int
    probability: float
    agreement: Agreement


class NameWeights:
    """What agreement with one asked name is worth, for each name on file."""

    def __init__(
        self, variants: Sequence[Variant], is_given: bool, population: Population, using: Model
    ) -> None:
        m = using.given if is_given else using.family
        usual = using.given_usual if is_given else using.family_usual
        many = {v.id: v.given if is_given else v.family for v in variants}
        mass = [0.0] * len(m)
        for v in variants:
            mass[v.level] += many[v.id]
        # Nobody is so rare that meeting them by chance is out of the question.
        whole = population.people + using.usual_weight
        weight = using.usual_weight
        u = [(n + share * weight) / whole for n, share in zip(mass, usual, strict=True)]
        u[c.OTHER] = max(1 - sum(u[: c.OTHER]), 0.05)
        self.worth = [each / chance for each, chance in zip(m, u, strict=True)]
        self.level = {v.id: v.level for v in variants}
        self.chosen = _chosen(variants, many, mass, m)

    def of(self, id_: int) -> float:
        """The weight of a name on file; 1 where the person has none."""
        return self.worth[self.level.get(id_, c.OTHER)] if id_ else 1.0


def _chosen(
    variants: Sequence[Variant], many: Mapping[int, int], mass: list[float], m: Sequence[float]
) -> list[int]:
    """The names worth looking up, by how probable it is that they were meant."""
    odds = sorted(
        ((m[v.level] * many[v.id] / mass[v.level], v.id) for v in variants if many[v.id]),
        reverse=True,
    )
    whole, so_far = sum(p for p, _ in odds), 0.0
    kept: list[int] = []
    for p, id_ in odds:
        if len(kept) >= MOST or so_far > ENOUGH * whole:
            break
        kept.append(id_)
        so_far += p
    return kept


@dataclass(frozen=True)
class Hypothesis:
    """One reading of what was typed: which part is the given and which the family name."""

    prior: float
    given: NameWeights | None
    family: NameWeights | None
    is_changed_about: bool = False


class BornWeights:
    """What agreement with a date of birth is worth."""

    def __init__(self, asked: int, population: Population, using: Model) -> None:
        self.asked = asked
        self.m = using.born if c.is_whole(asked) else using.born_in_part
        u = _chance_of_birth(asked, population)
        self.worth = [each / chance for each, chance in zip(self.m, u, strict=True)]
        self._known: dict[int, tuple[int, float]] = {}

    def of(self, held: int) -> tuple[int | None, float]:
        """The level and weight of a date on file; 1 where none is known."""
        if not held:
            return None, 1.0
        found = self._known.get(held)
        if found is None:
            level = c.born_level(self.asked, held)
            found = self._known[held] = (level, self.worth[level])
        return found


def _chance_of_birth(asked: int, population: Population) -> list[float]:
    year, least = asked // 10000, 1e-6
    share, day = population.in_year(year), population.on_a_day(year)
    if not c.is_whole(asked):
        agrees = share / (12 if asked // 100 % 100 else 1)
        u = [0.0, 0.0, 0.0, 0.0, 0.0, agrees, share - agrees, 0.0]
    else:
        slipped = sum(population.on_a_day(d // 10000) for d in c.slipped_days(asked))
        swapped = year * 10000 + asked % 100 * 100 + asked // 100 % 100
        u = [day, day if c.is_day(swapped) else 0.0, slipped, 1 / 365.25, day * 30,
             day * 31, share, 0.0]  # fmt: skip
    u = [max(each, least) for each in u]
    u[c.OTHER_DAY] = max(1 - sum(u), 0.05)
    return u


def home_weights(rows: Iterable[Row], population: Population, using: Model) -> list[float]:
    """What living at the postcode asked, near it, or elsewhere, is worth; by `Row.lives`."""
    there = list({r.person: r.lives for r in rows if r.lives}.values())
    m, weight = using.home, using.usual_weight
    same, near = (
        (there.count(n) + using.home_usual[2 - n] * weight) / (population.people + weight)
        for n in (2, 1)
    )
    elsewhere = m[c.OTHER_HOME] / max(1 - same - near, 0.05)
    return [elsewhere, m[c.NEAR_HOME] / near, m[c.SAME_HOME] / same]


def score(
    rows: Sequence[Row],
    hypotheses: Sequence[Hypothesis],
    born: BornWeights | None,
    with_home: bool,
    population: Population,
    using: Model,
) -> tuple[list[Scored], float]:
    """Everybody by probability, the most probable first, and how probable it is that nobody is.

    The probabilities and that of "not on file" add up to 1.
    """
    homes = home_weights(rows, population, using) if with_home else None
    best: dict[int, tuple[float, Row]] = {}
    for row in rows:
        names = sum(
            h.prior
            * (h.given.of(row.given) if h.given else 1.0)
            * (h.family.of(row.family) if h.family else 1.0)
            for h in hypotheses
        )
        worth = (names if hypotheses else 1.0) * (born.of(row.born)[1] if born else 1.0)
        worth *= homes[row.lives] if homes else 1.0
        if row.person not in best or worth > best[row.person][0]:
            best[row.person] = worth, row
    each = using.on_file / (population.people + using.usual_weight)
    nobody = 1 - each * population.people
    whole = nobody + each * sum(worth for worth, _ in best.values())
    order = sorted(best.values(), key=lambda found: (-found[0], found[1].person))
    return [
        Scored(row.person, each * worth / whole, agreement(row, hypotheses, born, with_home))
        for worth, row in order[:MOST]
    ], nobody / whole


def agreement(
    row: Row, hypotheses: Sequence[Hypothesis], born: BornWeights | None, with_home: bool
) -> Agreement:
    """How a person agrees, in the reading of the names that fits them best."""
    given = family = None
    is_changed_about = False
    if hypotheses:
        h = max(
            hypotheses,
            key=lambda h: (
                h.prior
                * (h.given.of(row.given) if h.given else 1.0)
                * (h.family.of(row.family) if h.family else 1.0)
            ),
        )
        given = h.given.level.get(row.given, c.OTHER) if h.given and row.given else None
        family = h.family.level.get(row.family, c.OTHER) if h.family and row.family else None
        is_changed_about = h.is_changed_about
    home = (c.OTHER_HOME, c.NEAR_HOME, c.SAME_HOME)[row.lives] if with_home else None
    return Agreement(given, family, born.of(row.born)[0] if born else None, home, is_changed_about)
