-- fills: xid_times
-- scope: database
WITH ids AS MATERIALIZED (
  SELECT txid_snapshot_xmax(txid_current_snapshot()) AS next
), times AS MATERIALIZED (
  SELECT relid,
    least(last_vacuum, last_autovacuum, last_analyze, last_autoanalyze
      , last_seq_scan, last_idx_scan -- [16+]
    ) AS first_at,
    greatest(last_vacuum, last_autovacuum) AS vacuumed_at,
    greatest(last_analyze, last_autoanalyze) AS analyzed_at
  FROM pg_stat_all_tables
), known AS (
  -- What was vacuumed or read had been made. The rows of system columns are never changed.
  SELECT ids.next - age(a.xmin) + 1 AS before_xid, t.first_at AS at
  FROM ids CROSS JOIN times t JOIN pg_attribute a ON a.attrelid = t.relid AND a.attnum = -1
  -- Once ids have come round, such a row may be older than it looks.
  WHERE ids.next < 4294967296
  UNION ALL
  -- A vacuum keeps what may still be needed, so its limit is never ahead. What has another file than at first
  -- may owe its limit to something later.
  SELECT ids.next - age(c.relfrozenxid), t.vacuumed_at
  FROM ids CROSS JOIN times t JOIN pg_class c ON c.oid = t.relid
  WHERE pg_relation_filenode(c.oid) = c.oid AND c.relfrozenxid::text::bigint >= 3
  UNION ALL -- [statistic]
  SELECT ids.next - age(s.xmin) + 1, t.analyzed_at -- [statistic]
  FROM ids CROSS JOIN times t JOIN pg_statistic s ON s.starelid = t.relid -- [statistic]
  WHERE ids.next < 4294967296 -- [statistic]
), ordered AS (
  SELECT before_xid, at,
    max(before_xid) OVER (ORDER BY at, before_xid DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS most
  FROM known
  WHERE at IS NOT NULL AND before_xid BETWEEN 1 AND (SELECT next FROM ids)
)
SELECT /* pgtriage */ before_xid, at
FROM ordered
WHERE most IS NULL OR before_xid > most
