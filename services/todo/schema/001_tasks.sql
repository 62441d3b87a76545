-- Tasks, what each user has of them, and the key that page tokens are authenticated with.
--
-- The primary key of every table begins with user_id, so that the schema can be spread over machines by user.

CREATE TABLE todo.tasks (
  user_id text COLLATE "C" NOT NULL,
  id uuid NOT NULL,
  title text COLLATE "C" NOT NULL,
  description text,
  is_completed boolean NOT NULL,
  -- 1 high, 2 medium, 3 low.
  priority smallint NOT NULL,
  due_date date,
  completed_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  -- The number of the user's change that wrote this row last (user_counters.last_change); also its etag.
  revision bigint NOT NULL,
  -- Set while the task is in the trash, where nothing but a restore or the purge sees it.
  deleted_at timestamptz,
  PRIMARY KEY (user_id, id),
  CONSTRAINT tasks_user_id_length CHECK (char_length(user_id) BETWEEN 1 AND 255),
  CONSTRAINT tasks_title_length CHECK (char_length(title) BETWEEN 1 AND 255),
  CONSTRAINT tasks_description_length CHECK (char_length(description) <= 2000),
  CONSTRAINT tasks_priority_known CHECK (priority BETWEEN 1 AND 3),
  CONSTRAINT tasks_due_date_range CHECK (due_date BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT tasks_completed_at_set CHECK (is_completed = (completed_at IS NOT NULL)),
  CONSTRAINT tasks_revision_positive CHECK (revision > 0)
);

-- One for each order a list can have; the id makes the order total.
CREATE INDEX tasks_by_creation ON todo.tasks (user_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_change ON todo.tasks (user_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_due_date ON todo.tasks (user_id, due_date, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_priority ON todo.tasks (user_id, priority, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_title ON todo.tasks (user_id, title, id) WHERE deleted_at IS NULL;
-- What is overdue.
CREATE INDEX tasks_pending_by_due_date ON todo.tasks (user_id, due_date, id)
  WHERE deleted_at IS NULL AND NOT is_completed;

-- How many tasks outside the trash a user has, by state and priority, and the number of the user's last change. Every
-- statement that writes tasks writes this row too.
CREATE TABLE todo.user_counters (
  user_id text COLLATE "C" PRIMARY KEY,
  last_change bigint NOT NULL CHECK (last_change > 0),
  pending_high integer NOT NULL CHECK (pending_high >= 0),
  pending_medium integer NOT NULL CHECK (pending_medium >= 0),
  pending_low integer NOT NULL CHECK (pending_low >= 0),
  completed_high integer NOT NULL CHECK (completed_high >= 0),
  completed_medium integer NOT NULL CHECK (completed_medium >= 0),
  completed_low integer NOT NULL CHECK (completed_low >= 0)
) WITH (fillfactor = 50);

-- The one key that all replicas authenticate page tokens with: 32 bytes with 244 random bits in them.
CREATE TABLE todo.page_token_key (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  key bytea NOT NULL CHECK (octet_length(key) = 32)
);
INSERT INTO todo.page_token_key (key)
  VALUES (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));
