"""Connections for the attacker; see attack.py."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.security.attack import Link, connect
from tests.worlds import World


@pytest.fixture
def app(server: object) -> Iterator[Link]:
    """The web's own database role."""
    with connect("app") as link:
        yield link


@pytest.fixture
def worker(server: object) -> Iterator[Link]:
    """The worker's own database role."""
    with connect("worker") as link:
        yield link


@pytest.fixture
def w(world: None, owner: psycopg.Connection) -> World:
    return World(owner)
