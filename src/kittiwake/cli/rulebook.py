"""The force's own values over the rulebook that ships: adopted by one, approved by another."""

from datetime import date
from typing import Annotated

import typer
from django.db import connection
from django.utils import timezone

from kittiwake.access.doors import NotPermitted
from kittiwake.cli.acting import USAGE, AsJson, print_json, say, stop, who_acts
from kittiwake.journal.adopting import adopt
from kittiwake.kernel import rulebook as shipped
from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.law import pack
from kittiwake.kernel.rulebook import RulebookError

app = typer.Typer(help="The force’s own values over the rulebook.", no_args_is_help=True)


@app.command(name="adopt")
def adopt_value(
    key: Annotated[str, typer.Argument(help="What it changes: CLK-11.high, hours.mash …")],
    value: Annotated[str, typer.Argument(help="20 min, 3 h, 5 WD, a role …")],
    starting: Annotated[str, typer.Option("--from", help="In force from this day: 2027-01-01.")],
    reason: Annotated[str, typer.Option(help="Why the force adopts it.")],
    by: Annotated[str, typer.Option(help="Who adopts it: sign-in address, uid or name.")],
    approved_by: Annotated[str, typer.Option(help="Who approves it: somebody else.")],
) -> None:
    """Adopt a value from a day on; both people hold the role that may."""
    now = timezone.now()
    try:
        day = date.fromisoformat(starting)
    except ValueError:
        raise stop("Give the day as 2027-01-01.") from None
    first, second = (who_acts(who, "rulebook_editor", now) for who in (by, approved_by))
    try:
        version = adopt(key, value, day, reason, by=first, approved_by=second, at=now)
    except (NotPermitted, Refused, RulebookError) as problem:
        raise stop(str(problem)) from None
    say(f"{key} is {value} from {day:%d/%m/%Y}. The rulebook is now version {version}.")


@app.command(name="law")
def list_law(
    nation: Annotated[str, typer.Option(help="ENG or WLS.")] = "ENG",
    on: Annotated[str | None, typer.Option(help="As on this day: 2027-01-01.")] = None,
    as_json: AsJson = False,
) -> None:
    """The law and guidance of a nation as dated rows: in force, not yet, or not known to be."""
    try:
        day = date.fromisoformat(on) if on else timezone.localdate()
    except ValueError:
        raise stop("Give the day as 2027-01-01.", USAGE) from None
    if nation not in ("ENG", "WLS"):
        raise stop("--nation is ENG or WLS.", USAGE)
    rows = pack("ENG" if nation == "ENG" else "WLS", day)
    book = shipped.load()
    kept = [r for r in book.clocks.values() if nation in r.nations]
    if as_json:
        named = ("key", "title", "changes", "source", "checked", "in_force_from")
        print_json([{n: getattr(law, n) for n in named} | {"state": state} for law, state in rows])
        return
    for law, state in rows:
        since = f" from {law.in_force_from:%d/%m/%Y}" if law.in_force_from else ""
        sure = "" if law.checked == "confirmed" else " (to be confirmed)"
        typer.echo(f"{state + since:<28} {law.title}{sure}. {law.changes}")
    say(f"{len(kept)} of {len(book.clocks)} clocks are for {nation}; a clock whose law is not "
        "known to be in force never runs.")  # fmt: skip


@app.command(name="list")
def list_all(as_json: AsJson = False) -> None:
    """Every value the force has adopted, newest last, with who decided it and why."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.key, r.value, r.from_on, a.name, b.name, r.reason FROM rulebook_row r "
            "JOIN practitioner a ON a.id = r.adopted_by_id "
            "JOIN practitioner b ON b.id = r.approved_by_id ORDER BY r.id"
        )
        names = ("key", "value", "from", "adopted_by", "approved_by", "reason")
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        who = f"{row['adopted_by']}, approved by {row['approved_by']}"
        typer.echo(f"{row['key']} = {row['value']} from {row['from']:%d/%m/%Y} ({who})")
    if not rows:
        say("The force has adopted no value of its own: the rulebook is as it ships.")
