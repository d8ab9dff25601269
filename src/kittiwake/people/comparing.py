"""How one name, date of birth or postcode agrees with another: levels, best first. Pure.

The live search and the training of the model compare by these same functions.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from jellyfish import metaphone
from rapidfuzz.distance import OSA

EXACT, NICKNAME, ONE_SLIP, SOUND, TWO_SLIPS, PART, BEGUN, OTHER = range(8)
NAME_LEVELS = ("exact", "nickname", "one slip", "sound", "two slips", "part", "begun", "other")

SAME_DAY, SWAPPED, ONE_DIGIT, DAY_MONTH, YEAR_MONTH, AGREES, SAME_YEAR, OTHER_DAY = range(8)
BORN_LEVELS = (
    "same day", "swapped", "one digit", "day and month", "year and month", "agrees", "same year",
    "other",
)  # fmt: skip

SAME_HOME, NEAR_HOME, OTHER_HOME = range(3)
HOME_LEVELS = ("same", "near", "other")


@cache
def nicknames() -> dict[str, frozenset[str]]:
    """For each name, those that stand for it; itself is not among them."""
    groups: dict[str, set[str]] = {}
    for line in Path(__file__).with_name("nicknames.txt").read_text().splitlines():
        if not line.startswith("#"):
            names = line.split()
            # The first of a line is the full name: two short forms need not be one person.
            groups.setdefault(names[0], set()).update(names[1:])
            for short in names[1:]:
                groups.setdefault(short, set()).add(names[0])
    return {name: frozenset(others) for name, others in groups.items()}


@cache
def sound(key: str) -> str:
    """How a name sounds; empty where there are too few sounds to tell."""
    sounds = metaphone(key.replace(" ", ""))
    return sounds if len(sounds) > 1 else ""


def most_slips(key: str) -> int:
    """How many slips of a finger a name of this length may hold and still be the same."""
    return 0 if len(key) < 3 else 1 if len(key) < 6 else 2


def name_level(asked: str, held: str) -> int:
    """How a name that was asked for agrees with one on file; both are keys, neither is empty."""
    if asked == held:
        return EXACT
    if held in nicknames().get(asked, ()):
        return NICKNAME
    slips = OSA.distance(asked, held, score_cutoff=2)
    if slips == 1 and most_slips(asked) >= 1:
        return ONE_SLIP
    if asked[0] == held[0] and (heard := sound(asked)) and heard == sound(held):
        return SOUND
    if slips == 2 and most_slips(asked) == 2:
        return TWO_SLIPS
    if not set(asked.split()).isdisjoint(held.split()):
        return PART
    begins = held.startswith(asked) or (asked.startswith(held) and len(held) == 1)
    return BEGUN if begins else OTHER


def is_whole(born: int) -> bool:
    """Whether year, month and day are all known."""
    return born % 100 > 0


def born_level(asked: int, held: int) -> int:
    """How two dates of birth agree, each as 20120304 with zeros for what is not known."""
    if not (is_whole(asked) and is_whole(held)):
        return _partly(asked, held)
    if asked == held:
        return SAME_DAY
    year, month, day = asked // 10000, asked // 100 % 100, asked % 100
    if held == year * 10000 + day * 100 + month:
        return SWAPPED
    if OSA.distance(f"{asked:08}", f"{held:08}", score_cutoff=1) == 1:
        return ONE_DIGIT
    if asked % 10000 == held % 10000:
        return DAY_MONTH
    if asked // 100 == held // 100:
        return YEAR_MONTH
    return SAME_YEAR if year == held // 10000 else OTHER_DAY


def _partly(asked: int, held: int) -> int:
    """Where one is known in part: what both know must be the same."""
    if asked // 10000 != held // 10000:
        return OTHER_DAY
    months = {asked // 100 % 100, held // 100 % 100} - {0}
    return AGREES if len(months) < 2 else SAME_YEAR


def is_day(born: int) -> bool:
    """Whether there is such a day."""
    try:
        date(born // 10000, born // 100 % 100, born % 100)
    except ValueError:
        return False
    return True


@cache
def slipped_days(born: int) -> tuple[int, ...]:
    """The days that differ from this one by one digit, or by two neighbours changed about."""
    text = f"{born:08}"
    found = {int(t) for t in _slips(text, "0123456789")}
    return tuple(sorted(d for d in found if d != born and d > 19000000 and is_day(d)))


def near_postcodes(postcode: str) -> tuple[str, ...]:
    """A postcode without its space, then those that differ from it in one character."""
    if not (postcode.isascii() and postcode.isalnum()):
        return ()
    if not 5 <= len(postcode) <= 7:
        return (postcode,)
    kinds = ("0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    found = {
        postcode[:n] + other + postcode[n + 1 :]
        for n, c in enumerate(postcode)
        for other in kinds[c.isalpha()]
    }
    found |= set(_swaps(postcode))
    return (postcode, *sorted(found - {postcode}))


def _slips(text: str, letters: str) -> Iterator[str]:
    for n in range(len(text)):
        for other in letters:
            yield text[:n] + other + text[n + 1 :]
    yield from _swaps(text)


def _swaps(text: str) -> Iterator[str]:
    for n in range(len(text) - 1):
        yield text[:n] + text[n + 1] + text[n] + text[n + 2 :]
