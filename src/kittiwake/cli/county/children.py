"""The invented children: who they are, where they live, who works with whom."""

import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db.models import Model

from kittiwake.cli.county.names import PEOPLES, STREETS, TOWNS, WEIGHTS
from kittiwake.cli.county.staff import AGENCIES, HOMES, SCHOOLS, Staff, invented_uid
from kittiwake.people.models import (
    Address,
    Identifier,
    KnownTo,
    Person,
    Pointer,
    Relationship,
    SourceRecord,
)
from kittiwake.people.names import name_key

SURGERIES = ("Quay Street Surgery", "Eelbridge Practice", "Marsh Health Centre")
WORKERS = ("sw", "sw2", "sw3", "sw4", "sw5")
UNIT = "ABDEFGHJLNPQRSTUWXYZ"
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


@dataclass
class Child:
    """An invented child, as the stories need them."""

    number: int
    given: str
    family: str
    sex: str
    ethnicity: str
    language: str
    born_on: date
    home: str = ""
    foster: bool = False
    school: str = ""
    worker: str = ""
    restricted: bool = False
    line: str = ""
    town: str = ""
    postcode: str = ""
    person: int = 0
    siblings: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.given} {self.family}"


def imagine(count: int, random: Random, now: datetime) -> list[Child]:
    """So many children, some of them brothers and sisters; nothing is written."""
    children: list[Child] = []
    while len(children) < count:
        ethnicity, language, girls, boys, families = random.choices(PEOPLES, WEIGHTS)[0]
        family, line = random.choice(families.split()), random.choice(STREETS)
        area = random.randrange(5)
        unit = "".join(random.choices(UNIT, k=2))
        house, postcode = random.randrange(1, 140), f"ZZ{area + 1} {random.randrange(1, 9)}{unit}"
        together = min(random.choices((1, 2, 3), (78, 17, 5))[0], count - len(children))
        numbers = [len(children) + each for each in range(together)]
        for number, given_age in zip(numbers, _ages(together, random), strict=True):
            sex = random.choice("FM")
            taken = {c.given for c in children[numbers[0] : number]}
            names = [n for n in (girls if sex == "F" else boys).split() if n not in taken]
            child = Child(
                number, random.choice(names), family, sex, ethnicity, language,
                now.date() - timedelta(days=given_age), line=f"{house} {line}",
                town=TOWNS[area], postcode=postcode,
            )  # fmt: skip
            child.siblings = [n for n in numbers if n != number]
            children.append(child)
    _homes(children, random)
    _schools(children, random, now.date())
    for child in children:
        if child.home or child.foster or random.random() < 0.34:
            child.worker = WORKERS[min([child.number, *child.siblings]) % len(WORKERS)]
    _restrict(children, now.date())
    return children


def _restrict(children: list[Child], today: date) -> None:
    """Two young people whose records are restricted."""
    thirteen = today - timedelta(days=13 * 366)
    alone = [c for c in children if c.worker and not c.siblings and not c.home]
    for child in [c for c in alone if c.born_on < thirteen][::9][:2]:
        child.restricted = True


def _ages(count: int, random: Random) -> list[int]:
    """Ages in days, more of them between 12 and 17."""
    first = random.choices(range(5, 18), (1, 1, 1, 2, 2, 3, 4, 6, 8, 9, 9, 8, 6))[0]
    years = [max(3, first - 2 * each) for each in range(count)]
    return [year * 365 + random.randrange(5, 360) for year in years]


def _homes(children: list[Child], random: Random) -> None:
    alone = [c for c in children if not c.siblings]
    for home, beds in zip(HOMES, (6, 4, 5), strict=True):
        teens = [c for c in alone if not c.home and c.born_on.year <= 2014]
        for child in random.sample(teens, min(beds, len(teens))):
            child.home = home
    for child in random.sample([c for c in alone if not c.home], min(14, len(alone) // 8)):
        child.foster = True


def _schools(children: list[Child], random: Random, today: date) -> None:
    for child in children:
        age = (today - child.born_on).days / 365.25
        primary = age < 11.3
        child.school = SCHOOLS[3] if primary else random.choice(SCHOOLS[:3])


def file_all(children: list[Child], staff: Staff, random: Random, now: datetime) -> None:
    """Write the children as their councils, schools, police and doctors know them."""
    for child in children:
        person = Person.objects.create(
            uid=invented_uid(f"child-{child.number}"),
            born_on=child.born_on,
            is_restricted=child.restricted,
        )
        child.person = person.pk
    received = now - timedelta(days=200)
    records = [_council_record(c, staff, received) for c in children]
    SourceRecord.objects.bulk_create(records)
    seconds = [r for c in children for r in _other_records(c, staff, random, received)]
    SourceRecord.objects.bulk_create(seconds)
    rows: list[Any] = []
    for child, record in zip(children, records, strict=True):
        rows += _identifiers(child, record)
        rows += _addresses(child, record, staff, random, now.date())
        rows += _known_to(child, staff, received.date())
        rows.append(_pointer(child))
        rows += [
            Relationship(person_id=child.person, other_id=children[n].person, kind="sibling",
                         source="Saltmarsh children’s social care")
            for n in child.siblings
        ]  # fmt: skip
    models: tuple[type[Model], ...] = (Identifier, Address, KnownTo, Pointer, Relationship)
    for model in models:
        model._default_manager.bulk_create([row for row in rows if type(row) is model])


def _lives(child: Child) -> str:
    if child.home:
        return f"{AGENCIES[child.home][1]} (children’s home)"
    return f"With {'foster carers' if child.foster else 'family'}, {child.town}"


def _council_record(child: Child, staff: Staff, at: datetime) -> SourceRecord:
    facts = {"First language": child.language, "School": AGENCIES[child.school][1]}
    if child.home or child.foster:
        facts["In care since"] = str(moved_on(child, at.date()).year)
    return SourceRecord(
        person_id=child.person, agency_id=staff.agencies["council"], feed="county",
        ref=f"SM-{10000 + child.number}", given=child.given, family=child.family,
        born_on=child.born_on, sex=child.sex, ethnicity=child.ethnicity, received_at=at,
        facts=facts,
    )  # fmt: skip


def moved_on(child: Child, today: date) -> date:
    """The day a child in care left the family's home: two thirds of their life ago."""
    return today - (today - child.born_on) // 3


def _other_records(child: Child, staff: Staff, random: Random, at: datetime) -> list[SourceRecord]:
    """The same child as police and hospital wrote them down, not always the same way."""
    made = []
    if child.worker or random.random() < 0.35:
        plain = unicodedata.normalize("NFKD", child.given).encode("ascii", "ignore").decode()
        born = child.born_on
        if born.day <= 12 and random.random() < 0.4:  # day and month typed the wrong way round
            born = born.replace(day=born.month, month=born.day)
        made.append(
            SourceRecord(
                person_id=child.person, agency_id=staff.agencies["police"],
                feed="county-police", ref=f"SC-{440000 + child.number}", given=plain,
                family=child.family, born_on=born, sex=child.sex, ethnicity="",
                received_at=at + timedelta(days=random.randrange(120)),
                facts={"Address given": f"{child.line}, {child.town}"},
            )
        )  # fmt: skip
    if random.random() < 0.25:
        made.append(
            SourceRecord(
                person_id=child.person, agency_id=staff.agencies["hospital"],
                feed="county-health", ref=f"H{770000 + child.number}", given=child.given,
                family=child.family, born_on=child.born_on, sex=child.sex,
                ethnicity=child.ethnicity, received_at=at + timedelta(days=random.randrange(150)),
                facts={"GP": random.choice(SURGERIES), "Interpreter": "yes"
                       if child.language not in ("English",) and child.number % 3 == 0 else "no"},
            )
        )  # fmt: skip
    return made


def nhs_number(stem: int) -> str:
    """A synthetic NHS number from nine digits (999 range); the next one where none fits."""
    while True:
        digits = [int(d) for d in str(stem)]
        check = 11 - sum(d * (10 - i) for i, d in enumerate(digits)) % 11
        if check != 10:
            return f"{stem}{0 if check == 11 else check}"
        stem += 1


def upn(number: int) -> str:
    """An invented unique pupil number: local authority 999, nine digits, its check letter."""
    digits = f"999{number:09}"
    total = sum(int(d) * (i + 2) for i, d in enumerate(digits))
    return f"{UPN_LETTERS[total % 23]}{digits}"


def _identifiers(child: Child, record: SourceRecord) -> list[Identifier]:
    values = {
        "nhs": nhs_number(999_000_000 + 7 * child.number),
        "upn": upn(402_126_000 + child.number % 1000),
    }
    return [
        Identifier(
            person_id=child.person, source_record=record, scheme=scheme, value=value, is_valid=True
        )
        for scheme, value in values.items()
    ]


def _addresses(
    child: Child, record: SourceRecord, staff: Staff, random: Random, today: date
) -> list[Address]:
    family = Address(
        person_id=child.person, source_record=record, line=f"{child.line}, {child.town}",
        postcode=child.postcode, from_on=child.born_on, is_restricted=child.restricted,
    )  # fmt: skip
    if not child.home and not child.foster:
        return [family]
    moved = moved_on(child, today)
    family.until_on = moved
    now_at = Address(
        person_id=child.person, source_record=record, from_on=moved,
        line=AGENCIES[child.home][1] if child.home
        else f"{random.randrange(1, 90)} {random.choice(STREETS)}, {child.town}",
        postcode=child.postcode, place_id=staff.places.get(child.home),
        is_restricted=child.restricted,
    )  # fmt: skip
    return [now_at, family]


def _known_to(child: Child, staff: Staff, since: date) -> list[KnownTo]:
    lead = {"creek": "school", "lighthouse": "lighthouse_lead", "st_brannock": "brannock_lead",
            "dunes": "dunes_lead"}[child.school]  # fmt: skip
    known = [(child.school, lead, "Safeguarding lead")]
    if child.worker:
        known.append(("council", child.worker, "Social worker"))
    if child.home:
        key = {"samphire": "home_manager", "teal": "teal_home", "breakwater": "breakwater_home"}
        known.append((child.home, key[child.home], "Runs the home"))
    if child.number % 9 == 0:
        known.append(("hospital", "nurse", "Named nurse"))
    if child.number % 5 == 0 or child.home:
        known.append(("listening", "interviewer" if child.number % 2 else "interviewer2",
                      "Independent interviewer"))  # fmt: skip
    return [
        KnownTo(
            person_id=child.person, agency_id=staff.agencies[agency],
            practitioner_id=staff.ids[who], role=role, from_on=since,
        )
        for agency, who, role in known
    ]  # fmt: skip


def _pointer(child: Child) -> Pointer:
    return Pointer(
        person_id=child.person,
        uid=invented_uid(f"child-{child.number}"),
        name=child.name,
        name_key=name_key(child.name),
        born_on=child.born_on,
        lives_at=_lives(child),
        level="",
        markers=[],
        is_restricted=child.restricted,
    )
