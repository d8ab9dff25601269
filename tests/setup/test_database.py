"""Our own PostgreSQL: found, private, durable, shared by who needs it, back after kill -9."""

import os
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from kittiwake.config.database import OWNER, Cluster
from kittiwake.config.environment import passing_home
from kittiwake.config.postgres import (
    NoPostgresError,
    binaries_in,
    choose,
    from_the_wheel,
    on_the_machine,
)

EVERY = {b.major: str(b.directory) for b in [*from_the_wheel(), *on_the_machine()]}


@pytest.fixture
def folder():
    """A folder for homes, which also the database's own user may pass through."""
    folder = passing_home("kittiwake-test-")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def cluster(folder):
    cluster = Cluster(folder / "home", durable=False, orphan=False)
    yield cluster
    cluster.stop()


def value_of(cluster, setting):
    with psycopg.connect(cluster.url(database="postgres")) as link:
        return link.execute("SELECT current_setting(%s)", [setting]).fetchone()[0]


@pytest.mark.parametrize("directory", EVERY.values(), ids=map(str, EVERY))
def test_every_postgresql_here_starts_durable_and_discreet(folder, directory):
    cluster = Cluster(folder / "home", directory, orphan=False)
    with cluster.hold():
        said = {
            name: value_of(cluster, name)
            for name in (
                "fsync",
                "synchronous_commit",
                "full_page_writes",
                "data_checksums",
                "log_error_verbosity",
                "log_min_error_statement",
                "log_parameter_max_length",
                "listen_addresses",
                "TimeZone",
                "server_encoding",
            )
        }
        assert said == {
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "data_checksums": "on",
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
            "log_parameter_max_length": "0",
            "listen_addresses": "",
            "TimeZone": "UTC",
            "server_encoding": "UTF8",
        }
    assert not cluster.running()


def test_the_wheel_gives_what_a_fresh_debian_lacks():
    assert [b.major for b in from_the_wheel()] == [18]


def test_the_socket_is_private_and_short(cluster):
    with cluster.hold():
        assert stat.S_IMODE(cluster.sockets.stat().st_mode) == 0o700
        assert len(str(cluster.sockets / ".s.PGSQL.5432.lock")) < 100


def test_a_place_laid_out_by_somebody_else_is_refused(cluster):
    cluster.sockets.symlink_to("/tmp")
    try:
        with pytest.raises(NoPostgresError, match="somebody else"):
            cluster.start()
    finally:
        cluster.sockets.unlink()


def test_nobody_connects_without_a_password(cluster):
    with cluster.hold(), pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(cluster.url(password="guess"))


def test_the_owner_is_no_superuser(cluster):
    with cluster.hold(), psycopg.connect(cluster.url(database="postgres")) as link:
        row = link.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles"
            " WHERE rolname = %s",
            [OWNER],
        ).fetchone()
    assert row == (False, False, True, True)


def test_the_last_one_out_stops_it(cluster):
    another = Cluster(cluster.home, durable=False)
    with cluster.hold():
        with another.hold():
            assert cluster.running()
        assert cluster.running()
    assert not cluster.running()
    assert cluster.pid() is None


def test_two_homes_run_side_by_side(cluster, folder):
    beside = Cluster(folder / "beside", durable=False, orphan=False)
    with cluster.hold(), beside.hold():
        assert cluster.url() != beside.url()
        with psycopg.connect(cluster.url(database="postgres"), autocommit=True) as link:
            link.execute("CREATE DATABASE only_here")
        psycopg.connect(cluster.url(database="only_here")).close()
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            psycopg.connect(beside.url(database="only_here"))


def test_after_kill_nine_it_recovers_what_was_committed(cluster):
    durable = Cluster(cluster.home, orphan=False)
    with durable.hold():
        with psycopg.connect(durable.url(database="postgres"), autocommit=True) as link:
            link.execute("CREATE DATABASE kept")
        with psycopg.connect(durable.url(database="kept"), autocommit=True) as link:
            link.execute("CREATE TABLE promise (n int)")
            link.execute("INSERT INTO promise SELECT generate_series(1, 1000)")
        os.kill(durable.pid(), signal.SIGKILL)
        while durable.pid() is not None:
            time.sleep(0.01)
        assert durable.revive()
        assert not durable.revive()
        with psycopg.connect(durable.url(database="kept")) as link:
            assert link.execute("SELECT count(*) FROM promise").fetchone() == (1000,)


def test_a_stale_pid_that_now_belongs_to_another_is_no_obstacle(cluster):
    with cluster.hold():
        left = (cluster.data / "postmaster.pid").read_text()
    bystander = subprocess.Popen(["sleep", "60"], **cluster.account.identity())
    try:
        _, _, rest = left.partition("\n")
        cluster._write(cluster.data / "postmaster.pid", f"{bystander.pid}\n{rest}")
        assert cluster.pid() is None
        with cluster.hold():
            assert cluster.running()
    finally:
        bystander.kill()
        bystander.wait()
    assert bystander.returncode == -signal.SIGKILL, "only we ended it"


def test_a_wish_that_cannot_be_met_says_what_there_is():
    with pytest.raises(NoPostgresError, match=r"KITTIWAKE_POSTGRES=99 .* 18 \(embedded\)"):
        choose("99")


def test_data_kept_by_a_version_that_has_gone_is_never_touched():
    with pytest.raises(NoPostgresError, match="written by PostgreSQL 99"):
        choose("", kept=99)


@pytest.mark.parametrize(("said", "good"), [("14.9", False), ("15.1 (Debian)", True), ("", False)])
def test_fifteen_is_the_oldest_that_will_do(tmp_path, said, good):
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {said}'\n")
        (tmp_path / name).chmod(0o755)
    assert bool(binaries_in(tmp_path, "made up")) is good


def test_begin_again_leaves_nothing(cluster):
    with cluster.hold():
        pass
    assert cluster.data.exists()
    cluster.erase()
    assert not cluster.data.exists()
    assert Path(cluster.home).exists()
