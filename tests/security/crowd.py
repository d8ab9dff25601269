"""A random crowd: agencies, staff in every condition, people with rows in every walled table.

Written by the owner, row by row, and remembered in plain values, so that a statement in Python of
who may read what can be compared with what the database shows. Every word is a canary.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from kittiwake.access.roles import ROLES
from tests.security.attack import HALF_AN_HOUR, Link, no_leases

KINDS = ("police", "home", "social_care", "school", "police", "health", "partner")
PARTS = ("call_handler", "home_carer", "mash_sergeant", "auditor", "information_clerk",
         "social_care_manager", "school_safeguarding_lead", "detective_inspector")  # fmt: skip
AUDIENCES = ("case", "agency", "police", "named")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass
class Reader:
    """A practitioner as the statement in Python knows them."""

    id: int
    agency: int
    kind: str
    is_active: bool
    capabilities: frozenset[str]
    has_token: bool
    leases: list[tuple[int, str, bool]] = field(default_factory=list)
    """(person, purpose, whether it was opened before now and has not ended)."""
    conflicts: set[int] = field(default_factory=set)


class Crowd:
    """The crowd: `staff`, `people` (ids), `rows` by table, and which agency works with whom."""

    def __init__(
        self, owner: Link, seed: int, *, agencies: int, per_agency: int, people: int
    ) -> None:
        self.owner = owner
        self.random = Random(seed)
        self.now: datetime = owner.execute("SELECT now()").fetchone()[0].astimezone(UTC)  # type: ignore[index]
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.known: dict[int, set[int]] = {}
        self.staff: list[Reader] = []
        self.people: list[int] = []
        self.number = 0
        with owner.transaction():
            self.agencies = [self._agency(KINDS[n % len(KINDS)]) for n in range(agencies)]
            for agency, kind in self.agencies:
                self.staff += [self._reader(agency, kind) for _ in range(per_agency)]
            self.people = [self._person() for _ in range(people)]
            for person in self.people:
                self._record_about(person)
            for reader in self.staff:
                self._traces_of(reader)

    def canary(self) -> str:
        """A word nobody else says."""
        self.number += 1
        return f"CANARY-{self.number:06}"

    def forget_leases(self) -> None:
        """Nobody has opened anything."""
        no_leases(self.owner)
        self.rows["lease"] = []
        for reader in self.staff:
            reader.leases.clear()

    def add(self, table: str, **row: Any) -> int:
        """One row; what the statement in Python looks at is remembered with its id."""
        values = [json.dumps(v) if isinstance(v, dict) else v for v in row.values()]
        marks = ", ".join(["%s"] * len(row))
        key = "person_id" if table == "pointer" else "id"
        found = self.owner.execute(
            f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks}) RETURNING {key}",  # type: ignore[arg-type]
            values,
        ).fetchone()
        id_: int = found[0]  # type: ignore[index]
        self.rows.setdefault(table, []).append({**row, "key": id_})
        return id_

    # ── Who acts ────────────────────────────────────────────────────────────────────────

    def _agency(self, kind: str) -> tuple[int, str]:
        id_ = self.add("agency", uid=uuid4(), kind=kind, name=f"Agency {kind}", phone="",
                       nation="ENG")  # fmt: skip
        self.known[id_] = set()
        return id_, kind

    def _reader(self, agency: int, kind: str) -> Reader:
        r = self.random
        is_active = r.random() > 0.1
        id_ = self.add("practitioner", uid=uuid4(), name="Ama Boateng", title="", rank=0,
                       agency_id=agency, phone="", email="", is_system=False,
                       is_active=is_active)  # fmt: skip
        held: set[str] = set()
        for part in r.sample(PARTS, r.randint(0, 2)):
            starts = r.choice((-DAY, -DAY, -DAY, DAY))
            ends = r.choice((None, None, DAY, -MINUTE))
            self.add("role_held", practitioner_id=id_, role=part, from_at=self.now + starts,
                     until=self.now + ends if ends else None)  # fmt: skip
            if starts < timedelta() and (ends is None or ends > timedelta()):
                held |= ROLES[part].capabilities
        token = r.choice((None, None, None, (DAY, None), (-DAY, None), (DAY, self.now)))
        if token:
            self.add("api_token", practitioner_id=id_, agency_id=agency, role=PARTS[0],
                     digest=uuid4().hex, name="", expires_at=self.now + token[0],
                     revoked_at=token[1])  # fmt: skip
        has_token = token is not None and token[0] > timedelta() and token[1] is None
        return Reader(id_, agency, kind, is_active, frozenset(held), has_token)

    # ── Who it is about ─────────────────────────────────────────────────────────────────

    def _person(self) -> int:
        r, uid = self.random, uuid4()
        is_restricted = r.random() < 0.2
        person = self.add("person", uid=uid, is_restricted=is_restricted)
        self.add("pointer", person_id=person, uid=uid, name="Kit Example", name_key="kit example",
                 lives_at=self.canary(), level="", markers="[]",
                 is_restricted=is_restricted)  # fmt: skip
        for agency, _ in r.sample(self.agencies, r.randint(0, 2)):
            until = r.choice((None, None, self.now + DAY, self.now - 2 * DAY))
            self.add("known_to", person_id=person, agency_id=agency, role="",
                     until_on=until.date() if until else None)  # fmt: skip
            if until is None or until > self.now:
                self.known[agency].add(person)
        return person

    def _record_about(self, person: int) -> None:
        r, at = self.random, self.now
        source = self.add("source_record", person_id=person, agency_id=r.choice(self.agencies)[0],
                          feed="feed", ref=f"ref-{person}", given=self.canary(), family="",
                          sex="", ethnicity="", received_at=at,
                          facts={"said": self.canary()})  # fmt: skip
        self.add("identifier", person_id=person, source_record_id=source, scheme="nhs",
                 value=self.canary(), is_valid=True)  # fmt: skip
        for is_restricted in (True, False):
            self.add("address", person_id=person, source_record_id=source, line=self.canary(),
                     postcode="", is_restricted=is_restricted)  # fmt: skip
        other = r.choice([p for p in self.people if p != person])
        self.add("relationship", person_id=person, other_id=other, kind="sibling", source="")
        self.add("possible_match", person_id=person, other_id=other, reasons="[]", found_at=at)
        self.add("known_as", person_id=person, given_id=1, family_id=2, born=0)
        self.add("link", person_id=person, other_id=person, linked_by=1, linked_at=at, moved="{}")
        owner = r.choice(self.staff).id
        case = self.add("case_file", uid=uuid4(), ref=f"M-{person}", pathway="missing",
                        person_id=person, stage="reported", is_active=True, owner_id=owner,
                        opened_at=at, is_history=False, mark="", changed_at=at)  # fmt: skip
        for _ in range(2):
            entry = self._entry(person, case, at)
        self._what_follows(person, case, entry, owner)

    def _entry(self, person: int, case: int, at: datetime) -> int:
        r, by = self.random, self.random.choice(self.staff)
        entry = self.add("entry", uid=uuid4(), kind="missing.information_added", version=1,
                         person_id=person, case_id=case, by_id=by.id, happened_at=at,
                         recorded_at=at, out_of_order=False, is_history=False,
                         rulebook="")  # fmt: skip
        self.add("about", entry_id=entry, person_id=person, role="child",
                 kind="missing.information_added", case_id=case, happened_at=at, recorded_at=at,
                 by_id=by.id, codes={"signs": ["self_harm"]})  # fmt: skip
        for audience in AUDIENCES:
            readers = r.sample([s.id for s in self.staff], min(3, len(self.staff)))
            needs = r.sample(self.people, 1) if r.random() < 0.2 else []
            self.add("detail", entry_id=entry, person_id=person, audience=audience,
                     agency_id=by.agency, readers=readers if audience == "named" else [],
                     needs=needs, answers={"what": self.canary()})  # fmt: skip
        self.add("protected", token=uuid4(), entry_id=entry, person_id=person, name="safe_address",
                 agency_id=by.agency, answer=json.dumps(self.canary()))  # fmt: skip
        return entry

    def _what_follows(self, person: int, case: int, entry: int, owner: int) -> None:
        at = self.now
        clock = self.add("clock", uid=uuid4(), rule="CLK-11", rulebook="", subject_kind="case",
                         subject_id=case, person_id=person, case_id=case, lap=0,
                         started_by_id=entry, started_at=at, owner_id=owner, last_rung=-1,
                         is_history=False)  # fmt: skip
        self.add("clock_pause", clock_id=clock, person_id=person, from_at=at, authority_id=owner,
                 entry_id=entry)  # fmt: skip
        self.add("escalation", clock_id=clock, person_id=person, rung=0, raised_at=at,
                 to_id=self.random.choice(self.staff).id, role="")  # fmt: skip
        self.add("action", uid=uuid4(), person_id=person, case_id=case, entry_id=entry, key="",
                 title=self.canary(), why=self.canary(), owner_id=owner, state="open",
                 audience=self.random.choice(("case", "police")))  # fmt: skip
        self.add("flag", uid=uuid4(), person_id=person, type="cse", basis=self.canary(),
                 raised_by_id=entry, raised_at=at)  # fmt: skip
        self.add("plan", uid=uuid4(), person_id=person, kind="trigger",
                 version=self.random.randrange(30000), state="superseded", entry_id=entry,
                 author_id=owner, written_at=at, ended_at=at, lines=0, activations=0)  # fmt: skip
        self._on_lists(person, entry, owner)
        self.add("assessment", person_id=person, entry_id=entry, judged_at=at, policy="",
                 policy_version="", level="low", reasons=json.dumps([self.canary()]),
                 not_known="[]", for_less="[]")  # fmt: skip
        self.add("start_correction", clock_id=clock, person_id=person, entry_id=entry,
                 proposed_start=at, proposed_by_id=owner)  # fmt: skip

    def _on_lists(self, person: int, entry: int, owner: int) -> None:
        at, agency = self.now, self.random.choice(self.agencies)[0]
        self.add("word_found", uid=uuid4(), entry_id=entry, entry_uid=uuid4(), person_id=person,
                 by_id=self.random.choice(self.staff).id, at=at, kind="missing.reviewed", row="1",
                 phrase="", severity="inform", because="", is_sampled=False,
                 verdict="")  # fmt: skip
        self.add("listed_marker", feed=f"list-{entry}", agency_id=agency, person_id=person,
                 type="cse", listed_at=at)  # fmt: skip
        self.add("marker_difference", uid=uuid4(), feed=f"list-{entry}", agency_id=agency,
                 person_id=person, type="cse", what="ours", owner_id=owner, found_at=at,
                 reason="")  # fmt: skip

    # ── Who looked ──────────────────────────────────────────────────────────────────────

    def _traces_of(self, reader: Reader) -> None:
        r, at, me = self.random, self.now, reader.id
        people = r.sample(self.people, len(self.people) * 2 // 3)
        for person in people:
            self._lease(reader, person)
        for person in r.sample(people, len(people) // 8 + 1):
            self.add("conflict", practitioner_id=me, person_id=person, declared_at=at, reason="")
            reader.conflicts.add(person)
        self.add("look", practitioner_id=me, at=at, what="board", people=people)
        self.add("refusal", practitioner_id=me, person_id=people[0], at=at, what="child.open",
                 reasons="[]")  # fmt: skip
        self.add("message", to_id=me, sentence="Something waits for you.", link="/my-work",
                 written_at=at)  # fmt: skip
        self.add("draft", uid=uuid4(), author_id=me, kind="missing.returned", saved_at=at,
                 raw={"state": [self.canary()]})  # fmt: skip
        report = self.add("report", uid=uuid4(), feed="api:x", agency_id=reader.agency, by_id=me,
                          received_at=at, name="", digest="", body=self.canary().encode(),
                          state="received", sentence="")  # fmt: skip
        self.add("incident", feed="log", number=f"{report}", happened_at=at, opened_as="",
                 closed_as="", is_missing=True, is_child=True, person_id=people[0],
                 report_id=report, settled_as="")  # fmt: skip

    def _lease(self, reader: Reader, person: int) -> None:
        r = self.random
        purpose = r.choice(("recording", "care of the child", "missing", "checking"))
        opened, lasts = r.choice(
            ((-MINUTE, HALF_AN_HOUR), (-10 * MINUTE, HALF_AN_HOUR), (-DAY, HALF_AN_HOUR),
             (-DAY, 2 * DAY), (DAY, DAY))
        )  # fmt: skip
        self.add("lease", practitioner_id=reader.id, person_id=person, purpose=purpose,
                 opened_at=self.now + opened, expires_at=self.now + opened + lasts)  # fmt: skip
        is_live = opened < timedelta() < opened + lasts
        reader.leases.append((person, purpose, is_live))
