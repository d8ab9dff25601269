"""The board of calls about children: who waits, how long, at what risk, and what is not done."""

import logging
from datetime import datetime

from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kittiwake.access.doors import as_practitioner, log_look
from kittiwake.access.roles import may
from kittiwake.pages.furniture import Who, on_duty
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need
from kittiwake.pathways.contact import board

_LOG = logging.getLogger(__name__)


@require_safe
@practitioner_required
def show(request: PractitionerRequest) -> HttpResponse:
    """The board."""
    need(request, "board.contact")
    try:
        with as_practitioner(request.actor):
            queue = board.read(request.now)
            log_look(request.actor, request.now, "calls", queue.people)
    except DatabaseError as error:
        _LOG.error("board failed", extra={"error": type(error).__name__})
        return render(request, "contacts/failed.html", {"now": request.now}, status=503)
    page = {
        "queue": queue,
        "called": lambda owner: Who(*owner),
        "now": request.now,
        "ring": on_duty("force_duty_officer", request.now),
        "may_log": may(request.actor.roles, "contact.record"),
        "can_restricted": may(request.actor.roles, "child.open_restricted"),
        "wide": True,
    }
    return render(request, "contacts/board.html", page)


@require_safe
@practitioner_required
def version(request: PractitionerRequest) -> HttpResponse:
    """How many calls changed since an open board was made: asked every 15 seconds."""
    need(request, "board.contact")
    try:
        seen = datetime.fromisoformat(request.GET.get("seen", ""))
    except ValueError:
        seen = request.now
    with as_practitioner(request.actor), connection.cursor() as cursor:
        cursor.execute(board.CHANGED, {"seen": seen})
        (changed,) = cursor.fetchone()
    return render(request, "contacts/changed.html", {"changed": changed})
