-- Views over the facts tables. Built-in functions only, so that any SQLite can read a snapshot.

-- The moment that rules judge at: the latest reading of a server's clock; where no sample has one,
-- the moment at which the files were read. One row.
CREATE VIEW clock AS
SELECT coalesce(max(captured_at) FILTER (WHERE is_timed), max(captured_at)) AS at FROM samples;

-- Samples, with captured_at NULL where the moment is not known: ages and rates are then unknown too.
CREATE VIEW sample_times AS
SELECT id, node_id, database_id, CASE WHEN is_timed THEN captured_at END AS captured_at,
       postmaster_started_at, statements_reset_at, statements_evicted
FROM samples;

-- Latest counters of each database on each server. counted_since_at is a lower bound of the age
-- of the counters: the last reset, else the start of the server (counters outlive a clean restart).
CREATE VIEW database_stats_latest AS
SELECT d.*, s.node_id, s.captured_at,
       coalesce(d.stats_reset_at, s.postmaster_started_at) AS counted_since_at,
       s.captured_at - coalesce(d.stats_reset_at, s.postmaster_started_at) AS counted_us
FROM database_stats d
JOIN sample_times s ON s.id = d.sample_id
WHERE d.sample_id = (SELECT max(d2.sample_id)
                     FROM database_stats d2 JOIN samples s2 ON s2.id = d2.sample_id
                     WHERE d2.database_id = d.database_id AND s2.node_id = s.node_id);

-- Samples that hold the latest counters of relations or indexes, one a server and database.
CREATE VIEW relation_samples_latest AS
SELECT s.node_id, s.database_id, max(s.id) AS sample_id
FROM samples s
WHERE EXISTS (SELECT 1 FROM relation_stats r WHERE r.sample_id = s.id)
   OR EXISTS (SELECT 1 FROM index_stats i WHERE i.sample_id = s.id)
GROUP BY s.node_id, s.database_id;

-- Latest counters of each table on each server. (Those of tables and of indexes may come from
-- different files, so each has samples of its own.)
CREATE VIEW relation_stats_latest AS
SELECT r.*, s.node_id, s.captured_at, n.role AS node_role, d.counted_since_at,
       CASE WHEN s.captured_at IS NOT NULL THEN d.counted_us END AS counted_us
FROM (SELECT x.node_id, x.database_id, max(x.id) AS sample_id FROM samples x
      WHERE EXISTS (SELECT 1 FROM relation_stats y WHERE y.sample_id = x.id)
      GROUP BY x.node_id, x.database_id) l
JOIN relation_stats r ON r.sample_id = l.sample_id
JOIN sample_times s ON s.id = l.sample_id
JOIN nodes n ON n.id = s.node_id
JOIN relations rel ON rel.id = r.relation_id
LEFT JOIN database_stats_latest d ON d.node_id = s.node_id AND d.database_id = rel.database_id;

-- Latest counters of each index on each server. An index may be younger than the counters of its
-- database, so its scans count from when it was there for certain; where no such moment is known,
-- counted_since_at and counted_us are NULL.
CREATE VIEW index_stats_latest AS
SELECT i.*, s.node_id, s.captured_at, n.role AS node_role,
       max(d.counted_since_at, ix.there_since_at) AS counted_since_at,
       s.captured_at - max(d.counted_since_at, ix.there_since_at) AS counted_us
FROM (SELECT x.node_id, x.database_id, max(x.id) AS sample_id FROM samples x
      WHERE EXISTS (SELECT 1 FROM index_stats y WHERE y.sample_id = x.id)
      GROUP BY x.node_id, x.database_id) l
JOIN index_stats i ON i.sample_id = l.sample_id
JOIN sample_times s ON s.id = l.sample_id
JOIN nodes n ON n.id = s.node_id
JOIN indexes ix ON ix.id = i.index_id
LEFT JOIN database_stats_latest d ON d.node_id = s.node_id AND d.database_id = ix.database_id;

-- Standbys that are connected and whose counters are not in this file: queries there are unknown.
-- Receivers that run no queries (pg_receivewal, pg_basebackup, logical subscribers) do not count.
CREATE VIEW standbys_unseen AS
SELECT max(0,
  (SELECT count(*) FROM wal_senders w
   WHERE coalesce(w.is_logical, 0) = 0
     AND coalesce(w.state, 'streaming') <> 'backup'
     AND coalesce(w.application_name, '') NOT IN ('pg_receivewal', 'pg_basebackup')
     AND w.sample_id = (SELECT max(w2.sample_id) FROM wal_senders w2
                        JOIN samples s2 ON s2.id = w2.sample_id
                        JOIN samples s ON s.id = w.sample_id AND s.node_id = s2.node_id))
  - (SELECT count(*) FROM nodes WHERE role = 'standby')) AS standbys;

-- Use of each index over all servers that were looked at. counted_us is the shortest age of
-- their counters; standbys_unseen above 0 means that use elsewhere is possible.
CREATE VIEW index_usage AS
SELECT i.index_id,
       sum(i.idx_scan) AS scans,
       max(i.last_idx_scan_at) AS last_scan_at,
       max(i.counted_since_at) AS counted_since_at,
       min(i.counted_us) AS counted_us,
       count(*) AS nodes_seen,
       (SELECT standbys FROM standbys_unseen) AS standbys_unseen
FROM index_stats_latest i
GROUP BY i.index_id;

-- Writes to each table on the primary, over the age of its counters.
CREATE VIEW relation_writes AS
SELECT relation_id,
       n_tup_ins + n_tup_upd + n_tup_del AS rows_written,
       n_tup_ins + n_tup_upd - coalesce(n_tup_hot_upd, 0) AS index_entries_written,
       counted_us
FROM relation_stats_latest
WHERE node_role = 'primary' OR NOT EXISTS (SELECT 1 FROM nodes WHERE role = 'primary');

-- Samples with statement counters, each with the one before it on the same server. captured_at is
-- NULL where it is not known. is_reset = 1: the counters were reset since the sample before.
CREATE VIEW statement_samples AS
SELECT s.id AS sample_id, s.node_id,
       CASE WHEN s.is_timed THEN s.captured_at END AS captured_at, s.postmaster_started_at,
       s.statements_reset_at, s.statements_evicted,
       lag(s.id) OVER w AS prev_sample_id,
       lag(CASE WHEN s.is_timed THEN s.captured_at END) OVER w AS prev_captured_at,
       lag(s.statements_reset_at) OVER w AS prev_reset_at,
       coalesce(s.statements_reset_at <> lag(s.statements_reset_at) OVER w, 0)
         OR coalesce(s.statements_reset_at > lag(s.captured_at) OVER w, 0) AS is_reset,
       row_number() OVER (PARTITION BY s.node_id ORDER BY s.id DESC) = 1 AS is_latest
FROM samples s
WHERE s.id IN (SELECT sample_id FROM statement_counters)
WINDOW w AS (PARTITION BY s.node_id ORDER BY s.id);

-- Latest counters of each statement, as PostgreSQL keeps them.
CREATE VIEW statement_counters_latest AS
SELECT c.*, s.node_id, s.captured_at
FROM statement_counters c
JOIN statement_samples s ON s.sample_id = c.sample_id AND s.is_latest;

-- Counters of each statement at the latest sample, summed over servers, roles and identifiers.
-- counted_us is NULL where the start of the counters is not known (13 and older without samples).
CREATE VIEW statement_totals AS
SELECT t.*,
       t.total_exec_ms / nullif(t.calls, 0) AS mean_exec_ms,
       t.total_exec_ms
         / nullif(sum(t.total_exec_ms) OVER (PARTITION BY t.database_id), 0) AS exec_share
FROM (
  SELECT c.statement_id, st.database_id, st.fingerprint, st.text,
         sum(c.calls) AS calls, sum(c.rows) AS rows,
         sum(c.total_exec_ms) AS total_exec_ms, sum(c.total_plan_ms) AS total_plan_ms,
         min(c.min_exec_ms) AS min_exec_ms, max(c.max_exec_ms) AS max_exec_ms,
         -- Mean of squares less square of the mean, over all rows of the statement.
         max(0, sum(c.calls * (c.stddev_exec_ms * c.stddev_exec_ms + c.mean_exec_ms * c.mean_exec_ms))
                / nullif(sum(c.calls), 0)
                - (sum(c.total_exec_ms) / nullif(sum(c.calls), 0))
                  * (sum(c.total_exec_ms) / nullif(sum(c.calls), 0))) AS variance_exec_ms2,
         sum(c.shared_blks_hit) AS shared_blks_hit, sum(c.shared_blks_read) AS shared_blks_read,
         sum(c.shared_blks_dirtied) AS shared_blks_dirtied,
         sum(c.shared_blks_written) AS shared_blks_written,
         sum(c.temp_blks_read) AS temp_blks_read, sum(c.temp_blks_written) AS temp_blks_written,
         sum(c.blk_read_ms) AS blk_read_ms, sum(c.blk_write_ms) AS blk_write_ms,
         sum(c.wal_bytes) AS wal_bytes, sum(c.wal_fpi) AS wal_fpi,
         sum(c.jit_functions) AS jit_functions,
         sum(c.jit_generation_ms + c.jit_inlining_ms + c.jit_optimization_ms
             + c.jit_emission_ms) AS jit_ms,
         sum(c.parallel_workers_to_launch) AS parallel_workers_to_launch,
         sum(c.parallel_workers_launched) AS parallel_workers_launched,
         json_group_array(DISTINCT c.role_id) FILTER (WHERE c.role_id IS NOT NULL) AS role_ids,
         max(s.captured_at - coalesce(c.stats_since_at, s.statements_reset_at)) AS counted_us
  FROM statement_counters c
  JOIN statement_samples s ON s.sample_id = c.sample_id AND s.is_latest
  JOIN statements st ON st.id = c.statement_id
  GROUP BY c.statement_id
) t;

-- What each counter row grew by between two neighbouring samples of a server. A row that was not
-- there before began within the interval, so all of it counts. is_reset = 1: the counters were
-- reset or evicted in between (a value went down, or began later), so the growth is unknown.
CREATE VIEW statement_delta AS
SELECT s.node_id, s.prev_sample_id, s.sample_id, s.captured_at,
       s.captured_at - s.prev_captured_at AS interval_us,
       c.statement_id, c.role_id, c.toplevel, c.queryid,
       coalesce(c.calls < p.calls OR c.total_exec_ms < p.total_exec_ms OR c.rows < p.rows, 0)
         OR coalesce(c.stats_since_at <> p.stats_since_at, 0)
         OR s.is_reset AS is_reset,
       c.calls - coalesce(p.calls, 0) AS calls,
       c.rows - coalesce(p.rows, 0) AS rows,
       c.total_exec_ms - coalesce(p.total_exec_ms, 0) AS total_exec_ms,
       c.total_plan_ms - coalesce(p.total_plan_ms, 0) AS total_plan_ms,
       c.shared_blks_hit - coalesce(p.shared_blks_hit, 0) AS shared_blks_hit,
       c.shared_blks_read - coalesce(p.shared_blks_read, 0) AS shared_blks_read,
       c.temp_blks_written - coalesce(p.temp_blks_written, 0) AS temp_blks_written,
       c.blk_read_ms - coalesce(p.blk_read_ms, 0) AS blk_read_ms,
       c.wal_bytes - coalesce(p.wal_bytes, 0) AS wal_bytes
FROM statement_samples s
JOIN statement_counters c ON c.sample_id = s.sample_id
LEFT JOIN statement_counters p
  ON p.sample_id = s.prev_sample_id AND p.statement_id = c.statement_id
 AND p.role_id IS c.role_id AND p.toplevel IS c.toplevel AND p.queryid IS c.queryid
WHERE s.prev_sample_id IS NOT NULL;

-- Rate of each statement on each server: over the samples where there are several, else since its
-- counters began. Intervals with a reset are left out of both the counts and the window.
CREATE VIEW statement_rate_by_node AS
WITH intervals AS (
  SELECT node_id, statement_id, sample_id, max(interval_us) AS interval_us,
         max(is_reset) AS is_reset, sum(calls) AS calls, sum(rows) AS rows,
         sum(total_exec_ms) AS exec_ms, sum(total_plan_ms) AS plan_ms,
         sum(shared_blks_hit) AS shared_blks_hit, sum(shared_blks_read) AS shared_blks_read,
         sum(temp_blks_written) AS temp_blks_written, sum(wal_bytes) AS wal_bytes
  FROM statement_delta GROUP BY node_id, statement_id, sample_id
), windowed AS (
  SELECT node_id, statement_id,
         sum(calls) FILTER (WHERE NOT is_reset) AS calls,
         sum(rows) FILTER (WHERE NOT is_reset) AS rows,
         sum(exec_ms) FILTER (WHERE NOT is_reset) AS exec_ms,
         sum(plan_ms) FILTER (WHERE NOT is_reset) AS plan_ms,
         sum(shared_blks_hit) FILTER (WHERE NOT is_reset) AS shared_blks_hit,
         sum(shared_blks_read) FILTER (WHERE NOT is_reset) AS shared_blks_read,
         sum(temp_blks_written) FILTER (WHERE NOT is_reset) AS temp_blks_written,
         sum(wal_bytes) FILTER (WHERE NOT is_reset) AS wal_bytes,
         coalesce(sum(interval_us) FILTER (WHERE is_reset), 0) AS lost_us
  FROM intervals GROUP BY node_id, statement_id
), span AS (
  SELECT node_id,
         CASE WHEN count(prev_sample_id) = count(captured_at - prev_captured_at)
              THEN sum(captured_at - prev_captured_at) END AS window_us,
         count(prev_sample_id) > 0 AND coalesce(sum(captured_at - prev_captured_at), 1) > 0 AS has_intervals
  FROM statement_samples GROUP BY node_id
), totals AS (
  SELECT node_id, statement_id, sum(calls) AS calls, sum(rows) AS rows,
         sum(total_exec_ms) AS exec_ms, sum(total_plan_ms) AS plan_ms,
         sum(shared_blks_hit) AS shared_blks_hit, sum(shared_blks_read) AS shared_blks_read,
         sum(temp_blks_written) AS temp_blks_written, sum(wal_bytes) AS wal_bytes,
         max(captured_at - coalesce(stats_since_at, (SELECT statements_reset_at FROM samples WHERE id = sample_id))) AS window_us
  FROM statement_counters_latest GROUP BY node_id, statement_id
)
SELECT t.node_id, t.statement_id,
       CASE WHEN span.has_intervals THEN 'samples' ELSE 'since reset' END AS source,
       CASE WHEN span.has_intervals THEN nullif(span.window_us - w.lost_us, 0)
            ELSE nullif(t.window_us, 0) END AS window_us,
       CASE WHEN span.has_intervals THEN w.calls ELSE t.calls END AS calls,
       CASE WHEN span.has_intervals THEN w.rows ELSE t.rows END AS rows,
       CASE WHEN span.has_intervals THEN w.exec_ms ELSE t.exec_ms END AS exec_ms,
       CASE WHEN span.has_intervals THEN w.plan_ms ELSE t.plan_ms END AS plan_ms,
       CASE WHEN span.has_intervals THEN w.shared_blks_hit ELSE t.shared_blks_hit END AS shared_blks_hit,
       CASE WHEN span.has_intervals THEN w.shared_blks_read ELSE t.shared_blks_read END AS shared_blks_read,
       CASE WHEN span.has_intervals THEN w.temp_blks_written ELSE t.temp_blks_written END AS temp_blks_written,
       CASE WHEN span.has_intervals THEN w.wal_bytes ELSE t.wal_bytes END AS wal_bytes
FROM totals t
JOIN span ON span.node_id = t.node_id
LEFT JOIN windowed w ON w.node_id = t.node_id AND w.statement_id = t.statement_id;

-- Rate of each statement, summed over servers. NULL where the window is not known.
CREATE VIEW statement_rate AS
SELECT r.statement_id, st.database_id, min(r.source) AS source,
       max(r.window_us) / 1000.0 AS window_ms,
       sum(r.calls * 3.6e9 / r.window_us) AS calls_per_hour,
       sum(r.rows * 3.6e9 / r.window_us) AS rows_per_hour,
       sum(r.exec_ms * 3.6e9 / r.window_us) AS exec_ms_per_hour
FROM statement_rate_by_node r
JOIN statements st ON st.id = r.statement_id
GROUP BY r.statement_id;

-- What each database counted between two neighbouring samples; is_reset as in statement_delta.
CREATE VIEW database_delta AS
WITH ordered AS (
  SELECT d.*, s.node_id, s.captured_at,
         lag(s.id) OVER w AS prev_sample_id, lag(s.captured_at) OVER w AS prev_captured_at,
         lag(d.stats_reset_at) OVER w AS prev_reset_at,
         lag(d.xact_commit) OVER w AS prev_commit, lag(d.xact_rollback) OVER w AS prev_rollback,
         lag(d.blks_read) OVER w AS prev_read, lag(d.blks_hit) OVER w AS prev_hit,
         lag(d.temp_bytes) OVER w AS prev_temp_bytes, lag(d.deadlocks) OVER w AS prev_deadlocks,
         lag(d.active_time_ms) OVER w AS prev_active_ms,
         lag(d.idle_in_transaction_time_ms) OVER w AS prev_idle_ms,
         lag(d.sessions) OVER w AS prev_sessions
  FROM database_stats d JOIN sample_times s ON s.id = d.sample_id
  WINDOW w AS (PARTITION BY s.node_id, d.database_id ORDER BY s.id)
)
SELECT node_id, database_id, sample_id, captured_at,
       captured_at - prev_captured_at AS interval_us,
       coalesce(stats_reset_at <> prev_reset_at, stats_reset_at IS NOT prev_reset_at)
         OR xact_commit < prev_commit OR blks_hit < prev_hit AS is_reset,
       xact_commit - prev_commit AS xact_commit, xact_rollback - prev_rollback AS xact_rollback,
       blks_read - prev_read AS blks_read, blks_hit - prev_hit AS blks_hit,
       temp_bytes - prev_temp_bytes AS temp_bytes, deadlocks - prev_deadlocks AS deadlocks,
       active_time_ms - prev_active_ms AS active_time_ms,
       idle_in_transaction_time_ms - prev_idle_ms AS idle_in_transaction_time_ms,
       sessions - prev_sessions AS sessions
FROM ordered WHERE prev_sample_id IS NOT NULL;

-- What each table counted between two neighbouring samples; is_reset as in statement_delta.
CREATE VIEW relation_delta AS
WITH ordered AS (
  SELECT r.*, s.node_id, s.captured_at,
         lag(s.id) OVER w AS prev_sample_id, lag(s.captured_at) OVER w AS prev_captured_at,
         lag(r.seq_scan) OVER w AS prev_seq_scan, lag(r.seq_tup_read) OVER w AS prev_seq_read,
         lag(r.idx_scan) OVER w AS prev_idx_scan,
         lag(r.n_tup_ins) OVER w AS prev_ins, lag(r.n_tup_upd) OVER w AS prev_upd,
         lag(r.n_tup_del) OVER w AS prev_del, lag(r.n_tup_hot_upd) OVER w AS prev_hot
  FROM relation_stats r JOIN sample_times s ON s.id = r.sample_id
  WINDOW w AS (PARTITION BY s.node_id, r.relation_id ORDER BY s.id)
)
SELECT node_id, relation_id, sample_id, captured_at,
       captured_at - prev_captured_at AS interval_us,
       seq_scan < prev_seq_scan OR n_tup_ins < prev_ins OR n_tup_upd < prev_upd
         OR n_tup_del < prev_del AS is_reset,
       seq_scan - prev_seq_scan AS seq_scan, seq_tup_read - prev_seq_read AS seq_tup_read,
       idx_scan - prev_idx_scan AS idx_scan, n_tup_ins - prev_ins AS n_tup_ins,
       n_tup_upd - prev_upd AS n_tup_upd, n_tup_del - prev_del AS n_tup_del,
       n_tup_hot_upd - prev_hot AS n_tup_hot_upd
FROM ordered WHERE prev_sample_id IS NOT NULL;

-- What each index counted between two neighbouring samples; is_reset as in statement_delta.
CREATE VIEW index_delta AS
WITH ordered AS (
  SELECT i.*, s.node_id, s.captured_at,
         lag(s.id) OVER w AS prev_sample_id, lag(s.captured_at) OVER w AS prev_captured_at,
         lag(i.idx_scan) OVER w AS prev_idx_scan, lag(i.idx_tup_read) OVER w AS prev_tup_read
  FROM index_stats i JOIN sample_times s ON s.id = i.sample_id
  WINDOW w AS (PARTITION BY s.node_id, i.index_id ORDER BY s.id)
)
SELECT node_id, index_id, sample_id, captured_at,
       captured_at - prev_captured_at AS interval_us,
       idx_scan < prev_idx_scan OR idx_tup_read < prev_tup_read AS is_reset,
       idx_scan - prev_idx_scan AS idx_scan, idx_tup_read - prev_tup_read AS idx_tup_read
FROM ordered WHERE prev_sample_id IS NOT NULL;

-- Settings of the server that findings are about: the primary, else the first standby.
CREATE VIEW server_settings AS
SELECT s.* FROM settings s
WHERE s.node_id = (SELECT id FROM nodes ORDER BY role = 'primary' DESC, id LIMIT 1);

-- Storage settings of each table: its own where it has them, else the server's. The trigger
-- columns are the row counts at which autovacuum acts (PostgreSQL docs, "The Autovacuum Daemon").
CREATE VIEW relation_settings AS
WITH server AS (
  SELECT max(server_value_num) FILTER (WHERE name = 'autovacuum') AS enabled,
         max(server_value_num) FILTER (WHERE name = 'autovacuum_vacuum_threshold') AS vacuum_threshold,
         max(server_value_num) FILTER (WHERE name = 'autovacuum_vacuum_scale_factor') AS vacuum_scale,
         max(server_value_num) FILTER (WHERE name = 'autovacuum_vacuum_max_threshold') AS vacuum_max,
         max(server_value_num) FILTER (WHERE name = 'autovacuum_vacuum_insert_threshold') AS insert_threshold,
         max(server_value_num) FILTER (WHERE name = 'autovacuum_vacuum_insert_scale_factor') AS insert_scale,
         max(server_value_num) FILTER (WHERE name = 'autovacuum_analyze_threshold') AS analyze_threshold,
         max(server_value_num) FILTER (WHERE name = 'autovacuum_analyze_scale_factor') AS analyze_scale,
         max(server_value_num) FILTER (WHERE name = 'autovacuum_freeze_max_age') AS freeze_max_age
  FROM server_settings
), resolved AS (
  SELECT r.id AS relation_id, r.row_estimate,
         -- From 18 on frozen pages do not count for inserts; before that nobody counts them.
         1 - min(coalesce(r.pages_all_frozen, 0), r.pages) * 1.0 / nullif(r.pages, 0) AS unfrozen_share,
         CASE lower(json_extract(r.options, '$.autovacuum_enabled'))
           WHEN 'false' THEN 0 WHEN 'off' THEN 0 WHEN 'no' THEN 0 WHEN '0' THEN 0
           WHEN 'f' THEN 0 WHEN 'n' THEN 0 ELSE 1 END AS own_enabled,
         server.enabled AS server_enabled,
         coalesce(CAST(json_extract(r.options, '$.autovacuum_vacuum_threshold') AS REAL), server.vacuum_threshold) AS vacuum_threshold,
         coalesce(CAST(json_extract(r.options, '$.autovacuum_vacuum_scale_factor') AS REAL), server.vacuum_scale) AS vacuum_scale_factor,
         coalesce(CAST(json_extract(r.options, '$.autovacuum_vacuum_max_threshold') AS REAL), server.vacuum_max) AS vacuum_max_threshold,
         coalesce(CAST(json_extract(r.options, '$.autovacuum_vacuum_insert_threshold') AS REAL), server.insert_threshold) AS insert_threshold,
         coalesce(CAST(json_extract(r.options, '$.autovacuum_vacuum_insert_scale_factor') AS REAL), server.insert_scale) AS insert_scale_factor,
         coalesce(CAST(json_extract(r.options, '$.autovacuum_analyze_threshold') AS REAL), server.analyze_threshold) AS analyze_threshold,
         coalesce(CAST(json_extract(r.options, '$.autovacuum_analyze_scale_factor') AS REAL), server.analyze_scale) AS analyze_scale_factor,
         min(coalesce(CAST(json_extract(r.options, '$.autovacuum_freeze_max_age') AS REAL), server.freeze_max_age), server.freeze_max_age) AS freeze_max_age,
         coalesce(CAST(json_extract(r.options, '$.fillfactor') AS INTEGER), 100) AS fillfactor
  FROM relations r CROSS JOIN server
  WHERE r.kind IN ('table', 'materialized view')
)
SELECT relation_id, own_enabled AS autovacuum_enabled_here, server_enabled AS autovacuum_enabled_server,
       vacuum_threshold, vacuum_scale_factor, vacuum_max_threshold, insert_threshold,
       insert_scale_factor, analyze_threshold, analyze_scale_factor, freeze_max_age, fillfactor,
       CASE WHEN vacuum_max_threshold > 0
            THEN min(vacuum_threshold + vacuum_scale_factor * coalesce(row_estimate, 0), vacuum_max_threshold)
            ELSE vacuum_threshold + vacuum_scale_factor * coalesce(row_estimate, 0) END AS vacuum_trigger_rows,
       analyze_threshold + analyze_scale_factor * coalesce(row_estimate, 0) AS analyze_trigger_rows,
       -- NULL also where inserts alone never call it: -1.
       CASE WHEN insert_threshold >= 0
            THEN insert_threshold + insert_scale_factor * coalesce(row_estimate, 0) * coalesce(unfrozen_share, 1) END AS insert_trigger_rows
FROM resolved;

-- Value of each setting for each login role in each collected database, by PostgreSQL's order:
-- role in database, role, database, all roles, server. value is NULL where the server's own is not visible.
CREATE VIEW role_settings_effective AS
SELECT r.id AS role_id, r.name AS role_name, d.id AS database_id, d.name AS database_name,
       s.name,
       coalesce(
         (SELECT x.value_num FROM role_settings x WHERE x.name = s.name AND x.role_id = r.id AND x.database_id = d.id),
         (SELECT x.value_num FROM role_settings x WHERE x.name = s.name AND x.role_id = r.id AND x.database_id IS NULL),
         (SELECT x.value_num FROM role_settings x WHERE x.name = s.name AND x.role_id IS NULL AND x.database_id = d.id),
         (SELECT x.value_num FROM role_settings x WHERE x.name = s.name AND x.role_id IS NULL AND x.database_id IS NULL),
         s.server_value_num) AS value_num
FROM roles r
CROSS JOIN databases d
CROSS JOIN server_settings s
WHERE r.can_login AND d.is_collected;

-- Sessions of the latest sample of each server, with the moment they were seen.
CREATE VIEW sessions_latest AS
SELECT x.*, s.node_id, s.captured_at
FROM sessions x
JOIN sample_times s ON s.id = x.sample_id
WHERE x.sample_id IN (SELECT max(x2.sample_id) FROM sessions x2 JOIN samples s2 ON s2.id = x2.sample_id GROUP BY s2.node_id);

-- Blockers of the latest sample of each server, root_pid being the head of the queue.
CREATE VIEW blockers_latest AS
WITH RECURSIVE latest AS MATERIALIZED (
  SELECT b.sample_id, b.pid, b.blocked_by
  FROM blockers b
  WHERE b.sample_id IN (SELECT max(x.sample_id) FROM sessions x JOIN samples s ON s.id = x.sample_id GROUP BY s.node_id)
), chain(sample_id, pid, blocked_by, root_pid, depth) AS (
  SELECT sample_id, pid, blocked_by, blocked_by, 1 FROM latest
  UNION
  SELECT c.sample_id, c.pid, c.blocked_by, l.blocked_by, c.depth + 1
  FROM chain c JOIN latest l ON l.sample_id = c.sample_id AND l.pid = c.root_pid
  WHERE c.depth < 100
)
SELECT sample_id, pid, blocked_by, root_pid, max(depth) AS depth
FROM chain c
WHERE (c.sample_id, c.root_pid) NOT IN (SELECT sample_id, pid FROM latest)
GROUP BY sample_id, pid, blocked_by, root_pid;

-- Share of planned facts that came: one row a table and reason, for a reader's first question.
CREATE VIEW missing_summary AS
SELECT table_name, column_name, reason, remedy, count(*) AS objects, min(object) AS example
FROM missing_facts
GROUP BY table_name, column_name, reason, remedy;

-- The server that findings are about: the primary, else the first standby. One row.
CREATE VIEW server AS
SELECT n.*, n.version_num / 10000 AS major
FROM nodes n
ORDER BY n.role = 'primary' DESC, n.id
LIMIT 1;

-- Machine of the server that findings are about; what is not known of it is NULL. One row where
-- machines were looked at.
CREATE VIEW machine AS
SELECT m.* FROM machines m WHERE m.node_id = (SELECT id FROM server);

-- WAL that each server wrote by its counters: bytes an hour since the reset (hours is at least 1, as in
-- database_rate), and the share of full page images, of 8 kB each at most.
CREATE VIEW wal_rate AS
WITH latest AS (
  SELECT w.*, s.node_id,
         max((s.captured_at - coalesce(w.stats_reset_at, s.postmaster_started_at)) / 3.6e9, 1.0) AS hours
  FROM wal_stats w
  JOIN sample_times s ON s.id = w.sample_id
  WHERE w.sample_id IN (SELECT max(w2.sample_id) FROM wal_stats w2
                        JOIN samples s2 ON s2.id = w2.sample_id GROUP BY s2.node_id)
)
SELECT node_id, sample_id, wal_records, wal_fpi, wal_bytes, stats_reset_at, hours,
       wal_bytes / hours AS bytes_per_hour,
       min(wal_fpi * 8192.0 / nullif(wal_bytes, 0), 1.0) AS fpi_share
FROM latest;

-- How a setting of a server is changed there: set_begin || literal || set_end is the fix, undo takes
-- it back. Where ALTER SYSTEM can't help (managed services, a value on the command line), both are
-- comments that name the place. set_end says whether a reload is enough or a restart is needed, and
-- applies says it in a word: restart, reload or new sessions. now is the value as SHOW gives it.
-- Settings that wait for a restart already are left out: which value it will bring is not known.
CREATE VIEW setting_changes AS
WITH placed AS (
  SELECT s.*,
         CASE
           WHEN n.provider IN ('rds', 'aurora') THEN 'in the DB parameter group'
           WHEN n.provider IN ('cloudsql', 'alloydb') THEN 'in the database flags of the instance'
           WHEN n.provider = 'azure' THEN 'in the server parameters'
           WHEN n.provider IS NOT NULL THEN 'in the settings of the service'
           WHEN s.source = 'command line' THEN 'on the command line that starts the server'
           WHEN (SELECT a.server_value_num FROM settings a
                 WHERE a.node_id = s.node_id AND a.name = 'allow_alter_system') = 0
             THEN 'in the configuration file'
         END AS elsewhere,
         CASE
           WHEN n.provider IS NOT NULL THEN 'the service does not allow ALTER SYSTEM'
           WHEN s.source = 'command line' THEN 'a value there stands above ALTER SYSTEM'
           ELSE 'allow_alter_system is off'
         END AS because,
         -- Services want bare numbers.
         CASE WHEN n.provider IN ('rds', 'aurora', 'cloudsql', 'alloydb', 'azure') AND s.unit IS NOT NULL
              THEN ', there as a number of ' || s.unit ELSE '' END AS unit_there,
         CASE WHEN s.context = 'postmaster' OR s.source = 'command line' THEN 1 ELSE 0 END AS needs_restart,
         '''' || replace(coalesce(s.server_value, s.value), '''', '''''') || '''' AS old_literal,
         CASE WHEN s.unit LIKE '%B' THEN CAST(s.server_value_num AS INTEGER) END AS bytes,
         CASE WHEN s.unit IN ('us', 'ms', 's', 'min', 'h', 'd') THEN CAST(round(s.server_value_num * 1000) AS INTEGER) END AS us
  FROM settings s JOIN nodes n ON n.id = s.node_id
  WHERE NOT s.pending_restart
)
SELECT id AS setting_id, node_id, name, needs_restart,
       CASE WHEN elsewhere IS NULL THEN 'ALTER SYSTEM SET ' || name || ' = '
            ELSE '-- Set ' || name || ' = ' END AS set_begin,
       CASE WHEN elsewhere IS NOT NULL
            THEN ', ' || elsewhere || unit_there || ' (' || because || ')'
                 || CASE WHEN needs_restart THEN ', then restart.' ELSE '.' END
            WHEN needs_restart THEN ';' || char(10) || '-- Takes effect after a restart.'
            ELSE ';' || char(10) || 'SELECT pg_reload_conf();' END AS set_end,
       CASE WHEN elsewhere IS NOT NULL
            THEN '-- Set ' || name || ' = ' || old_literal || ' again, ' || elsewhere
                 || CASE WHEN needs_restart THEN ', then restart.' ELSE '.' END
            ELSE CASE
                   WHEN source = 'default' OR source_file NOT LIKE '%postgresql.auto.conf'
                     THEN 'ALTER SYSTEM RESET ' || name
                   ELSE 'ALTER SYSTEM SET ' || name || ' = ' || old_literal END
                 || CASE WHEN needs_restart THEN ';' || char(10) || '-- Takes effect after a restart.'
                         ELSE ';' || char(10) || 'SELECT pg_reload_conf();' END
       END AS undo,
       CASE WHEN needs_restart THEN 'restart'
            WHEN context IN ('backend', 'superuser-backend') THEN 'new sessions'
            ELSE 'reload' END AS applies,
       CASE
         WHEN bytes > 0 THEN
           CASE WHEN bytes % 1099511627776 = 0 THEN (bytes / 1099511627776) || 'TB'
                WHEN bytes % 1073741824 = 0 THEN (bytes / 1073741824) || 'GB'
                WHEN bytes % 1048576 = 0 THEN (bytes / 1048576) || 'MB'
                WHEN bytes % 1024 = 0 THEN (bytes / 1024) || 'kB'
                ELSE bytes || 'B' END
         WHEN us > 0 THEN
           CASE WHEN us % 86400000000 = 0 THEN (us / 86400000000) || 'd'
                WHEN us % 3600000000 = 0 THEN (us / 3600000000) || 'h'
                WHEN us % 60000000 = 0 THEN (us / 60000000) || 'min'
                WHEN us % 1000000 = 0 THEN (us / 1000000) || 's'
                WHEN us % 1000 = 0 THEN (us / 1000) || 'ms'
                ELSE us || 'us' END
         ELSE coalesce(server_value, value)
       END AS now
FROM placed;

-- What login roles do in each collected database, as statement counters and sessions show it,
-- without superusers, replication roles and the role that pgtriage connects as. calls and
-- slowest_ms are NULL without statement counters. slowest_ms is the longest call to be reckoned
-- with: the maximum of statements called often, else mean + 3.1 standard deviations (p99.9 of a
-- normal distribution); statements that define or maintain objects are left out, and hidden ones,
-- which may be those of a monitor.
CREATE VIEW role_activity AS
WITH counted AS (
  SELECT c.role_id, st.database_id, sum(c.calls) AS calls,
         max(CASE WHEN c.calls >= 1000 THEN c.max_exec_ms
                  ELSE min(c.max_exec_ms, c.mean_exec_ms + 3.1 * c.stddev_exec_ms) END)
           FILTER (WHERE upper(substr(ltrim(coalesce(st.text, '')), 1, 5)) NOT IN
                     ('CREAT', 'ALTER', 'DROP ', 'VACUU', 'ANALY', 'REIND', 'CLUST', 'REFRE',
                      'COPY ', 'COMME', 'GRANT', 'REVOK', 'EXPLA')) AS slowest_ms
  FROM statement_counters_latest c JOIN statements st ON st.id = c.statement_id
  WHERE st.text IS NOT NULL
  GROUP BY c.role_id, st.database_id
), connected AS (
  SELECT role_id, database_id, count(*) AS sessions,
         json_group_array(DISTINCT application_name) AS applications
  FROM sessions_latest
  WHERE backend_type = 'client backend'
  GROUP BY role_id, database_id
), pairs AS (
  SELECT role_id, database_id FROM counted UNION SELECT role_id, database_id FROM connected
)
SELECT r.id AS role_id, r.name AS role_name, d.id AS database_id, d.name AS database_name,
       counted.calls, counted.slowest_ms, coalesce(connected.sessions, 0) AS sessions,
       coalesce(connected.applications, '[]') AS applications
FROM pairs p
JOIN roles r ON r.id = p.role_id
JOIN databases d ON d.id = p.database_id AND d.is_collected
LEFT JOIN counted ON counted.role_id = p.role_id AND counted.database_id = p.database_id
LEFT JOIN connected ON connected.role_id = p.role_id AND connected.database_id = p.database_id
WHERE r.can_login AND NOT r.is_superuser AND NOT r.can_replicate
  AND r.name NOT IN (SELECT connected_as FROM nodes WHERE connected_as IS NOT NULL);

-- Latest counters of each database on each server with the window to divide them by. The window
-- begins at the last reset. Where there was none the counters may be older than the start of the
-- server (they outlive a clean restart) but hardly than the counters of the whole server, so the
-- window begins at the earlier of the two; rates are then too low rather than too high.
-- window_hours is at least 1: a handful of events soon after a reset is no rate.
CREATE VIEW database_rate AS
WITH cluster AS (
  SELECT s.node_id, min(x.reset_at) AS counted_since_at
  FROM (SELECT sample_id, stats_reset_at AS reset_at FROM archiver_stats
        UNION ALL SELECT sample_id, stats_reset_at FROM checkpointer_stats
        UNION ALL SELECT sample_id, stats_reset_at FROM wal_stats) x
  JOIN samples s ON s.id = x.sample_id
  GROUP BY s.node_id
), windowed AS (
  SELECT d.*, s.postmaster_started_at, c.counted_since_at AS cluster_counted_since_at
  FROM database_stats_latest d
  JOIN sample_times s ON s.id = d.sample_id
  LEFT JOIN cluster c ON c.node_id = d.node_id
)
SELECT w.*,
       max((w.captured_at - coalesce(w.stats_reset_at,
              min(coalesce(w.cluster_counted_since_at, w.postmaster_started_at),
                  coalesce(w.postmaster_started_at, w.cluster_counted_since_at)))) / 3.6e9,
           1.0) AS window_hours
FROM windowed w;

-- Statements with their figures, one row each: what `pgtriage queries` and the screen Queries show.
-- Figures are those of the window: the time between the samples where there are several, else since
-- the counters began (window_source says which). Least, greatest and variance exist since the
-- reset only, so they are NULL in a window of samples. Statements without counters have the figures
-- of the logs (window_source is log): a log may hold slow statements only, so there are no rates.
-- log_calls and p95_ms are of the logs always. kind and read_as are NULL where the text was
-- not read.
CREATE VIEW statement_figures AS
WITH figures AS MATERIALIZED (
  SELECT statement_id, min(source) AS window_source, max(window_us) / 1000.0 AS window_ms,
         sum(calls) AS calls, sum(rows) AS rows, sum(exec_ms) AS exec_ms, sum(plan_ms) AS plan_ms,
         sum(shared_blks_hit) AS hit, sum(shared_blks_read) AS read,
         sum(temp_blks_written) AS temp, sum(wal_bytes) AS wal_bytes,
         sum(calls * 3.6e9 / window_us) AS calls_per_hour,
         sum(exec_ms * 3.6e9 / window_us) AS exec_ms_per_hour
  FROM statement_rate_by_node GROUP BY statement_id
  UNION ALL
  SELECT l.statement_id, 'log', (t.to_at - t.from_at) / 1000.0, l.calls, NULL, l.total_ms, NULL,
         NULL, NULL, NULL, NULL, NULL, NULL
  FROM log_statements l
  CROSS JOIN log_totals t
  WHERE NOT EXISTS (SELECT 1 FROM statement_counters c WHERE c.statement_id = l.statement_id)
), totals AS MATERIALIZED (
  SELECT c.statement_id, min(c.min_exec_ms) AS min_exec_ms, max(c.max_exec_ms) AS max_exec_ms,
         -- Mean of squares less square of the mean, over all rows of the statement.
         max(0, sum(c.calls * (c.stddev_exec_ms * c.stddev_exec_ms + c.mean_exec_ms * c.mean_exec_ms))
                / nullif(sum(c.calls), 0)
                - (sum(c.total_exec_ms) / nullif(sum(c.calls), 0))
                  * (sum(c.total_exec_ms) / nullif(sum(c.calls), 0))) AS variance_exec_ms2,
         nullif(json_group_array(DISTINCT r.name) FILTER (WHERE r.name IS NOT NULL), '[]') AS roles,
         nullif(json_group_array(DISTINCT c.queryid) FILTER (WHERE c.queryid IS NOT NULL), '[]') AS queryids
  FROM statement_counters_latest c
  LEFT JOIN roles r ON r.id = c.role_id
  GROUP BY c.statement_id
), found AS MATERIALIZED (
  SELECT subject_id AS statement_id, count(*) AS finding_count,
         CASE max(CASE severity WHEN 'error' THEN 3 WHEN 'warning' THEN 2 ELSE 1 END)
           WHEN 3 THEN 'error' WHEN 2 THEN 'warning' ELSE 'info' END AS severity
  FROM findings WHERE subject_kind = 'statement' GROUP BY subject_id
)
SELECT st.id AS statement_id, st.fingerprint, d.name AS database_name,
       sh.kind, sh.purpose, sh.read_as,
       f.calls, f.rows, f.rows * 1.0 / nullif(f.calls, 0) AS rows_per_call,
       f.exec_ms AS total_exec_ms, f.exec_ms / nullif(f.calls, 0) AS mean_exec_ms,
       CASE f.window_source WHEN 'samples' THEN NULL WHEN 'log' THEN l.min_ms ELSE t.min_exec_ms END AS min_exec_ms,
       CASE f.window_source WHEN 'samples' THEN NULL WHEN 'log' THEN l.max_ms ELSE t.max_exec_ms END AS max_exec_ms,
       CASE WHEN f.window_source <> 'samples' THEN t.variance_exec_ms2 END AS variance_exec_ms2,
       f.exec_ms / nullif(sum(f.exec_ms) OVER (PARTITION BY st.database_id, f.window_source = 'log'), 0) AS exec_share,
       f.calls_per_hour, f.exec_ms_per_hour, f.plan_ms AS total_plan_ms,
       f.hit AS shared_blks_hit, f.read AS shared_blks_read,
       f.hit * 1.0 / nullif(f.hit + f.read, 0) AS hit_ratio,
       f.temp AS temp_blks_written, f.wal_bytes, f.window_source, f.window_ms,
       coalesce(t.roles, (SELECT nullif(json_group_array(DISTINCT g.user_name), '[]')
                          FROM log_statement_groups g
                          WHERE g.statement_id = st.id AND g.user_name IS NOT NULL)) AS roles,
       coalesce(t.queryids, (SELECT nullif(json_group_array(CAST(k.key AS INTEGER)), '[]')
                             FROM json_each(l.queryids) k)) AS queryids,
       l.calls AS log_calls, l.p95_ms,
       coalesce(found.finding_count, 0) AS finding_count, found.severity, st.text
FROM figures f
JOIN statements st ON st.id = f.statement_id
JOIN databases d ON d.id = st.database_id
LEFT JOIN totals t ON t.statement_id = st.id
LEFT JOIN log_statements l ON l.statement_id = st.id
LEFT JOIN statement_shapes sh ON sh.statement_id = st.id
LEFT JOIN found ON found.statement_id = st.id;

-- Access paths that an index may serve: it begins with a column that is compared.
CREATE VIEW indexed_paths AS
SELECT p.statement_id, p.block, p.ordinal, p.relation_id
FROM access_paths p
WHERE EXISTS (
  SELECT 1 FROM indexes i JOIN index_columns x ON x.index_id = i.id AND x.position = 1
  WHERE i.relation_id = p.relation_id AND i.is_valid
    AND (x.column_name IN (SELECT value FROM json_each(p.equality_columns))
         OR x.column_name IN (SELECT value FROM json_each(p.in_columns))
         OR x.column_name IN (SELECT value FROM json_each(p.join_columns))
         OR x.column_name IN (SELECT value FROM json_each(p.range_columns))));

-- Statements of applications with their counters and the block whose rows are asked for. Rates are
-- NULL where the window is not known.
CREATE VIEW application_statements AS
SELECT s.statement_id, t.database_id,
       replace(replace(substr(t.text, 1, 80), char(10), ' '), char(9), ' ')
         || CASE WHEN length(t.text) > 80 THEN '…' ELSE '' END AS object,
       s.kind, s.read_as, s.subject_block, s.wrapper, s.is_single_row,
       s.rows_given, s.tags, t.fingerprint, t.text, t.calls, t.rows,
       t.rows * 1.0 / nullif(t.calls, 0) AS rows_per_call,
       t.total_exec_ms, t.mean_exec_ms, t.exec_share,
       (t.shared_blks_hit + t.shared_blks_read) * 1.0 / nullif(t.calls, 0) AS blocks_per_call,
       r.calls_per_hour, r.rows_per_hour, r.exec_ms_per_hour, r.source AS rate_source, r.window_ms,
       b.set_operation, b.is_distinct, b.has_star, b.outputs, b.aggregates, b.has_group_by,
       b.has_window, b.limit_by, b.limit_value, b.offset_by, b.offset_value, b.orders_randomly,
       (SELECT max(l.lock_strength) FROM query_blocks l WHERE l.statement_id = s.statement_id) AS lock_strength,
       (SELECT group_concat(DISTINCT x.name) FROM query_relations x
        WHERE x.statement_id = s.statement_id) AS relation_names
FROM statement_shapes s
JOIN statement_totals t ON t.statement_id = s.statement_id
JOIN query_blocks b ON b.statement_id = s.statement_id AND b.block = s.subject_block
LEFT JOIN statement_rate r ON r.statement_id = s.statement_id
WHERE s.purpose = 'application';

-- Plain reads of applications whose result depends on nothing but what they are asked with:
-- arguments is the greatest number of different calls that the values in the database allow (1:
-- the result is always the same), NULL where that has no bound or is not known. writes_per_hour is
-- of all rows of the tables that are read, NULL where it is not known of one of them.
CREATE VIEW repeated_reads AS
WITH RECURSIVE asked AS MATERIALIZED (
  SELECT p.statement_id, row_number() OVER (PARTITION BY p.statement_id) AS place,
         CASE WHEN p.operator = '=' OR p.operator = 'in' AND p.list_length = 1
              THEN CASE WHEN c.n_distinct > 0 THEN c.n_distinct
                        WHEN c.n_distinct < 0 AND r.row_estimate > 0 THEN max(1, -c.n_distinct * r.row_estimate) END
         END AS arguments
  FROM query_predicates p
  LEFT JOIN relations r ON r.id = p.relation_id
  LEFT JOIN column_statistics c
    ON c.relation_id = p.relation_id AND c.column_name = p.column_name AND NOT c.inherited
  WHERE p.comparand IN ('parameter', 'list', 'expression')
), multiplied AS (
  -- One after the other: SQLite has no product over rows.
  SELECT statement_id, place, arguments FROM asked WHERE place = 1
  UNION ALL
  SELECT a.statement_id, a.place, m.arguments * a.arguments
  FROM multiplied m JOIN asked a ON a.statement_id = m.statement_id AND a.place = m.place + 1
), arguments AS (
  SELECT statement_id, arguments, max(place) FROM multiplied GROUP BY statement_id
), writes AS (
  SELECT q.statement_id,
         CASE WHEN count(*) = count(w.rows_written * 3.6e9 / nullif(w.counted_us, 0))
              THEN sum(w.rows_written * 3.6e9 / nullif(w.counted_us, 0)) END AS writes_per_hour
  FROM (SELECT DISTINCT statement_id, relation_id FROM query_relations) q
  LEFT JOIN relation_writes w ON w.relation_id = q.relation_id
  LEFT JOIN relations r ON r.id = q.relation_id
  WHERE r.kind IS NULL OR r.kind <> 'view'
  GROUP BY q.statement_id
)
SELECT a.*, CASE WHEN g.statement_id IS NULL THEN 1 ELSE g.arguments END AS arguments, w.writes_per_hour
FROM application_statements a
JOIN writes w ON w.statement_id = a.statement_id
LEFT JOIN arguments g ON g.statement_id = a.statement_id
WHERE a.kind = 'select' AND a.read_as = 'tree' AND a.lock_strength IS NULL
  AND coalesce(a.offset_by, 'constant') = 'constant'
  AND NOT EXISTS (SELECT 1 FROM query_functions f
                  WHERE f.statement_id = a.statement_id AND f.volatility = 'volatile');

-- Statements with the beginning of their text in one line; NULL where the text is hidden.
CREATE VIEW statement_lines AS
SELECT id AS statement_id, database_id, fingerprint, text,
       replace(replace(substr(text, 1, 80), char(10), ' '), char(9), ' ')
         || CASE WHEN length(text) > 80 THEN '…' ELSE '' END AS line
FROM statements;

-- The logs as a whole, with the time they cover and which statements have a time in them. One row
-- where logs were read. hours is NULL where records carry no time. window_hours, to divide by, is at
-- least 1: a handful of events within minutes is no rate. A gap between two logs counts as covered,
-- so rates are too low rather than too high.
-- scope: 'none' without times; 'all' where the server's settings log every statement and short ones
-- are there; 'sample'; 'slow' where only those over threshold_ms are logged; 'unknown' where the
-- settings are not known or the log contradicts them.
CREATE VIEW log_span AS
WITH server AS (
  SELECT max(server_value_num) FILTER (WHERE name = 'log_min_duration_statement') AS threshold_ms,
         max(server_value_num) FILTER (WHERE name = 'log_duration') AS log_duration,
         max(server_value_num) FILTER (WHERE name = 'log_min_duration_sample') AS sample_ms,
         max(server_value_num) FILTER (WHERE name = 'log_transaction_sample_rate') AS transaction_rate
  FROM server_settings
)
SELECT t.*,
       (t.to_at - t.from_at) / 3.6e9 AS hours,
       max((t.to_at - t.from_at) / 3.6e9, 1.0) AS window_hours,
       CASE WHEN server.threshold_ms > 0 THEN server.threshold_ms END AS threshold_ms,
       CASE
         WHEN t.statements = 0 THEN 'none'
         WHEN t.statement_estimate IS NOT NULL THEN 'sample'
         -- A role or database may log otherwise.
         WHEN EXISTS (SELECT 1 FROM role_settings r
                      WHERE r.name IN ('log_min_duration_statement', 'log_duration')) THEN 'unknown'
         WHEN server.threshold_ms = 0 OR server.log_duration = 1
         THEN CASE WHEN t.least_ms < 10 THEN 'all' ELSE 'unknown' END
         WHEN server.sample_ms >= 0 OR server.transaction_rate > 0 THEN 'sample'
         WHEN server.threshold_ms > 0 AND t.least_ms >= server.threshold_ms THEN 'slow'
         ELSE 'unknown'
       END AS scope
FROM log_totals t CROSS JOIN server;

-- Errors of the logs with their SQLSTATE in code; where the log carries none, that of the well-known
-- messages in English, else NULL.
CREATE VIEW log_error_codes AS
SELECT e.*,
       coalesce(e.sqlstate, CASE
         WHEN e.message LIKE 'could not serialize access%' THEN '40001'
         WHEN e.message LIKE 'canceling statement due to conflict with recovery%' THEN '40001'
         WHEN e.message LIKE 'deadlock detected%' THEN '40P01'
         WHEN e.message LIKE 'canceling statement due to lock timeout%' THEN '55P03'
         WHEN e.message LIKE 'canceling statement due to%' THEN '57014'
         WHEN e.message LIKE 'canceling autovacuum task%' THEN '57014'
         WHEN e.message LIKE 'current transaction is aborted%' THEN '25P02'
         WHEN e.message LIKE 'terminating connection due to idle-in-transaction%' THEN '25P03'
         WHEN e.message LIKE 'terminating connection due to transaction timeout%' THEN '25P04'
         WHEN e.message LIKE 'terminating connection due to idle-session%' THEN '57P05'
         WHEN e.message LIKE 'terminating connection due to administrator command%' THEN '57P01'
         WHEN e.message LIKE 'terminating % due to administrator command%' THEN '57P01'
         WHEN e.message LIKE 'the database system is %' THEN '57P03'
         WHEN e.message LIKE 'sorry, too many clients already%' THEN '53300'
         WHEN e.message LIKE 'remaining connection slots are reserved%' THEN '53300'
         WHEN e.message LIKE 'too many connections for %' THEN '53300'
         WHEN e.message LIKE 'password authentication failed for user%' THEN '28P01'
         WHEN e.message LIKE '% authentication failed for user%' THEN '28000'
         WHEN e.message LIKE 'no pg_hba.conf entry for %' THEN '28000'
         WHEN e.message LIKE 'pg_hba.conf rejects %' THEN '28000'
         WHEN e.severity = 'FATAL' AND e.message LIKE 'role "%" does not exist%' THEN '28000'
         WHEN e.severity = 'FATAL' AND e.message LIKE 'database "%" does not exist%' THEN '3D000'
         WHEN e.message LIKE 'duplicate key value violates unique constraint%' THEN '23505'
         WHEN e.message LIKE 'out of memory%' THEN '53200'
         WHEN e.message LIKE '%: No space left on device%' THEN '53100'
         WHEN e.message LIKE 'invalid page in block%' THEN 'XX001'
         WHEN e.message LIKE 'could not read block%: read only %' THEN 'XX001'
       END) AS code
FROM log_errors e;

-- What the locks of the logs are about, by their text: relation_id where it names a table of ours.
CREATE VIEW log_lock_objects AS
WITH texts AS (
  SELECT object FROM log_events
  WHERE kind IN ('lock_waiting', 'lock_acquired', 'lock_failed', 'deadlock_waiting', 'deadlock_avoided')
  UNION
  SELECT object FROM log_event_parties
), oids AS (
  SELECT object,
         CAST(substr(object, instr(object, 'relation ') + 9) AS INTEGER) AS relation_oid,
         CAST(substr(object, instr(object, 'of database ') + 12) AS INTEGER) AS database_oid
  FROM texts
  WHERE instr(object, 'relation ') > 0 AND instr(object, 'of database ') > 0
)
SELECT o.object, r.id AS relation_id, r.schema, r.name
FROM oids o
JOIN databases d ON d.oid = o.database_oid
JOIN relations r ON r.database_id = d.id AND r.oid = o.relation_oid;

-- Waits for locks of the logs, one row each: waited_ms to the end where the log has it, else as long
-- as was logged. The log has those only that took longer than deadlock_timeout, and of each kind of
-- event the latest are kept. blocker_id is what a session that held the lock ran last; it may hold
-- the lock by an earlier statement.
CREATE VIEW log_lock_waits AS
WITH steps AS (
  SELECT e.*, lead(e.kind) OVER w AS next_kind, lead(e.duration_ms) OVER w AS next_ms
  FROM log_events e
  WHERE e.kind IN ('lock_waiting', 'lock_acquired', 'lock_failed')
  WINDOW w AS (PARTITION BY e.pid, e.object, e.mode ORDER BY e.id)
)
SELECT s.id AS event_id, s.at, s.pid, s.database_name, s.object, s.mode, s.statement_id,
       CASE WHEN s.next_kind IN ('lock_acquired', 'lock_failed') THEN max(s.duration_ms, coalesce(s.next_ms, 0))
            ELSE s.duration_ms END AS waited_ms,
       (SELECT p.statement_id FROM log_event_parties p
        WHERE p.event_id = s.id AND p.holds AND p.statement_id IS NOT NULL
        ORDER BY p.pid LIMIT 1) AS blocker_id
FROM steps s
WHERE s.kind = 'lock_waiting';

-- Statements of applications by how much they are run: as the counters have it, else as the logs do
-- (source says which). Shares are of all statements of the database that the source has.
CREATE VIEW statement_activity AS
WITH counted AS MATERIALIZED (
  SELECT statement_id, calls, total_exec_ms, exec_share,
         calls * 1.0 / nullif(sum(calls) OVER (PARTITION BY database_id), 0) AS calls_share
  FROM statement_totals
), logged AS MATERIALIZED (
  SELECT l.statement_id, l.calls, l.total_ms, 3.6e9 / nullif(o.to_at - o.from_at, 0) AS per_hour,
         l.calls * 1.0 / nullif(sum(l.calls) OVER (PARTITION BY st.database_id), 0) AS calls_share,
         l.total_ms / nullif(sum(l.total_ms) OVER (PARTITION BY st.database_id), 0) AS exec_share
  FROM log_statements l
  JOIN statements st ON st.id = l.statement_id
  LEFT JOIN log_totals o
)
SELECT s.statement_id, st.database_id,
       replace(replace(substr(st.text, 1, 80), char(10), ' '), char(9), ' ')
         || CASE WHEN length(st.text) > 80 THEN '…' ELSE '' END AS object,
       CASE WHEN c.statement_id IS NOT NULL THEN 'counters' ELSE 'log' END AS source,
       s.kind, s.wrapper, s.tags, st.fingerprint, st.text,
       CASE WHEN c.statement_id IS NOT NULL THEN c.calls ELSE l.calls END AS calls,
       CASE WHEN c.statement_id IS NOT NULL THEN c.calls_share ELSE l.calls_share END AS calls_share,
       CASE WHEN c.statement_id IS NOT NULL THEN c.exec_share ELSE l.exec_share END AS exec_share,
       CASE WHEN c.statement_id IS NOT NULL THEN r.calls_per_hour ELSE l.calls * l.per_hour END AS calls_per_hour,
       CASE WHEN c.statement_id IS NOT NULL THEN r.exec_ms_per_hour ELSE l.total_ms * l.per_hour END AS exec_ms_per_hour
FROM statement_shapes s
JOIN statements st ON st.id = s.statement_id
LEFT JOIN counted c ON c.statement_id = s.statement_id
LEFT JOIN logged l ON l.statement_id = s.statement_id
LEFT JOIN statement_rate r ON r.statement_id = s.statement_id
WHERE s.purpose = 'application' AND (c.statement_id IS NOT NULL OR l.statement_id IS NOT NULL);

-- Pairs of statements that may be a loop, with the figures that judge them. is_weak: the key between
-- them is told by names only, or there is none. rows_per_parent is NULL where no counters tell it.
-- Of the log: children_per_parent of those parents that are followed, followed_share of all
-- executions of the parent, coverage of all of the child's, together_share of the followed ones, by
-- a transaction or a trace; rows_fit: children for each row of the parent.
CREATE VIEW loop_figures AS
SELECT l.*, s.kind,
       coalesce(l.edge NOT IN ('foreign key', 'referenced key', 'own key'), 1) AS is_weak,
       l.parent_rows * 1.0 / nullif(l.parent_calls, 0) AS rows_per_parent,
       l.log_children * 1.0 / nullif(l.log_parents, 0) AS children_per_parent,
       min(1.0, l.log_parents * 1.0 / nullif(l.log_parent_calls, 0)) AS followed_share,
       min(1.0, l.log_children * 1.0 / nullif(l.log_child_calls, 0)) AS coverage,
       (l.log_in_transaction + l.log_in_trace) * 1.0 / nullif(l.log_parents, 0) AS together_share,
       l.log_beside_queue * 1.0 / nullif(l.log_parents, 0) AS queue_share,
       (l.log_children * 1.0 / nullif(l.log_parents, 0))
         / nullif(l.parent_rows * 1.0 / nullif(l.parent_calls, 0), 0) AS rows_fit
FROM loop_candidates l
JOIN statement_shapes s ON s.statement_id = l.child_id
WHERE l.parent_id IS NOT NULL;

-- Statements that the logs show as run by a program, not by somebody at a console. Programs that name
-- themselves not are left out.
CREATE VIEW run_by_programs AS
SELECT DISTINCT g.statement_id
FROM log_statement_groups g
WHERE g.application_name <> '' AND g.calls > 0
  AND NOT EXISTS (
    SELECT 1 FROM (SELECT 'psql' AS console UNION ALL SELECT 'pgadmin' UNION ALL SELECT 'dbeaver' UNION ALL SELECT 'datagrip'
                   UNION ALL SELECT 'navicat' UNION ALL SELECT 'tableplus' UNION ALL SELECT 'postico'
                   UNION ALL SELECT 'beekeeper' UNION ALL SELECT 'azuredatastudio' UNION ALL SELECT 'pgtriage')
    WHERE lower(g.application_name) LIKE console || '%');

-- Steps of the safe forms of effects as text, with a line before each migration where they belong into
-- several or must run outside a transaction.
CREATE VIEW migration_rewrite_lines AS
SELECT w.effect_id, w.step,
       CASE WHEN EXISTS (SELECT 1 FROM migration_rewrites b
                         WHERE b.effect_id = w.effect_id AND b.migration = w.migration AND b.step < w.step) THEN ''
            WHEN EXISTS (SELECT 1 FROM migration_rewrites o
                         WHERE o.effect_id = w.effect_id AND o.migration <> w.migration)
            THEN '-- Migration ' || w.migration || CASE WHEN w.in_transaction THEN ':' ELSE ', outside a transaction:' END || char(10)
            WHEN NOT w.in_transaction THEN '-- Outside a transaction:' || char(10)
            ELSE '' END
         || coalesce('-- ' || replace(w.note, char(10), char(10) || '-- ') || char(10), '')
         || rtrim(w.sql, '; ' || char(10)) || CASE WHEN w.sql LIKE '--%' THEN '' ELSE ';' END AS line
FROM migration_rewrites w;

-- What the migrations that are judged do to what was there before them, for rules to select from by
-- form: effects of the parts that migrate, with statement and file. object is the relation as findings
-- name it; size_bytes its size with TOAST and partitions, NULL where the facts don't know it; fix what
-- to write instead of the action; is_sent_whole: its file wants no transaction, but its tool sends it as one
-- string, which is one; is_rolled_back: the file takes it back itself, so that it locks and works and leaves
-- nothing behind.
CREATE VIEW migration_hazards AS
SELECT e.id AS effect_id, e.statement_id, s.file_id, e.action, e.form, e.part, e.schema, e.name, e.kind,
       e.relation_id, e.column_name, e.object_name, e.is_known, e.lock, e.lock_level, e.scans, e.rewrites,
       e.builds, e.error, e.loses_data, e.breaks, e.details,
       CASE WHEN e.schema IS NULL OR e.schema = 'public' THEN ''
            ELSE CASE WHEN e.schema GLOB '[a-z_]*' AND e.schema NOT GLOB '*[^a-z0-9_]*' THEN e.schema
                                  ELSE '"' || replace(e.schema, '"', '""') || '"' END || '.' END
         || CASE WHEN e.name GLOB '[a-z_]*' AND e.name NOT GLOB '*[^a-z0-9_]*' THEN e.name
                                  ELSE '"' || replace(e.name, '"', '""') || '"' END AS object,
       CASE WHEN e.is_known THEN 'certain' ELSE 'likely' END AS confidence,
       CASE e.kind
         WHEN 'partitioned table' THEN (
           SELECT sum(p.size_bytes + coalesce(p.toast_size_bytes, 0)) FROM relations p WHERE p.parent_id = e.relation_id)
         ELSE (
           SELECT r.size_bytes + coalesce(r.toast_size_bytes, 0) FROM relations r WHERE r.id = e.relation_id)
       END AS size_bytes,
       CASE WHEN s.is_rolled_back THEN '-- Leave it out, or try it on a copy of the database.' ELSE (SELECT group_concat(w.line, char(10)) FROM (
          SELECT line FROM migration_rewrite_lines
          WHERE effect_id = (SELECT min(r.effect_id) FROM migration_effects x JOIN migration_rewrites r ON r.effect_id = x.id
                             WHERE x.statement_id = e.statement_id AND x.action = e.action)
          ORDER BY step) w) END AS fix,
       f.path AS file, e.line, e."column", e.end_line, e.end_column,
       s.ordinal, s.parent_id, s.command, s.text, s.transaction_id, s.transaction_by,
       s.holds_lock_level, s.holds_lock_on, s.holds_lock_since, s.lock_timeout_ms, s.statement_timeout_ms,
       s.transaction_by = 'script' AND f.layout NOT IN ('sql', 'golang-migrate', 'prisma') AS is_sent_whole,
       s.is_rolled_back
FROM migration_effects e
JOIN migration_statements s ON s.id = e.statement_id
JOIN migration_files f ON f.id = s.file_id
WHERE e.made_in IS NULL AND s.direction = 'up' AND f.is_judged;

-- Tables and materialized views with their figures, one row each: what `pgtriage tables` shows. Counters are
-- those since they began: scans over all servers that were looked at, rows written and vacuums of the
-- primary. Partitioned tables hold nothing themselves and are left out. bloat_bytes is what a rewrite
-- would give back, toast_bloat_bytes the same of the TOAST table. freeze_share is the age of the oldest row as
-- a share of the one at which autovacuum has to freeze.
CREATE VIEW relation_figures AS
WITH counters AS MATERIALIZED (
  SELECT relation_id, sum(seq_scan) AS seq_scans, sum(idx_scan) AS idx_scans,
         max(CASE WHEN is_main THEN n_live_tup END) AS live_rows,
         max(CASE WHEN is_main THEN n_dead_tup END) AS dead_rows,
         max(CASE WHEN is_main THEN n_tup_ins + n_tup_upd + n_tup_del END) AS rows_written,
         max(CASE WHEN is_main THEN n_tup_upd END) AS updates,
         max(CASE WHEN is_main THEN n_tup_hot_upd END) AS hot_updates,
         max(CASE WHEN is_main THEN max(coalesce(last_vacuum_at, last_autovacuum_at), coalesce(last_autovacuum_at, last_vacuum_at)) END) AS last_vacuum_at,
         max(CASE WHEN is_main THEN max(coalesce(last_analyze_at, last_autoanalyze_at), coalesce(last_autoanalyze_at, last_analyze_at)) END) AS last_analyze_at
  FROM (SELECT *, node_role = 'primary' OR NOT EXISTS (SELECT 1 FROM nodes WHERE role = 'primary') AS is_main
        FROM relation_stats_latest)
  GROUP BY relation_id
), held AS MATERIALIZED (
  SELECT relation_id, count(*) AS index_count, sum(size_bytes) AS indexes_bytes
  FROM indexes WHERE NOT is_partitioned GROUP BY relation_id
), found AS MATERIALIZED (
  SELECT subject_id AS relation_id, count(*) AS finding_count,
         CASE max(CASE severity WHEN 'error' THEN 3 WHEN 'warning' THEN 2 ELSE 1 END)
           WHEN 3 THEN 'error' WHEN 2 THEN 'warning' ELSE 'info' END AS severity
  FROM findings WHERE subject_kind = 'relation' GROUP BY subject_id
)
SELECT r.id AS relation_id, d.name AS database_name, r.schema, r.name, r.kind,
       r.size_bytes + coalesce(r.toast_size_bytes, 0) + coalesce(held.indexes_bytes, 0) AS total_bytes,
       r.size_bytes, r.toast_size_bytes AS toast_bytes, coalesce(held.indexes_bytes, 0) AS indexes_bytes,
       coalesce(held.index_count, 0) AS index_count,
       coalesce(c.live_rows, r.row_estimate) AS rows, c.dead_rows,
       c.dead_rows * 1.0 / nullif(c.live_rows + c.dead_rows, 0) AS dead_share,
       b.bloat_bytes, b.plus_minus_bytes AS bloat_plus_minus_bytes,
       b.bloat_bytes * 1.0 / nullif(b.size_bytes, 0) AS bloat_share, b.method AS bloat_method,
       t.bloat_bytes AS toast_bloat_bytes, t.plus_minus_bytes AS toast_bloat_plus_minus_bytes,
       c.last_vacuum_at, c.last_analyze_at, r.frozen_xid_age,
       r.frozen_xid_age * 1.0 / nullif(s.freeze_max_age, 0) AS freeze_share,
       c.hot_updates * 1.0 / nullif(c.updates, 0) AS hot_share, c.rows_written,
       c.seq_scans, c.idx_scans,
       coalesce(found.finding_count, 0) AS finding_count, found.severity
FROM relations r
JOIN databases d ON d.id = r.database_id
LEFT JOIN counters c ON c.relation_id = r.id
LEFT JOIN relation_settings s ON s.relation_id = r.id
LEFT JOIN held ON held.relation_id = r.id
LEFT JOIN bloat_estimates b ON b.relation_id = r.id AND b.kind = 'table'
LEFT JOIN bloat_estimates t ON t.relation_id = r.id AND t.kind = 'toast'
LEFT JOIN found ON found.relation_id = r.id
WHERE r.kind IN ('table', 'materialized view');

-- Indexes with their figures, one row each: what `pgtriage indexes` shows. Scans are those since the counters
-- began, over all servers that were looked at. bloat_bytes is what a rebuild would give back.
CREATE VIEW index_figures AS
WITH found AS MATERIALIZED (
  SELECT subject_id AS index_id, count(*) AS finding_count,
         CASE max(CASE severity WHEN 'error' THEN 3 WHEN 'warning' THEN 2 ELSE 1 END)
           WHEN 3 THEN 'error' WHEN 2 THEN 'warning' ELSE 'info' END AS severity
  FROM findings WHERE subject_kind = 'index' GROUP BY subject_id
)
SELECT i.id AS index_id, i.relation_id, d.name AS database_name, i.schema, i.name,
       r.name AS table_name, i.method, i.is_unique, i.is_primary, i.is_valid,
       i.size_bytes, u.scans, u.last_scan_at,
       b.bloat_bytes, b.plus_minus_bytes AS bloat_plus_minus_bytes,
       b.bloat_bytes * 1.0 / nullif(b.size_bytes, 0) AS bloat_share, b.method AS bloat_method,
       coalesce(found.finding_count, 0) AS finding_count, found.severity, i.definition
FROM indexes i
JOIN relations r ON r.id = i.relation_id
JOIN databases d ON d.id = i.database_id
LEFT JOIN index_usage u ON u.index_id = i.id
LEFT JOIN bloat_estimates b ON b.index_id = i.id
LEFT JOIN found ON found.index_id = i.id
WHERE NOT i.is_partitioned;

-- Estimates of bloat by name: what `tables --bloat` and `indexes --bloat` list. TOAST tables go under the names of
-- the tables that own them.
CREATE VIEW bloat_figures AS
SELECT b.kind, b.relation_id, b.index_id, d.name AS database_name, r.schema,
       CASE WHEN b.kind = 'index' THEN i.name ELSE r.name END AS name, r.name AS table_name,
       b.size_bytes, b.bloat_bytes, b.plus_minus_bytes,
       b.bloat_bytes * 1.0 / nullif(b.size_bytes, 0) AS bloat_share,
       b.plus_minus_bytes * 1.0 / nullif(b.size_bytes, 0) AS plus_minus_share,
       b.method, b.blocks_read, b.blocks, b.padding_bytes, b.elapsed_ms
FROM bloat_estimates b
JOIN relations r ON r.id = b.relation_id
JOIN databases d ON d.id = b.database_id
LEFT JOIN indexes i ON i.id = b.index_id;
