"""Who worked in the county over the years: agencies, homes, schools and people by the score.

Beside those of `staff.py`, whom the demo signs in as; so that a sign-in shows the work of one
person and not ten years of a county's.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from kittiwake.access.actors import actor, system_actor
from kittiwake.agencies.models import Agency, Place, Practitioner, RoleHeld
from kittiwake.agencies.rota import Rota
from kittiwake.cli.county.names import PEOPLES, STREETS
from kittiwake.cli.county.staff import LONG_AGO, STAFF, Staff, invented_uid
from kittiwake.kernel.known import Actor

# Role, title, rank, agency, and how many at scale 1, never fewer than the last.
POOLS: tuple[tuple[str, str, int, str, int, int], ...] = (
    ("call_handler", "Call handler", 0, "police", 60, 3),
    ("response_officer", "PC", 1, "police", 180, 6),
    ("response_sergeant", "Sergeant", 2, "police", 40, 3),
    ("duty_inspector", "Inspector", 3, "police", 15, 3),
    ("duty_detective_inspector", "Detective Inspector", 3, "police", 8, 2),
    ("duty_superintendent", "Superintendent", 5, "police", 6, 2),
    ("missing_persons_adviser", "Missing persons adviser", 0, "police", 6, 2),
    ("exploitation_coordinator", "Exploitation coordinator", 0, "police", 3, 1),
    ("mash_sergeant", "Detective Sergeant", 2, "police", 8, 2),
    ("social_worker", "Social worker", 0, "council", 240, 4),
    ("emergency_duty_team", "Emergency duty social worker", 0, "council", 12, 2),
    ("social_care_manager", "Manager", 0, "council", 14, 2),
    ("independent_interviewer", "Independent interviewer", 0, "listening", 16, 2),
)
HOMES, SCHOOLS = 48, 330
"""Children's homes and schools at scale 1 [D]."""
_HOME = "House Cottage Lodge Court View Rise"
_BIRDS = (
    "Avocet Bittern Curlew Dunlin Eider Fulmar Gannet Godwit Goldcrest Heron Kestrel Knot "
    "Lapwing Linnet Martin Nightjar Osprey Petrel Pipit Plover Puffin Redshank Ruff Sanderling "
    "Shearwater Skylark Snipe Swift Tern Turnstone Wagtail Wheatear Whimbrel Wigeon Wren "
    "Yellowhammer"
)


@dataclass
class Crew:
    """Everybody who worked over the years, by role; and each home and school by number.

    `homes` and `schools` are (agency, place, name, who answers there); `desks` those who were
    always the same: the system and the clerk.
    """

    staff: Staff
    pools: dict[str, list[Actor]] = field(default_factory=dict)
    homes: list[tuple[int, int, str, Actor]] = field(default_factory=list)
    schools: list[tuple[int, int, str, Actor]] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    holders: dict[str, int] = field(default_factory=dict)
    desks: dict[str, Actor] = field(default_factory=dict)

    def on(self, role: str, at: datetime) -> Actor:
        """Who of a pool answers for a role in the shift of an instant."""
        pool = self.pools[role]
        return pool[_shift(at) % len(pool)]

    def rota(self) -> Callable[[datetime], Rota]:
        """The rota of the past: each pool in turn, and whoever holds any other role."""

        @lru_cache(maxsize=64)
        def of(shift: int) -> Rota:
            on = {role: pool[shift % len(pool)].id for role, pool in self.pools.items()}
            return Rota(on, self.holders, {})

        return lambda at: of(_shift(at))


def _shift(at: datetime) -> int:
    """The number of a twelve-hour shift, from seven to seven by the sun's clock."""
    return (at.astimezone(UTC) - timedelta(hours=7) - LONG_AGO) // timedelta(hours=12)


def engage(staff: Staff, scale: float) -> Crew:
    """Write the pools, homes and schools of a county of this size, as the database's owner."""
    crew = Crew(staff)
    names = _Names()
    for role, title, rank, agency, at_one, fewest in POOLS:
        count = max(fewest, round(at_one * scale))
        crew.pools[role] = [
            _one(f"{role}-{n}", next(names), title, rank, staff.agencies[agency], role)
            for n in range(count)
        ]
    for n in range(max(2, round(HOMES * scale))):
        birds, kinds = _BIRDS.split(), _HOME.split()
        name = f"{birds[n % len(birds)]} {kinds[(n // len(birds) + n) % len(kinds)]}"
        crew.homes.append(_place(n, "home", name, next(names)))
    for n in range(max(4, round(SCHOOLS * scale))):
        street = STREETS[n % len(STREETS)]
        kind = "Primary School" if n % 4 else "Academy"
        birds = _BIRDS.split()
        part = "" if n < len(STREETS) else f" {birds[n // len(STREETS) % len(birds)]}"
        crew.schools.append(_place(n, "school", f"{street}{part} {kind}", next(names)))
    for role, who in RoleHeld.objects.order_by("-from_at", "-practitioner_id").values_list(
        "role", "practitioner_id"
    ):
        crew.holders[role] = who
    crew.desks = {"system": system_actor(), "clerk": actor(staff.ids["clerk"])}
    crew.names = dict(Practitioner.objects.values_list("id", "name"))
    return crew


def _place(number: int, kind: str, name: str, leads: str) -> tuple[int, int, str, Actor]:
    """A home or a school with whoever runs it or leads there: agency, place, name, who."""
    phone = f"07700 9000{number % 100:02}"
    agency = Agency.objects.create(
        uid=invented_uid(f"{kind}-{number}"), kind=kind, name=name, phone=phone
    )
    place = Place.objects.create(
        uid=invented_uid(f"place-{kind}-{number}"), kind=kind, name=name, agency=agency,
        postcode=f"ZZ{number % 9 + 1} {number % 8 + 1}XX", phone=phone,
    )  # fmt: skip
    title = "Registered manager" if kind == "home" else "Safeguarding lead"
    roles = "home_manager home_carer" if kind == "home" else "school_safeguarding_lead"
    who = _one(f"{kind}-{number}-lead", leads, title, 0, agency.pk, roles)
    return agency.pk, place.pk, name, who


def _one(key: str, name: str, title: str, rank: int, agency: int, roles: str) -> Actor:
    one = Practitioner.objects.create(
        uid=invented_uid(f"practitioner-{key}"), name=name, title=title, rank=rank,
        agency_id=agency, phone=f"07700 900{sum(key.encode()) % 1000:03}",
    )  # fmt: skip
    for role in roles.split():
        RoleHeld.objects.create(practitioner=one, role=role, from_at=LONG_AGO)
    return actor(one.pk)


class _Names:
    """Names for those who work here: none twice, and none of somebody the demo signs in as."""

    def __init__(self) -> None:
        self.taken = {name for _, name, *_ in STAFF}
        self.number = 0

    def __next__(self) -> str:
        while True:
            people = PEOPLES[self.number * 7 % len(PEOPLES)]
            given = (people[2] + " " + people[3]).split()
            families = people[4].split()
            turn = self.number // len(PEOPLES)
            name = (
                f"{given[turn % len(given)]} {families[(turn * 5 + self.number) % len(families)]}"
            )
            self.number += 1
            if name not in self.taken:
                self.taken.add(name)
                return name
