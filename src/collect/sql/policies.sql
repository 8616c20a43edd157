-- fills: policies
-- scope: database
WITH locked AS MATERIALIZED (
  SELECT DISTINCT l.relation
  FROM pg_locks l
  WHERE l.mode = 'AccessExclusiveLock' AND l.relation IS NOT NULL AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT /* pgtriage */
  p.polrelid AS "relation_id:relations", p.polname AS name,
  CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all' END AS command,
  p.polpermissive AS is_permissive,
  (SELECT json_agg(CASE u.role WHEN 0 THEN 'public' ELSE pg_get_userbyid(u.role)::text END ORDER BY u.place)::text
   FROM unnest(p.polroles) WITH ORDINALITY AS u(role, place)) AS roles,
  CASE WHEN NOT EXISTS (SELECT FROM locked) THEN pg_get_expr(p.polqual, p.polrelid) END AS "using_expression:redact",
  CASE WHEN NOT EXISTS (SELECT FROM locked) THEN pg_get_expr(p.polwithcheck, p.polrelid) END AS "check_expression:redact"
FROM pg_policy p
JOIN pg_class c ON c.oid = p.polrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
