"""Words for leaders: which listed phrases stand in records, by team; a sample to review (G10)."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kittiwake.access.doors import as_practitioner, log_look
from kittiwake.journal.words import Because, Verdict
from kittiwake.kernel.language import shipped
from kittiwake.kernel.pathway import REGISTER
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need

PERIOD = timedelta(days=28)
MOST = 50

_COUNTS = """
SELECT coalesce(t.name, a.name), w.row, w.because, w.verdict, w.at > %(since)s, count(*)
FROM word_found w JOIN practitioner p ON p.id = w.by_id JOIN agency a ON a.id = p.agency_id
LEFT JOIN team t ON t.id = p.team_id WHERE w.at > %(before)s GROUP BY 1, 2, 3, 4, 5
"""
_SAMPLE = """
SELECT w.uid::text, w.phrase, w.row, w.because, w.kind, w.at, p.name, q.uid::text, q.name,
       w.entry_uid::text, w.person_id
FROM word_found w JOIN practitioner p ON p.id = w.by_id JOIN pointer q ON q.person_id = w.person_id
WHERE w.is_sampled AND w.verdict = '' AND w.by_id <> %(me)s ORDER BY w.at LIMIT %(most)s
"""


@dataclass(frozen=True)
class TeamLine:
    """A team's listed phrases in the last four weeks, and in the four before."""

    name: str
    now: int
    before: int
    kept: int
    phrases: list[tuple[str, int]]

    @property
    def trend(self) -> str:
        """The difference in words."""
        if self.now == self.before:
            return "as before"
        return f"{abs(self.now - self.before)} {'more' if self.now > self.before else 'fewer'}"


@dataclass(frozen=True)
class Find:
    """One phrase to review: what it was, who wrote it in what, and about whom."""

    uid: str
    phrase: str
    row: str
    because: str
    kind: str
    at: datetime
    by: str
    child_uid: str
    child: str
    entry_uid: str
    person: int

    @property
    def title(self) -> str:
        """The kind of entry, in words."""
        cls = REGISTER.kinds.get(self.kind)
        return cls.title if cls else self.kind

    @property
    def why(self) -> str:
        """The reason its author gave."""
        return Because(self.because).words if self.because else "nobody was asked"

    @property
    def better(self) -> str:
        """What the list would have had them write."""
        return next((p.better for p in shipped().phrases if str(p.n) == self.row), "")


@require_safe
@practitioner_required
def show(request: PractitionerRequest) -> HttpResponse:
    """Counts by team, false finds by phrase, and the sample that waits."""
    need(request, "words.review")
    since = request.now - PERIOD
    with as_practitioner(request.actor), connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"since": since, "before": since - PERIOD})
        counts = cursor.fetchall()
        cursor.execute(_SAMPLE, {"me": request.actor.id, "most": MOST})
        sample = [Find(*row) for row in cursor.fetchall()]
        log_look(request.actor, request.now, "words in records", {f.person for f in sample})
    page = {
        "teams": _teams(counts),
        "false_finds": _false(counts),
        "sample": sample,
        "verdicts": [(v.value, v.words) for v in Verdict],
        "now": request.now,
        "wide": True,
    }
    return render(request, "language/words.html", page)


@require_POST
@practitioner_required
def judge(request: PractitionerRequest, uid: UUID) -> HttpResponse:
    """Say what a phrase that was kept turned out to be; never one's own."""
    need(request, "words.review")
    verdict = request.POST.get("verdict", "")
    if verdict not in set(Verdict):
        return redirect("language")
    with as_practitioner(request.actor, durable=True), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE word_found SET verdict = %s, judged_by_id = %s, judged_at = %s "
            "WHERE uid = %s AND verdict = '' AND by_id <> %s",
            [verdict, request.actor.id, request.now, uid, request.actor.id],
        )
        if not cursor.rowcount:
            raise Http404
    return redirect("language")


Count = tuple[str, str, str, str, bool, int]


def _teams(counts: list[Count]) -> list[TeamLine]:
    words = {str(p.n): p.better for p in shipped().phrases}
    found: dict[str, list[Count]] = defaultdict(list)
    for row in counts:
        found[row[0]].append(row)
    lines = []
    for name, rows in found.items():
        now = sum(r[5] for r in rows if r[4])
        phrases = Counter[str]()
        for r in rows:
            if r[4]:
                phrases[words.get(r[1], r[1])] += r[5]
        kept = sum(r[5] for r in rows if r[4] and r[2])
        lines.append(
            TeamLine(name, now, sum(r[5] for r in rows) - now, kept, phrases.most_common(3))
        )
    return sorted(lines, key=lambda line: -line.now)


def _false(counts: list[Count]) -> list[tuple[str, int, int]]:
    """For each phrase that was reviewed: its better words, false finds, reviewed in all."""
    words = {str(p.n): p.better for p in shipped().phrases}
    false, judged = Counter[str](), Counter[str]()
    for _, row, _, verdict, _, n in counts:
        judged[row] += n if verdict else 0
        false[row] += n if verdict == Verdict.FALSE else 0
    return [(words.get(row, row), false[row], n) for row, n in judged.most_common() if n]
