"""Row A1: no address is forgotten; each answers as the reviewed table says, for everybody.

Figure: 0 mismatches for 100 % of addresses and methods, with 16 roles, and with all six relations
of four of them; every role in every relation in the long run. A new address without a row fails.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from kittiwake.access.capabilities import CAPABILITIES
from kittiwake.access.doors import declare_conflict
from kittiwake.access.roles import ROLES
from kittiwake.api.bodies import is_required
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.questions import ChoiceQuestion, DayQuestion, MomentQuestion, RowsQuestion
from tests.security.attack import REPORT, Link
from tests.security.people import browser, practitioner, program
from tests.security.routes import LOGIN, METHODS, NO_TOKEN, Route, missing_rows, stale_rows, table
from tests.worlds import World

SIXTEEN = (
    "call_handler", "response_sergeant", "duty_inspector", "detective_inspector", "mash_sergeant",
    "crime_registrar", "data_protection_officer", "auditor", "information_clerk", "social_worker",
    "social_care_manager", "mash_health_practitioner", "school_safeguarding_lead", "home_carer",
    "partner_feed", "safeguarding_partner",
)  # fmt: skip
RELATIONS = ("own", "knows", "unknown", "restricted", "conflict", "signed out")
WIDE = ("police", "social_care")


@dataclass
class Reader:
    """Somebody with one role, at a browser and with a program."""

    role: str
    user: User
    client: Client
    token: str
    children: dict[str, dict[str, str]] = field(default_factory=dict)
    """By relation: the uids that stand in paths, `uid` of the case or child among them."""

    def may(self, capability: str) -> bool:
        return capability in ROLES[self.role].capabilities

    @property
    def is_wide(self) -> bool:
        return ROLES[self.role].agency_kind in WIDE


class Company:
    """One practitioner for each role, and for each of them a child in every relation."""

    def __init__(self, owner: Link, roles: Iterable[str]) -> None:
        self.w = World(owner)
        self.owner = owner
        self.agencies = dict(self.w.agencies)
        for kind in sorted({ROLES[r].agency_kind for r in roles} - set(self.agencies)):
            self.agencies[kind] = self._one(
                "INSERT INTO agency (uid, kind, name, phone, nation)"
                " VALUES (%s, %s, %s, '', 'ENG') RETURNING id",
                uuid4(), kind, kind,
            )  # fmt: skip
        self.now = datetime.now(UTC)
        self.shared = {r: self._child(r) for r in RELATIONS[1:5]}
        self.report = str(
            self.owner.execute(
                "INSERT INTO report (uid, feed, agency_id, by_id, received_at, name, digest, body,"
                " state, sentence) VALUES (%s, 'x', %s, %s, now(), '', '', 'x', 'quarantined', '')"
                " RETURNING uid",
                [uuid4(), self.w.agencies["police"], self.w.staff["handler"]],
            ).fetchone()[0]  # type: ignore[index]
        )
        one, two = (int(self.shared[r]["person"]) for r in ("knows", "unknown"))
        self.match = str(
            self._one(
                "INSERT INTO possible_match (person_id, other_id, found_at, reasons)"
                " VALUES (%s, %s, now(), '[]') RETURNING uid", two, one,
            )
        )  # fmt: skip
        for uids in self.shared.values():
            uids["match"] = self.match
        self.readers = [self._reader(role) for role in roles]

    def _one(self, sql: str, *values: Any) -> Any:
        return self.owner.execute(sql, list(values)).fetchone()[0]  # type: ignore[index,arg-type]

    def _child(self, relation: str) -> dict[str, str]:
        person = self.w.child(f"Child {relation}")
        told = self.w.say("handler", REPORT, person, self.now - timedelta(hours=1))
        self.owner.execute("DELETE FROM known_to WHERE person_id = %s", [person])
        if relation != "unknown":
            for agency in self.agencies.values():
                self.owner.execute(
                    "INSERT INTO known_to (person_id, agency_id, role) VALUES (%s, %s, '')",
                    [person, agency],
                )
        if relation == "restricted":
            for table_, key in (("person", "id"), ("pointer", "person_id")):
                self.owner.execute(
                    f"UPDATE {table_} SET is_restricted = true WHERE {key} = %s", [person]
                )
        uid = str(self._one("SELECT uid FROM person WHERE id = %s", person))
        return {
            "person": str(person), "child": uid, "case": told.case_uid or "",
            "entry": told.entry_uid,
        }  # fmt: skip

    def _reader(self, role: str) -> Reader:
        kind = ROLES[role].agency_kind
        me = practitioner(self.owner, self.agencies[kind], role)
        user, client = browser(self.owner, me, role)
        token = program(self.owner, me, role)
        reader = Reader(role, user, client, token, dict(self.shared))
        reader.children["own"] = self._child("own") | {"match": self.match}
        self.owner.execute(
            "UPDATE case_file SET owner_id = %s WHERE uid = %s",
            [me, reader.children["own"]["case"]],
        )
        from kittiwake.access.actors import actor

        declare_conflict(actor(me), self.now, int(self.shared["conflict"]["person"]), "Mine.")
        reader.children["signed out"] = self.shared["knows"]
        return reader


# ── What is asked, and what the table says of it ────────────────────────────────────────


def asked(route: Route, uids: dict[str, str], report: str) -> str:
    """The address with its uids in place."""
    about = uids["case"] if "cases/" in route.path else uids["child"]
    if "quarantine/" in route.path:
        about = report
    if "matches/" in route.path:
        about = uids["match"]
    values = {"uid": about, "child": uids["child"], "entry": uids["entry"], **route.fill}
    path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda m: values[m[1]], route.ask or route.path)
    return f"{path}?{route.query}" if route.query else path


def body(route: Route, uids: dict[str, str]) -> dict[str, Any]:
    """The least a program has to send for an entry of this kind."""
    cls = REGISTER.kinds[route.kind]
    entry: dict[str, Any] = {}
    for question in cls.questions():
        if not is_required(cls, question):
            continue
        if isinstance(question.type, ChoiceQuestion):
            entry[question.name] = next(iter(question.type.options)).value
        elif isinstance(question.type, MomentQuestion | DayQuestion):
            now = datetime.now(UTC)
            is_day = isinstance(question.type, DayQuestion)
            entry[question.name] = (now.date() if is_day else now).isoformat()
        elif isinstance(question.type, RowsQuestion):
            entry[question.name] = []
        elif question.type.template == "number":
            entry[question.name] = 1
        elif question.name in ("entry_uid", "right_person", "clock_uids", "clock_uid",
                               "action_uid"):  # fmt: skip
            entry[question.name] = uids["entry" if question.name == "entry_uid" else "child"]
        else:
            entry[question.name] = "Said on the phone."
    return {"about": {"person": uids["child"]}, "entry": entry}


def expected(route: Route, reader: Reader, relation: str, method: str) -> set[int]:
    """The statuses the table allows: those of every reason to refuse, or of being let in."""
    if method not in route.methods:
        return set(route.otherwise)
    if relation == "signed out":
        return set(route.anyone) or {NO_TOKEN if route.is_api else LOGIN}
    refusals = {403 for capability in route.needs if not reader.may(capability)}
    if route.about and relation == "unknown" and not reader.is_wide:
        refusals.add(404)
    is_shut = relation == "conflict" or (
        relation == "restricted" and not reader.may("child.open_restricted")
    )
    if route.door and is_shut:
        refusals.add(404 if route.is_api else 403)
        if route.path.startswith("our-children/"):
            refusals.add(404)  # a home's own list does not say that a restricted child is on it
    return refusals or set(route.answers)


def ask(route: Route, reader: Reader, relation: str, method: str, report: str) -> Any:
    """Ask as the reader would: a browser with its session, a program with its token."""
    uids = reader.children[relation]
    path = asked(route, uids, report)
    if not route.is_api:
        nobody = Client(raise_request_exception=False)
        client = nobody if relation == "signed out" else reader.client
        response = client.generic(method, path)
        if "logout" in path:
            reader.client.force_login(reader.user)
        return response
    headers = {} if relation == "signed out" else {"Authorization": f"Bearer {reader.token}"}
    sent = json.dumps(body(route, uids)) if route.kind and method == "POST" else ""
    return Client(raise_request_exception=False).generic(
        method, path, sent, content_type="application/json", headers=headers
    )


def is_login(response: Any) -> bool:
    return response.status_code == LOGIN and response.headers["Location"].startswith(
        "/accounts/login/"
    )


def mismatches(company: Company, asking: Iterable[tuple[Route, Reader, str, str]]) -> list[str]:
    """Every answer that is not the table's, in a line."""
    wrong = []
    for number, (route, reader, relation, method) in enumerate(asking):
        if number % 500 == 0:
            cache.clear()  # nobody is slowed down here for asking often
        response = ask(route, reader, relation, method, company.report)
        wanted = expected(route, reader, relation, method)
        told_to_sign_in = not route.is_api and is_login(response)
        if response.status_code not in wanted or told_to_sign_in != (
            relation == "signed out" and LOGIN in wanted and not route.anyone
        ):
            wrong.append(
                f"{method} {route.path} {route.fill or ''} as {reader.role}, {relation}: "
                f"{response.status_code}, the table says {sorted(wanted)}"
            )
    return wrong


def everything(company: Company) -> Iterator[tuple[Route, Reader, str, str]]:
    """Every address, role, relation and method it takes; other methods by one role and nobody."""
    for route in table():
        yield from itertools.product([route], company.readers, RELATIONS, route.methods)
        others = [m for m in METHODS if m not in route.methods]
        yield from itertools.product([route], company.readers[:1], ("knows", "signed out"), others)


FOUR = ("duty_inspector", "mash_sergeant", "home_carer", "crime_registrar")
"""All relations are tried for these: one who sees most, all, little, and none of a child."""


def enough(company: Company) -> Iterator[tuple[Route, Reader, str, str]]:
    """Of everything: each role where it knows the child, and the four in every relation.

    All kinds of entry take one road in the API: each is tried with every third role, and every
    fifth relation.
    """
    for number, (route, reader, relation, method) in enumerate(everything(company)):
        is_one_of_four = reader.role in FOUR
        if method not in route.methods:
            is_asked = True
        elif relation == "signed out":
            is_asked = reader.role == FOUR[0]
        elif route.kind:
            is_asked = number % 3 == 0 if relation == "knows" else is_one_of_four and not number % 5
        elif relation == "knows":
            is_asked = bool(route.needs) or is_one_of_four
        else:
            is_asked = route.about and is_one_of_four
        if is_asked:
            yield route, reader, relation, method


# ── Shown ───────────────────────────────────────────────────────────────────────────────


def test_a1_every_address_has_a_row_and_every_row_an_address(server: object) -> None:
    assert missing_rows() == []
    assert stale_rows() == []


def test_a1_the_table_speaks_of_capabilities_that_exist(server: object) -> None:
    named = {capability for route in table() for capability in route.needs}
    assert named <= set(CAPABILITIES)
    assert len(SIXTEEN) == 16
    assert {ROLES[role].agency_kind for role in SIXTEEN} == {
        role.agency_kind for role in ROLES.values()
    } - {"system"}


def test_a1_negative_control_a_new_address_is_noticed(
    server: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.urls import clear_url_caches, path

    from kittiwake.config import urls

    added = [*urls.urlpatterns, path("forgotten", lambda request: None)]
    monkeypatch.setattr(urls, "urlpatterns", added)
    clear_url_caches()
    try:
        assert missing_rows() == ["forgotten"]
    finally:
        monkeypatch.undo()
        clear_url_caches()


def test_a1_every_address_answers_as_the_table_says(world: None, owner: psycopg.Connection) -> None:
    company = Company(owner, SIXTEEN)
    asking = list(enough(company))
    wrong = mismatches(company, asking)
    assert wrong == []
    seen = Counter(route.path for route, *_ in asking)
    assert len(seen) == len({route.path for route in table()})
    assert len(asking) > 1_200


@pytest.mark.long
def test_a1_every_address_answers_as_the_table_says_to_every_role(
    world: None, owner: psycopg.Connection
) -> None:
    company = Company(owner, ROLES)
    assert mismatches(company, everything(company)) == []


def test_a1_negative_control_an_open_address_is_noticed(
    world: None, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Doors that let everybody in: what should be shut is seen to be open."""
    from kittiwake.pages import case

    company = Company(owner, ["home_carer", "duty_inspector"])
    rows = [r for r in table() if r.path == "cases/<uuid:uid>"]
    asking = list(itertools.product(rows, company.readers, RELATIONS, ["GET"]))
    assert mismatches(company, asking) == []
    monkeypatch.setattr(case, "open_door", lambda *_: None)
    assert len(mismatches(company, asking)) == 4
