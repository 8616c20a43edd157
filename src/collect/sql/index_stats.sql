-- fills: index_stats
-- scope: database
-- sampled
SELECT /* pgtriage */
  s.indexrelid AS "index_id:indexes", s.idx_scan,
  s.last_idx_scan AS last_idx_scan_at, -- [16+]
  s.idx_tup_read, s.idx_tup_fetch, io.idx_blks_read, io.idx_blks_hit
FROM pg_stat_user_indexes s
JOIN pg_statio_user_indexes io ON io.indexrelid = s.indexrelid
WHERE s.schemaname !~ '^pg_(temp_|toast_temp_)'
