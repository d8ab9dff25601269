-- Functions that stand in the second wall. Run as the owner; safe to run again. Each names
-- pg_temp last in its search_path, so that no temporary table can stand in front of one of ours;
-- who may call which is in walls.py.

CREATE OR REPLACE FUNCTION kittiwake_append_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('kittiwake.erasing', true) = 'on'
       AND current_user = (SELECT t.tableowner FROM pg_catalog.pg_tables t
                           WHERE t.schemaname = 'public' AND t.tablename = TG_TABLE_NAME) THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
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

-- Whose records stand open for me at this moment, to write in or to read, for the functions
-- below; as WRITING has it in walls.py.
CREATE OR REPLACE FUNCTION kittiwake_open_to_me() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT l.person_id FROM lease l JOIN practitioner p ON p.id = l.practitioner_id
    WHERE p.id = nullif(current_setting('kittiwake.practitioner', true), '')::bigint
      AND p.is_active AND l.opened_at <= now() AND l.expires_at > now()
      AND (l.purpose <> 'recording' OR current_setting('kittiwake.recording', true) = 'on')
$$;

-- The judge sees all, the reader does not: kinds, times and codes, never words; the web only of
-- people whose record stands open to it. Corrected codes stand in the place of the first ones;
-- what was about the wrong child is left out.
CREATE OR REPLACE FUNCTION journal_known(people bigint[])
RETURNS TABLE (entry_id bigint, person_id bigint, kind text, happened_at timestamptz,
               recorded_at timestamptz, role text, case_id bigint, codes jsonb, by_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH mine AS (
        SELECT a.* FROM about a WHERE a.person_id = ANY (CASE WHEN session_user <> '{app}'
            THEN people ELSE ARRAY(SELECT unnest(people) INTERSECT SELECT kittiwake_open_to_me())
            END)
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

-- Move the words of an entry, or of a correction of it, from a child it was never about to the
-- child it is about; the wordless line stays behind. Only after two people have said so: one who
-- proposed this entry and this child, and I, who recorded both lines in this name.
CREATE OR REPLACE FUNCTION move_details(of_entry bigint, of_person bigint, to_entry bigint,
                                        to_person bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me bigint := nullif(current_setting('kittiwake.practitioner', true), '')::bigint;
    -- What was proposed is the entry itself, also where its correction moves.
    proposed bigint := coalesce((SELECT (a.codes->>'entry_id')::bigint FROM about a
        WHERE a.entry_id = of_entry AND a.person_id = of_person
        AND a.kind = 'journal.corrected'), of_entry);
    corrects uuid := (SELECT e.uid FROM about a
        JOIN entry e ON e.id = (a.codes->>'entry_id')::bigint
        WHERE a.entry_id = to_entry AND a.person_id = to_person AND a.kind = 'journal.corrected');
BEGIN
    IF NOT EXISTS (SELECT 1 FROM about a WHERE a.kind = 'journal.wrong_child' AND a.by_id = me
                   AND a.person_id = of_person AND (a.codes->>'entry_id')::bigint = of_entry)
       OR NOT EXISTS (SELECT 1 FROM about a WHERE a.entry_id = to_entry AND a.by_id = me
                      AND a.person_id = to_person)
       OR NOT EXISTS (SELECT 1 FROM about a JOIN detail d USING (entry_id, person_id)
                      JOIN entry e ON e.id = proposed JOIN pointer q ON q.person_id = to_person
                      WHERE a.kind = 'journal.wrong_child_proposed' AND a.person_id = of_person
                      AND a.by_id <> me AND d.answers->>'entry_uid' = e.uid::text
                      AND d.answers->>'right_person' = q.uid::text) THEN
        RAISE EXCEPTION 'not_withdrawn' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO detail (entry_id, person_id, audience, agency_id, readers, needs, answers)
        SELECT to_entry, to_person, audience, agency_id, readers, needs, CASE
            WHEN corrects IS NULL THEN answers
            ELSE answers || jsonb_build_object('entry_uid', corrects) END
        FROM detail WHERE entry_id = of_entry AND person_id = of_person;
    PERFORM set_config('kittiwake.erasing', 'on', true);
    DELETE FROM detail WHERE entry_id = of_entry AND person_id = of_person;
    UPDATE protected SET entry_id = to_entry, person_id = to_person
        WHERE entry_id = of_entry AND person_id = of_person;
    PERFORM set_config('kittiwake.erasing', 'off', true);
    -- Tasks and markers say in words what the entry said.
    UPDATE action SET title = 'A task that was about another child', why = ''
        WHERE entry_id = of_entry AND person_id = of_person;
    UPDATE flag SET basis = '' WHERE raised_by_id = of_entry AND person_id = of_person;
END $$;

-- Who opened a child's record since an instant: told to whoever must put a mistake right.
CREATE OR REPLACE FUNCTION who_opened(of_person bigint, since timestamptz) RETURNS TABLE (name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT p.name::text FROM lease l JOIN practitioner p ON p.id = l.practitioner_id
    WHERE l.person_id = of_person AND l.purpose <> 'recording' AND l.opened_at >= since
      AND of_person IN (SELECT kittiwake_open_to_me())
    ORDER BY 1
$$;

-- The only way to a lease. Raises 'conflict', 'restricted' or 'no_need_to_know'; a lease for
-- recording is always given, because a fact may never be refused, and opens no words.
CREATE OR REPLACE FUNCTION open_doors(people bigint[], why text, minutes int)
RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
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
                   AND k.agency_id = mine.agency_id
                   AND (k.until_on IS NULL OR k.until_on >= current_date))) THEN
            RAISE EXCEPTION 'no_need_to_know';
        END IF;
        IF EXISTS (SELECT 1 FROM person q WHERE q.id = ANY (people) AND q.is_restricted)
           AND NOT kittiwake_may_open_restricted(me) THEN
            RAISE EXCEPTION 'restricted';
        END IF;
    ELSE
        PERFORM set_config('kittiwake.recording', 'on', true);
    END IF;
    INSERT INTO lease (practitioner_id, person_id, purpose, opened_at, expires_at)
    SELECT me, p.id, why, now(), until FROM (
        SELECT unnest(people)
        EXCEPT SELECT l.person_id FROM lease l WHERE l.practitioner_id = me
               AND l.purpose = why AND l.expires_at > now() + interval '2 minutes'
    ) AS p(id);
    RETURN until;
END $$;

-- A person met for the first time: the person, the pointer and who knows them, in one step,
-- so that a home or school may record about a child it could not look up.
CREATE OR REPLACE FUNCTION meet_person(new_uid uuid, full_name text, key text, born date)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
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

-- Who a description may be about, also among people the sender may not read: ids and whether
-- they agree, never words; logged as a look. `wanted` is a list of descriptions numbered by `n`.
-- How: 'ref' is the sender's own number, 'identifier' a valid identifier, 'name' the same name
-- and date of birth, 'held' one of the identifiers sent that the person of this ref has already.
DROP FUNCTION IF EXISTS find_arrivals(jsonb);
CREATE FUNCTION find_arrivals(wanted jsonb)
RETURNS TABLE (n int, how text, person_id bigint, source_record_id bigint, scheme text,
               value text, agrees boolean, is_same boolean)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- One look-up after the other, in the order written here: OFFSET 0 keeps a planner that
    -- still believes a table empty, as it was before a file came, from joining whole tables.
    WITH me AS (
        SELECT nullif(current_setting('kittiwake.practitioner', true), '')::bigint AS id
    ), w AS (
        SELECT x.* FROM me, jsonb_to_recordset(wanted) AS x(n int, feed text, ref text,
            given text, family text, born date, sex text, ethnicity text, facts jsonb, key text,
            ids jsonb, said jsonb)
        WHERE me.id IS NOT NULL
    ), told AS (
        SELECT w.n, w.said, s.person_id AS who, s.id AS record,
               coalesce(s.born_on = w.born, true) AS agrees,
               (s.given, s.family, s.born_on, s.sex, s.ethnicity, s.facts - 'Said before')
               IS NOT DISTINCT FROM
               (w.given, w.family, w.born, w.sex, w.ethnicity, w.facts) AS is_same
        FROM w CROSS JOIN LATERAL (SELECT * FROM source_record r
             WHERE r.feed = w.feed AND r.ref = w.ref OFFSET 0) s
    ), found AS (
        SELECT t.n, 'ref' AS how, t.who, t.record, NULL::text AS scheme, NULL::text AS value,
               t.agrees, t.is_same FROM told t
        UNION ALL
        SELECT t.n, 'held', t.who, NULL, i.scheme, i.value, true, false
        FROM told t CROSS JOIN LATERAL (SELECT * FROM identifier j
             WHERE j.person_id = t.who OFFSET 0) i
        WHERE t.said @> jsonb_build_array(jsonb_build_array(i.scheme, i.value))
        UNION ALL
        SELECT w.n, 'identifier', i.person_id, NULL, i.scheme, i.value,
               coalesce(q.born_on = w.born, false) AND (q.name_key = '' OR w.key = ''
                   OR split_part(q.name_key, ' ', 1) = split_part(w.key, ' ', 1)), false
        FROM w CROSS JOIN jsonb_array_elements(w.ids) v
        CROSS JOIN LATERAL (SELECT * FROM identifier j WHERE j.scheme = v->>0
             AND j.value = v->>1 AND j.is_valid OFFSET 0) i
        CROSS JOIN LATERAL (SELECT * FROM pointer r WHERE r.person_id = i.person_id OFFSET 0) q
        UNION ALL
        SELECT w.n, 'name', q.person_id, NULL, NULL, NULL, true, false
        FROM w CROSS JOIN LATERAL (SELECT * FROM pointer r WHERE r.name_key = w.key
             AND r.born_on = w.born OFFSET 0) q WHERE w.key <> ''
    ), standing AS (
        SELECT f.*, p.stands FROM found f CROSS JOIN LATERAL (
            SELECT coalesce(r.merged_into_id, r.id) AS stands FROM person r
            WHERE r.id = f.who OFFSET 0) p
    ), logged AS (
        INSERT INTO look (practitioner_id, at, what, people)
        SELECT me.id, now(), 'who an arrival is about', array_agg(DISTINCT s.stands)
        FROM me, standing s GROUP BY me.id
    )
    SELECT s.n, s.how, s.stands, s.record, s.scheme, s.value, s.agrees, s.is_same FROM standing s
$$;

-- The same sender describes a person anew: the newer description stands, the earlier one stays
-- beside it. A name or date of birth nobody had before is filled in for search.
CREATE OR REPLACE FUNCTION describe_again(described jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE source_record s SET
        facts = x.facts || jsonb_build_object('Said before',
            coalesce(s.facts->'Said before', '[]') || jsonb_build_array(jsonb_build_object(
                'given', s.given, 'family', s.family, 'born_on', s.born_on, 'sex', s.sex,
                'ethnicity', s.ethnicity, 'received_at', s.received_at,
                'facts', s.facts - 'Said before'))),
        given = x.given, family = x.family, born_on = x.born, sex = x.sex,
        ethnicity = x.ethnicity, received_at = x.received_at
    FROM jsonb_to_recordset(described) AS x(record bigint, feed text, given text, family text,
        born date, sex text, ethnicity text, facts jsonb, received_at timestamptz)
    WHERE s.id = x.record AND s.feed = x.feed
      AND s.person_id IN (SELECT kittiwake_open_to_me());
    UPDATE person p SET born_on = x.born
    FROM jsonb_to_recordset(described) AS x(person bigint, born date)
    WHERE p.id = x.person AND p.born_on IS NULL AND p.id IN (SELECT kittiwake_open_to_me());
    UPDATE pointer q SET
        name = CASE WHEN q.name_key = '' AND x.key <> '' THEN x.name ELSE q.name END,
        name_key = CASE WHEN q.name_key = '' THEN x.key ELSE q.name_key END,
        born_on = coalesce(q.born_on, x.born)
    FROM jsonb_to_recordset(described) AS x(person bigint, name text, key text, born date)
    WHERE q.person_id = x.person AND q.person_id IN (SELECT kittiwake_open_to_me())
      AND ((q.name_key = '' AND x.key <> '') OR q.born_on IS NULL);
END $$;

-- What a board may say of cases without a lease: kinds and times of entries, never words. `looks`
-- are the kinds that count as having looked; `telling` those that bring something new.
CREATE OR REPLACE FUNCTION case_news(cases bigint[], looks text[], telling text[])
RETURNS TABLE (case_id bigint, looked_at timestamptz, news int, news_kind text,
               news_at timestamptz, kinds text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH me AS (
        SELECT p.agency_id, a.kind FROM practitioner p JOIN agency a ON a.id = p.agency_id
        WHERE p.is_active
          AND p.id = nullif(current_setting('kittiwake.practitioner', true), '')::bigint
    ), mine AS (
        SELECT c.id FROM case_file c, me WHERE c.id = ANY (cases) AND (
            me.kind IN ('police', 'social_care') OR EXISTS (SELECT 1 FROM known_to k
                WHERE k.person_id = c.person_id AND k.agency_id = me.agency_id
                AND (k.until_on IS NULL OR k.until_on >= current_date)))
    ), lines AS (
        SELECT e.case_id, e.id, e.kind::text AS kind, e.recorded_at,
               max(e.recorded_at) FILTER (WHERE e.kind = ANY (looks))
                   OVER (PARTITION BY e.case_id) AS looked_at
        FROM entry e JOIN mine m ON m.id = e.case_id
    )
    SELECT l.case_id, max(l.looked_at),
           (count(*) FILTER (WHERE l.is_news))::int,
           (array_agg(l.kind ORDER BY l.id DESC) FILTER (WHERE l.is_news))[1],
           max(l.recorded_at) FILTER (WHERE l.is_news), array_agg(DISTINCT l.kind)
    FROM (SELECT *, kind = ANY (telling) AND recorded_at > coalesce(looked_at, '-infinity')
                 AS is_news FROM lines) l
    GROUP BY l.case_id
$$;

-- When each partner's feed last sent anything, for whoever is signed in: names and times, no child.
CREATE OR REPLACE FUNCTION feeds_heard()
RETURNS TABLE (feed text, agency text, heard_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.feed::text, a.name::text, max(r.received_at)
    FROM report r JOIN agency a ON a.id = r.agency_id
    WHERE r.part_of_id IS NULL AND EXISTS (SELECT 1 FROM practitioner p WHERE p.is_active
        AND p.id = nullif(current_setting('kittiwake.practitioner', true), '')::bigint)
    GROUP BY 1, 2
$$;

-- The incidents that say somebody is missing and that no missing record knows (finding L256): none
-- with the same number, and none of the child's that day or a day beside it. Names and times, no
-- words; only for those who check, and never of a restricted record.
CREATE OR REPLACE FUNCTION incidents_unrecorded(since timestamptz)
RETURNS TABLE (id bigint, number text, happened_at timestamptz, opened_as text, closed_as text,
               person_id bigint, person_uid uuid, name text, born_on date, log text, report uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.id, i.number::text, i.happened_at, i.opened_as::text, i.closed_as::text, i.person_id,
           CASE WHEN NOT q.is_restricted THEN q.uid END,
           CASE WHEN q.is_restricted THEN 'A restricted record' ELSE q.name::text END,
           CASE WHEN NOT q.is_restricted THEN q.born_on END, f.name::text, r.uid
    FROM incident i LEFT JOIN pointer q ON q.person_id = i.person_id
    JOIN report r ON r.id = i.report_id LEFT JOIN feed f ON f.key = i.feed
    WHERE kittiwake_may_audit_incidents(
            nullif(current_setting('kittiwake.practitioner', true), '')::bigint)
      AND i.is_missing AND (i.is_child OR i.person_id IS NULL) AND i.settled_at IS NULL
      AND i.happened_at >= since
      AND NOT EXISTS (
        SELECT 1 FROM about a WHERE a.person_id = i.person_id
          AND a.kind IN ('missing.reported', 'history.missing_episode')
          AND abs((a.happened_at AT TIME ZONE 'Europe/London')::date
                - (i.happened_at AT TIME ZONE 'Europe/London')::date) <= 1)
      AND NOT EXISTS (
        SELECT 1 FROM entry e JOIN detail d ON d.entry_id = e.id
        WHERE e.kind IN ('missing.reported', 'history.missing_episode') AND e.happened_at BETWEEN i.happened_at - interval '7 days'
          AND i.happened_at + interval '7 days'
          AND upper(regexp_replace(d.answers->>'incident_number', '\W', '', 'g'))
            = upper(regexp_replace(i.number, '\W', '', 'g')))
    ORDER BY i.happened_at DESC, i.id DESC
$$;
