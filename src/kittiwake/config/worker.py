"""The worker: sweeps clocks, sends messages, judges those linked; and shows that it is alive.

A deadline is a row, so nothing is lost while it sleeps; when it is silent, every page says so.
"""

import asyncio
import os
import signal
from datetime import UTC, datetime

import structlog
from procrastinate import App

EVERY = 2.0
"""Seconds between sweeps."""
STALLED = 30
"""Seconds without a sign of life after which a job is given to somebody else."""

log = structlog.get_logger(__name__)


def beat(now: datetime) -> None:
    """Show that this worker is alive."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO heartbeat (process, at) VALUES ('worker', %s) "
            "ON CONFLICT (process) DO UPDATE SET at = excluded.at",
            [now],
        )


def once(now: datetime) -> None:
    """One round: sweep every clock and feed, send every message, then show that it is done."""
    from kittiwake.access.actors import NotAPractitioner
    from kittiwake.exchange import feeds
    from kittiwake.journal.posting import post
    from kittiwake.journal.sweeping import sweep
    from kittiwake.kernel import rulebook

    try:
        swept = sweep(now)
        feeds.sweep(now)
        post(now, rulebook.load().teams.pause)
    except NotAPractitioner:
        # Nobody works here yet, not even the system: nothing can be on the clock.
        beat(now)
        return
    beat(now)
    if swept.raised:
        log.info("swept", breached=swept.breached, raised=swept.raised)


def _round() -> None:
    from django.db import Error, close_old_connections

    try:
        once(datetime.now(UTC))
    except Error as error:
        # The database is away: stay silent (which the pages show) and try again.
        log.warning("round failed", error=type(error).__name__)
    finally:
        close_old_connections()


async def _sweep_for_ever(stop: asyncio.Event) -> None:
    while not stop.is_set():
        await asyncio.to_thread(_round)
        try:
            await asyncio.wait_for(stop.wait(), EVERY)
        except TimeoutError:
            continue


async def _take_up_stalled(jobs: App, stop: asyncio.Event) -> None:
    """A job whose worker was killed goes to the next one (it is never left in doing)."""
    while not stop.is_set():
        for job in await jobs.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
            await jobs.job_manager.retry_job(job)
        try:
            await asyncio.wait_for(stop.wait(), STALLED)
        except TimeoutError:
            continue


async def work() -> None:
    """Run until told to stop; any part that ends, ends all, so that a supervisor restarts it."""
    from procrastinate.contrib.django import app

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    jobs = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with jobs.open_async():
        parts = [
            asyncio.create_task(_sweep_for_ever(stop)),
            asyncio.create_task(_take_up_stalled(jobs, stop)),
            asyncio.create_task(
                jobs.run_worker_async(
                    install_signal_handlers=False, listen_notify=False, fetch_job_polling_interval=2
                )
            ),
            asyncio.create_task(stop.wait()),
        ]
        done, pending = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        for part in pending:
            part.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        for part in done:
            part.result()


def main() -> None:
    """Start the worker in this process, as the worker's database role."""
    import django

    os.environ.setdefault("KITTIWAKE_ROLE", "worker")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kittiwake.config.settings")
    django.setup()
    asyncio.run(work())


if __name__ == "__main__":
    main()
