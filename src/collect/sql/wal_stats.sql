-- fills: wal_stats
-- scope: server
-- sampled
-- from: 14
SELECT /* pgtriage */
  wal_records, wal_fpi, wal_bytes::bigint AS wal_bytes, wal_buffers_full,
  wal_write, wal_sync, wal_write_time AS wal_write_ms, wal_sync_time AS wal_sync_ms, -- [to 17]
  CASE WHEN NOT pg_is_in_recovery() THEN (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint END AS current_lsn,
  stats_reset AS stats_reset_at
FROM pg_stat_wal
