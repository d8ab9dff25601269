"""Whole lives at once: what record() would have written over years, told in memory.

For the invented county. `Life.record()` takes the steps of `record()` for one child, with the
same decider, the same pen and the same judge, and `Life.sweep()` those of the sweeper; a test
tells one story both ways and compares the rows. Three things differ, and lose nothing that is
still true: nobody is sent anything (engine rule 7), those linked are not judged by a job, and a
kind the policy does not count is not judged again.
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from kittiwake.access.doors import NotPermitted
from kittiwake.access.roles import may
from kittiwake.journal.applying import Pen
from kittiwake.journal.assessing import reasons_of
from kittiwake.journal.entries import ClockBreached
from kittiwake.journal.past import ACTION, CLOCK, Past, Row
from kittiwake.journal.record import OPENING, NotYet, coded, with_more
from kittiwake.kernel.clocks import due_at, next_rung
from kittiwake.kernel.deciding import decide
from kittiwake.kernel.effects import (
    GRADES,
    AddAction,
    Close,
    Effect,
    EndFlag,
    Move,
    Notify,
    Own,
    RaiseFlag,
    SetGrade,
    SettleAction,
    Start,
    Stop,
)
from kittiwake.kernel.entry import Entry, Nature, happened
from kittiwake.kernel.facts import Fact
from kittiwake.kernel.known import ActionNow, Actor, CaseNow, ClockNow, Known
from kittiwake.kernel.markers import rule_of
from kittiwake.kernel.pathway import REGISTER
from kittiwake.risk.facts import Child

_NO_CURSOR = cast(CursorWrapper, None)


@dataclass
class Life:
    """One child's past while it is being told, entry by entry in order of time.

    `running` are the clocks that run, `open` the actions not settled, `counted` the facts that
    the policy looks at; what has ended is kept as rows.
    """

    past: Past
    person: int
    born_on: date | None
    level: str = ""
    facts: list[Fact] = field(default_factory=list)
    counted: list[Fact] = field(default_factory=list)
    cases: dict[int, Row] = field(default_factory=dict)
    running: list[Row] = field(default_factory=list)
    open: dict[str, Row] = field(default_factory=dict)
    settled: list[ActionNow] = field(default_factory=list)
    flags: list[Row] = field(default_factory=list)

    def record(
        self,
        entry: Entry,
        *,
        by: Actor,
        at: datetime,
        case: str | None = None,
        group: UUID | None = None,
    ) -> str | None:
        """Tell one entry with everything it causes; the uid of its case.

        Raises NotPermitted, NotYet and Refused as `record()` does, and ValueError for what is
        never told in bulk: a protected answer, or an effect that needs somebody waiting for it.
        """
        when = happened(entry, at)
        if when > at:
            raise NotYet("This time has not come yet. Check the day and the time.")
        if not may(by.roles, entry.may):
            raise NotPermitted(entry.may)
        self.sweep(at)
        known = self._known(entry, by, at, None if entry.opens else case)
        if entry.nature in (Nature.LOWERING, Nature.CLOSING):
            known = with_more(entry, known)
        decision = decide(entry, known, REGISTER)
        rota = self.past.rota(at)
        now = known.case
        pen = _LifePen(
            self, _NO_CURSOR, known, entry, next(self.past.entries), when, rota,
            now.id if now else None, now.uid if now else None,
            now.owner_id if now else rota.who("duty_inspector"), now.grade if now else None,
        )  # fmt: skip
        effects = decision.effects
        if entry.opens:
            effects = self._open(pen, effects, group)
        codes = coded(entry, decision)
        self._append(pen, entry, codes, decision.out_of_order)
        pen.apply(effects)
        self._judge(pen, codes)
        pen.finish()
        return pen.case_uid

    def sweep(self, now: datetime) -> None:
        """Raise what fell due up to `now`, and note each breach, as the sweeper would have."""
        early = self.past.early
        late = [c for c in self.running
                if c["due_at"] and (c["due_at"] <= now or c["rule"] in early)]  # fmt: skip
        for clock in sorted(late, key=lambda c: (c["due_at"], c["id"])):
            rule = self.past.book.clock(clock["rule"])
            due = clock["due_at"]
            rungs = next_rung(rule, clock["started_at"], due, clock["last_rung"], now)
            raised_to = []
            for rung in rungs:
                owner = clock["owner_id"]
                to = owner if rung.to == "owner" else self.past.rota(rung.due_at).who(rung.to)
                raised_to.append(self.past.names[to])
                self.past.write("escalation", {
                    "clock_id": clock["id"], "person_id": self.person, "rung": rung.index,
                    "raised_at": rung.due_at, "to_id": to, "role": rung.to,
                })  # fmt: skip
                clock |= {"last_rung": rung.index, "last_rung_at": rung.due_at}
            if rungs and now >= due and clock["breached_at"] is None:
                clock["breached_at"] = due
                self._breach(clock, rule.name, due, raised_to)

    def finish(self, now: datetime) -> None:
        """Sweep up to now and keep the rows of everything that has a state."""
        self.sweep(now)
        for table, rows in (
            ("case_file", self.cases.values()),
            ("clock", self.running),
            ("action", self.open.values()),
            ("flag", self.flags),
        ):
            for row in rows:
                self.past.write(table, row)

    @property
    def markers(self) -> list[str]:
        """The markers in force."""
        return sorted(f["type"] for f in self.flags if f["ended_at"] is None)

    # ── The steps of record() ───────────────────────────────────────────────────────────

    def _known(self, entry: Entry, by: Actor, at: datetime, case: str | None) -> Known:
        pathway = REGISTER.pathway_of(entry.kind)
        return Known(
            now=at,
            rulebook=self.past.book,
            actor=by,
            person_id=self.person,
            born_on=self.born_on,
            case=self._case(pathway.key if pathway else None, case),
            facts=tuple(self.facts),
            clocks=tuple(
                ClockNow(c["id"], c["uid"], c["rule"], c["subject_kind"], c["subject_id"],
                         c["case_id"], c["started_at"], c["due_at"], True, False, c["grade"],
                         c["lap"])
                for c in self.running
            ),
            flags=frozenset(self.markers),
            actions=(*self.settled, *map(_action_now, self.open.values())),
        )  # fmt: skip

    def _case(self, pathway: str | None, uid: str | None) -> CaseNow | None:
        fitting = [
            c
            for c in self.cases.values()
            if (c["uid"] == uid if uid else c["pathway"] == pathway and not c["closed_at"])
        ]
        fitting.sort(key=lambda c: (c["is_active"], c["opened_at"]))
        if not fitting:
            return None
        c = fitting[-1]
        return CaseNow(c["id"], c["uid"], c["ref"], c["pathway"], c["stage"], c["grade"],
                       c["owner_id"], c["opened_at"], c["is_active"],
                       c["closed_at"] is not None)  # fmt: skip

    def _open(
        self, pen: "_LifePen", effects: tuple[Effect, ...], group: UUID | None
    ) -> tuple[Effect, ...]:
        pathway = REGISTER.pathway_of(pen.entry.kind)
        assert pathway is not None
        pen.apply(e for e in effects if isinstance(e, OPENING))
        pen.case_id, pen.case_uid = next(self.past.cases), self.past.uid()
        now = pen.known.now
        self.cases[pen.case_id] = {
            "id": pen.case_id, "uid": pen.case_uid,
            "ref": f"{pathway.ref_letter}-{now:%y}-{pen.case_id:05}", "pathway": pathway.key,
            "person_id": self.person, "group_uid": group,
            "stage": pen.case_changes.get("stage", pathway.stages[0].key), "is_active": True,
            "grade": pen.grade, "policy_grade": pathway.starting_grade, "owner_id": pen.owner_id,
            "opened_at": pen.happened_at, "closed_at": None, "is_history": False, "mark": "",
            "changed_at": now,
        }  # fmt: skip
        return tuple(e for e in effects if not isinstance(e, OPENING))

    def _append(
        self, pen: "_LifePen", entry: Entry, codes: dict[str, Any], out_of_order: bool
    ) -> None:
        known = pen.known
        self._write_entry(
            pen.entry_id, entry, known.actor, pen.happened_at, known.now, pen.case_id, codes,
            out_of_order,
        )  # fmt: skip
        fact = Fact(pen.entry_id, entry.kind, pen.happened_at, known.now, "child", pen.case_id,
                    codes, known.actor.id)  # fmt: skip
        self.facts.append(fact)
        if entry.kind in self.past.counted:
            self.counted.append(fact)

    def _write_entry(
        self,
        number: int,
        entry: Entry,
        by: Actor,
        happened_at: datetime,
        recorded_at: datetime,
        case: int | None,
        codes: dict[str, Any],
        out_of_order: bool,
    ) -> None:
        common = {"person_id": self.person, "kind": entry.kind, "case_id": case, "by_id": by.id,
                  "happened_at": happened_at, "recorded_at": recorded_at}  # fmt: skip
        self.past.write("entry", common | {
            "id": number, "uid": self.past.uid(), "version": entry.version,
            "out_of_order": out_of_order, "is_history": False, "rulebook": self.past.book.version,
        })  # fmt: skip
        self.past.write(
            "about", common | {"entry_id": number, "role": "child", "codes": json.dumps(codes)}
        )
        parts = entry.by_audience()
        if "protected" in parts:
            raise ValueError(f"{entry.kind} holds a protected answer, which is not told in bulk")
        parts.setdefault("case", {})
        for audience, answers in parts.items():
            self.past.write("detail", {
                "entry_id": number, "person_id": self.person, "audience": audience,
                "agency_id": by.agency_id, "readers": "{}", "needs": "{}",
                "answers": json.dumps(answers),
            })  # fmt: skip

    def _judge(self, pen: "_LifePen", codes: dict[str, Any]) -> None:
        if pen.entry.kind not in self.past.counted:
            return
        said = self.past.policy.judge(self.counted, Child(pen.known.age()), pen.known.now)
        self.level = said.level.word
        self.past.write("assessment", {
            "person_id": self.person, "entry_id": pen.entry_id, "judged_at": pen.known.now,
            "policy": said.policy_id, "policy_version": said.policy_version, "level": self.level,
            "reasons": json.dumps(reasons_of(said)), "not_known": json.dumps(list(said.not_known)),
            "for_less": json.dumps(list(said.for_less())),
        })  # fmt: skip
        for triggered in said.triggers:
            follow = REGISTER.triggers.get(triggered.effect)
            if follow and pen.entry_id in triggered.reason.entries:
                pen.apply(follow(pen.entry, pen.known))

    def _breach(self, clock: Row, name: str, due: datetime, raised_to: list[str]) -> None:
        rule = clock["rule"]
        told = ", ".join(dict.fromkeys(raised_to))
        entry = ClockBreached(rule=rule, clock=f"{rule} {name}", raised_to=told)
        number, system = next(self.past.entries), self.past.system
        codes = {"rule": rule}
        self._write_entry(number, entry, system, due, due, clock["case_id"], codes, False)
        self.facts.append(
            Fact(number, entry.kind, due, due, "child", clock["case_id"], codes, system.id)
        )


def _action_now(a: Row) -> ActionNow:
    return ActionNow(a["uid"], a["key"], a["owner_id"], a["state"], a["case_id"])


class _LifePen(Pen):
    """The pen of `record()`, writing into a life instead of a database."""

    def __init__(self, life: Life, *more: Any) -> None:
        super().__init__(*more)
        self.life = life
        self._DO = self._table()

    def finish(self) -> None:
        """Keep what was collected: clocks, actions, stops, the case. Nobody is told."""
        life, known = self.life, self.known
        for row in self.clocks:
            clock = dict(zip(CLOCK.split(), row, strict=True))
            life.running.append(clock | {
                "id": next(life.past.clocks), "uid": life.past.uid(), "breached_at": None,
                "last_rung": -1, "last_rung_at": None, "is_history": False,
            })  # fmt: skip
        for row in self.actions:
            action = dict(zip(ACTION.split(), row, strict=True))
            action |= {"uid": life.past.uid(), "settled_at": None, "settled_by_id": None}
            life.open[action["uid"]] = action
        for clock in life.running:
            if clock["stopped_at"] is None and self._stops(clock):
                stopped = max(clock["started_at"], self.happened_at)
                clock |= {"stopped_at": stopped, "stopped_by_id": self.entry_id}
            if clock["stopped_at"]:
                life.past.write("clock", clock)
        life.running = [clock for clock in life.running if not clock["stopped_at"]]
        if self.case_id is not None and not self.entry.opens:
            life.cases[self.case_id] |= self.case_changes | {"changed_at": known.now}

    def _stops(self, clock: Row) -> bool:
        return (
            clock["rule"] in self.stops
            and clock["started_by_id"] != self.entry_id
            and (clock["subject_kind"] != "case" or clock["case_id"] == self.case_id)
        )

    def _own(self, effect: Own) -> None:
        if effect.practitioner:
            raise ValueError("a case is not given to somebody by name in bulk")
        self.owner_id = self.case_changes["owner_id"] = self.rota.who(effect.role)
        if self.case_id and not self.entry.opens and self.known.case:
            for clock in self.life.running:
                mine = clock["case_id"] == self.case_id
                if mine and clock["owner_id"] == self.known.case.owner_id:
                    clock["owner_id"] = self.owner_id

    def _grade(self, effect: SetGrade) -> None:
        before, self.grade = self.grade, effect.grade
        self.case_changes["grade"] = effect.grade
        if before is not None and GRADES.index(effect.grade) <= GRADES.index(before):
            return
        book = self.known.rulebook
        running = {c.id for c in self.known.running() if c.subject_kind == "case"}
        for clock in (c for c in self.life.running if c["id"] in running):
            rule = book.clock(clock["rule"])
            due = due_at(rule, clock["started_at"], effect.grade, book.calendar_for(rule),
                         lap=clock["lap"])  # fmt: skip
            if due and clock["due_at"] and due < clock["due_at"]:
                clock |= {"due_at": due, "grade": effect.grade}

    def _settle(self, effect: SettleAction) -> None:
        action = self.life.open.get(effect.action_uid)
        if action is None:
            return
        if effect.outcome not in ("done", "not possible"):
            raise ValueError("an action is accepted or declined by somebody who is there")
        action |= {"state": effect.outcome, "settled_at": self.known.now,
                   "settled_by_id": self.entry_id}  # fmt: skip
        del self.life.open[effect.action_uid]
        self.life.settled.append(_action_now(action))
        self.life.past.write("action", action)

    def _raise_flag(self, effect: RaiseFlag) -> None:
        if effect.type in self.life.markers:
            return
        rule = rule_of(effect.type)
        self.life.flags.append({
            "uid": self.life.past.uid(), "person_id": self.known.person_id, "type": effect.type,
            "role": "child", "basis": effect.basis[:300], "source": effect.source,
            "owner_id": self.rota.who(rule.owner) if rule else None,
            "raised_by_id": self.entry_id, "raised_at": self.known.now, "review_at": None,
            "ended_by_id": None, "ended_at": None,
        })  # fmt: skip

    def _end_flag(self, effect: EndFlag) -> None:
        for flag in self.life.flags:
            if flag["type"] == effect.type and flag["ended_at"] is None:
                flag |= {"ended_at": self.known.now, "ended_by_id": self.entry_id}

    def _notify(self, effect: Notify) -> None:
        """Nobody: what is past is not news (engine rule 7)."""

    @classmethod
    def _table(cls) -> Any:
        told = (Start, Stop, Move, Own, SetGrade, Close, AddAction, SettleAction, RaiseFlag,
                EndFlag, Notify)  # fmt: skip
        ours = super()._table() | {RaiseFlag: cls._raise_flag, EndFlag: cls._end_flag}
        return {effect: how for effect, how in ours.items() if effect in told}
