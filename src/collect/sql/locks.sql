-- fills: locks
-- scope: server
-- sampled
SELECT /* pgtriage */
  l.pid, l.database AS "database_id:databases", l.relation AS relation_oid, l.locktype, l.mode,
  l.waitstart AS waiting_since_at, -- [14+]
  l.granted AS is_granted
FROM pg_locks l
WHERE l.pid IS DISTINCT FROM pg_backend_pid()
  AND (NOT l.granted
       OR (l.locktype = 'relation'
           AND l.mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')))
