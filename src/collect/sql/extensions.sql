-- fills: extensions
-- scope: database
SELECT /* pgtriage */
  e.extname AS name, e.extversion AS version, a.default_version, n.nspname AS schema
FROM pg_extension e
JOIN pg_namespace n ON n.oid = e.extnamespace
LEFT JOIN pg_available_extensions() a ON a.name = e.extname
