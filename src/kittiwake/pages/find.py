"""Finding a child: who may be meant, how probable each is, and why.

A search is logged with the children it showed. A restricted record appears as such, with
whom to ring, so that nobody takes it for “not on file”.
"""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kittiwake.access.roles import may
from kittiwake.journal.searching import MOST, look_for
from kittiwake.pages.furniture import on_duty
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need
from kittiwake.people.asking import understood


@require_safe
@practitioner_required
def show(request: PractitionerRequest) -> HttpResponse:
    """The search, and what it found."""
    need(request, "child.find")
    typed = request.GET.get("q", "").strip()[:200]
    asked = understood(typed)
    result = look_for(request.actor, asked, request.now)
    extra = {
        "typed": typed,
        "asked": asked,
        "found": result.found[:MOST],
        "not_on_file": result.not_on_file,
        "too_many": len(result.found) > MOST,
        "now": request.now,
        "can": {c: may(request.actor.roles, c) for c in ("child.open", "missing.report")},
        "is_wide": request.actor.agency_kind in ("police", "social_care"),
        "ring": on_duty("force_duty_officer", request.now),
    }
    return render(request, "find/find.html", extra)
