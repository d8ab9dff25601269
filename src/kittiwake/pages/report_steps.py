"""Report a child missing from a home, a school or a surgery: one thing on each page."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kittiwake.access.doors import as_practitioner, log_look
from kittiwake.kernel.questions import Raw
from kittiwake.pages import drafts, forms, typed
from kittiwake.pages.furniture import who_is
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need
from kittiwake.pages.reporting import (
    KnownChild,
    NewChild,
    check,
    known_child,
    new_children,
    receipt_url,
    record_all,
)
from kittiwake.pathways.missing.entries import ReportedMissing

PLACE = drafts.Place(ReportedMissing.kind)
LEFT = timedelta(minutes=5)
"""A draft older than this was left, perhaps about another child: whoever comes back is told."""


@dataclass(frozen=True)
class Step:
    """One page of the way: its address, its heading, and the questions asked on it."""

    key: str
    title: str
    asks: frozenset[str] = frozenset()


STEPS = (
    Step("who", "Who is missing?"),
    Step("seen", "When were they last seen?", frozenset({"last_seen"})),
    Step(
        "worry",
        "What is the worry this time?",
        frozenset({"concern", "signs", "tried", "reporter_could_harm"}),
    ),
    Step(
        "you",
        "Who can we ring about this?",
        frozenset({"reporter", "reporter_name", "reporter_phone", "incident_number"}),
    ),
    Step("check", "Check what you are about to report"),
)
KEYS = [s.key for s in STEPS]


@require_http_methods(["GET", "HEAD", "POST"])
@practitioner_required
def step(request: PractitionerRequest, key: str) -> HttpResponse:
    """One step; what was typed is kept as a draft from page to page."""
    if key not in KEYS:
        raise Http404
    need(request, ReportedMissing.may)
    if request.GET.get("afresh"):
        drafts.drop(request.actor, PLACE)
        return redirect("report_step", "who")
    raw = _kept(request)
    if request.method == "GET":
        raw["child"] = [*raw.get("child", []), *request.GET.getlist("child")]
        return _show(request, key, _form(key, raw))
    raw = _without(raw, key) | typed.fixed_times(typed.raw_of(request.POST), request.now)
    drafts.save(request.actor, PLACE, raw, request.now)
    form = _form(key, raw)
    if key == "check":
        return _record(request, form)
    form.problems = _problems(request, key, form)
    if form.problems:
        return _show(request, key, form)
    return redirect("report_step", "check" if "back" in request.GET else _next(key))


def _kept(request: PractitionerRequest) -> dict[str, list[str]]:
    draft = drafts.find(request.actor, PLACE)
    if draft and "reporter_name" in draft.raw:
        return draft.raw
    me = who_is(request.actor.id)
    kinds = {"home": "home", "school": "school"}
    own = {"reporter_name": [me.name], "reporter_phone": [me.phone]}
    kind = kinds.get(request.actor.agency_kind)
    return own | ({"reporter": [kind]} if kind else {}) | (draft.raw if draft else {})


def _form(key: str, raw: Raw) -> forms.Form:
    asks = next(s.asks for s in STEPS if s.key == key)
    names = frozenset(a.name for a in ReportedMissing.questions())
    return forms.Form(ReportedMissing, raw, leave_out=names - asks, ask_when=False)


def _without(raw: dict[str, list[str]], key: str) -> dict[str, list[str]]:
    """What is kept, without the answers this page asks for: unticked boxes send nothing."""
    asks = next(s.asks for s in STEPS if s.key == key)
    gone = ("child", "new-") if key == "who" else tuple(asks)
    return {k: v for k, v in raw.items() if not gone or not k.startswith(gone)}


def _next(key: str) -> str:
    return KEYS[KEYS.index(key) + 1]


def _problems(request: PractitionerRequest, key: str, form: forms.Form) -> dict[str, str]:
    if key == "who":
        chosen, new = _children(request, form.raw)
        if not chosen and not new:
            return {"child": "Choose the child, or enter the name of a child who is not listed"}
        return {}
    entry, problems = typed.read(form.cls, form.raw, request.now)
    mine = {a.name for a in form.cls.questions() if a.name not in form.leave_out}
    if entry is not None:
        problems = typed.unanswered(form.cls, entry)
    return {k: v for k, v in problems.items() if k.split("-")[0] in mine}


def _children(request: PractitionerRequest, raw: Raw) -> tuple[list[KnownChild], list[NewChild]]:
    chosen = [known_child(request.actor, UUID(u), request.now) for u in raw.get("child", []) if u]
    new = [n for n in new_children(raw) if n.name or n.born or n.lives]
    return chosen, new


def _record(request: PractitionerRequest, form: forms.Form) -> HttpResponse:
    chosen, new = _children(request, form.raw)
    if not chosen and not new:
        return redirect("report_step", "who")
    for one in new:
        check(one)
    done = record_all(request, form, chosen, new, "anyway" in request.POST)
    if form.problems or not done:
        return _show(request, "check", form)
    drafts.drop(request.actor, PLACE)
    return redirect(receipt_url([d.case_uid for d in done], [d.already for d in done]))


def _show(request: PractitionerRequest, key: str, form: forms.Form) -> HttpResponse:
    chosen, new = _children(request, form.raw)
    at = KEYS.index(key)
    page = {
        "step": STEPS[at], "steps": STEPS, "number": at + 1, "form": form,
        "problems": form.problems, "chosen": chosen, "new": new, "now": request.now,
        "back": reverse("report_step", args=[KEYS[at - 1]]) if at else "/my-work",
        "place": PLACE, "changing": "back" in request.GET,
    }  # fmt: skip
    if key == "who":
        page["own"] = _own_children(request)
        draft = drafts.find(request.actor, PLACE)
        page["left"] = draft.saved_at if draft and request.now - draft.saved_at > LEFT else None
        page["other"] = new[0] if new else NewChild(0)
    if key == "check":
        entry, _ = typed.read(form.cls, form.raw, request.now)
        page["shown"] = entry.shown() if entry else []
        page["where"] = {a: s.key for s in STEPS for a in s.asks}
    return render(request, "report/step.html", page, status=422 if form.problems else 200)


def _own_children(request: PractitionerRequest) -> list[tuple[str, str, object, bool]]:
    """The children this agency works with: (uid, name, born on, missing now)."""
    with as_practitioner(request.actor):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT q.uid::text, q.name, q.born_on, c.id IS NOT NULL, q.person_id "
                "FROM pointer q JOIN known_to k ON k.person_id = q.person_id "
                "LEFT JOIN case_file c ON c.person_id = q.person_id AND c.is_active "
                "WHERE k.agency_id = %s AND (k.until_on IS NULL OR k.until_on >= current_date) "
                "GROUP BY 1, 2, 3, 4, 5 ORDER BY q.name LIMIT 60",
                [request.actor.agency_id],
            )
            rows = cursor.fetchall()
        log_look(request.actor, request.now, "children we look after", [r[4] for r in rows])
    return [row[:4] for row in rows]
