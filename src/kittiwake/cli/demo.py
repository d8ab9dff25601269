"""What the training copy tells whoever tries it: the one-time codes of its invented people."""

import typer

from kittiwake.pages import training


def demo_code() -> None:
    """Show the code each invented person's app shows now, to sign in with."""
    people = training.people()
    if not people:
        typer.echo("This installation holds no invented people, so there are no codes to show.")
        raise typer.Exit(1)
    for person in people:
        code = training.codes_for(person["email"])[0]
        typer.echo(f"{code}  {person['email']:<40} {person['role']}")
