"""Who answers for a role at an instant: duty, then a deputy, then a fallback; never nobody."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

FALLBACK = ("duty_inspector", "force_duty_officer", "control_room_inspector")


class NobodyOnDuty(Exception):
    """There is no active practitioner at all: nobody could own anything."""


@dataclass(frozen=True, slots=True)
class Rota:
    """Everybody on duty at one instant, by role, with deputies already in place."""

    on_duty: dict[str, int]
    holders: dict[str, int]
    stands_in: dict[int, int]
    last_resort: int | None = None

    def who(self, role: str) -> int:
        """The practitioner who answers for a role now (G20). Raises NobodyOnDuty.

        With nobody on duty and no fallback, the highest in rank answers: a report is never
        refused for want of a rota.
        """
        for wanted in (role, *FALLBACK):
            found = self.on_duty.get(wanted) or self.holders.get(wanted)
            if found:
                return self.stands_in.get(found, found)
        if self.last_resort is None:
            raise NobodyOnDuty(role)
        return self.last_resort

    def in_place_of(self, practitioner: int) -> int:
        """The practitioner, or their deputy while they are away."""
        return self.stands_in.get(practitioner, practitioner)


_ROTA = """
SELECT 'duty', d.role, d.practitioner_id::bigint, d.from_at FROM duty d
  JOIN practitioner p ON p.id = d.practitioner_id AND p.is_active
  WHERE d.from_at <= %(at)s AND d.until > %(at)s
UNION ALL
SELECT 'held', h.role, h.practitioner_id, h.from_at FROM role_held h
  JOIN practitioner p ON p.id = h.practitioner_id AND p.is_active
  WHERE h.from_at <= %(at)s AND (h.until IS NULL OR h.until > %(at)s)
UNION ALL
SELECT 'away', d.practitioner_id::text, d.deputy_id, d.from_at FROM deputy d
  WHERE d.from_at <= %(at)s AND d.until > %(at)s
UNION ALL
(SELECT 'last', '', p.id, NULL FROM practitioner p JOIN agency a ON a.id = p.agency_id
  WHERE p.is_active AND NOT p.is_system AND a.kind = 'police' ORDER BY p.rank DESC, p.id LIMIT 1)
ORDER BY 4, 3
"""


def rota_at(at: datetime) -> Rota:
    """The rota at an instant: one query."""
    on_duty: dict[str, int] = {}
    holders: dict[str, int] = {}
    stands_in: dict[int, int] = {}
    last_resort = None
    with connection.cursor() as cursor:
        cursor.execute(_ROTA, {"at": at})
        for what, key, practitioner, _ in cursor.fetchall():
            if what == "duty":
                on_duty[key] = practitioner
            elif what == "held":
                holders.setdefault(key, practitioner)
            elif what == "away":
                stands_in[int(key)] = practitioner
            else:
                last_resort = practitioner
    return Rota(on_duty, holders, stands_in, last_resort)
