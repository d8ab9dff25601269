"""Markers: what every later decision about a child has to look at, each with a sentence (4.18)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from kittiwake.kernel.question_types import Option


class Marker(Option):
    """A marker on a child that every later decision has to look at (rulebook 4.18)."""

    CSE = "cse", "Child sexual exploitation"
    CCE = "cce", "Child criminal exploitation"
    REPEAT_MISSING = "repeat_missing", "Missing again and again"
    CAWN = "cawn", "Child abduction warning notice"
    NRM = "nrm", "National referral mechanism"
    PROTECTION_PLAN = "protection_plan", "Child protection plan"
    CHILD_IN_NEED = "child_in_need", "Child in need plan"
    LOOKED_AFTER = "looked_after", "In the care of the local authority"
    MARAC = "marac", "Heard at MARAC"
    DOMESTIC_ABUSE = "domestic_abuse", "Domestic abuse in the household"
    RSO_AT_ADDRESS = "rso_at_address", "Registered sex offender linked to the address"
    PDP = "pdp", "Potentially dangerous person linked to the child"
    SHPO = "shpo", "Sexual harm prevention order"
    SRO = "sro", "Sexual risk order"
    BAIL = "bail", "Bail condition protects this child"
    ORDER = "order", "Another order or condition protects this child"
    FIREARMS = "firearms", "Firearms linked to the address"
    HONOUR_BASED = "honour_based", "Honour-based abuse, forced marriage or FGM"
    SELF_HARM = "self_harm", "Self-harm or thoughts of suicide"
    MENTAL_HEALTH = "mental_health", "Mental health"
    MEDICAL = "medical", "Needs medication or treatment"
    SEND = "send", "Needs support to communicate"
    OFFICER_SAFETY = "officer_safety", "Safety of whoever visits"


@dataclass(frozen=True, slots=True)
class MarkerRule:
    """One row of markers.toml: what a marker says, who answers for it, on whom it stands.

    `two_sided`: it concerns somebody else too and stands on both (G6). `at_address`: shown at
    the addresses of those it stands on, to police and social care.
    """

    key: str
    name: str
    sentence: str
    owner: str
    two_sided: bool
    at_address: bool


@cache
def rules() -> Mapping[str, MarkerRule]:
    """Every marker by its key, as shipped. Raises ValueError where file and list differ."""
    text = files("kittiwake.rulebook").joinpath("markers.toml").read_text(encoding="utf-8")
    found = {key: MarkerRule(key, **row) for key, row in tomllib.loads(text).items()}
    listed = {marker.value: marker.words for marker in Marker}
    if {key: row.name for key, row in found.items()} != listed:
        raise ValueError("markers.toml: its markers and names are not those of the list")
    return MappingProxyType(found)


def rule_of(key: str) -> MarkerRule | None:
    """The rule of a marker, or None for one that an older release or a partner named."""
    return rules().get(key)
