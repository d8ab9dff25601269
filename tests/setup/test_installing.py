"""Installing: every step may be done again, and is not when nothing has changed."""

import json

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from kittiwake.config import installing, roles


@pytest.fixture
def beside(server, superuser):
    """An owner's address of a database that does not exist yet, beside the tests' own."""
    yield make_conninfo(server.url(), dbname="beside")
    superuser.execute("DROP DATABASE IF EXISTS beside WITH (FORCE)")
    for user in roles.USERS:
        superuser.execute(f"DROP ROLE IF EXISTS beside_{user}")


def test_from_no_database_to_tables_and_then_nothing_to_do(beside, tmp_path, monkeypatch):
    assert installing.make_ready(tmp_path, beside)
    assert not installing.make_ready(tmp_path, beside)
    web = roles.kept_addresses(tmp_path)["app"]
    with psycopg.connect(web) as link:
        assert link.execute("SELECT count(*) > 20 FROM django_migrations").fetchone() == (True,)
    assert json.loads((tmp_path / "installed.json").read_text())["steps"] == ["tables"]

    monkeypatch.setattr(installing, "fingerprint", lambda owner: "the code has changed")
    assert installing.make_ready(tmp_path, beside), "new code: every step again"
    assert not installing.make_ready(tmp_path, beside)


def test_strangers_may_not_even_connect(beside, tmp_path, superuser):
    installing.make_ready(tmp_path, beside)
    assert superuser.execute(
        "SELECT has_database_privilege('public', 'beside', 'CONNECT')"
    ).fetchone() == (False,)


def test_the_fingerprint_follows_code_and_database_but_not_the_password(server):
    same = make_conninfo(server.url(), password="another")
    other = make_conninfo(server.url(), dbname="another")
    assert installing.fingerprint(same) == installing.fingerprint(server.url())
    assert installing.fingerprint(other) != installing.fingerprint(server.url())
