-- fills: io_stats
-- scope: server
-- sampled
-- from: 16
SELECT /* pgtriage */
  backend_type, object, context, reads, writes, writebacks, extends, hits, evictions, reuses, fsyncs,
  reads * op_bytes AS read_bytes, writes * op_bytes AS write_bytes, extends * op_bytes AS extend_bytes, -- [to 17]
  read_bytes::bigint AS read_bytes, write_bytes::bigint AS write_bytes, extend_bytes::bigint AS extend_bytes, -- [18+]
  CASE WHEN current_setting('track_io_timing')::bool OR read_time > 0 THEN read_time END AS read_ms,
  CASE WHEN current_setting('track_io_timing')::bool OR write_time > 0 THEN write_time END AS write_ms,
  CASE WHEN current_setting('track_io_timing')::bool OR extend_time > 0 THEN extend_time END AS extend_ms,
  CASE WHEN current_setting('track_io_timing')::bool OR fsync_time > 0 THEN fsync_time END AS fsync_ms,
  stats_reset AS stats_reset_at
FROM pg_stat_io
