"""Is it alive, and is it ready? For whatever watches the service; neither names anyone."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

SILENT_AFTER = 120
"""Seconds after which a worker that says nothing is announced (security row D3)."""

_migrated = False


@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """Answer as long as this process does."""
    return JsonResponse({"alive": True})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when pages can be served: the database answers and has every migration.

    A silent worker is reported but does not make the web unready: deadlines are computed on every
    read, and people must be able to see the board that says the worker is silent.
    """
    try:
        migrated = _is_migrated()
        silent = _worker_silence() if migrated else None
    except DatabaseError as error:
        return JsonResponse({"ready": False, "database": type(error).__name__}, status=503)
    worker = "never seen" if silent is None else ("silent" if silent > SILENT_AFTER else "working")
    return JsonResponse(
        {
            "ready": migrated,
            "database": "answers",
            "migrations": "applied" if migrated else "waiting",
            "worker": worker,
            "worker_silent_seconds": silent,
        },
        status=200 if migrated else 503,
    )


def _is_migrated() -> bool:
    """Ask once: a process never sees its own migrations undone."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    return _migrated


def _worker_silence() -> int | None:
    """Seconds since any worker was heard, or None if none ever was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM clock_timestamp() - max(at))::int"
            " FROM heartbeat WHERE process LIKE 'worker%%'"
        )
        row = cursor.fetchone()
    return None if row is None or row[0] is None else int(row[0])
