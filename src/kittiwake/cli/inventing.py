"""Filling an empty database with an invented county: `./kittiwake county --scale 1`."""

from time import perf_counter
from typing import Annotated

import typer
from django.conf import settings

from kittiwake.agencies.models import Agency
from kittiwake.cli.acting import USAGE, AsJson, print_json, say, stop


def county(
    scale: Annotated[
        float, typer.Option(min=0, max=1, help="1: 152,000 children and their families.")
    ] = 0.02,
    seed: Annotated[int, typer.Option(help="The same seed gives the same county.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Fill an empty database with invented families and ten years of what happened to them.

    Nobody in it is real, and every source record says so. Exits with 2 where there are people
    already: an invented county is never mixed with them.
    """
    from kittiwake.cli.county import invent

    if Agency.objects.exists():
        raise stop(
            "There are people in this database, and an invented county needs an empty one. "
            "Say KITTIWAKE_HOME=… for another home.", USAGE
        )  # fmt: skip
    unfinished = settings.ENVIRONMENT.keep("county-unfinished")
    unfinished.touch()
    began = perf_counter()
    say("Inventing a county …")
    rows = invent(scale, seed)
    unfinished.unlink()
    seconds = perf_counter() - began
    total = sum(rows.values())
    if as_json:
        print_json({"scale": scale, "seed": seed, "seconds": round(seconds, 1),
                    "rows_a_second": round(total / seconds), "rows": rows})  # fmt: skip
        return
    for table, many in rows.items():
        typer.echo(f"{many:>12,} {table}")
    typer.echo(f"{total:,} rows in {seconds:.1f} s")
