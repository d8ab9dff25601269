-- Functions that stand in the second wall. Run as the owner; safe to run again.

CREATE OR REPLACE FUNCTION kittiwake_append_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('kittiwake.erasing', true) = 'on'
       AND pg_has_role(current_user, 'pg_database_owner', 'member') THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

-- `about` names its source record for ever; linking may move the person and nothing else.
CREATE OR REPLACE FUNCTION kittiwake_about_moves_person_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - 'person_id') <> (to_jsonb(OLD) - 'person_id') THEN
        RAISE EXCEPTION 'about is append-only' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON about
    FOR EACH ROW EXECUTE FUNCTION kittiwake_about_moves_person_only();

CREATE OR REPLACE AGGREGATE kittiwake_merge(jsonb) (
    SFUNC = jsonb_concat, STYPE = jsonb, INITCOND = '{}'
);

-- The judge sees all, the reader does not: kinds, times and codes, never words. Corrected
-- codes stand in the place of the first ones; what was about the wrong child is left out.
CREATE OR REPLACE FUNCTION journal_known(people bigint[])
RETURNS TABLE (entry_id bigint, person_id bigint, kind text, happened_at timestamptz,
               recorded_at timestamptz, role text, case_id bigint, codes jsonb, by_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    WITH mine AS (
        SELECT a.* FROM about a WHERE a.person_id = ANY (people)
    ), changed AS (
        SELECT (m.codes->>'entry_id')::bigint AS entry_id, m.person_id,
               kittiwake_merge(m.codes->'changes' ORDER BY m.entry_id) AS changes,
               bool_or(m.kind = 'journal.wrong_child') AS withdrawn
        FROM mine m WHERE m.kind IN ('journal.corrected', 'journal.wrong_child')
        GROUP BY 1, 2
    )
    SELECT m.entry_id, m.person_id, m.kind::text,
           coalesce((c.changes->>'happened_at')::timestamptz, m.happened_at),
           m.recorded_at, m.role::text, m.case_id,
           m.codes || coalesce(c.changes - 'happened_at', '{}'), m.by_id
    FROM mine m LEFT JOIN changed c ON c.entry_id = m.entry_id AND c.person_id = m.person_id
    WHERE NOT coalesce(c.withdrawn, false)
$$;

-- Take the words of an entry from a child it was never about; the wordless line stays.
CREATE OR REPLACE FUNCTION withdraw_details(of_entry bigint, of_person bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM about a WHERE a.kind = 'journal.wrong_child'
                   AND a.person_id = of_person AND (a.codes->>'entry_id')::bigint = of_entry) THEN
        RAISE EXCEPTION 'not_withdrawn';
    END IF;
    PERFORM set_config('kittiwake.erasing', 'on', true);
    DELETE FROM detail WHERE entry_id = of_entry AND person_id = of_person;
    DELETE FROM protected WHERE entry_id = of_entry AND person_id = of_person;
    PERFORM set_config('kittiwake.erasing', 'off', true);
END $$;

-- The only way to a lease. Raises 'conflict', 'restricted' or 'no_need_to_know'; a lease for
-- recording is always given, because a fact may never be refused, and opens no words.
CREATE OR REPLACE FUNCTION open_doors(people bigint[], why text, minutes int)
RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    me bigint := nullif(current_setting('kittiwake.practitioner', true), '')::bigint;
    mine practitioner%ROWTYPE;
    my_kind text;
    until timestamptz := now() + make_interval(mins => least(minutes, 60));
BEGIN
    SELECT * INTO mine FROM practitioner WHERE id = me AND is_active;
    IF mine.id IS NULL THEN RAISE EXCEPTION 'no_practitioner'; END IF;
    IF why <> 'recording' THEN
        SELECT a.kind INTO my_kind FROM agency a WHERE a.id = mine.agency_id;
        IF EXISTS (SELECT 1 FROM conflict c WHERE c.practitioner_id = me
                   AND c.person_id = ANY (people)) THEN
            RAISE EXCEPTION 'conflict';
        END IF;
        IF my_kind NOT IN ('police', 'social_care') AND EXISTS (
               SELECT 1 FROM unnest(people) AS p(id) WHERE NOT EXISTS (
                   SELECT 1 FROM known_to k WHERE k.person_id = p.id
                   AND k.agency_id = mine.agency_id)) THEN
            RAISE EXCEPTION 'no_need_to_know';
        END IF;
        IF EXISTS (SELECT 1 FROM person q WHERE q.id = ANY (people) AND q.is_restricted)
           AND NOT kittiwake_may_open_restricted(me) THEN
            RAISE EXCEPTION 'restricted';
        END IF;
    END IF;
    INSERT INTO lease (practitioner_id, person_id, purpose, opened_at, expires_at)
    SELECT me, p.id, why, now(), until FROM unnest(people) AS p(id)
    WHERE NOT EXISTS (SELECT 1 FROM lease l WHERE l.practitioner_id = me AND l.person_id = p.id
                      AND l.purpose = why AND l.expires_at > now() + interval '2 minutes');
    RETURN until;
END $$;

-- A person met for the first time: the person, the pointer and who knows them, in one step,
-- so that a home or school may record about a child it could not look up.
CREATE OR REPLACE FUNCTION meet_person(new_uid uuid, full_name text, key text, born date)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    me bigint := nullif(current_setting('kittiwake.practitioner', true), '')::bigint;
    new_id bigint;
BEGIN
    IF me IS NULL THEN RAISE EXCEPTION 'no_practitioner'; END IF;
    INSERT INTO person (uid, born_on, is_restricted) VALUES (new_uid, born, false)
        RETURNING id INTO new_id;
    INSERT INTO pointer (person_id, uid, name, name_key, born_on, lives_at, level, markers,
                         is_restricted)
        VALUES (new_id, new_uid, full_name, key, born, '', '', '[]', false);
    INSERT INTO known_to (person_id, agency_id, practitioner_id, role, from_on)
        SELECT new_id, p.agency_id, NULL, '', current_date FROM practitioner p WHERE p.id = me;
    RETURN new_id;
END $$;
