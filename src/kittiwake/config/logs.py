"""Logs for machines: one JSON object a line, without anybody's words in it."""

from __future__ import annotations

import traceback
from typing import Any

import structlog
from structlog.types import EventDict, Processor, WrappedLogger


def without_words(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Say which error it was and where, and leave out its message.

    The database quotes values in its messages, and a value may be a child's name (row B11).
    """
    error = event.pop("exc_info", None)
    if error is True or isinstance(error, BaseException):
        error = (type(error), error, error.__traceback__) if error is not True else None
    if error and error[1] is not None:
        frames = traceback.extract_tb(error[2])
        event["error"] = error[0].__name__
        event["where"] = [f"{f.filename}:{f.lineno} {f.name}" for f in frames[-6:]]
    event.pop("stack_info", None)
    return event


def logging_for(*, debug: bool) -> dict[str, Any]:
    """Give Django's LOGGING, and set structlog to write the same lines."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_words,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    # ASCII: a bidirectional override in a value must not reorder the line.
                    structlog.processors.JSONRenderer(ensure_ascii=True),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "INFO" if debug else "WARNING"},
        "loggers": {
            "kittiwake": {"level": "INFO"},
            # A 404 is not worth a line; its path may hold what somebody typed.
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "django.db.backends": {"level": "WARNING"},
            "procrastinate": {"level": "WARNING"},
        },
    }
