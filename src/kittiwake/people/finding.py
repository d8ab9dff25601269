"""Who is it? Everybody who may be meant, each with a probability and why; or nobody on file.

The dictionary of names takes up slips, one statement probes the index, the score orders.
All of it must be called inside `access.doors.as_practitioner`; whoever shows an answer logs it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from kittiwake.people import comparing, scoring
from kittiwake.people.holding import Held, held
from kittiwake.people.scoring import Agreement, BornWeights, Hypothesis, NameWeights, Row

_CANDIDATES = """
SELECT * FROM find_candidates(%s::bigint[], %s::bigint[], %s::int[], %s::int[], %s, %s,
                              %s::text[], %s, %s)
"""


FAMILY_FIRST = 0.3
"""How often somebody types the family name first."""


@dataclass(frozen=True, slots=True)
class Question:
    """Who is asked for. `readings` are (given, family, prior): as keys, either may be empty.

    `born` is a date as 20120304, with zeros for what is not known; 0 for none.
    """

    readings: tuple[tuple[str, str, float], ...] = ()
    born: int = 0
    postcode: str = ""
    is_apart: bool = False
    """Whether somebody said which name is which, so that a changed order is a slip."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it to look for."""
        return not (self.readings or self.born or self.postcode)


@dataclass(frozen=True, slots=True)
class Possible:
    """Somebody on file who may be meant, how probable it is, and why, in words."""

    person: int
    probability: float
    reasons: tuple[str, ...]
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Answer:
    """Who may be meant, most probable first; and how probable it is that nobody on file is."""

    people: tuple[Possible, ...] = ()
    not_on_file: float = 1.0
    model: str = field(default="")


def as_number(born: date | None) -> int:
    """A date of birth as the index holds it."""
    return born.year * 10000 + born.month * 100 + born.day if born else 0


def of_names(given: str, family: str, born: int = 0, postcode: str = "") -> Question:
    """A question whose names are known apart; both are keys."""
    about = scoring.model().names_changed_about
    readings = [(given, family, 1 - about), (family, given, about)] if given or family else []
    return Question(tuple(readings), born, postcode, is_apart=True)


def of_words(words: Sequence[str], born: int = 0, postcode: str = "") -> Question:
    """A question of one line: which words are given and which family names is not known."""
    about = FAMILY_FIRST
    if not words:
        return Question((), born, postcode)
    if len(words) == 1:
        return Question(((words[0], "", 0.5), ("", words[0], 0.5)), born, postcode)
    first, last = words[0], words[-1]
    early, late = " ".join(words[1:]), " ".join(words[:-1])
    readings = {(first, early): 1 - about, (early, first): about}
    if len(words) > 2:
        readings = {key: prior / 2 for key, prior in readings.items()}
        readings |= {(late, last): (1 - about) / 2, (last, late): about / 2}
    return Question(tuple((g, f, p) for (g, f), p in readings.items()), born, postcode)


def who_is(asked: Question, most: int = 10, is_arriving: bool = False) -> Answer:
    """Everybody who may be meant, `most` at most.

    What arrives is compared with everybody on file, a search with those the reader may look for.
    """
    if asked.is_empty:
        return Answer()
    using, on_file = scoring.model(), held()
    hypotheses = _hypotheses(asked, on_file)
    born = BornWeights(asked.born, on_file.population, using) if asked.born else None
    rows = _probe(asked, hypotheses, is_arriving)
    found, nobody = scoring.score(
        rows, hypotheses, born, bool(asked.postcode), on_file.population, using
    )
    people = tuple(
        Possible(s.person, s.probability, reasons(s.agreement), s.agreement) for s in found[:most]
    )
    return Answer(people, nobody, using.version)


def _hypotheses(asked: Question, on_file: Held) -> list[Hypothesis]:
    using = scoring.model()
    variants = {
        name: on_file.variants(name) for name in {n for g, f, _ in asked.readings for n in (g, f)}
    }

    def weights(name: str, is_given: bool) -> NameWeights | None:
        if not name:
            return None
        return NameWeights(variants[name], is_given, on_file.population, using)

    return [
        Hypothesis(prior, weights(given, True), weights(family, False),
                   asked.is_apart and prior <= using.names_changed_about)
        for given, family, prior in asked.readings
    ]  # fmt: skip


def _probe(asked: Question, hypotheses: Sequence[Hypothesis], is_arriving: bool) -> list[Row]:
    """The rows of the index that may be meant, by one statement."""
    givens = {id_ for h in hypotheses if h.given for id_ in h.given.chosen}
    families = {id_ for h in hypotheses if h.family for id_ in h.family.chosen}
    wide, near = _days(asked.born)
    low, high = _span(asked.born)
    # With one thing to go by, everybody who has it is looked at.
    said = [any(h.given for h in hypotheses), any(h.family for h in hypotheses), bool(asked.born)]
    is_one_word = len(asked.readings) == 2 and not all(g and f for g, f, _ in asked.readings)
    is_alone = not asked.postcode and (sum(said) == 1 or is_one_word)
    postcodes = list(comparing.near_postcodes(asked.postcode))
    with connection.cursor() as cursor:
        cursor.execute(
            _CANDIDATES,
            [
                _array(givens),
                _array(families),
                _array(wide),
                _array(near),
                low,
                high,
                _array(postcodes),
                is_alone,
                is_arriving,
            ],
        )
        return [Row(*row) for row in cursor.fetchall()]


def _array(values: Iterable[int | str]) -> str:
    """Numbers or plain words as PostgreSQL writes an array: quicker than one by one."""
    return "{" + ",".join(map(str, values)) + "}"


def _days(born: int) -> tuple[list[int], list[int]]:
    """The dates to look up: many with a family name, few with a given name."""
    if not comparing.is_whole(born):
        return [], []
    year, month, day = born // 10000, born // 100 % 100, born % 100
    near = {born, year * 10000 + day * 100 + month, *comparing.slipped_days(born)}
    near |= {born + step * 10000 for step in (-2, -1, 1, 2)}
    month_of = {year * 10000 + month * 100 + d for d in range(1, 32)}
    partly = {year * 10000 + month * 100, year * 10000, 0}
    return [*near, *(month_of - near), *partly], [*near]


def _span(born: int) -> tuple[int, int]:
    """From which to which date a date known in part may be."""
    if not born or comparing.is_whole(born):
        return 0, 0
    return (born, born + 99) if born // 100 % 100 else (born, born + 1299)


_NAME = {
    comparing.EXACT: "the same",
    comparing.NICKNAME: "a short form of it",
    comparing.ONE_SLIP: "one letter apart",
    comparing.SOUND: "sounds the same",
    comparing.TWO_SLIPS: "two letters apart",
    comparing.PART: "a part of it the same",
    comparing.BEGUN: "begins the same",
    comparing.OTHER: "different",
}
_BORN = {
    comparing.SAME_DAY: "the same",
    comparing.SWAPPED: "day and month changed about",
    comparing.ONE_DIGIT: "one digit apart",
    comparing.DAY_MONTH: "the same day, another year",
    comparing.YEAR_MONTH: "the same month, another day",
    comparing.AGREES: "the same as far as known",
    comparing.SAME_YEAR: "the same year",
    comparing.OTHER_DAY: "different",
}
_HOME = {
    comparing.SAME_HOME: "the same",
    comparing.NEAR_HOME: "one character apart",
    comparing.OTHER_HOME: "different, or not on file",
}


def reasons(agreement: Agreement) -> tuple[str, ...]:
    """Why somebody may be meant, or may not: what agrees and what does not."""
    said: list[str] = []
    if agreement.is_changed_about:
        said.append("First and last name changed about")
    for what, level, words in (
        ("First name", agreement.given, _NAME),
        ("Last name", agreement.family, _NAME),
        ("Date of birth", agreement.born, _BORN),
        ("Postcode", agreement.home, _HOME),
    ):
        if level is not None:
            said.append(f"{what} {words[level]}")
    return tuple(said)
