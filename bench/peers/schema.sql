-- What somebody who writes the same API by hand would make: one table, its key, and an index for the order of the list.
CREATE SCHEMA peer;
CREATE TABLE peer.tasks (
  user_id text NOT NULL,
  id uuid NOT NULL,
  title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 255),
  description text,
  is_completed boolean NOT NULL DEFAULT false,
  priority text NOT NULL DEFAULT 'Medium',
  due_date date,
  completed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id)
);
CREATE INDEX tasks_by_creation ON peer.tasks (user_id, created_at, id);
