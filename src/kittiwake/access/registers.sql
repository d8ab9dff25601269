-- Functions of the registers (markers, partners' lists, the policy), as those of walls.sql: run
-- as the owner, safe to run again, and who may call which is in walls.py.

-- Which of these types of marker stand on somebody else who lives where a person lives, for
-- whoever has opened that person's record: types only, never on whom (G6).
CREATE OR REPLACE FUNCTION markers_nearby(of_person bigint, shown text[])
RETURNS TABLE (type text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT f.type::text
    FROM address mine JOIN address theirs ON theirs.person_id <> mine.person_id
         AND (theirs.until_on IS NULL OR theirs.until_on >= current_date)
         AND (theirs.place_id = mine.place_id OR (mine.postcode <> ''
              AND theirs.postcode = mine.postcode AND lower(theirs.line) = lower(mine.line)))
    JOIN flag f ON f.person_id = theirs.person_id AND f.ended_at IS NULL
         AND f.type = ANY (shown)
    WHERE mine.person_id = of_person AND of_person IN (SELECT kittiwake_open_to_me())
      AND (mine.until_on IS NULL OR mine.until_on >= current_date)
      AND NOT EXISTS (SELECT 1 FROM flag own WHERE own.person_id = of_person
                      AND own.type = f.type AND own.ended_at IS NULL)
    ORDER BY 1
$$;

-- Compare every partner's list of markers with the register: what they hold and we do not, and
-- what we hold of a type they list and they do not. A difference gets an owner once (`owners`
-- gives a practitioner for each type); one that is gone is marked so. Counts only come back.
CREATE OR REPLACE FUNCTION reconcile_markers(owners jsonb, at timestamptz)
RETURNS TABLE (found int, gone int, standing int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF session_user = '{app}' AND NOT kittiwake_may_reconcile(
           nullif(current_setting('kittiwake.practitioner', true), '')::bigint) THEN
        RAISE EXCEPTION 'not_permitted' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(7003);
    RETURN QUERY WITH theirs AS (
        SELECT l.feed, l.agency_id, l.person_id, l.type FROM listed_marker l
        WHERE l.gone_at IS NULL AND (l.until_on IS NULL OR l.until_on >= at::date)
    ), ours AS (
        SELECT DISTINCT f.person_id, f.type FROM flag f
        WHERE f.ended_at IS NULL AND f.role = 'child'
    ), lists AS (
        SELECT DISTINCT l.feed, l.agency_id, l.type FROM listed_marker l
    ), now_differ AS (
        SELECT t.feed, t.agency_id, t.person_id, t.type, 'they hold' AS what FROM theirs t
        WHERE NOT EXISTS (SELECT 1 FROM ours o
                          WHERE o.person_id = t.person_id AND o.type = t.type)
        UNION ALL
        SELECT l.feed, l.agency_id, o.person_id, o.type, 'we hold' FROM ours o
        JOIN lists l ON l.type = o.type
        WHERE NOT EXISTS (SELECT 1 FROM theirs t WHERE t.feed = l.feed
                          AND t.person_id = o.person_id AND t.type = o.type)
    ), added AS (
        INSERT INTO marker_difference (uid, feed, agency_id, person_id, type, what, owner_id,
                                       found_at, reason)
        SELECT gen_random_uuid(), d.feed, d.agency_id, d.person_id, d.type, d.what,
               (owners->>d.type)::bigint, at, ''
        FROM now_differ d WHERE owners ? d.type
        ON CONFLICT (feed, person_id, type, what) WHERE gone_at IS NULL DO NOTHING
        RETURNING owner_id
    ), told AS (
        INSERT INTO message (to_id, sentence, link, written_at)
        SELECT a.owner_id, 'A partner’s list of markers and ours differ: ' || count(*)
               || CASE WHEN count(*) = 1 THEN ' difference is' ELSE ' differences are' END
               || ' yours to look at.', '/differences', at
        FROM added a GROUP BY a.owner_id
    ), over AS (
        UPDATE marker_difference m SET gone_at = at
        WHERE m.gone_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM now_differ d WHERE d.feed = m.feed AND d.person_id = m.person_id
            AND d.type = m.type AND d.what = m.what)
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM added)::int, (SELECT count(*) FROM over)::int,
           (SELECT count(*) FROM now_differ)::int;
END $$;

-- Where missing episodes opened since an instant are, or were last, graded below what the policy
-- said of the child then: by the team of whoever lowered the grade (else of the owner) and by the
-- policy's reason. Counts and rules only, for those who review the policy; nobody's name.
CREATE OR REPLACE FUNCTION policy_divergence(since timestamptz)
RETURNS TABLE (team text, grade text, level text, rule text, sentence text, cases int,
               of_cases int, alone int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH ranked AS (
        SELECT w, n FROM unnest(ARRAY['not_enough_known', 'low', 'medium', 'high', 'very_high'])
            WITH ORDINALITY AS r(w, n)
    ), graded AS (
        SELECT c.id, c.person_id, c.grade, c.owner_id, c.closed_at,
               (SELECT e.by_id FROM entry e WHERE e.case_id = c.id
                AND e.kind = 'missing.grade_lowered' ORDER BY e.id DESC LIMIT 1) AS lowered_by,
               EXISTS (SELECT 1 FROM entry e WHERE e.case_id = c.id
                       AND e.kind = 'missing.lower_grade_proposed') AS proposed
        FROM case_file c WHERE c.pathway = 'missing' AND NOT c.is_history AND c.opened_at >= since
          AND kittiwake_may_review_policy(
              nullif(current_setting('kittiwake.practitioner', true), '')::bigint)
    ), judged AS (
        SELECT g.*, a.level, a.reasons, coalesce(t.name, y.name) AS team
        FROM graded g
        JOIN LATERAL (SELECT s.level, s.reasons FROM assessment s JOIN entry e ON e.id = s.entry_id
             WHERE s.person_id = g.person_id AND e.case_id = g.id
               AND NOT EXISTS (SELECT 1 FROM entry b WHERE b.case_id = g.id AND b.id <= e.id
                               AND b.kind IN ('missing.located', 'missing.returned'))
             ORDER BY s.id DESC LIMIT 1) a ON true
        JOIN practitioner p ON p.id = coalesce(g.lowered_by, g.owner_id)
        JOIN agency y ON y.id = p.agency_id LEFT JOIN team t ON t.id = p.team_id
    ), below AS (
        SELECT j.* FROM judged j JOIN ranked x ON x.w = j.level JOIN ranked y ON y.w = j.grade
        WHERE y.n < x.n
    )
    SELECT b.team::text, b.grade::text, b.level::text, r->>'rule', r->>'sentence',
           count(DISTINCT b.id)::int,
           (SELECT count(*) FROM judged j WHERE j.team = b.team)::int,
           (count(DISTINCT b.id) FILTER (WHERE NOT b.proposed))::int
    FROM below b CROSS JOIN jsonb_array_elements(b.reasons) r
    WHERE r->>'level' = b.level
    GROUP BY b.team, b.grade, b.level, r->>'rule', r->>'sentence'
    ORDER BY 6 DESC, 1, 4
$$;
