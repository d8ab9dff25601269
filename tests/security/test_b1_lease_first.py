"""Row B1: no word is read without a committed lease; the database itself sees to it.

Figure: 0 canaries in anything that 60 ways of asking get out of six tables of words (rows, errors,
notices, plans, statistics), without a lease, with one that has ended, for another child, or for
recording; and all of the child's own with a lease to read.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection

from kittiwake.access.doors import DoorShut, as_practitioner, open_door
from kittiwake.journal.reading import chronology
from tests.security.attack import REPORT, Link, lease, speaking_as, weakened
from tests.security.crowd import Crowd, Reader
from tests.worlds import NOW, World

CANARY = re.compile(r"CANARY-\d{6}")
WORDS = {
    "detail": "answers",
    "protected": "answer",
    "source_record": "given",
    "identifier": "value",
    "address": "line",
    "assessment": "reasons",
}
ASKING = (
    # Plainly
    "SELECT * FROM {t}",
    "TABLE {t}",
    "SELECT {c} FROM ONLY {t}",
    "SELECT {c} FROM {t} WHERE person_id = {p}",
    "SELECT {c} FROM {t} WHERE id = ANY (SELECT generate_series(1, 500))",
    "SELECT {c} FROM {t} WHERE ctid = '(0,1)'",
    "SELECT {c} FROM {t} TABLESAMPLE BERNOULLI (100)",
    "SELECT x::text FROM {t} x",
    "SELECT (x).{c} FROM {t} x",
    "SELECT to_jsonb(x) FROM {t} x",
    "SELECT json_agg(x) FROM {t} x",
    "SELECT string_agg({c}::text, ' ') FROM {t}",
    "SELECT min({c}::text), max({c}::text) FROM {t}",
    "SELECT {c}::text, count(*) FROM {t} GROUP BY 1 HAVING count(*) > 0",
    "SELECT first_value({c}::text) OVER (ORDER BY id) FROM {t}",
    # Through something else
    "WITH x AS (SELECT * FROM {t}) SELECT * FROM x",
    "WITH x AS MATERIALIZED (SELECT * FROM {t}) SELECT {c} FROM x",
    "WITH RECURSIVE x AS (SELECT id, {c} FROM {t} UNION SELECT y.id, y.{c} FROM {t} y, x"
    " WHERE y.id = x.id + 1) SELECT * FROM x",
    "SELECT (SELECT {c} FROM {t} LIMIT 1)",
    "SELECT ARRAY(SELECT {c}::text FROM {t})",
    "SELECT a.{c} FROM {t} a JOIN {t} b USING (person_id)",
    "SELECT x.{c} FROM person p CROSS JOIN LATERAL (SELECT * FROM {t} WHERE person_id = p.id) x",
    "SELECT x.{c} FROM pointer q LEFT JOIN {t} x ON x.person_id = q.person_id",
    "SELECT x.{c} FROM {t} x FULL JOIN entry e ON e.person_id = x.person_id",
    "SELECT {c} FROM {t} UNION ALL SELECT {c} FROM {t}",
    "SELECT {c} FROM {t} EXCEPT SELECT {c} FROM {t} WHERE false",
    "SELECT * FROM {t} WHERE EXISTS (SELECT 1 FROM {t})",
    "SELECT table_to_xml('{t}', true, true, '')",
    "SELECT query_to_xml('SELECT {c} FROM {t}', true, true, '')",
    "SELECT query_to_xml('SELECT {c}::text FROM {t}', true, false, '')::text",
    "COPY (SELECT {c} FROM {t}) TO STDOUT",
    "DECLARE x CURSOR FOR SELECT {c} FROM {t}; FETCH ALL FROM x",
    "PREPARE asked AS SELECT {c} FROM {t}; EXECUTE asked",
    # By making the database say it in an error, a notice or a plan
    "SELECT {c}::text::int FROM {t}",
    "SELECT * FROM {t} WHERE {c}::text::int = 1",
    "SELECT * FROM {t} WHERE ({c}::text)::date < now()",
    "SELECT ({c}::text)::xml FROM {t} WHERE ({c}::text)::uuid IS NOT NULL",
    "SELECT 1 / (CASE WHEN {c}::text LIKE '%CANARY%' THEN 0 ELSE 1 END) FROM {t}",
    "SELECT set_config('kittiwake.' || {c}::text, 'x', true) FROM {t}",
    "SELECT set_config('kittiwake.heard', {c}::text, true) FROM {t}",
    "SELECT current_setting({c}::text) FROM {t}",
    "SELECT to_regclass({c}::text), {c}::text::regclass FROM {t}",
    "SELECT pg_notify('heard', {c}::text) FROM {t}",
    "SELECT lpad('', ({c}::text)::int) FROM {t}",
    "DO $$ DECLARE x text; BEGIN FOR x IN SELECT {c} FROM {t} LOOP RAISE NOTICE '%', x;"
    " END LOOP; END $$",
    "DO $$ BEGIN RAISE EXCEPTION '%', (SELECT string_agg({c}::text, ' ') FROM {t}); END $$",
    "EXPLAIN (ANALYZE, VERBOSE, TIMING off, SUMMARY off) SELECT {c} FROM {t}",
    "EXPLAIN (ANALYZE, VERBOSE, TIMING off, SUMMARY off) SELECT * FROM {t} x, {t} y"
    " WHERE x.{c} = y.{c}",
    # By carrying it to where one may read
    "INSERT INTO draft (uid, author_id, kind, raw, saved_at) SELECT gen_random_uuid(), {me}, id,"
    " to_jsonb({c}), now() FROM {t} RETURNING raw",
    "INSERT INTO look (practitioner_id, at, what, people) SELECT {me}, now(),"
    " right({c}::text, 60), '{{}}' FROM {t} RETURNING what",
    "INSERT INTO message (to_id, sentence, link, written_at) SELECT {me}, {c}::text, '', now()"
    " FROM {t}; SELECT sentence FROM message",
    "INSERT INTO refusal (practitioner_id, at, what, reasons) SELECT {me}, now(), '',"
    " to_jsonb({c}) FROM {t} RETURNING reasons",
    "UPDATE draft SET raw = to_jsonb(x.{c}) FROM {t} x RETURNING raw",
    "MERGE INTO draft d USING {t} x ON d.author_id = {me}"
    " WHEN MATCHED THEN UPDATE SET raw = to_jsonb(x.{c}); SELECT raw FROM draft",
    # From what the database knows of its own data
    "SELECT most_common_vals::text, histogram_bounds::text FROM pg_stats WHERE tablename = '{t}'",
    "SELECT * FROM pg_stats_ext",
    "SELECT * FROM pg_prepared_statements",
    "SELECT query FROM pg_stat_activity",
    "SELECT * FROM pg_cursors",
    "SELECT lo_get(loid) FROM pg_largeobject_metadata m(loid)",
)
PLANS = (
    "",
    "SET LOCAL enable_seqscan = off",
    "SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off",
    "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off",
    "SET LOCAL plan_cache_mode = force_generic_plan",
    "SET LOCAL from_collapse_limit = 1; SET LOCAL join_collapse_limit = 1",
)


@pytest.fixture
def crowd(world: None, owner: Link) -> Crowd:
    crowd = Crowd(owner, seed=7, agencies=3, per_agency=3, people=6)
    crowd.forget_leases()
    owner.execute("DELETE FROM draft")
    owner.execute("ANALYZE")
    return crowd


def heard(
    link: Link,
    me: int,
    person: int,
    *,
    recording: bool = False,
    every: int = 1,
    asking: Sequence[str] = ASKING,
    tables: Sequence[str] = tuple(WORDS),
) -> set[str]:
    """Every canary that any way of asking brings out, in rows, errors, notices or plans."""
    told: list[str] = []
    link.add_notice_handler(lambda d: told.append(f"{d.message_primary} {d.message_detail}"))
    asked = [(table, ask) for table in tables for ask in asking]
    for number, (table, ask) in enumerate(asked[::every]):
        said = ask.format(t=table, c=WORDS[table], p=person, me=me)
        try:
            with speaking_as(link, me, recording=recording) as cursor:
                if plan := PLANS[number % len(PLANS)]:
                    cursor.execute(plan)  # type: ignore[arg-type]
                told.append(_answer(cursor, said))
        except psycopg.Error as error:
            diag = error.diag
            told.append(f"{error} {diag.message_detail} {diag.context} {diag.message_hint}")
    return set(CANARY.findall("\n".join(told)))


def _answer(cursor: psycopg.Cursor[object], said: str) -> str:
    if said.startswith("COPY"):
        with cursor.copy(said) as copy:  # type: ignore[arg-type]
            return b"".join(copy).decode()
    cursor.execute(said)  # type: ignore[arg-type]
    answers = []
    while True:
        if cursor.description:
            answers.append(str(cursor.fetchall()))
        if not cursor.nextset():
            return "\n".join(answers)


def a_wide_reader(crowd: Crowd) -> Reader:
    """Somebody whom only the lease keeps from every word about everybody."""
    return next(s for s in crowd.staff if s.is_active and s.kind == "police" and not s.conflicts)


@pytest.fixture
def reader(crowd: Crowd, owner: Link) -> Reader:
    with owner.transaction():
        owner.execute("SELECT set_config('kittiwake.erasing', 'on', true)")
        owner.execute("DELETE FROM conflict")
    for one in crowd.staff:
        one.conflicts.clear()
    return a_wide_reader(crowd)


def test_b1_without_a_lease_no_word_is_heard(crowd: Crowd, reader: Reader, app: Link) -> None:
    assert len(ASKING) >= 60
    assert heard(app, reader.id, crowd.people[0]) == set()


def test_b1_with_a_lease_that_ended_none(
    crowd: Crowd, reader: Reader, app: Link, owner: Link
) -> None:
    lease(owner, reader.id, crowd.people[0], opened=timedelta(hours=1))
    assert heard(app, reader.id, crowd.people[0], every=3) == set()


def test_b1_a_lease_to_record_opens_no_words(
    crowd: Crowd, reader: Reader, app: Link, owner: Link
) -> None:
    for person in crowd.people:
        lease(owner, reader.id, person, "recording")
    assert heard(app, reader.id, crowd.people[0], every=3) == set()
    # Not where it counts, either: while something is recorded.
    assert heard(app, reader.id, crowd.people[0], recording=True) == set()


def test_b1_a_lease_opens_the_record_of_its_child_and_no_other(
    crowd: Crowd, reader: Reader, app: Link, owner: Link
) -> None:
    """The detector's control as well: with a lease, everything this reader may read is heard."""
    from tests.security.test_a3_policy_is_rls import STATEMENT, Rights

    child = crowd.people[0]
    lease(owner, reader.id, child)
    reader.leases.append((child, "care of the child", True))
    rights = Rights(reader, crowd.known[reader.agency], recording=False)
    may = {
        canary
        for table in WORDS
        for row in crowd.rows[table]
        if STATEMENT[table](rights, row)
        for canary in CANARY.findall(str(row))
    }
    got = heard(app, reader.id, child)
    assert len(may) > 10
    assert got == may
    # And most ways of asking do bring words out, where there is a lease.
    telling = [
        ask for ask in ASKING if heard(app, reader.id, child, asking=[ask], tables=["identifier"])
    ]
    assert len(telling) >= 40


def test_b1_negative_control_without_the_wall_everything_is_heard(
    crowd: Crowd, reader: Reader, app: Link, owner: Link
) -> None:
    with weakened(owner, "ALTER POLICY reading ON identifier USING (person_id > 0)"):
        assert len(heard(app, reader.id, crowd.people[0])) == len(crowd.people)


# ── The lease is committed before the first word, whatever happens to the reading ──────


def test_b1_a_lease_of_the_same_transaction_opens_nothing(
    crowd: Crowd, reader: Reader, app: Link, owner: Link
) -> None:
    """Who opens, reads and rolls back leaves no trace: so they read nothing."""
    child = crowd.people[0]
    owner.execute("UPDATE person SET is_restricted = false")
    asked = "SELECT count(*) FROM detail WHERE person_id = %s"
    with speaking_as(app, reader.id) as cursor:
        cursor.execute("SELECT open_doors(ARRAY[%s]::bigint[], 'care of the child', 30)", [child])
        cursor.execute("SAVEPOINT inner_one")
        assert cursor.execute(asked, [child]).fetchone() == (0,)
    with app.transaction():
        app.execute("SELECT set_config('kittiwake.practitioner', %s, true)", [str(reader.id)])
        app.execute("SELECT open_doors(ARRAY[%s]::bigint[], 'care of the child', 30)", [child])
    with speaking_as(app, reader.id) as cursor:
        assert cursor.execute(asked, [child]).fetchone()[0] > 0  # type: ignore[index]


def test_b1_rolling_back_the_reading_leaves_the_lease(w: World) -> None:
    kid, inspector = w.child(), w.who("inspector")
    w.say("handler", REPORT, kid)
    open_door(inspector, [kid], "missing")
    with contextlib.suppress(ZeroDivisionError), as_practitioner(inspector):
        assert "no coat" in chronology(kid, NOW)[0].told
        raise ZeroDivisionError
    assert w.rows("SELECT person_id FROM lease WHERE purpose = 'missing'") == [(kid,)]


def test_b1_where_no_lease_can_be_written_nothing_is_read(w: World, owner: Link) -> None:
    """Row B3: the log fails, and so does the reading."""
    kid, inspector = w.child(), w.who("inspector")
    w.say("handler", REPORT, kid)
    owner.execute("ALTER TABLE lease ADD CONSTRAINT full_disk CHECK (id < 0) NOT VALID")
    try:
        with pytest.raises(DatabaseError):
            open_door(inspector, [kid], "missing")
        with as_practitioner(inspector):
            assert all(line.hidden for line in chronology(kid, NOW))
    finally:
        owner.execute("ALTER TABLE lease DROP CONSTRAINT full_disk")


def test_b1_a_door_that_stays_shut_is_logged_and_writes_no_lease(w: World) -> None:
    kid = w.child(known="home")
    w.owner.execute("DELETE FROM known_to WHERE agency_id <> %s", [w.agencies["home"]])
    with pytest.raises(DoorShut):
        open_door(w.who("lead"), [kid], "care of the child")
    assert w.rows("SELECT count(*) FROM lease WHERE practitioner_id = %s", w.staff["lead"]) == [
        (0,)
    ]
    assert w.rows("SELECT person_id, reasons FROM refusal") == [(kid, ["no_need_to_know"])]


def test_b1_a_lease_lasts_an_hour_at_most(w: World) -> None:
    kid, inspector = w.child(), w.who("inspector")
    with as_practitioner(inspector), connection.cursor() as cursor:
        for minutes in (10_000, None):
            cursor.execute(
                "SELECT open_doors(ARRAY[%s]::bigint[], %s, %s) - now()",
                [kid, f"for {minutes}", minutes],
            )
            assert cursor.fetchone()[0] <= timedelta(hours=1)


# ── A lease to record shows no page more ────────────────────────────────────────────────


def test_b1_after_recording_a_narrow_agency_sees_no_more_than_before(w: World, app: Link) -> None:
    """A school records about a child it does not work with; its lists stay as they were."""
    kid = w.child(known="home")
    w.say("handler", REPORT, kid)
    before = seen_by(app, w.staff["lead"])
    w.say("lead", REPORT, kid, minutes=1)
    assert w.rows(
        "SELECT purpose FROM lease WHERE practitioner_id = %s AND expires_at > now()",
        w.staff["lead"],
    ) == [("recording",)]
    assert seen_by(app, w.staff["lead"]) == before


def seen_by(link: Link, me: int) -> dict[str, int]:
    """How many rows about people a practitioner sees in each table that holds any."""
    about = ("person", "pointer", "case_file", "entry", "clock", "action", "flag", "relationship")
    with speaking_as(link, me) as cursor:
        return {
            t: cursor.execute(f"SELECT count(*) FROM {t}").fetchone()[0]  # type: ignore[index,arg-type]
            for t in about
        }


def test_b1_whoever_reports_learns_no_level_they_could_not_look_up(
    world: None, owner: Link
) -> None:
    """A school describes a child of another by NHS number: linked, recorded, and told nothing."""
    from tests.api.programs import Program

    program = Program(owner)
    w, number = program.world, "9990548609"
    kid = w.child(known="home")
    source = owner.execute(
        "INSERT INTO source_record (person_id, agency_id, feed, ref, given, family, sex, ethnicity,"
        " received_at, facts, born_on) VALUES (%s, %s, 'x', '1', 'Kit', 'Example', '', '', now(),"
        " '{}', '2012-03-04') RETURNING id",
        [kid, w.agencies["police"]],
    ).fetchone()[0]  # type: ignore[index]
    owner.execute(
        "INSERT INTO identifier (person_id, source_record_id, scheme, value, is_valid)"
        " VALUES (%s, %s, 'nhs', %s, true)",
        [kid, source, number],
    )
    w.say("handler", REPORT, kid)

    def level(by: str) -> str | None:
        about = {
            "source": {"ref": f"{by}-1"}, "name": "Kit Example", "born_on": "2012-03-04",
            "identifiers": [{"scheme": "nhs", "value": number}],
        }  # fmt: skip
        body = {"about": about, "entry": {"what": "Seen by the quay."}}
        answer = program.post(by, "missing.information_added", body)
        assert answer.status_code == 201, answer.content
        told: str | None = answer.json()["level"]
        return told

    assert [level(by) for by in ("lead", "carer", "inspector")] == [None, "high", "high"]
    assert w.rows("SELECT count(DISTINCT person_id) FROM entry") == [(1,)]
    owner.execute("UPDATE person SET is_restricted = true")
    owner.execute("UPDATE pointer SET is_restricted = true")
    assert level("sergeant") is None
