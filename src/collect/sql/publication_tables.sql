-- fills: publication_tables
-- scope: database
SELECT /* pgtriage */
  t.pubname AS publication, c.oid AS "relation_id:relations",
  p.pubupdate AS publishes_update, p.pubdelete AS publishes_delete
FROM pg_publication_tables t
JOIN pg_publication p ON p.pubname = t.pubname
JOIN pg_namespace n ON n.nspname = t.schemaname
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
