"""Families by the block: households, brothers and sisters, cousins, and who they are on file.

A block is drawn from the seed and its own number alone, so that blocks can be made in any order
and by any number of processes, and the county stays the same.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from kittiwake.cli.county import rates
from kittiwake.cli.county.children import UNIT, Child
from kittiwake.cli.county.many_names import People, peoples
from kittiwake.cli.county.names import STREETS, TOWNS

BLOCK = 400
"""Children in a block."""
YEAR = 365.2425
_PEOPLES, _WEIGHTS = peoples()


@dataclass
class Household:
    """Who lives together: parents or carers, children, and where."""

    people: People
    family: str
    line: str
    town: str
    postcode: str
    parents: list[Child] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    visiting: list[Child] = field(default_factory=list)


@dataclass
class Block:
    """The families of one block; `next` numbers its people within it."""

    number: int
    random: Random
    today: date
    families: list[Household] = field(default_factory=list)
    next: int = 0
    children: int = 0

    def someone(self, house: Household, given: str, sex: str, born: date, family: str) -> Child:
        """Somebody new of a household, numbered within the block."""
        one = Child(
            self.next, given, family, sex, house.people.ethnicity, house.people.language, born,
            line=house.line, town=house.town, postcode=house.postcode,
        )  # fmt: skip
        self.next += 1
        return one


def draw(seed: int, number: int, count: int, today: date) -> Block:
    """So many children with their families."""
    block = Block(number, Random(f"{seed}:{number}"), today)
    while block.children < count:
        house = _household(block)
        _children(block, house, count)
        if house.children and block.random.random() < rates.COUSINS:
            _cousins(block, house, count)
        if house.children and block.random.random() < rates.HALF_SIBLINGS:
            _second_home(block, house, count)
    return block


def _household(block: Block, like: Household | None = None) -> Household:
    random = block.random
    people = like.people if like else random.choices(_PEOPLES, _WEIGHTS)[0]
    family = like.family if like else people.family(random)
    if like is None and random.random() < 0.03:
        family = f"{family}-{people.family(random)}"
    area = random.randrange(len(TOWNS))
    street, unit = random.choice(STREETS), "".join(random.choices(UNIT, k=2))
    house = Household(
        people, family, f"{random.randrange(1, 220)} {street}", TOWNS[area],
        f"ZZ{area + 1} {random.randrange(1, 10)}{unit}",
    )  # fmt: skip
    mothers = random.random()
    for sex in ("F", "M"):
        # One in four children lives with one parent, most often their mother.
        if (sex == "F" and mothers < 0.96) or (sex == "M" and (mothers >= 0.96 or mothers < 0.72)):
            age = random.triangular(23, 58, 38)
            own = house.family if random.random() < 0.78 else people.family(random)
            house.parents.append(
                block.someone(house, people.given(random, sex), sex, _ago(block, age), own)
            )
    block.families.append(house)
    return house


def _children(block: Block, house: Household, count: int, most: int = 5) -> None:
    random = block.random
    many = min(random.choices((1, 2, 3, 4, 5), (44, 38, 12, 4, 2))[0], most)
    eldest = min(random.uniform(0.1, 17.99), max(0.3, _youngest(house, block.today) - 17))
    age = eldest
    for _ in range(many):
        if block.children >= count or age < 0.05:
            return
        _child(block, house, age)
        if random.random() < rates.TWINS and block.children < count:
            _child(block, house, age)
        age -= random.triangular(1.0, 6.0, 2.3)


def _child(block: Block, house: Household, age: float, given: str = "") -> Child:
    random = block.random
    sex = random.choice("FM")
    given = given or _unused(block, house, sex)
    child = block.someone(house, given, sex, _ago(block, age), house.family)
    house.children.append(child)
    block.children += 1
    return child


def _cousins(block: Block, house: Household, count: int) -> None:
    """The same family name in another household; now and then the same given name and age."""
    other = _household(block, like=house)
    _children(block, other, count, most=2)
    if block.children < count and block.random.random() < 0.3:
        namesake = block.random.choice(house.children)
        age = (block.today - namesake.born_on).days / YEAR + block.random.uniform(-0.8, 0.8)
        if namesake.given not in {c.given for c in (*other.children, *other.parents)}:
            twin = _child(block, other, min(max(age, 0.1), 17.9), namesake.given)
            twin.sex = namesake.sex


def _second_home(block: Block, house: Household, count: int) -> None:
    """A parent who lives elsewhere, with half-brothers and half-sisters of a child here."""
    other = _household(block)
    _children(block, other, count, most=2)
    other.visiting.append(block.random.choice(house.children))


def grown_up(block: Block, born: date) -> Child:
    """A brother or sister who has grown up since, on file for what happened before."""
    house = block.random.choice([h for h in block.families if h.parents])
    age = (block.today - born).days / YEAR
    for parent in house.parents:
        if (born - parent.born_on).days < 17 * YEAR:
            parent.born_on = _ago(block, age + block.random.uniform(18, 34))
    sex = block.random.choice("FM")
    one = block.someone(house, _unused(block, house, sex), sex, born, house.family)
    house.children.append(one)
    return one


def _unused(block: Block, house: Household, sex: str) -> str:
    """A given name nobody of the household has; two names where the group's are used up."""
    taken = {c.given for c in (*house.children, *house.parents)}
    for _ in range(30):
        given = house.people.given(block.random, sex)
        if given not in taken:
            return given
    return f"{given}-{house.people.given(block.random, sex)}"


def _youngest(house: Household, today: date) -> float:
    return min(((today - p.born_on).days / YEAR for p in house.parents), default=40)


def _ago(block: Block, years: float) -> date:
    return block.today - timedelta(days=max(1, round(years * YEAR)))
