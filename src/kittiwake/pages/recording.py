"""The form of any kind of entry: shown, checked, recorded. One view for all of them."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from kittiwake.access.capabilities import CAPABILITIES
from kittiwake.access.doors import as_practitioner, open_door
from kittiwake.journal.reading import ClockLine, Line, Standing, chronology, clock_lines, standing
from kittiwake.journal.record import NotYet, Recorded, record, refusals
from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.known import names
from kittiwake.kernel.markers import Marker
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.questions import Raw, label
from kittiwake.pages import drafts, forms, staff, typed
from kittiwake.pages.furniture import who_is
from kittiwake.pages.markers import people_near
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need
from kittiwake.pages.subjects import (
    CaseHead,
    Subject,
    current_rulebook,
    person_of_case,
    person_of_child,
    subject,
)

# Questions somebody else has answered already: hidden where the link that leads here says them.
GIVEN = frozenset({"clock", "action"})


@require_http_methods(["GET", "HEAD", "POST"])
@practitioner_required
def case_form(request: PractitionerRequest, uid: UUID, kind: str) -> HttpResponse:
    """The form of one kind of entry in one case."""
    cls = permitted(request, kind)
    person = person_of_case(request.actor, uid)
    return _answer(request, cls, person, str(uid))


@require_http_methods(["GET", "HEAD", "POST"])
@practitioner_required
def child_form(request: PractitionerRequest, uid: UUID, kind: str) -> HttpResponse:
    """The form of one kind of entry about a child, in no case."""
    cls = permitted(request, kind)
    return _answer(request, cls, person_of_child(request.actor, uid), None)


@require_POST
@practitioner_required
def words(request: PractitionerRequest) -> HttpResponse:
    """Better words for a narrative while it is being written: a fragment, perhaps empty."""
    found = typed.hints(request.POST.get("text", "")[:20_000])
    return render(request, "questions/better.html", {"better": found})


def permitted(request: PractitionerRequest, kind: str) -> type[Entry]:
    """The kind of entry, if this practitioner may record it. Raises Http404, NotPermitted."""
    cls = REGISTER.kinds.get(kind)
    if cls is None or cls.may not in CAPABILITIES:
        raise Http404
    need(request, cls.may)
    return cls


def _answer(
    request: PractitionerRequest, cls: type[Entry], person: int, case: str | None
) -> HttpResponse:
    open_door(request.actor, [person], "care of the child")
    place = drafts.Place(cls.kind, case, None if case else _uid_of(request, person))
    if request.method == "GET":
        return _show(request, _fresh(request, cls, place, person), person, place)
    raw = typed.raw_of(request.POST)
    if "more" in request.POST:
        name = request.POST["more"]
        raw[f"{name}-rows"] = [str(int((raw.get(f"{name}-rows") or ["0"])[0] or 0) + 3)]
        return _show(request, _form(request, cls, raw, person), person, place)
    if "save" in request.POST:
        drafts.save(request.actor, place, raw, request.now)
        return redirect(back_to(place) + "?" + urlencode({"saved": cls.title}))
    form = _form(request, cls, raw, person)
    if "change" in request.POST:
        return _show(request, form, person, place)
    entry = ready(request, form, "anyway" in request.POST)
    if entry is not None and form.is_checked and "checked" not in request.POST:
        form.refusals = refusals(entry, person=person, by=request.actor, at=request.now, case=case)
        return _show(request, form, person, place, None if form.refusals else entry)
    done = attempt(request, form, entry, person, case)
    if done is None:
        return _show(request, form, person, place)
    drafts.drop(request.actor, place)
    said = {"recorded": done.entry_uid} | ({"already": "1"} if done.already else {})
    return redirect(f"{back_to(place)}?{urlencode(said)}")


def ready(request: PractitionerRequest, form: forms.Form, anyway: bool) -> Entry | None:
    """The entry a form makes, or None with what to do about it put on the form."""
    entry, form.problems = typed.read(form.cls, form.raw, request.now)
    if entry is not None and not (anyway and not form.cls.nature.may_refuse):
        form.problems = typed.unanswered(form.cls, entry)
    if entry is None or form.problems:
        return None
    form.better = typed.better_words(form.cls, form.raw)
    return None if typed.must_look_again(form.cls, form.better, form.raw) else entry


def attempt(
    request: PractitionerRequest,
    form: forms.Form,
    entry: Entry | None,
    person: int,
    case: str | None,
    group: UUID | None = None,
) -> Recorded | None:
    """Record an entry that is ready, or put on its form why not and give None."""
    if entry is None:
        return None
    try:
        return record(
            entry,
            person=person,
            by=request.actor,
            at=request.now,
            case=case,
            submission=UUID(form.submission),
            group=group,
            words_because=typed.words_because(form.raw),
        )
    except Refused as refused:
        form.refusals = refused.reasons
    except NotYet:
        form.problems = {
            "happened_at": "This time has not come yet. If it was yesterday, enter the day too"
        }
    return None


def _uid_of(request: PractitionerRequest, person: int) -> str:
    with as_practitioner(request.actor):
        return subject(person).uid


def back_to(place: drafts.Place) -> str:
    """Where a form leads back to: its case, else the child."""
    if place.case_uid:
        return reverse("case", args=[place.case_uid])
    return f"/children/{place.person_uid}"


def _form(request: PractitionerRequest, cls: type[Entry], raw: Raw, person: int) -> forms.Form:
    """The form with its choices of people, and with what the link answered already hidden."""
    asked = {a.name for a in cls.questions()}
    choices: dict[str, forms.Choices] = {}
    if "to_practitioner" in asked:
        choices["to_practitioner"] = staff.who_could_own(request.actor, request.now)
    if "other" in cls.names:
        with as_practitioner(request.actor):
            choices |= people_near(person)
    if "markers_considered" in asked:
        with as_practitioner(request.actor):
            choices["markers_considered"] = _markers(subject(person).markers)
    return forms.Form(cls, raw, choices=choices, hidden=frozenset(GIVEN & set(raw)))


def _markers(in_force: tuple[str, ...]) -> list[tuple[str, str]]:
    """The markers to choose from: those on this child first, and said to be."""
    listed = [(m.value, label(m) + (" (on this child)" if m in in_force else "")) for m in Marker]
    return sorted(listed, key=lambda one: one[0] not in in_force)


def _fresh(
    request: PractitionerRequest, cls: type[Entry], place: drafts.Place, person: int
) -> forms.Form:
    """The form as it first opens: the draft left in it, else what is known already."""
    if request.GET.get("afresh"):
        drafts.drop(request.actor, place)
    draft = drafts.find(request.actor, place)
    asked_about = {"clock_uids", "clock_uid", "action_uid"} & set(request.GET)
    if draft and not asked_about:
        form = _form(request, cls, draft.raw, person)
        form.saved_at = draft.saved_at
        return form
    asked = {a.name for a in cls.questions()}
    raw = {name: [",".join(request.GET.getlist(name))] for name in asked & set(request.GET)}
    if "taken_by" in asked:
        raw["taken_by"] = [who_is(request.actor.id).called]
    return _form(request, cls, raw | _named(request, person, raw), person)


def _named(request: PractitionerRequest, person: int, raw: Raw) -> dict[str, list[str]]:
    """The names of the clocks or the action a link asks about."""
    uids = ",".join([*raw.get("clock_uids", []), *raw.get("clock_uid", [])]).split(",")
    with as_practitioner(request.actor):
        clocks = [c.name for c in clock_lines([person], request.now) if c.uid in uids]
        if clocks:
            return {"clock": [names(clocks)]}
        if "action_uid" in raw:
            return {"action": [staff.title_of_action(raw["action_uid"][0])]}
    return {}


@dataclass(frozen=True)
class Beside:
    """What stands beside a form: what recording it does, and what it is decided on."""

    stops: tuple[ClockLine, ...]
    starts: tuple[str, ...]
    moves_to: str
    proposal: Line | None
    told: tuple[Line, ...]
    standing: Standing | None


def _beside(about: Subject, cls: type[Entry], request: PractitionerRequest) -> Beside:
    case = about.case
    running = clock_lines([about.person], request.now)
    stops = tuple(
        c
        for c in running
        if c.rule in (*cls.stops, *cls.may_stop) and c.case_uid in (case and case.uid, None)
    )
    told = chronology(about.person, request.now, case.id if case else None)
    proposal = next((t for t in told if t.kind == "missing.lower_grade_proposed"), None)
    return Beside(
        stops,
        _clock_names(cls.starts, request),
        _moves_to(case, cls),
        proposal if cls.kind == "missing.grade_lowered" else None,
        tuple(told[:6]),
        standing(about.person, request.now),
    )


def _moves_to(case: CaseHead | None, cls: type[Entry]) -> str:
    if case is None or cls.to is None or (cls.after and case.stage not in cls.after):
        return ""
    ahead = case.pathway.rank(cls.to) > case.pathway.rank(case.stage)
    return case.pathway.stage(cls.to).name if ahead else ""


def _clock_names(rules: tuple[str, ...], request: PractitionerRequest) -> tuple[str, ...]:
    book = current_rulebook(request.now)
    return tuple(book.clock(rule).name for rule in rules)


def _show(
    request: PractitionerRequest,
    form: forms.Form,
    person: int,
    place: drafts.Place,
    checking: Entry | None = None,
) -> HttpResponse:
    """The form; or, for what lowers, closes or withholds, its answers to be checked first."""
    with as_practitioner(request.actor):
        about = subject(person, place.case_uid)
        beside = _beside(about, form.cls, request)
    page = {
        "form": form,
        "problems": form.problems or form.refusals or form.better,
        "about": about,
        "beside": beside,
        "place": place,
        "back": back_to(place),
        "now": request.now,
        "wide": True,
        "entry": checking,
    }
    wrong = request.method == "POST" and page["problems"]
    shown = "case/check.html" if checking else "case/form.html"
    return render(request, shown, page, status=422 if wrong else 200)
