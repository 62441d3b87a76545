-- compatible_from: 3
-- Tags, lists, due times in a zone, the manual order, the trash, and indexes that each serve one order in one state.

-- A user's lists (projects). A deleted one stays for 30 days, so that who syncs hears of it.
CREATE TABLE todo.task_lists (
  user_id text COLLATE "C" NOT NULL,
  id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  position text COLLATE "C" NOT NULL,
  -- The number of the user's change that wrote this row last; also its etag.
  revision bigint NOT NULL,
  deleted_at timestamptz,
  PRIMARY KEY (user_id, id),
  CONSTRAINT task_lists_name_length CHECK (char_length(name) BETWEEN 1 AND 255),
  CONSTRAINT task_lists_position_length CHECK (length(position) BETWEEN 2 AND 128),
  CONSTRAINT task_lists_revision_positive CHECK (revision > 0)
);
CREATE INDEX task_lists_by_revision ON todo.task_lists (user_id, revision);

-- The instant from which a task with a time zone of its own is too late; NULL for one that is due wherever the user is.
CREATE FUNCTION todo.overdue_at(due_date date, due_time time, time_zone text) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN due_time IS NULL THEN (due_date + 1)::timestamp ELSE due_date + due_time END AT TIME ZONE time_zone $$;

-- The order key of what is added last: behind all that were made so before, and before none of them.
CREATE FUNCTION todo.last_position(change bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'l' || lpad(to_hex(change), 12, '0') $$;

ALTER TABLE todo.tasks
  ADD COLUMN due_time time(0),
  ADD COLUMN time_zone text COLLATE "C",
  ADD COLUMN tags text[] COLLATE "C" NOT NULL DEFAULT '{}',
  ADD COLUMN list_id uuid,
  ADD COLUMN position text COLLATE "C";
UPDATE todo.tasks SET position = todo.last_position(revision);
-- Tasks that are pending, completed, pending in the trash, completed in the trash.
ALTER TABLE todo.tasks
  ALTER COLUMN position SET NOT NULL,
  ADD COLUMN state smallint NOT NULL
    GENERATED ALWAYS AS (is_completed::integer + CASE WHEN deleted_at IS NULL THEN 0 ELSE 2 END) STORED,
  ADD COLUMN overdue_at timestamptz GENERATED ALWAYS AS (todo.overdue_at(due_date, due_time, time_zone)) STORED,
  ADD CONSTRAINT tasks_due_time_needs_date CHECK (due_date IS NOT NULL OR due_time IS NULL AND time_zone IS NULL),
  ADD CONSTRAINT tasks_tags_count CHECK (cardinality(tags) <= 20),
  ADD CONSTRAINT tasks_position_length CHECK (length(position) BETWEEN 2 AND 128),
  ADD CONSTRAINT tasks_list_exists FOREIGN KEY (user_id, list_id) REFERENCES todo.task_lists (user_id, id);

DROP INDEX todo.tasks_by_creation, todo.tasks_by_change, todo.tasks_by_due_date, todo.tasks_by_priority,
  todo.tasks_by_title, todo.tasks_pending_by_due_date;
-- One for each order a list can have, beginning with the state, since most lists are of one state; the id makes the order
-- total. A user's changes are in the order of their numbers, which is also that of updated_at.
CREATE INDEX tasks_by_creation ON todo.tasks (user_id, state, created_at, id);
CREATE UNIQUE INDEX tasks_by_change ON todo.tasks (user_id, state, revision);
CREATE INDEX tasks_by_due_date ON todo.tasks (user_id, state, due_date, id);
CREATE INDEX tasks_by_priority ON todo.tasks (user_id, state, priority, id);
CREATE INDEX tasks_by_title ON todo.tasks (user_id, state, title, id);
CREATE INDEX tasks_by_position ON todo.tasks (user_id, state, position, id);
-- One list in its manual order.
CREATE INDEX tasks_of_list ON todo.tasks (user_id, list_id, state, position, id) WHERE list_id IS NOT NULL;
-- What leaves the trash next.
CREATE INDEX tasks_in_trash ON todo.tasks (deleted_at) WHERE deleted_at IS NOT NULL;

ALTER TABLE todo.user_counters
  ADD COLUMN trashed integer NOT NULL DEFAULT 0 CHECK (trashed >= 0),
  -- Set anew where the user removes everything: change numbers from before then mean nothing any more.
  ADD COLUMN began_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- The updated_at of the last change. Each change is later than the one before, whatever the clock says.
  ADD COLUMN last_changed_at timestamptz NOT NULL DEFAULT '-infinity';
UPDATE todo.user_counters AS c
SET trashed = t.trashed, last_changed_at = t.changed
FROM (SELECT user_id, count(*) FILTER (WHERE deleted_at IS NOT NULL) AS trashed, max(updated_at) AS changed
  FROM todo.tasks GROUP BY user_id) AS t
WHERE t.user_id = c.user_id;

-- How many tasks outside the trash have a tag.
CREATE TABLE todo.user_tags (
  user_id text COLLATE "C" NOT NULL,
  tag text COLLATE "C" NOT NULL,
  task_count integer NOT NULL CHECK (task_count >= 0),
  PRIMARY KEY (user_id, tag)
) WITH (fillfactor = 70);

-- The first answers to calls that may be repeated, for 24 hours.
CREATE TABLE todo.idempotency_keys (
  user_id text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  -- SHA-256 of the method and the request.
  fingerprint bytea NOT NULL,
  -- What the statement gave, row by row.
  answer jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_by_age ON todo.idempotency_keys (created_at);
