-- fills: archiver_stats
-- scope: server
-- sampled
SELECT /* pgtriage */
  archived_count, last_archived_wal, last_archived_time AS last_archived_at, failed_count,
  last_failed_wal, last_failed_time AS last_failed_at, stats_reset AS stats_reset_at
FROM pg_stat_archiver
