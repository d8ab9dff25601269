"""The county as it is this minute: who is missing, who is back and waits, what closed today."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from random import Random
from uuid import uuid4

from kittiwake.access.models import Lease, Refusal
from kittiwake.cli.county import plans
from kittiwake.cli.county.calls import log_calls
from kittiwake.cli.county.children import Child
from kittiwake.cli.county.episodes import NAMES, Episode, Teller, plot_for
from kittiwake.cli.county.plots import MARKER_BASES, PLOTS
from kittiwake.kernel.markers import Marker
from kittiwake.kernel.questions import show_day
from kittiwake.pathways.flags.entries import FlagRaised, FlagReviewed
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing import returning as back
from kittiwake.pathways.missing.questions import Grade

# Who gets which marker: number of children, in the order they come.
MARKED = (
    ("cse", 4), ("cce", 4), ("cawn", 2), ("protection_plan", 6), ("self_harm", 4), ("medical", 4),
    ("domestic_abuse", 5), ("send", 4), ("order", 3), ("nrm", 1),
)  # fmt: skip


def tell_everything(teller: Teller, children: list[Child]) -> None:
    """Histories first, then markers, then everything that is open now."""
    cast = cast_of(children, teller.random, teller.now)
    playing = {child.number for child in cast.values()}
    others = [c for c in _teens(children, teller.now) if c.number not in playing]
    _markers(teller, cast, others)
    plans.write_profiles(teller, children)
    _histories(teller, cast, others)
    _missing_now(teller, cast)
    _back_now(teller, cast)
    _closed_today(teller, cast)
    log_calls(teller, others)
    _looked(teller, cast)


def _teens(children: list[Child], now: datetime) -> list[Child]:
    eleven = now.date() - timedelta(days=11 * 366)
    return [c for c in children if c.born_on < eleven]


def cast_of(children: list[Child], random: Random, now: datetime) -> dict[str, Child]:
    """Who plays which part, girls and boys in turn and nobody of the same name."""
    teens = _teens(children, now)
    left = random.sample(teens, len(teens))
    cast: dict[str, Child] = {}

    def choose(part: str, fits: Callable[[Child], bool]) -> None:
        names = {n for c in cast.values() for n in (c.given, c.family)}
        sex = "FM"[len(cast) % 2]
        fitting = [c for c in left if fits(c) and c.number not in {x.number for x in cast.values()}]
        found = [c for c in fitting if not {c.given, c.family} & names] or fitting
        cast[part] = next((c for c in found if c.sex == sex), found[0])

    choose("restricted", lambda c: c.restricted)
    left = [c for c in left if not c.restricted]
    for part in ("just_reported", "well_run", "overnight", "third_time", "just_back",
                 "late_interview"):  # fmt: skip
        choose(part, lambda c: bool(c.home))
    for part in ("unreviewed", "overdue_review", "three_days", "located", "hotel", "sharing",
                 "closed"):  # fmt: skip
        choose(part, lambda c: bool(c.worker) and not c.home)
    for part in ("unacknowledged", "handed_over", "new_to_us", "waiting", "declined"):
        choose(part, lambda c: not c.worker and not c.home)
    playing = {c.number for c in cast.values()}
    elder, younger = next(
        (children[c.siblings[0]], c)
        for c in children
        if c not in teens and c.siblings and not {c.number, c.siblings[0]} & playing
    )
    return cast | {"elder": elder, "younger": younger}


def _markers(teller: Teller, cast: dict[str, Child], others: list[Child]) -> None:
    chosen: dict[str, list[str]] = {
        "well_run": ["cse", "cawn"], "overdue_review": ["self_harm"], "overnight": ["cce", "nrm"],
        "third_time": ["cse"], "unreviewed": ["protection_plan"], "hotel": ["cse"],
        "just_reported": ["medical"], "restricted": ["order", "domestic_abuse"],
        "located": ["send"], "elder": ["domestic_abuse"], "younger": ["domestic_abuse"],
    }  # fmt: skip
    given: list[tuple[Child, str]] = [(cast[who], m) for who, ms in chosen.items() for m in ms]
    pool = iter(others * 2)
    given += [(next(pool), marker) for marker, count in MARKED for _ in range(count)]
    given += [(c, "looked_after") for c in [*cast.values(), *others] if c.home]
    for number, (child, marker) in enumerate(given):
        at = teller.now - timedelta(days=95 + (number * 13) % 60, hours=number % 9)
        by = "hub" if number % 3 else "researcher"
        entry = FlagRaised(type=Marker(marker), basis=MARKER_BASES[marker])
        teller.say(by, entry, child, at)
        again = FlagReviewed(type=Marker(marker), why="Spoken through with those who know them.")
        teller.say(by, again, child, at + timedelta(days=80))
    marked = {child.number: child for child, _ in given}.values()
    unreviewed = {cast[who].number for who in ("overnight", "unreviewed", "hotel")}
    for child in marked:
        teller.plan_written(child, teller.now - timedelta(days=91))
        if child.number not in unreviewed:
            teller.plan_written(child, teller.now - timedelta(days=25))


def _histories(teller: Teller, cast: dict[str, Child], others: list[Child]) -> None:
    for number, child in enumerate([*cast.values(), *others[:25]]):
        for year in range(number % 3):
            _on_file(teller, child, teller.now.date() - timedelta(days=400 + 95 * year + number))
    whole = [*others[::4][:8], cast["well_run"], cast["overnight"], cast["hotel"]]
    for number, child in enumerate(whole):
        began = teller.now - timedelta(days=20 + 5 * number, hours=(number * 5) % 24)
        teller.whole(Episode(child, plot_for(child, number), began))
    for days in (70, 33):
        began = teller.now - timedelta(days=days, hours=4)
        teller.whole(Episode(cast["third_time"], PLOTS[7 if days == 70 else 1], began))
    for child in [*whole, cast["third_time"]]:
        teller.plan_written(child, teller.now - timedelta(days=5))


def _on_file(teller: Teller, child: Child, day: date) -> None:
    entry = e.MissingEpisodeOnFile.model_validate({
        "happened_at": f"{day}T00:00:00+00:00",
        "source": "SSDA903 return of Saltmarsh council",
        "ended_on": show_day(day + timedelta(days=child.number % 3)),
        "away_without_leave": child.number % 4 == 0,
    })  # fmt: skip
    teller.say("clerk", entry, child, teller.now - timedelta(days=190))


# ── Missing now ─────────────────────────────────────────────────────────────────────────


def _missing_now(teller: Teller, cast: dict[str, Child]) -> None:
    """Thirteen children, at every stage; begun so many minutes ago."""

    def begin(who: str, minutes: float, plot: int) -> Episode:
        ep = Episode(cast[who], PLOTS[plot], teller.now - timedelta(minutes=minutes))
        teller.report(ep)
        return ep

    begin("just_reported", 7, 6)
    begin("unacknowledged", 38, 5)
    ep = begin("new_to_us", 12, 8)
    teller.news(ep, 9, "Interpreter found; ringing the cousin again now.")
    ep = begin("unreviewed", 96, 9)
    _first_hour(teller, ep, reviewed=False)
    _well_run(teller, begin("well_run", 171, 1))
    ep = begin("overdue_review", 322, 2)
    _first_hour(teller, ep)
    teller.news(ep, 130, "School friend: {given} was on the sea wall at lunch, on their own.")
    teller.news(ep, 251, "Phone on for four minutes near Lesser Wick, then off.", late=20)
    teller.news(ep, 300, "Mum has found a note. She is being visited now.")
    _overnight(teller, begin("overnight", 26 * 60, 3))
    _three_days(teller, begin("three_days", 71 * 60, 4))
    ep = begin("restricted", 190, 4)
    _first_hour(teller, ep)
    _siblings(teller, cast)
    ep = begin("third_time", 245, 1)
    _first_hour(teller, ep)
    teller.news(ep, 200, "Hotel staff rang: a room was booked in the name of the same adult.")
    ep = begin("handed_over", 415, 7)
    _first_hour(teller, ep)
    teller.settle(ep, 190)
    teller.review(ep, 200, also="Nothing new in three hours. Brother’s room is being watched.")
    to = teller.actors["inspector"].uid
    _lower(teller, ep)
    still = "Brother’s room again at shift change; the boat shed has not been searched in daylight."
    handed = e.HandedOver(to_practitioner=to, still_to_do=still)
    teller.tell(ep, "inspector2", handed, 390)


def _lower(teller: Teller, ep: Episode) -> None:
    """A sergeant proposes a lower grade, and an inspector who is somebody else decides."""
    why = "Their brother spoke with them by video at five: warm, fed, and with his friend’s mum."
    proposal = e.LowerGradeProposed(grade=Grade.MEDIUM, why=why)
    teller.tell(ep, teller.on("response_sergeant", ep, 230), proposal, 230)
    lowered = e.GradeLowered(
        grade=Grade.MEDIUM,
        rationale="Seen and spoken with today by somebody they trust, indoors, with an adult we "
        "have checked. Harm is still likely if they set off alone at night.",
        relied_on="The brother’s account, and the sergeant’s call to the friend’s mother.",
        rejected="That they came back by themselves before: it says nothing about tonight.",
        markers_considered=[Marker(m) for m in teller.markers(ep.child)] or None,
        review_by=teller.now + timedelta(hours=1),
    )
    teller.tell(ep, "ccr_inspector", lowered, 262)


def _first_hour(teller: Teller, ep: Episode, reviewed: bool = True) -> None:
    teller.acknowledge(ep, 9)
    teller.social_care(ep, 14)
    teller.assess(ep, 31)
    teller.settle(ep, 36)
    if reviewed:
        teller.review(ep, 49)
        teller.oversee(ep, 57)
        teller.settle(ep, 80, only=1)


def _well_run(teller: Teller, ep: Episode) -> None:
    _first_hour(teller, ep)
    teller.plan(ep, 61)
    teller.news(ep, 84, ep.plot.news[0])
    teller.news(ep, 141, ep.plot.news[1], by="exploitation")


def _overnight(teller: Teller, ep: Episode) -> None:
    _first_hour(teller, ep)
    teller.plan(ep, 70)
    for number, at in enumerate((225, 400, 570, 745, 920, 1100, 1275, 1430)):
        teller.review(ep, at, also="" if number == 7 else _look_again(number))
        if number < len(ep.plot.news):
            teller.news(ep, at - 60, ep.plot.news[number])
    teller.oversee(ep, 770)
    teller.settle(ep, 800, only=3)
    unit = e.MissingPersonsUnitTold(reference="UKMPU 26-3317")
    teller.tell(ep, "adviser", unit, 840)
    teller.school(ep, 300)
    teller.oversee(ep, 1480)


def _look_again(number: int) -> str:
    return (
        "The flat the card leads to is being visited by the other force within the hour.",
        "No contact now for most of a day, in the cold, with adults we do not know.",
        "Mum spoken with again; she has two more names, both tasked.",
    )[number % 3]


def _three_days(teller: Teller, ep: Episode) -> None:
    _first_hour(teller, ep)
    for number in range(1, 24):
        teller.review(ep, 49 + number * 172, also=_look_again(number))
    for number in range(1, 6):
        teller.oversee(ep, 57 + number * 700)
    teller.school(ep, 200)
    teller.plan(ep, 900)
    teller.tell(ep, "adviser", e.MissingPersonsUnitTold(reference="UKMPU 26-3290"), 2000)
    teller.news(ep, 2900, "Bank card used at a shop in Eelbridge; the film is being fetched.")
    teller.news(ep, 4100, "A worker at the night shelter thinks {given} slept there on Friday.")
    teller.settle(ep, 3000)


def _siblings(teller: Teller, cast: dict[str, Child]) -> None:
    """Two children of one family: two cases with one group id (engine rule 6)."""
    group = uuid4()
    for who in ("elder", "younger"):
        began = teller.now - timedelta(minutes=54)
        ep = Episode(cast[who], PLOTS[9], began, group=group)
        teller.report(ep)
        teller.acknowledge(ep, 8)
        teller.social_care(ep, 13)
        teller.assess(ep, 33)
        teller.settle(ep, 38)


# ── Back, and waiting to be listened to ─────────────────────────────────────────────────


def _back_now(teller: Teller, cast: dict[str, Child]) -> None:
    for ep, steps in _returns(teller, cast):
        teller.report(ep)
        _first_hour(teller, ep)
        for step in steps.split():
            name, _, minutes = step.partition("@")
            getattr(teller, name)(ep, float(minutes))
        teller.settle(ep, 150, only=9 if ep.plot.names else 30)
    ep = Episode(cast["located"], PLOTS[4], teller.now - timedelta(minutes=150))
    teller.report(ep)
    _first_hour(teller, ep)
    officer = teller.on("response_officer", ep, 130)
    found = back.Located(place="8 Reedbed Walk", safe_there=True, who_goes=NAMES[officer])
    teller.tell(ep, officer, found, 130)


def _returns(teller: Teller, cast: dict[str, Child]) -> Iterator[tuple[Episode, str]]:
    hour = 60
    for who, plot, hours, steps in (
        ("just_back", 7, 10, f"back@{9.6 * hour}"),
        ("hotel", 1, 10, f"news@{5 * hour} back@{7 * hour} seen@{7.5 * hour}"),
        ("waiting", 5, 34, f"back@{4 * hour} seen@{4.4 * hour} prevention@{5 * hour} "
                           f"school@{16 * hour} offer@{27 * hour}"),
        ("late_interview", 7, 90, f"back@{10 * hour} seen@{10.5 * hour} prevention@{12 * hour} "
                                  f"school@{20 * hour} offer@{30 * hour}"),
        ("sharing", 2, 55, f"back@{3 * hour} seen@{3.2 * hour} prevention@{4 * hour} "
                           f"school@{18 * hour} offer@{20 * hour} interview@{35 * hour}"),
    ):  # fmt: skip
        ep = Episode(cast[who], PLOTS[plot], teller.now - timedelta(hours=hours))
        yield ep, steps.replace(f"news@{5 * hour} ", "")


def _looked(teller: Teller, cast: dict[str, Child]) -> None:
    """Who opened which record in the last days, so that the access log has something to show."""
    readers = ("inspector", "sergeant", "adviser", "hub", "sw", "manager", "ddi", "handler")
    leases = [
        Lease(
            practitioner_id=teller.staff.ids[readers[(number + each * 3) % len(readers)]],
            person_id=child.person, purpose="care of the child", opened_at=at,
            expires_at=at + timedelta(minutes=30),
        )
        for number, child in enumerate(cast.values())
        if not child.restricted
        for each in range(1 + number % 4)
        for at in [teller.now - timedelta(hours=1 + 9 * each, minutes=11 * number)]
    ]  # fmt: skip
    Lease.objects.bulk_create(leases)
    Refusal.objects.create(
        practitioner_id=teller.staff.ids["sergeant"], person_id=cast["restricted"].person,
        at=teller.now - timedelta(hours=2), what="child.open", reasons=["restricted"],
    )  # fmt: skip


def _closed_today(teller: Teller, cast: dict[str, Child]) -> None:
    teller.whole(Episode(cast["closed"], PLOTS[0], teller.now - timedelta(hours=99)))
    ep = Episode(cast["declined"], PLOTS[6], teller.now - timedelta(hours=40))
    teller.report(ep)
    _first_hour(teller, ep)
    teller.back(ep, 108)
    teller.prevention(ep, 150)
    teller.school(ep, 700)
    teller.offer(ep, 1100)
    said = "“I’ve told you all of it already.” They have the card and may ring later."
    declined = back.ReturnInterviewDeclined(reason=said, asked_by=NAMES["interviewer"])
    teller.tell(ep, "interviewer", declined, 1500)
    teller.settle(ep, 1600)
    teller.close(ep, 1900)
