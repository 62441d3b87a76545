-- How the statements of this service are planned, for the role that runs this.
--
-- A prepared statement is planned once for all users. Left alone, PostgreSQL plans anew for each call where that looks
-- cheaper, which costs more than it saves; and for an average user it may prefer to fetch all tasks by a bitmap and sort
-- them, which is slow for a user who has many. Reading the index of the order that is asked for, from where the page
-- begins, is right for both.
DO $$
BEGIN
  EXECUTE format('ALTER ROLE %I IN DATABASE %I SET plan_cache_mode = force_generic_plan', current_user,
    current_database());
  EXECUTE format('ALTER ROLE %I IN DATABASE %I SET enable_bitmapscan = off', current_user, current_database());
END
$$;
