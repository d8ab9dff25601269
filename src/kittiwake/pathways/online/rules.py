"""What follows when an image is reported: it is sealed, and the specialist team is told. Pure."""

from typing import Any

from kittiwake.kernel.effects import Effect, Notify, Seal
from kittiwake.kernel.known import Known

SPECIALISTS = ("internet_abuse_inspector", "victim_identification_officer")


def sealed(entry: Any, known: Known) -> list[Effect]:
    """Only its author and the specialists on the seal read it."""
    return [Seal(SPECIALISTS)]


def reported(entry: Any, known: Known) -> list[Effect]:
    """The specialists are told that somebody waits for their call; the message says no more."""
    said = "Somebody waits for a specialist to ring back about a child."
    return [*sealed(entry, known), *(Notify(role, said) for role in SPECIALISTS)]
