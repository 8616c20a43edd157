-- fills: indexes
-- scope: database
-- Indexes whose metapage tells planners something (B-tree, GIN, BRIN) and can be read, and the schema of the functions
-- that do it; without one, their file.
WITH locked AS MATERIALIZED (
  SELECT DISTINCT l.relation
  FROM pg_locks l
  WHERE l.mode = 'AccessExclusiveLock' AND l.relation IS NOT NULL AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT /* pgtriage */ c.oid, m.amname::text AS method, quote_ident(pn.nspname) AS schema,
  format('%I.%I', n.nspname, c.relname) AS name, pg_relation_filepath(c.oid) AS path
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_am m ON m.oid = c.relam
JOIN pg_index i ON i.indexrelid = c.oid
LEFT JOIN pg_extension e ON e.extname = 'pageinspect'
LEFT JOIN pg_namespace pn ON pn.oid = e.extnamespace
WHERE (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
  AND c.relkind = 'i' AND m.amname IN ('btree', 'gin', 'brin') AND i.indisvalid
  AND c.relpersistence = 'p'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
  AND c.oid NOT IN (SELECT relation FROM locked)
  AND i.indrelid NOT IN (SELECT relation FROM locked)
