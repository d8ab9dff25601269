"""The register of who is trained for what: kept by one person, shown with what has lapsed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kittiwake.access.doors import as_practitioner, log_look
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.question_types import LONDON, Wrong, read_day
from kittiwake.kernel.training import courses, last_day
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need

_REGISTER = """
SELECT DISTINCT ON (p.id, t.course) p.name, a.name, t.course, t.from_on, t.until_on, t.evidence,
       k.name, t.kept_at
FROM trained t JOIN practitioner p ON p.id = t.practitioner_id JOIN agency a ON a.id = p.agency_id
JOIN practitioner k ON k.id = t.kept_by_id WHERE p.is_active ORDER BY p.id, t.course, t.id DESC
"""
_PEOPLE = """
SELECT p.uid::text, p.name || ', ' || a.name FROM practitioner p JOIN agency a ON a.id = p.agency_id
WHERE p.is_active AND NOT p.is_system ORDER BY p.name
"""


@dataclass(frozen=True)
class Line:
    """One person and one course: the newest word of the register."""

    name: str
    agency: str
    course: str
    from_on: date
    until_on: date
    evidence: str
    kept_by: str
    kept_at: datetime
    has_lapsed: bool

    @property
    def called(self) -> str:
        """The course in words."""
        course = courses().get(self.course)
        return course.name if course else self.course


@require_http_methods(["GET", "HEAD", "POST"])
@practitioner_required
def show(request: PractitionerRequest) -> HttpResponse:
    """The register, what lapsed first; and the form to write somebody in."""
    need(request, "training.keep")
    problems: dict[str, str] = {}
    if request.method == "POST":
        answers, problems = _read(request)
        if not problems and not (problems := _keep(request, answers)):
            return redirect("training")
    today = request.now.astimezone(LONDON).date()
    with as_practitioner(request.actor), connection.cursor() as cursor:
        cursor.execute(_REGISTER)
        lines = [_line((*row, row[4] < today)) for row in cursor.fetchall()]
        cursor.execute(_PEOPLE)
        people = cursor.fetchall()
        log_look(request.actor, request.now, "training register", [])
    page = {
        "lines": sorted(lines, key=lambda line: (line.until_on, line.name)),
        "courses": [(c, _wanted_by(c.key)) for c in courses().values()],
        "kept": {line.course for line in lines},
        "people": people,
        "problems": problems,
        "typed": {key: request.POST.get(key, "") for key in FIELDS},
        "today": today,
        "now": request.now,
        "wide": True,
    }
    return render(request, "trained/register.html", page, status=422 if problems else 200)


def _line(row: tuple[Any, ...]) -> Line:
    return Line(*row)


FIELDS = ("who", "course", "from", "until", "evidence")


def _wanted_by(course: str) -> list[str]:
    return [cls.title for cls in REGISTER.kinds.values() if cls.training == course]


def _read(request: PractitionerRequest) -> tuple[dict[str, Any], dict[str, str]]:
    said = {key: request.POST.get(key, "").replace("\0", "").strip() for key in FIELDS}
    problems: dict[str, str] = {}
    answers: dict[str, Any] = dict(said)
    if said["course"] not in courses():
        problems["course"] = "Choose what they are trained for"
    for key in ("from", "until"):
        try:
            answers[key] = read_day(said[key]) if said[key] else None
        except Wrong as wrong:
            problems[key] = str(wrong)
    if not said["from"]:
        problems["from"] = "Enter the day of the training"
    if not said["evidence"]:
        problems["evidence"] = "Enter where this is written: a certificate, a course and its date"
    if not problems:
        longest = last_day(courses()[said["course"]], answers["from"])
        answers["until"] = min(answers["until"] or longest, longest)
        if answers["until"] < answers["from"]:
            problems["until"] = "The last day lies before the first"
    return answers, problems


def _keep(request: PractitionerRequest, answers: dict[str, Any]) -> dict[str, str]:
    with as_practitioner(request.actor, durable=True), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO trained (practitioner_id, course, from_on, until_on, evidence, kept_by_id,"
            " kept_at) SELECT p.id, %s, %s, %s, %s, %s, %s FROM practitioner p "
            "WHERE p.uid::text = %s AND p.is_active AND NOT p.is_system",
            [
                answers["course"], answers["from"], answers["until"], answers["evidence"][:200],
                request.actor.id, request.now, answers["who"],
            ],
        )  # fmt: skip
        written = cursor.rowcount
    return {} if written else {"who": "Choose who was trained"}
