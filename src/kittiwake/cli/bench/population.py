"""Many invented people, quickly, and how they are asked for: what `bench find` searches in.

Households share a family name and a postcode; twins, siblings, cousins and namesakes are there;
names are as uneven as real ones. Postcodes begin with ZZ, which no place has.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import psycopg

from kittiwake.cli.county.names import PEOPLES, WEIGHTS
from kittiwake.people.comparing import nicknames
from kittiwake.people.names import name_key

CHILDREN = 0.38
"""The share of people who are under 18: 152,000 of 400,000."""
TODAY = date(2026, 11, 1)
BATCH = 20_000
_BEGIN = (
    "Ash Brad Carl Dan Elm Farn Gold Hal Ing Kirk Lang Marl Nor Oak Pem Rad Stan Thorn Up Wal Wes "
    "Whit Win Wood Yar Ald Bex Clay Den Ever Fen Gar Hart Holm Ken Led Mil Ner Ord Pres Roth Sel "
    "Tarn Ux Ven Wick Bar Cor Dal Ful"
)
_END = (
    "ton ley ford ham worth field wood den well stead bourne wick by thorpe shaw croft dale land "
    "gate man son ridge cott bury combe hurst mere more brook bank stone ler ard ling ingham "
    "ington erley ersby"
)
_MIDDLE = ("", "", "", "er", "en", "ing", "al", "o", "ack", "ow", "it", "an", "um", "es")


@dataclass(frozen=True, slots=True)
class Someone:
    """An invented person, or how somebody says that person is."""

    given: str
    family: str
    born: date | None
    postcode: str
    year: int = 0

    @property
    def name(self) -> str:
        """The whole name."""
        return f"{self.given} {self.family}".strip()


def families() -> list[str]:
    """Many family names that sound possible, in no order of how often they are."""
    begin, end = _BEGIN.split(), _END.split()
    made = [b + m + e for m in dict.fromkeys(_MIDDLE) for b in begin for e in end]
    return [name for name in dict.fromkeys(made) if len(name) > 4]


def people(many: int, seed: int) -> Iterator[Someone]:
    """So many people, household by household."""
    random = Random(seed)
    made = families()
    random.shuffle(made)
    told = 0
    while told < many:
        for someone in _household(random, made):
            told += 1
            yield someone
            if told == many:
                return


def _household(random: Random, made: list[str]) -> list[Someone]:
    _, _, girls, boys, own = random.choices(PEOPLES, WEIGHTS)[0]
    family = _family(random, own.split(), made)
    postcode = (f"ZZ{random.randint(1, 99)} {random.randint(0, 9)}"
                f"{random.choice('ABDEFGHJLN')}{random.choice('PQRSTUWXYZ')}")  # fmt: skip
    adults = random.choice((1, 2, 2, 2))
    children = random.choices((0, 1, 2, 3, 4), (46, 22, 22, 7, 3))[0]
    born = TODAY - timedelta(days=int(random.triangular(20, 80, 40) * 365.25))
    home = []
    for _ in range(adults):
        name = _given(random, girls, boys)
        other = _family(random, own.split(), made) if random.random() < 0.15 else family
        home.append(Someone(name, other, born + timedelta(random.randint(-2000, 2000)), postcode))
    day = TODAY - timedelta(days=random.randint(0, 17 * 365))
    for n in range(children):
        if n and random.random() > 0.02:  # else a twin
            day = max(TODAY - timedelta(days=6560), day - timedelta(days=random.randint(300, 1500)))
        home.append(Someone(_given(random, girls, boys), family, day, postcode))
    return home


def _given(random: Random, girls: str, boys: str) -> str:
    own = (girls if random.random() < 0.5 else boys).split()
    if random.random() < 0.45:
        common = sorted(n for n, others in nicknames().items() if len(others) > 1)
        # The first of many are common, the last rare.
        own = [common[int(len(common) * random.random() ** 1.6)].capitalize()]
    name = random.choice(own)
    return f"{name}-{random.choice(own)}" if random.random() < 0.02 else name


def _family(random: Random, own: list[str], made: list[str]) -> str:
    def one() -> str:
        if random.random() < 0.3:
            return random.choice(own)
        return made[min(int(len(made) * random.random() ** 2.5), len(made) - 1)]

    return f"{one()}-{one()}" if random.random() < 0.03 else one()


def load(owner: str, many: int, seed: int) -> list[tuple[int, Someone]]:
    """Write so many people as the owner; the children among them, with their ids."""
    with psycopg.connect(owner, autocommit=True) as link:
        found = link.execute("SELECT coalesce(max(id), 0) + 1 FROM person").fetchone()
        first = found[0] if found else 1
        everybody = list(enumerate(people(many, seed), start=first))
        for at in range(0, many, BATCH):
            _write(link, everybody[at : at + BATCH])
        link.execute("SELECT setval('person_id_seq', %s)", [first + many])
        link.execute("VACUUM (ANALYZE) known_as, pointer, address, name_on_file, person")
    return [(id_, s) for id_, s in everybody if _is_child(s)]


def _write(link: psycopg.Connection[Any], some: list[tuple[int, Someone]]) -> None:
    """Some people in a statement for each table: no COPY where rows have walls."""
    ids = [id_ for id_, _ in some]
    uids = [uuid4() for _ in some]
    born = [s.born for _, s in some]
    link.execute(
        "INSERT INTO person (id, uid, born_on, is_restricted) SELECT t.*, false"
        " FROM unnest(%s::bigint[], %s::uuid[], %s::date[]) AS t",
        [ids, uids, born],
    )
    link.execute(
        "INSERT INTO pointer (person_id, uid, born_on, name, name_key, lives_at, level, markers,"
        " is_restricted) SELECT t.*, '', '', '[]', false FROM unnest(%s::bigint[], %s::uuid[],"
        " %s::date[], %s::text[], %s::text[]) AS t",
        [ids, uids, born, [s.name for _, s in some], [name_key(s.name) for _, s in some]],
    )
    link.execute(
        "INSERT INTO address (person_id, line, postcode, is_restricted) SELECT t.id,"
        " '1 Bittern Way', t.postcode, false FROM unnest(%s::bigint[], %s::text[])"
        " AS t(id, postcode)",
        [ids, [s.postcode for _, s in some]],
    )


def _is_child(someone: Someone) -> bool:
    return bool(someone.born) and (TODAY - (someone.born or TODAY)).days < 18 * 365


# ── How people are asked for ────────────────────────────────────────────────────────────


_HEARD = (("ph", "f"), ("ck", "k"), ("c", "k"), ("y", "i"), ("ie", "y"), ("ee", "ea"), ("s", "z"),
          ("ou", "u"), ("ll", "l"), ("nn", "n"), ("th", "t"), ("wh", "w"), ("ei", "ie"),
          ("ai", "ay"), ("tt", "t"), ("er", "a"), ("ah", "a"))  # fmt: skip


def asked_for(someone: Someone, random: Random) -> Someone:
    """A person as a caller or a clerk says them: some of it wrong, some of it missing."""
    said = replace(someone, given=_said(someone.given, random, 0.14, 0.03),
                   family=_said(someone.family, random, 0.0, 0.02))  # fmt: skip
    if random.random() < 0.02:
        said = replace(said, family=random.choice(families()))
    if random.random() < 0.03:
        said = replace(said, given=said.family, family=said.given)
    said = _birth_said(said, random)
    dice = random.random()
    if dice < 0.5:
        return replace(said, postcode="")
    if dice < 0.58:
        return replace(said, postcode=f"ZZ{random.randint(1, 99)} {random.randint(0, 9)}AP")
    return replace(said, postcode=_slip(said.postcode, random)) if dice < 0.63 else said


def _birth_said(said: Someone, random: Random) -> Someone:
    dice, born = random.random(), said.born
    assert born is not None
    if dice < 0.10:
        return replace(said, born=None)
    if dice < 0.17:
        return replace(said, born=None, year=born.year)
    if dice < 0.25 and born.day <= 12:
        return replace(said, born=born.replace(month=born.day, day=born.month))
    if dice < 0.31:
        return replace(said, born=born.replace(day=min(28, max(1, born.day + 1))))
    if dice < 0.36:
        return replace(said, born=born.replace(year=born.year - 1, day=min(born.day, 28)))
    return said


def _said(name: str, random: Random, short: float, missing: float) -> str:
    dice = random.random()
    if dice < missing:
        return ""
    dice -= missing
    others = sorted(nicknames().get(name_key(name), ()))
    if dice < short:
        return random.choice(others).capitalize() if others else name
    dice -= short
    if dice < 0.13:
        return _slip(name, random)
    if dice < 0.16:
        return _slip(_slip(name, random), random)
    if dice < 0.21:
        heard = [(a, b) for a, b in _HEARD if a in name.lower()]
        return name.lower().replace(*random.choice(heard), 1).capitalize() if heard else name
    if dice < 0.22:
        return name[0]
    return name.split("-")[0] if dice < 0.24 else name


def _slip(text: str, random: Random) -> str:
    """One letter left out, doubled, changed, or changed about with its neighbour."""
    if len(text) < 3:
        return text
    n, letter = random.randrange(1, len(text) - 1), random.choice("aeinorstl")
    if text[n].isdigit():
        letter = random.choice("0123456789")
    return random.choice((
        text[:n] + text[n + 1 :], text[:n] + text[n] + text[n:], text[:n] + letter + text[n + 1 :],
        text[:n] + text[n + 1] + text[n] + text[n + 2 :],
    ))  # fmt: skip
