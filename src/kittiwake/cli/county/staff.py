"""The people who act in the invented county: agencies, teams, practitioners, roles, rotas."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import NAMESPACE_DNS, UUID, uuid5

from kittiwake.agencies.models import Agency, Deputy, Duty, Place, Practitioner, RoleHeld, Team
from kittiwake.kernel.questions import LONDON

LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)

POLICE, COUNCIL, HUB, HOSPITAL, LISTENING = "police", "council", "hub", "hospital", "listening"
SYSTEM = "system"
HOMES = ("samphire", "teal", "breakwater")
SCHOOLS = ("creek", "lighthouse", "st_brannock", "dunes")

# By key: what kind it is, its name and its telephone.
AGENCIES: dict[str, tuple[str, str, str]] = {
    POLICE: ("police", "Saltmarsh Constabulary", "07700 900100"),
    COUNCIL: ("social_care", "Saltmarsh children’s social care", "07700 900200"),
    HUB: ("partnership", "Saltmarsh safeguarding partnership", "07700 900300"),
    HOSPITAL: ("health", "Saltmarsh Hospital Trust", "07700 900400"),
    LISTENING: ("partner", "Harbour Listening", "07700 900450"),
    "samphire": ("home", "Samphire House", "07700 900510"),
    "teal": ("home", "Teal Cottage", "07700 900520"),
    "breakwater": ("home", "The Breakwater", "07700 900530"),
    "creek": ("school", "Creek Lane School", "07700 900610"),
    "lighthouse": ("school", "Lighthouse Academy", "07700 900620"),
    "st_brannock": ("school", "St Brannock’s School", "07700 900630"),
    "dunes": ("school", "Dunes Primary School", "07700 900640"),
    SYSTEM: ("system", "Kittiwake", ""),
}
POSTCODES = {
    "samphire": "ZZ1 2AA", "teal": "ZZ3 4BB", "breakwater": "ZZ5 1CC", "creek": "ZZ1 3DD",
    "lighthouse": "ZZ2 6EE", "st_brannock": "ZZ4 2FF", "dunes": "ZZ5 3GG", HOSPITAL: "ZZ2 1HH",
}  # fmt: skip

TEAMS: dict[str, tuple[str, str, str]] = {
    "control": (POLICE, "Control room", "07700 900110"),
    "response": (POLICE, "Response, north and coast", "07700 900120"),
    "detectives": (POLICE, "Child abuse investigation", "07700 900130"),
    "missing": (POLICE, "Missing persons unit", "07700 900140"),
    "mash": (POLICE, "Police in the hub", "07700 900150"),
    "standards": (POLICE, "Standards and information", "07700 900160"),
    "locality": (COUNCIL, "Children in need and in care", "07700 900210"),
    "front_door": (COUNCIL, "Front door", "07700 900220"),
    "night": (COUNCIL, "Emergency duty team", "07700 900230"),
}

# One row for each: a key, name and title, police rank, agency, team, and the roles held.
STAFF: tuple[tuple[str, str, str, int, str, str, str], ...] = (
    ("system", "Kittiwake", "", 0, SYSTEM, "", "system"),
    ("handler", "Ama Boateng", "Call handler", 0, POLICE, "control", "call_handler"),
    ("handler2", "Callum Reid", "Call handler", 0, POLICE, "control", "call_handler"),
    ("ccr_supervisor", "Priti Desai", "Control room supervisor", 0, POLICE, "control",
     "control_room_supervisor"),
    ("ccr_inspector", "Huw Prosser", "Inspector", 3, POLICE, "control", "control_room_inspector"),
    ("ccr_inspector2", "Olamide Adeyemi", "Inspector", 3, POLICE, "control",
     "control_room_inspector"),
    ("fdo", "Marian Kowalczyk", "Chief Inspector", 4, POLICE, "control", "force_duty_officer"),
    ("fdo2", "Dominic Hale", "Chief Inspector", 4, POLICE, "control", "force_duty_officer"),
    ("pc", "Sunita Rai", "PC", 1, POLICE, "response", "response_officer"),
    ("pc2", "Joe Fenwick", "PC", 1, POLICE, "response", "response_officer"),
    ("pc3", "Aoife Brennan", "PC", 1, POLICE, "response", "response_officer"),
    ("pc4", "Kwame Mensah", "PC", 1, POLICE, "response", "response_officer"),
    ("sergeant", "Rhys Morgan", "Sergeant", 2, POLICE, "response", "response_sergeant"),
    ("sergeant2", "Leila Haddad", "Sergeant", 2, POLICE, "response", "response_sergeant"),
    ("inspector", "Joan Obi", "Inspector", 3, POLICE, "response",
     "duty_inspector designated_officer"),
    ("inspector2", "Tomasz Zielinski", "Inspector", 3, POLICE, "response",
     "duty_inspector designated_officer"),
    ("superintendent", "Beatrice Lund", "Superintendent", 5, POLICE, "response",
     "duty_superintendent"),
    ("superintendent2", "Imran Qureshi", "Superintendent", 5, POLICE, "response",
     "duty_superintendent"),
    ("chief", "Helen Achebe", "Assistant Chief Constable", 7, POLICE, "",
     "assistant_chief_constable chief_officer_on_call"),
    ("deputy_chief", "Alasdair Munro", "Deputy Chief Constable", 8, POLICE, "",
     "deputy_chief_constable"),
    ("ddi", "Ravi Patel", "Detective Inspector", 3, POLICE, "detectives",
     "duty_detective_inspector detective_inspector"),
    ("ddi2", "Siobhan Keane", "Detective Inspector", 3, POLICE, "detectives",
     "duty_detective_inspector internet_abuse_inspector"),
    ("dci", "Grace Okonkwo", "Detective Chief Inspector", 4, POLICE, "detectives",
     "detective_chief_inspector"),
    ("dsupt", "Martin Bale", "Detective Superintendent", 5, POLICE, "detectives",
     "detective_superintendent"),
    ("ds", "Ewan Laird", "Detective Sergeant", 2, POLICE, "detectives",
     "detective_sergeant offender_management_supervisor"),
    ("dc", "Chiara Russo", "DC", 1, POLICE, "detectives",
     "investigating_officer offender_manager victim_identification_officer modern_slavery_lead"),
    ("di3", "Nadia Petrova", "Detective Inspector", 3, POLICE, "detectives",
     "custody_inspector offender_management_inspector marac_chair"),
    ("custody", "Delroy Grant", "Sergeant", 2, POLICE, "", "custody_officer"),
    ("adviser", "Cath Evans", "Missing persons adviser", 0, POLICE, "missing",
     "missing_persons_adviser"),
    ("exploitation", "Yusuf Demir", "Exploitation coordinator", 0, POLICE, "missing",
     "exploitation_coordinator"),
    ("hub", "Ivo Novak", "Detective Sergeant", 2, POLICE, "mash", "mash_sergeant"),
    ("hub_di", "Farah Siddiqui", "Detective Inspector", 3, POLICE, "mash",
     "mash_detective_inspector"),
    ("researcher", "Owen Pugh", "Researcher", 0, POLICE, "mash", "mash_researcher"),
    ("coordinator", "Lucy Tran", "Coordinator", 0, POLICE, "mash",
     "marac_coordinator mappa_coordinator"),
    ("auditor", "Nia Rees", "Auditor", 0, POLICE, "standards", "auditor"),
    ("dpo", "Piotr Wrona", "Data protection officer", 0, POLICE, "standards",
     "data_protection_officer records_manager"),
    ("clerk", "Pat Wren", "Information clerk", 0, POLICE, "standards",
     "information_clerk training_keeper"),
    ("editor", "Gwen Ellis", "Policy officer", 0, POLICE, "standards",
     "rulebook_editor crime_registrar digital_forensics_manager"),
    ("sw", "Meera Shah", "Social worker", 0, COUNCIL, "locality", "social_worker"),
    ("sw2", "Dan Whitlock", "Social worker", 0, COUNCIL, "locality", "social_worker"),
    ("sw3", "Abena Owusu", "Social worker", 0, COUNCIL, "locality", "social_worker"),
    ("sw4", "Ruth Feldman", "Social worker", 0, COUNCIL, "locality", "social_worker"),
    ("sw5", "Liam O’Connor", "Social worker", 0, COUNCIL, "front_door", "social_worker"),
    ("manager", "Dale Price", "Manager, front door", 0, COUNCIL, "front_door",
     "social_care_manager"),
    ("service_manager", "Carmen Ortiz", "Service manager", 0, COUNCIL, "locality",
     "la_service_manager"),
    ("head", "Vivienne Clarke", "Head of service", 0, COUNCIL, "",
     "la_head_of_service child_protection_chair"),
    ("edt", "Stefan Ionescu", "Emergency duty social worker", 0, COUNCIL, "night",
     "emergency_duty_team"),
    ("edt2", "Marcia Bell", "Emergency duty social worker", 0, COUNCIL, "night",
     "emergency_duty_team"),
    ("director", "Anil Kapoor", "Assistant director", 0, COUNCIL, "", "director_on_call"),
    ("dcs", "Judith Blake", "Director of children’s services", 0, COUNCIL, "",
     "director_of_childrens_services"),
    ("legal", "Sarah Levy", "Legal adviser", 0, COUNCIL, "", "la_legal_adviser"),
    ("lado", "Colin Yates", "Designated officer", 0, COUNCIL, "", "lado"),
    ("business", "Fiona Marr", "Business manager", 0, HUB, "", "partnership_business_manager"),
    ("partner", "Samuel Osei", "Safeguarding partner", 0, HUB, "",
     "delegated_safeguarding_partner safeguarding_partner"),
    ("scrutineer", "Margaret Lyle", "Independent scrutineer", 0, HUB, "",
     "independent_scrutineer"),
    ("nurse", "Bronwen Hughes", "Named nurse", 0, HOSPITAL, "",
     "mash_health_practitioner agency_safeguarding_lead"),
    ("interviewer", "Una Kelly", "Independent interviewer", 0, LISTENING, "",
     "independent_interviewer"),
    ("interviewer2", "Jerome Baptiste", "Independent interviewer", 0, LISTENING, "",
     "independent_interviewer"),
    ("home", "Sol Grant", "Carer", 0, "samphire", "", "home_carer"),
    ("home_manager", "Denise Walcott", "Registered manager", 0, "samphire", "",
     "home_manager home_carer"),
    ("teal_home", "Gethin Lloyd", "Registered manager", 0, "teal", "", "home_manager home_carer"),
    ("breakwater_home", "Rosa Marques", "Registered manager", 0, "breakwater", "",
     "home_manager home_carer"),
    ("school", "Eve Marsh", "Safeguarding lead", 0, "creek", "", "school_safeguarding_lead"),
    ("lighthouse_lead", "Kofi Asante", "Safeguarding lead", 0, "lighthouse", "",
     "school_safeguarding_lead"),
    ("brannock_lead", "Isla Drummond", "Safeguarding lead", 0, "st_brannock", "",
     "school_safeguarding_lead"),
    ("dunes_lead", "Marta Silva", "Safeguarding lead", 0, "dunes", "",
     "school_safeguarding_lead"),
)  # fmt: skip

# Roles somebody answers for day and night, in shifts from 07:00 and 19:00: (first, second).
SHIFTS = {
    "duty_inspector": ("inspector", "inspector2"),
    "response_sergeant": ("sergeant", "sergeant2"),
    "response_officer": ("pc", "pc3"),
    "call_handler": ("handler", "handler2"),
}
# Roles on call for a week at a time, from Monday 08:00.
WEEKS = {
    "control_room_inspector": ("ccr_inspector", "ccr_inspector2"),
    "force_duty_officer": ("fdo", "fdo2"),
    "duty_detective_inspector": ("ddi", "ddi2"),
    "duty_superintendent": ("superintendent", "superintendent2"),
    "emergency_duty_team": ("edt", "edt2"),
    "chief_officer_on_call": ("chief", "deputy_chief"),
    "director_on_call": ("director", "head"),
    "independent_interviewer": ("interviewer", "interviewer2"),
}
BEFORE, AFTER = timedelta(days=35), timedelta(days=740)


@dataclass
class Staff:
    """Everybody of the county, by key, and who is on duty when."""

    agencies: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    first_by_day: bool = True

    def shift(self, role: str, at: datetime) -> str:
        """The key of whoever answers for a role of the shifts at an instant."""
        first, second = SHIFTS[role]
        by_day = 7 <= at.astimezone(LONDON).hour < 19
        return first if by_day == self.first_by_day else second


def invented_uid(what: str) -> UUID:
    """A UUID that is the same in every demo, so that links in the documentation keep working."""
    return uuid5(NAMESPACE_DNS, f"{what}.saltmarsh.example")


def hire(now: datetime) -> Staff:
    """Write agencies, teams, places, practitioners, roles, rotas and deputies.

    Whoever the demo signs in as is on the shift that is running now.
    """
    staff = Staff(first_by_day=7 <= now.astimezone(LONDON).hour < 19)
    for key, (kind, name, phone) in AGENCIES.items():
        agency = Agency.objects.create(uid=invented_uid(key), kind=kind, name=name, phone=phone)
        staff.agencies[key], staff.kinds[key] = agency.pk, kind
        if key in POSTCODES:
            staff.places[key] = Place.objects.create(
                uid=invented_uid(f"place-{key}"), kind="hospital" if key == HOSPITAL else kind,
                name=name, agency=agency, postcode=POSTCODES[key], phone=phone,
            ).pk  # fmt: skip
    teams = {
        key: Team.objects.create(agency_id=staff.agencies[agency], name=name, phone=phone).pk
        for key, (agency, name, phone) in TEAMS.items()
    }
    for number, (key, name, title, rank, agency_key, team, roles) in enumerate(STAFF):
        one = Practitioner.objects.create(
            uid=invented_uid(f"practitioner-{key}"), name=name, title=title, rank=rank,
            agency_id=staff.agencies[agency_key], team_id=teams.get(team),
            phone="" if key == "system" else f"07700 900{700 + number}",
            is_system=key == "system",
        )  # fmt: skip
        staff.ids[key] = one.pk
        RoleHeld.objects.bulk_create(
            RoleHeld(practitioner=one, role=role, from_at=LONG_AGO) for role in roles.split()
        )
    _rota(staff, now)
    _deputies(staff, now)
    return staff


def _rota(staff: Staff, now: datetime) -> None:
    first_day, last_day = (now - BEFORE).date(), (now + AFTER).date()
    duties = []
    for role in SHIFTS:
        day = first_day
        while day < last_day:
            for start, end in ((_at(day, 7), _at(day, 19)), (_at(day, 19), _at(day, 31))):
                who = staff.ids[staff.shift(role, start)]
                duties.append(Duty(role=role, practitioner_id=who, from_at=start, until=end))
            day += timedelta(days=1)
    monday = first_day - timedelta(days=first_day.weekday())
    this_week = (now.date() - monday).days // 7
    for role, pair in WEEKS.items():
        for week in range((last_day - monday).days // 7):
            first = monday + timedelta(weeks=week)
            who = staff.ids[pair[(week - this_week) % 2]]
            until = _at(first + timedelta(weeks=1), 8)
            duties.append(Duty(role=role, practitioner_id=who, from_at=_at(first, 8), until=until))
    Duty.objects.bulk_create(duties, batch_size=2000)


def _at(day: date, hour: int) -> datetime:
    """An hour of local time, counted on from midnight of a day."""
    return datetime.combine(day + timedelta(days=hour // 24), time(hour % 24), LONDON)


def _deputies(staff: Staff, now: datetime) -> None:
    away = (("sw2", "sw3", -2, 5), ("service_manager", "head", -1, 3), ("exploitation", "adviser",
            6, 13))  # fmt: skip
    for who, deputy, from_days, until_days in away:
        Deputy.objects.create(
            practitioner_id=staff.ids[who],
            deputy_id=staff.ids[deputy],
            from_at=now + timedelta(days=from_days),
            until=now + timedelta(days=until_days),
        )
