"""Row A2: nobody is ever sent a word about a child, or of an audience, that is not theirs.

Figure: 0 foreign canaries in any byte that pages, API and search send, with every practitioner
asking for every object by id; a larger random county in the long run. Every word of the county is
a canary that names its child and its audience.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.cache import cache
from django.test import Client

from kittiwake.access.actors import actor
from kittiwake.access.doors import declare_conflict
from kittiwake.access.roles import ROLES
from kittiwake.kernel.markers import Marker
from kittiwake.pathways.flags.entries import FlagRaised
from kittiwake.pathways.missing import entries as e
from tests.security.attack import Link, weakened
from tests.security.people import browser, practitioner, program
from tests.worlds import World

CANARY = re.compile(r"canary(\d+)x([a-z]+)", re.IGNORECASE)
ROLES_ASKED = (
    "call_handler", "duty_inspector", "mash_sergeant", "auditor", "information_clerk",
    "crime_registrar", "social_worker", "social_care_manager", "home_carer", "home_carer",
    "school_safeguarding_lead", "mash_health_practitioner", "partner_feed",
)  # fmt: skip
WIDE = ("police", "social_care")


@dataclass(frozen=True)
class Reader:
    """Somebody who asks for everything."""

    id: int
    role: str
    agency: int
    kind: str
    client: Client
    token: str

    def may(self, capability: str) -> bool:
        return capability in ROLES[self.role].capabilities


@dataclass
class Child:
    """A child whose every word is a canary; who works with them; who may not look."""

    id: int
    uid: str
    case: str
    entries: list[str]
    protected_by: int
    known_to: set[int]
    is_restricted: bool
    conflicts: set[int]


class County:
    """A random county of agencies, practitioners and children, told by record()."""

    def __init__(self, owner: Link, seed: int, children: int, readers: int) -> None:
        self.owner, self.random = owner, Random(seed)
        self.w = World(owner)
        self.now = datetime.now(UTC)
        self.agencies = {
            kind: [self._agency(kind) for _ in range(2)]
            for kind in sorted({ROLES[r].agency_kind for r in ROLES_ASKED})
        }
        roles = list(itertools.islice(itertools.cycle(ROLES_ASKED), readers))
        self.readers = [self._reader(n, role) for n, role in enumerate(roles)]
        self.children = [self._child() for _ in range(children)]
        self.reports = [str(r[0]) for r in owner.execute("SELECT uid FROM report").fetchall()]

    def _one(self, sql: str, *values: Any) -> Any:
        return self.owner.execute(sql, list(values)).fetchone()[0]  # type: ignore[index,arg-type]

    def _agency(self, kind: str) -> int:
        id_: int = self._one(
            "INSERT INTO agency (uid, kind, name, phone, nation)"
            " VALUES (%s, %s, %s, '', 'ENG') RETURNING id",
            uuid4(), kind, kind,
        )  # fmt: skip
        return id_

    def _reader(self, number: int, role: str) -> Reader:
        kind = ROLES[role].agency_kind
        agency = self.agencies[kind][number % 2]
        me = practitioner(self.owner, agency, role)
        _, client = browser(self.owner, me, f"reader{number}")
        return Reader(me, role, agency, kind, client, program(self.owner, me, role))

    def _child(self) -> Child:
        kid = self.w.child("Nobody Yet", known="")
        self.owner.execute("DELETE FROM known_to WHERE person_id = %s", [kid])
        uid = str(self._one("SELECT uid FROM person WHERE id = %s", kid))
        everybody = [a for both in self.agencies.values() for a in both]
        known = set(self.random.sample(everybody, len(everybody) // 2))
        child = Child(kid, uid, "", [], self.w.agencies["police"], known,
                      self.random.random() < 0.25, set())  # fmt: skip
        self._file(child)
        self._tell(child)
        for reader in self.random.sample(self.readers, len(self.readers) // 6):
            declare_conflict(actor(reader.id), self.now, kid, "Mine.")
            child.conflicts.add(reader.id)
        return child

    def _file(self, child: Child) -> None:
        """What is on file before anything happens: name, where they live, sources, addresses."""
        kid, word = child.id, lambda audience: f"canary{child.id}x{audience}"
        for table, key in (("person", "id"), ("pointer", "person_id")):
            self.owner.execute(
                f"UPDATE {table} SET is_restricted = %s WHERE {key} = %s",  # type: ignore[arg-type]
                [child.is_restricted, kid],
            )
        self.owner.execute(
            "UPDATE pointer SET name = %s, name_key = %s, lives_at = %s WHERE person_id = %s",
            [f"Kit {word('pointer')}", f"kit {word('pointer')}", word("pointer"), kid],
        )
        for agency in child.known_to:
            self.owner.execute(
                "INSERT INTO known_to (person_id, agency_id, role) VALUES (%s, %s, '')",
                [kid, agency],
            )
        source = self._one(
            "INSERT INTO source_record (person_id, agency_id, feed, ref, given, family, sex,"
            " ethnicity, received_at, facts) VALUES (%s, %s, 'x', %s, %s, '', '', '', %s, %s)"
            " RETURNING id",
            kid, self.w.agencies["police"], word("case"), word("case"), self.now,
            json.dumps({"said": word("case")}),
        )  # fmt: skip
        self.owner.execute(
            "INSERT INTO identifier (person_id, source_record_id, scheme, value, is_valid)"
            " VALUES (%s, %s, 'nhs', %s, true)",
            [kid, source, word("case")],
        )
        for is_restricted in (True, False):
            self.owner.execute(
                "INSERT INTO address (person_id, source_record_id, line, postcode, is_restricted)"
                " VALUES (%s, %s, %s, '', %s)",
                [kid, source, word("wide" if is_restricted else "case"), is_restricted],
            )

    def _tell(self, child: Child) -> None:
        w, kid, word = self.w, child.id, lambda audience: f"canary{child.id}x{audience}"
        at = self.now - timedelta(hours=2)
        told = [
            w.say("handler", e.ReportedMissing(concern=word("case"), reporter_name=word("case")),
                  kid, at),
            w.say("handler", FlagRaised(type=Marker.CSE, basis=word("case")), kid, at, 1),
            w.say("inspector", e.RiskReviewed(
                rationale=word("case"),
                enquiries=({"target": word("police"), "why": word("police"), "who": "PC Y"},),
            ), kid, at, 5),
            w.say("sergeant", e.Returned(
                state=word("case"), found_place=word("police"), other_children=word("police"),
                found_with={"adult"}, found_with_names=word("police"),
                safe_address=word("protected"),
            ), kid, at, 60),
            w.say("inspector", e.PreventionInterviewHeld(
                held_by=word("case"), with_whom=word("police"), kept=word("police"),
            ), kid, at, 70),
        ]  # fmt: skip
        child.case = told[0].case_uid or ""
        child.entries = [t.entry_uid for t in told]
        self.owner.execute(
            "INSERT INTO report (uid, feed, agency_id, by_id, received_at, name, digest, body,"
            " state, sentence, entry_id) VALUES (%s, 'x', %s, %s, %s, '', '', %s, 'quarantined',"
            " %s, %s)",
            [uuid4(), w.agencies["police"], w.staff["handler"], self.now,
             word("report").encode(), word("report"), told[0].entry_id],
        )  # fmt: skip


# ── Who may be sent which canary, said in Python ────────────────────────────────────────


def may_hear(reader: Reader, child: Child, audience: str) -> bool:
    """Whether a word of this audience about this child may reach this reader."""
    if audience == "report":
        return reader.may("exchange.quarantine")
    is_wide = reader.kind in WIDE
    within_reach = is_wide or reader.agency in child.known_to
    let_in = not child.is_restricted or reader.may("child.open_restricted")
    if audience == "pointer":
        # Of a restricted record, the name is shown behind its door only.
        return within_reach and (let_in or not child.is_restricted)
    opens = within_reach and let_in and reader.may("child.open")
    if reader.id in child.conflicts or not opens:
        return False
    return {
        "case": True,
        "wide": is_wide,
        "police": reader.kind == "police",
        "protected": is_wide or reader.agency == child.protected_by,
    }[audience]


def requests(county: County, child: Child) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Everything that can be asked about one child by its ids: (method, address, body)."""
    here = f"/children/{child.uid}"
    yield "GET", here, {}
    yield "GET", f"{here}?as-at=2030-01-01", {}
    yield "GET", f"/cases/{child.case}", {}
    yield "GET", f"/cases/{child.case}/version", {}
    yield "GET", f"/find?q=canary{child.id}xpointer", {}
    yield "GET", f"/report?child={child.uid}", {}
    yield "POST", "/report/search", {"q": f"canary{child.id}xpointer"}
    yield "GET", f"/access-log?child={child.uid}&kind=looked&kind=opened&kind=recording", {}
    yield "GET", f"/cases/{child.case}/record/missing.grade_lowered", {}
    yield "GET", f"{here}/record/flag.ended", {}
    for entry in child.entries[2:4]:
        yield "GET", f"{here}/entries/{entry}/correct", {}
    yield "GET", f"{here}/entries/{child.entries[0]}/wrong?q=canary{child.id}xpointer", {}
    yield "POST", f"{here}/entries/{child.entries[0]}/agree", {}
    yield "GET", f"/api/v1/children/{child.uid}?purpose=missing", {}
    yield "GET", f"/api/v1/cases/{child.case}?purpose=checking", {}
    body = {"about": {"person": child.uid}, "entry": {"what": "Seen near the quay."}}
    yield "POST", "/api/v1/entries/missing.information_added", body
    fix = {"entry_uid": child.entries[3], "changes": {"found_place": "x"}, "reason": "x"}
    about = {"about": {"person": child.uid}, "entry": fix}
    yield "POST", "/api/v1/entries/journal.corrected", about


def lists(county: County) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Everything that shows several children at once."""
    for path in ("/my-work", "/missing", "/missing/version", "/find?q=kit", "/quarantine",
                 "/access-log", "/report/who", "/report?q=kit", "/api/v1/missing",
                 "/api/v1/clocks?most=1000", "/api/v1/kinds", "/report/done"):  # fmt: skip
        yield "GET", path, {}
    for report in county.reports:
        yield "GET", f"/quarantine/{report}", {}


def send(reader: Reader, method: str, path: str, body: dict[str, Any]) -> Any:
    """One request, as the reader's browser or program sends it."""
    if not path.startswith("/api/"):
        return reader.client.generic(
            method, path, "&".join(f"{k}={v}" for k, v in body.items()),
            content_type="application/x-www-form-urlencoded",
        )  # fmt: skip
    return Client(raise_request_exception=False).generic(
        method, path, json.dumps(body) if body else "", content_type="application/json",
        headers={"Authorization": f"Bearer {reader.token}"},
    )  # fmt: skip


@dataclass
class Heard:
    """What one run found: requests, failures, canaries that came rightly, and foreign ones."""

    asked: int
    failed: list[str]
    ours: set[tuple[int, int, str]]
    foreign: list[str]


def listen(county: County, *, only: tuple[str, ...] = ()) -> Heard:
    """Every reader asks for everything; what any answer holds is judged."""
    children = {child.id: child for child in county.children}
    heard = Heard(0, [], set(), [])
    for reader in county.readers:
        cache.clear()
        asking = [a for child in county.children for a in requests(county, child)]
        for method, path, body in (*asking, *lists(county)):
            if only and not path.startswith(only):
                continue
            response = send(reader, method, path, body)
            heard.asked += 1
            if response.status_code >= 500:
                heard.failed.append(f"{response.status_code} {method} {path} as {reader.role}")
            echoed = set(CANARY.findall(path + str(body)))
            sent = f"{response.content.decode()} {dict(response.headers)}"
            for number, audience in set(CANARY.findall(sent)) - echoed:
                child = children[int(number)]
                if may_hear(reader, child, audience.lower()):
                    heard.ours.add((reader.id, child.id, audience))
                else:
                    heard.foreign.append(f"{audience} of {child} to {reader.role}: {method} {path}")
    return heard


# ── Shown ───────────────────────────────────────────────────────────────────────────────


def test_a2_nobody_is_sent_a_foreign_word(world: None, owner: psycopg.Connection) -> None:
    county = County(owner, seed=2, children=3, readers=13)
    heard = listen(county)
    assert heard.foreign == []
    assert heard.failed == []
    assert heard.asked > 800
    # The detector hears: every audience reached somebody whom it is for.
    assert {audience for _, _, audience in heard.ours} == {
        "pointer", "case", "police", "protected", "wide", "report",
    }  # fmt: skip


@pytest.mark.long
def test_a2_nobody_is_sent_a_foreign_word_in_a_larger_county(
    world: None, owner: psycopg.Connection
) -> None:
    heard = listen(County(owner, seed=22, children=24, readers=40))
    assert heard.foreign == []
    assert heard.failed == []
    assert heard.asked > 20_000


@contextmanager
def doors_off(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The first wall gone: no page asks at the door any more."""
    from kittiwake.pages import case, child, corrections, recording

    for page in (case, child, corrections, recording):
        monkeypatch.setattr(page, "open_door", lambda *_: None)
    yield
    monkeypatch.undo()


def test_a2_the_second_wall_holds_without_the_first(
    world: None, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages that forget to ask at the door show no word: they have no lease."""
    county = County(owner, seed=3, children=2, readers=6)
    with doors_off(monkeypatch):
        heard = listen(county, only=("/children/", "/cases/"))
    assert heard.foreign == []
    assert not {audience for _, _, audience in heard.ours} & {"case", "police", "protected"}


def test_a2_negative_control_without_the_second_wall_words_are_heard(
    world: None, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    county = County(owner, seed=3, children=2, readers=8)
    words = ("detail", "protected", "entry", "about")
    with weakened(
        owner, *(f"ALTER POLICY reading ON {table} USING (person_id > 0)" for table in words)
    ):
        audiences = {line.split()[0] for line in listen(county, only=("/cases/",)).foreign}
        with doors_off(monkeypatch):
            both = {line.split()[0] for line in listen(county, only=("/cases/",)).foreign}
    assert "police" in audiences
    assert {"case", "police", "protected"} <= both
