-- fills: blockers
-- scope: server
-- sampled
SELECT /* pgtriage */ w.pid, b.pid AS blocked_by
FROM (SELECT DISTINCT pid FROM pg_locks WHERE NOT granted) w
CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS b(pid)
