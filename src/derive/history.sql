-- Points of this snapshot, in place of those that it had: deriving again changes nothing. What is
-- older came from other snapshots and stays. Facts that are read once a collection are of its
-- beginning, sampled ones of their sample. Rows from files have no moment, so they make no points.
DELETE FROM history WHERE at >= (
  SELECT min(at) FROM (SELECT created_at AS at FROM snapshot
                       UNION ALL SELECT captured_at FROM samples WHERE is_timed));

INSERT OR IGNORE INTO history (metric, database_name, object, at, value)
WITH born AS (
  SELECT s.created_at AS at FROM snapshot s WHERE EXISTS (SELECT 1 FROM samples WHERE is_timed)
), main AS (
  SELECT id FROM nodes ORDER BY role = 'primary' DESC, id LIMIT 1
), tables AS (
  SELECT d.name AS database_name, quote_name(r.schema, r.name) AS object,
         r.size_bytes + coalesce(r.toast_size_bytes, 0)
           + coalesce((SELECT sum(i.size_bytes) FROM indexes i WHERE i.relation_id = r.id AND NOT i.is_partitioned), 0) AS bytes
  FROM relations r JOIN databases d ON d.id = r.database_id
  WHERE r.kind IN ('table', 'materialized view') AND r.persistence <> 'temporary' AND r.size_bytes IS NOT NULL
)
SELECT 'database size', d.name, '', born.at, d.size_bytes
FROM databases d, born WHERE d.size_bytes IS NOT NULL
UNION ALL
-- The sum says something only where every part of it is known.
SELECT 'cluster size', '', '', born.at, sum(d.size_bytes)
FROM databases d, born GROUP BY born.at HAVING count(*) = count(d.size_bytes)
UNION ALL
SELECT 'disk used', '', '', born.at, m.disk_bytes - m.disk_free_bytes
FROM machines m JOIN main ON main.id = m.node_id, born WHERE m.disk_bytes > m.disk_free_bytes
UNION ALL
SELECT 'xid age', d.name, '', born.at, d.frozen_xid_age
FROM databases d, born WHERE d.frozen_xid_age IS NOT NULL
UNION ALL
SELECT 'multixact age', d.name, '', born.at, d.min_mxid_age
FROM databases d, born WHERE d.min_mxid_age IS NOT NULL
UNION ALL
SELECT * FROM (SELECT 'relation size', t.database_name, t.object, born.at, t.bytes
               FROM tables t, born ORDER BY t.bytes DESC, t.object LIMIT 500)
UNION ALL
SELECT 'sequence value', d.name, quote_name(q.schema, q.name), born.at, CAST(q.last_value AS REAL)
FROM sequences q JOIN databases d ON d.id = q.database_id, born WHERE q.last_value IS NOT NULL
UNION ALL
-- Where sessions were read and there are none, it is a zero.
SELECT 'connections', '', '', s.captured_at,
       (SELECT count(*) FROM sessions x WHERE x.sample_id = s.id AND x.backend_type = 'client backend')
FROM samples s JOIN main ON main.id = s.node_id
WHERE s.is_timed AND s.database_id IS NULL
  AND EXISTS (SELECT 1 FROM collections c WHERE c.table_name = 'sessions' AND c.node_id = s.node_id)
UNION ALL
SELECT 'wal position', '', '', s.captured_at, w.current_lsn
FROM wal_stats w JOIN samples s ON s.id = w.sample_id AND s.is_timed JOIN main ON main.id = s.node_id
WHERE w.current_lsn IS NOT NULL
UNION ALL
SELECT 'files to archive', '', '', s.captured_at, a.ready_count
FROM archive_status a JOIN samples s ON s.id = a.sample_id AND s.is_timed JOIN main ON main.id = s.node_id
WHERE a.ready_count IS NOT NULL;
