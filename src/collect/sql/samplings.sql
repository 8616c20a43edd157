-- fills: column_samples
-- scope: database
-- Tables that our role may draw blocks from, with as many as they have. Of those that another session holds ACCESS
-- EXCLUSIVE nothing is read.
WITH locked AS MATERIALIZED (
  SELECT DISTINCT l.relation
  FROM pg_locks l
  WHERE l.mode = 'AccessExclusiveLock' AND l.relation IS NOT NULL AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT /* pgtriage */ c.oid, format('%I.%I', n.nspname, c.relname) AS name,
  pg_relation_size(c.oid) / current_setting('block_size')::int AS blocks
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_am m ON m.oid = c.relam
WHERE c.relkind IN ('r', 'm') AND c.relispopulated AND c.relpersistence = 'p' AND m.amname = 'heap'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
  AND c.oid NOT IN (SELECT relation FROM locked)
  AND has_schema_privilege(n.oid, 'USAGE')
  AND has_table_privilege(c.oid, 'SELECT') AND NOT row_security_active(c.oid)
