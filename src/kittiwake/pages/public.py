"""Anybody can say that a child is missing: a short page that tells nothing and loses nothing."""

import logging
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from kittiwake.exchange.arrivals import public_report
from kittiwake.kernel.questions import first
from kittiwake.pages import typed

_log = logging.getLogger(__name__)
AN_HOUR = 3600
MOST_AN_HOUR = 6
ASKS = (
    ("child_name", "The child’s name", "What they are called, if you do not know all of it", True),
    ("child_born", "Their date of birth, or how old they are", "", False),
    ("lives", "Where they live, as far as you know", "", False),
    ("last_seen", "When and where were they last seen?", "", False),
    ("concern", "Why are you worried?", "What could happen, and why now", True),
    ("reporter_name", "Your name", "", False),
    ("reporter_phone", "A phone number we can ring you on", "An officer rings you soon", True),
    ("reporter_relation", "How do you know the child?", "", False),
)  # fmt: skip
LONG = ("last_seen", "concern")
LONGEST = 4000


def report(request: HttpRequest) -> HttpResponse:
    """The page for whoever is not signed in: asks, keeps, gives a reference, shows nothing back."""
    if request.method != "POST":
        return _show(request, {}, {})
    raw = typed.raw_of(request.POST)
    answers = {name: first(raw, name)[:LONGEST] for name, *_ in ASKS}
    problems = {n: _to_do(n) for n, _, _, wanted in ASKS if wanted and not answers[n]}
    if problems:
        return _show(request, answers, problems)
    if _too_often(request):
        return _show(request, answers, {}, too_often=True)
    try:
        request.session["public_reference"] = public_report(answers, timezone.now())
    except Exception:
        # It is kept and raised; but nobody may be promised a call that nothing has started.
        _log.exception("a report from the public could not be recorded")
        return _show(request, answers, {}, failed=True)
    return redirect("report_thanks")


def thanks(request: HttpRequest) -> HttpResponse:
    """The reference of what was just reported, and what happens now; of no child anything."""
    reference = request.session.get("public_reference")
    if not reference:
        return redirect("report")
    return render(request, "report/thanks.html", {"reference": reference})


def _to_do(name: str) -> str:
    return {
        "child_name": "Enter the child’s name, or what they are called",
        "concern": "Tell us why you are worried",
        "reporter_phone": "Enter a phone number, or ring 101 if you would rather not give one",
    }[name]


def _too_often(request: HttpRequest) -> bool:
    """More reports from one address in an hour than a family makes; they are asked to ring."""
    passed_on = request.headers.get("X-Forwarded-For", "") if settings.ENVIRONMENT.https else ""
    address = passed_on.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    key = "public-report:" + sha256(address.encode()).hexdigest()[:24]
    cache.add(key, 0, AN_HOUR)
    return cache.incr(key) > MOST_AN_HOUR


def _show(
    request: HttpRequest,
    answers: dict[str, str],
    problems: dict[str, str],
    too_often: bool = False,
    failed: bool = False,
) -> HttpResponse:
    page = {
        "asks": ASKS, "long": LONG, "answers": answers, "problems": problems,
        "too_often": too_often, "failed": failed,
    }  # fmt: skip
    status = 503 if failed else 429 if too_often else 422 if problems else 200
    return render(request, "report/public.html", page, status=status)
