"""A database we were given: trusted only if it keeps what it acknowledges."""

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from pydantic import SecretStr

from kittiwake.config import roles, trusting
from kittiwake.config.environment import Environment
from kittiwake.config.postgres import NoPostgresError
from kittiwake.config.standing import ground


@pytest.fixture
def given(server, superuser, tmp_path, monkeypatch):
    """An environment with the address of a database that is not ours and not there yet."""
    address = make_conninfo(server.url(), dbname="given")
    yield Environment(home=tmp_path / "home").model_copy(
        update={"database_url": SecretStr(address)}
    )
    superuser.execute("DROP DATABASE IF EXISTS given WITH (FORCE)")
    for user in roles.USERS:
        superuser.execute(f"DROP ROLE IF EXISTS given_{user}")


def test_c9_a_server_that_may_lose_what_it_acknowledged_is_refused(given):
    # The tests' own server is set fast, not safe: just what must be refused.
    with (
        pytest.raises(NoPostgresError, match=r"fsync is off.*synchronous_commit is off"),
        ground(given),
    ):
        pass


def test_a_database_given_once_is_found_again_without_its_owner(given, monkeypatch):
    monkeypatch.setattr(trusting, "weaknesses", lambda link: [])
    with ground(given) as standing:
        assert standing.cluster is None
        assert standing.name.endswith("/given")
        assert "password" not in standing.name
    later = given.model_copy(update={"database_url": None})
    with ground(later) as standing:
        assert standing.name.endswith("/given")
    assert not list(given.home.glob("postgres-*")), "no server of ours was made"
    with psycopg.connect(roles.kept_addresses(given.home)["worker"]) as link:
        assert link.execute("SELECT current_user").fetchone() == ("given_worker",)
