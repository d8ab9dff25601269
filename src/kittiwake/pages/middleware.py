"""Who asks, and what every page has in common: no-store, and doors that say why they are shut."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from kittiwake.access.actors import NotAPractitioner, actor_of_user
from kittiwake.access.doors import DoorShut, NotPermitted
from kittiwake.kernel.known import Actor
from kittiwake.pages.furniture import on_duty


class PractitionerRequest(HttpRequest):
    """A request by a signed-in practitioner, with the one instant it is answered at."""

    actor: Actor
    now: datetime


def practitioner_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for practitioners: gives the view `request.actor` and `request.now`."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        asked = cast(PractitionerRequest, request)
        asked.actor = actor_of_user(request.user)
        asked.now = timezone.now()
        # A page that asks whether anything changed is not somebody at work: it keeps no session.
        request.session.modified = not request.path.endswith("/version")
        return view(asked, *args, **kwargs)

    return answer


class Pages:
    """No page is ever kept by a browser or a proxy; a shut door is a page of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of a refusal that was meant for a person; the API answers for itself."""
        if request.path.startswith("/api/"):
            return None
        page = next((p for kind, p in _REFUSALS.items() if isinstance(error, kind)), None)
        if page is None:
            return None
        ring = on_duty("duty_inspector", timezone.now())
        return render(request, page, {"why": str(error), "ring": ring}, status=403)


_REFUSALS: dict[type[Exception], str] = {
    DoorShut: "errors/door_shut.html",
    NotPermitted: "errors/not_permitted.html",
    NotAPractitioner: "errors/not_a_practitioner.html",
}
