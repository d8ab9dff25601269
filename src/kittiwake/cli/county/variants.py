"""The same person as different agencies wrote them down: not always the same way."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from kittiwake.cli.county.many_names import NICKNAMES
from kittiwake.cli.county.rates import VARIANTS

_NEAR = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj",
    "i": "uo", "j": "hk", "k": "jl", "l": "kp", "m": "n", "n": "bm", "o": "ip", "p": "ol",
    "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "y": "tu", "z": "x",
}  # fmt: skip
_SOUND = (("ph", "f"), ("ie", "y"), ("ck", "k"), ("ee", "ea"), ("th", "t"), ("sh", "ch"),
          ("ei", "ie"), ("ll", "l"), ("nn", "n"), ("ai", "ay"), ("c", "k"), ("s", "z"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Described:
    """How one source describes somebody."""

    given: str
    family: str
    born_on: date | None
    sex: str


def as_written(true: Described, other_family: str, random: Random) -> Described:
    """The description of one source: now and then otherwise, each way at its rate."""
    told = true
    for way, of_a_thousand in VARIANTS.items():
        if random.random() * 1000 < of_a_thousand:
            told = _told(told, way, other_family, random)
    return told


def _told(told: Described, way: str, other_family: str, random: Random) -> Described:
    if way == "nickname":
        return replace(told, given=NICKNAMES.get(told.given, told.given))
    if way == "initial":
        return replace(told, given=told.given[:1])
    if way == "swapped":
        return replace(told, given=told.family, family=told.given)
    if way == "other_family_name":
        return replace(told, family=other_family or told.family)
    if way in ("plain", "typing", "sound"):
        change = {"plain": _plain, "typing": _typing, "sound": _sound}[way]
        if random.random() < 0.5:
            return replace(told, given=change(told.given, random))
        return replace(told, family=change(told.family, random))
    if way == "no_sex":
        return replace(told, sex="")
    return replace(told, born_on=_born(told.born_on, way, random))


def _born(born: date | None, way: str, random: Random) -> date | None:
    if born is None or way == "no_birthday":
        return None
    if way == "day_month":
        return born.replace(day=born.month, month=born.day) if born.day <= 12 else born
    # The 29th of February is in no neighbouring year.
    return born.replace(year=born.year + random.choice((-1, 1)), day=min(born.day, 28))


def _plain(name: str, random: Random) -> str:
    """Without accents."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode() or name


def _typing(name: str, random: Random) -> str:
    """One slip of the hand: a letter left out, doubled, exchanged or its neighbour's."""
    if len(name) < 3:
        return name
    at = random.randrange(1, len(name) - 1)
    slip = random.randrange(4)
    if slip == 0:
        return name[:at] + name[at + 1 :]
    if slip == 1:
        return name[:at] + name[at] + name[at:]
    if slip == 2:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + random.choice(_NEAR.get(name[at], name[at])) + name[at + 1 :]


def _sound(name: str, random: Random) -> str:
    """As it is heard."""
    fitting = [(a, b) for a, b in _SOUND if a in name[1:]]
    if not fitting:
        return name
    a, b = random.choice(fitting)
    return name[0] + name[1:].replace(a, b, 1)
