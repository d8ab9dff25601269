"""A county whose staff have programs with tokens."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.api.programs import Program


@pytest.fixture
def program(world: None, owner: psycopg.Connection[Any]) -> Program:
    """A county, and a program with tokens."""
    return Program(owner)
