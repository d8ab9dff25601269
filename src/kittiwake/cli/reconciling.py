"""Comparing partners' lists of markers with ours: `./kittiwake reconcile`, as every night."""

from dataclasses import asdict

import typer
from django.utils import timezone

from kittiwake.access.doors import NotPermitted
from kittiwake.cli.acting import As, AsJson, print_json, stop, who_acts
from kittiwake.exchange import markers


def reconcile(as_whom: As = None, as_json: AsJson = False) -> None:
    """Compare partners' lists of markers with the register; each difference gets an owner."""
    now = timezone.now()
    by = who_acts(as_whom, "mash_sergeant", now)
    try:
        done = markers.reconcile(by, now)
    except NotPermitted as why:
        raise stop(str(why)) from None
    if as_json:
        print_json(asdict(done))
        return
    typer.echo(f"{done.found} new, {done.gone} gone, {done.standing} standing: see Differences.")
