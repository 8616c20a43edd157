-- fills: relation_stats
-- scope: database
-- sampled
SELECT /* pgtriage */
  s.relid AS "relation_id:relations", s.seq_scan,
  s.last_seq_scan AS last_seq_scan_at, -- [16+]
  s.seq_tup_read, s.idx_scan,
  s.last_idx_scan AS last_idx_scan_at, -- [16+]
  s.idx_tup_fetch, s.n_tup_ins, s.n_tup_upd, s.n_tup_del, s.n_tup_hot_upd,
  s.n_tup_newpage_upd, -- [16+]
  s.n_live_tup, s.n_dead_tup, s.n_mod_since_analyze,
  s.n_ins_since_vacuum, -- [13+]
  s.last_vacuum AS last_vacuum_at, s.last_autovacuum AS last_autovacuum_at,
  s.last_analyze AS last_analyze_at, s.last_autoanalyze AS last_autoanalyze_at,
  s.vacuum_count, s.autovacuum_count, s.analyze_count, s.autoanalyze_count,
  s.total_vacuum_time AS total_vacuum_ms, -- [18+]
  s.total_autovacuum_time AS total_autovacuum_ms, -- [18+]
  s.total_analyze_time AS total_analyze_ms, -- [18+]
  s.total_autoanalyze_time AS total_autoanalyze_ms, -- [18+]
  io.heap_blks_read, io.heap_blks_hit, io.idx_blks_read, io.idx_blks_hit,
  io.toast_blks_read + io.tidx_blks_read AS toast_blks_read,
  io.toast_blks_hit + io.tidx_blks_hit AS toast_blks_hit
FROM pg_stat_user_tables s
JOIN pg_statio_user_tables io ON io.relid = s.relid
WHERE s.schemaname !~ '^pg_(temp_|toast_temp_)'
