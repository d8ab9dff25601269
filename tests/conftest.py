"""A private PostgreSQL for the tests, installed as the product installs itself.

Tests speak to it as the web does, as the role `…_app`; there is no wrapping transaction, because
`record()` opens a durable one of its own. Ask for `world` to start from empty tables.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import psycopg
import pytest

_WISH = os.environ.get("KITTIWAKE_POSTGRES", "")
for name in [n for n in os.environ if n.startswith("KITTIWAKE_")] + ["DATABASE_URL"]:
    os.environ.pop(name, None)

from kittiwake.config import roles  # noqa: E402
from kittiwake.config.database import Cluster  # noqa: E402
from kittiwake.config.environment import passing_home  # noqa: E402
from kittiwake.config.installing import make_ready  # noqa: E402

_HOME = passing_home("kittiwake-test-")
os.environ["KITTIWAKE_HOME"] = str(_HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "kittiwake.config.settings"
_CLUSTER = Cluster(_HOME, _WISH, durable=False, orphan=False)
(_HOME / ".static").mkdir()
# Known before the server runs, so that Django can be set up for tests that never need it.
roles.addresses(_HOME, _CLUSTER.url())

import django  # noqa: E402
from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.STORAGES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
django.setup()
setup_test_environment(debug=False)

NEEDS_DATABASE = {"server", "world", "owner", "superuser"}
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a database, so that it can be run on another PostgreSQL as well."""
    for item in items:
        if NEEDS_DATABASE & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")


def pytest_sessionfinish() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)
    shutil.rmtree(_CLUSTER.sockets, ignore_errors=True)


@pytest.fixture(scope="session")
def server() -> Iterator[Cluster]:
    """Our own PostgreSQL with an installed, empty database."""
    from django.db import connections

    with _CLUSTER.hold():
        make_ready(_HOME, _CLUSTER.url())
        yield _CLUSTER
        connections.close_all()


@pytest.fixture(scope="session")
def superuser(server: Cluster) -> Iterator[psycopg.Connection]:
    """The server's administrator, for what not even the owner may do."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as link:
        yield link


@pytest.fixture
def owner(server: Cluster) -> Iterator[psycopg.Connection]:
    """A plain connection as the database's owner."""
    with psycopg.connect(server.url(), autocommit=True) as link:
        yield link


def _emptying(superuser: psycopg.Connection) -> Iterator[str]:
    """What empties the tables: to truncate all of them each time was three quarters of a test."""
    sized = superuser.execute(
        "SELECT quote_ident(relname), pg_relation_size(oid) FROM pg_class "
        "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
        "AND relname <> ALL (%s) AND pg_relation_size(oid) > 0",
        [list(KEPT)],
    ).fetchall()
    if large := [name for name, size in sized if size > 2**18]:
        yield f"TRUNCATE {', '.join(large)} CASCADE"
    yield from (f"DELETE FROM {name}" for name, _ in sized)
    yield (
        "SELECT setval(format('%I.%I', schemaname, sequencename), start_value, false) "
        "FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
    )


@pytest.fixture
def world(superuser: psycopg.Connection) -> Iterator[None]:
    """Empty tables, for a test that makes its own world."""
    from django.core.cache import cache
    from django.db import connection

    # As replica: neither append-only triggers nor foreign keys fire.
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(";".join(_emptying(superuser)))
    superuser.execute("SET session_replication_role = origin")
    cache.close()
    yield
    connection.close()


@pytest.fixture
def client() -> Client:
    """A browser that never leaves this process."""
    return Client()
