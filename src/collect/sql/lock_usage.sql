-- fills: lock_usage
-- scope: server
-- sampled
-- Locks of processes on their own transaction ids are counted too: they take an entry like any other.
SELECT /* pgtriage */
  count(DISTINCT (l.locktype, l.database, l.relation, l.page, l.tuple, l.virtualxid, l.transactionid, l.classid, l.objid, l.objsubid)::text)
    FILTER (WHERE NOT l.fastpath) AS in_table,
  count(*) FILTER (WHERE l.fastpath) AS fast_path
FROM pg_locks l
WHERE l.pid IS DISTINCT FROM pg_backend_pid()
  AND l.locktype NOT IN ('page', 'tuple', 'spectoken')
