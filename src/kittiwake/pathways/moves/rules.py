"""What an area or an age obliges. Pure."""

from datetime import UTC, datetime, time
from typing import Any

from kittiwake.kernel.answers import given
from kittiwake.kernel.effects import AddAction, Effect, Notify
from kittiwake.kernel.known import Known


def both_told(entry: Any, known: Known) -> list[Effect]:
    """A child who lives in another area is known to both councils and to the police there."""
    wanted = (
        ("home_told", "home", "Tell the council that answers for this child where they live now"),
        ("host_told", "host", "Tell the council in whose area this child lives now"),
        ("police_told", "police", "Tell the police of the area in which this child lives now"),
    )
    return [
        AddAction(title, "The child lives out of area: both must know.", "social_care_manager",
                  key=f"out-of-area:{key}")
        for name, key, title in wanted
        if not given(getattr(entry, name))
    ]  # fmt: skip


def before_birth(entry: Any, known: Known) -> list[Effect]:
    """An unborn child is a child: the hub decides before the birth, and looks again at it."""
    day = given(entry.expected_on)
    due = datetime.combine(day, time(9), UTC) if day else None
    return [
        Notify("mash_sergeant", "An unborn child may need protecting."),
        AddAction(
            "Hold a strategy discussion about the unborn child, and agree the plan for the birth",
            "An unborn child is protected as a child is.",
            "social_care_manager",
            key="unborn",
        ),
        AddAction(
            "Find out whether the child is born, and open the child’s own record",
            "The expected day of birth.",
            "social_care_manager",
            due,
            key="born",
        ),
    ]
