-- fills: collations
-- scope: database
SELECT /* pgtriage */
  k.oid, n.nspname AS schema, k.collname AS name,
  CASE k.collprovider WHEN 'i' THEN 'icu' WHEN 'c' THEN 'libc' WHEN 'b' THEN 'builtin' ELSE 'default' END AS provider,
  k.collcollate AS collate, k.collctype AS ctype, k.collisdeterministic AS is_deterministic,
  k.colllocale AS locale, -- [17+]
  k.colliculocale AS locale, -- [15+, to 16]
  k.collicurules AS rules -- [16+]
  NULL AS rules -- [to 15]
FROM pg_collation k
JOIN pg_namespace n ON n.oid = k.collnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_collation'::regclass AND d.objid = k.oid AND d.deptype = 'e')
