"""Report a child missing: one dense page for those who take calls; others are shown their own."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kittiwake.kernel.questions import Raw, first
from kittiwake.pages import drafts, forms, public, typed
from kittiwake.pages.find import Found
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need
from kittiwake.pages.reporting import (
    KnownChild,
    NewChild,
    check,
    known_child,
    new_children,
    receipt_url,
    receipts,
    record_all,
)
from kittiwake.pages.searching import look_for
from kittiwake.pathways.missing.entries import ReportedMissing

DENSE = ("police", "social_care")
PLACE = drafts.Place(ReportedMissing.kind)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The right page for whoever asks: anybody, a home or school, or somebody taking calls."""
    if not request.user.is_authenticated:
        return public.report(request)
    return _signed_in(request)


@practitioner_required
def _signed_in(request: PractitionerRequest) -> HttpResponse:
    need(request, ReportedMissing.may)
    if request.actor.agency_kind not in DENSE:
        return redirect(_steps(request))
    if request.method == "POST":
        return _posted(request)
    if request.GET.get("afresh"):
        drafts.drop(request.actor, PLACE)
        return redirect("report")
    draft = drafts.find(request.actor, PLACE)
    form = forms.Form(ReportedMissing, draft.raw if draft else _asked(request))
    form.saved_at = draft.saved_at if draft else None
    return _show(request, form)


def _steps(request: PractitionerRequest) -> str:
    """Where homes and schools begin, with the child a link named; afresh where it says so."""
    kept = {k: request.GET.getlist(k) for k in ("afresh", "child") if k in request.GET}
    return reverse("report_step", args=["who"]) + (f"?{urlencode(kept, True)}" if kept else "")


def _asked(request: PractitionerRequest) -> dict[str, list[str]]:
    """What a link here says already: the child, or what was searched for."""
    return {k: request.GET.getlist(k) for k in ("child", "q") if k in request.GET}


def _posted(request: PractitionerRequest) -> HttpResponse:
    raw = typed.raw_of(request.POST)
    what: dict[str, str] = {
        k: raw.pop(k)[0] for k in ("do", "choose", "drop", "forget") if k in raw
    }
    recording = what.get("do") == "record" or "anyway" in request.POST
    fixed = raw if recording else typed.fixed_times(raw, request.now)
    form = forms.Form(ReportedMissing, _changed(fixed, what))
    if "save" in request.POST:
        drafts.save(request.actor, PLACE, raw, request.now)
        return redirect("/my-work")
    if not recording:
        return _show(request, form, just="chosen" if "choose" in what else what.get("do", "search"))
    chosen, new = _children(request, form.raw)
    for one in new:
        check(one)
    if not chosen and not new:
        form.problems = {"q": "Choose the child, or describe a child who is not on file"}
        return _show(request, form)
    if any(one.problems for one in new):
        form.problems = {f"new-{n.number}-{k}": v for n in new for k, v in n.problems.items()}
        return _show(request, form)
    done = record_all(request, form, chosen, new, "anyway" in request.POST)
    if form.problems or not done:
        return _show(request, form)
    drafts.drop(request.actor, PLACE)
    return redirect(receipt_url([d.case_uid for d in done], [d.already for d in done]))


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


def _children(request: PractitionerRequest, raw: Raw) -> tuple[list[KnownChild], list[NewChild]]:
    uids = [uid for uid in (_uuid(text) for text in raw.get("child", [])) if uid]
    return [known_child(request.actor, uid, request.now) for uid in uids[:20]], new_children(raw)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _show(request: PractitionerRequest, form: forms.Form, just: str = "") -> HttpResponse:
    chosen, new = _children(request, form.raw)
    for one in new:
        one.problems = {
            k: form.problems.get(f"new-{one.number}-{k}", "") for k in ("name", "born", "lives")
        }
    asked = first(form.raw, "q")
    page = {
        "form": form, "chosen": chosen, "new": new, "asked": asked, "just": just,
        "found": _not_chosen(look_for(request.actor, asked, request.now), chosen),
        "problems": form.problems, "now": request.now, "place": PLACE, "wide": True,
    }  # fmt: skip
    return render(request, "report/report.html", page, status=422 if form.problems else 200)


def _not_chosen(found: list[Found], chosen: list[KnownChild]) -> list[Found]:
    return [m for m in found if m.uid not in {c.uid for c in chosen}]


@require_POST
@practitioner_required
def search(request: PractitionerRequest) -> HttpResponse:
    """Matches while the name is being typed: a fragment of the page."""
    need(request, ReportedMissing.may)
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
        "now": request.now,
        "dense": request.actor.agency_kind in DENSE,
    }
    return render(request, "report/done.html", page)
