"""Row A8: no view, materialised view or function is a way round the walls.

Figure: 0 views that do not ask as their caller, 0 materialised views, every function that runs as
the owner in the list below, each with a fixed search_path that ends in pg_temp, callable by whom
it is meant for.
"""

from __future__ import annotations

import psycopg
import pytest

from kittiwake.access.walls import FUNCTIONS
from tests.security.attack import Link, lease, speaking_as, weakened
from tests.security.crowd import Crowd

# Reviewed: what each gives to whoever calls it, and why that is no way to words.
RUN_AS_OWNER = {
    "describe_again": "nothing; writes only about people whose record stands open to me",
    "case_news": "kinds and times of entries in cases within reach; never words",
    "feeds_heard": "names of feeds and agencies, and when they last sent; of no child",
    "find_arrivals": "ids of people, and whether what I sent agrees; logged as a look",
    "births_on_file": "how many on file were born in each year",
    "find_candidates": "ids of people within reach, with the ids of their names, dates of birth and"
    " whether they live where it was said; of restricted ones only what was asked",
    "find_people": "ids of people within reach whose number this is",
    "kittiwake_index_pointers": "nothing; a trigger that writes the index of names",
    "kittiwake_may_link": "whether I may say that these two are one",
    "link_people": "nothing; moves what is known of one record to another, after my entry",
    "settle_match": "nothing; notes what I decided about two records",
    "unlink_people": "nothing; moves it back, after my entry",
    "names_on_file": "names, and how many have each; nobody's record",
    "seen_people": "ids of people within reach; of restricted ones only that they exist, to those"
    " who work with every child",
    "reconcile_markers": "counts, for those who look after partners’ lists",
    "policy_divergence": "counts by team and rule of the policy, for those who review it",
    "kittiwake_may_reconcile": "whether a practitioner looks after partners’ lists",
    "kittiwake_may_review_policy": "whether a practitioner reviews the policy",
    "markers_nearby": "types of markers at the address of people whose record stands open to me",
    "incidents_unrecorded": "numbers and times of incidents no record knows, with names; to those"
    " who check, and of a restricted record only that it is one",
    "journal_known": "kinds, times and codes, of people whose record stands open to me",
    "kittiwake_may_audit_incidents": "whether a practitioner may check incidents",
    "kittiwake_may_open_restricted": "whether a practitioner may open restricted records",
    "kittiwake_open_to_me": "ids of people whose record stands open to me",
    "meet_person": "the id of the new person",
    "move_details": "nothing; needs two people",
    "open_doors": "when the lease ends",
    "who_opened": "names of practitioners, of a record that stands open to me",
}
FIXED = "search_path=pg_catalog, public, pg_temp"

_FUNCTIONS = """
SELECT p.proname, p.prosecdef, coalesce(array_to_string(p.proconfig, '; '), ''),
       has_function_privilege('kittiwake_app', p.oid, 'EXECUTE'),
       has_function_privilege('kittiwake_worker', p.oid, 'EXECUTE'),
       has_function_privilege('kittiwake_eraser', p.oid, 'EXECUTE')
FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
"""


def wrong_functions(owner: Link) -> dict[str, str]:
    """What is wrong with each function, by name."""
    wrong = {}
    for name, as_owner, config, app, worker, eraser in owner.execute(_FUNCTIONS).fetchall():
        if name.startswith("procrastinate_"):
            if as_owner:
                wrong[name] = "a library's function runs as the owner"
            continue
        if as_owner and name not in RUN_AS_OWNER:
            wrong[name] = "runs as the owner and is not reviewed"
        elif as_owner and config.split("; ")[0] != FIXED:
            wrong[name] = f"its search_path is not fixed: {config}"
        elif (app, worker) != tuple(r in FUNCTIONS.get(name, "") for r in ("app", "worker")):
            wrong[name] = "may be called by somebody walls.FUNCTIONS does not name"
        elif eraser:
            wrong[name] = "may be called by the eraser"
    return wrong


def views(owner: Link) -> list[str]:
    """Views that ask as their owner, and materialised views."""
    rows = owner.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "AND (relkind = 'm' OR (relkind = 'v' AND NOT coalesce(reloptions, '{}') @> "
        "'{security_invoker=true}'))"
    ).fetchall()
    return [name for (name,) in rows]


def test_a8_no_view_asks_as_its_owner_and_none_is_materialised(owner: Link) -> None:
    assert views(owner) == []


def test_a8_every_function_is_reviewed_fixed_and_granted(owner: Link) -> None:
    assert wrong_functions(owner) == {}
    names = {row[0] for row in owner.execute(_FUNCTIONS).fetchall() if row[1]}
    assert names == set(RUN_AS_OWNER)


@pytest.mark.parametrize(
    "hole",
    [
        "CREATE FUNCTION leak() RETURNS SETOF detail LANGUAGE sql SECURITY DEFINER"
        " AS 'SELECT * FROM detail'",
        "ALTER FUNCTION open_doors(bigint[], text, int) SET search_path = public",
        "ALTER FUNCTION journal_known(bigint[]) RESET search_path",
        "GRANT EXECUTE ON FUNCTION move_details(bigint, bigint, bigint, bigint) TO PUBLIC",
    ],
)
def test_a8_negative_control_a_hole_is_found(owner: Link, hole: str) -> None:
    with owner.transaction(force_rollback=True):
        owner.execute(hole)  # type: ignore[arg-type]
        assert len(wrong_functions(owner)) == 1


def test_a8_negative_control_views_are_found(owner: Link) -> None:
    with owner.transaction(force_rollback=True):
        owner.execute("CREATE VIEW plain AS SELECT * FROM detail")
        owner.execute("CREATE MATERIALIZED VIEW kept AS SELECT * FROM detail")
        owner.execute("CREATE VIEW asked WITH (security_invoker=true) AS SELECT * FROM detail")
        assert sorted(views(owner)) == ["kept", "plain"]


# ── None gives words without a lease ────────────────────────────────────────────────────

CALLS = (
    "SELECT * FROM journal_known((SELECT array_agg(n) FROM generate_series(1, 99) n))",
    "SELECT w.* FROM generate_series(1, 99) n, who_opened(n, '-infinity') w",
    "SELECT * FROM case_news((SELECT array_agg(n) FROM generate_series(1, 99) n), '{}', '{}')",
    "SELECT * FROM find_people('9994021265')",
    "SELECT * FROM seen_people((SELECT array_agg(n) FROM generate_series(1, 99) n))",
    "SELECT * FROM find_candidates('{}', '{}', '{0}', '{0}', 0, 0, '{}', true, true)",
    "SELECT given, family FROM names_on_file()",
    "SELECT * FROM births_on_file()",
    "SELECT m.* FROM generate_series(1, 99) n, markers_nearby(n, '{cse,cawn,bail}') m",
    "SELECT * FROM find_arrivals((SELECT jsonb_agg(jsonb_build_object('n', n, 'feed', 'feed',"
    " 'ref', 'ref-' || n, 'key', '', 'ids', '[]'::jsonb, 'said', '[]'::jsonb))"
    " FROM generate_series(1, 99) n))",
    'SELECT describe_again(\'[{"record": 1, "person": 1, "feed": "feed", "facts": {}}]\')',
    "SELECT meet_person(gen_random_uuid(), 'x', 'x', NULL)",
)


@pytest.fixture
def crowd(world: None, owner: Link) -> Crowd:
    return Crowd(owner, seed=5, agencies=4, per_agency=4, people=12)


def said(link: Link, practitioner: int, *, recording: bool = False) -> str:
    """Everything the functions answer a practitioner, errors included, in one text."""
    heard = []
    for call in CALLS:
        try:
            with speaking_as(link, practitioner, recording=recording) as cursor:
                cursor.execute(call)  # type: ignore[arg-type]
                heard.append(str(cursor.fetchall()))
        except psycopg.Error as error:
            heard.append(str(error))
    return "\n".join(heard)


def test_a8_no_function_gives_words(crowd: Crowd, app: Link) -> None:
    for person in crowd.staff:
        assert "CANARY" not in said(app, person.id)


def test_a8_negative_control_a_function_that_tells_is_heard(
    crowd: Crowd, app: Link, owner: Link
) -> None:
    who = crowd.staff[0]
    with weakened(
        owner,
        "CREATE OR REPLACE FUNCTION who_opened(of_person bigint, since timestamptz)"
        " RETURNS TABLE (name text) LANGUAGE sql STABLE SECURITY DEFINER"
        " SET search_path = pg_catalog, public, pg_temp"
        " AS 'SELECT answers::text FROM detail WHERE person_id = of_person'",
    ):
        assert "CANARY" in said(app, who.id)


def test_a8_what_the_judge_knows_is_given_only_where_the_record_stands_open(
    crowd: Crowd, app: Link, owner: Link
) -> None:
    crowd.forget_leases()
    reader, child = crowd.staff[0], crowd.people[0]
    known = "SELECT count(*) FROM journal_known(ARRAY[%s]::bigint[])"
    with speaking_as(app, reader.id) as cursor:
        assert cursor.execute(known, [child]).fetchone() == (0,)
    lease(owner, reader.id, child, "recording")
    with speaking_as(app, reader.id) as cursor:
        assert cursor.execute(known, [child]).fetchone() == (0,)
    with speaking_as(app, reader.id, recording=True) as cursor:
        assert cursor.execute(known, [child]).fetchone()[0] > 0  # type: ignore[index]


def test_a8_a_temporary_table_never_stands_in_front_of_ours(
    crowd: Crowd, app: Link, owner: Link
) -> None:
    """Even where temporary tables are allowed: an empty `conflict` of one's own opens no door."""
    crowd.forget_leases()
    reader, child = crowd.staff[0], crowd.people[0]
    owner.execute("DELETE FROM known_to")
    owner.execute("UPDATE person SET is_restricted = true WHERE id = %s", [child])
    owner.execute(
        "INSERT INTO conflict (practitioner_id, person_id, declared_at, reason)"
        " VALUES (%s, %s, now(), 'neighbour')",
        [reader.id, child],
    )
    shadow = (
        "CREATE TEMPORARY TABLE conflict (practitioner_id bigint, person_id bigint);"
        "CREATE TEMPORARY TABLE person (id bigint, is_restricted boolean);"
        "CREATE TEMPORARY TABLE known_to AS SELECT %s::bigint AS person_id, a.id AS agency_id,"
        " NULL::date AS until_on FROM agency a"
    )
    with weakened(owner, "GRANT TEMPORARY ON DATABASE kittiwake TO kittiwake_app"):
        with speaking_as(app, reader.id) as cursor:
            for statement in shadow.split(";"):
                cursor.execute(statement.replace("%s", str(child)))  # type: ignore[arg-type]
            with pytest.raises(psycopg.errors.RaiseException, match="conflict"):
                cursor.execute(
                    "SELECT open_doors(ARRAY[%s]::bigint[], 'care of the child', 30)", [child]
                )
        owner.execute("REVOKE TEMPORARY ON DATABASE kittiwake FROM kittiwake_app")
