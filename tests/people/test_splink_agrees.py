"""The live scorer and Splink agree: the same pairs, the same levels, the same weight."""

from __future__ import annotations

from math import log2
from random import Random

import pytest

from kittiwake.cli.bench.population import asked_for, people
from kittiwake.cli.matching import LEVELS, _record, linker_of
from kittiwake.people import comparing as c
from kittiwake.people.dictionary import Dictionary
from kittiwake.people.names import name_id
from kittiwake.people.scoring import (
    BornWeights,
    Hypothesis,
    NameWeights,
    Population,
    Row,
    home_weights,
    model,
    score,
)

MANY, ASKED = 60, 3
ON_FILE = [_record(f"p{n}", n, s) for n, s in enumerate(people(MANY, seed=21))]
NAMES = Dictionary(
    (name_id(key), key, sum(r["given"] == key for r in ON_FILE),
     sum(r["family"] == key for r in ON_FILE))
    for key in {r[k] for r in ON_FILE for k in ("given", "family")}
)  # fmt: skip
POPULATION = Population(MANY, {2015: 0.5, 1985: 0.5})


def said(number: int) -> dict:
    random = Random(number)
    known = [s for s in people(MANY, seed=21) if s.born]
    while True:
        record = _record("a", -1, asked_for(random.choice(known), random))
        if all(record.values()) and c.is_whole(record["born"]):
            return record


@pytest.mark.parametrize("number", range(ASKED))
def test_every_pair_weighs_the_same(number: int) -> None:
    using, asked = model(), said(number)
    rows = [
        Row(r["person"], name_id(r["given"]), name_id(r["family"]), r["born"],
            2 if r["home"] == asked["home"]
            else 1 if r["home"] in c.near_postcodes(asked["home"]) else 0)
        for r in ON_FILE
    ]  # fmt: skip
    given = NameWeights(NAMES.variants(asked["given"]), True, POPULATION, using)
    family = NameWeights(NAMES.variants(asked["family"]), False, POPULATION, using)
    born = BornWeights(asked["born"], POPULATION, using)
    homes = home_weights(rows, POPULATION, using)[::-1]
    found, _ = score(rows, [Hypothesis(1.0, given, family)], born, True, POPULATION, using)

    m = {"given": using.given, "family": using.family, "born": born.m, "home": using.home}
    worth = {"given": given.worth, "family": family.worth, "born": born.worth, "home": homes}
    u = {w: [a / b for a, b in zip(m[w], worth[w], strict=True)] for w in LEVELS}
    linker = linker_of(ON_FILE, [asked], u, {w: list(each) for w, each in m.items()})
    pairs = linker.inference.predict().as_record_list()
    theirs = {ON_FILE[int(p["unique_id_l"][1:])]["person"]: p["match_weight"] for p in pairs}

    assert len(theirs) == MANY
    # Splink's weight adds the prior once; ours is shared out among all: both keep the differences.
    first = found[0]
    for each in found:
        ours = log2(each.probability / first.probability)
        assert ours == pytest.approx(theirs[each.person] - theirs[first.person], abs=1e-6)
    order = sorted(theirs, key=lambda p: -theirs[p])
    assert theirs[first.person] == pytest.approx(theirs[order[0]])
