"""Row A4: the database itself refuses; no table is without a wall.

Figure: 0 rows of every walled table for the web's role without a context, 100 % of tables in the
inventory, and each walled one with row-level security enabled and forced.
"""

from __future__ import annotations

import pytest

from kittiwake.access.walls import LIBRARIES, TABLES
from tests.security.attack import REPORT, Link, speaking_as, weakened
from tests.worlds import NOW, World

WALLED = sorted(name for name, wall in TABLES.items() if wall.read not in (None, "true"))
# Read by everybody who works here: who acts, who is on duty, the rulebook. No child is in these.
OPEN = sorted(set(TABLES) - set(WALLED))

_CATALOG = """
SELECT c.relname, c.relkind::text, c.relrowsecurity, c.relforcerowsecurity
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT LIKE 'pg\\_%'
  AND n.nspname <> 'information_schema'
"""


def unwalled(owner: Link) -> dict[str, str]:
    """What is wrong with each table of the database, by name; empty when nothing is."""
    wrong = {}
    for name, kind, enabled, forced in owner.execute(_CATALOG).fetchall():
        if kind != "r":
            wrong[name] = "not a plain table: views and partitions need a decision of their own"
        elif name in TABLES:
            if TABLES[name].read and not (enabled and forced):
                wrong[name] = "row-level security is not enabled and forced"
        elif not name.startswith(LIBRARIES):
            wrong[name] = "neither in walls.TABLES nor a library's"
    return wrong


def test_a4_every_table_is_in_the_inventory_and_walled(owner: Link) -> None:
    assert unwalled(owner) == {}
    names = {row[0] for row in owner.execute(_CATALOG).fetchall()}
    assert set(TABLES) <= names


@pytest.mark.parametrize(
    "hole",
    [
        "CREATE TABLE forgotten (person_id bigint)",
        "CREATE VIEW forgotten AS SELECT * FROM detail",
        "CREATE MATERIALIZED VIEW forgotten AS SELECT * FROM detail",
        "ALTER TABLE detail DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE detail NO FORCE ROW LEVEL SECURITY",
        "CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.copy AS SELECT * FROM detail",
    ],
)
def test_a4_negative_control_a_hole_is_found(owner: Link, hole: str) -> None:
    with owner.transaction(force_rollback=True):
        owner.execute(hole)  # type: ignore[arg-type]
        assert len(unwalled(owner)) == 1


def fill(w: World, owner: Link) -> None:
    """At least one row in every walled table, written by the owner where record() writes none."""
    from tests.security.crowd import Crowd

    Crowd(owner, seed=1, agencies=2, per_agency=2, people=3)


def test_a4_without_a_context_there_are_no_rows(world: None, owner: Link, app: Link) -> None:
    fill(World(owner), owner)
    for table in WALLED:
        assert owner.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0, table  # type: ignore[index,arg-type]
    assert visible(app) == {}
    # Nor for somebody who is not there, nor for an empty or a broken context.
    for practitioner in (0, -1, 2**40):
        assert visible(app, practitioner) == {}


def visible(link: Link, practitioner: int | None = None) -> dict[str, int]:
    """How many rows of each walled table show, where any do."""
    seen = {}
    with speaking_as(link, practitioner) as cursor:
        for table in WALLED:
            column = "id" if table == "about" else "*"
            cursor.execute(f"SELECT {column} FROM {table}")  # type: ignore[arg-type]
            if cursor.rowcount:
                seen[table] = cursor.rowcount
    return seen


def test_a4_negative_control_an_open_policy_is_seen(world: None, owner: Link, app: Link) -> None:
    fill(World(owner), owner)
    with weakened(
        owner,
        "ALTER POLICY reading ON detail USING (true)",
        "ALTER TABLE identifier DISABLE ROW LEVEL SECURITY",
    ):
        assert set(visible(app)) == {"detail", "identifier"}
    assert visible(app) == {}


def test_a4_what_is_open_holds_no_child(owner: Link) -> None:
    """No column of an open table names a person, a case or an entry."""
    about = owner.execute(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name = ANY (%s) "
        "AND column_name ~ '^(person|case|entry)(_id|_uid)?$'",
        [OPEN],
    ).fetchall()
    assert about == []


def test_a4_a_context_of_the_session_is_what_the_walls_believe(w: World, app: Link) -> None:
    """Honest limit: whoever can speak as the web's role can say who they are. Not who leased."""
    kid = w.child()
    w.say("handler", REPORT, kid, NOW)
    app.execute("SELECT set_config('kittiwake.practitioner', %s, false)", [str(w.staff["hub"])])
    assert app.execute("SELECT count(*) FROM pointer").fetchone() == (1,)
    assert app.execute("SELECT count(*) FROM detail").fetchone() == (0,)
