"""Jobs that come by the clock of the night: partners' lists are compared with ours."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from kittiwake.access.actors import system_actor
from kittiwake.exchange.markers import reconcile

NIGHTLY = "10 2 * * *"


@app.periodic(cron=NIGHTLY)
@app.task(name="kittiwake.reconcile_markers", queue="nightly")
def reconcile_nightly(timestamp: int) -> None:
    """Compare every partner's list of markers with the register, as at the time it is due."""
    reconcile(system_actor(), datetime.fromtimestamp(timestamp, UTC))
