-- fills: indexes
-- scope: database
WITH locked AS MATERIALIZED (
  SELECT DISTINCT l.relation
  FROM pg_locks l
  WHERE l.mode = 'AccessExclusiveLock' AND l.relation IS NOT NULL AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
), owned AS MATERIALIZED (
  SELECT d.objid, e.extname
  FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
)
SELECT /* pgtriage */
  c.oid, i.indrelid AS "relation_id:relations", n.nspname AS schema, c.relname AS name, am.amname AS method,
  i.indisunique AS is_unique,
  i.indnullsnotdistinct AS nulls_not_distinct, -- [15+]
  i.indisprimary AS is_primary, i.indisexclusion AS is_exclusion, i.indimmediate AS is_immediate,
  i.indisclustered AS is_clustered, i.indisvalid AS is_valid, i.indisready AS is_ready,
  i.indislive AS is_live, i.indisreplident AS is_replica_identity, c.relkind = 'I' AS is_partitioned,
  (SELECT h.inhparent FROM pg_inherits h WHERE h.inhrelid = c.oid LIMIT 1) AS "parent_id:indexes",
  (SELECT k.conname FROM pg_constraint k
   WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x') AND k.conrelid = i.indrelid LIMIT 1) AS constraint_name,
  i.indnkeyatts AS key_columns,
  CASE WHEN i.indrelid NOT IN (SELECT relation FROM locked) THEN pg_get_expr(i.indpred, i.indrelid) END AS predicate,
  CASE WHEN i.indrelid NOT IN (SELECT relation FROM locked)
        AND c.oid NOT IN (SELECT relation FROM locked) THEN pg_get_indexdef(c.oid) END AS definition,
  ts.spcname AS tablespace,
  (SELECT json_object_agg(option_name, option_value)::text FROM pg_options_to_table(c.reloptions)) AS options,
  CASE WHEN c.reltuples >= 0 THEN c.reltuples::float8 END AS row_estimate, c.relpages AS pages,
  CASE WHEN c.relkind = 'i' AND c.oid NOT IN (SELECT relation FROM locked)
        AND i.indrelid NOT IN (SELECT relation FROM locked)
       THEN pg_relation_size(c.oid) END AS size_bytes,
  o.extname AS extension,
  -- A database copies the rows of its template, so an index of it is no older than its own row.
  txid_snapshot_xmax(txid_current_snapshot()) - least(age(i.xmin), d.made_age) AS made_xid,
  CASE WHEN current_setting('track_commit_timestamp') = 'on' AND NOT pg_is_in_recovery() AND age(i.xmin) < d.made_age
       THEN pg_xact_commit_timestamp(i.xmin) END AS made_at
FROM pg_index i
CROSS JOIN (SELECT age(xmin) AS made_age FROM pg_database WHERE datname = current_database()) d
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_class t ON t.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_am am ON am.oid = c.relam
LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
LEFT JOIN owned o ON o.objid = i.indrelid
WHERE t.relkind IN ('r', 'p', 'm')
  AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
