-- A minute of load between two samples.
INSERT INTO samples (id, node_id, captured_at, postmaster_started_at, statements_reset_at, statements_evicted)
VALUES (0, 1, 1767225540000000, 1764633600000000, 1764633600000000, 0);
INSERT INTO database_stats (sample_id, database_id, xact_commit, xact_rollback, blks_hit, blks_read, tup_inserted, tup_updated, tup_deleted,
  active_time_ms, idle_in_transaction_time_ms, session_time_ms, blk_read_time_ms, blk_write_time_ms, stats_reset_at)
VALUES (0, 1, 900, 100, 50, 50, 0, 0, 0, 1000, 500, 90000, 0, 0, 1764633600000000);
UPDATE database_stats SET xact_commit = 24900, xact_rollback = 100, blks_hit = 120000, blks_read = 80, tup_inserted = 0, tup_updated = 0,
  tup_deleted = 0, numbackends = 12, active_time_ms = 49000, idle_in_transaction_time_ms = 360500, session_time_ms = 810000,
  blk_read_time_ms = 12, blk_write_time_ms = 0 WHERE sample_id = 1;
INSERT INTO sessions (pid, database_id, role_id, application_name, state) VALUES
  (101, 1, 1, 'shop', 'idle'), (102, 1, 1, 'shop', 'active'), (103, 1, 2, 'reports', 'active');
UPDATE roles SET can_login = 1;
