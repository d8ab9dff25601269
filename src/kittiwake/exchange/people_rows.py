"""Who a row of a mapped file is about, by the minimum that police keep of a person.

Pure. Minimum POLE data standards of the National Police Chiefs' Council, version 1.1: given name,
family name, date of birth and sex, and one of address, telephone and e-mail ("4+1").
"""

import re
from collections.abc import Mapping as Table
from dataclasses import dataclass
from datetime import date
from typing import Any

from kittiwake.exchange.mapping import Mapping
from kittiwake.exchange.reading import Unreadable, read_moment
from kittiwake.people.descriptions import Description, Home
from kittiwake.people.identifiers import LONGEST, NHS, PNC, UPN, checked
from kittiwake.people.names import name_key

ADULT = 18
SELF_DEFINED = frozenset(
    [
        "W1",
        "W2",
        "W3",
        "W9",
        "M1",
        "M2",
        "M3",
        "M9",
        "A1",
        "A2",
        "A3",
        "A4",
        "A9",
        "B1",
        "B2",
        "B9",
        "O2",
        "O9",
        "NS",
    ]
)  # rulebook 4.20: 18+1, and Arab since 2011


@dataclass(frozen=True, slots=True)
class Someone:
    """A person as a row describes them."""

    ref: str
    given: str
    family: str
    born_on: date | None
    age: int | None
    sex: str
    ethnicity: str
    identifiers: tuple[tuple[str, str], ...]
    address: str
    postcode: str
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]

    @property
    def is_named(self) -> bool:
        """Whether there is anything to know them by."""
        return bool(self.given or self.family or self.identifiers)

    def is_adult(self, on: date) -> bool:
        """Whether they surely were eighteen or older that day."""
        if self.born_on:
            had = (on.month, on.day) >= (self.born_on.month, self.born_on.day)
            return on.year - self.born_on.year - (not had) >= ADULT
        return self.age is not None and self.age >= ADULT

    def described(self, feed: str, agency: int) -> Description:
        """The description that people are met by."""
        return Description(
            feed=feed, ref=self.ref, given=self.given, family=self.family, born_on=self.born_on,
            sex=self.sex, ethnicity=self.ethnicity, identifiers=self.identifiers,
            address=Home(self.address, self.postcode) if self.address or self.postcode else None,
            facts=dict(self.facts), agency_id=agency,
        )  # fmt: skip


def read_someone(mapping: Mapping, cells: Table[str, str], own: str, today: date) -> Someone:
    """Who a row is about; `own` numbers them where the row has no number for the person.

    Raises Unreadable for a date of birth that cannot be.
    """
    value = {key: mapping.value(key, cells) for key in mapping.columns}
    given, family = value.get("given", ""), value.get("family", "")
    if name := value.get("name", ""):
        given, family = _parted(name) if not (given or family) else (given, family)
    born = _born(mapping, value.get("born", ""), today)
    person = value.get("person", "").removesuffix(".0")
    sex, ethnicity = mapping.code("sex", cells), value.get("ethnicity", "").upper()
    age = value.get("age", "").removesuffix(".0")
    numbers = [(scheme, value.get(key, "").removesuffix(".0"))
               for key, scheme in (("nhs", NHS), ("pnc", PNC), ("upn", UPN))]  # fmt: skip
    facts = [("Sex as given", value.get("sex", "")), ("Ethnicity as given", ethnicity),
             ("Age as given", "" if born else age)]  # fmt: skip
    return Someone(
        _ref(person, numbers, name_key(f"{given} {family}"), born, own),
        given[:120], family[:120], born, _years(age), sex or "U",
        ethnicity if ethnicity in SELF_DEFINED else "", tuple(n for n in numbers if n[1]),
        value.get("address", "")[:300], _postcode(value.get("postcode", "")),
        tuple(fact for fact in facts if fact[1]),
        _notes(given, family, born, sex, value),
    )  # fmt: skip


def _years(age: str) -> int | None:
    return int(age) if age.isascii() and age.isdigit() and len(age) < 4 else None


def _ref(
    person: str, numbers: list[tuple[str, str]], name: str, born: date | None, own: str
) -> str:
    """How the sender knows the child again: by a number, else by name and date of birth.

    Only within one sender's files; across senders nobody is linked by a name.
    """
    if person:
        return f"person {person}"[:LONGEST]
    for scheme, number in numbers:
        if number and checked(scheme, number).is_valid:
            return f"{scheme} {checked(scheme, number).value}"
    return f"{name[:100]} born {born}" if name and born else own


def _parted(name: str) -> tuple[str, str]:
    """A whole name as first names and family name: `SURNAME, First`, or the last word last."""
    if "," in name:
        family, _, given = name.partition(",")
        return given.strip(), family.strip()
    given, _, family = name.rpartition(" ")
    return given, family


def _born(mapping: Mapping, text: str, today: date) -> date | None:
    column, month_first = mapping.columns.get("born", ""), mapping.days == "month first"
    moment = read_moment(text, column, month_first=month_first)
    born = moment.at.date() if moment else None
    if born and born > today:
        raise Unreadable(f"{column} has not come yet.")
    if born and born.year < today.year - 120:
        raise Unreadable(f"{column} is more than 120 years ago.")
    return born


def _postcode(text: str) -> str:
    plain = re.sub(r"\s", "", text).upper()
    # Blank is better than a dummy (minimum POLE).
    real = re.fullmatch(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}", plain)
    return f"{plain[:-3]} {plain[-3:]}" if real else ""


def _notes(
    given: str, family: str, born: date | None, sex: str, value: Table[str, str]
) -> tuple[str, ...]:
    """What of the 4+1 is not there: said, and never a reason to turn a row away."""
    there: dict[str, Any] = {
        "first names": given, "family name": family, "date of birth": born, "sex": sex,
        "address": value.get("address") or value.get("postcode"),
    }  # fmt: skip
    lacking = [what for what, said in there.items() if not said]
    return (f"Not given: {', '.join(lacking)}.",) if lacking else ()
