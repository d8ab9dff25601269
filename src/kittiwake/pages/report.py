"""Log a call or report a child missing: one dense page for those who take calls.

Homes and schools are shown their own way of reporting.
"""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kittiwake.journal.searching import Found
from kittiwake.kernel.questions import Raw, first
from kittiwake.pages import calls, drafts, forms, pack, public, typed
from kittiwake.pages.calls import CALL, MISSING, Way
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need
from kittiwake.pages.reporting import (
    NewChild,
    Who,
    check,
    new_children,
    receipt_url,
    receipts,
    record_all,
)
from kittiwake.pages.searching import look_for

DENSE = ("police", "social_care")


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The right page for whoever asks: anybody, a home or school, or somebody taking calls."""
    if not request.user.is_authenticated:
        return public.report(request)
    return _signed_in(request)


@practitioner_required
def _signed_in(request: PractitionerRequest) -> HttpResponse:
    need(request, MISSING.cls.may)
    if request.actor.agency_kind not in DENSE:
        return redirect(_steps(request))
    return _taken(request, MISSING)


@require_http_methods(["GET", "HEAD", "POST"])
@practitioner_required
def log_call(request: PractitionerRequest) -> HttpResponse:
    """The same page for a call in which there is a child."""
    need(request, CALL.cls.may)
    return _taken(request, CALL)


def _taken(request: PractitionerRequest, way: Way) -> HttpResponse:
    if request.method == "POST":
        return _posted(request, way)
    if request.GET.get("afresh"):
        drafts.drop(request.actor, way.place)
        return redirect(way.url)
    draft = drafts.find(request.actor, way.place)
    if draft and not request.GET.get("number"):
        form = forms.Form(way.cls, draft.raw)
        form.saved_at = draft.saved_at
        return _show(request, way, form)
    raw = _asked(request)
    if number := request.GET.get("number", "").strip():
        raw = _of_number(request, raw | {"incident_number": [number[:60]]}, way)
    return _show(request, way, forms.Form(way.cls, raw), "chosen" if raw.get("child") else "")


def _steps(request: PractitionerRequest) -> str:
    """Where homes and schools begin, with the child a link named; afresh where it says so."""
    kept = {k: request.GET.getlist(k) for k in ("afresh", "child") if k in request.GET}
    return reverse("report_step", args=["who"]) + (f"?{urlencode(kept, True)}" if kept else "")


def _asked(request: PractitionerRequest) -> dict[str, list[str]]:
    """What a link here says already: the child, or what was searched for."""
    return {k: request.GET.getlist(k) for k in ("child", "q") if k in request.GET}


def _posted(request: PractitionerRequest, way: Way) -> HttpResponse:
    raw = typed.raw_of(request.POST)
    what: dict[str, str] = {
        k: raw.pop(k)[0] for k in ("do", "choose", "drop", "forget") if k in raw
    }
    recording = what.get("do") == "record" or "anyway" in request.POST
    fixed = raw if recording else typed.fixed_times(raw, request.now)
    if "save" in request.POST:
        drafts.save(request.actor, way.place, raw, request.now)
        return redirect("/my-work")
    if not recording:
        return _looked_up(request, way, fixed, what)
    form = forms.Form(way.cls, _changed(fixed, what))
    chosen, new = [Who(str(uid), None) for uid in _uids(form.raw)], new_children(form.raw)
    for one in new:
        check(one)
    if not chosen and not new:
        form.problems = {"q": "Choose the child, or describe a child who is not on file"}
        return _show(request, way, form)
    if any(one.problems for one in new):
        form.problems = {f"new-{n.number}-{k}": v for n in new for k, v in n.problems.items()}
        return _show(request, way, form)
    done = record_all(request, form, chosen, new, "anyway" in request.POST)
    if form.problems or not done:
        return _show(request, way, form)
    drafts.drop(request.actor, way.place)
    number = first(form.raw, "incident_number")[:60]
    return redirect(receipt_url([d.case_uid for d in done], [d.already for d in done], number))


def _looked_up(
    request: PractitionerRequest, way: Way, raw: dict[str, list[str]], what: dict[str, str]
) -> HttpResponse:
    """The form after a search, a choice or a number; nothing typed is lost."""
    raw = _changed(raw, what)
    do = what.get("do", "search")
    just = "chosen" if "choose" in what else do
    numbered = do == "number" or (do == "search" and not first(raw, "q") and not raw["child"])
    if numbered and first(raw, "incident_number"):
        raw = _of_number(request, raw, way)
        just = "chosen" if raw["child"] else "numbered"
    return _show(request, way, forms.Form(way.cls, raw), just)


def _of_number(
    request: PractitionerRequest, raw: dict[str, list[str]], way: Way
) -> dict[str, list[str]]:
    """The form with the children of its incident number, and what their call says already."""
    number = first(raw, "incident_number")
    found = [one for one in calls.of_number(request.actor, number, request.now) if one.uid]
    raw["child"] = list(dict.fromkeys([*raw.get("child", []), *(str(one.uid) for one in found)]))
    if way is CALL:
        return raw
    opened = [c.page.about.person for c in _packs(request, raw) if c.page]
    return calls.filled(raw, calls.answers_of(request.actor, opened, number))


def _changed(raw: dict[str, list[str]], what: dict[str, str]) -> dict[str, list[str]]:
    """The form after a button that chooses, drops or adds a child; nothing typed is lost."""
    children = [c for c in raw.get("child", []) if c and c != what.get("drop")]
    if "choose" in what and what["choose"] not in children:
        children.append(what["choose"])
        raw["q"] = [""]
    raw["child"] = children
    if "forget" in what:
        raw = {k: v for k, v in raw.items() if not k.startswith(f"new-{what['forget']}-")}
    if what.get("do") == "new":
        number = max((n.number for n in new_children(raw)), default=-1) + 1
        raw |= {f"new-{number}-name": [_as_name(first(raw, "q"))], "q": [""]}
    return raw


def _as_name(typed: str) -> str:
    """What was searched for, as the name of a child who is not on file."""
    return " ".join(w.capitalize() if w.islower() else w for w in typed.split() if w.isalpha())


def _children(request: PractitionerRequest, raw: Raw) -> tuple[list[pack.Pack], list[NewChild]]:
    return _packs(request, raw), new_children(raw)


def _packs(request: PractitionerRequest, raw: Raw) -> list[pack.Pack]:
    return [pack.of_child(request, uid, "missing") for uid in _uids(raw)]


def _uids(raw: Raw) -> list[UUID]:
    return [uid for uid in (_uuid(text) for text in raw.get("child", [])) if uid][:20]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _show(request: PractitionerRequest, way: Way, form: forms.Form, just: str = "") -> HttpResponse:
    form.leave_out = frozenset({"incident_number"})
    chosen, new = _children(request, form.raw)
    for one in new:
        one.problems = {
            k: form.problems.get(f"new-{one.number}-{k}", "") for k in ("name", "born", "lives")
        }
    asked, number = first(form.raw, "q"), first(form.raw, "incident_number")
    page = {
        "form": form, "way": way, "chosen": chosen, "new": new, "asked": asked, "just": just,
        "found": _not_chosen(look_for(request.actor, asked, request.now), chosen),
        "number": number, "few": pack.FEW,
        "of_number": _not_chosen(calls.of_number(request.actor, number, request.now), chosen),
        "problems": form.problems, "now": request.now, "place": way.place, "wide": True,
    }  # fmt: skip
    return render(request, "report/report.html", page, status=422 if form.problems else 200)


def _not_chosen(found: list[Found], chosen: list[pack.Pack]) -> list[Found]:
    return [m for m in found if m.uid not in {c.uid for c in chosen}]


@require_POST
@practitioner_required
def number(request: PractitionerRequest) -> HttpResponse:
    """The children of an incident number while it is being typed: a fragment of the page."""
    need(request, "missing.report")
    asked = request.POST.get("q", "")[:60].strip()
    found = calls.of_number(request.actor, asked, request.now)
    found = [m for m in found if m.uid not in request.POST.getlist("child")]
    page = {"of_number": found, "number": asked, "now": request.now}
    return render(request, "report/numbered.html", page)


@require_POST
@practitioner_required
def search(request: PractitionerRequest) -> HttpResponse:
    """Matches while the name is being typed: a fragment of the page."""
    need(request, MISSING.cls.may)
    asked = request.POST.get("q", "")[:200]
    found = [
        m
        for m in look_for(request.actor, asked, request.now)
        if m.uid not in request.POST.getlist("child")
    ]
    return render(
        request, "report/found.html", {"found": found, "asked": asked, "now": request.now}
    )


@require_safe
@practitioner_required
def done(request: PractitionerRequest) -> HttpResponse:
    """The receipt: reference, owner, next clocks, a line ready to paste into the log."""
    cases = [uid for uid in (_uuid(c) for c in request.GET.getlist("case")) if uid]
    page = {
        "receipts": receipts(request.actor, cases, request.now),
        "already": request.GET.getlist("already"),
        "number": request.GET.get("number", "")[:60],
        "now": request.now,
        "dense": request.actor.agency_kind in DENSE,
    }
    return render(request, "report/done.html", page)
