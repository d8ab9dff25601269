"""An invented county, so that the product can be tried, shown and learnt without a real child."""

from datetime import datetime
from random import Random

from django.db import connection
from django.utils import timezone

from kittiwake.cli.county import rates, registers
from kittiwake.cli.county.children import file_all, imagine
from kittiwake.cli.county.crew import engage
from kittiwake.cli.county.episodes import Teller
from kittiwake.cli.county.filling import fill
from kittiwake.cli.county.logins import DEMO_LOGINS, give_logins
from kittiwake.cli.county.scenes import tell_everything
from kittiwake.cli.county.staff import hire

__all__ = ["DEMO_LOGINS", "SCENES", "invent"]

SCENES = 300
"""The children among whom the scenes of this minute are told; the stories need 150 or more."""


def invent(
    scale: float = 0.0, seed: int = 1, now: datetime | None = None, processes: int = 0
) -> dict[str, int]:
    """Fill an empty database with an invented county, as the database's owner; rows by table.

    First the scenes: what happened to these children goes through `record()`, each entry at its
    own moment before `now` and by whoever was on duty then. Around them, for a `scale` above
    nought, families and ten years of a county of that size (1: 152,000 children).
    """
    now = now or timezone.now()
    random = Random(seed)
    with connection.cursor() as cursor:
        # Many small transactions nobody would miss: the county can be invented again.
        cursor.execute("SET synchronous_commit = off")
    staff = hire(now)
    give_logins(staff)
    born = imagine(SCENES, random, now)
    file_all(born, staff, random, now)
    tell_everything(Teller(staff, random, now), born)
    others = round(scale * rates.CHILDREN) - SCENES
    rows = fill(engage(staff, scale), others, seed, now, processes) if others > 0 else {}
    registers.keep(staff, now)
    return rows
