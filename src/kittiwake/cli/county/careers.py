"""Who went missing when: a heavy tail of episodes, in bursts, by hour, weekday and season."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from kittiwake.cli.county import rates
from kittiwake.cli.county.children import Child
from kittiwake.cli.county.families import BLOCK, YEAR, Block, grown_up
from kittiwake.kernel.questions import LONDON

QUIET = timedelta(days=14)
"""Nobody of these is missing in the last days: what is open now is told by the scenes."""
FIRST, LAST = 10.5, 17.8
"""How old, in years, at the first and at the last episode."""


@dataclass
class Career:
    """The episodes of one child: when each began."""

    child: Child
    in_care: bool
    begins: list[datetime] = field(default_factory=list)
    one_of_three: bool = False


def careers(block: Block, count: int, now: datetime) -> list[Career]:
    """Every child of a block who went missing, and when, at the published rates."""
    random = block.random
    per_year = rates.MISSING_A_YEAR
    of_county = rates.YEARS * (per_year[0] * 1.1 + per_year[1]) / 2
    left = of_county * count / rates.CHILDREN
    made: list[Career] = []
    free = [c for h in block.families for c in h.children]
    while left > 0:
        # A part of an episode is an episode as often as its size says.
        if left < 1 and random.random() > left:
            break
        in_care = random.random() < 0.31
        many = min(_many(random, in_care), max(1, round(left * 1.5)))
        career = _career(block, free, in_care, many, now)
        made.append(career)
        left -= len(career.begins)
    if block.number < len(rates.EPISODES_OF_THREE) and count >= BLOCK // 2:
        made.append(_one_of_three(block, free, now))
    return made


def _many(random: Random, in_care: bool) -> int:
    """How many episodes: a power law; children in care about six, others about two."""
    many = int((1 - random.random()) ** (-1 / (rates.TAIL - 1)))
    if in_care:
        many = int(many * 1.7) + random.randrange(2)
    return max(1, min(many, rates.MOST_EPISODES if in_care else rates.MOST_EPISODES // 3))


def _career(block: Block, free: list[Child], in_care: bool, many: int, now: datetime) -> Career:
    random = block.random
    gap = random.triangular(12, 160, 45)
    # Any of them may be the one drawn, so that the first years are not emptier than they were.
    before = timedelta(days=random.random() * (many - 1) * gap)
    # Nor does everything that had begun already begin again on one and the same night.
    first = now - timedelta(days=rates.YEARS * YEAR - random.uniform(0, 90))
    began = max(_one_of(random, now) - before, first)
    age = random.triangular(FIRST, LAST - 0.4, 15.2)
    born = began - timedelta(days=age * YEAR)
    child = _of_age(free, born.date(), now) or grown_up(block, born.date())
    if child in free:
        free.remove(child)
    ends = min(_birthday(child.born_on, LAST), now.date() - QUIET)
    span = max(1, (ends - began.date()).days)
    gap = min(gap, span / many)
    return Career(child, in_care, list(_begins(random, began, many, gap, ends)))


def _one_of_three(block: Block, free: list[Child], now: datetime) -> Career:
    """One of the three children of the report, in a home, over three and a half years."""
    many = rates.EPISODES_OF_THREE[block.number]
    born = now.date() - timedelta(days=round((16.2 + 0.4 * block.number) * YEAR))
    child = min(free, key=lambda c: abs((c.born_on - born).days))
    free.remove(child)
    child.born_on = born
    span = 1270
    began = now - QUIET - timedelta(days=span)
    begins = []
    for number in range(many):
        day = began + timedelta(days=span * (number + block.random.uniform(0.1, 0.7)) / many)
        begins.append(at_some_hour(block.random, day.date()))
    return Career(child, True, sorted(begins), one_of_three=True)


def _one_of(random: Random, now: datetime) -> datetime:
    """When an episode was: more of them in later years, as reports grew."""
    low, high = rates.MISSING_A_YEAR[0] * 1.1, rates.MISSING_A_YEAR[1]
    while True:
        at = random.random()
        if random.random() * high < low + (high - low) * at:
            days = QUIET.days + (1 - at) * (rates.YEARS * YEAR - QUIET.days)
            return _shifted(random, (now - timedelta(days=days)).date())


def _begins(
    random: Random, began: datetime, many: int, gap: float, ends: date
) -> Iterator[datetime]:
    at = began
    for _ in range(many):
        yield at
        # Several in a short time, then a pause: half of the gaps are a third as long.
        wait = random.expovariate(1 / gap) * (0.33 if random.random() < 0.5 else 1.67)
        at = _shifted(random, (at + timedelta(days=max(4.0, wait))).date())
        if at.date() > ends:
            return


def _shifted(random: Random, day: date) -> datetime:
    """The day, or one of the days after it: by weekday and by month."""
    for _ in range(6):
        weight = rates.BY_DAY[day.weekday()] * rates.BY_MONTH[day.month - 1]
        if random.random() * max(rates.BY_DAY) * max(rates.BY_MONTH) < weight:
            break
        day += timedelta(days=1)
    return at_some_hour(random, day)


def at_some_hour(random: Random, day: date) -> datetime:
    """An instant of a day, more of them in the evening."""
    hour = random.choices(range(24), rates.BY_HOUR)[0]
    return datetime(day.year, day.month, day.day, hour, random.randrange(60), tzinfo=LONDON)


def _of_age(free: list[Child], born: date, now: datetime) -> Child | None:
    """A child of the block about as old, where that child is still one."""
    if (now.date() - born).days >= 17.95 * YEAR:
        return None
    near = [c for c in free if abs((c.born_on - born).days) < 250]
    return min(near, key=lambda c: abs((c.born_on - born).days), default=None)


def _birthday(born: date, years: float) -> date:
    return born + timedelta(days=round(years * YEAR))
