-- Where a figure must end: (metric, database, object) with its limit and, for sequences, their step.
WITH main AS (
  SELECT id FROM nodes ORDER BY role = 'primary' DESC, id LIMIT 1
), room AS (
  SELECT m.disk_bytes, m.disk_free_bytes FROM machines m JOIN main ON main.id = m.node_id
), defaults AS MATERIALIZED (
  -- Columns that a sequence feeds without owning it: nextval('schema.name'::regclass).
  SELECT r.database_id, x.type,
         substr(x.default_expression, 10, instr(x.default_expression, '''::regclass') - 10) AS sequence_name
  FROM columns x JOIN relations r ON r.id = x.relation_id
  WHERE x.type IN ('integer', 'smallint') AND x.default_expression LIKE 'nextval(''%''::regclass)'
), fed AS (
  SELECT q.*, CASE coalesce((SELECT c.type FROM columns c
                             WHERE c.relation_id = q.owner_relation_id AND c.name = q.owner_column),
                            (SELECT min(d.type) FROM defaults d
                             WHERE d.database_id = q.database_id
                               AND d.sequence_name IN (quote_name(q.schema, q.name), quote_ident(q.name))))
              WHEN 'smallint' THEN 32767 WHEN 'integer' THEN 2147483647 END AS column_max
  FROM sequences q
)
SELECT 'sequence value', d.name, quote_name(f.schema, f.name),
       CASE WHEN f.cycles THEN NULL
            WHEN f.increment > 0 THEN min(coalesce(f.max_value, 9223372036854775807), coalesce(f.column_max, 9223372036854775807))
            ELSE max(coalesce(f.min_value, -9223372036854775807), -coalesce(f.column_max, 9223372036854775806) - 1) END,
       f.increment
FROM fed f JOIN databases d ON d.id = f.database_id
UNION ALL
-- The server takes no new transactions 3 million before the ids wrap (PostgreSQL docs, "Preventing
-- Transaction ID Wraparound Failures"; 1 million before 14).
SELECT 'xid age', name, '', 2147483647 - 3000000, 1 FROM databases
UNION ALL
SELECT 'multixact age', name, '', 2147483647 - 3000000, 1 FROM databases
UNION ALL
SELECT 'connections', '', '',
       max(CASE WHEN s.name = 'max_connections' THEN s.server_value_num END)
         - coalesce(max(CASE WHEN s.name = 'superuser_reserved_connections' THEN s.server_value_num END), 0)
         - coalesce(max(CASE WHEN s.name = 'reserved_connections' THEN s.server_value_num END), 0), 0
FROM settings s JOIN main ON main.id = s.node_id
UNION ALL
SELECT 'disk used', '', '', disk_bytes, 0 FROM room
UNION ALL
-- Databases may grow by what is free; where only the size of the disk is known, up to that.
SELECT 'cluster size', '', '', coalesce((SELECT sum(size_bytes) FROM databases) + disk_free_bytes, disk_bytes), 0 FROM room
