"""Why a plan may not be retired or left unmade: the reason in words, or None. Pure."""

from typing import Any

from kittiwake.kernel.answers import given
from kittiwake.kernel.known import Known
from kittiwake.kernel.language import frequency_as_reason, not_a_reason, resource_as_reason

INSPECTOR = 3


def inspector_decides(entry: Any, known: Known) -> str | None:
    """Only an inspector or above retires a plan or leaves one unmade (rulebook 4.25)."""
    if known.actor.rank >= INSPECTOR and known.actor.agency_kind == "police":
        return None
    return "Only an inspector or above may decide this."


def there_is_one(entry: Any, known: Known) -> str | None:
    """Only a plan in force can be retired."""
    return None if known.plan("trigger") else "There is no trigger plan in force to retire."


def second_person(entry: Any, known: Known) -> str | None:
    """Whoever proposed to make no plan may not agree to it (rulebook 4.25)."""
    which = given(entry.which)
    proposed = [
        f
        for f in known.facts
        if f.kind == "planning.no_plan_proposed" and f.codes.get("which") == which
    ]
    if not proposed:
        return "Somebody else has to propose it first, with their reasons."
    if max(proposed, key=lambda f: f.order).by_id == known.actor.id:
        return "You proposed this yourself, so somebody else has to decide."
    return None


def harm_is_the_reason(entry: Any, known: Known) -> str | None:
    """How often a child is missing, or how busy we are, is no reason to go without a plan."""
    text = entry.narrative()
    if resource_as_reason(text):
        return "Being busy is not a reason to go without a plan: ask for more time instead."
    if frequency_as_reason(text):
        return "How often a child has been missing is why there has to be a plan."
    if found := not_a_reason(text):
        return f"“{found[0].text}” is not a reason: {found[0].better}"
    return None


def day_to_come(entry: Any, known: Known) -> str | None:
    """It is looked at again on a day that is still to come."""
    day = given(entry.again_on)
    if day is None or day > known.now.date():
        return None
    return "Enter a day that is still to come, on which this is looked at again."
