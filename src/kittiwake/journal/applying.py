"""Writing what a decision says: effects become rows, in the transaction of the entry."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.backends.utils import CursorWrapper

from kittiwake.agencies.rota import Rota
from kittiwake.journal import clock_rows, flag_rows, person_rows, plan_rows
from kittiwake.kernel.clocks import due_at
from kittiwake.kernel.effects import (
    GRADES,
    Acknowledge,
    AddAction,
    ChangePlan,
    Close,
    Effect,
    EndFlag,
    FallDue,
    KeepApart,
    Link,
    MarkCase,
    Move,
    Notify,
    OpenCase,
    Own,
    Pause,
    PublishPlan,
    RaiseFlag,
    Resume,
    Seal,
    SetGrade,
    SettleAction,
    Start,
    Stop,
    Unlink,
)
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.known import Known
from kittiwake.kernel.pathway import REGISTER, Pathway

_INSTEAD = {"social_worker": "emergency_duty_team"}
"""Who is told where a child has nobody of their own in a role."""


@dataclass
class Pen:
    """Applies effects for one entry; collects what can be written in one statement."""

    cursor: CursorWrapper
    known: Known
    entry: Entry
    entry_id: int
    happened_at: datetime
    rota: Rota
    case_id: int | None
    case_uid: str | None
    owner_id: int
    grade: str | None
    case_changes: dict[str, Any] = field(default_factory=dict)
    clocks: list[tuple[Any, ...]] = field(default_factory=list)
    actions: list[tuple[Any, ...]] = field(default_factory=list)
    messages: list[tuple[Any, ...]] = field(default_factory=list)
    stops: list[str] = field(default_factory=list)
    others: dict[str, int] = field(default_factory=dict)
    markers_changed: bool = False
    is_history: bool = False
    opening: Pathway | None = None
    """The pathway of a case this pen opened; else the case is that of its entry."""
    opened: dict[str, str] = field(default_factory=dict)
    """The cases the entry opened in other pathways: their uids by pathway."""

    @property
    def pathway(self) -> Pathway | None:
        """The pathway of the case that is written."""
        return self.opening or REGISTER.pathway_of(self.entry.kind)

    def apply(self, effects: Iterable[Effect]) -> None:
        """Apply effects in order: owner and grade first come first."""
        for effect in effects:
            self._DO[type(effect)](self, effect)

    def finish(self) -> None:
        """Write what was collected: case, clocks, actions, stops, messages."""
        clock_rows.write(self)
        self._write_actions()
        if self.stops:
            self.cursor.execute(
                "UPDATE clock SET stopped_at = greatest(started_at, %s), stopped_by_id = %s,"
                " paused_at = NULL "
                "WHERE person_id = %s AND stopped_at IS NULL AND rule = ANY (%s) "
                "AND started_by_id <> %s "
                "AND (subject_kind <> 'case' OR case_id IS NOT DISTINCT FROM %s)",
                [
                    self.happened_at,
                    self.entry_id,
                    self.known.person_id,
                    self.stops,
                    self.entry_id,
                    self.case_id,
                ],
            )
        self._write_messages()
        self._write_case()

    # ── Clocks ──────────────────────────────────────────────────────────────────────

    def _stop(self, effect: Stop) -> None:
        self.stops.append(effect.clock)

    # ── The case ────────────────────────────────────────────────────────────────────

    def open(self, group: UUID | None = None) -> None:
        """A new case, owned and graded before anything else is written (CLK-10)."""
        pathway = self.opening = self.pathway
        assert pathway is not None
        stage = self.case_changes.get("stage", pathway.stages[0].key)
        self.case_uid = str(uuid4())
        self.cursor.execute(
            "INSERT INTO case_file (id, uid, ref, pathway, person_id, group_uid, stage, is_active,"
            " grade, policy_grade, owner_id, opened_at, is_history, mark, changed_at) "
            "SELECT n, %s, %s || '-' || to_char(%s::timestamptz, 'YY') || '-'"
            " || lpad(n::text, greatest(5, length(n::text)), '0'),"
            " %s, %s, %s, %s, %s, %s, %s, %s, %s, false, '', %s "
            "FROM (SELECT nextval('case_file_id_seq') AS n) s RETURNING id",
            [
                self.case_uid, pathway.ref_letter, self.known.now, pathway.key,
                self.known.person_id, group, stage, pathway.stage(stage).active, self.grade,
                pathway.starting_grade, self.owner_id, self.happened_at, self.known.now,
            ],
        )  # fmt: skip
        self.case_id = self.cursor.fetchone()[0]

    def _open_case(self, effect: OpenCase) -> None:
        """A case of another pathway, written by a pen of its own in the same transaction."""
        self.cursor.execute(
            "SELECT owner_id, uid::text FROM case_file WHERE person_id = %s AND pathway = %s "
            "AND is_active AND closed_at IS NULL",
            [self.known.person_id, effect.pathway],
        )
        if row := self.cursor.fetchone():
            self._tell(row[0], f"New about this child: {self.entry.title.lower()}.", row[1])
            return
        pathway = REGISTER.pathways[effect.pathway]
        pen = Pen(
            self.cursor, replace(self.known, case=None), self.entry, self.entry_id,
            self.happened_at, self.rota, None, None, self.rota.who(pathway.owner_role),
            pathway.starting_grade, opening=pathway,
        )  # fmt: skip
        pen.open()
        pen.apply(effect.effects)
        pen.finish()
        self.opened[pathway.key] = pen.case_uid or ""

    def _move(self, effect: Move) -> None:
        pathway = self.pathway
        assert pathway is not None
        self.case_changes["stage"] = effect.stage
        self.case_changes["is_active"] = pathway.stage(effect.stage).active

    def _own(self, effect: Own) -> None:
        if effect.practitioner:
            self.cursor.execute(
                "SELECT id FROM practitioner WHERE uid::text = %s", [effect.practitioner]
            )
            row = self.cursor.fetchone()
            owner = row[0] if row else self.rota.who(effect.role)
        else:
            owner = self.rota.who(effect.role)
        self.owner_id = self.rota.in_place_of(owner)
        self.case_changes["owner_id"] = self.owner_id
        if self.case_id and not self.opening:
            self.cursor.execute(
                "UPDATE clock SET owner_id = %s WHERE case_id = %s AND stopped_at IS NULL "
                "AND owner_id = %s",
                [
                    self.owner_id,
                    self.case_id,
                    self.known.case.owner_id if self.known.case else None,
                ],
            )

    def _grade(self, effect: SetGrade) -> None:
        before, self.grade = self.grade, effect.grade
        self.case_changes["grade"] = effect.grade
        rises = before is None or GRADES.index(effect.grade) > GRADES.index(before)
        if not rises:
            return
        for clock in self.known.running():
            rule = self.known.rulebook.clock(clock.rule)
            if clock.subject_kind != "case" or clock.paused:
                continue
            calendar = self.known.rulebook.calendar_for(rule)
            due = due_at(rule, clock.started_at, effect.grade, calendar, lap=clock.lap)
            if due and clock.due_at and due < clock.due_at:
                self.cursor.execute(
                    "UPDATE clock SET due_at = %s, grade = %s WHERE id = %s",
                    [due, effect.grade, clock.id],
                )

    def _mark(self, effect: MarkCase) -> None:
        self.case_changes["mark"] = effect.words[:40]

    def _close(self, effect: Close) -> None:
        self.case_changes["closed_at"] = self.known.now
        self.case_changes["is_active"] = False

    def _write_case(self) -> None:
        if self.case_id is None or self.opening:
            return
        self.case_changes["changed_at"] = self.known.now
        columns = ", ".join(f"{name} = %s" for name in self.case_changes)
        self.cursor.execute(
            f"UPDATE case_file SET {columns} WHERE id = %s",
            [*self.case_changes.values(), self.case_id],
        )

    # ── Actions, markers, messages ──────────────────────────────────────────────────

    def _action(self, effect: AddAction) -> None:
        if effect.key and any(
            a.key == effect.key and a.case_id == self.case_id and a.state in ("open", "accepted")
            for a in self.known.actions
        ):
            return
        if effect.key and any(row[4] == effect.key for row in self.actions):
            return
        owner = self.owner_id if effect.role == "owner" else self.rota.who(effect.role)
        if effect.practitioner == self.known.actor.uid:
            owner = self.known.actor.id
        self.actions.append(
            (
                str(uuid4()),
                self.known.person_id,
                self.case_id,
                self.entry_id,
                effect.key,
                effect.title[:300],
                effect.why,
                owner,
                "open",
                effect.due_at or clock_rows.due_of(self, effect.clock),
                effect.audience,
            )
        )

    def _write_actions(self) -> None:
        if not self.actions:
            return
        row = "(" + ", ".join(["%s"] * 11) + ")"
        self.cursor.execute(
            "INSERT INTO action (uid, person_id, case_id, entry_id, key, title, why, owner_id,"
            " state, due_at, audience) VALUES " + ", ".join([row] * len(self.actions)),
            [value for action in self.actions for value in action],
        )

    def _settle(self, effect: SettleAction) -> None:
        action = next((a for a in self.known.actions if a.uid == effect.action_uid), None)
        if action is None or action.state not in ("open", "accepted"):
            return
        if effect.outcome == "accepted":
            self.cursor.execute(
                "UPDATE action SET state = 'accepted', accepted_at = %s, owner_id = %s "
                "WHERE uid = %s",
                [self.known.now, self.known.actor.id, effect.action_uid],
            )
        elif effect.outcome == "declined":
            fallback = self.rota.who("duty_inspector")
            owner = fallback if fallback != action.owner_id else self.rota.who("force_duty_officer")
            self.cursor.execute(
                "UPDATE action SET state = 'open', owner_id = %s WHERE uid = %s",
                [owner, effect.action_uid],
            )
            self._tell(owner, "An action was declined and is now yours.")
        else:
            self.cursor.execute(
                "UPDATE action SET state = %s, settled_at = %s, settled_by_id = %s WHERE uid = %s",
                [effect.outcome, self.known.now, self.entry_id, effect.action_uid],
            )

    def _sealed_before(self, effect: Seal) -> None:
        """Who reads a sealed entry is written with its answers, before any effect."""

    def _notify(self, effect: Notify) -> None:
        to = self._allocated() if effect.role == "social_worker" else None
        self._tell(to or self.rota.who(_INSTEAD.get(effect.role, effect.role)), effect.sentence)

    def _allocated(self) -> int | None:
        """The social worker who works with this child, or their deputy; never just any."""
        self.cursor.execute(
            "SELECT k.practitioner_id FROM known_to k JOIN agency a ON a.id = k.agency_id "
            "WHERE k.person_id = %s AND a.kind = 'social_care' AND k.practitioner_id IS NOT NULL "
            "AND (k.until_on IS NULL OR k.until_on >= %s) ORDER BY k.id DESC LIMIT 1",
            [self.known.person_id, self.known.now.date()],
        )
        row = self.cursor.fetchone()
        return self.rota.in_place_of(row[0]) if row else None

    def _tell(self, practitioner: int, sentence: str, case: str | None = None) -> None:
        uid = case or self.case_uid
        link = f"/cases/{uid}" if uid else "/my-work"
        row = (self.entry_id, practitioner, sentence, link, self.known.now)
        if row not in self.messages:
            self.messages.append(row)

    def _write_messages(self) -> None:
        if not self.messages:
            return
        self.cursor.execute(
            "INSERT INTO message (entry_id, to_id, sentence, link, written_at) VALUES "
            + ", ".join(["(%s, %s, %s, %s, %s)"] * len(self.messages)),
            [value for message in self.messages for value in message],
        )

    _DO: "dict[type[Any], Callable[[Pen, Any], None]]" = field(
        default_factory=lambda: Pen._table(), init=False, repr=False
    )

    @classmethod
    def _table(cls) -> "dict[type[Any], Callable[[Pen, Any], None]]":
        return {
            Start: clock_rows.start,
            Stop: cls._stop,
            FallDue: clock_rows.fall_due,
            Acknowledge: clock_rows.acknowledge,
            Pause: clock_rows.pause,
            Resume: clock_rows.resume,
            Move: cls._move,
            Own: cls._own,
            SetGrade: cls._grade,
            MarkCase: cls._mark,
            Close: cls._close,
            OpenCase: cls._open_case,
            AddAction: cls._action,
            SettleAction: cls._settle,
            RaiseFlag: flag_rows.raise_flag,
            EndFlag: flag_rows.end_flag,
            Notify: cls._notify,
            PublishPlan: plan_rows.publish,
            ChangePlan: plan_rows.change,
            Seal: cls._sealed_before,
            Link: person_rows.link,
            Unlink: person_rows.unlink,
            KeepApart: person_rows.keep_apart,
        }
