"""Making a database ready: create it, its roles, tables, walls, static files, a demo county.

Every step may be done again. Runs as the database's owner, in a process of its own, so that
neither web nor worker ever holds the owner's address.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Literal

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from kittiwake.config import roles
from kittiwake.config.environment import TREE, Environment, write_privately

SOURCE = TREE / "src" / "kittiwake"
Step = Literal["tables", "static", "demo"]


def say(sentence: str) -> None:
    """Explain a step in one line, on stderr."""
    print(sentence, file=sys.stderr, flush=True)


def make_ready(home: Path, owner: str, *steps: Step) -> bool:
    """Take the steps not yet taken for this code and database; say whether there were any.

    `owner` is the address of the database's owner. Raises `roles.NotAllowedError`, or `SystemExit`
    with the installer's own code after it has said what is wrong.
    """
    stamp, now = home / "installed.json", fingerprint(owner)
    addresses = roles.addresses(home, owner)
    taken = _taken(stamp, now) if _answers(addresses["app"]) else set()
    waiting = [step for step in ("tables", *steps) if step not in taken]
    if not waiting:
        return False
    create_database(owner)
    roles.build(owner, addresses)
    done = subprocess.run(
        [sys.executable, "-m", "kittiwake.config.installing", *waiting],
        env=environment_for("owner", home, owner),
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.returncode)
    write_privately(stamp, json.dumps({"fingerprint": now, "steps": [*taken, *waiting]}))
    return True


def _taken(stamp: Path, now: str) -> set[str]:
    if not stamp.exists():
        return set()
    kept = json.loads(stamp.read_text())
    return set(kept["steps"]) if kept["fingerprint"] == now else set()


def environment_for(role: str, home: Path, where: str = "") -> dict[str, str]:
    """Give a child process its environment: its own role, and never the owner's address."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "KITTIWAKE_ROLE_URL")}
    kept |= {"KITTIWAKE_HOME": str(home), "KITTIWAKE_ROLE": role}
    kept |= {"DJANGO_SETTINGS_MODULE": "kittiwake.config.settings"}
    kept["PYTHONPATH"] = str(TREE / "src")
    return kept | ({"KITTIWAKE_ROLE_URL": where} if where else {})


def fingerprint(owner: str) -> str:
    """Digest everything an installation depends on: code, migrations, static files, versions."""
    parts = conninfo_to_dict(owner)
    parts.pop("password", None)
    digest = hashlib.sha256(repr(sorted(parts.items())).encode())
    files = [p for p in SOURCE.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    for path in sorted([*files, TREE / "requirements.txt"]):
        digest.update(str(path.relative_to(TREE)).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def create_database(owner: str) -> None:
    """Create the owner's database if the server has none of that name."""
    name = conninfo_to_dict(owner)["dbname"]
    try:
        psycopg.connect(owner, connect_timeout=10).close()
        return
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error):
            raise
    with psycopg.connect(make_conninfo(owner, dbname="postgres"), autocommit=True) as link:
        link.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(str(name))
            )
        )
        link.execute(
            sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(str(name)))
        )


def _answers(app: str) -> bool:
    try:
        with psycopg.connect(app, connect_timeout=10) as link:
            link.execute("SELECT 1 FROM django_migrations LIMIT 1")
    except psycopg.Error:
        return False
    return True


# In the owner's process -------------------------------------------------------------------------


def main(steps: list[str]) -> None:
    """Build tables and walls, gather static files, invent a county into an empty database."""
    import django

    django.setup()
    for step, sentence, take in (
        ("tables", "Creating tables …", build_tables),
        ("static", "Gathering styles and scripts …", _collect_static),
        ("demo", "Inventing a county …", _invent_county),
    ):
        if step in steps:
            say(sentence)
            take()


def build_tables() -> None:
    """Migrate, then grant and wall. One installer at a time; the lock ends with the session."""
    from django.core.management import call_command
    from django.db import connection

    from kittiwake.access import walls

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('kittiwake installing'))")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        name = connection.settings_dict["NAME"]
        walls.build(connection, f"{name}_app", f"{name}_worker")
        cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON kittiwake_cache TO "{name}_app"')


def _collect_static() -> None:
    from django.conf import settings
    from django.core.management import call_command

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)


def _invent_county() -> None:
    """Fill an empty database with invented people, where the inventor is part of this release."""
    import importlib.util

    from django.conf import settings

    from kittiwake.agencies.models import Agency

    unfinished = settings.ENVIRONMENT.keep("county-unfinished")
    if Agency.objects.exists():
        if unfinished.exists():
            say("The county was left unfinished; ./run --reset invents it again.")
        return
    if importlib.util.find_spec("kittiwake.cli.county") is None:
        return
    unfinished.touch()
    importlib.import_module("kittiwake.cli.county").invent(settings.ENVIRONMENT.demo_scale)
    unfinished.unlink()


if __name__ == "__main__":
    Environment()  # says what is wrong with the environment before anything is touched
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("Stopped before it was ready; the next start goes on from here.")
