"""What somebody typed into a search, as it is searched for."""

import re
from dataclasses import dataclass
from datetime import date

from kittiwake.kernel.questions import Wrong, read_day
from kittiwake.people.finding import Question, as_number, of_words
from kittiwake.people.identifiers import NHS, PNC, UPN, checked
from kittiwake.people.names import parts

_DAY = re.compile(r"\b(\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}-\d{2}-\d{2})\b")
_MONTH = re.compile(r"\b(0?[1-9]|1[0-2])[/.]((?:19|20)\d\d)\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_POSTCODE = re.compile(r"\b([A-Za-z]{1,2}\d[A-Za-z\d]?) ?(\d[A-Za-z]{2})\b")
_NUMBER = re.compile(r"[A-Za-z]{0,4}[-/]?(?=(?:.*\d){3})\d[\d /-]{2,25}[A-Za-z]?")


@dataclass(frozen=True)
class Asked:
    """Words of a name, a date of birth as 20120304 with zeros for what is not known, a postcode.

    Or a number of the child's on its own.
    """

    words: tuple[str, ...] = ()
    born: int = 0
    postcode: str = ""
    number: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it to search for."""
        return not (self.words or self.born or self.postcode or self.number)

    @property
    def question(self) -> Question:
        """The same as it is looked for among everybody on file."""
        return of_words(self.words, self.born, self.postcode)


def understood(typed: str, born: date | None = None) -> Asked:
    """A number on its own; else names with perhaps a date, a month or a year, and a postcode."""
    plain = " ".join(typed.split())
    dated = _DAY.fullmatch(plain) or _MONTH.fullmatch(plain) or _YEAR.fullmatch(plain)
    if _NUMBER.fullmatch(plain) and not dated and not _POSTCODE.fullmatch(plain):
        return Asked(number=_number(plain))
    day, rest = born_in(plain)
    postcode = ""
    if found := _POSTCODE.search(rest):
        postcode, rest = (found[1] + found[2]).upper(), rest.replace(found[0], " ")
    return Asked(parts(rest), as_number(born) or day, postcode)


def _number(plain: str) -> str:
    for scheme in (NHS, UPN, PNC):
        if (number := checked(scheme, plain)).is_valid:
            return number.value
    return plain.upper()


def born_in(text: str) -> tuple[int, str]:
    """A date of birth in the text, whole or in part, and the text without it."""
    if match := _DAY.search(text):
        rest = text.replace(match[0], " ")
        try:
            return as_number(read_day(match[0])), rest
        except Wrong:
            return 0, rest
    if match := _MONTH.search(text):
        return int(match[2]) * 10000 + int(match[1]) * 100, text.replace(match[0], " ")
    years = _YEAR.findall(text)
    return (int(years[0]) * 10000 if years else 0), _YEAR.sub(" ", text)
