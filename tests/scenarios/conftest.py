"""A child in a small county, as the tests of the missing pathway have it."""

from tests.missing.conftest import episode, missing

__all__ = ["episode", "missing"]
