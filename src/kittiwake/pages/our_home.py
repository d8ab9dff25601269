"""A children's home's own pages, one thing on each: its children, back now, and the profile."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kittiwake.access.doors import as_practitioner, log_look, open_door
from kittiwake.journal.plans import plans_of, words_of
from kittiwake.kernel.questions import Raw
from kittiwake.pages import drafts, forms, homes, typed
from kittiwake.pages.furniture import Who, on_duty, who_is
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need
from kittiwake.pages.recording import attempt, ready
from kittiwake.pathways.missing.returning import Returned
from kittiwake.pathways.planning.entries import ProfileWritten

MAY = "home.look_after"
ON_RETURN = frozenset({"how", "injured", "state"})
"""What a home is asked the moment a child is back; the rest is asked by whoever sees them."""


@require_safe
@practitioner_required
def show(request: PractitionerRequest) -> HttpResponse:
    """The children who live here, those missing first."""
    need(request, MAY)
    mine = _home(request)
    mine.children.sort(key=lambda c: (c.missing_since is None, c.name))
    page = {"home": mine, "now": request.now, "ring": on_duty("duty_inspector", request.now)}
    return render(request, "homes/our_home.html", page)


def _home(request: PractitionerRequest) -> homes.Home:
    with as_practitioner(request.actor):
        found = homes.read(request.now, request.actor.agency_id)
        if not found:
            raise Http404
        log_look(request.actor, request.now, "our home", [c.person_id for c in found[0].children])
    return found[0]


def _child(request: PractitionerRequest, uid: UUID) -> homes.Child:
    """One child who lives here. Raises Http404 for any other."""
    need(request, MAY)
    found = next((c for c in _home(request).children if c.uid == str(uid)), None)
    if found is None:
        raise Http404
    return found


@require_safe
@practitioner_required
def child(request: PractitionerRequest, uid: UUID) -> HttpResponse:
    """One child: report, back now, what was checked, the profile."""
    one = _child(request, uid)
    page = {"child": one, "owner": _owner(request, one), "now": request.now}
    return render(request, "homes/our_child.html", page)


def _owner(request: PractitionerRequest, one: homes.Child) -> Who | None:
    if one.case_uid is None:
        return None
    with as_practitioner(request.actor), connection.cursor() as cursor:
        cursor.execute("SELECT owner_id FROM case_file WHERE uid = %s", [one.case_uid])
        row = cursor.fetchone()
        return who_is(row[0]) if row else None


@require_http_methods(["GET", "HEAD", "POST"])
@practitioner_required
def back_now(request: PractitionerRequest, uid: UUID) -> HttpResponse:
    """The child is back: when, how, and whether they are hurt. Nothing more is asked of a home."""
    one = _child(request, uid)
    names = frozenset(a.name for a in Returned.questions())
    form = forms.Form(Returned, typed.raw_of(request.POST), leave_out=names - ON_RETURN)
    if request.method == "POST" and one.case_uid:
        entry = ready(request, form, anyway=True)
        if attempt(request, form, entry, one.person_id, one.case_uid):
            return redirect(reverse("our_child", args=[uid]) + "?back=1")
    page = {
        "child": one, "form": form, "problems": form.problems, "now": request.now,
        "owner": _owner(request, one),
    }  # fmt: skip
    return render(request, "homes/back.html", page, status=422 if form.problems else 200)


# ── The Philomena profile, one part on each page ─────────────────────────────────────────────


@dataclass(frozen=True)
class Part:
    """One page of the profile: its number, its heading and its questions."""

    number: int
    title: str
    asks: frozenset[str]


def _parts() -> tuple[Part, ...]:
    found: list[tuple[str, list[str]]] = []
    for asked in ProfileWritten.questions():
        if asked.group:
            found.append((asked.group, []))
        found[-1][1].append(asked.name)
    return tuple(Part(n, title, frozenset(names)) for n, (title, names) in enumerate(found, 1))


PARTS = _parts()
CHECK = len(PARTS) + 1


@require_http_methods(["GET", "HEAD", "POST"])
@practitioner_required
def profile(request: PractitionerRequest, uid: UUID, number: int) -> HttpResponse:
    """One part of the profile; what is typed is kept from page to page as a draft."""
    one = _child(request, uid)
    if not 1 <= number <= CHECK:
        raise Http404
    need(request, ProfileWritten.may)
    open_door(request.actor, [one.person_id], "care of the child")
    place = drafts.Place(ProfileWritten.kind, None, str(uid))
    if request.GET.get("afresh"):
        drafts.drop(request.actor, place)
        return redirect("our_profile", uid, 1)
    raw = _so_far(request, one, place)
    if request.method == "GET":
        return _show(request, one, number, _form(number, raw))
    part = PARTS[number - 1] if number < CHECK else None
    kept = {k: v for k, v in raw.items() if not (part and k.split("-")[0] in part.asks)}
    raw = kept | typed.fixed_times(typed.raw_of(request.POST), request.now)
    form = _form(number, raw)
    if "more" in request.POST:
        name = request.POST["more"]
        rows = (raw.get(f"{name}-rows") or ["0"])[0]
        raw[f"{name}-rows"] = [str(int(rows if rows.isdigit() else 0) + 2)]
        return _show(request, one, number, _form(number, raw))
    drafts.save(request.actor, place, raw, request.now)
    if part:
        _, problems = typed.read(ProfileWritten, raw, request.now)
        form.problems = {k: v for k, v in problems.items() if k.split("-")[0] in part.asks}
        if form.problems:
            return _show(request, one, number, form)
        return redirect("our_profile", uid, CHECK if "back" in request.GET else number + 1)
    entry = ready(request, form, anyway=True)
    if attempt(request, form, entry, one.person_id, None) is None:
        return _show(request, one, number, form)
    drafts.drop(request.actor, place)
    return redirect(reverse("our_child", args=[uid]) + "?profile=1")


def _so_far(
    request: PractitionerRequest, one: homes.Child, place: drafts.Place
) -> dict[str, list[str]]:
    """What was typed before, else the profile in force, else who writes."""
    if draft := drafts.find(request.actor, place):
        return draft.raw
    written_by = {"written_by": [who_is(request.actor.id).called]}
    with as_practitioner(request.actor):
        version = plans_of(one.person_id, request.now).in_force("philomena")
        line = words_of(one.person_id, version, request.now) if version else None
    if line is None or line.entry is None:
        return written_by
    answers = line.entry.model_dump(mode="json", exclude_none=True, exclude={"happened_at"})
    return ProfileWritten.fill_form(answers) | written_by


def _form(number: int, raw: Raw) -> forms.Form:
    names = frozenset(a.name for a in ProfileWritten.questions())
    asks = PARTS[number - 1].asks if number < CHECK else frozenset()
    return forms.Form(ProfileWritten, raw, leave_out=names - asks, ask_when=False)


def _show(
    request: PractitionerRequest, one: homes.Child, number: int, form: forms.Form
) -> HttpResponse:
    page = {
        "child": one, "number": number, "parts": PARTS, "form": form, "problems": form.problems,
        "now": request.now, "part": PARTS[number - 1] if number < CHECK else None,
    }  # fmt: skip
    if number == CHECK:
        entry, _ = typed.read(ProfileWritten, form.raw, request.now)
        page["shown"] = entry.shown() if entry else []
        page["where"] = {name: p.number for p in PARTS for name in p.asks}
    return render(request, "homes/profile.html", page, status=422 if form.problems else 200)
