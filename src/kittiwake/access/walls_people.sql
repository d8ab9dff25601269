-- Who is it: the index of people by their names, looking in it, and linking. Run as the owner
-- after walls.sql; safe to run again.

-- As `names.name_id` has it. These three have no search_path of their own, so that they are
-- written into the statements that call them; none runs as the owner.
CREATE OR REPLACE FUNCTION kittiwake_name_id(key text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN key = '' THEN 0 ELSE ('x' || left(md5(key), 16))::bit(64)::bigint END
$$;

-- A date of birth as one number, 20120304; 0 where none is known.
CREATE OR REPLACE FUNCTION kittiwake_born(born_on date) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce((extract(year FROM born_on) * 10000 + extract(month FROM born_on) * 100
                     + extract(day FROM born_on))::int, 0)
$$;

-- A whole name apart: the first word and the rest, the last word and the rest.
CREATE OR REPLACE FUNCTION kittiwake_splits(key text) RETURNS TABLE (given text, family text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT split_part(key, ' ', 1), substr(key, strpos(key || ' ', ' ') + 1)
    UNION SELECT rtrim(left(key, length(key) - length(w))), w
    FROM substring(key FROM '[^ ]*$') w
$$;

-- Everybody on file is in the index from the moment they have a name. Whoever writes a pointer,
-- by whatever way, does this with it.
CREATE OR REPLACE FUNCTION kittiwake_index_pointers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO known_as (person_id, given_id, family_id, born)
            SELECT NEW.person_id, kittiwake_name_id(s.given), kittiwake_name_id(s.family),
                   kittiwake_born(NEW.born_on)
            FROM kittiwake_splits(NEW.name_key) s ON CONFLICT DO NOTHING;
        INSERT INTO name_on_file (id, key)
            SELECT kittiwake_name_id(k), k FROM kittiwake_splits(NEW.name_key) s,
                unnest(ARRAY[s.given, s.family]) k WHERE k <> '' ON CONFLICT DO NOTHING;
        RETURN NEW;
    END IF;
    WITH split AS MATERIALIZED (
        SELECT a.person_id, kittiwake_born(a.born_on) AS born, s.given, s.family
        FROM added a CROSS JOIN LATERAL kittiwake_splits(a.name_key) s
    ), named AS (
        INSERT INTO name_on_file (id, key)
            SELECT DISTINCT kittiwake_name_id(k), k FROM split, unnest(ARRAY[given, family]) k
            WHERE k <> '' ON CONFLICT DO NOTHING
    )
    INSERT INTO known_as (person_id, given_id, family_id, born)
        SELECT person_id, kittiwake_name_id(given), kittiwake_name_id(family), born FROM split
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER index_added AFTER INSERT ON pointer
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION kittiwake_index_pointers();
CREATE OR REPLACE TRIGGER index_named AFTER UPDATE OF name_key, born_on ON pointer
    FOR EACH ROW EXECUTE FUNCTION kittiwake_index_pointers();

-- Those who were on file before there was an index.
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM known_as) THEN
        UPDATE pointer SET name_key = name_key;
    END IF;
END $$;

-- How many on file have each name, and how many were born in each year: what a chance agreement
-- is worth. Names and numbers, nobody's record.
CREATE OR REPLACE FUNCTION names_on_file() RETURNS TABLE (id bigint, key text, given int, family int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT n.id, n.key::text, coalesce(g.many, 0), coalesce(f.many, 0) FROM name_on_file n
    LEFT JOIN (SELECT given_id, count(*)::int AS many FROM known_as GROUP BY 1) g ON g.given_id = n.id
    LEFT JOIN (SELECT family_id, count(*)::int AS many FROM known_as GROUP BY 1) f
        ON f.family_id = n.id
$$;
CREATE OR REPLACE FUNCTION births_on_file() RETURNS TABLE (year int, people int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT born / 10000, count(*)::int FROM known_as GROUP BY 1
$$;

-- Whom a search may be about, for whoever's agency works with every child or with this one: ids
-- and numbers, no words, nothing sealed. A restricted record shows only in what was asked, to
-- those who may not open such records. What arrives is compared with everybody on file, whoever
-- sent it: of those out of reach, too, only what was asked shows. `postcodes` begins with the one that was said. Probes of
-- indexes alone, also while a table just filled is still believed empty.
DROP FUNCTION IF EXISTS find_candidates;
CREATE FUNCTION find_candidates(givens bigint[], families bigint[], borns int[], near int[],
                                from_born int, to_born int, postcodes text[], alone bool,
                                arriving bool)
RETURNS TABLE (person_id bigint, given_id bigint, family_id bigint, born int, lives int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    me bigint := nullif(current_setting('kittiwake.practitioner', true), '')::bigint;
    my_agency bigint;
    wide bool;
    may_open bool;
    in_part bool;
BEGIN
    SELECT p.agency_id, a.kind IN ('police', 'social_care'), kittiwake_may_open_restricted(p.id)
        INTO my_agency, wide, may_open
        FROM practitioner p JOIN agency a ON a.id = p.agency_id WHERE p.is_active AND p.id = me;
    IF my_agency IS NULL THEN RETURN; END IF;
    in_part := arriving AND NOT wide;
    RETURN QUERY
    WITH living AS MATERIALIZED (
        SELECT a.person_id, max(CASE WHEN a.postcode_key = postcodes[1] THEN 2 ELSE 1 END) AS how
        FROM address a WHERE a.postcode_key = ANY (postcodes) AND NOT a.is_restricted GROUP BY 1
    ), probed AS MATERIALIZED (
        (SELECT k.person_id, k.given_id, k.family_id, k.born FROM known_as k
         WHERE k.family_id = ANY (families) AND k.born = ANY (borns) LIMIT 4000)
        UNION
        (SELECT k.person_id, k.given_id, k.family_id, k.born FROM known_as k
         WHERE k.given_id = ANY (givens) AND k.born = ANY (near) LIMIT 4000)
        UNION
        (SELECT k.person_id, k.given_id, k.family_id, k.born FROM known_as k
         WHERE k.given_id = ANY (givens) AND k.family_id = ANY (families) LIMIT 4000)
        UNION
        (SELECT k.person_id, k.given_id, k.family_id, k.born FROM known_as k
         WHERE k.family_id = ANY (families) AND k.born BETWEEN from_born AND to_born
         AND to_born > 0 LIMIT 4000)
        UNION
        (SELECT k.person_id, k.given_id, k.family_id, k.born FROM known_as k
         WHERE k.family_id = ANY (families) AND alone LIMIT 2000)
        UNION
        (SELECT k.person_id, k.given_id, k.family_id, k.born FROM known_as k
         WHERE k.given_id = ANY (givens) AND alone LIMIT 2000)
        UNION
        (SELECT k.person_id, k.given_id, k.family_id, k.born FROM known_as k
         WHERE k.born = ANY (near) AND alone LIMIT 2000)
        UNION
        (SELECT k.person_id, k.given_id, k.family_id, k.born FROM living v
         JOIN known_as k ON k.person_id = v.person_id LIMIT 4000)
    )
    SELECT q.person_id,
        CASE WHEN (NOT in_part AND (may_open OR NOT q.is_restricted)) OR p.given_id = ANY (givens)
             THEN p.given_id ELSE 0 END,
        CASE WHEN (NOT in_part AND (may_open OR NOT q.is_restricted)) OR p.family_id = ANY (families)
             THEN p.family_id ELSE 0 END,
        CASE WHEN (NOT in_part AND (may_open OR NOT q.is_restricted)) OR p.born = ANY (borns)
             THEN p.born ELSE 0 END,
        coalesce(v.how, 0)
    FROM probed p JOIN person w ON w.id = p.person_id
    JOIN pointer q ON q.person_id = coalesce(w.merged_into_id, w.id)
    LEFT JOIN living v ON v.person_id = p.person_id
    WHERE wide OR arriving OR (NOT q.is_restricted AND EXISTS (SELECT 1 FROM known_to k
          WHERE k.person_id = q.person_id AND k.agency_id = my_agency
          AND (k.until_on IS NULL OR k.until_on >= current_date)));
END $$;

-- Of these people, those who may be shown to whoever's agency works with every child or with this
-- one. Who may not open a restricted record sees that there is one, and no way to it.
CREATE OR REPLACE FUNCTION seen_people(people bigint[])
RETURNS TABLE (person_id bigint, is_restricted bool, uid uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH me AS (
        SELECT p.agency_id, a.kind IN ('police', 'social_care') AS is_wide,
               kittiwake_may_open_restricted(p.id) AS may_open
        FROM practitioner p JOIN agency a ON a.id = p.agency_id
        WHERE p.is_active
          AND p.id = nullif(current_setting('kittiwake.practitioner', true), '')::bigint
    )
    SELECT q.person_id, q.is_restricted,
           CASE WHEN me.may_open OR NOT q.is_restricted THEN q.uid END
    FROM me, pointer q WHERE q.person_id = ANY (people) AND (me.is_wide
          OR (NOT q.is_restricted AND EXISTS (SELECT 1 FROM known_to k
              WHERE k.person_id = q.person_id AND k.agency_id = me.agency_id
              AND (k.until_on IS NULL OR k.until_on >= current_date))))
$$;

-- Whose number this is: a case, an incident, or a whole identifier. Ids only, of people within
-- reach; see `seen_people`.
DROP FUNCTION IF EXISTS find_people(text[], date, int, text);
CREATE OR REPLACE FUNCTION find_people(number text) RETURNS TABLE (person_id bigint, how text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH found AS (
        SELECT i.person_id AS who, i.scheme AS how FROM identifier i WHERE i.value = number
        UNION ALL
        SELECT c.person_id, 'case' FROM case_file c WHERE c.ref = number
        UNION ALL
        SELECT c.person_id, 'incident' FROM case_file c
        JOIN entry e ON e.case_id = c.id JOIN detail d ON d.entry_id = e.id
        WHERE number <> '' AND c.opened_at > now() - interval '90 days'
          AND upper(d.answers->>'incident_number') = number
    ), standing AS (
        SELECT coalesce(p.merged_into_id, p.id) AS who, min(f.how) AS how
        FROM found f JOIN person p ON p.id = f.who GROUP BY 1
    )
    SELECT s.who, s.how FROM standing s
    JOIN seen_people(ARRAY(SELECT t.who FROM standing t)) v ON v.person_id = s.who
    ORDER BY s.who LIMIT 51
$$;
