-- fills: column_ends
-- scope: database
-- Columns that lead a whole B-tree by their own order, of tables that our role may read: their ends are two look-ups.
-- One that comes first in several indexes is looked up once. Of those that another session holds ACCESS EXCLUSIVE
-- nothing is read. An index that nothing has scanned stays so, since our look-up would be counted as a scan: planners
-- look up ends too, and that is counted as well, so none has asked for those.
WITH locked AS MATERIALIZED (
  SELECT DISTINCT l.relation
  FROM pg_locks l
  WHERE l.mode = 'AccessExclusiveLock' AND l.relation IS NOT NULL AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT DISTINCT /* pgtriage */ c.oid, format('%I.%I', n.nspname, c.relname) AS name, a.attname AS column_name
FROM pg_index i
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
JOIN pg_opclass o ON o.oid = i.indclass[0]
WHERE x.relkind = 'i' AND o.opcmethod = 403 AND o.opcdefault AND i.indcollation[0] = a.attcollation
  AND pg_stat_get_numscans(x.oid) > 0
  AND i.indisvalid AND i.indpred IS NULL AND a.attgenerated <> 'v'
  AND c.relkind IN ('r', 'm') AND c.relispopulated
  AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
  AND c.oid NOT IN (SELECT relation FROM locked)
  AND x.oid NOT IN (SELECT relation FROM locked)
  AND has_schema_privilege(n.oid, 'USAGE')
  AND has_column_privilege(c.oid, a.attnum, 'SELECT') AND NOT row_security_active(c.oid)
