-- fills: progress
-- scope: server
-- sampled
SELECT /* pgtriage */ 'vacuum' AS command, pid, datid AS "database_id:databases", relid AS relation_oid,
  NULL::oid AS index_oid, phase, heap_blks_scanned AS done, heap_blks_total AS total
FROM pg_stat_progress_vacuum
UNION ALL
SELECT 'create index', pid, datid, relid, nullif(index_relid, 0), phase,
  coalesce(nullif(blocks_done, 0), tuples_done), coalesce(nullif(blocks_total, 0), tuples_total)
FROM pg_stat_progress_create_index
UNION ALL
SELECT 'cluster', pid, datid, relid, nullif(cluster_index_relid, 0), phase, heap_blks_scanned, heap_blks_total
FROM pg_stat_progress_cluster
UNION ALL -- [13+]
SELECT 'analyze', pid, datid, relid, NULL, phase, sample_blks_scanned, sample_blks_total -- [13+]
FROM pg_stat_progress_analyze -- [13+]
UNION ALL -- [13+]
SELECT 'base backup', pid, NULL, NULL, NULL, phase, backup_streamed, backup_total -- [13+]
FROM pg_stat_progress_basebackup -- [13+]
UNION ALL -- [14+]
SELECT 'copy', pid, datid, relid, NULL, NULL, bytes_processed, bytes_total -- [14+]
FROM pg_stat_progress_copy -- [14+]
