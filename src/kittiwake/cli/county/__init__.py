"""An invented county, so that the product can be tried, shown and learnt without a real child."""

from datetime import datetime
from random import Random

from django.db import connection
from django.utils import timezone

from kittiwake.cli.county.children import file_all, imagine
from kittiwake.cli.county.episodes import Teller
from kittiwake.cli.county.logins import DEMO_LOGINS, give_logins
from kittiwake.cli.county.scenes import tell_everything
from kittiwake.cli.county.staff import hire

__all__ = ["DEMO_LOGINS", "invent"]


def invent(children: int = 300, seed: int = 1, now: datetime | None = None) -> None:
    """Fill an empty database with an invented county, as the database's owner.

    Static rows are written as they are; what happened to the children goes through `record()`,
    each entry at its own moment before `now` and by whoever was on duty then. The stories need
    `children` to be 150 or more.
    """
    now = now or timezone.now()
    random = Random(seed)
    with connection.cursor() as cursor:
        # Many small transactions nobody would miss: the county can be invented again.
        cursor.execute("SET synchronous_commit = off")
    staff = hire(now)
    give_logins(staff)
    born = imagine(children, random, now)
    file_all(born, staff, random, now)
    tell_everything(Teller(staff, random, now), born)
