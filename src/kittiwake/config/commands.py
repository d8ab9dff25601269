"""The command line from above: what starts and stops things, and everything in `kittiwake.cli`.

The commands in `kittiwake.cli` read and write through Django as the web does; they find it set up
and a database running. The ones here begin before there is any of that.
"""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from importlib.metadata import version as installed
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from pydantic import SecretStr, ValidationError

from kittiwake import __version__
from kittiwake.config import serving
from kittiwake.config.environment import Environment, passing_home
from kittiwake.config.installing import environment_for, say
from kittiwake.config.postgres import NoPostgresError
from kittiwake.config.roles import NotAllowedError, kept_addresses
from kittiwake.config.standing import Ground, ground

HELP = "Kittiwake: one picture of every child at risk, and a clock on every promise made to them."
app = typer.Typer(help=HELP, no_args_is_help=True, add_completion=False, rich_markup_mode=None)

OWNERS = (("token",), ("county",), ("import", "practitioners"), ("import", "rota"))
"""Commands that say who there is: what they write, the web's role may only read."""

Port = Annotated[int | None, typer.Option(help="Listen here; without it 8000, or any free port.")]
Database = Annotated[str | None, typer.Option(help="A PostgreSQL of your own, as its owner.")]


@app.command()
def serve(
    port: Port = None,
    database: Database = None,
    reset: Annotated[bool, typer.Option("--reset", help="Begin again with an empty home.")] = False,
    demo: Annotated[
        bool | None,
        typer.Option("--demo/--no-demo", help="Fill it with an invented county, or not."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Start, report a child missing, print JSON, stop.")
    ] = False,
) -> None:
    """Set everything up and serve it on this machine (./run)."""
    environment = _environment(database)
    if demo is not None:
        environment = environment.model_copy(update={"demo": demo})
    if check:
        from kittiwake.config.checking import check as check_all

        raise SystemExit(check_all(environment, port))
    serving.serve(environment, reset=reset, port=port)


@app.command()
def migrate(database: Database = None) -> None:
    """Bring the database, its roles and the static files up to this release."""
    environment = _environment(database)
    (environment.home / "installed.json").unlink(missing_ok=True)
    with ground(environment, "static") as standing:
        say(f"Up to date: {standing.name}")


@app.command()
def worker() -> None:
    """Run a worker in the foreground: it sweeps clocks and sends what is to be sent."""
    environment = _environment()
    with ground(environment):
        command = [sys.executable, "-m", "kittiwake.config.worker"]
        raise SystemExit(subprocess.call(command, env=environment_for("worker", environment.home)))


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help="record, assess or pages.")],
    as_json: Annotated[bool, typer.Option("--json", help="One line for programs.")] = False,
) -> None:
    """Measure something against its own floor, in a home of its own; exit 1 if too slow."""
    home = passing_home("kittiwake-bench-")
    os.environ.setdefault("KITTIWAKE_DEMO_SCALE", "0")
    environment = _environment().model_copy(
        update={"home": home, "database_url": None, "demo": True, "port": 0}
    )
    try:
        with serving.serving(environment) if name == "pages" else ground(environment, "demo") as on:
            assert on is not None
            assert on.cluster is not None
            os.environ |= environment_for("app", home)
            os.environ.pop("DATABASE_URL", None)
            import django

            django.setup()
            benches = importlib.import_module("kittiwake.cli.bench")
            figures = benches.run(name, on.cluster.url(), getattr(on, "url", ""))
    finally:
        shutil.rmtree(home, ignore_errors=True)
    typer.echo(benches.as_json(figures) if as_json else benches.as_words(figures))
    raise SystemExit(0 if all(f.kept for f in figures) else 1)


@app.command()
def play(
    scenario: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON Lines.")],
    as_json: Annotated[bool, typer.Option("--json", help="A line of JSON for each event.")] = False,
) -> None:
    """Run a scripted history by its own clock in a scratch database, and say what came of it."""
    home = passing_home("kittiwake-play-")
    environment = _environment().model_copy(update={"home": home, "database_url": None})
    try:
        with ground(environment) as on:
            assert on.cluster is not None
            os.environ |= environment_for("app", home)
            os.environ.pop("DATABASE_URL", None)
            import django

            django.setup()
            player = importlib.import_module("kittiwake.cli.play")
            worker = kept_addresses(home)["worker"]
            try:
                events = player.play(scenario, on.cluster.url(), worker)
            except player.ScenarioError as problem:
                say(str(problem))
                raise SystemExit(2) from None
    finally:
        shutil.rmtree(home, ignore_errors=True)
    typer.echo(player.as_json(events) if as_json else player.as_words(events))


@app.command()
def version() -> None:
    """Say which release this is, and on what it stands."""
    typer.echo(f"Kittiwake {__version__}")
    for library in ("django", "psycopg", "procrastinate", "pydantic"):
        typer.echo(f"{library} {installed(library)}")


def _environment(database: str | None = None) -> Environment:
    environment = Environment()
    if database is None:
        return environment
    return environment.model_copy(update={"database_url": SecretStr(database)})


def main(arguments: list[str] | None = None) -> None:
    """Run one command; what a person can mend is said in a sentence, not a traceback."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        _dispatch(arguments)
    except (serving.CannotServeError, NoPostgresError, NotAllowedError) as problem:
        say(str(problem))
        raise SystemExit(1) from None
    except psycopg.OperationalError as problem:
        say(f"The database did not answer: {str(problem).splitlines()[0]}")
        raise SystemExit(1) from None
    except ValidationError as problem:
        for wrong in problem.errors(include_input=False):
            say(f"KITTIWAKE_{'_'.join(map(str, wrong['loc'])).upper()}: {wrong['msg']}")
        raise SystemExit(2) from None


def _dispatch(arguments: list[str]) -> None:
    ours = {command.name or command.callback.__name__ for command in app.registered_commands}  # type: ignore[union-attr]
    asks_for_help = not arguments or {"--help", "--version"} & set(arguments)
    if arguments and arguments[0] in ours:
        app(arguments, prog_name="kittiwake")
    elif asks_for_help:
        _with_django(Environment())(arguments or ["--help"], prog_name="kittiwake")
    else:
        environment = Environment()
        with ground(environment) as standing:
            owner = _owner(environment, standing) if _is_owners(arguments) else ""
            _with_django(environment, owner)(arguments, prog_name="kittiwake")


def _is_owners(arguments: list[str]) -> bool:
    return any(tuple(arguments[: len(words)]) == words for words in OWNERS)


def _owner(environment: Environment, standing: Ground) -> str:
    """Give the owner's address. Raises `NotAllowedError` where nobody told us."""
    if environment.database_url is not None:
        return environment.database_url.get_secret_value()
    if standing.cluster is None:
        raise NotAllowedError("This is done as the database's owner: give DATABASE_URL.")
    return standing.cluster.url()


def _with_django(environment: Environment, owner: str = "") -> typer.Typer:
    """Set Django up as the web's role (or the owner), and give every command there is."""
    role = "owner" if owner else environment.role
    os.environ |= environment_for(role, environment.home, owner)
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    # By name: the layers below may be read without this one, and it must be imported last.
    app.add_typer(importlib.import_module("kittiwake.cli.main").app)
    return app
