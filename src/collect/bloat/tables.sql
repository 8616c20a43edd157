-- Tables that hold rows themselves, and what stands in the way of reading each.
WITH locked AS MATERIALIZED (
  SELECT DISTINCT l.relation
  FROM pg_locks l
  WHERE l.mode = 'AccessExclusiveLock' AND l.relation IS NOT NULL AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
), tables AS MATERIALIZED (
  SELECT c.*, n.nspname,
         c.oid IN (SELECT relation FROM locked) OR c.reltoastrelid IN (SELECT relation FROM locked)
           OR EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indexrelid IN (SELECT relation FROM locked)) AS is_locked
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't'
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
)
SELECT /* pgtriage */
  t.oid, t.nspname::text AS schema, t.relname::text AS name, am.amname::text AS method, t.is_locked,
  t.relpersistence = 'u' AND pg_is_in_recovery() AS is_absent,
  has_schema_privilege(t.relnamespace, 'USAGE') AND has_table_privilege(t.oid, 'SELECT') AS is_readable,
  row_security_active(t.oid) AS is_filtered,
  CASE WHEN NOT t.is_locked THEN pg_relation_size(t.oid) END AS size_bytes,
  CASE WHEN NOT t.is_locked AND t.reltoastrelid <> 0 THEN pg_relation_size(t.reltoastrelid) END AS toast_bytes,
  coalesce((SELECT option_value FROM pg_options_to_table(t.reloptions) WHERE option_name = 'fillfactor'), '100')::int8 AS fillfactor,
  (SELECT option_value::int8 FROM pg_options_to_table(t.reloptions) WHERE option_name = 'toast_tuple_target') AS toast_target,
  s.n_live_tup::float8 AS live, s.n_dead_tup::float8 AS dead,
  current_setting('block_size')::int8 AS block_size
FROM tables t
LEFT JOIN pg_am am ON am.oid = t.relam
LEFT JOIN pg_stat_all_tables s ON s.relid = t.oid
ORDER BY size_bytes DESC NULLS LAST, t.oid
