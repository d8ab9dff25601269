"""What a page needs a role for: refused in words, and logged as the refusal page says."""

from kittiwake.access.doors import NotPermitted, log_refusal
from kittiwake.access.roles import may
from kittiwake.pages.middleware import PractitionerRequest


def need(request: PractitionerRequest, capability: str) -> None:
    """Go no further without this capability. Raises NotPermitted, after logging the refusal."""
    if not may(request.actor.roles, capability):
        log_refusal(request.actor, request.now, None, capability, "no capability")
        raise NotPermitted(capability)
