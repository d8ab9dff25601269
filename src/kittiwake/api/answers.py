"""What a client is told: the answers, each with its schema."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db import connection
from pydantic import BaseModel, Field


class WhoToRing(BaseModel):
    """A practitioner as others need them: name and telephone."""

    name: str
    phone: str


def who_to_ring(practitioner: int) -> WhoToRing:
    """A practitioner, with their own telephone, else their team's, else their agency's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.name, coalesce(nullif(p.phone, ''), nullif(t.phone, ''), a.phone) "
            "FROM practitioner p JOIN agency a ON a.id = p.agency_id "
            "LEFT JOIN team t ON t.id = p.team_id WHERE p.id = %s",
            [practitioner],
        )
        name, phone = cursor.fetchone()
    return WhoToRing(name=name, phone=phone)


class CaseRef(BaseModel):
    """A case, to be named in what is sent next."""

    uid: UUID
    ref: str


class RecordedEntry(BaseModel):
    """What became of an entry."""

    entry: UUID = Field(description="The entry. The same one if this was recorded before.")
    child: UUID = Field(description="The child, for `about` in what is sent next.")
    child_is: Literal["known", "linked", "possible", "new"] | None = Field(
        description="How the sender’s record was placed; only for police and social care."
    )
    case: CaseRef | None
    already: bool = Field(description="Nothing new was written: it was recorded before.")
    already_by: str | None
    already_at: datetime | None
    out_of_order: bool = Field(description="It came after its stage; its owner looks at it.")
    gaps: list[str] = Field(description="Questions that are still to be answered before closing.")
    level: str | None = Field(description="The child’s level now; only for roles that may open it.")
    owner: WhoToRing | None = Field(description="Who answers for the case.")
    report: UUID = Field(description="What was sent, as it is kept here.")


class ClockNow(BaseModel):
    """A running clock, computed at the moment of asking."""

    uid: UUID
    rule: str
    name: str
    child: UUID | None = Field(description="None where the record is restricted.")
    case: UUID | None
    state: Literal["running", "due soon", "overdue", "paused", "stopped", "gate"]
    started_at: datetime
    due_at: datetime | None
    left: str
    owner: WhoToRing
    acknowledged_by: str | None
    acknowledged_at: datetime | None


class Answer(BaseModel):
    """One question and its answer, as people read it."""

    question: str
    answer: str


class ChronologyLine(BaseModel):
    """One entry, with as much of it as this reader may see."""

    entry: UUID
    kind: str
    title: str
    told: str
    answers: list[Answer]
    happened_at: datetime
    recorded_at: datetime
    by: str
    agency: str
    case: str | None = Field(description="The case’s reference.")
    out_of_order: bool
    corrected: bool
    withdrawn: bool
    hidden: bool = Field(description="There are words here for others: ring whoever recorded it.")


class CaseNow(BaseModel):
    """A case as it stands."""

    uid: UUID
    ref: str
    pathway: str
    child: UUID
    stage: str
    stage_name: str
    grade: str | None
    owner: WhoToRing
    opened_at: datetime
    closed_at: datetime | None
    clocks: list[ClockNow]
    chronology: list[ChronologyLine]


class StandingNow(BaseModel):
    """What the policy says about a child, and why."""

    level: str
    reasons: list[str]
    not_known: list[str]
    judged_at: datetime
    policy: str
    version: str


class ChildNow(BaseModel):
    """A child: who, how worried to be and why, and everything on record."""

    uid: UUID
    name: str
    born_on: date | None
    lives_at: str
    level: str
    markers: list[str]
    standing: StandingNow | None
    cases: list[CaseRef] = Field(description="Cases that are open.")
    chronology: list[ChronologyLine]


class OpenEpisode(BaseModel):
    """A child who is missing now. Of a restricted record there is the owner, whom to ring."""

    case: CaseRef
    child: UUID | None
    name: str | None
    born_on: date | None
    level: str | None
    stage: str
    grade: str | None
    opened_at: datetime
    owner: WhoToRing
    next_clock: ClockNow | None


class KindNow(BaseModel):
    """A kind of entry: what it is for, what it needs, what it starts and stops."""

    kind: str
    title: str
    description: str
    pathway: str | None
    nature: str
    may: str = Field(description="What a role needs to record it.")
    yours: bool = Field(description="Whether the role of this token may.")
    starts: list[str]
    stops: list[str]
    path: str


class Fault(BaseModel):
    """One thing that is wrong, by its place."""

    pointer: str
    detail: str


class ProblemNow(BaseModel):
    """Problem details, as RFC 9457 has them."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[Fault]
