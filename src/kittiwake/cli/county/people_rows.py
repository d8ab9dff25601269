"""The families of a block as rows: people, what each agency wrote down, where they live."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count, permutations
from random import Random
from typing import Any
from uuid import UUID

from kittiwake.cli.county import rates
from kittiwake.cli.county.children import SURGERIES, moved_on, nhs_number, upn
from kittiwake.cli.county.children import Child as Someone
from kittiwake.cli.county.crew import Crew
from kittiwake.cli.county.families import YEAR, Block, Household
from kittiwake.cli.county.names import STREETS
from kittiwake.cli.county.variants import Described, as_written
from kittiwake.people.names import full_name, name_key

COLUMNS: dict[str, str] = {
    "person": "id, uid, born_on, is_restricted",
    "source_record": "id, person_id, agency_id, feed, ref, given, family, born_on, sex, ethnicity,"
    " received_at, facts",
    "identifier": "person_id, source_record_id, scheme, value, is_valid",
    "address": "person_id, source_record_id, line, postcode, place_id, from_on, until_on,"
    " is_restricted",
    "relationship": "person_id, other_id, kind, source",
    "known_to": "person_id, agency_id, practitioner_id, role, from_on",
    "pointer": "person_id, uid, name, name_key, born_on, lives_at, level, markers, is_restricted",
}
"""The tables of people, in the order in which they may be written, and their columns."""
INVENTED = {"Invented": "yes, for training"}
"""What every source record of the county says of itself, wherever it is shown or sent."""
_REFS = {"county": "SM", "county-police": "SC", "county-health": "H", "county-school": "P"}


@dataclass
class Writer:
    """Writes families as rows, with the ids of its block."""

    crew: Crew
    random: Random
    now: datetime
    persons: int
    records: Iterator[int]
    numbers: Iterator[int]
    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    uids: dict[int, str] = field(default_factory=dict)

    def families(self, block: Block) -> None:
        """Everybody of a block, but for the pointer, which waits for what happened to them."""
        for house in block.families:
            for parent in house.parents:
                self._adult(parent)
            for child in house.children:
                self._child(child, house)
            self._relations(house)

    def pointer(self, one: Someone, level: str, markers: list[str]) -> None:
        """What boards and search read of somebody."""
        name = full_name(one.given, one.family)
        self._add("pointer", one.person, self.uids[one.person], name, name_key(name), one.born_on,
                  self._lives(one), level, json.dumps(markers), one.restricted)  # fmt: skip

    def _add(self, table: str, *values: Any) -> None:
        self.rows.setdefault(table, []).append(values)

    def _person(self, one: Someone) -> None:
        one.person = self.persons + one.number
        self.uids[one.person] = str(UUID(int=self.random.getrandbits(128), version=4))
        self._add("person", one.person, self.uids[one.person], one.born_on, one.restricted)

    def _lives(self, one: Someone) -> str:
        if one.home:
            return f"{self.crew.homes[int(one.home)][2]} (children’s home)"
        if (self.now.date() - one.born_on).days > 18 * YEAR:
            return one.town
        return f"With {'foster carers' if one.foster else 'family'}, {one.town}"

    # ── What agencies wrote down ────────────────────────────────────────────────────────

    def _record(self, one: Someone, agency: int, feed: str, other: str, **facts: str) -> int:
        true = Described(one.given, one.family, one.born_on, one.sex)
        # The council's own record is the one that others are compared with.
        told = true if feed == "county" else as_written(true, other, self.random)
        number = next(self.records)
        lived = min(3000, max(1, (self.now.date() - one.born_on).days))
        received = self.now - timedelta(days=self.random.randrange(lived), minutes=number % 999)
        self._add(
            "source_record", number, one.person, agency, feed, f"{_REFS[feed]}-{1000000 + number}",
            told.given, told.family, told.born_on, told.sex,
            one.ethnicity if self.random.random() < 0.88 else "", received,
            json.dumps(facts | INVENTED),
        )  # fmt: skip
        return number

    def _adult(self, one: Someone) -> None:
        self._person(one)
        agencies = self.crew.staff.agencies
        feed, agency = self.random.choices(
            (("county-police", "police"), ("county-health", "hospital"), ("county", "council")),
            (25, 55, 20),
        )[0]
        record = self._record(one, agencies[agency], feed, "")
        self._address(one, record, one.line, one.postcode, None, None, None)

    def _child(self, one: Someone, house: Household) -> None:
        self._person(one)
        random, staff = self.random, self.crew.staff
        age = (self.now.date() - one.born_on).days / YEAR
        other = next((p.family for p in house.parents if p.family != one.family), "")
        school = self.crew.schools[int(one.school)] if one.school and age < 18 else None
        records = []
        if one.worker or one.home or one.foster or random.random() < 0.10:
            records.append(self._record(one, staff.agencies["council"], "county", other,
                                        **{"First language": one.language}))  # fmt: skip
        if school or not records:
            agency = school[0] if school else staff.agencies["hospital"]
            feed = "county-school" if school else "county-health"
            records.append(self._record(one, agency, feed, other))
        if random.random() < 0.55:
            gp = {"GP": random.choice(SURGERIES)}
            records.append(self._record(one, staff.agencies["hospital"], "county-health", other,
                                        **gp))  # fmt: skip
        if random.random() < (0.55 if one.worker else 0.14):
            given = {"Address given": f"{one.line}, {one.town}"}
            records.append(self._record(one, staff.agencies["police"], "county-police", other,
                                        **given))  # fmt: skip
        self._identifiers(one, records[0], age)
        self._lived(one, records[0])
        self._works_with(one, school)

    def _identifiers(self, one: Someone, record: int, age: float) -> None:
        # Beyond those of the scenes, and within the ranges that no real person has.
        number = next(self.numbers)
        if self.random.random() < 0.92:
            nhs = nhs_number(999_010_000 + 6 * number)
            self._add("identifier", one.person, record, "nhs", nhs, True)
        if age > 4 and self.random.random() < 0.9:
            self._add("identifier", one.person, record, "upn", upn(number), True)

    def _lived(self, one: Someone, record: int) -> None:
        if not one.home and not one.foster:
            self._address(one, record, one.line, one.postcode, None, None, None)
            return
        moved = moved_on(one, self.now.date())
        self._address(one, record, one.line, one.postcode, None, one.born_on, moved)
        if one.home:
            _, place, name, _ = self.crew.homes[int(one.home)]
            self._address(one, record, name, one.postcode, place, moved, None)
        else:
            line = f"{self.random.randrange(1, 90)} {self.random.choice(STREETS)}"
            self._address(one, record, line, one.postcode, None, moved, None)

    def _address(
        self,
        one: Someone,
        record: int,
        line: str,
        postcode: str,
        place: int | None,
        since: date | None,
        until: date | None,
    ) -> None:
        self._add("address", one.person, record, f"{line}, {one.town}", postcode, place, since,
                  until, one.restricted)  # fmt: skip

    # ── Who belongs to whom, and who works with them ────────────────────────────────────

    def _relations(self, house: Household) -> None:
        source = "Saltmarsh children’s social care"
        for one, other in permutations(house.children, 2):
            self._add("relationship", one.person, other.person, "sibling", source)
        for one in house.visiting:
            for other in house.children:
                self._add("relationship", one.person, other.person, "half-sibling", source)
                self._add("relationship", other.person, one.person, "half-sibling", source)
        for child in (*house.children, *house.visiting):
            for parent in house.parents[: 1 if child in house.visiting else 2]:
                self._add("relationship", child.person, parent.person, "parent", source)
                self._add("relationship", parent.person, child.person, "child", source)

    def _works_with(self, one: Someone, school: Any) -> None:
        since = (self.now - timedelta(days=self.random.randrange(30, 1500))).date()
        known = [(school[0], school[3].id, "Safeguarding lead")] if school else []
        if one.worker:
            worker = self.crew.pools["social_worker"][int(one.worker)]
            known.append((worker.agency_id, worker.id, "Social worker"))
        if one.home:
            agency, _, _, who = self.crew.homes[int(one.home)]
            known.append((agency, who.id, "Runs the home"))
        for agency, who_id, role in known:
            self._add("known_to", one.person, agency, who_id, role, since)


def settle_down(block: Block, crew: Crew, in_care: list[Someone], today: date) -> None:
    """Who goes to which school, who lives in which home, who has a social worker."""
    random = block.random
    schools, homes = len(crew.schools), len(crew.homes)
    nearby = [(block.number * 3 + n) % schools for n in range(6)]
    children = [c for h in block.families for c in h.children]
    young = [c for c in children if (today - c.born_on).days < 18 * YEAR]
    for child in children:
        age = (today - child.born_on).days / YEAR
        if age >= 4.5:  # of those who have grown up, the one they went to
            primary = [n for n in nearby if n % 4] or nearby
            child.school = str(random.choice(primary if age < 11.3 else nearby))
    caring = [c for c in in_care if (today - c.born_on).days < 18 * YEAR]
    wanted = round(rates.LOOKED_AFTER * len(young) + random.random() - 0.5)
    free = [c for c in young if c not in caring]
    for child in (*caring, *random.sample(free, max(0, min(wanted - len(caring), len(free))))):
        # Whoever is missing most lives in a home more often.
        if random.random() < (0.5 if child in caring else rates.IN_HOMES):
            child.home = str(random.randrange(homes))
        else:
            child.foster = True
    workers = len(crew.pools["social_worker"])
    numbers = count(block.number * 5)
    for child in young:
        if child.home or child.foster or random.random() < rates.WITH_WORKER:
            child.worker = str(next(numbers) % workers)
