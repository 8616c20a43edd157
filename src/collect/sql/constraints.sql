-- fills: constraints
-- scope: database
WITH locked AS MATERIALIZED (
  SELECT DISTINCT l.relation
  FROM pg_locks l
  WHERE l.mode = 'AccessExclusiveLock' AND l.relation IS NOT NULL AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT /* pgtriage */
  k.oid, k.conrelid AS "relation_id:relations", k.conname AS name,
  CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key'
    WHEN 'c' THEN 'check' WHEN 'x' THEN 'exclusion' WHEN 'n' THEN 'not null' WHEN 't' THEN 'trigger' END AS kind,
  coalesce((SELECT json_agg(a.attname ORDER BY u.place)
            FROM unnest(k.conkey) WITH ORDINALITY AS u(attnum, place)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum)::text, '[]') AS columns,
  nullif(k.confrelid, 0) AS "referenced_relation_id:relations",
  (SELECT json_agg(a.attname ORDER BY u.place)
   FROM unnest(k.confkey) WITH ORDINALITY AS u(attnum, place)
   JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.attnum)::text AS referenced_columns,
  CASE k.confupdtype WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade'
    WHEN 'n' THEN 'set null' WHEN 'd' THEN 'set default' END AS on_update,
  CASE k.confdeltype WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade'
    WHEN 'n' THEN 'set null' WHEN 'd' THEN 'set default' END AS on_delete,
  nullif(k.conindid, 0) AS index_oid, k.convalidated AS is_validated,
  k.conenforced AS is_enforced, -- [18+]
  k.condeferrable AS is_deferrable,
  k.conparentid <> 0 OR (NOT k.conislocal AND k.coninhcount > 0) AS is_inherited,
  CASE WHEN k.conrelid NOT IN (SELECT relation FROM locked)
        AND k.confrelid NOT IN (SELECT relation FROM locked)
       THEN pg_get_constraintdef(k.oid) END AS definition
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
