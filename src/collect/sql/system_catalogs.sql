-- fills: system_catalogs
-- scope: database
-- The twenty largest of the database's own catalogs.
WITH locked AS MATERIALIZED (
  SELECT DISTINCT l.relation
  FROM pg_locks l
  WHERE l.mode = 'AccessExclusiveLock' AND l.relation IS NOT NULL AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
), largest AS MATERIALIZED (
  SELECT c.oid, c.relname, c.reltuples, c.relpages
  FROM pg_class c
  WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND NOT c.relisshared
  ORDER BY c.relpages DESC, c.relname
  LIMIT 20
)
SELECT /* pgtriage */
  c.relname AS name,
  CASE WHEN NOT EXISTS (SELECT FROM locked) THEN pg_relation_size(c.oid) END AS size_bytes,
  CASE WHEN NOT EXISTS (SELECT FROM locked) THEN pg_total_relation_size(c.oid) END AS total_bytes,
  CASE WHEN NOT (c.reltuples < 0 OR (c.reltuples = 0 AND c.relpages = 0)) THEN c.reltuples::float8 END AS row_estimate,
  (SELECT sum(s.avg_width * (1 - s.null_frac))::float8 FROM pg_stats s
   WHERE s.schemaname = 'pg_catalog' AND s.tablename = c.relname AND NOT s.inherited) AS row_width,
  t.n_live_tup, t.n_dead_tup, t.n_tup_del, t.last_autovacuum AS last_autovacuum_at
FROM largest c
JOIN pg_stat_sys_tables t ON t.relid = c.oid
