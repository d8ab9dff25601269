"""Logs are for machines and hold nobody's words (security rows B11 and B12)."""

import io
import json
import logging
import logging.config

import psycopg
import pytest
import structlog

from kittiwake.config.logs import logging_for

CANARY = "Wren Ashdown-Canary"


@pytest.fixture
def lines():
    """Log as the product does, into a string."""
    configuration = logging_for(debug=False)
    formatter = configuration["formatters"]["json"]
    handler = logging.StreamHandler(stream := io.StringIO())
    handler.setFormatter(
        formatter["()"](
            processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"]
        )
    )
    logger = logging.getLogger("kittiwake.tests")
    logger.addHandler(handler)
    logger.propagate = False
    yield stream
    logger.removeHandler(handler)
    logger.propagate = True


def test_an_error_is_logged_without_its_message(lines):
    try:
        raise psycopg.errors.UniqueViolation(f"Key (name)=({CANARY}) already exists.")
    except psycopg.errors.UniqueViolation:
        logging.getLogger("kittiwake.tests").exception("It was not written")
    line = json.loads(lines.getvalue())
    assert CANARY not in lines.getvalue()
    assert line["error"] == "UniqueViolation"
    assert "test_logs.py" in line["where"][-1]
    assert line["event"] == "It was not written"


def test_one_event_is_one_line_whatever_it_holds(lines):
    forged = 'ok\r\n{"event": "forged"}\x1b[31m \u202egnitpircs'
    structlog.get_logger("kittiwake.tests").warning("seen", value=forged)
    written = lines.getvalue()
    assert written.count("\n") == 1
    assert json.loads(written)["value"] == forged
    assert written.isascii()
    assert "\x1b" not in written


def test_stamps_are_in_utc(lines):
    structlog.get_logger("kittiwake.tests").warning("now")
    assert json.loads(lines.getvalue())["timestamp"].endswith("Z")


def test_postgresql_writes_down_no_child(server, owner):
    before = len(server.log.read_text())
    owner.execute("CREATE TEMP TABLE child (name text UNIQUE)")
    owner.execute("INSERT INTO child VALUES (%s)", [CANARY])
    with pytest.raises(psycopg.errors.UniqueViolation):
        owner.execute("INSERT INTO child VALUES (%s)", [CANARY])
    with pytest.raises(psycopg.errors.SyntaxError):
        owner.execute(f"SELEKT '{CANARY}'")
    assert CANARY not in server.log.read_text()[before:]
