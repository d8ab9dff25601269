"""The stages of a missing episode, in the order in which they only ever move forward."""

REPORTED, OWNED, ASSESSED, CONFIRMED, ACTIVE = (
    "reported",
    "owned",
    "assessed",
    "confirmed",
    "active",
)
LOCATED, RETURNED, SEEN_SAFE, SPOKEN_TO, OFFERED, INTERVIEWED, LOOKED_BACK, CLOSED = (
    "located",
    "returned",
    "seen_safe",
    "spoken_to",
    "offered",
    "interviewed",
    "looked_back",
    "closed",
)
OUT = frozenset({REPORTED, OWNED, ASSESSED, CONFIRMED, ACTIVE})
FOUND = frozenset({LOCATED, RETURNED, SEEN_SAFE, SPOKEN_TO, OFFERED, INTERVIEWED, LOOKED_BACK})
BACK = FOUND - {LOCATED}
OPEN = OUT | FOUND
HOME_CLOCKS = ("CLK-11", "CLK-12", "CLK-13", "CLK-14", "CLK-16", "CLK-163")
