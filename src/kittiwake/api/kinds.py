"""What can be recorded: one operation for each kind of entry, made from its class."""

from collections.abc import Callable
from typing import Any

from ninja import NinjaAPI, Status

from kittiwake.access.roles import CAPABILITIES, may
from kittiwake.api.answers import KindNow, RecordedEntry
from kittiwake.api.taking import HEADER, LONGEST_KEY, take_in
from kittiwake.api.tokens import ApiRequest
from kittiwake.kernel import rulebook
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.pathway import REGISTER

NOT_FOR_PROGRAMS = frozenset({"system", "exchange.import", "people.link"})
"""Capabilities of kinds without an operation: what the sweeper finds out, and what a partner's
file says about the past, which comes in as history and alarms nobody; and who is whom, which a
person decides who has seen both."""


def kinds() -> list[type[Entry]]:
    """Every kind a program may record, in the order of the register."""
    return [cls for cls in REGISTER.kinds.values() if cls.may not in NOT_FOR_PROGRAMS]


def path_of(cls: type[Entry]) -> str:
    """Where an entry of this kind is sent, below the API's root."""
    return f"/entries/{cls.kind}"


def add_kinds(api: NinjaAPI) -> None:
    """Give the API one operation for each kind."""
    for cls in kinds():
        pathway = REGISTER.pathway_of(cls.kind)
        api.post(
            path_of(cls),
            response={200: RecordedEntry, 201: RecordedEntry},
            operation_id=cls.kind.replace(".", "_"),
            url_name=f"entries-{cls.kind}",
            summary=cls.title,
            description=described(cls),
            tags=[pathway.name if pathway else "In any pathway"],
            openapi_extra={"parameters": [_KEY]},
        )(_taking(cls))


_KEY = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "schema": {"type": "string", "maxLength": LONGEST_KEY},
    "description": "The sender’s key for this entry: sent twice, it is recorded once. "
    "`source_id` in the body comes before it.",
}


def _taking(cls: type[Entry]) -> Callable[[Any], Status[RecordedEntry]]:
    def take(request: ApiRequest) -> Status[RecordedEntry]:
        return take_in(request, cls)

    return take


def every_kind(request: ApiRequest) -> list[KindNow]:
    """Every kind that can be recorded, and whether the role of this token may."""
    names = _clock_names()
    return [
        KindNow(
            kind=cls.kind,
            title=cls.title,
            description=(cls.__doc__ or "").strip(),
            pathway=pathway.key if (pathway := REGISTER.pathway_of(cls.kind)) else None,
            nature=cls.nature.value,
            may=CAPABILITIES[cls.may],
            yours=may(request.auth.actor.roles, cls.may),
            starts=[names[clock] for clock in cls.starts],
            stops=[names[clock] for clock in cls.stops],
            path=f"/api/v1{path_of(cls)}",
        )
        for cls in kinds()
    ]


def described(cls: type[Entry]) -> str:
    """What a kind is for, who may record it, and which clocks it starts and stops."""
    names = _clock_names()
    parts = [(cls.__doc__ or "").strip(), f"Needs a role that may: {CAPABILITIES[cls.may]}"]
    parts += [f"Starts {names[clock]}." for clock in cls.starts]
    parts += [f"Stops {names[clock]}." for clock in cls.stops]
    if cls.nature.may_refuse:
        parts.append("May be refused, with reasons (409).")
    return "\n\n".join(parts)


def _clock_names() -> dict[str, str]:
    return {rule.id: f"{rule.id} ({rule.name})" for rule in rulebook.load().clocks.values()}
