"""Whether a server we were given keeps what it says it has kept (security row C9)."""

from __future__ import annotations

import psycopg

from kittiwake.config.postgres import OLDEST, NoPostgresError

KEEPS = ("fsync", "full_page_writes")


def trust(address: str) -> None:
    """See that a server is new enough and loses nothing it has acknowledged.

    Raises `NoPostgresError` with a sentence for each thing that must change.
    """
    with psycopg.connect(address, connect_timeout=10) as link:
        wrong = weaknesses(link)
    if wrong:
        raise NoPostgresError("This PostgreSQL will not do. " + " ".join(wrong))


def weaknesses(link: psycopg.Connection[tuple[str, ...]]) -> list[str]:
    """Say, in sentences, what about a server would lose or garble a record."""

    def said(setting: str) -> str:
        row = link.execute("SELECT current_setting(%s)", [setting]).fetchone()
        return row[0] if row else ""

    wrong = [
        f"{setting} is off, so a crash can lose what was recorded: turn it on."
        for setting in KEEPS
        if said(setting) != "on"
    ]
    if said("synchronous_commit") == "off":
        wrong.append("synchronous_commit is off: a crash loses what people saw recorded.")
    if said("server_encoding") != "UTF8":
        wrong.append(f"Its encoding is {said('server_encoding')}; names need UTF8.")
    if int(said("server_version_num")) < OLDEST * 10_000:
        wrong.append(
            f"It is version {said('server_version')}; {OLDEST} is the oldest that will do."
        )
    return wrong
