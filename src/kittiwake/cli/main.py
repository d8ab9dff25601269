"""Every command that works on an installed Kittiwake. A new one is a module and a line here.

Commands find Django set up as the web's role and a database running. Progress goes to stderr,
results to stdout; `--json` prints one line for programs.
"""

from __future__ import annotations

import typer

from kittiwake.cli import (
    asking,
    demo,
    diverging,
    feeds,
    importing,
    importing_people,
    inventing,
    mapping,
    matching,
    reconciling,
    reference,
    rulebook,
    token,
)

app = typer.Typer()
app.command()(demo.demo_code)
app.command()(inventing.county)
app.command()(reference.docs)
app.add_typer(token.app, name="token")
app.command()(asking.find)
app.command()(asking.child)
app.command()(asking.clocks)
asking.policy_app.command()(diverging.diverge)
app.add_typer(asking.policy_app, name="policy")
app.add_typer(importing.app, name="import")
app.add_typer(mapping.app, name="mapping")
app.command()(importing_people.cover)
app.command()(feeds.feeds)
app.command()(feeds.incidents)
app.command()(reconciling.reconcile)
app.add_typer(rulebook.app, name="rulebook")
app.add_typer(matching.app, name="matching")
