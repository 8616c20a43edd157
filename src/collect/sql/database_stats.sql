-- fills: database_stats
-- scope: server
-- sampled
SELECT /* pgtriage */
  s.datid AS "database_id:databases", s.numbackends, s.xact_commit, s.xact_rollback, s.blks_read, s.blks_hit,
  s.tup_returned, s.tup_fetched, s.tup_inserted, s.tup_updated, s.tup_deleted, s.conflicts,
  s.temp_files, s.temp_bytes, s.deadlocks, s.checksum_failures,
  CASE WHEN current_setting('track_io_timing')::bool OR s.blk_read_time > 0 THEN s.blk_read_time END AS blk_read_time_ms,
  CASE WHEN current_setting('track_io_timing')::bool OR s.blk_write_time > 0 THEN s.blk_write_time END AS blk_write_time_ms,
  s.session_time AS session_time_ms, -- [14+]
  s.active_time AS active_time_ms, -- [14+]
  s.idle_in_transaction_time AS idle_in_transaction_time_ms, -- [14+]
  s.sessions, s.sessions_abandoned, s.sessions_fatal, s.sessions_killed, -- [14+]
  s.stats_reset AS stats_reset_at
FROM pg_stat_database s
WHERE s.datid <> 0
