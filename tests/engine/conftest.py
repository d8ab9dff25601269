"""The world of the engine's tests."""

import psycopg
import pytest

from tests.worlds import World


@pytest.fixture
def w(world: None, owner: psycopg.Connection) -> World:
    """A county of one of each, with nothing recorded yet."""
    return World(owner)
