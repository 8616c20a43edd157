SELECT /* pgtriage */ 'lock', l.relation, l.mode
FROM pg_catalog.pg_locks l
WHERE l.pid OPERATOR(pg_catalog.=) {pid} AND l.locktype OPERATOR(pg_catalog.=) 'relation'
  AND l.database OPERATOR(pg_catalog.=)
    (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database())
