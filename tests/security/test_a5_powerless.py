"""Row A5: the web's and the worker's database roles are refused everything they do not need.

Figure: 100 % of the statements below refused, for both roles; every one of them for the reason
named (a privilege, or a function of ours), and most accepted from somebody who may.
"""

from __future__ import annotations

import contextlib

import psycopg
import pytest

from tests.security.attack import Link, speaking_as
from tests.worlds import World

# SQLSTATE 42501: no privilege. P0001: one of our own functions said no.
NO = {"42501", "P0001"}

# What is written stays written.
KEPT = (
    "entry", "about", "detail", "protected", "assessment", "lease", "look", "refusal", "conflict",
    "rulebook_row",
)  # fmt: skip
APPEND_ONLY = [
    statement
    for table in KEPT
    for statement in (
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
        f"ALTER TABLE {table} DISABLE TRIGGER append_only",
        f"DROP TRIGGER append_only ON {table}",
    )
]
CHANGED = [
    "UPDATE entry SET happened_at = now()",
    "UPDATE about SET codes = '{}'",
    "UPDATE about SET by_id = 1",
    "UPDATE about SET happened_at = now()",
    "UPDATE detail SET answers = '{}'",
    "UPDATE protected SET answer = '{}'",
    "UPDATE assessment SET level = 'low'",
    "UPDATE lease SET expires_at = now() + interval '1 year'",
    "UPDATE look SET people = '{}'",
    "UPDATE refusal SET reasons = '[]'",
    "UPDATE conflict SET practitioner_id = 0",
    "UPDATE rulebook_row SET value = '9 years'",
    "UPDATE clock SET started_at = now()",
    "UPDATE clock SET rule = 'CLK-19'",
    "UPDATE case_file SET person_id = 1",
    "UPDATE case_file SET policy_grade = 'low'",
    "UPDATE action SET title = ''",
    "UPDATE flag SET basis = ''",
    "UPDATE message SET sentence = ''",
    "UPDATE report SET body = ''",
    "UPDATE person SET is_restricted = false",
    "UPDATE pointer SET is_restricted = false",
    "UPDATE pointer SET name = ''",
    "UPDATE known_to SET agency_id = 1",
    "UPDATE role_held SET until = NULL",
    "UPDATE practitioner SET is_active = true",
    "UPDATE api_token SET revoked_at = NULL",
    "DELETE FROM source_record",
    "DELETE FROM identifier",
    "DELETE FROM address",
    "DELETE FROM clock",
    "DELETE FROM escalation",
    "DELETE FROM flag",
    "DELETE FROM report",
    "SELECT set_config('kittiwake.erasing', 'on', false); DELETE FROM detail",
    "SELECT set_config('kittiwake.erasing', 'on', false); UPDATE entry SET kind = kind",
]
# Nobody gives themselves what others give.
GIVEN = [
    "INSERT INTO lease (practitioner_id, person_id, purpose, opened_at, expires_at)"
    " VALUES (1, 1, 'care of the child', now() - interval '1 min', now() + interval '1 hour')",
    "INSERT INTO role_held (practitioner_id, role, from_at) VALUES (1, 'auditor', now())",
    "INSERT INTO practitioner (uid, name, title, rank, agency_id, phone, email, is_system,"
    " is_active) VALUES (gen_random_uuid(), 'x', '', 9, 1, '', '', false, true)",
    "INSERT INTO agency (uid, kind, name, phone, nation)"
    " VALUES (gen_random_uuid(), 'police', 'x', '', 'ENG')",
    "INSERT INTO api_token (practitioner_id, agency_id, role, digest, name, expires_at)"
    " VALUES (1, 1, 'auditor', 'x', 'x', now() + interval '1 year')",
    "INSERT INTO person (uid, is_restricted) VALUES (gen_random_uuid(), false)",
    "SELECT setval('entry_id_seq', 1)",
    "ALTER SEQUENCE entry_id_seq RESTART",
]
# The walls stay up.
WALLS = [
    "DROP POLICY reading ON detail",
    "ALTER POLICY reading ON detail USING (true)",
    "CREATE POLICY mine ON detail USING (true)",
    "ALTER TABLE detail DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE detail NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE detail OWNER TO CURRENT_USER",
    "DROP TABLE detail",
    "ALTER TABLE detail ADD COLUMN mine text",
    "SET row_security = off; SELECT * FROM protected",
    "SET session_replication_role = replica",
    "ALTER FUNCTION open_doors(bigint[], text, int) SECURITY INVOKER",
    "DROP FUNCTION kittiwake_append_only() CASCADE",
    "CREATE OR REPLACE FUNCTION kittiwake_append_only() RETURNS trigger LANGUAGE plpgsql"
    " AS 'BEGIN RETURN NEW; END'",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TABLE mine (n int)",
    "CREATE TABLE public.mine AS SELECT * FROM pg_class",
    "CREATE TEMPORARY TABLE known_to (person_id bigint, agency_id bigint)",
    "CREATE TEMPORARY VIEW pg_tables AS SELECT 1",
    "CREATE VIEW mine AS SELECT 1",
    "CREATE MATERIALIZED VIEW mine AS SELECT 1",
    "CREATE SCHEMA mine",
    "CREATE RULE mine AS ON INSERT TO look DO INSTEAD NOTHING",
    "CREATE TRIGGER mine BEFORE INSERT ON look EXECUTE FUNCTION kittiwake_append_only()",
    "CREATE EXTENSION dblink",
    "CREATE PUBLICATION mine FOR ALL TABLES",
    "CREATE FOREIGN DATA WRAPPER mine",
    "CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION kittiwake_append_only()",
]
# Nobody becomes somebody else, or leaves the database.
BEYOND = [
    "SET ROLE {owner}",
    "SET SESSION AUTHORIZATION {owner}",
    "RESET SESSION AUTHORIZATION; SET ROLE {owner}",
    "SELECT set_config('role', '{owner}', false)",
    "SELECT set_config('session_authorization', '{owner}', false)",
    "DO $$ BEGIN SET LOCAL ROLE {owner}; END $$",
    "GRANT {owner} TO CURRENT_USER",
    "CREATE ROLE mine SUPERUSER",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "ALTER ROLE {owner} PASSWORD 'x'",
    "ALTER ROLE {eraser} LOGIN",
    "ALTER DATABASE kittiwake SET kittiwake.practitioner = '1'",
    "ALTER ROLE CURRENT_USER SET kittiwake.practitioner = '1'",
    "ALTER ROLE CURRENT_USER SET session_replication_role = 'replica'",
    "DROP OWNED BY {owner}",
    "REASSIGN OWNED BY {owner} TO CURRENT_USER",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY look FROM PROGRAM 'echo'",
    "COPY (SELECT 1) TO '/tmp/kittiwake-a5'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_read_binary_file('postgresql.conf')",
    "SELECT pg_ls_dir('/')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(1, '/tmp/kittiwake-a5')",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_hba_file_rules",
    "SELECT * FROM pg_statistic",
    "SELECT pg_reload_conf()",
    "SELECT pg_switch_wal()",
    "SELECT pg_create_restore_point('x')",
    "SELECT pg_logical_slot_get_changes('x', NULL, NULL)",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{owner}'",
    "LOAD 'auto_explain'",
    "SET log_statement = 'none'",
]
# What only the judge, or only two people, may.
OURS = [
    "SELECT codes FROM about",
    "SELECT * FROM about",
    "COPY about TO STDOUT",
    "SELECT move_details(1, 1, 2, 2)",
    "SELECT kittiwake_may_open_restricted(1)",
    "SELECT * FROM kittiwake_open_to_me()",
    "SELECT kittiwake_merge(codes) FROM about",
]
# The worker sweeps, judges and posts: it has no business with people, words or sign-in.
WORKERS = [
    "SELECT password FROM auth_user",
    "SELECT * FROM auth_user",
    "SELECT * FROM django_session",
    "SELECT * FROM mfa_authenticator",
    "SELECT * FROM api_token",
    "SELECT answers FROM detail",
    "SELECT answer FROM protected",
    "SELECT given FROM source_record",
    "SELECT value FROM identifier",
    "SELECT line FROM address",
    "SELECT raw FROM draft",
    "SELECT body FROM report",
    "SELECT * FROM lease",
    "SELECT * FROM look",
    "SELECT * FROM refusal",
    "SELECT * FROM conflict",
    "SELECT open_doors(ARRAY[1]::bigint[], 'recording', 5)",
    "SELECT * FROM find_arrivals('[]')",
    "SELECT meet_person(gen_random_uuid(), 'x', 'x', NULL)",
    "SELECT * FROM who_opened(1, '-infinity')",
    "SELECT describe_again('[]')",
    "UPDATE clock SET acknowledged_at = now()",
    "UPDATE case_file SET stage = 'closed'",
    "UPDATE case_file SET grade = 'low'",
    "INSERT INTO rulebook_row (key, value, from_on, adopted_by_id, approved_by_id, reason,"
    " adopted_at) VALUES ('CLK-11', '9 years', now(), 1, 2, '', now())",
]
# The web never says that the worker lives.
WEBS = [
    "INSERT INTO heartbeat (process, at) VALUES ('worker', now())",
    "UPDATE heartbeat SET at = now()",
    "UPDATE clock SET breached_at = NULL",
    "UPDATE message SET sent_at = now()",
    "INSERT INTO escalation (clock_id, person_id, rung, raised_at, to_id, role)"
    " VALUES (1, 1, 1, now(), 1, '')",
]
EVERYBODY = [*APPEND_ONLY, *CHANGED, *GIVEN, *WALLS, *BEYOND, *OURS]


def accepted(link: Link, statements: list[str], owner: str, me: int) -> dict[str, str]:
    """The statements that were not refused for want of a right, with what happened instead."""
    through = {}
    for statement in statements:
        said = statement.replace("{owner}", owner).replace("{eraser}", "kittiwake_eraser")
        try:
            with speaking_as(link, me) as cursor:
                cursor.execute(said)
            through[statement] = "accepted"
        except psycopg.Error as error:
            if error.sqlstate not in NO:
                through[statement] = f"{error.sqlstate}: {error}"
    return through


def test_a5_there_are_enough_statements() -> None:
    assert len(set(EVERYBODY)) >= 100


@pytest.mark.parametrize("role", ["app", "worker"])
def test_a5_every_statement_is_refused(
    role: str, w: World, owner: Link, request: pytest.FixtureRequest
) -> None:
    link = request.getfixturevalue(role)
    own = WEBS if role == "app" else WORKERS
    name = owner.info.user
    # Also for an auditor, who may read the log: no capability is a way past a grant.
    assert accepted(link, [*EVERYBODY, *own], name, w.staff["auditor"]) == {}


@pytest.mark.parametrize("role", ["app", "worker"])
def test_a5_granting_grants_nothing(role: str, owner: Link, request: pytest.FixtureRequest) -> None:
    """PostgreSQL only warns of a grant one may not give; what counts is that nothing changed."""
    rights = "SELECT oid::regclass::text, relacl::text FROM pg_class WHERE relkind = 'r' ORDER BY 1"
    before = owner.execute(rights).fetchall()
    link = request.getfixturevalue(role)
    for statement in ("SELECT ON entry TO PUBLIC", "ALL ON detail TO CURRENT_USER"):
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
            link.execute(f"GRANT {statement}")  # type: ignore[arg-type]
    assert owner.execute(rights).fetchall() == before


def test_a5_negative_control_the_owner_gets_through(w: World, owner: Link) -> None:
    """The same statements from the tables' owner: what is refused above is refused by the walls."""
    through = accepted(owner, [*CHANGED, *GIVEN, *WALLS], owner.info.user, w.staff["auditor"])
    assert sum(said == "accepted" for said in through.values()) >= 30
