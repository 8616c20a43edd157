-- What each database of a server counted between two neighbouring samples, our own looks left out,
-- with what the server spent on WAL meanwhile. The first row of a database, without a `ms`, holds
-- its counters since they began.
WITH wal AS (
  SELECT s.id AS sample_id,
         coalesce(w.wal_write_ms + w.wal_sync_ms, io.ms) AS wal_ms,
         coalesce(w.wal_write + w.wal_sync, io.calls) AS wal_calls,
         w.stats_reset_at AS reset_at
  FROM samples s
  LEFT JOIN wal_stats w ON w.sample_id = s.id
  LEFT JOIN (SELECT sample_id, sum(coalesce(write_ms, 0) + coalesce(fsync_ms, 0)) AS ms,
                    sum(coalesce(writes, 0) + coalesce(fsyncs, 0)) AS calls
             FROM io_stats WHERE object = 'wal' AND backend_type = 'client backend'
             GROUP BY sample_id) io ON io.sample_id = s.id
), counted AS (
  SELECT d.database_id, s.id AS sample_id, s.captured_at AS at, s.postmaster_started_at AS started_at,
         d.stats_reset_at AS reset_at,
         d.xact_commit + d.xact_rollback AS transactions,
         d.active_time_ms AS active_ms, d.idle_in_transaction_time_ms AS idle_ms,
         d.blk_read_time_ms + d.blk_write_time_ms AS io_ms, d.blks_read AS reads,
         d.tup_inserted + d.tup_updated + d.tup_deleted AS written,
         wal.wal_ms, wal.wal_calls, wal.reset_at AS wal_reset_at,
         CASE WHEN s.own_database_id = d.database_id THEN s.own_transactions END AS own_looks,
         CASE WHEN s.own_database_id = d.database_id THEN s.own_busy_ms END AS own_looks_ms,
         s.own_database_id IS NOT NULL AS is_look,
         s.own_database_id IS NULL AND db.is_collected AS reads_here
  FROM database_stats d
  JOIN samples s ON s.id = d.sample_id
  LEFT JOIN databases db ON db.id = d.database_id
  LEFT JOIN wal ON wal.sample_id = s.id
  WHERE s.node_id = ?1 AND s.is_timed
), lagged AS (
  SELECT counted.*,
         lag(at) OVER w AS at0, lag(started_at) OVER w AS started0, lag(reset_at) OVER w AS reset0,
         lag(transactions) OVER w AS transactions0, lag(active_ms) OVER w AS active0, lag(idle_ms) OVER w AS idle0,
         lag(io_ms) OVER w AS io0, lag(reads) OVER w AS reads0, lag(written) OVER w AS written0,
         lag(sample_id) OVER w AS sample0, lag(wal_ms) OVER w AS wal0, lag(wal_calls) OVER w AS wal_calls0, lag(wal_reset_at) OVER w AS wal_reset0
  FROM counted
  WINDOW w AS (PARTITION BY database_id ORDER BY sample_id)
), steps AS (
  -- A query of ours is a transaction; those of a sample came after its counters were read.
  SELECT lagged.*,
         CASE WHEN sample0 IS NULL THEN 0
              WHEN reads_here THEN (SELECT count(*) FROM collections c WHERE c.node_id = ?1 AND c.sample_id >= sample0 AND c.sample_id < lagged.sample_id)
              ELSE coalesce(own_looks, 0) END AS own_transactions,
         CASE WHEN sample0 IS NULL THEN 0
              WHEN reads_here THEN (SELECT total(c.elapsed_ms) FROM collections c WHERE c.node_id = ?1 AND c.sample_id >= sample0 AND c.sample_id < lagged.sample_id)
              ELSE coalesce(own_looks_ms, 0) END AS own_ms
  FROM lagged
)
SELECT database_id, at, is_look,
       CASE WHEN at0 IS NOT NULL THEN (at - at0) / 1000.0 END AS ms,
       CASE WHEN at0 IS NULL THEN (at - coalesce(reset_at, started_at)) / 1000.0 END AS life_ms,
       transactions - coalesce(transactions0, 0) - own_transactions AS transactions,
       active_ms - coalesce(active0, 0) - own_ms AS active_ms,
       idle_ms - coalesce(idle0, 0) AS idle_ms,
       io_ms - coalesce(io0, 0) AS io_ms,
       reads - coalesce(reads0, 0) AS reads,
       written - coalesce(written0, 0) AS written,
       CASE WHEN at0 IS NOT NULL THEN wal_ms - wal0
            -- The counters of WAL may be older or younger than those of the database.
            ELSE wal_ms * (at - coalesce(reset_at, started_at)) / nullif(at - wal_reset_at, 0) END AS wal_ms,
       CASE WHEN at0 IS NOT NULL THEN wal_calls - wal_calls0
            ELSE wal_calls * (at - coalesce(reset_at, started_at)) / nullif(at - wal_reset_at, 0) END AS wal_calls,
       at0 IS NOT NULL AND (reset_at IS NOT reset0 OR started_at IS NOT started0 OR wal_reset_at IS NOT wal_reset0
         OR transactions < transactions0 OR at <= at0) AS is_reset
FROM steps
ORDER BY database_id, sample_id
