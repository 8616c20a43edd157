-- fills: sequences
-- scope: database
-- Sequences whose last_value may be read by plain SELECT, and those that may not.
SELECT /* pgtriage */
  c.oid, format('%I.%I', n.nspname, c.relname) AS name,
  has_sequence_privilege(c.oid, 'SELECT') AS is_readable,
  EXISTS (SELECT FROM pg_locks l
          WHERE l.relation = c.oid AND l.mode = 'AccessExclusiveLock' AND l.pid <> pg_backend_pid()) AS is_locked
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
