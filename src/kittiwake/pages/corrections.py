"""Putting right what was recorded: another entry says so, and a second person where it must be."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from pydantic import ValidationError

from kittiwake.access.doors import as_practitioner, open_door
from kittiwake.journal import correcting, wrong_child
from kittiwake.journal.correcting import NothingToCorrect, Stored
from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.questions import MomentQuestion, Raw, first
from kittiwake.pages import forms, typed
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need
from kittiwake.pages.searching import look_for
from kittiwake.pages.subjects import Subject, person_of_child, subject

REASON = "correction_reason"


@require_http_methods(["GET", "HEAD", "POST"])
@practitioner_required
def correct(request: PractitionerRequest, child: UUID, entry: UUID) -> HttpResponse:
    """The entry's own form with its answers in it, and why they were wrong."""
    about, old = _opened(request, child, entry)
    case = old.case_uid
    filled = _filled(old)
    if request.method == "GET":
        return _show(request, about, old, forms.Form(type(old.entry), filled))
    raw = typed.raw_of(request.POST)
    form = forms.Form(type(old.entry), raw)
    reason = first(raw, REASON)
    new, form.problems = typed.read(form.cls, raw, request.now)
    if not reason:
        form.problems[REASON] = "Say what was wrong, and how you know"
    if new is None or form.problems:
        return _show(request, about, old, form)
    try:
        correcting.correct(
            str(entry),
            _changes(form.cls, filled, raw, new.model_dump(mode="json")),
            reason,
            person=about.person,
            by=request.actor,
            at=request.now,
        )
    except NothingToCorrect as nothing:
        form.refusals = (str(nothing),)
    except ValidationError:
        form.refusals = ("These answers do not fit together. Check them and try again.",)
    if form.refusals:
        return _show(request, about, old, form)
    return redirect(_back(about, case) + f"#entry-{entry}")


@require_http_methods(["GET", "HEAD", "POST"])
@practitioner_required
def wrong(request: PractitionerRequest, child: UUID, entry: UUID) -> HttpResponse:
    """Say that an entry is about somebody else: whom, and how one knows."""
    about, old = _opened(request, child, entry)
    given = request.GET if request.method == "GET" else request.POST
    asked, right, reason = (given.get(k, "") for k in ("q", "right", "reason"))
    problems: dict[str, str] = {}
    if request.method == "POST":
        child_it_was = _uuid(right)
        if child_it_was is None:
            problems["q"] = "Choose the child this was about"
        if not reason.strip():
            problems["reason"] = "Say how you know it was another child"
        if not problems:
            wrong_child.propose(
                str(entry),
                str(child_it_was),
                reason.replace("\0", ""),
                person=about.person,
                by=request.actor,
                at=request.now,
            )
            return redirect(_back(about, old.case_uid))
    found = [
        m
        for m in look_for(request.actor, asked, request.now)
        if m.uid and m.name and m.uid != about.uid
    ]
    page = {
        "about": about, "old": old, "entry_uid": str(entry), "found": found, "asked": asked,
        "right": right, "reason": reason, "problems": problems, "now": request.now, "wide": True,
        "back": _back(about, old.case_uid),
    }  # fmt: skip
    return render(request, "case/wrong_child.html", page, status=422 if problems else 200)


@require_POST
@practitioner_required
def agree(request: PractitionerRequest, child: UUID, entry: UUID) -> HttpResponse:
    """Agree, as a second person, that an entry is about another child."""
    person = person_of_child(request.actor, child)
    try:
        wrong_child.approve(str(entry), person=person, by=request.actor, at=request.now)
    except (Refused, NothingToCorrect) as refused:
        return _refused(request, child, str(refused))
    return redirect(f"/children/{child}")


@require_POST
@practitioner_required
def settle(request: PractitionerRequest, child: UUID) -> HttpResponse:
    """Decide, as a second person, whether the clocks an entry started move their start."""
    person = person_of_child(request.actor, child)
    asked = [int(n) for n in request.POST.getlist("correction") if n.isdecimal()]
    reasons = [
        correcting.settle_start(
            one,
            approve=request.POST.get("decision") == "approve",
            person=person,
            by=request.actor,
            at=request.now,
        )
        for one in asked
    ]
    if refused := [r for r in reasons if r]:
        return _refused(request, child, refused[0])
    case = _uuid(request.POST.get("case", ""))
    return redirect(f"/cases/{case}" if case else f"/children/{child}")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _opened(request: PractitionerRequest, child: UUID, entry: UUID) -> tuple[Subject, Stored]:
    need(request, "entry.correct")
    person = person_of_child(request.actor, child)
    open_door(request.actor, [person], "care of the child")
    with as_practitioner(request.actor):
        about = subject(person)
        try:
            old = correcting.stored(str(entry))
        except NothingToCorrect:
            raise Http404 from None
        if old.person != person:
            raise Http404
    return about, old


def _back(about: Subject, case: str | None) -> str:
    return f"/cases/{case}" if case else f"/children/{about.uid}"


def _filled(old: Stored) -> dict[str, list[str]]:
    """The raw form that gives the entry back as it stands now, earlier corrections in place."""
    filled = type(old.entry).fill_form(old.entry.model_dump(mode="json"))
    moment = MomentQuestion().fill(old.happened_at)
    return filled | {f"happened_at{suffix}": values for suffix, values in moment.items()}


def _changes(cls: Any, before: Raw, after: Raw, new: dict[str, Any]) -> dict[str, Any]:
    """The answers whose raw form differs from the form as it was filled in for the corrector."""
    names = [a.name for a in cls.questions()] + ["happened_at"]
    return {name: new[name] for name in names if _raw(before, name) != _raw(after, name)}


def _raw(raw: Raw, name: str) -> dict[str, list[str]]:
    return {
        key: sorted(v.strip() for v in values if v.strip())
        for key, values in raw.items()
        if (key == name or key.startswith(f"{name}-"))
        and not key.endswith("-rows")
        and any(v.strip() for v in values)
    }


def _show(
    request: PractitionerRequest, about: Subject, old: Stored, form: forms.Form
) -> HttpResponse:
    page = {
        "about": about, "old": old, "form": form, "now": request.now, "wide": True,
        "problems": form.problems or form.refusals, "back": _back(about, old.case_uid),
        "reason": first(form.raw, REASON),
    }  # fmt: skip
    return render(request, "case/correct.html", page, status=422 if page["problems"] else 200)


def _refused(request: PractitionerRequest, child: UUID, why: str) -> HttpResponse:
    return render(
        request, "case/refused.html", {"why": why, "back": f"/children/{child}"}, status=409
    )
