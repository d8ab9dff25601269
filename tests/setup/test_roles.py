"""The three roles that use the database are weak, and cannot make themselves stronger."""

import stat

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from kittiwake.config import roles


@pytest.fixture
def made(server):
    return roles.addresses(server.home, server.url())


def test_their_addresses_are_kept_for_us_alone_and_stay_the_same(server, made):
    kept = server.home / "roles.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert roles.addresses(server.home, server.url()) == made
    assert set(made) == {"app", "worker", "eraser"}
    assert conninfo_to_dict(server.url())["password"] not in kept.read_text()


@pytest.mark.parametrize("user", roles.USERS)
def test_each_can_log_in_and_is_weak(made, owner, user):
    with psycopg.connect(made[user]) as link:
        assert link.execute("SELECT current_user").fetchone() == (f"kittiwake_{user}",)
    rights = owner.execute(
        """SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication
           FROM pg_roles WHERE rolname = %s""",
        [f"kittiwake_{user}"],
    ).fetchone()
    assert rights == (False,) * 5
    memberships = owner.execute(
        "SELECT count(*) FROM pg_auth_members WHERE member = %s::regrole", [f"kittiwake_{user}"]
    ).fetchone()
    assert memberships == (0,)


@pytest.mark.parametrize("user", roles.USERS)
@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE kittiwake_owner",
        "SET SESSION AUTHORIZATION postgres",
        "CREATE TABLE public.mine (n int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE friend",
        "CREATE DATABASE mine",
        "CREATE EXTENSION dblink",
        "ALTER ROLE CURRENT_USER BYPASSRLS",
        "ALTER TABLE entry DISABLE ROW LEVEL SECURITY",
        "SET session_replication_role = replica",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT lo_import('/etc/passwd')",
        "UPDATE django_migrations SET name = name",
    ],
)
def test_a5_what_would_make_it_stronger_is_refused(made, user, statement):
    with (
        psycopg.connect(made[user], autocommit=True) as link,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        link.execute(statement)


def test_a_transaction_may_not_sit_idle(made):
    with psycopg.connect(made["app"]) as link:
        said = link.execute(
            "SELECT current_setting('idle_in_transaction_session_timeout'),"
            " current_setting('statement_timeout')"
        ).fetchone()
    assert said == ("30s", "15s")


def test_building_again_changes_nothing_and_mends_a_lost_password(server, made, superuser):
    superuser.execute("ALTER ROLE kittiwake_eraser PASSWORD 'somebody changed it'")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(made["eraser"])
    roles.build(server.url(), made)
    psycopg.connect(made["eraser"]).close()


def test_a_role_that_may_see_past_the_walls_is_refused(server, made, superuser):
    superuser.execute("ALTER ROLE kittiwake_worker BYPASSRLS")
    try:
        with pytest.raises(roles.NotAllowedError, match="kittiwake_worker"):
            roles.build(server.url(), made)
    finally:
        superuser.execute("ALTER ROLE kittiwake_worker NOBYPASSRLS")


def test_an_owner_who_may_not_create_roles_is_told_so(server, superuser, tmp_path):
    superuser.execute("CREATE ROLE modest LOGIN PASSWORD 'modest'")
    superuser.execute("CREATE DATABASE modest OWNER modest")
    try:
        modest = make_conninfo(server.url(), user="modest", password="modest", dbname="modest")
        with pytest.raises(roles.NotAllowedError, match="CREATEROLE"):
            roles.build(modest, roles.addresses(tmp_path, modest))
    finally:
        superuser.execute("DROP DATABASE modest")
        superuser.execute("DROP ROLE modest")
