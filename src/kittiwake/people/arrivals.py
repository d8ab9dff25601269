"""Who is it? A description that arrives is linked to a person, possibly somebody, or new.

A false link is worse than a miss. Only the sender's own number, or a valid NHS number or UPN
whose date of birth (and first name, where both have one) agrees, links by itself. Everything
else that looks alike becomes a person of its own and waits for a person to compare: twins and
cousins of one name never link by themselves. Every description stays, with its source.

All of it must be called inside `access.doors.as_practitioner`.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from kittiwake.kernel.known import Actor
from kittiwake.people import filing
from kittiwake.people.comparing import OTHER, OTHER_DAY, SAME_YEAR, YEAR_MONTH
from kittiwake.people.descriptions import CALLED, Case, Description, Hit, Home, Outcome, Someone
from kittiwake.people.finding import Possible, Question, as_number, of_names, of_words, who_is
from kittiwake.people.identifiers import NHS, PNC, UPN, checked
from kittiwake.people.names import name_key, parts
from kittiwake.people.scoring import model

__all__ = [
    "Arrived",
    "Description",
    "Home",
    "by_identifier",
    "by_ref",
    "find_or_meet",
    "meet_many",
    "surely",
]

LINKING = (NHS, UPN)
"""Identifiers that are one person's for life, the country over."""
TELLING = (*LINKING, PNC)
"""Identifiers that speak for a match; a partner's own numbers say nothing outside its feed."""
MOST_ALIKE = 3
MAY_BE = "Met as a new person; may be somebody on file, which a person compares."


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who a description turned out to be about, and why."""

    person_id: int
    outcome: Outcome
    source_record_id: int
    sentence: str
    is_changed: bool
    """Whether anything was written: False where the same source said the same before."""


def find_or_meet(description: Description, actor: Actor, at: datetime) -> Arrived:
    """Find who a description is about, or meet them; `at` is when it was received."""
    return meet_many([description], actor, at)[0]


def meet_many(descriptions: Sequence[Description], actor: Actor, at: datetime) -> list[Arrived]:
    """Find or meet everybody in a list, in order; a constant number of statements.

    Two rows of one list are compared with each other as with anybody on file.
    """
    with connection.cursor() as cursor:
        # One arrival at a time, so that two messages about a child never meet them twice.
        cursor.execute("SELECT pg_advisory_xact_lock(7002)")
    batch = _Batch(_lookup(descriptions))
    cases = [batch.place(n, d) for n, d in enumerate(descriptions)]
    _look_alikes([c for c in cases if not c.someone.id and not c.is_known], actor, at)
    filing.meet(cases)
    filing.write(cases, batch.held, actor, at)
    return [
        Arrived(c.someone.id, c.outcome, c.record, c.sentence, not (c.is_known and c.is_same))
        for c in cases
    ]


def by_identifier(scheme: str, value: str) -> list[int]:
    """The people who hold a valid NHS number, UPN or PNC number, as ids; logged as a look."""
    kept = checked(scheme, value)
    if not kept.is_valid:
        return []
    hits = _lookup([Description("", "", identifiers=((scheme, value),))])
    return sorted({hit.someone.id for hit in hits[0]})


@dataclass(frozen=True, slots=True)
class OnFile:
    """A person a feed has told us of under one of its own numbers."""

    person_id: int
    source_record_id: int
    agrees: bool
    """Whether the date of birth asked about agrees, or either is not known."""


Asked = tuple[str, date | None]
"""A feed's own number, and the date of birth it is asked about with."""


def by_ref(feed: str, asked: Iterable[Asked]) -> dict[Asked, OnFile]:
    """Those of a feed's own numbers that are on file."""
    wanted = list(dict.fromkeys(asked))
    found = _lookup([Description(feed, ref, born_on=born) for ref, born in wanted])
    return {
        each: OnFile(hit.someone.id, hit.record or 0, hit.agrees)
        for each, hits in zip(wanted, found, strict=True)
        for hit in hits
        if hit.how == "ref"
    }


def surely(descriptions: Sequence[Description]) -> list[int | None]:
    """Who each description surely is, on file already; None where that is not certain.

    Meets nobody and links nothing: for lists that only say something of people we may know.
    """
    cases = (_who(d, hits) for d, hits in zip(descriptions, _lookup(descriptions), strict=True))
    return [case.someone.id if case.outcome == "linked" else None for case in cases]


def _lookup(descriptions: Sequence[Description]) -> list[list[Hit]]:
    wanted = [
        {
            "n": n, "feed": d.feed, "ref": d.ref, "given": d.given, "family": d.family,
            "born": d.born_on.isoformat() if d.born_on else None, "sex": d.sex,
            "ethnicity": d.ethnicity, "facts": d.said(), "key": d.key,
            "ids": [[s, c.value] for s, c in d.checked() if c.is_valid and s in TELLING],
            "said": [[s, c.value] for s, c in d.checked()],
        }
        for n, d in enumerate(descriptions)
    ]  # fmt: skip
    people: dict[int, Someone] = {}
    found: list[list[Hit]] = [[] for _ in descriptions]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM find_arrivals(%s::jsonb)", [json.dumps(wanted)])
        for n, how, person, record, scheme, value, agrees, is_same in cursor.fetchall():
            someone = people.setdefault(person, Someone(person))
            hit = Hit(how, someone, record, scheme or "", value or "", agrees, is_same)
            found[n].append(hit)
    return found


class _Batch:
    """Everybody a list may be about: those on file, and those met further up the same list."""

    def __init__(self, on_file: list[list[Hit]]) -> None:
        self.on_file = on_file
        self.refs: dict[tuple[str, str], Case] = {}
        self.identifiers: dict[tuple[str, str], list[Case]] = {}
        self.names: dict[tuple[str, date], list[Case]] = {}
        self.held: filing.Held = set()

    def place(self, n: int, description: Description) -> Case:
        hits = self.on_file[n] + self._met_above(description)
        case = _who(description, hits)
        self.held |= {(h.someone, h.scheme, h.value) for h in self.on_file[n] if h.value}
        above = self.refs.get((description.feed, description.ref))
        if above is not None:
            case.is_known, case.is_same = True, above.description == description
        self._remember(case)
        return case

    def _met_above(self, d: Description) -> list[Hit]:
        hits: list[Hit] = []
        if above := self.refs.get((d.feed, d.ref)):
            hits.append(Hit("ref", above.someone))
        for scheme, kept in d.checked():
            for case in self.identifiers.get((scheme, kept.value), ()):
                agrees = _agree(case.description, d)
                hits.append(Hit("identifier", case.someone, None, scheme, kept.value, agrees))
        for case in self.names.get((d.key, d.born_on), ()) if d.key and d.born_on else ():
            hits.append(Hit("name", case.someone))
        return hits

    def _remember(self, case: Case) -> None:
        d = case.description
        self.refs[d.feed, d.ref] = case
        for scheme, kept in d.checked():
            if kept.is_valid and scheme in TELLING:
                self.identifiers.setdefault((scheme, kept.value), []).append(case)
        if d.key and d.born_on:
            self.names.setdefault((d.key, d.born_on), []).append(case)


def _agree(one: Description, other: Description) -> bool:
    """The same date of birth, and no first name that speaks against it."""
    first = {d.key.split()[0] for d in (one, other) if d.key}
    return one.born_on is not None and one.born_on == other.born_on and len(first) < 2


def _who(d: Description, hits: list[Hit]) -> Case:
    """Linked, possible or new: the one place that decides it."""
    for hit in hits:
        if hit.how == "ref":
            return Case(d, hit.someone, "linked", "The same source has told us of them before.",
                         hit.record or 0, True, hit.is_same)  # fmt: skip
    by_id = [h for h in hits if h.how == "identifier" and h.scheme in LINKING]
    sure = [h for h in by_id if h.agrees]
    if sure and len({h.someone for h in by_id}) == 1:
        called = CALLED[sure[0].scheme]
        return Case(d, sure[0].someone, "linked", f"The same {called} and date of birth.")
    doubts: dict[Someone, list[str]] = {}
    for hit in (h for h in hits if h.how != "held"):
        reasons = doubts.setdefault(hit.someone, [])
        if (reason := _reason(hit)) not in reasons:
            reasons.append(reason)
    if doubts:
        return Case(d, Someone(), "possible", MAY_BE, doubts=list(doubts.items()))
    return Case(d, Someone(), "new", "Met for the first time.")


def _look_alikes(cases: Sequence[Case], actor: Actor, at: datetime) -> None:
    """People on file whom a newcomer may be, in spite of slips: each waits to be compared."""
    seen: set[int] = set()
    for case in cases:
        answer = who_is(_question(case.description), MOST_ALIKE + len(case.doubts), True)
        known = {someone.id for someone, _ in case.doubts}
        alike = [p for p in answer.people if p.person not in known and _may_be_one(p)]
        for p in alike[:MOST_ALIKE]:
            case.doubts.append((Someone(p.person), list(p.reasons)))
            case.chances[p.person] = p.probability
            seen.add(p.person)
        if alike and case.outcome == "new":
            case.outcome = "possible"
            case.sentence = MAY_BE
    if seen:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO look (practitioner_id, at, what, people) VALUES (%s, %s, %s, %s)",
                [actor.id, at, "who an arrival is about", sorted(seen)],
            )


def _question(d: Description) -> Question:
    given, family = name_key(d.given), name_key(d.family)
    born = as_number(d.born_on) or d.born_in_part
    postcode = d.address.postcode.replace(" ", "").upper() if d.address else ""
    if not (given and family):
        # A name in one piece; a name alone is no reason to ask a person.
        words = parts(f"{d.given} {d.family}")
        return of_words(words, born, postcode) if words and (born or postcode) else Question()
    return of_names(given, family, born, postcode) if born or postcode else Question()


def _may_be_one(p: Possible) -> bool:
    """Probable enough to ask, and not a twin or sibling, who have another first name."""
    a = p.agreement
    is_other = OTHER in (a.given, a.family) or a.born in (OTHER_DAY, SAME_YEAR, YEAR_MONTH)
    return p.probability >= model().possible_at and not is_other


def _reason(hit: Hit) -> str:
    if hit.how == "name":
        return "The same name and date of birth"
    called = CALLED.get(hit.scheme, hit.scheme)
    if hit.agrees:
        return f"The same {called} and date of birth"
    return f"The same {called}, but another date of birth or first name"
