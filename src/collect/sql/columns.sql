-- fills: columns
-- scope: database
WITH locked AS MATERIALIZED (
  SELECT DISTINCT l.relation
  FROM pg_locks l
  WHERE l.mode = 'AccessExclusiveLock' AND l.relation IS NOT NULL AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT /* pgtriage */
  a.attrelid AS "relation_id:relations", a.attnum AS position, a.attname AS name,
  CASE WHEN NOT a.attisdropped THEN format_type(a.atttypid, a.atttypmod) END AS type,
  nullif(a.atttypid, 0) AS type_oid, a.attlen AS length, a.attalign AS alignment, a.attstorage AS storage,
  a.attnotnull AS not_null,
  a.atthasdef AND a.attgenerated = '' AS has_default,
  CASE WHEN a.attrelid NOT IN (SELECT relation FROM locked) THEN pg_get_expr(d.adbin, d.adrelid) END AS default_expression,
  CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS identity,
  CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END AS generated,
  CASE WHEN a.attcollation <> y.typcollation THEN co.collname END AS collation,
  nullif(a.attstattarget, -1)::int AS statistics_target,
  a.attisdropped AS is_dropped
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_type y ON y.oid = a.atttypid
LEFT JOIN pg_collation co ON co.oid = a.attcollation
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0
  AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
