"""`bench pages`: boards of 200 open cases, a child with 300 entries and their pack; one process."""

import http.client
import time
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kittiwake.access.doors import as_practitioner
from kittiwake.agencies.models import Practitioner
from kittiwake.cli.bench import Figure, demo_actor, p50, p95
from kittiwake.journal.record import record
from kittiwake.kernel.known import Actor
from kittiwake.pathways.contact.entries import ContactReceived
from kittiwake.pathways.missing.entries import InformationAdded, ReportedMissing

RUNS = 60
PROMISED_MS = 150
OPEN, ENTRIES = 200, 300


def bench(url: str) -> list[Figure]:
    """The pages as a signed-in duty inspector, each against /healthz of the same process.

    A page's queries are counted with little to show and with everything: they may not differ.
    """
    inspector = demo_actor("duty_inspector")
    handler = demo_actor("call_handler")
    little = _fill(handler, 2, 3)
    sitting = {"inspector": _browser(inspector), "home": _browser(demo_actor("home_carer"))}
    few = {name: _queries(sitting[who], path) for name, path, who in _paths(little)}
    figures = []
    for name, path, who in _paths(_fill(handler, OPEN, ENTRIES)):
        browser = sitting[who]
        cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
        queries = _queries(browser, path)
        ours, size = _timed(url, path, cookie)
        floor, _ = _timed(url, "/healthz", cookie)
        ratio = round(p50(ours) / p50(floor), 1)
        kept = p95(ours) < PROMISED_MS and queries == few[name]
        figures.append(
            Figure(f"pages: {name}", RUNS, p50(ours), p95(ours), p50(floor), ratio,
                   f"p95 under {PROMISED_MS} ms, constant queries", kept,
                   {"queries": queries, "bytes": size})
        )  # fmt: skip
    return figures


def _browser(actor: Actor) -> Client:
    browser = Client(SERVER_NAME="127.0.0.1")
    user = Practitioner.objects.get(pk=actor.id).user
    assert user is not None
    browser.force_login(user)
    return browser


def _paths(child: str) -> tuple[tuple[str, str, str], ...]:
    return (
        ("missing now", "/missing", "inspector"),
        ("calls", "/contacts", "inspector"),
        ("child", f"/children/{child}", "inspector"),
        ("pack", f"/children/{child}/pack", "inspector"),
        ("report with pack", f"/report?child={child}", "inspector"),
        ("handover", "/handover", "inspector"),
        ("homes", "/homes", "inspector"),
        ("plans", f"/children/{child}/plans", "inspector"),
        ("our children", "/our-children", "home"),
    )


def _fill(handler: Actor, cases: int, entries: int) -> str:
    """Open episodes and calls, the last child with so many entries; that child's uid."""
    now = timezone.now()
    uid = ""
    for number in range(cases):
        uid, person = _child(handler, f"Bench Child {number}")
        at = now - timedelta(minutes=number)
        report = ReportedMissing(concern="Not back from school.", reporter_name="School office")
        record(report, person=person, by=handler, at=at)
        record(ContactReceived(what="Not back from school."), person=person, by=handler, at=at)
    for number in range(entries):
        new = InformationAdded(what=f"Call {number}: a friend says they were at the station.")
        record(new, person=person, by=handler, at=now + timedelta(milliseconds=number))
    return uid


def _child(handler: Actor, name: str) -> tuple[str, int]:
    uid = str(uuid4())
    with as_practitioner(handler), connection.cursor() as cursor:
        cursor.execute("SELECT meet_person(%s, %s, %s, %s)", [uid, name, name.lower(), None])
        return uid, cursor.fetchone()[0]


def _queries(browser: Client, path: str) -> int:
    browser.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(path)
    assert answer.status_code == 200, f"{path} answered {answer.status_code}"
    return len(captured)


def _timed(url: str, path: str, cookie: str) -> tuple[list[float], int]:
    parts = urlsplit(url)
    link = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port)
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"}
    seconds, size = [], 0
    for number in range(RUNS + 5):
        began = time.perf_counter()
        link.request("GET", path, headers=headers)
        answer = link.getresponse()
        size = len(answer.read())
        assert answer.status == 200, f"{path} answered {answer.status}"
        if number >= 5:
            seconds.append(time.perf_counter() - began)
    link.close()
    return seconds, size
