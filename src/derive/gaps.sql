-- Gaps that the collected facts show by themselves, each booked once.
CREATE TEMP TABLE gaps AS
SELECT 1 AS node_id, r.database_id, 'relations' AS table_name, 'size_bytes' AS column_name,
       quote_name(r.schema, r.name) AS object,
       'another session holds or awaits ACCESS EXCLUSIVE on it' AS reason,
       'run again when that lock is gone' AS remedy
FROM relations r
WHERE r.size_bytes IS NULL AND r.kind IN ('table', 'materialized view')
  AND EXISTS (SELECT 1 FROM collections c WHERE c.table_name = 'relations' AND c.database_id = r.database_id)
UNION ALL
SELECT 1, i.database_id, 'indexes', 'size_bytes', quote_name(i.schema, i.name),
       'another session holds or awaits ACCESS EXCLUSIVE on it or its table',
       'run again when that lock is gone'
FROM indexes i
WHERE i.size_bytes IS NULL AND NOT i.is_partitioned
  AND EXISTS (SELECT 1 FROM collections c WHERE c.table_name = 'indexes' AND c.database_id = i.database_id)
UNION ALL
SELECT 1, NULL, 'databases', 'size_bytes', quote_ident(d.name),
       'our role may not connect to it',
       'GRANT pg_read_all_stats TO ' || quote_ident(n.connected_as) || ';'
FROM databases d JOIN nodes n ON n.id = 1
WHERE d.size_bytes IS NULL AND d.is_collected
UNION ALL
SELECT s.node_id, NULL, 'settings', 'server_value', s.name,
       'a setting of role ' || quote_ident(n.connected_as) || ' or of its database hides the server''s own value',
       'connect as a role without settings of its own'
FROM settings s JOIN nodes n ON n.id = s.node_id
WHERE s.server_value IS NULL AND s.value IS NOT NULL AND s.value <> '';

INSERT INTO missing_facts (node_id, database_id, table_name, column_name, object, reason, remedy)
SELECT node_id, database_id, table_name, column_name, object, reason, remedy FROM gaps g
WHERE NOT EXISTS (
  SELECT 1 FROM missing_facts m
  WHERE m.node_id = g.node_id AND m.database_id IS g.database_id AND m.table_name = g.table_name
    AND m.column_name IS g.column_name AND m.object IS g.object);

DROP TABLE gaps;

-- Server logs: whoever reads them notes all of their tables as had.
INSERT INTO missing_facts (node_id, table_name, reason, remedy)
SELECT 1, t.name, 'no server log was read', 'give --logs PATH'
FROM sqlite_schema t
WHERE t.type = 'table' AND t.name LIKE 'log\_%' ESCAPE '\'
  AND NOT EXISTS (SELECT 1 FROM collections c WHERE c.table_name = t.name)
  AND NOT EXISTS (SELECT 1 FROM missing_facts m WHERE m.table_name = t.name);
