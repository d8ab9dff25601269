"""The intelligence pack: everything that is known about a child on one screen, made at once.

No specialist compiles it: it is read through the door from what every pathway and partner
recorded, in a fixed number of queries (rulebook 4.1; S2 L257). "Nothing known", "could not load"
and "you may not see this" are three different screens.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kittiwake.access.doors import (
    DoorShut,
    NotPermitted,
    Purpose,
    as_practitioner,
    log_look,
    open_door,
)
from kittiwake.journal.reading import Line
from kittiwake.pages import child
from kittiwake.pages.furniture import Who, on_duty
from kittiwake.pages.markers import MarkerLine
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.subjects import Subject, person_of_child

_LOG = logging.getLogger(__name__)

ORDERS = ("cawn", "order", "sro", "shpo", "nrm")
BACK = ("missing.returned", "missing.located")
TOLD = "missing.reported"
FROM_FILE = "history.missing_episode"
INTERVIEWS = ("missing.return_interview_held", "missing.prevention_interview_held")
PLANS = ("missing.plan_recorded",)
CALLS = ("contact.received", "contact.resulted")
FEW = 6
"""Lines of a kind shown at once; how many more there are is said."""


@dataclass(frozen=True)
class Episode:
    """One time the child was missing: when it was told, and how, where and with whom it ended."""

    told: Line
    back: Line | None

    def says(self, asks: str) -> str:
        """An answer given when the child was back, by the words of its question."""
        return dict(self.back.answers).get(asks, "") if self.back else ""

    @property
    def where(self) -> str:
        """The kind of place, and the place itself for those who may see it."""
        said = ("What kind of place were they in?", "Where exactly?", "Where are they?")
        return ", ".join(text for asks in said if (text := self.says(asks)))

    @property
    def with_whom(self) -> str:
        """Whom the child was with, by kind and by name for those who may see it."""
        said = ("Who were they with?", "Names of those they were with")
        return ", ".join(text for asks in said if (text := self.says(asks)))


@dataclass(frozen=True)
class Heard:
    """A feed, and when anything last came from it: a dead feed is not a quiet child."""

    feed: str
    agency: str
    at: datetime


@dataclass(frozen=True)
class Pack:
    """What is known about one child; without a page, why there is none."""

    uid: str
    page: child.Page | None = None
    shut: str = ""
    failed: bool = False
    heard: list[Heard] = field(default_factory=list)
    ring: Who | None = None

    @property
    def about(self) -> Subject | None:
        """The child, where the record opened."""
        return self.page.about if self.page else None

    @property
    def is_empty(self) -> bool:
        """Whether the record opened and nobody has ever recorded anything in it."""
        p = self.page
        return p is not None and not (
            p.lines or p.markers or p.cases or p.works_with or p.actions
            or p.filed.addresses or p.filed.family or p.filed.identifiers
        )  # fmt: skip

    @property
    def episodes(self) -> list[Episode]:
        """The times the child was missing, newest first, with how each ended."""
        ends: dict[str | None, Line] = {}
        for line in self._lines(*BACK):
            if line.case_uid not in ends or line.kind == BACK[0]:
                ends[line.case_uid] = line
        return [
            Episode(t, ends.get(t.case_uid) if t.case_uid else None)
            for t in self._lines(TOLD, FROM_FILE)
        ]

    @property
    def awaits_report(self) -> bool:
        """Whether an episode is open, from a call, and nobody has written its report yet."""
        open_now = self.page.active if self.page else None
        told = {t.case_uid for t in self._lines(TOLD)}
        return open_now is not None and open_now.uid not in told

    @property
    def interviews(self) -> list[Line]:
        """What the child said when they were back, newest first."""
        return self._lines(*INTERVIEWS)

    @property
    def plans(self) -> list[Line]:
        """The plans on record, newest first."""
        return self._lines(*PLANS)

    @property
    def calls(self) -> list[Line]:
        """Calls about the child and their results, newest first."""
        return self._lines(*CALLS)

    @property
    def orders(self) -> list[MarkerLine]:
        """Notices, orders and conditions in force that protect the child."""
        return [m for m in self._markers if m.type in ORDERS]

    @property
    def flags(self) -> list[MarkerLine]:
        """Every other marker in force."""
        return [m for m in self._markers if m.type not in ORDERS]

    @property
    def _markers(self) -> list[MarkerLine]:
        return self.page.markers if self.page else []

    def _lines(self, *kinds: str) -> list[Line]:
        lines: Iterable[Line] = self.page.lines if self.page else ()
        return [t for t in lines if t.kind in kinds and not t.withdrawn]


def of_child(request: PractitionerRequest, uid: UUID, purpose: Purpose) -> Pack:
    """The pack of a child, opened through the door; it says so where it cannot be shown."""
    try:
        with as_practitioner(request.actor), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM person WHERE uid = %s", [uid])
            row = cursor.fetchone()
        if row is None:
            return Pack(str(uid), shut="There is no such child on file.")
        open_door(request.actor, [row[0]], purpose)
        with as_practitioner(request.actor):
            page = child.read(request, row[0], request.now)
            heard = _heard()
            log_look(request.actor, request.now, "intelligence pack", [row[0]])
        return Pack(str(uid), page, heard=heard)
    except (DoorShut, NotPermitted) as shut:
        return Pack(str(uid), shut=str(shut), ring=on_duty("force_duty_officer", request.now))
    except DatabaseError as error:
        _LOG.error("pack failed", extra={"error": type(error).__name__})
        return Pack(str(uid), failed=True)


def _heard() -> list[Heard]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT feed, agency, heard_at FROM feeds_heard() ORDER BY heard_at")
        return [Heard(*row) for row in cursor.fetchall()]


@require_safe
@practitioner_required
def show(request: PractitionerRequest, uid: UUID) -> HttpResponse:
    """The pack on a screen of its own, from the child's page or the case."""
    person_of_child(request.actor, uid)  # out of reach, it is not there
    pack = of_child(request, uid, "care of the child")
    status = 503 if pack.failed else 403 if pack.shut else 200
    page = {"pack": pack, "about": pack.about, "now": request.now, "wide": True, "few": FEW}
    return render(request, "pack/pack.html", page, status=status)
