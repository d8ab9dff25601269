"""Gaps in cover: when nobody is on duty for a role that somebody answers for by rota."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nobody is on duty for a role."""

    role: str
    start: datetime
    end: datetime


def gaps_between(start: datetime, end: datetime, spans: Iterable[Span]) -> list[Span]:
    """What of a time no span covers, in order."""
    left, at = [], start
    for begins, ends in sorted(spans):
        if begins > at:
            left.append((at, min(begins, end)))
        at = max(at, ends)
        if at >= end:
            return left
    return [*left, (at, end)] if at < end else left


def gaps(start: datetime, end: datetime) -> list[Gap]:
    """When nobody is on duty, for every role that has been on a rota in the year before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.role, d.from_at, d.until, p.is_active FROM duty d "
            "JOIN practitioner p ON p.id = d.practitioner_id "
            "WHERE d.until > d.from_at AND d.until > %s - interval '1 year' AND d.from_at < %s",
            [start, end],
        )
        rows = cursor.fetchall()
    # Somebody who left covers nothing, and their role was on the rota all the same.
    return [
        Gap(role, *span)
        for role in sorted({role for role, *_ in rows})
        for span in gaps_between(
            start, end, [(a, b) for r, a, b, here in rows if here and r == role]
        )
    ]
