-- Logs of the shop between 15:00 and 16:41:52, behind its statements. Moments are seconds from the
-- beginning until the end of this file.
DELETE FROM log_sources;
DELETE FROM log_totals;
INSERT INTO log_sources (id, name, format, envelope, packing, prefixes, prefix_source, log_bytes, records, unread, first_unread, from_at, to_at, note) VALUES
  (1, 'postgresql.log.1.gz', 'csvlog', NULL, 'gzip', NULL, NULL, 9437184, 9000, 0, NULL, 0, 3000, 'the file ends within a record'),
  (2, 'postgresql.log', 'stderr', 'syslog', NULL, '["%m [%p] %q%u@%d "]', 'inferred', 5200000, 33000, 21, 'no prefix: |bad line', 3000, 6112, NULL);
INSERT INTO log_totals (records, filtered, unread, from_at, to_at, statements, duration_ms, least_ms, error_records, temp_bytes) VALUES
  (42000, 12, 21, 0, 6112, 40000, 500000.123, 0.004, 133, 9474128);
INSERT INTO log_messages VALUES ('LOG', 41800), ('ERROR', 124), ('FATAL', 9), ('WARNING', 40), ('deadlock', 1), ('lock_waiting', 3),
  ('lock_acquired', 2), ('temp_file', 9), ('statement_timeout', 3), ('checkpoint_starting', 2), ('checkpoint_complete', 2),
  ('checkpoints_too_frequent', 1), ('autovacuum', 1), ('autovacuum_cancelled', 1), ('reload', 1);
INSERT INTO log_statements (statement_id, calls, total_ms, planning_ms, min_ms, mean_ms, p50_ms, p95_ms, p99_ms, max_ms, errors,
  temp_files, temp_bytes, largest_temp_bytes, lock_waits, lock_wait_ms, cancels, queryids) VALUES
  (1, 10000, 310000.0, 1200.0, 0.9, 31.0, 28.0, 62.0, 95.0, 912.0, 3, 0, 0, NULL, 0, 0, 3, '{"-4891203377000000001": 9000, "77120": 1000}'),
  (2, 29990, 89970.0, 40.0, 0.004, 3.0, 0.1, 9.0, 51.0, 2400.0, 120, 0, 0, NULL, 3, 4300.0, 0, '{"301": 29990}'),
  (3, 10, 100030.123, 0, 8000.0, 10003.0, 9900.0, 12000.0, 12000.0, 12000.0, 0, 8, 7474128, 2000000, 0, 0, 0, '{}'),
  (6, 4, 12.0, 0, 1.0, 3.0, 3.0, 5.0, 5.0, 5.0, 0, 0, 0, NULL, 0, 0, 0, '{}');
INSERT INTO statements (id, fingerprint, text) VALUES (6, 'f1:77aa77aa77aa77aa', 'LOCK TABLE orders');
INSERT INTO log_statement_groups VALUES (1, 'shop_app', 'web', 9500, 300000), (1, 'reports', NULL, 500, 10000);
INSERT INTO log_statement_hours VALUES (1, 0, 3600000, 9000, 250000), (1, 3600, 3600000, 1000, 60000);
INSERT INTO log_samples VALUES (1, 1, 912.0, 100, 'shop_app', 'web', NULL, '$1 = ''7'''), (1, 2, 800.0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO log_plans VALUES (1, 912.0, 'Index Scan using orders_a on orders  (cost=0.42..8.44 rows=1 width=64)
  Index Cond: (tenant_id = 7)');
INSERT INTO log_errors (id, severity, sqlstate, message, count, first_at, last_at, statement_id) VALUES
  (1, 'ERROR', '23505', 'duplicate key value violates unique constraint "…"', 120, 0, 4800, 2),
  (2, 'WARNING', NULL, 'there is no transaction in progress', 40, 0, 4800, NULL),
  (3, 'FATAL', '28P01', 'password authentication failed for user "…"', 9, NULL, NULL, NULL),
  (4, 'ERROR', '57014', 'canceling statement due to statement timeout', 3, 0, 4800, 1),
  (5, 'ERROR', '40P01', 'deadlock detected', 1, 1800, 1800, 2);
INSERT INTO log_events (id, kind, at, pid, user_name, database_name, application_name, duration_ms, bytes, object, mode, message, statement_id) VALUES
  (1, 'lock_waiting', 300, 11, 'shop_app', 'shop', 'web', 1000.1, NULL, 'transaction 700', 'ShareLock', NULL, 2),
  (2, 'lock_acquired', 302, 11, 'shop_app', 'shop', 'web', 3100.5, NULL, 'transaction 700', 'ShareLock', NULL, 2),
  (3, 'lock_waiting', 400, 12, 'shop_app', 'shop', 'web', 1000.2, NULL, 'transaction 701', 'ShareLock', NULL, 2),
  (4, 'lock_acquired', 401, 12, 'shop_app', 'shop', 'web', 1200.0, NULL, 'transaction 701', 'ShareLock', NULL, 2),
  (5, 'lock_waiting', 500, 13, 'shop_app', 'shop', NULL, 1000.3, NULL, 'relation 16384 of database 5', 'AccessExclusiveLock', NULL, 6),
  (6, 'deadlock', 1800, 21, 'shop_app', 'shop', 'web', NULL, NULL, NULL, NULL, NULL, 2),
  (7, 'temp_file', 1900, 31, 'reports', 'shop', NULL, NULL, 2000000, NULL, NULL, NULL, 3),
  (8, 'temp_file', 1900, 31, 'reports', 'shop', NULL, NULL, 1000000, NULL, NULL, NULL, 3),
  (9, 'checkpoint_starting', 1900, 2, NULL, NULL, NULL, NULL, NULL, 'time', NULL, NULL, NULL),
  (10, 'checkpoint_complete', 2000, 2, NULL, NULL, NULL, 269000.0, NULL, NULL, NULL, 'checkpoint complete: wrote 3 buffers', NULL),
  (11, 'checkpoint_starting', 2100, 2, NULL, NULL, NULL, NULL, NULL, 'wal', NULL, NULL, NULL),
  (12, 'checkpoints_too_frequent', 2100, 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'checkpoints are occurring too frequently (14 seconds apart)', NULL),
  (13, 'checkpoint_complete', 2200, 2, NULL, NULL, NULL, 12000.0, NULL, NULL, NULL, NULL, NULL),
  (14, 'autovacuum', 2500, 41, NULL, NULL, NULL, 2200.0, NULL, 'shop.public.orders', NULL, NULL, NULL),
  (15, 'autovacuum_cancelled', 2760, 44, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (16, 'reload', 6100, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'received SIGHUP, reloading configuration files', NULL);
INSERT INTO log_event_parties (event_id, pid, holds, mode, object, blocked_by, statement_id) VALUES
  (1, 10, 1, NULL, NULL, NULL, 6), (3, 10, 1, NULL, NULL, NULL, 6), (5, 11, 1, NULL, NULL, NULL, 2), (5, 12, 0, NULL, NULL, NULL, NULL),
  (6, 21, 1, 'ShareLock', 'transaction 800', 22, 2), (6, 22, 1, 'ShareLock', 'transaction 801', 21, 1);
INSERT INTO log_series (at, step_ms, statements, duration_ms, errors, connections, disconnections, lock_waits, deadlocks, temp_files, temp_bytes, checkpoints, autovacuums, cancels) VALUES
  (0, 60000, 30000, 400000, 100, 20, 5, 3, 0, 0, 0, 0, 0, 3),
  (1800, 60000, 9000, 100000, 23, 2, 2, 0, 1, 9, 9474128, 2, 1, 0),
  (6060, 60000, 1000, 0.123, 10, 4, 4, 0, 0, 0, 0, 0, 0, 0);
UPDATE log_sources SET from_at = 1772636400000000 + from_at * 1000000, to_at = 1772636400000000 + to_at * 1000000;
UPDATE log_totals SET from_at = 1772636400000000 + from_at * 1000000, to_at = 1772636400000000 + to_at * 1000000;
UPDATE log_statement_hours SET at = 1772636400000000 + at * 1000000;
UPDATE log_samples SET at = 1772636400000000 + at * 1000000;
UPDATE log_errors SET first_at = 1772636400000000 + first_at * 1000000, last_at = 1772636400000000 + last_at * 1000000;
UPDATE log_events SET at = 1772636400000000 + at * 1000000;
UPDATE log_series SET at = 1772636400000000 + at * 1000000;
