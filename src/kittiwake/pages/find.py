"""Finding a child: by parts of the name, date of birth, a reference or a whole identifier.

A search is logged with the children it showed. A restricted record appears as such, with
whom to ring, so that nobody takes it for “not on file”.
"""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kittiwake.access.doors import as_practitioner, log_look
from kittiwake.access.roles import may
from kittiwake.kernel.known import Actor
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.questions import Wrong, read_day
from kittiwake.pages.furniture import on_duty
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need
from kittiwake.people.identifiers import NHS, UPN, checked
from kittiwake.people.names import parts

MOST = 50
"""More than this is no answer: the page asks for another part of the name."""
_DAY = re.compile(r"\b(\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}-\d{2}-\d{2})\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NUMBER = re.compile(r"[A-Za-z]{0,4}[-/]?(?=(?:.*\d){3})\d[\d /-]{2,25}[A-Za-z]?")

HOW = {
    "name": "name",
    "born": "date of birth",
    "nhs": "NHS number",
    "upn": "pupil number",
    "pnc": "PNC id",
    "case": "case reference",
    "incident": "incident number",
}
_FOUND = """
SELECT f.person_id, f.uid::text, f.how, f.is_restricted, q.name, q.born_on, q.lives_at, q.level,
       q.markers, c.uid::text, c.ref, c.pathway, c.stage, c.is_active, c.opened_at
FROM find_people(%(parts)s, %(born)s, %(year)s, %(number)s) f
LEFT JOIN pointer q ON q.person_id = f.person_id
LEFT JOIN LATERAL (SELECT x.* FROM case_file x WHERE x.person_id = f.person_id
                   AND x.closed_at IS NULL ORDER BY x.is_active DESC, x.opened_at DESC LIMIT 1) c
     ON true
"""


@dataclass(frozen=True)
class Asked:
    """What somebody typed, as it is searched for."""

    parts: list[str]
    born: date | None
    year: int | None
    number: str

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it to search for."""
        return not (self.parts or self.born or self.number)


@dataclass(frozen=True)
class Found:
    """One child a search is about; without a name where the record is restricted."""

    person_id: int
    uid: str | None
    how: str
    name: str
    born_on: date | None
    lives_at: str
    level: str
    markers: tuple[str, ...]
    case_uid: str | None
    case_ref: str
    stage: str
    is_missing: bool
    since: datetime | None


@require_safe
@practitioner_required
def show(request: PractitionerRequest) -> HttpResponse:
    """The search, and what it found."""
    need(request, "child.find")
    typed = request.GET.get("q", "").strip()[:200]
    asked = understood(typed)
    found = look_for(request.actor, asked, request.now) if not asked.is_empty else []
    extra = {
        "typed": typed,
        "asked": asked,
        "found": found[:MOST],
        "too_many": len(found) > MOST,
        "now": request.now,
        "can": {c: may(request.actor.roles, c) for c in ("child.open", "missing.report")},
        "is_wide": request.actor.agency_kind in ("police", "social_care"),
        "ring": on_duty("force_duty_officer", request.now),
    }
    return render(request, "find/find.html", extra)


def understood(typed: str) -> Asked:
    """What was typed: a number on its own, else names with perhaps a date or a year of birth."""
    plain = " ".join(typed.split())
    if _NUMBER.fullmatch(plain) and not _DAY.fullmatch(plain) and not _YEAR.fullmatch(plain):
        for scheme in (NHS, UPN):
            if (number := checked(scheme, plain)).is_valid:
                return Asked([], None, None, number.value)
        return Asked([], None, None, plain.upper())
    born, rest = _day_in(plain)
    years = _YEAR.findall(rest)
    names = parts(_YEAR.sub(" ", rest))
    year = int(years[0]) if years and names else None
    return Asked([f"% {name}%" for name in names], born, year, "")


def look_for(actor: Actor, asked: Asked, now: datetime) -> list[Found]:
    """The children a search is about, one more than `MOST` at most; logged with their ids."""
    with as_practitioner(actor):
        with connection.cursor() as cursor:
            cursor.execute(
                _FOUND,
                {"parts": asked.parts, "born": asked.born, "year": asked.year,
                 "number": asked.number},
            )  # fmt: skip
            rows = cursor.fetchall()
        log_look(actor, now, "search", [row[0] for row in rows])
    return [
        Found(
            person_id=row[0],
            uid=row[1],
            how=HOW.get(row[2], row[2]),
            name=row[4] or "",
            born_on=row[5],
            lives_at=row[6] or "",
            level=row[7] or "",
            markers=tuple(json.loads(row[8])) if row[8] else (),
            case_uid=row[9],
            case_ref=row[10] or "",
            stage=REGISTER.pathways[row[11]].stage(row[12]).name if row[11] else "",
            is_missing=bool(row[13]),
            since=row[14],
        )
        for row in rows
    ]


def _day_in(text: str) -> tuple[date | None, str]:
    """A date of birth in the text, and the text without it."""
    match = _DAY.search(text)
    if match is None:
        return None, text
    try:
        return read_day(match[0]), text.replace(match[0], " ")
    except Wrong:
        return None, text.replace(match[0], " ")
