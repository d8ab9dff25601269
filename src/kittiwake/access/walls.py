"""The second wall: grants and row-level security, one page that says who may read what.

Every table of the product is in `TABLES`; a test fails on one that is not. Policies keep
the one measured shape (`person_id = ANY (ARRAY(SELECT ...))`), never join, and read the
practitioner from a transaction-local setting. Built idempotently after each migration.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kittiwake.access.functions import FUNCTIONS
from kittiwake.access.roles import ROLES

ME = "(SELECT nullif(current_setting('kittiwake.practitioner', true), '')::bigint)"
# Somebody who no longer works here has no agency, and so no reach; and no lease of theirs counts.
MY_AGENCY = f"(SELECT p.agency_id FROM practitioner p WHERE p.id = {ME} AND p.is_active)"
MY_KIND = (
    "(SELECT a.kind FROM practitioner p JOIN agency a ON a.id = p.agency_id "
    f"WHERE p.id = {ME} AND p.is_active)"
)
_LIVE = (
    "SELECT l.person_id FROM lease l JOIN practitioner p ON p.id = l.practitioner_id "
    f"WHERE l.practitioner_id = {ME} AND p.is_active AND l.opened_at <= now() "
    "AND l.expires_at > now()"
)
# A lease to record with counts only in a transaction that records: no page shows more for it.
RECORDING = "((SELECT current_setting('kittiwake.recording', true)) = 'on')"
_TO_RECORD = f"(l.purpose <> 'recording' OR {RECORDING})"
# Words need a lease older than this transaction: no rollback takes back that somebody looked.
_TO_READ = (
    f"{_LIVE} AND l.purpose <> 'recording' AND l.opened_at < now() AND l.person_id <> ALL "
    f"(ARRAY(SELECT c.person_id FROM conflict c WHERE c.practitioner_id = {ME}))"
)
WRITING = f"person_id = ANY (ARRAY({_LIVE} AND {_TO_RECORD}))"
READING = f"person_id = ANY (ARRAY({_TO_READ}))"
WIDE = f"coalesce({MY_KIND} IN ('police', 'social_care'), false)"
_KNOWN_HERE = (
    f"SELECT k.person_id FROM known_to k WHERE k.agency_id = {MY_AGENCY} "
    "AND (k.until_on IS NULL OR k.until_on >= current_date)"
)
REACH = f"({WIDE} OR person_id = ANY (ARRAY({_KNOWN_HERE})))"
WHO_FOR = (
    f"(audience = 'case' OR (audience = 'agency' AND agency_id = {MY_AGENCY})"
    f" OR (audience = 'police' AND {MY_KIND} = 'police')"
    f" OR (audience = 'named' AND {ME} = ANY (readers)))"
)
ALL_NEEDED = f"needs <@ ARRAY({_TO_READ})"
# What is written says who wrote it, and nobody writes in another's name.
BY_ME = f"{WRITING} AND by_id = {ME}"


def holds(capability: str) -> str:
    """SQL: whether I hold a role that carries this capability, asked once per query."""
    roles = ", ".join(f"'{r.key}'" for r in ROLES.values() if capability in r.capabilities)
    return (
        "(SELECT EXISTS (SELECT 1 FROM role_held h JOIN practitioner p "
        f"ON p.id = h.practitioner_id AND p.is_active WHERE p.id = {ME} "
        f"AND h.role IN ({roles}) AND h.from_at <= now() AND (h.until IS NULL OR h.until > now())))"
    )


# What an agency sent is read by who sent it, by its programs and by whoever imports for it.
_IMPORTS = (
    f"{holds('exchange.import')} OR (SELECT EXISTS (SELECT 1 FROM api_token t "
    f"WHERE t.practitioner_id = {ME} AND t.revoked_at IS NULL AND t.expires_at > now()))"
)


@dataclass(frozen=True)
class Wall:
    """One table's wall: who reads (SQL, or None for no row-level security), and grants.

    `write` holds for rows added, and for rows changed unless `change` says otherwise.
    """

    read: str | None
    write: str | None = None
    app: str = "SELECT"
    worker: str = ""
    append_only: bool = False
    change: str | None = None


STATE = f"{REACH} OR {WRITING}"
TABLES: dict[str, Wall] = {
    # Who acts: no child is in these.
    "agency": Wall(None, app="SELECT", worker="SELECT"),
    "team": Wall(None, app="SELECT", worker="SELECT"),
    "practitioner": Wall(None, app="SELECT", worker="SELECT"),
    "role_held": Wall(None, app="SELECT", worker="SELECT"),
    "trained": Wall(
        "true",
        f"kept_by_id = {ME} AND {holds('training.keep')}",
        "SELECT, INSERT",
        "SELECT",
        append_only=True,
    ),
    "duty": Wall(None, app="SELECT", worker="SELECT"),
    "deputy": Wall(None, app="SELECT", worker="SELECT"),
    "place": Wall(None, app="SELECT", worker="SELECT"),
    "api_token": Wall(None, app="SELECT"),
    # The web may not say that the worker lives.
    "heartbeat": Wall(None, app="SELECT", worker="SELECT, INSERT, UPDATE"),
    "rulebook_row": Wall(
        "true",
        f"adopted_by_id = {ME} AND approved_by_id <> {ME} AND {holds('rulebook.adopt')}",
        "SELECT, INSERT",
        "SELECT",
        append_only=True,
    ),
    # Who: reached through a door.
    "person": Wall(
        f"{WIDE} OR id = ANY (ARRAY({_KNOWN_HERE}))",
        app="SELECT",
        worker="SELECT",
    ),
    "source_record": Wall(READING, WRITING, "SELECT, INSERT", append_only=False),
    "identifier": Wall(READING, WRITING, "SELECT, INSERT"),
    "address": Wall(f"{READING} AND (NOT is_restricted OR {WIDE})", WRITING, "SELECT, INSERT"),
    "relationship": Wall(WRITING, WRITING, "SELECT, INSERT", "SELECT"),
    # An agency with a narrow reach never lets itself in; `meet_person` does for a child it brings.
    "known_to": Wall(
        f"{WIDE} OR agency_id = {MY_AGENCY} OR {READING} OR {WRITING}",
        f"{WRITING} AND ({WIDE} OR agency_id <> {MY_AGENCY})",
        "SELECT, INSERT",
        "SELECT",
    ),
    "pointer": Wall(
        f"({REACH} AND NOT is_restricted) OR {WRITING}",
        WRITING,
        "SELECT, INSERT, UPDATE (level, markers, lives_at)",
        "SELECT, UPDATE (level, markers)",
    ),
    # What people are called, and nobody's record: how often each name is on file.
    "name_on_file": Wall(None, app="SELECT, INSERT"),
    "known_as": Wall(READING, WRITING, "SELECT, INSERT"),
    "possible_match": Wall(holds("people.link"), WRITING, "SELECT, INSERT, UPDATE (settled_at)"),
    "link": Wall(holds("people.link"), None, "SELECT"),
    # Who looked: readable to those who check.
    "lease": Wall(f"practitioner_id = {ME} OR {holds('access.read_log')}", append_only=True),
    "look": Wall(
        f"practitioner_id = {ME} OR {holds('access.read_log')}",
        f"practitioner_id = {ME}",
        app="SELECT, INSERT",
        append_only=True,
    ),
    "refusal": Wall(
        f"practitioner_id = {ME} OR {holds('access.read_log')}",
        f"practitioner_id = {ME}",
        app="SELECT, INSERT",
        append_only=True,
    ),
    "conflict": Wall(
        f"practitioner_id = {ME} OR {holds('access.read_log')}",
        f"practitioner_id = {ME}",
        app="SELECT, INSERT",
        append_only=True,
    ),
    # The journal.
    "case_file": Wall(
        STATE,
        WRITING,
        "SELECT, INSERT, UPDATE (stage, is_active, grade, owner_id, closed_at, mark, changed_at)",
        "SELECT, UPDATE (changed_at, mark)",
    ),
    "entry": Wall(WRITING, BY_ME, "SELECT, INSERT", "SELECT, INSERT", append_only=True),
    "about": Wall(
        WRITING,
        BY_ME,
        "SELECT (id, entry_id, person_id, source_record_id, role, kind, case_id, happened_at, "
        "recorded_at, by_id), INSERT, UPDATE (person_id)",
        "SELECT (id, entry_id, person_id, source_record_id, role, kind, case_id, happened_at, "
        "recorded_at, by_id), INSERT",
        change=WRITING,
    ),
    "detail": Wall(
        f"{READING} AND {WHO_FOR} AND {ALL_NEEDED}",
        WRITING,
        "SELECT, INSERT",
        "INSERT",
        append_only=True,
    ),
    "protected": Wall(
        f"{READING} AND ({WIDE} OR agency_id = {MY_AGENCY})",
        WRITING,
        "SELECT, INSERT",
        append_only=True,
    ),
    "clock": Wall(
        STATE,
        WRITING,
        "SELECT, INSERT, UPDATE (due_at, owner_id, stopped_by_id, stopped_at, acknowledged_at, "
        "acknowledged_by_id, paused_at, grade)",
        "SELECT, INSERT, UPDATE (due_at, breached_at, last_rung, last_rung_at, owner_id)",
    ),
    "clock_pause": Wall(STATE, WRITING, "SELECT, INSERT, UPDATE (until)", "SELECT"),
    "escalation": Wall(
        f"{STATE} OR to_id = {ME}",
        WRITING,
        "SELECT, UPDATE (acknowledged_at, acknowledged_by_id)",
        "SELECT, INSERT",
    ),
    # What the police look into is theirs to read, and its owner's; a decision counts them all.
    "action": Wall(
        f"({WRITING} AND (audience = 'case' OR {MY_KIND} = 'police' OR {RECORDING})) "
        f"OR owner_id = {ME}",
        WRITING,
        "SELECT, INSERT, UPDATE (state, owner_id, accepted_at, settled_at, settled_by_id)",
        "SELECT, INSERT",
    ),
    "flag": Wall(
        WRITING, WRITING, "SELECT, INSERT, UPDATE (ended_by_id, ended_at, review_at)", "SELECT"
    ),
    # Listed phrases and codes, never a child's words; who found them reads them in the record.
    "word_found": Wall(
        f"by_id = {ME} OR ({REACH} AND {holds('words.review')})",
        BY_ME,
        "SELECT, INSERT, UPDATE (verdict, judged_by_id, judged_at)",
        change=f"judged_by_id = {ME} AND by_id <> {ME}",
    ),
    # That there is a plan, and whether it is in date, is state; what it says is in `detail`.
    "plan": Wall(
        STATE,
        WRITING,
        "SELECT, INSERT, UPDATE (state, approved_by_id, in_force_from, review_at, activations, "
        "ended_at, ended_by_id)",
        "SELECT",
    ),
    "assessment": Wall(READING, WRITING, "SELECT, INSERT", "SELECT, INSERT", append_only=True),
    "start_correction": Wall(
        STATE,
        f"{WRITING} AND proposed_by_id = {ME}",
        "SELECT, INSERT, UPDATE (settled_by_id, settled_at, approved)",
        "SELECT",
        change=f"{WRITING} AND settled_by_id = {ME} AND proposed_by_id <> {ME}",
    ),
    "message": Wall(
        f"to_id = {ME}",
        f"{ME} IS NOT NULL",
        "SELECT, INSERT",
        "SELECT, INSERT, UPDATE (sent_at)",
    ),
    "draft": Wall(f"author_id = {ME}", f"author_id = {ME}", "SELECT, INSERT, UPDATE, DELETE"),
    # What partners' lists of markers say, and where they and ours differ.
    "listed_marker": Wall(
        f"{holds('flag.reconcile')} AND {REACH} OR {holds('exchange.import')}",
        holds("exchange.import"),
        "SELECT, INSERT, UPDATE (from_on, until_on, listed_at, gone_at)",
    ),
    "marker_difference": Wall(
        f"{REACH} AND ({holds('flag.reconcile')} OR owner_id = {ME})",
        f"{REACH} AND explained_by_id = {ME}",
        "SELECT, UPDATE (explained_at, explained_by_id, reason)",
    ),
    # What arrived. No child is in the first two.
    "feed": Wall(
        "true",
        f"{holds('exchange.import')} OR {holds('exchange.quarantine')}",
        "SELECT, INSERT, UPDATE (name, heard_at, again_at, last_rung, answered_at, answered_by_id,"
        " answer, ended_at)",
        "SELECT, UPDATE (last_rung)",
    ),
    "mapping": Wall(
        "true",
        f"saved_by_id = {ME} AND {holds('exchange.import')}",
        "SELECT, INSERT",
        append_only=True,
    ),
    "incident": Wall(
        f"{holds('incident.audit')} OR {holds('exchange.import')}",
        f"{holds('incident.audit')} OR {holds('exchange.import')}",
        "SELECT, INSERT, UPDATE (opened_as, closed_as, is_missing, is_child, happened_at,"
        " person_id, report_id, settled_at, settled_by_id, settled_as)",
    ),
    "report": Wall(
        f"(agency_id = {MY_AGENCY} AND (by_id = {ME} OR {_IMPORTS})) "
        f"OR {holds('exchange.quarantine')}",
        f"{ME} IS NOT NULL",
        "SELECT, INSERT, UPDATE (state, sentence, entry_id)",
    ),
}

# Tables of libraries: signing in, sessions, the queue. No child's words are in them.
LIBRARIES = ("django_", "auth_", "account_", "mfa_", "procrastinate_", "kittiwake_cache")

MAY = {
    "open_restricted": "child.open_restricted",
    "audit_incidents": "incident.audit",
    "reconcile": "flag.reconcile",
    "review_policy": "policy.review",
}
"""What functions of the database ask of whoever calls them: `kittiwake_may_…(practitioner)`."""


def build(connection: Any, app: str, worker: str) -> None:
    """Grant and wall every table, as the owner. `connection` is psycopg's or Django's."""
    cursor = connection.cursor()
    for name, capability in MAY.items():
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION kittiwake_may_{name}(who bigint) RETURNS boolean "
            "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp "
            f"AS $$ SELECT {holds(capability).replace(ME, 'who')} $$"
        )
    linkers = ", ".join(f"'{r.key}'" for r in ROLES.values() if "people.link" in r.capabilities)
    for name in ("walls.sql", "registers.sql", "walls_people.sql", "walls_linking.sql"):
        text = Path(__file__).with_name(name).read_text()
        cursor.execute(text.replace("{app}", app).replace("{linkers}", linkers))
    for role in (app, worker):
        cursor.execute(f'GRANT USAGE ON SCHEMA public TO "{role}"')
        cursor.execute(f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{role}"')
        cursor.execute(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"')
    cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    # A temporary table of the same name must never stand in front of one of ours.
    cursor.execute(
        "SELECT format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database())"
    )
    cursor.execute(cursor.fetchone()[0])
    _grant_functions(cursor, app, worker)
    for table, wall in TABLES.items():
        for statement in _wall_sql(table, wall, app, worker):
            cursor.execute(statement)
    _grant_libraries(cursor, app, worker)


def _wall_sql(table: str, wall: Wall, app: str, worker: str) -> list[str]:
    sql = [f'GRANT {wall.app} ON "{table}" TO "{app}"']
    if wall.worker:
        sql.append(f'GRANT {wall.worker} ON "{table}" TO "{worker}"')
    if wall.append_only:
        sql.append(
            f'CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION kittiwake_append_only()"
        )
    if wall.read is None:
        return sql
    sql += [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
    ]
    policies = {
        "reading": f'FOR SELECT TO "{app}" USING ({wall.read})',
        "changing": f'FOR UPDATE TO "{app}" USING ({wall.read}) '
        f"WITH CHECK ({wall.change or wall.write})"
        if wall.write
        else None,
        "adding": f'FOR INSERT TO "{app}" WITH CHECK ({wall.write})' if wall.write else None,
        "dropping": f'FOR DELETE TO "{app}" USING ({wall.read})' if "DELETE" in wall.app else None,
        "working": f'TO "{worker}" USING (true) WITH CHECK (true)' if wall.worker else None,
        "owning": "TO CURRENT_USER USING (true) WITH CHECK (true)",
    }
    for name, body in policies.items():
        sql.append(f'DROP POLICY IF EXISTS {name} ON "{table}"')
        if body:
            sql.append(f'CREATE POLICY {name} ON "{table}" {body}')
    return sql


def _grant_functions(cursor: Any, app: str, worker: str) -> None:
    """Nobody may call a function but whom `FUNCTIONS` names; extensions' own are left alone."""
    cursor.execute(
        "SELECT p.proname, p.oid::regprocedure::text FROM pg_proc p "
        "WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS "
        "(SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
    )
    roles = {"app": app, "worker": worker}
    for name, signature in cursor.fetchall():
        both = "app worker" if name.startswith("procrastinate_") else ""
        allowed = (FUNCTIONS.get(name) or both).split()
        cursor.execute(f'REVOKE ALL ON ROUTINE {signature} FROM PUBLIC, "{app}", "{worker}"')
        for who in allowed:
            cursor.execute(f'GRANT EXECUTE ON ROUTINE {signature} TO "{roles[who]}"')


def _grant_libraries(cursor: Any, app: str, worker: str) -> None:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in cursor.fetchall():
        if table.startswith("procrastinate_"):
            for role in (app, worker):
                cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO "{role}"')
        elif table == "django_migrations":
            for role in (app, worker):
                cursor.execute(f'GRANT SELECT ON "{table}" TO "{role}"')
        elif table.startswith(LIBRARIES):
            cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO "{app}"')
