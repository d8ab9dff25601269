"""What raising, reviewing or ending a marker brings about. Pure."""

from typing import Any

from kittiwake.kernel.answers import given
from kittiwake.kernel.effects import AddAction, Effect, EndFlag, RaiseFlag
from kittiwake.kernel.known import Known
from kittiwake.kernel.markers import rule_of


def raised(entry: Any, known: Known) -> list[Effect]:
    """The marker stands, on both people it concerns (G6)."""
    marker = given(entry.type)
    if not marker:
        ask_which = "Say which marker was meant: somebody raised one and did not name it"
        return [AddAction(ask_which, "Raising is never refused.", "owner", key="which-marker")]
    basis, source = str(entry.basis or ""), given(entry.source)
    effects: list[Effect] = [
        RaiseFlag(
            marker.value,
            basis,
            source.value if source else "",
            given(entry.since),
            given(entry.until),
            entry.others().get("other"),
        )
    ]
    return effects + _other_side(marker.value, known)


def _other_side(marker: str, known: Known) -> list[Effect]:
    """A marker with two parties and only one of them known here is chased."""
    rule = rule_of(marker)
    if rule is None or not rule.two_sided or known.extra.get("others"):
        return []
    return [
        AddAction(
            f"Say whom the marker “{rule.name}” is about, and put it on their record too",
            "It concerns two people and stands on one: the next officer who meets the other "
            "would not know.",
            rule.owner,
            key=f"other-side:{marker}",
        )
    ]


def reviewed(entry: Any, known: Known) -> list[Effect]:
    """A marker that still holds is looked at again after its interval."""
    marker = given(entry.type)
    if not marker:
        return []
    return [RaiseFlag(marker.value, str(entry.why or ""), until=given(entry.until), looked_at=True)]


def ended(entry: Any, known: Known) -> list[Effect]:
    """The marker ends on everybody it stands on."""
    return [EndFlag(entry.type.value, entry.others().get("other"))]
