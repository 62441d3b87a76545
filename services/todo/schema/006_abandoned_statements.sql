-- compatible_from: 3
-- A statement whose client has gone away ends within a second: the service gives up on what takes longer than a call may,
-- and what it gave up on must not go on holding locks and processors. Settings of the role work through a pooler too, which
-- closes its own connection where a client leaves in the middle of a statement. PostgreSQL before 14 does not have this one.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_settings WHERE name = 'client_connection_check_interval') THEN
    EXECUTE format('ALTER ROLE %I IN DATABASE %I SET client_connection_check_interval = ''1s''', current_user,
      current_database());
  END IF;
END
$$;
