"""Why a marker may not be ended: the reason in words, or None. Pure."""

from typing import Any

from kittiwake.kernel.answers import given
from kittiwake.kernel.known import Known
from kittiwake.kernel.language import frequency_as_reason, not_a_reason, resource_as_reason
from kittiwake.kernel.markers import rule_of

INSPECTOR = 3
MANAGERS = frozenset({"social_care_manager", "la_service_manager", "child_protection_chair"})


def which(entry: Any, known: Known) -> str | None:
    """Whoever ends a marker says which."""
    return None if given(entry.type) else "Say which marker has ended."


def in_force(entry: Any, known: Known) -> str | None:
    """Only a marker that stands can be ended."""
    marker = given(entry.type)
    if marker is None or str(marker) in known.flags:
        return None
    return "This marker does not stand on this record."


def its_to_end(entry: Any, known: Known) -> str | None:
    """An inspector, a manager, or the role that answers for the marker ends it (4.25)."""
    marker = given(entry.type)
    rule = rule_of(str(marker)) if marker else None
    owner = rule is not None and rule.owner in known.actor.roles
    if owner or known.actor.rank >= INSPECTOR or known.actor.roles & MANAGERS:
        return None
    return "Only an inspector, a social care manager or whoever answers for this marker may end it."


def what_changed_is_the_reason(entry: Any, known: Known) -> str | None:
    """How often, how busy and what is usual are no reasons to end a marker (trap 5, G11)."""
    text = entry.narrative()
    if resource_as_reason(text) or frequency_as_reason(text):
        return "Say what has changed for the child. How often, or how busy we are, is no reason."
    if found := not_a_reason(text):
        return f"“{found[0].text}” is not a reason: {found[0].better}"
    return None
