"""A child's plans: what is in force, what it says, and working through its lines in an episode."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kittiwake.access.capabilities import CAPABILITIES
from kittiwake.access.doors import as_practitioner, log_look, open_door
from kittiwake.access.roles import may
from kittiwake.journal.plans import Plans, Version, plans_of, words_of
from kittiwake.journal.reading import Line, chronology
from kittiwake.journal.record import record
from kittiwake.kernel.answers import given
from kittiwake.kernel.plans import PlanKind
from kittiwake.kernel.questions import first
from kittiwake.pages import forms, typed
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need
from kittiwake.pages.subjects import person_of_case, person_of_child, subject
from kittiwake.pathways.planning.entries import LinesSettled
from kittiwake.pathways.planning.questions import LineSettled, Outcome, PlanLine
from kittiwake.pathways.planning.rules import answered


@dataclass(frozen=True)
class Document:
    """One plan in force or in draft, with its words as this reader may see them."""

    version: Version
    line: Line | None

    @property
    def lines(self) -> tuple[PlanLine, ...]:
        """The lines that are worked through; empty where they are not for this reader."""
        entry = self.line.entry if self.line else None
        return tuple(given(getattr(entry, "lines", None)) or ())

    @property
    def answers(self) -> tuple[tuple[str, str], ...]:
        """Everything else it says; its lines are shown apart."""
        shown = self.line.answers if self.line else ()
        return tuple(a for a in shown if not a[0].startswith("Where to go and whom to see first"))


@dataclass(frozen=True)
class Todo:
    """One line of the plan in this episode: what it says, and what became of it."""

    number: int
    line: PlanLine
    outcome: str
    said: str
    settled_by: str


@require_safe
@practitioner_required
def show(request: PractitionerRequest, uid: UUID) -> HttpResponse:
    """The plans of a child; opens the child's door first."""
    person = person_of_child(request.actor, uid)
    open_door(request.actor, [person], "care of the child")
    with as_practitioner(request.actor):
        plans = plans_of(person, request.now)
        page = {
            "about": subject(person), "plans": plans, "now": request.now, "me": request.actor,
            "trigger": _document(person, plans, "trigger"),
            "draft": _read(person, plans, plans.draft("trigger")),
            "profile": _document(person, plans, "philomena"),
            "can": {c: may(request.actor.roles, c) for c in CAPABILITIES}, "wide": True,
        }  # fmt: skip
        log_look(request.actor, request.now, "plans", [person])
    return render(request, "plans/plans.html", page)


def _document(person: int, plans: Plans, kind: PlanKind) -> Document | None:
    return _read(person, plans, plans.in_force(kind))


def _read(person: int, plans: Plans, version: Version | None) -> Document | None:
    return Document(version, words_of(person, version, plans.now)) if version else None


@require_http_methods(["GET", "HEAD", "POST"])
@practitioner_required
def use(request: PractitionerRequest, uid: UUID) -> HttpResponse:
    """Work through the plan in one episode: each line done, or not done because."""
    need(request, LinesSettled.may)
    person = person_of_case(request.actor, uid)
    open_door(request.actor, [person], "care of the child")
    form = forms.Form(LinesSettled, typed.raw_of(request.POST))
    with as_practitioner(request.actor):
        about = subject(person, uid)
        trigger = _document(person, plans_of(person, request.now), "trigger")
        todo = _todo(trigger, chronology(person, request.now, about.case.id if about.case else 0))
    if request.method == "POST":
        settled = _settled(form, todo)
        if settled and not form.problems:
            record(LinesSettled(lines=tuple(settled)), person=person, by=request.actor,
                   at=request.now, case=str(uid), submission=UUID(form.submission))  # fmt: skip
            return redirect(reverse("case", args=[uid]) + "?saved=Trigger plan")
        if not settled:
            form.problems["lines-1-outcome"] = "Say of at least one line what became of it"
    page = {
        "about": about, "document": trigger, "todo": todo, "form": form, "now": request.now,
        "problems": form.problems, "outcomes": Outcome, "wide": True,
    }  # fmt: skip
    return render(request, "plans/use.html", page, status=422 if form.problems else 200)


def _todo(document: Document | None, told: list[Line]) -> list[Todo]:
    """Each line with its latest answer in this episode."""
    latest: dict[int, tuple[LineSettled, str]] = {}
    for line in reversed(told):
        if isinstance(line.entry, LinesSettled) and not line.withdrawn:
            for one in given(line.entry.lines) or ():
                number = given(one.number)
                if number is not None:
                    latest[int(number)] = (one, line.by_name)
    made = []
    for number, plan_line in enumerate(document.lines if document else (), start=1):
        one, by = latest.get(number, (LineSettled(), ""))
        made.append(
            Todo(number, plan_line, str(given(one.outcome) or ""), str(given(one.said) or ""), by)
        )
    return made


def _settled(form: forms.Form, todo: list[Todo]) -> list[LineSettled]:
    """The lines somebody answered on the page now, with what is still wanted of each."""
    found = []
    for one in todo:
        outcome = first(form.raw, f"lines-{one.number}-outcome")
        said = first(form.raw, f"lines-{one.number}-said")[:500] or None
        if outcome not in list(Outcome) or (outcome, said or "") == (one.outcome, one.said):
            continue
        line = LineSettled(
            number=one.number, target=one.line.target, outcome=Outcome(outcome), said=said
        )
        if not answered([line]):
            form.problems[f"lines-{one.number}-said"] = f"Say why line {one.number} was not done"
        found.append(line)
    return found


def progress(plans: Plans, told: list[Line]) -> tuple[int, int]:
    """How many lines of the plan in force have an answer in these entries, of how many."""
    version = plans.in_force("trigger")
    done: set[int] = set()
    for line in told:
        if isinstance(line.entry, LinesSettled) and not line.withdrawn:
            done |= answered(given(line.entry.lines) or ())
    return len(done), version.plan.lines if version else 0
