-- fills: missing_facts
-- scope: server
SELECT /* pgtriage */ g.table_name, g.column_name, g.object, g.reason, g.remedy
FROM (
  SELECT 'sessions' AS table_name, 'state' AS column_name, NULL AS object,
         format('role %I may not see the activity of other roles', current_user) AS reason,
         format('GRANT pg_read_all_stats TO %I;', current_user) AS remedy,
         NOT pg_has_role('pg_read_all_stats', 'USAGE') AS is_missing
  UNION ALL
  SELECT 'sessions', 'query', NULL, format('role %I may not see the activity of other roles', current_user),
         format('GRANT pg_read_all_stats TO %I;', current_user), NOT pg_has_role('pg_read_all_stats', 'USAGE')
  UNION ALL
  SELECT 'sessions', 'state', NULL, 'track_activities is off',
         'ALTER SYSTEM SET track_activities = on; SELECT pg_reload_conf();', NOT current_setting('track_activities')::bool
  UNION ALL
  SELECT 'statements', 'text', NULL, format('role %I may not see the statements of other roles', current_user),
         format('GRANT pg_read_all_stats TO %I;', current_user), NOT pg_has_role('pg_read_all_stats', 'USAGE')
  UNION ALL
  SELECT 'wal_senders', 'state', NULL, format('role %I may not see replication details', current_user),
         format('GRANT pg_read_all_stats TO %I;', current_user), NOT pg_has_role('pg_read_all_stats', 'USAGE')
  UNION ALL
  SELECT 'wal_receivers', 'status', NULL, format('role %I may not see replication details', current_user),
         format('GRANT pg_read_all_stats TO %I;', current_user),
         pg_is_in_recovery() AND NOT pg_has_role('pg_read_all_stats', 'USAGE')
  UNION ALL
  SELECT 'settings', NULL, 'settings for superusers only', format('role %I may not see them', current_user),
         format('GRANT pg_read_all_settings TO %I;', current_user), NOT pg_has_role('pg_read_all_settings', 'USAGE')
  UNION ALL
  SELECT 'settings', 'source_file', NULL, format('role %I may not see where settings come from', current_user),
         format('GRANT pg_read_all_settings TO %I;', current_user), NOT pg_has_role('pg_read_all_settings', 'USAGE')
  UNION ALL
  SELECT 'roles', 'password_kind', NULL, 'only a superuser may see how passwords are stored', NULL,
         NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
  UNION ALL
  SELECT t.name, NULL, NULL, 'track_counts is off',
         'ALTER SYSTEM SET track_counts = on; SELECT pg_reload_conf();', NOT current_setting('track_counts')::bool
  FROM (VALUES ('relation_stats'), ('index_stats')) AS t(name)
  UNION ALL
  SELECT t.table_name, t.column_name, NULL, 'track_io_timing is off',
         'ALTER SYSTEM SET track_io_timing = on; SELECT pg_reload_conf();', NOT current_setting('track_io_timing')::bool
  FROM (VALUES ('statement_counters', 'blk_read_ms'), ('database_stats', 'blk_read_time_ms'), ('io_stats', 'read_ms')) AS t(table_name, column_name)
) g
WHERE g.is_missing
