-- fills: statement_counters
-- scope: server
-- The columns that this version of pg_stat_statements has decide, not the server's version.
SELECT /* pgtriage */
  s.dbid AS _dbid, s.query AS _query, s.userid AS "role_id:roles", s.queryid,
  s.toplevel, -- [has toplevel]
  CASE WHEN s.plans > 0 OR current_setting('pg_stat_statements.track_planning', true)::bool THEN s.plans END AS plans, -- [has plans]
  CASE WHEN s.plans > 0 OR current_setting('pg_stat_statements.track_planning', true)::bool THEN s.total_plan_time END AS total_plan_ms, -- [has total_plan_time]
  s.total_exec_time AS total_exec_ms, s.min_exec_time AS min_exec_ms, s.max_exec_time AS max_exec_ms, -- [has total_exec_time]
  s.mean_exec_time AS mean_exec_ms, s.stddev_exec_time AS stddev_exec_ms, -- [has total_exec_time]
  s.total_time AS total_exec_ms, s.min_time AS min_exec_ms, s.max_time AS max_exec_ms, -- [has total_time]
  s.mean_time AS mean_exec_ms, s.stddev_time AS stddev_exec_ms, -- [has total_time]
  s.rows, s.shared_blks_hit, s.shared_blks_read, s.shared_blks_dirtied, s.shared_blks_written,
  s.local_blks_hit, s.local_blks_read, s.local_blks_dirtied, s.local_blks_written,
  s.temp_blks_read, s.temp_blks_written,
  CASE WHEN s.shared_blk_read_time > 0 OR t.io THEN s.shared_blk_read_time END AS blk_read_ms, -- [has shared_blk_read_time]
  CASE WHEN s.shared_blk_write_time > 0 OR t.io THEN s.shared_blk_write_time END AS blk_write_ms, -- [has shared_blk_write_time]
  CASE WHEN s.local_blk_read_time > 0 OR t.io THEN s.local_blk_read_time END AS local_blk_read_ms, -- [has local_blk_read_time]
  CASE WHEN s.local_blk_write_time > 0 OR t.io THEN s.local_blk_write_time END AS local_blk_write_ms, -- [has local_blk_write_time]
  CASE WHEN s.blk_read_time > 0 OR t.io THEN s.blk_read_time END AS blk_read_ms, -- [has blk_read_time]
  CASE WHEN s.blk_write_time > 0 OR t.io THEN s.blk_write_time END AS blk_write_ms, -- [has blk_write_time]
  CASE WHEN s.temp_blk_read_time > 0 OR t.io THEN s.temp_blk_read_time END AS temp_blk_read_ms, -- [has temp_blk_read_time]
  CASE WHEN s.temp_blk_write_time > 0 OR t.io THEN s.temp_blk_write_time END AS temp_blk_write_ms, -- [has temp_blk_write_time]
  s.wal_records, s.wal_fpi, s.wal_bytes::bigint AS wal_bytes, -- [has wal_bytes]
  s.wal_buffers_full, -- [has wal_buffers_full]
  s.jit_functions, s.jit_generation_time AS jit_generation_ms, s.jit_inlining_time AS jit_inlining_ms, -- [has jit_functions]
  s.jit_optimization_time AS jit_optimization_ms, s.jit_emission_time AS jit_emission_ms, -- [has jit_functions]
  s.jit_deform_time AS jit_deform_ms, -- [has jit_deform_time]
  s.parallel_workers_to_launch, s.parallel_workers_launched, -- [has parallel_workers_launched]
  s.stats_since AS stats_since_at, -- [has stats_since]
  s.minmax_stats_since AS minmax_since_at, -- [has minmax_stats_since]
  s.calls
FROM {schema}.pg_stat_statements({texts}) s
CROSS JOIN (SELECT current_setting('track_io_timing')::bool AS io) t
WHERE s.dbid = ANY ($1)
