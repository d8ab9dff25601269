"""What came and what did not: the feeds, and the incidents that no missing record knows."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated

import typer
from django.utils import timezone

from kittiwake.access.doors import NotPermitted, as_practitioner
from kittiwake.cli.acting import USAGE, WAITING, As, AsJson, print_json, say, stop, who_acts
from kittiwake.exchange import feeds as heard
from kittiwake.exchange import unrecorded as audit
from kittiwake.exchange.writing import as_csv
from kittiwake.kernel.known import Actor
from kittiwake.kernel.questions import show_moment


def feeds(
    end: Annotated[str, typer.Option(help="End a feed by its key: it will not come again.")] = "",
    reason: Annotated[str, typer.Option(help="Why it ends.")] = "",
    as_whom: As = None,
    as_json: AsJson = False,
) -> None:
    """Every feed: when something new last came, when it should, who answers for it.

    Exits with 3 where one is late.
    """
    now = timezone.now()
    by = who_acts(as_whom, "information_clerk", now)
    if end:
        _end(end, reason, by, now)
    with as_practitioner(by):
        every = heard.all_heard(now)
    if as_json:
        print_json([asdict(feed) for feed in every])
    else:
        for feed in every:
            state = "LATE   " if feed.is_late else "in time"
            typer.echo(
                f"{state}  {feed.key:<24} last new {show_moment(feed.heard_at)}, expected within "
                f"{feed.expected}; {feed.owner or feed.owner_role}"
            )
        if not every:
            say("No file has come yet.")
    raise typer.Exit(WAITING if any(feed.is_late for feed in every) else 0)


def _end(key: str, reason: str, by: Actor, now: datetime) -> None:
    if not reason.strip():
        raise stop("Say why it ends: --reason.", USAGE)
    try:
        heard.end(key, reason, by, now)
    except NotPermitted as why:
        raise stop(str(why)) from None
    except LookupError:
        raise stop(f"There is no feed {key}.") from None


def incidents(
    days: Annotated[int, typer.Option(min=1, max=3660, help="How many days to look back.")] = 90,
    csv: Annotated[bool, typer.Option("--csv", help="Print a spreadsheet.")] = False,
    as_whom: As = None,
    as_json: AsJson = False,
) -> None:
    """Incidents that say somebody is missing and that no missing record knows.

    Exits with 3 where there is one.
    """
    now = timezone.now()
    by = who_acts(as_whom, "auditor", now)
    try:
        found = audit.unrecorded(by, now, now - timedelta(days=days))
    except NotPermitted as why:
        raise stop(str(why)) from None
    if as_json:
        print_json([asdict(each) | {"why": each.why} for each in found])
    elif csv:
        head = ("Incident", "When", "Opened as", "Closed as", "Child", "Born", "Why")
        rows = [(i.number, show_moment(i.happened_at), i.opened_as, i.closed_as, i.name,
                 i.born_on or "", i.why) for i in found]  # fmt: skip
        typer.echo(as_csv(head, rows), nl=False)
    else:
        for each in found:
            who = each.name or "nobody named"
            typer.echo(f"{each.number}  {show_moment(each.happened_at)}  {who}: {each.why}")
        if not found:
            say(f"Every incident of {days} days that says somebody is missing has its record.")
    raise typer.Exit(WAITING if found else 0)
