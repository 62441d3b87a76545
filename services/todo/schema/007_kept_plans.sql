-- compatible_from: 3
-- The functions of the writes that were SQL, as PL/pgSQL. PostgreSQL parses and plans the body of an SQL function anew for
-- each statement that calls it, that of a generated column for each INSERT; PL/pgSQL keeps its plans as long as the
-- connection. What the planner puts in place of the call, such as last_position() and replay(), stays SQL.

CREATE OR REPLACE FUNCTION todo.overdue_at(due_date date, due_time time, time_zone text) RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN CASE WHEN due_time IS NULL THEN (due_date + 1)::timestamp ELSE due_date + due_time END AT TIME ZONE time_zone;
END
$$;

CREATE OR REPLACE FUNCTION todo.set_counters(n todo.user_counters) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE todo.user_counters AS c SET last_change = n.last_change, last_changed_at = n.last_changed_at,
    pending_high = n.pending_high, pending_medium = n.pending_medium, pending_low = n.pending_low,
    completed_high = n.completed_high, completed_medium = n.completed_medium, completed_low = n.completed_low,
    trashed = n.trashed
  WHERE c.user_id = n.user_id;
END
$$;

CREATE OR REPLACE FUNCTION todo.count_tags(p_user text, p_tags text[], amount integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO todo.user_tags AS u (user_id, tag, task_count)
  SELECT p_user, t.tag, 0 FROM unnest(p_tags) AS t (tag) GROUP BY t.tag
  ON CONFLICT (user_id, tag) DO NOTHING;
  UPDATE todo.user_tags AS u SET task_count = u.task_count + amount * n.times
  FROM (SELECT t.tag, count(*)::integer AS times FROM unnest(p_tags) AS t (tag) GROUP BY t.tag) AS n
  WHERE u.user_id = p_user AND u.tag = n.tag;
  DELETE FROM todo.user_tags AS u WHERE u.user_id = p_user AND u.tag = ANY (p_tags) AND u.task_count = 0;
END
$$;

CREATE OR REPLACE FUNCTION todo.keep_answer(p_user text, p_key text, p_fingerprint bytea, p_answer jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO todo.idempotency_keys AS k (user_id, key, fingerprint, answer)
  VALUES (p_user, p_key, p_fingerprint, p_answer)
  ON CONFLICT (user_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, answer = excluded.answer,
    created_at = excluded.created_at;
END
$$;
