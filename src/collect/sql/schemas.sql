-- fills: schemas
-- scope: database
SELECT /* pgtriage */
  n.oid, n.nspname AS name, pg_get_userbyid(n.nspowner)::text AS owner,
  has_schema_privilege('public', n.oid, 'CREATE') AS public_create
FROM pg_namespace n
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
