"""Mappings: which column of a partner's file is which field; suggested, checked, saved."""

from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from kittiwake.access.doors import NotPermitted
from kittiwake.cli.acting import USAGE, As, AsJson, print_json, say, stop, who_acts
from kittiwake.exchange import mapping as m
from kittiwake.exchange import mappings
from kittiwake.exchange.reading import Unreadable
from kittiwake.exchange.spreadsheet import read_rows

app = typer.Typer(help="Mappings: which column of a file is which field.", no_args_is_help=True)
Standard = Annotated[str, typer.Option(help=f"One of {', '.join(m.STANDARDS)}.")]


@app.command()
def suggest(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A file to look at.")],
    standard: Standard = "police",
) -> None:
    """Propose a mapping from the headings of a file, as TOML to look through and save."""
    if standard not in m.STANDARDS:
        raise stop(f"--standard: say one of {', '.join(m.STANDARDS)}.", USAGE)
    try:
        table = read_rows(path.read_bytes())
    except Unreadable as wrong:
        raise stop(str(wrong)) from None
    text = m.suggest(standard, table.columns)
    typer.echo(text, nl=False)
    try:
        m.read("suggested", text)
    except m.MappingError as wrong:
        say(f"Not complete yet. {wrong}")


@app.command()
def check(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A TOML file.")],
) -> None:
    """Check a mapping and write nothing."""
    try:
        found = m.read(path.stem, path.read_text(encoding="utf-8", errors="replace"))
    except m.MappingError as wrong:
        raise stop(str(wrong)) from None
    say(f"{found.name}: {len(found.columns)} fields of {found.standard}.")


@app.command()
def save(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A TOML file.")],
    name: Annotated[str, typer.Option(help="Save it as this; without it, the file's name.")] = "",
    as_whom: As = None,
) -> None:
    """Check a mapping and save it as the next version of its name."""
    now = timezone.now()
    by = who_acts(as_whom, "information_clerk", now)
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        version = mappings.save(name or path.stem, text, by, now)
    except (m.MappingError, NotPermitted) as wrong:
        raise stop(str(wrong)) from None
    say(f"Saved as {name or path.stem}, version {version}.")


@app.command(name="list")
def list_all(as_json: AsJson = False) -> None:
    """Every saved mapping, with its version and who saved it."""
    saved = mappings.every()
    if as_json:
        names = ("name", "version", "saved_by", "saved_at", "body")
        print_json([{key: getattr(each, key) for key in names} for each in saved])
        return
    for each in saved:
        typer.echo(
            f"{each.name}  version {each.version}, by {each.saved_by}, {each.saved_at:%d/%m/%Y}"
        )
    if not saved:
        say("No mapping is saved yet: ./kittiwake mapping suggest PATH proposes one.")


@app.command()
def fields(standard: Standard = "police") -> None:
    """The fields a mapping of a standard may name."""
    if standard not in m.STANDARDS:
        raise stop(f"--standard: say one of {', '.join(m.STANDARDS)}.", USAGE)
    for each in m.STANDARDS[standard]:
        codes = f" ({', '.join(each.codes)})" if each.codes else ""
        typer.echo(f"{each.key:<15} {each.words}{codes}{', needed' if each.is_needed else ''}")
