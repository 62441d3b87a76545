-- compatible_from: 3
-- The writes that are about more than tasks: lists, tags, all that a user has, and what is kept for a time only. Those that
-- may touch many tasks do a part at a time and say whether there is more, so that each part is short.

-- outcome: as in 004; `full` where the user has `p_most` lists already.
CREATE FUNCTION todo.create_list(p_user text, p_id uuid, p_name text, p_position text, p_most integer, p_key text,
  p_fingerprint bytea)
RETURNS TABLE (outcome text, list todo.task_lists) LANGUAGE plpgsql AS $$
DECLARE
  c todo.user_counters;
BEGIN
  c := todo.lock_user(p_user);
  IF p_key IS NOT NULL THEN
    RETURN QUERY SELECT * FROM todo.replay_list(p_user, p_key, p_fingerprint);
    IF FOUND THEN RETURN; END IF;
  END IF;
  outcome := 'full';
  IF (SELECT count(*) >= p_most FROM todo.task_lists AS l WHERE l.user_id = p_user AND l.deleted_at IS NULL) THEN
    RETURN NEXT;
    RETURN;
  END IF;
  outcome := 'ok';
  c.last_change := c.last_change + 1;
  c.last_changed_at := greatest(clock_timestamp(), c.last_changed_at + INTERVAL '1 microsecond');
  INSERT INTO todo.task_lists AS l (user_id, id, name, position, revision)
  VALUES (p_user, p_id, p_name, coalesce(p_position, todo.last_position(c.last_change)), c.last_change)
  RETURNING l.* INTO list;
  PERFORM todo.set_counters(c);
  IF p_key IS NOT NULL THEN
    PERFORM todo.keep_answer(p_user, p_key, p_fingerprint, jsonb_build_array(to_jsonb(list)));
  END IF;
  RETURN NEXT;
END
$$;

-- Changes a list: `p_set` is an object of columns. A list that would stay as it is is not written.
CREATE FUNCTION todo.change_list(p_user text, p_id uuid, p_etag text, p_set jsonb, p_key text, p_fingerprint bytea)
RETURNS TABLE (outcome text, list todo.task_lists) LANGUAGE plpgsql AS $$
DECLARE
  c todo.user_counters;
  old todo.task_lists;
BEGIN
  c := todo.lock_user(p_user);
  IF p_key IS NOT NULL THEN
    RETURN QUERY SELECT * FROM todo.replay_list(p_user, p_key, p_fingerprint);
    IF FOUND THEN RETURN; END IF;
  END IF;
  SELECT l.* INTO old FROM todo.task_lists AS l WHERE l.user_id = p_user AND l.id = p_id AND l.deleted_at IS NULL;
  outcome := CASE WHEN NOT FOUND THEN 'missing' WHEN p_etag <> old.revision::text THEN 'stale' ELSE 'ok' END;
  list := jsonb_populate_record(old, p_set);
  IF outcome = 'ok' AND list IS DISTINCT FROM old THEN
    c.last_change := c.last_change + 1;
    c.last_changed_at := greatest(clock_timestamp(), c.last_changed_at + INTERVAL '1 microsecond');
    list.revision := c.last_change;
    UPDATE todo.task_lists AS l SET name = list.name, position = list.position, revision = list.revision
    WHERE l.user_id = p_user AND l.id = p_id;
    PERFORM todo.set_counters(c);
  END IF;
  IF outcome = 'ok' AND p_key IS NOT NULL THEN
    PERFORM todo.keep_answer(p_user, p_key, p_fingerprint, jsonb_build_array(to_jsonb(list)));
  END IF;
  RETURN NEXT;
END
$$;

CREATE FUNCTION todo.replay_list(p_user text, p_key text, p_fingerprint bytea)
RETURNS TABLE (outcome text, list todo.task_lists) LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN k.fingerprint = p_fingerprint THEN 'ok' ELSE 'key_reused' END,
    jsonb_populate_record(NULL::todo.task_lists, k.answer -> 0)
  FROM todo.idempotency_keys AS k
  WHERE k.user_id = p_user AND k.key = p_key AND k.created_at > now() - INTERVAL '24 hours'
$$;

-- Takes up to `p_limit` tasks out of a list, and deletes the list once no task is in it. Answers `more` where it was not
-- done yet, else an outcome.
CREATE FUNCTION todo.delete_list(p_user text, p_id uuid, p_etag text, p_limit integer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  c todo.user_counters;
  revision bigint;
  taken integer := 0;
  task uuid;
BEGIN
  c := todo.lock_user(p_user);
  SELECT l.revision INTO revision FROM todo.task_lists AS l
  WHERE l.user_id = p_user AND l.id = p_id AND l.deleted_at IS NULL;
  IF NOT FOUND THEN RETURN 'missing'; END IF;
  IF p_etag <> revision::text THEN RETURN 'stale'; END IF;
  c.last_changed_at := greatest(clock_timestamp(), c.last_changed_at);
  FOR task IN SELECT t.id FROM todo.tasks AS t WHERE t.user_id = p_user AND t.list_id = p_id LIMIT p_limit LOOP
    taken := taken + 1;
    c.last_change := c.last_change + 1;
    c.last_changed_at := c.last_changed_at + INTERVAL '1 microsecond';
    UPDATE todo.tasks AS t SET list_id = NULL, revision = c.last_change, updated_at = c.last_changed_at
    WHERE t.user_id = p_user AND t.id = task;
  END LOOP;
  IF taken < p_limit THEN
    c.last_change := c.last_change + 1;
    UPDATE todo.task_lists AS l SET deleted_at = c.last_changed_at, revision = c.last_change
    WHERE l.user_id = p_user AND l.id = p_id;
  END IF;
  PERFORM todo.set_counters(c);
  RETURN CASE WHEN taken < p_limit THEN 'ok' ELSE 'more' END;
END
$$;

-- Takes a tag off the tasks behind `p_after`, of which it looks at up to `p_limit`. Answers the last that it looked at, and
-- NULL where there was no more.
CREATE FUNCTION todo.delete_tag(p_user text, p_tag text, p_after uuid, p_limit integer) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
  c todo.user_counters;
  task record;
  seen integer := 0;
  counted integer := 0;
BEGIN
  c := todo.lock_user(p_user);
  c.last_changed_at := greatest(clock_timestamp(), c.last_changed_at);
  FOR task IN
    SELECT t.id, t.tags, t.deleted_at FROM todo.tasks AS t WHERE t.user_id = p_user AND t.id > p_after ORDER BY t.id
    LIMIT p_limit
  LOOP
    seen := seen + 1;
    CONTINUE WHEN NOT p_tag = ANY (task.tags);
    c.last_change := c.last_change + 1;
    c.last_changed_at := c.last_changed_at + INTERVAL '1 microsecond';
    UPDATE todo.tasks AS t SET tags = array_remove(t.tags, p_tag), revision = c.last_change, updated_at = c.last_changed_at
    WHERE t.user_id = p_user AND t.id = task.id;
    IF task.deleted_at IS NULL THEN counted := counted + 1; END IF;
  END LOOP;
  IF counted > 0 THEN
    UPDATE todo.user_tags AS u SET task_count = u.task_count - counted WHERE u.user_id = p_user AND u.tag = p_tag;
    DELETE FROM todo.user_tags AS u WHERE u.user_id = p_user AND u.tag = p_tag AND u.task_count = 0;
  END IF;
  PERFORM todo.set_counters(c);
  RETURN CASE WHEN seen = p_limit THEN task.id END;
END
$$;

-- Removes up to `p_limit` of a user's tasks for good, and all else once there are none. Answers whether there is more. From
-- the first call on, what was synced before means nothing any more.
CREATE FUNCTION todo.forget_user(p_user text, p_limit integer) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  c todo.user_counters;
  task todo.tasks;
  tags text[] := '{}';
  removed integer := 0;
BEGIN
  SELECT u.* INTO c FROM todo.user_counters AS u WHERE u.user_id = p_user FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  FOR task IN
    DELETE FROM todo.tasks AS t WHERE t.user_id = p_user AND t.id = ANY (
      ARRAY (SELECT d.id FROM todo.tasks AS d WHERE d.user_id = p_user ORDER BY d.id LIMIT p_limit))
    RETURNING t.*
  LOOP
    removed := removed + 1;
    c := todo.counted(c, task, -1);
    IF task.deleted_at IS NULL THEN tags := tags || task.tags; END IF;
  END LOOP;
  IF removed = p_limit THEN
    IF cardinality(tags) > 0 THEN PERFORM todo.count_tags(p_user, tags, -1); END IF;
    PERFORM todo.set_counters(c);
    UPDATE todo.user_counters AS u SET began_at = clock_timestamp() WHERE u.user_id = p_user;
    RETURN true;
  END IF;
  DELETE FROM todo.task_lists AS l WHERE l.user_id = p_user;
  DELETE FROM todo.user_tags AS u WHERE u.user_id = p_user;
  DELETE FROM todo.idempotency_keys AS k WHERE k.user_id = p_user;
  DELETE FROM todo.user_counters AS u WHERE u.user_id = p_user;
  RETURN false;
END
$$;

-- Removes what has been in the trash for 30 days, and idempotency keys that are a day old: about `p_limit` rows of each.
-- Answers how many rows it removed, and NULL where another replica is at it.
CREATE FUNCTION todo.purge(p_limit integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  due_user text;
  rows integer;
  removed integer;
BEGIN
  IF NOT pg_try_advisory_xact_lock(7236120492) THEN RETURN NULL; END IF;
  DELETE FROM todo.idempotency_keys AS k
  WHERE (k.user_id, k.key) IN (SELECT o.user_id, o.key FROM todo.idempotency_keys AS o
    WHERE o.created_at <= now() - INTERVAL '24 hours' ORDER BY o.created_at LIMIT p_limit);
  GET DIAGNOSTICS removed = ROW_COUNT;
  DELETE FROM todo.task_lists AS l WHERE l.deleted_at <= now() - INTERVAL '30 days';
  GET DIAGNOSTICS rows = ROW_COUNT;
  removed := removed + rows;
  FOR due_user IN
    SELECT DISTINCT o.user_id FROM (SELECT t.user_id FROM todo.tasks AS t
      WHERE t.deleted_at <= now() - INTERVAL '30 days' ORDER BY t.deleted_at LIMIT p_limit) AS o
    -- In one order, whoever else locks several users.
    ORDER BY 1
  LOOP
    PERFORM todo.lock_user(due_user);
    DELETE FROM todo.tasks AS t WHERE t.user_id = due_user AND t.id = ANY (ARRAY (
      SELECT o.id FROM todo.tasks AS o
      WHERE o.user_id = due_user AND o.state IN (2, 3) AND o.deleted_at <= now() - INTERVAL '30 days' LIMIT p_limit));
    GET DIAGNOSTICS rows = ROW_COUNT;
    UPDATE todo.user_counters AS c SET trashed = c.trashed - rows WHERE c.user_id = due_user;
    removed := removed + rows;
  END LOOP;
  RETURN removed;
END
$$;
CREATE INDEX task_lists_deleted ON todo.task_lists (deleted_at) WHERE deleted_at IS NOT NULL;
