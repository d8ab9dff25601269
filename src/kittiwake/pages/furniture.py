"""What stands around every page: who is signed in, where they can go, what must be said."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone

from kittiwake.access.actors import NotAPractitioner, actor_of_user
from kittiwake.access.roles import ROLES, may
from kittiwake.agencies.rota import NobodyOnDuty, rota_at
from kittiwake.exchange.feeds import Heard, late
from kittiwake.kernel.known import Actor
from kittiwake.pages import training

SILENT_AFTER = 120
"""Seconds after which a worker that says nothing is announced on every page (security row D3)."""

# Where practitioners go, and the capability that makes it worth showing.
PLACES = (
    ("/missing", "Missing now", "board.missing"),
    ("/contacts", "Calls", "board.contact"),
    ("/our-children", "Our children", "home.look_after"),
    ("/my-work", "My work", "board.mine"),
    ("/report", "Report a child missing", "missing.report"),
    ("/find", "Find a child", "child.find"),
    ("/handover", "Handover", "missing.accept_shift"),
    ("/homes", "Homes", "board.homes"),
    ("/matches", "Possible matches", "people.link"),
    ("/quarantine", "Quarantine", "exchange.quarantine"),
    ("/feeds", "Feeds", "exchange.quarantine"),
    ("/incidents", "Incidents", "incident.audit"),
    ("/differences", "Differences", "flag.reconcile"),
    ("/language", "Words", "words.review"),
    ("/training", "Training", "training.keep"),
    ("/access-log", "Access log", "access.read_log"),
)


@dataclass(frozen=True)
class Place:
    """One place in the navigation."""

    href: str
    text: str
    current: bool


@dataclass(frozen=True)
class Who:
    """A practitioner as others need them: name, title, agency, telephone."""

    name: str
    title: str
    agency: str
    phone: str
    rank: int = 0

    @property
    def called(self) -> str:
        """The name with its rank before it, or its title after it."""
        if not self.title:
            return self.name
        return f"{self.title} {self.name}" if self.rank else f"{self.name}, {self.title}"


@dataclass(frozen=True)
class Furniture:
    """Everything the base template shows; `who` is None where nobody is signed in."""

    who: Who | None
    roles: str
    places: tuple[Place, ...]
    is_training: bool
    silence: str
    now: datetime
    late: tuple[Heard, ...] = ()
    sees_feeds: bool = False


def furniture(request: HttpRequest | None) -> Furniture:
    """The furniture of the page that answers this request, made once."""
    made: Furniture | None = getattr(request, "_furniture", None)
    if made is None:
        made = _furniture(request)
        if request is not None:
            request._furniture = made  # type: ignore[attr-defined]
    return made


def _furniture(request: HttpRequest | None) -> Furniture:
    actor = _actor(request)
    now = getattr(request, "now", None) or timezone.now()
    if request is None or actor is None:
        return Furniture(None, "", (), bool(training.people()), "", now)
    roles = " · ".join(ROLES[r].title for r in sorted(actor.roles) if r in ROLES)
    who = who_is(actor.id)
    return Furniture(
        who,
        roles or "No role at this moment",
        tuple(
            Place(href, text, request.path.startswith(href))
            for href, text, capability in PLACES
            if may(actor.roles, capability) and _exists(href)
        ),
        bool(training.people()),
        silence(),
        now,
        tuple(late(now)) if may(actor.roles, "child.find") else (),
        may(actor.roles, "exchange.quarantine"),
    )


def _actor(request: HttpRequest | None) -> Actor | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    try:
        return getattr(request, "actor", None) or actor_of_user(user)
    except NotAPractitioner:
        return None


@lru_cache(maxsize=64)
def _exists(href: str) -> bool:
    try:
        resolve(href)
    except Resolver404:
        return False
    return True


def who_is(practitioner: int) -> Who:
    """A practitioner by id, as shown to others."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.name, p.title, a.name, coalesce(nullif(p.phone, ''), t.phone, a.phone), "
            "p.rank "
            "FROM practitioner p JOIN agency a ON a.id = p.agency_id "
            "LEFT JOIN team t ON t.id = p.team_id WHERE p.id = %s",
            [practitioner],
        )
        return Who(*cursor.fetchone())


def on_duty(role: str, at: datetime) -> Who | None:
    """Who answers for a role now, to be named wherever a page says whom to ring."""
    try:
        return who_is(rota_at(at).who(role))
    except NobodyOnDuty:
        return None


def silence() -> str:
    """What to say of a worker not heard for too long; empty while it works."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM clock_timestamp() - max(at))::int "
            "FROM heartbeat WHERE process LIKE 'worker%'"
        )
        (seconds,) = cursor.fetchone()
    if seconds is None:
        return "It has not been heard yet."
    return f"It was last heard {seconds // 60} minutes ago." if seconds > SILENT_AFTER else ""


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: something the page will not do, in words."""
    return render(request, "errors/403.html", status=403)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's safety token did not fit; the draft is kept."""
    return render(request, "errors/stale_form.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, which never says whether a child is on file."""
    return render(request, "errors/404.html", status=404)


def failed(request: HttpRequest, **_: Any) -> HttpResponse:
    """500: we failed; written without the database, because that may be what failed."""
    return render(request, "errors/500.html", {"request": None}, status=500)
