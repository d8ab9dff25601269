"""Whether there is a database to stand on: ours, or one we were given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg.conninfo import conninfo_to_dict

from kittiwake.config import roles
from kittiwake.config.database import Cluster
from kittiwake.config.environment import Environment, settle
from kittiwake.config.installing import Step, create_database, make_ready, say
from kittiwake.config.trusting import trust


@dataclass(frozen=True)
class Ground:
    """A running, installed database. `cluster` is None where the server is not ours."""

    cluster: Cluster | None
    name: str


@contextmanager
def ground(environment: Environment, *steps: Step) -> Iterator[Ground]:
    """Have a database running, with these steps of the installation taken, inside the block.

    Given DATABASE_URL, that one; once installed there, its owner's address is not needed again.
    Raises `NoPostgresError` or `roles.NotAllowedError`, whose messages say what to do.
    """
    home = environment.home
    settle(home)
    if environment.database_url is not None:
        owner = environment.database_url.get_secret_value()
        create_database(owner)
        trust(owner)
        make_ready(home, owner, *steps)
        yield Ground(None, _name(owner))
        return
    cluster = Cluster(home, environment.postgres)
    if elsewhere := _elsewhere(environment, cluster):
        yield Ground(None, elsewhere)
        return
    if not cluster.running():
        say(f"Starting PostgreSQL {cluster.binaries.major} ({cluster.binaries.origin}) …")
    with cluster.hold():
        make_ready(home, cluster.url(), *steps)
        yield Ground(cluster, _name(cluster.url()))


def _elsewhere(environment: Environment, cluster: Cluster) -> str | None:
    """Name the database this home was installed on, if that is not our own server's."""
    kept = roles.kept_addresses(environment.home).get("app", "")
    host = conninfo_to_dict(kept).get("host")
    return _name(kept) if kept and host != str(cluster.sockets) else None


def _name(address: str) -> str:
    """Say which database it is, without telling anybody its password."""
    parts = conninfo_to_dict(address)
    return f"postgresql://{parts.get('host', '')}/{parts.get('dbname', '')}"
