-- fills: checkpointer_stats
-- scope: server
-- sampled
SELECT /* pgtriage */
  b.checkpoints_timed AS num_timed, b.checkpoints_req AS num_requested, -- [to 16]
  b.checkpoint_write_time AS write_ms, b.checkpoint_sync_time AS sync_ms, -- [to 16]
  b.buffers_checkpoint AS buffers_written, b.buffers_backend, b.buffers_backend_fsync, -- [to 16]
  c.num_timed, c.num_requested, c.write_time AS write_ms, c.sync_time AS sync_ms, c.buffers_written, -- [17+]
  c.num_done, -- [18+]
  b.buffers_clean, b.maxwritten_clean, b.buffers_alloc,
  c.stats_reset AS stats_reset_at -- [17+]
  b.stats_reset AS stats_reset_at -- [to 16]
FROM pg_stat_bgwriter b
CROSS JOIN pg_stat_checkpointer c -- [17+]
