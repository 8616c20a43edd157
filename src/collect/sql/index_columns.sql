-- fills: index_columns
-- scope: database
WITH locked AS MATERIALIZED (
  SELECT DISTINCT l.relation
  FROM pg_locks l
  WHERE l.mode = 'AccessExclusiveLock' AND l.relation IS NOT NULL AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT /* pgtriage */
  i.indexrelid AS "index_id:indexes", k.place::int AS position, a.attname AS column_name,
  CASE WHEN k.attnum = 0 AND i.indrelid NOT IN (SELECT relation FROM locked)
       THEN pg_get_indexdef(i.indexrelid, k.place::int, false) END AS expression,
  k.place > i.indnkeyatts AS is_included,
  CASE WHEN on_.nspname = 'pg_catalog' THEN oc.opcname::text ELSE on_.nspname || '.' || oc.opcname END AS opclass,
  coalesce(oc.opcdefault, true) AS opclass_is_default, co.collname AS collation,
  CASE WHEN k.place <= i.indnkeyatts THEN (i.indoption[k.place - 1] & 1) = 1 ELSE false END AS is_descending,
  CASE WHEN k.place <= i.indnkeyatts THEN (i.indoption[k.place - 1] & 2) = 2 ELSE false END AS nulls_first
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_class t ON t.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)
LEFT JOIN pg_attribute a ON k.attnum <> 0 AND a.attrelid = i.indrelid AND a.attnum = k.attnum
LEFT JOIN pg_opclass oc ON k.place <= i.indnkeyatts AND oc.oid = i.indclass[k.place - 1]
LEFT JOIN pg_namespace on_ ON on_.oid = oc.opcnamespace
LEFT JOIN pg_collation co ON k.place <= i.indnkeyatts AND co.oid = i.indcollation[k.place - 1]
WHERE t.relkind IN ('r', 'p', 'm')
  AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
