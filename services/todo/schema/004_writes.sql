-- compatible_from: 3
-- The writes. Each is one call: it locks the user's counters first, which puts a user's writes in order and makes all that
-- follows see what the one before has left; then it checks everything, and only then writes. A fault is a row, not an
-- error, so that the connection goes on being used.
--
-- outcome: `ok`; `lists` (`item` of them were made); `full` (too many lists); `missing`, `stale` (another etag), `differs` (another output-only value), `no_list`, `no_due_date`, where
-- nothing was written and `item` says which entry (from 1) is at fault; `key_reused` (the key came with another content).

-- What a user who has nothing yet counts from.
CREATE FUNCTION todo.lock_user(p_user text, OUT counters todo.user_counters) LANGUAGE plpgsql AS $$
BEGIN
  SELECT c.* INTO counters FROM todo.user_counters AS c WHERE c.user_id = p_user FOR UPDATE;
  WHILE NOT FOUND LOOP
    INSERT INTO todo.user_counters (user_id, last_change, pending_high, pending_medium, pending_low, completed_high,
      completed_medium, completed_low)
    VALUES (p_user, 0, 0, 0, 0, 0, 0, 0) ON CONFLICT (user_id) DO NOTHING;
    SELECT c.* INTO counters FROM todo.user_counters AS c WHERE c.user_id = p_user FOR UPDATE;
  END LOOP;
END
$$;
ALTER TABLE todo.user_counters DROP CONSTRAINT user_counters_last_change_check,
  ADD CONSTRAINT user_counters_last_change_check CHECK (last_change >= 0);

-- Adds `amount` tasks like `task` to the counters.
CREATE FUNCTION todo.counted(counters todo.user_counters, task todo.tasks, amount integer) RETURNS todo.user_counters
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF task.deleted_at IS NOT NULL THEN
    counters.trashed := counters.trashed + amount;
  ELSIF NOT task.is_completed THEN
    CASE task.priority
      WHEN 1 THEN counters.pending_high := counters.pending_high + amount;
      WHEN 2 THEN counters.pending_medium := counters.pending_medium + amount;
      ELSE counters.pending_low := counters.pending_low + amount;
    END CASE;
  ELSE
    CASE task.priority
      WHEN 1 THEN counters.completed_high := counters.completed_high + amount;
      WHEN 2 THEN counters.completed_medium := counters.completed_medium + amount;
      ELSE counters.completed_low := counters.completed_low + amount;
    END CASE;
  END IF;
  RETURN counters;
END
$$;

CREATE FUNCTION todo.set_counters(n todo.user_counters) RETURNS void LANGUAGE sql AS $$
  UPDATE todo.user_counters SET last_change = n.last_change, last_changed_at = n.last_changed_at,
    pending_high = n.pending_high, pending_medium = n.pending_medium, pending_low = n.pending_low,
    completed_high = n.completed_high, completed_medium = n.completed_medium, completed_low = n.completed_low,
    trashed = n.trashed
  WHERE user_id = n.user_id
$$;

-- Adds `amount` tasks to each of the tags; a tag may stand more than once.
CREATE FUNCTION todo.count_tags(p_user text, p_tags text[], amount integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO todo.user_tags AS u (user_id, tag, task_count)
  SELECT p_user, tag, 0 FROM unnest(p_tags) AS tag GROUP BY tag
  ON CONFLICT (user_id, tag) DO NOTHING;
  UPDATE todo.user_tags AS u SET task_count = u.task_count + amount * n.times
  FROM (SELECT tag, count(*)::integer AS times FROM unnest(p_tags) AS tag GROUP BY tag) AS n
  WHERE u.user_id = p_user AND u.tag = n.tag;
  DELETE FROM todo.user_tags AS u WHERE u.user_id = p_user AND u.tag = ANY (p_tags) AND u.task_count = 0
$$;

-- The answer that was given to this key: no row where there was none, and `key_reused` where it came with another content.
CREATE FUNCTION todo.replay(p_user text, p_key text, p_fingerprint bytea)
RETURNS TABLE (outcome text, item integer, task todo.tasks) LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN k.fingerprint = p_fingerprint THEN a.row ->> 'outcome' ELSE 'key_reused' END,
    coalesce((a.row ->> 'item')::integer, a.ordinality::integer), jsonb_populate_record(NULL::todo.tasks, a.row -> 'task')
  FROM todo.idempotency_keys AS k, jsonb_array_elements(k.answer) WITH ORDINALITY AS a (row, ordinality)
  WHERE k.user_id = p_user AND k.key = p_key AND k.created_at > now() - INTERVAL '24 hours'
$$;

CREATE FUNCTION todo.keep_answer(p_user text, p_key text, p_fingerprint bytea, p_answer jsonb) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO todo.idempotency_keys AS k (user_id, key, fingerprint, answer)
  VALUES (p_user, p_key, p_fingerprint, p_answer)
  ON CONFLICT (user_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, answer = excluded.answer,
    created_at = excluded.created_at
$$;

-- One task, without a key: the write that there are most of, in two statements. It is created where it was not yet, so that
-- who does not know whether the call went through can call again with the same id.
CREATE FUNCTION todo.create_task(p_user text, p_id uuid, p_title text, p_description text, p_is_completed boolean,
  p_priority smallint, p_due_date date, p_due_time time, p_time_zone text, p_tags text[], p_list_id uuid, p_position text)
RETURNS TABLE (outcome text, item integer, task todo.tasks) LANGUAGE plpgsql AS $$
DECLARE
  change bigint;
  changed_at timestamptz;
BEGIN
  LOOP
    UPDATE todo.user_counters AS c SET last_change = c.last_change + 1,
      last_changed_at = greatest(clock_timestamp(), c.last_changed_at + INTERVAL '1 microsecond'),
      pending_high = c.pending_high + (NOT p_is_completed AND p_priority = 1)::integer,
      pending_medium = c.pending_medium + (NOT p_is_completed AND p_priority = 2)::integer,
      pending_low = c.pending_low + (NOT p_is_completed AND p_priority = 3)::integer,
      completed_high = c.completed_high + (p_is_completed AND p_priority = 1)::integer,
      completed_medium = c.completed_medium + (p_is_completed AND p_priority = 2)::integer,
      completed_low = c.completed_low + (p_is_completed AND p_priority = 3)::integer
    WHERE c.user_id = p_user
    RETURNING c.last_change, c.last_changed_at INTO change, changed_at;
    EXIT WHEN FOUND;
    PERFORM todo.lock_user(p_user);
  END LOOP;
  item := 1;
  outcome := 'ok';
  INSERT INTO todo.tasks AS t (user_id, id, title, description, is_completed, priority, due_date, due_time, time_zone,
    tags, list_id, position, completed_at, created_at, updated_at, revision)
  VALUES (p_user, p_id, p_title, p_description, p_is_completed, p_priority, p_due_date, p_due_time, p_time_zone, p_tags,
    p_list_id, coalesce(p_position, todo.last_position(change)), CASE WHEN p_is_completed THEN changed_at END, changed_at,
    changed_at, change)
  RETURNING t.* INTO task;
  IF cardinality(p_tags) > 0 THEN PERFORM todo.count_tags(p_user, p_tags, 1); END IF;
  RETURN NEXT;
END
$$;

-- Many tasks, or one with a key. `p_lists` are created first; `p_tasks` and `p_lists` are arrays of objects whose names are
-- those of the columns. A list that is there already is left as it is.
CREATE FUNCTION todo.create_tasks(p_user text, p_lists jsonb, p_most_lists integer, p_tasks jsonb, p_key text,
  p_fingerprint bytea)
RETURNS TABLE (outcome text, item integer, task todo.tasks) LANGUAGE plpgsql AS $$
DECLARE
  c todo.user_counters;
  new todo.tasks;
  tags text[] := '{}';
  answers jsonb[] := '{}';
BEGIN
  c := todo.lock_user(p_user);
  IF p_key IS NOT NULL THEN
    RETURN QUERY SELECT * FROM todo.replay(p_user, p_key, p_fingerprint);
    IF FOUND THEN RETURN; END IF;
  END IF;
  c.last_changed_at := greatest(clock_timestamp(), c.last_changed_at + INTERVAL '1 microsecond');
  SELECT min(t.ordinality) INTO item
  FROM jsonb_array_elements(p_tasks) WITH ORDINALITY AS t (value, ordinality)
  WHERE t.value ->> 'list_id' IS NOT NULL
    AND NOT EXISTS (SELECT FROM jsonb_array_elements(p_lists) AS l WHERE l.value ->> 'id' = t.value ->> 'list_id')
    AND NOT EXISTS (SELECT FROM todo.task_lists AS l
      WHERE l.user_id = p_user AND l.id = (t.value ->> 'list_id')::uuid AND l.deleted_at IS NULL);
  IF item IS NOT NULL THEN
    outcome := 'no_list';
    RETURN NEXT;
    RETURN;
  END IF;
  IF jsonb_array_length(p_lists) > 0 THEN
    SELECT 'full' INTO outcome FROM (
      SELECT l.id FROM todo.task_lists AS l WHERE l.user_id = p_user AND l.deleted_at IS NULL
      UNION SELECT (value ->> 'id')::uuid FROM jsonb_array_elements(p_lists)) AS l
    HAVING count(*) > p_most_lists;
    IF outcome IS NOT NULL THEN
      RETURN NEXT;
      RETURN;
    END IF;
    INSERT INTO todo.task_lists AS o (user_id, id, name, position, revision)
    SELECT p_user, l.id, l.name, coalesce(l.position, todo.last_position(c.last_change + l.n)), c.last_change + l.n
    FROM (SELECT (r).id, (r).name, (r).position, row_number() OVER () AS n
      FROM (SELECT jsonb_populate_record(NULL::todo.task_lists, value)
        FROM jsonb_array_elements(p_lists) WITH ORDINALITY ORDER BY ordinality) AS rows (r)) AS l
    ON CONFLICT (user_id, id) DO UPDATE SET name = excluded.name, revision = excluded.revision, deleted_at = NULL
      WHERE o.deleted_at IS NOT NULL;
    GET DIAGNOSTICS item = ROW_COUNT;
    c.last_change := c.last_change + jsonb_array_length(p_lists);
    -- How many lists were made travels as a row of its own.
    outcome := 'lists';
    answers := answers || jsonb_build_object('outcome', outcome, 'item', item);
    RETURN NEXT;
  END IF;
  outcome := 'ok';
  item := 0;
  FOR new IN
    SELECT (jsonb_populate_record(NULL::todo.tasks, value)).* FROM jsonb_array_elements(p_tasks) WITH ORDINALITY
    ORDER BY ordinality
  LOOP
    c.last_change := c.last_change + 1;
    c.last_changed_at := c.last_changed_at + INTERVAL '1 microsecond';
    INSERT INTO todo.tasks AS t (user_id, id, title, description, is_completed, priority, due_date, due_time, time_zone,
      tags, list_id, position, completed_at, created_at, updated_at, revision)
    VALUES (p_user, new.id, new.title, new.description, new.is_completed, new.priority, new.due_date, new.due_time,
      new.time_zone, new.tags, new.list_id, coalesce(new.position, todo.last_position(c.last_change)),
      CASE WHEN new.is_completed THEN coalesce(new.completed_at, c.last_changed_at) END,
      coalesce(new.created_at, c.last_changed_at), c.last_changed_at, c.last_change)
    RETURNING t.* INTO task;
    c := todo.counted(c, task, 1);
    tags := tags || task.tags;
    item := item + 1;
    IF p_key IS NOT NULL THEN
      answers := answers || jsonb_build_object('outcome', outcome, 'task', to_jsonb(task));
    END IF;
    RETURN NEXT;
  END LOOP;
  IF cardinality(tags) > 0 THEN PERFORM todo.count_tags(p_user, tags, 1); END IF;
  PERFORM todo.set_counters(c);
  IF p_key IS NOT NULL THEN PERFORM todo.keep_answer(p_user, p_key, p_fingerprint, to_jsonb(answers)); END IF;
END
$$;

-- Changes tasks. Each of `p_changes` has `id`; `op` (`update`, `toggle`, `delete`, `undelete`); what to expect: `etag` and
-- `expected`, an object of columns; and what to `set`, an object of columns. A task that would stay as it is is not written.
CREATE FUNCTION todo.change_tasks(p_user text, p_changes jsonb, p_key text, p_fingerprint bytea)
RETURNS TABLE (outcome text, item integer, task todo.tasks) LANGUAGE plpgsql AS $$
DECLARE
  c todo.user_counters;
  change jsonb;
  old todo.tasks;
  new todo.tasks;
  answers todo.tasks[] := '{}';
  news todo.tasks[] := '{}';
  tags_before text[] := '{}';
  tags_after text[] := '{}';
BEGIN
  outcome := 'missing';
  item := 1;
  SELECT u.* INTO c FROM todo.user_counters AS u WHERE u.user_id = p_user FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NEXT;
    RETURN;
  END IF;
  IF p_key IS NOT NULL THEN
    RETURN QUERY SELECT * FROM todo.replay(p_user, p_key, p_fingerprint);
    IF FOUND THEN RETURN; END IF;
  END IF;
  FOR change IN SELECT value FROM jsonb_array_elements(p_changes) WITH ORDINALITY ORDER BY ordinality LOOP
    SELECT t.* INTO old FROM todo.tasks AS t
    WHERE t.user_id = p_user AND t.id = (change ->> 'id')::uuid
      AND (t.deleted_at IS NULL OR change ->> 'op' = 'undelete');
    outcome := CASE
      WHEN NOT FOUND THEN 'missing'
      WHEN change ->> 'etag' <> old.revision::text THEN 'stale'
      WHEN jsonb_populate_record(old, coalesce(change -> 'expected', '{}')) IS DISTINCT FROM old THEN 'differs'
      ELSE 'ok' END;
    IF outcome <> 'ok' THEN
      task := old;
      RETURN NEXT;
      RETURN;
    END IF;
    new := jsonb_populate_record(old, coalesce(change -> 'set', '{}'));
    CASE change ->> 'op'
      WHEN 'toggle' THEN new.is_completed := NOT old.is_completed;
      WHEN 'delete' THEN new.deleted_at := clock_timestamp();
      WHEN 'undelete' THEN new.deleted_at := NULL;
      ELSE
        IF new.due_date IS NULL THEN
          IF change -> 'set' ->> 'due_time' IS NOT NULL OR change -> 'set' ->> 'time_zone' IS NOT NULL THEN
            outcome := 'no_due_date';
            RETURN NEXT;
            RETURN;
          END IF;
          new.due_time := NULL;
          new.time_zone := NULL;
        END IF;
        IF new.list_id IS DISTINCT FROM old.list_id AND new.list_id IS NOT NULL AND NOT EXISTS (
          SELECT FROM todo.task_lists AS l WHERE l.user_id = p_user AND l.id = new.list_id AND l.deleted_at IS NULL) THEN
          outcome := 'no_list';
          RETURN NEXT;
          RETURN;
        END IF;
    END CASE;
    IF new IS DISTINCT FROM old THEN
      c.last_change := c.last_change + 1;
      c.last_changed_at := greatest(clock_timestamp(), c.last_changed_at + INTERVAL '1 microsecond');
      new.revision := c.last_change;
      new.updated_at := c.last_changed_at;
      new.completed_at := CASE WHEN NOT new.is_completed THEN NULL WHEN old.is_completed THEN old.completed_at
        ELSE c.last_changed_at END;
      IF new.deleted_at IS NOT NULL THEN new.deleted_at := c.last_changed_at; END IF;
      c := todo.counted(todo.counted(c, old, -1), new, 1);
      IF old.deleted_at IS NULL THEN tags_before := tags_before || old.tags; END IF;
      IF new.deleted_at IS NULL THEN tags_after := tags_after || new.tags; END IF;
      news := news || new;
    END IF;
    answers := answers || new;
    item := item + 1;
  END LOOP;
  IF cardinality(news) > 0 THEN
    FOREACH new IN ARRAY news LOOP
      UPDATE todo.tasks AS t SET title = new.title, description = new.description, is_completed = new.is_completed,
        priority = new.priority, due_date = new.due_date, due_time = new.due_time, time_zone = new.time_zone,
        tags = new.tags, list_id = new.list_id, position = new.position, completed_at = new.completed_at,
        updated_at = new.updated_at, revision = new.revision, deleted_at = new.deleted_at
      WHERE t.user_id = p_user AND t.id = new.id;
    END LOOP;
    IF tags_before <> tags_after THEN
      PERFORM todo.count_tags(p_user, tags_after, 1), todo.count_tags(p_user, tags_before, -1);
    END IF;
    PERFORM todo.set_counters(c);
  END IF;
  IF p_key IS NOT NULL THEN
    PERFORM todo.keep_answer(p_user, p_key, p_fingerprint, (
      SELECT jsonb_agg(jsonb_build_object('outcome', 'ok', 'task', to_jsonb(a))) FROM unnest(answers) AS a));
  END IF;
  RETURN QUERY SELECT 'ok', row_number() OVER ()::integer, a FROM unnest(answers) AS a;
END
$$;
