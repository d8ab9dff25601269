"""The quarantine: what arrived and could not be taken in, for a person to settle."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from kittiwake.access.doors import as_practitioner, log_look
from kittiwake.exchange import bringing, inbox, standards
from kittiwake.exchange.mapping import MappingError
from kittiwake.exchange.reading import Unreadable, decoded, read_table
from kittiwake.exchange.writing import as_csv
from kittiwake.kernel.questions import show_moment
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need

MOST = 200
SHOWN = 20_000
"""Characters of a report shown on its page; the whole of it is kept."""


@dataclass(frozen=True)
class AsItCame:
    """A report as a person can read it: columns with values, else text, else why not."""

    values: tuple[tuple[str, str], ...]
    text: str
    size: int
    is_cut: bool


@require_safe
@practitioner_required
def show(request: PractitionerRequest) -> HttpResponse:
    """Everything that waits, newest first."""
    _permit(request)
    with as_practitioner(request.actor):
        waiting = inbox.quarantine(MOST + 1)
        log_look(request.actor, request.now, "quarantine", [])
    page = {
        "waiting": waiting[:MOST],
        "more": len(waiting) > MOST,
        "now": request.now,
        "wide": True,
    }
    return render(request, "quarantine/list.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@practitioner_required
def one(request: PractitionerRequest, uid: UUID) -> HttpResponse:
    """One report as it came; settled with a reason, or tried again."""
    _permit(request)
    with as_practitioner(request.actor):
        report = inbox.report(uid)
        if report is None:
            raise Http404
        file = inbox.file_of(report)
        rows = inbox.rows_said(report.id)
        log_look(request.actor, request.now, "a report in the quarantine", [])
    problem = ""
    if request.method == "POST" and report.state == "quarantined":
        problem = _settle(request, report)
        if not problem:
            return redirect("quarantine_one", uid)
    page = {
        "report": report, "file": file, "rows": rows, "came": _as_it_came(report, file),
        "now": request.now, "problem": problem, "problems": {"reason": problem} if problem else {},
        "can_try": standards.can_read(report), "reason": request.POST.get("reason", ""),
    }  # fmt: skip
    return render(request, "quarantine/one.html", page, status=422 if problem else 200)


@require_safe
@practitioner_required
def as_spreadsheet(request: PractitionerRequest) -> HttpResponse:
    """What waits as a spreadsheet, for whoever asks the sender; no row's words are in it."""
    _permit(request)
    with as_practitioner(request.actor):
        waiting = inbox.quarantine(10_000)
        log_look(request.actor, request.now, "quarantine as a spreadsheet", [])
    head = ("Came", "From", "File", "Row", "Why it waits")
    rows = [
        (show_moment(r.received_at), r.agency, r.name or r.feed, r.row or "", r.sentence)
        for r in waiting
    ]
    return spreadsheet("waiting.csv", head, rows)


def spreadsheet(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A page's rows as a file to keep."""
    answer = HttpResponse(as_csv(head, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _permit(request: PractitionerRequest) -> None:
    need(request, "exchange.quarantine")


def _settle(request: PractitionerRequest, report: inbox.Waiting) -> str:
    """Settle or try again; what is still to do, or nothing."""
    if request.POST.get("do") == "again" and standards.can_read(report):
        try:
            bringing.again(report, standards.feed_of(report, request.actor, request.now))
        except (bringing.InUse, MappingError) as why:
            return str(why)
        return ""
    reason = " ".join(request.POST.get("reason", "").split())
    if not reason:
        return "Say what became of it: who was asked, and what they said"
    said = f"{reason[:400]} ({request.actor.name})"
    inbox.settle(report.id, "settled", said, by=request.actor)
    return ""


def _as_it_came(report: inbox.Waiting, file: inbox.Waiting) -> AsItCame:
    body = bytes(report.body)
    text = _text(body)
    values = _values(body, bytes(file.body)) if report.row else ()
    return AsItCame(values, text[:SHOWN], len(body), len(text) > SHOWN)


def _text(body: bytes) -> str:
    """Text as decoded; letters that cannot be read stand as a mark, a workbook as nothing."""
    if body.startswith(b"PK\x03\x04"):
        return ""
    try:
        text = decoded(body)
    except Unreadable:
        text = body.decode("utf-8", "replace")
    return "".join(c if c.isprintable() or c in "\r\n\t" else "\ufffd" for c in text)


def _values(row: bytes, file: bytes) -> tuple[tuple[str, str], ...]:
    """The row's values under the file's column names, where they fit."""
    try:
        line = next(each for each in read_table(file).lines if each.raw == row)
        columns = read_table(file).columns
    except (Unreadable, StopIteration):
        return ()
    return () if len(line.cells) != len(columns) else tuple(zip(columns, line.cells, strict=True))
