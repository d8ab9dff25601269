"""What a client sends: one body per kind of entry, made from its class, and what it must hold."""

import re
from datetime import date
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    create_model,
)

from kittiwake.kernel.entry import Entry
from kittiwake.kernel.questions import Asked, ChoiceQuestion

YEARS = range(1900, 2200)
YEAR = r"^(19|20|21)\d\d-"
_UID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


class Sent(BaseModel):
    """A part of what a client sends; a name it does not know is refused."""

    model_config = ConfigDict(extra="forbid")


def _text(most: int) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most)


class ByUid(Sent):
    """A child who is known here, by the uid an earlier answer gave."""

    person: UUID


class SourceRef(Sent):
    """The sender's own record of the child."""

    ref: Annotated[str, _text(120)] = Field(description="The record’s reference at the sender.")


class SentIdentifier(Sent):
    """An identifier of the child: `nhs`, `upn`, `pnc`, or the sender’s own scheme."""

    scheme: Annotated[str, _text(20)]
    value: Annotated[str, _text(60)]


class BySource(Sent):
    """A child as the sender's record describes them."""

    source: SourceRef
    name: Annotated[str, _text(240)] | None = None
    born_on: date | None = None
    identifiers: Annotated[tuple[SentIdentifier, ...], Field(max_length=20)] = ()


def _which(about: Any) -> str:
    is_uid = "person" in about if isinstance(about, dict) else isinstance(about, ByUid)
    return "by uid" if is_uid else "by source"


About = Annotated[
    Annotated[ByUid, Tag("by uid")] | Annotated[BySource, Tag("by source")], Discriminator(_which)
]


class Body(Sent):
    """What is sent to record one entry about one child."""

    about: About = Field(description="Which child: by uid, or as the sender’s record has them.")
    happened_at: AwareDatetime | None = Field(
        default=None, description="When it happened, with its offset; without it, now."
    )
    source_id: Annotated[str, _text(200)] | None = Field(
        default=None,
        description="The sender’s record id of this entry: sent twice, it is recorded once.",
    )
    entry: Entry


class BodyInCase(Body):
    """What is sent to record an entry that opens no case of its own."""

    case: UUID | None = Field(
        default=None, description="The case; without it the child’s open case of this pathway."
    )


@cache
def body_of(cls: type[Entry]) -> type[Body]:
    """The body that records an entry of this kind."""
    name = "".join(part.title() for part in re.split(r"[._]", cls.kind))
    base = Body if cls.opens else BodyInCase
    return create_model(f"{name}Body", __base__=base, __doc__=cls.__doc__, entry=(cls, ...))


# ── Which answers a program may not leave out ───────────────────────────────────────────────────


def references(cls: type[Entry]) -> frozenset[str]:
    """The fields that name a record by its uid: questions without a `not known because`."""
    return frozenset(
        asked.name
        for asked in cls.questions()
        if "NotKnown" not in str(cls.model_fields[asked.name].annotation)
    )


def uid_pattern(name: str) -> str:
    """What the answer of a reference looks like: a uid, or several with commas."""
    return f"^{_UID}(,{_UID})*$" if name.endswith("_uids") else f"^{_UID}$"


def is_required(cls: type[Entry], asked: Asked) -> bool:
    """Whether a body has to answer it: needed now, or a reference without a default of its own."""
    is_reference = asked.name in references(cls)
    return asked.need == "now" or (is_reference and cls.model_fields[asked.name].default == "")


def takes_not_known(cls: type[Entry], asked: Asked) -> bool:
    """Whether `not known because` will do: not for a choice an entry turns on, nor for a reason
    to lower, close or withhold."""
    if asked.name in references(cls):
        return False
    turns_on_it = isinstance(asked.type, ChoiceQuestion) or cls.nature.may_refuse
    return not (asked.need == "now" and turns_on_it)
