"""Drafts: what somebody has typed and not yet recorded; theirs alone, and never judged."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from kittiwake.access.doors import as_practitioner
from kittiwake.kernel.known import Actor
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.questions import Raw
from kittiwake.pages.jinja import show_clock
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.typed import fixed_times, raw_of

LARGEST = 200_000
"""Characters of all answers of one draft."""
ABOUT = ("draft_kind", "draft_case", "draft_person", "draft_part")


@dataclass(frozen=True)
class Place:
    """Which form a draft is of: a kind of entry, in a case or about a child or neither."""

    kind: str
    case_uid: str | None = None
    person_uid: str | None = None


@dataclass(frozen=True)
class Draft:
    """A draft as it was saved."""

    raw: dict[str, list[str]]
    saved_at: datetime


_WHERE = (
    " WHERE author_id = %s AND kind = %s AND case_uid IS NOT DISTINCT FROM %s::uuid"
    " AND person_uid IS NOT DISTINCT FROM %s::uuid"
)


def _keys(actor: Actor, place: Place) -> list[int | str | None]:
    return [actor.id, place.kind, place.case_uid, place.person_uid]


def find(actor: Actor, place: Place) -> Draft | None:
    """The draft this practitioner left in this form, or None."""
    with as_practitioner(actor), connection.cursor() as cursor:
        cursor.execute("SELECT raw, saved_at FROM draft" + _WHERE, _keys(actor, place))
        row = cursor.fetchone()
    return Draft(json.loads(row[0]), row[1]) if row else None


def save(actor: Actor, place: Place, raw: Raw, at: datetime) -> None:
    """Keep what was typed so far in the place of what was kept before."""
    kept = {key: values for key, values in fixed_times(raw, at).items() if key not in ABOUT}
    with as_practitioner(actor), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO draft (uid, author_id, kind, case_uid, person_uid, raw, saved_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT ON CONSTRAINT draft_one_per_form"
            " DO UPDATE SET raw = excluded.raw, saved_at = excluded.saved_at",
            [uuid4(), *_keys(actor, place), json.dumps(kept), at],
        )


def drop(actor: Actor, place: Place) -> None:
    """Forget a draft: it was recorded, or its author does not want it."""
    with as_practitioner(actor), connection.cursor() as cursor:
        cursor.execute("DELETE FROM draft" + _WHERE, _keys(actor, place))


@require_POST
@practitioner_required
def keep(request: PractitionerRequest) -> HttpResponse:
    """Save while typing: answers with the time it was saved."""
    raw = raw_of(request.POST)
    place = Place(
        request.POST.get("draft_kind", ""),
        _uuid(request.POST.get("draft_case", "")),
        _uuid(request.POST.get("draft_person", "")),
    )
    size = sum(len(value) for values in raw.values() for value in values)
    if place.kind not in REGISTER.kinds or size > LARGEST:
        return JsonResponse({"saved": False}, status=400)
    before = find(request.actor, place) if "draft_part" in raw else None
    save(request.actor, place, {**(before.raw if before else {}), **raw}, request.now)
    return JsonResponse({"saved": show_clock(request.now)})


def _uuid(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None
