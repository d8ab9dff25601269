"""Who speaks to the database: the owner builds it, three weaker roles use it.

The web is `<database>_app`, the worker `<database>_worker`, disposal `<database>_eraser`. None of
them owns a table, may see past row-level security, or belongs to another role. Their addresses are
kept at home in `roles.json`, readable by us alone; the owner's is not among them.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from kittiwake.config.environment import Environment, settle, write_privately

USERS = ("app", "worker", "eraser")

LIMITS = {
    # Milliseconds. A page that has not its answer by then should say so, not hang.
    "app": {"statement_timeout": 15_000, "lock_timeout": 10_000},
    "worker": {"statement_timeout": 60_000, "lock_timeout": 10_000},
    "eraser": {"statement_timeout": 600_000, "lock_timeout": 10_000},
}
IDLE = 30_000
"""Milliseconds a transaction may sit idle: one that lingers holds up sealing (security row B6)."""


class NotAllowedError(Exception):
    """The owner's address does not let us do what setting up needs; the message says what."""


def addresses(home: Path, owner: str) -> dict[str, str]:
    """Give each role's address on the owner's database, keeping them (and passwords) at home."""
    settle(home)
    kept = kept_addresses(home)
    base = conninfo_to_dict(owner)
    made = {}
    for user in USERS:
        before = conninfo_to_dict(kept.get(user, ""))
        password = before.get("password") or secrets.token_urlsafe(24)
        made[user] = make_conninfo(
            "", **{**base, "user": f"{base['dbname']}_{user}", "password": password}
        )
    if made != kept:
        write_privately(home / "roles.json", json.dumps(made, indent=1))
    return made


def kept_addresses(home: Path) -> dict[str, str]:
    """Read the addresses kept at home; empty before the first installation."""
    try:
        kept: dict[str, str] = json.loads((home / "roles.json").read_text())
    except FileNotFoundError:
        return {}
    return kept


def address(environment: Environment) -> str | None:
    """Give the address for this process's role, or None where nothing has been installed yet."""
    if environment.role_url is not None:
        return environment.role_url.get_secret_value()
    return kept_addresses(environment.home).get(environment.role)


def build(owner: str, made: dict[str, str]) -> None:
    """Create the three roles if they are not there, and see that each is weak and can log in.

    Raises `NotAllowedError` if the owner may not create roles, or if one is too strong.
    """
    with psycopg.connect(owner, autocommit=True) as link:
        for user, where in made.items():
            _build_one(link, user, where)
        stronger = link.execute(
            """SELECT rolname FROM pg_roles r
               WHERE rolname = ANY(%s) AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole
                     OR rolreplication
                     OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid))""",
            [[conninfo_to_dict(where)["user"] for where in made.values()]],
        ).fetchall()
    if stronger:
        names = ", ".join(name for (name,) in stronger)
        raise NotAllowedError(
            f"These roles may do more than they should: {names}. Take that away first."
        )


def _build_one(link: psycopg.Connection[tuple[object, ...]], user: str, where: str) -> None:
    parts = conninfo_to_dict(where)
    role = sql.Identifier(str(parts["user"]))
    password = sql.Literal(parts["password"])
    try:
        if not link.execute(
            "SELECT 1 FROM pg_roles WHERE rolname = %s", [parts["user"]]
        ).fetchone():
            link.execute(
                sql.SQL(
                    "CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
                    " NOREPLICATION NOINHERIT PASSWORD {}"
                ).format(role, password)
            )
        elif not _can_log_in(where):
            link.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(role, password))
        link.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                sql.Identifier(str(parts["dbname"])), role
            )
        )
        limits = {**LIMITS[user], "idle_in_transaction_session_timeout": IDLE}
        for name, value in limits.items():
            link.execute(
                sql.SQL("ALTER ROLE {} SET {} = {}").format(
                    role, sql.Identifier(name), sql.Literal(value)
                )
            )
    except psycopg.errors.InsufficientPrivilege as refused:
        raise NotAllowedError(
            f"The database's owner may not set up the role {parts['user']}"
            f" ({refused.diag.message_primary}). Give it CREATEROLE."
        ) from refused


def _can_log_in(where: str) -> bool:
    try:
        psycopg.connect(where, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True
