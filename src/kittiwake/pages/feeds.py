"""The feeds, and the incidents that no missing record knows: what came, and what did not."""

from contextlib import suppress
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from kittiwake.access.doors import as_practitioner
from kittiwake.access.roles import ROLES, may
from kittiwake.agencies.cover import gaps
from kittiwake.exchange import feeds as heard
from kittiwake.exchange import inbox, unrecorded
from kittiwake.kernel.questions import show_day, show_moment
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need
from kittiwake.pages.quarantine import spreadsheet

AHEAD = timedelta(days=7)
BACK = timedelta(days=90)
REASON = "Say what is being done: who was asked, and what they said"
BECAME = "Say what became of it: who looked, and what they found"


@require_http_methods(["GET", "HEAD", "POST"])
@practitioner_required
def show(request: PractitionerRequest) -> HttpResponse:
    """Every feed, late ones first; somebody says what they do about a late one."""
    need(request, "exchange.quarantine")
    key, said = request.POST.get("feed", ""), " ".join(request.POST.get("reason", "").split())
    if request.method == "POST" and said:
        # Somebody ended it meanwhile: the page shows that it is gone.
        with suppress(LookupError):
            heard.answer(key, said, request.actor, request.now)
        return redirect("feeds")
    with as_practitioner(request.actor):
        every = heard.all_heard(request.now, inbox.waiting_by_feed())
        uncovered = [
            (ROLES[gap.role].title if gap.role in ROLES else gap.role, gap)
            for gap in gaps(request.now, request.now + AHEAD)
        ]
    every.sort(key=lambda feed: (not feed.is_late, feed.due_at))
    wrong = key if request.method == "POST" else ""
    page = {
        "feeds": every, "gaps": uncovered[:50], "more_gaps": max(len(uncovered) - 50, 0),
        "now": request.now, "wrong": wrong, "problem": REASON if wrong else "",
        "problems": {"reason": REASON} if wrong else {}, "wide": True,
    }  # fmt: skip
    return render(request, "feeds/feeds.html", page, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@practitioner_required
def incidents(request: PractitionerRequest) -> HttpResponse:
    """Incidents that say somebody is missing and that no missing record knows (finding L256)."""
    need(request, "incident.audit")
    number = request.POST.get("incident", "")
    said = " ".join(request.POST.get("reason", "").split())
    if request.method == "POST" and said and number.isdigit() and len(number) < 18:
        # Somebody else settled it first: it is gone from the list.
        with suppress(LookupError):
            unrecorded.settle(int(number), said, request.actor, request.now)
        return redirect("incidents")
    found = unrecorded.unrecorded(request.actor, request.now, request.now - BACK)
    wrong = number if request.method == "POST" else ""
    page = {
        "found": found, "now": request.now, "wrong": wrong, "problem": BECAME if wrong else "",
        "problems": {"reason": BECAME} if wrong else {}, "wide": True, "days": BACK.days,
        "may_open": may(request.actor.roles, "child.open"),
        "may_quarantine": may(request.actor.roles, "exchange.quarantine"),
    }  # fmt: skip
    return render(request, "feeds/incidents.html", page, status=422 if wrong else 200)


@require_safe
@practitioner_required
def incidents_csv(request: PractitionerRequest) -> HttpResponse:
    """The same as a spreadsheet."""
    need(request, "incident.audit")
    found = unrecorded.unrecorded(request.actor, request.now, request.now - BACK)
    head = ("Incident", "When", "Opened as", "Closed as", "Child", "Born", "Log", "Why")
    rows = [
        (i.number, show_moment(i.happened_at), i.opened_as, i.closed_as, i.name,
         show_day(i.born_on) if i.born_on else "", i.log, i.why)
        for i in found
    ]  # fmt: skip
    return spreadsheet("incidents.csv", head, rows)
