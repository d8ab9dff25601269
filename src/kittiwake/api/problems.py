"""What an API client is told when something does not go: problem details (RFC 9457).

Every error has the same shape, says what to do, and never repeats what was sent.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import uuid4

from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from ninja.errors import AuthenticationError, Throttled
from ninja.errors import ValidationError as WrongParameters

from kittiwake.access.doors import DoorShut, NotPermitted
from kittiwake.agencies.rota import NobodyOnDuty
from kittiwake.journal.correcting import NothingToCorrect
from kittiwake.journal.record import NotYet
from kittiwake.kernel.deciding import Refused

log = logging.getLogger("kittiwake.api")

KINDS: dict[str, tuple[int, str]] = {
    "unreadable": (400, "This cannot be read"),
    "no-token": (401, "A token in force is needed"),
    "not-permitted": (403, "This role may not do this"),
    "not-found": (404, "There is nothing here that you may see"),
    "wrong-method": (405, "This address does not take this method"),
    "not-acceptable": (406, "The answer is JSON"),
    "refused": (409, "This may not be decided now"),
    "nothing-to-correct": (409, "There is nothing to correct"),
    "too-large": (413, "This is too large"),
    "not-json": (415, "This has to be JSON"),
    "wrong-answers": (422, "Some answers do not fit"),
    "key-used": (422, "This key was used for something else"),
    "not-yet": (422, "This time has not come yet"),
    "too-many": (429, "Too many requests"),
    "failed": (500, "We failed"),
    "busy": (503, "Not at this moment"),
}
"""Every problem type with its status and title; the type is `urn:kittiwake:problem:<key>`."""

STATUSES = sorted({status for status, _ in KINDS.values()})
# One sentence for a child, case or page that is not there and for one that may not be seen.
NOTHING_HERE = (
    "Check the address. If you are worried about a child, report it: reporting is always open."
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: a JSON pointer into what was sent, and what to do about it."""

    pointer: str
    detail: str


class Problem(Exception):
    """Something an API client is told; `instance` is the report it is about, where one is kept."""

    def __init__(self, kind: str, detail: str, *faults: Fault, retry_after: int = 0) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.faults = faults
        self.retry_after = retry_after
        self.instance = ""

    @property
    def status(self) -> int:
        """The HTTP status of this kind of problem."""
        return KINDS[self.kind][0]

    def body(self) -> dict[str, Any]:
        """The problem as RFC 9457 writes it."""
        status, title = KINDS[self.kind]
        return {
            "type": f"urn:kittiwake:problem:{self.kind}",
            "title": title,
            "status": status,
            "detail": self.detail,
            "instance": f"urn:uuid:{self.instance or uuid4()}",
            "errors": [{"pointer": f.pointer, "detail": f.detail} for f in self.faults],
        }


def respond(problem: Problem) -> HttpResponse:
    """The response that carries a problem."""
    response = JsonResponse(
        problem.body(), status=problem.status, content_type="application/problem+json"
    )
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if problem.retry_after:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def problem_of(error: Exception) -> Problem:
    """The problem behind an exception; an unforeseen one is logged, without anybody's words."""
    if isinstance(error, Problem):
        return error
    for kind, tell in _TELL:
        if isinstance(error, kind):
            return tell(error)
    log.error("An API request failed", exc_info=error)
    return Problem("failed", "Nothing was lost: send it again, or ring the control room.")


def told(request: HttpRequest, error: Any) -> HttpResponse:
    """The response to an exception, in the form in which the API's library asks for it."""
    return respond(problem_of(error))


def _refused(error: Refused) -> Problem:
    return Problem("refused", str(error), *(Fault("/entry", reason) for reason in error.reasons))


def _wrong_parameters(error: WrongParameters) -> Problem:
    faults = [
        Fault("/" + "/".join(str(part) for part in e["loc"]), str(e["msg"])) for e in error.errors
    ]
    return Problem("wrong-answers", "Check the parameters of the address.", *faults)


def _busy(error: OperationalError) -> Problem:
    log.warning("The database did not answer an API request", exc_info=error)
    return Problem("busy", "Send it again with the same key: it counts once.", retry_after=2)


_TELL: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Callable[[Any], Problem]], ...]
_TELL = (
    (Refused, _refused),
    (NotPermitted, lambda e: Problem("not-permitted", str(e))),
    ((DoorShut, Http404), lambda e: Problem("not-found", NOTHING_HERE)),
    (NotYet, lambda e: Problem("not-yet", str(e), Fault("/happened_at", str(e)))),
    (NothingToCorrect, lambda e: Problem("nothing-to-correct", str(e), Fault("/entry", str(e)))),
    (
        Throttled,
        lambda e: Problem("too-many", "Wait, then go on.", retry_after=int(e.wait or 60)),
    ),
    (
        AuthenticationError,
        lambda e: Problem("no-token", "Send the header `Authorization: Bearer kw_…`."),
    ),
    (WrongParameters, _wrong_parameters),
    (
        NobodyOnDuty,
        lambda e: Problem("busy", "Nobody is on duty who can own this: ring 999 or 101."),
    ),
    (
        DataError,
        lambda e: Problem("wrong-answers", "An answer cannot be stored: check uids and times."),
    ),
    (OperationalError, _busy),
)


def answered(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view whose every answer is JSON, kept by nobody on the way, problems included."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            # Only reading: what somebody reports is never turned away for how they would be told.
            if request.method == "GET" and not request.accepts("application/json"):
                raise Problem("not-acceptable", "Accept application/json.")
            response = view(request, *args, **kwargs)
        except Exception as error:
            response = respond(problem_of(error))
        if isinstance(response, HttpResponseNotAllowed):
            allowed = response.headers["Allow"]
            response = respond(Problem("wrong-method", f"Use {allowed}."))
            response.headers["Allow"] = allowed
        response.headers["Cache-Control"] = "no-store, private"
        return response

    return answer


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponseBase:
    """Any address under /api/ that is not there."""
    raise Problem("not-found", NOTHING_HERE)
