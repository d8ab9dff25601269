"""Writing plans: a version published, approved, opened, reviewed or retired, with the entry."""

from typing import TYPE_CHECKING
from uuid import uuid4

from kittiwake.kernel.effects import ChangePlan, PublishPlan

if TYPE_CHECKING:
    from kittiwake.journal.applying import Pen


def publish(pen: "Pen", effect: PublishPlan) -> None:
    """The next version of a plan; it takes the place of the one in its state before."""
    known = pen.known
    _end(pen, effect.kind, effect.state)
    is_approved = effect.state == "approved"
    pen.cursor.execute(
        "INSERT INTO plan (uid, person_id, kind, version, state, entry_id, lines, author_id,"
        " written_at, approved_by_id, in_force_from, review_at, activations) "
        "SELECT %s, %s, %s, coalesce(max(version), 0) + 1, %s, %s, %s, %s, %s, NULL, %s, %s, 0 "
        "FROM plan WHERE person_id = %s AND kind = %s",
        [
            str(uuid4()), known.person_id, effect.kind, effect.state, pen.entry_id, effect.lines,
            known.actor.id, known.now, known.now if is_approved else None, effect.review_at,
            known.person_id, effect.kind,
        ],
    )  # fmt: skip


def change(pen: "Pen", effect: ChangePlan) -> None:
    """Approve, open, review or retire one version; of a stranger's plan, nothing."""
    plan = next((p for p in pen.known.plans if p.uid == effect.plan_uid), None)
    if plan is None:
        return
    if effect.what == "retired":
        _end(pen, plan.kind, plan.state, "retired")
    elif effect.what == "activated":
        pen.cursor.execute("UPDATE plan SET activations = activations + 1 WHERE id = %s", [plan.id])
    elif effect.what == "reviewed":
        pen.cursor.execute(
            "UPDATE plan SET review_at = %s WHERE id = %s", [effect.review_at, plan.id]
        )
    else:
        _end(pen, plan.kind, "approved")
        pen.cursor.execute(
            "UPDATE plan SET state = 'approved', approved_by_id = %s, in_force_from = %s,"
            " review_at = %s WHERE id = %s",
            [
                pen.known.actor.id, max(effect.from_at or pen.known.now, pen.known.now),
                effect.review_at, plan.id,
            ],
        )  # fmt: skip


def _end(pen: "Pen", kind: str, state: str, how: str = "superseded") -> None:
    pen.cursor.execute(
        "UPDATE plan SET state = %s, ended_at = %s, ended_by_id = %s "
        "WHERE person_id = %s AND kind = %s AND state = %s AND ended_at IS NULL",
        [how, pen.known.now, pen.entry_id, pen.known.person_id, kind, state],
    )
