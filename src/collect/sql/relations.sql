-- fills: relations
-- scope: database
-- Sizes need a lock on the relation: those that another session holds or awaits ACCESS EXCLUSIVE
-- are left unknown, and so are view definitions while there is any such lock (deparsing a view
-- locks what it reads).
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
  c.oid, n.nspname AS schema, c.relname AS name,
  CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
    WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' END AS kind,
  pg_get_userbyid(c.relowner)::text AS owner,
  CASE c.relpersistence WHEN 'u' THEN 'unlogged' WHEN 't' THEN 'temporary' ELSE 'permanent' END AS persistence,
  c.relispartition AS is_partition,
  (SELECT i.inhparent FROM pg_inherits i WHERE i.inhrelid = c.oid AND c.relispartition LIMIT 1) AS "parent_id:relations",
  (SELECT json_agg(quote_ident(pn.nspname) || '.' || quote_ident(pc.relname) ORDER BY i.inhseqno)::text
   FROM pg_inherits i JOIN pg_class pc ON pc.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = pc.relnamespace
   WHERE i.inhrelid = c.oid AND NOT c.relispartition) AS inherits,
  CASE WHEN c.relispartition AND c.oid NOT IN (SELECT relation FROM locked)
       THEN pg_get_expr(c.relpartbound, c.oid) END AS partition_bound,
  CASE WHEN c.relkind = 'p' AND c.oid NOT IN (SELECT relation FROM locked)
       THEN pg_get_partkeydef(c.oid) END AS partition_key,
  CASE c.relreplident WHEN 'd' THEN 'default' WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' WHEN 'i' THEN 'index' END AS replica_identity,
  am.amname AS access_method,
  ts.spcname AS tablespace,
  (SELECT json_object_agg(name, value)::text
   FROM (SELECT option_name AS name, option_value AS value FROM pg_options_to_table(c.reloptions)
         UNION ALL
         SELECT 'toast.' || option_name, option_value FROM pg_options_to_table(t.reloptions)) o
  ) AS options,
  CASE WHEN c.relkind IN ('r', 'm', 'p', 'f')
        AND NOT (c.reltuples < 0 OR (c.reltuples = 0 AND c.relpages = 0))
       THEN c.reltuples::float8 END AS row_estimate,
  CASE WHEN c.relkind IN ('r', 'm', 'p') THEN c.reltuples::float8 END AS tuples,
  c.relpages AS pages, c.relallvisible AS pages_all_visible,
  CASE WHEN c.relkind IN ('r', 'm') AND c.oid NOT IN (SELECT relation FROM locked)
       THEN pg_relation_size(c.oid) END AS size_bytes,
  CASE WHEN c.relkind NOT IN ('r', 'm') THEN NULL
       WHEN c.reltoastrelid = 0 THEN 0
       WHEN c.oid NOT IN (SELECT relation FROM locked) AND c.reltoastrelid NOT IN (SELECT relation FROM locked)
       THEN pg_relation_size(c.reltoastrelid)
            + coalesce((SELECT sum(pg_relation_size(x.indexrelid)) FROM pg_index x
                        WHERE x.indrelid = c.reltoastrelid
                          AND x.indexrelid NOT IN (SELECT relation FROM locked)), 0)::bigint
       END AS toast_size_bytes,
  CASE WHEN c.relkind IN ('r', 'm') THEN greatest(age(c.relfrozenxid), age(t.relfrozenxid)) END AS frozen_xid_age,
  CASE WHEN c.relkind IN ('r', 'm') THEN greatest(mxid_age(c.relminmxid), mxid_age(t.relminmxid)) END AS min_mxid_age,
  c.relhastriggers AS has_triggers, c.relrowsecurity AS row_security,
  c.relforcerowsecurity AS force_row_security,
  o.extname AS extension,
  CASE WHEN c.relkind IN ('v', 'm') AND NOT EXISTS (SELECT FROM locked)
       THEN pg_get_viewdef(c.oid) END AS "definition:redact" -- [no values]
       THEN pg_get_viewdef(c.oid) END AS definition -- [values]
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_am am ON am.oid = c.relam
LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
LEFT JOIN owned o ON o.objid = c.oid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
