"""What the judge may see: kinds, times and codes of entries, never their words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry about one person, as `known()` gives it: no words, no names."""

    entry_id: int
    kind: str
    happened_at: datetime
    recorded_at: datetime
    role: str = "child"
    case_id: int | None = None
    codes: Mapping[str, Any] = field(default_factory=dict)
    by_id: int | None = None

    @property
    def order(self) -> tuple[datetime, int]:
        """The order in which facts became known: recorded time, then entry id."""
        return (self.recorded_at, self.entry_id)
