-- Two people said to be one, and apart again. Run as the owner; safe to run again.

-- Every table that says something of a person, and its key: what a link moves.
CREATE OR REPLACE FUNCTION kittiwake_linked_tables() RETURNS TABLE (name text, key text)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.relname::text, k.attname::text
    FROM pg_class c
    JOIN pg_attribute p ON p.attrelid = c.oid AND p.attname = 'person_id' AND NOT p.attisdropped
    JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
    JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = i.indkey[0]
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND k.attname <> 'person_id'
      -- Who looked at which record stays as it was; so does what was said of the two.
      AND c.relname NOT IN ('lease', 'look', 'refusal', 'pointer', 'possible_match', 'link')
    ORDER BY 1
$$;

-- Whether I may say who is one: my role, both records open to me, and the entry I just recorded.
CREATE OR REPLACE FUNCTION kittiwake_may_link(kept bigint, other bigint, by_entry bigint, said text)
RETURNS bool
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT kept < other
       AND kept IN (SELECT kittiwake_open_to_me()) AND other IN (SELECT kittiwake_open_to_me())
       AND EXISTS (SELECT 1 FROM about a WHERE a.entry_id = by_entry AND a.person_id = kept
                   AND a.kind = said AND a.by_id =
                   nullif(current_setting('kittiwake.practitioner', true), '')::bigint)
       AND EXISTS (SELECT 1 FROM role_held h WHERE h.role IN ({linkers}) AND h.practitioner_id =
                   nullif(current_setting('kittiwake.practitioner', true), '')::bigint
                   AND h.from_at <= now() AND (h.until IS NULL OR h.until > now()))
$$;

-- Rows of one table go from one person to another; which went. A row that the other has already,
-- such as the same open marker, stays where it is.
CREATE OR REPLACE FUNCTION kittiwake_move(tab text, key text, of_person bigint, to_person bigint,
                                          only_these jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    one text;
    gone jsonb := '[]';
BEGIN
    FOR one IN EXECUTE format('SELECT %I::text FROM %I WHERE person_id = $1 AND '
            '($2 IS NULL OR $2 ? %I::text) ORDER BY 1', key, tab, key) USING of_person, only_these
    LOOP
        BEGIN
            EXECUTE format('UPDATE %I SET person_id = $1 WHERE %I::text = $2', tab, key)
                USING to_person, one;
            gone := gone || to_jsonb(one);
        EXCEPTION WHEN unique_violation THEN NULL;
        END;
    END LOOP;
    RETURN gone;
END $$;

-- What is known of `other` moves to `kept`; both keep their source records. Where both are missing,
-- the later episode joins the earlier: one owner, one set of clocks, the higher grade.
CREATE OR REPLACE FUNCTION link_people(kept bigint, other bigint, by_entry bigint, at timestamptz)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    t record;
    two record;
    gone jsonb := '{}';
    these jsonb;
BEGIN
    IF NOT kittiwake_may_link(kept, other, by_entry, 'people.linked') THEN
        RAISE EXCEPTION 'may_not_link' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('kittiwake.erasing', 'on', true);
    FOR two IN
        SELECT e.id AS earlier, l.id AS later, e.grade AS grade, l.grade AS its_grade
        FROM case_file a JOIN case_file b ON b.pathway = a.pathway AND b.person_id = other
             AND b.is_active AND b.closed_at IS NULL
        JOIN case_file e ON e.id = CASE WHEN a.opened_at <= b.opened_at THEN a.id ELSE b.id END
        JOIN case_file l ON l.id = CASE WHEN a.opened_at <= b.opened_at THEN b.id ELSE a.id END
        WHERE a.person_id = kept AND a.is_active AND a.closed_at IS NULL
    LOOP
        UPDATE case_file SET is_active = false, closed_at = at, mark = 'joined', changed_at = at
            WHERE id = two.later;
        UPDATE case_file SET changed_at = at, grade = CASE
            WHEN 'high' IN (two.grade, two.its_grade) THEN 'high'
            WHEN 'medium' IN (two.grade, two.its_grade) THEN 'medium' ELSE grade END
            WHERE id = two.earlier;
        WITH stopped AS (
            UPDATE clock k SET stopped_at = greatest(k.started_at, at), stopped_by_id = by_entry
            WHERE k.case_id = two.later AND k.stopped_at IS NULL AND EXISTS (SELECT 1 FROM clock c
                  WHERE c.case_id = two.earlier AND c.rule = k.rule AND c.stopped_at IS NULL)
            RETURNING k.id
        ) SELECT coalesce(jsonb_agg(id), '[]') INTO these FROM stopped;
        gone := gone || jsonb_build_object('joined', jsonb_build_object('earlier', two.earlier,
            'later', two.later, 'stopped', these));
        WITH went AS (
            UPDATE clock SET case_id = two.earlier, subject_id = two.earlier
            WHERE case_id = two.later AND stopped_at IS NULL AND subject_kind = 'case' RETURNING id
        ) SELECT coalesce(jsonb_agg(id), '[]') INTO these FROM went;
        gone := jsonb_set(gone, '{joined,went}', these);
    END LOOP;
    FOR t IN SELECT * FROM kittiwake_linked_tables() LOOP
        gone := gone || jsonb_build_object(t.name, kittiwake_move(t.name, t.key, other, kept, NULL));
    END LOOP;
    UPDATE clock SET subject_id = kept WHERE subject_kind = 'person' AND subject_id = other
        AND gone->'clock' ? id::text;
    PERFORM set_config('kittiwake.erasing', 'off', true);
    UPDATE person SET merged_into_id = kept WHERE id = other;
    INSERT INTO link (person_id, other_id, linked_by, linked_at, moved)
        VALUES (kept, other, by_entry, at, gone);
    PERFORM settle_match(kept, other, by_entry, at, 'linked');
END $$;

-- Two people are two again: everything that moved goes back, and nothing that came since.
CREATE OR REPLACE FUNCTION unlink_people(kept bigint, other bigint, by_entry bigint, at timestamptz)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    t record;
    was link%ROWTYPE;
    joined jsonb;
BEGIN
    IF NOT kittiwake_may_link(kept, other, by_entry, 'people.unlinked') THEN
        RAISE EXCEPTION 'may_not_link' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO was FROM link WHERE person_id = kept AND other_id = other AND unlinked_at IS NULL;
    IF was.id IS NULL THEN RETURN; END IF;
    PERFORM set_config('kittiwake.erasing', 'on', true);
    joined := was.moved->'joined';
    -- First the rows, so that each of the two has one open episode at most.
    FOR t IN SELECT * FROM kittiwake_linked_tables() LOOP
        PERFORM kittiwake_move(t.name, t.key, kept, other, coalesce(was.moved->t.name, '[]'));
    END LOOP;
    UPDATE clock SET subject_id = other WHERE subject_kind = 'person' AND subject_id = kept
        AND was.moved->'clock' ? id::text;
    PERFORM set_config('kittiwake.erasing', 'off', true);
    IF joined IS NOT NULL THEN
        UPDATE case_file SET is_active = true, closed_at = NULL, mark = '', changed_at = at
            WHERE id = (joined->>'later')::bigint AND mark = 'joined';
        UPDATE clock SET case_id = (joined->>'later')::bigint,
                         subject_id = (joined->>'later')::bigint,
                         person_id = (SELECT person_id FROM case_file
                                      WHERE id = (joined->>'later')::bigint)
            WHERE id IN (SELECT v::bigint FROM jsonb_array_elements_text(joined->'went') v);
        UPDATE clock SET stopped_at = NULL, stopped_by_id = NULL
            WHERE stopped_by_id = was.linked_by
              AND id IN (SELECT v::bigint FROM jsonb_array_elements_text(joined->'stopped') v);
    END IF;
    UPDATE person SET merged_into_id = NULL WHERE id = other;
    UPDATE link SET unlinked_by = by_entry, unlinked_at = at WHERE id = was.id;
    PERFORM settle_match(kept, other, by_entry, at, 'kept apart');
END $$;

-- What was decided about two people who might be one.
CREATE OR REPLACE FUNCTION settle_match(kept bigint, other bigint, by_entry bigint,
                                        at timestamptz, what text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT kittiwake_may_link(kept, other, by_entry, CASE what WHEN 'linked' THEN 'people.linked'
            ELSE 'people.kept_apart' END)
       AND NOT kittiwake_may_link(kept, other, by_entry, 'people.unlinked') THEN
        RAISE EXCEPTION 'may_not_link' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE possible_match SET settled_at = at, outcome = what,
        settled_by_id = nullif(current_setting('kittiwake.practitioner', true), '')::bigint
        WHERE (person_id, other_id) IN ((kept, other), (other, kept));
END $$;
