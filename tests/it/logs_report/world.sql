-- A log of an hour and a half with something of everything.
DELETE FROM log_sources;
DELETE FROM log_totals;
INSERT INTO log_sources (id, name, format, packing, prefixes, prefix_source, log_bytes, records, unread, first_unread, from_at, to_at, note) VALUES
  (1, 'postgresql.log', 'stderr', NULL, '["%m [%p] %q%u@%d "]', 'inferred', 5200000, 41000, 3, 'no prefix: |bad line', 1767229200000000, 1767232800000000, NULL),
  (2, 'postgresql.log.1.gz', 'csvlog', 'gzip', NULL, NULL, 104857600, 1000, 0, NULL, 1767232800000000, 1767234600000000, 'the file ends within a record');
INSERT INTO log_totals (records, filtered, unread, from_at, to_at, statements, duration_ms, unpaired, unpaired_ms, least_ms,
  plans, error_records, temp_bytes, has_sqlstate) VALUES
  (42000, 12, 3, 1767229200000000, 1767234600000000, 40000, 500000.123, 2, 5.5, 0.004, 0, 160, 7474128, 1);
INSERT INTO log_messages VALUES ('LOG', 41800), ('ERROR', 150), ('FATAL', 10), ('WARNING', 40), ('deadlock', 2),
  ('lock_waiting', 3), ('lock_acquired', 2), ('temp_file', 8), ('statement_timeout', 3), ('user_cancel', 2), ('lock_timeout', 1),
  ('connection_received', 26), ('disconnection', 11), ('checkpoint_starting', 3), ('checkpoint_complete', 3),
  ('checkpoints_too_frequent', 1), ('autovacuum', 3), ('autoanalyze', 2), ('autovacuum_cancelled', 1), ('idle_in_transaction_timeout', 1), ('reload', 1);
INSERT INTO statements (id, fingerprint, text) VALUES
  (1, 'f1:7f3a90c1aaaaaaaa', 'SELECT * FROM orders WHERE tenant_id = $1 AND created_at > $2 ORDER BY created_at DESC LIMIT 50'),
  (2, 'f1:9c01ffee12345678', 'UPDATE accounts SET balance = balance + $1 WHERE id = $2'),
  (3, 'f1:2b5e0d7744444444', 'SELECT ''|`<b>*'' || char(27), ''é表'' FROM report'),
  (4, 'f1:00000000aaaaaaaa', 'LOCK TABLE orders');
INSERT INTO log_statements (statement_id, calls, total_ms, planning_ms, min_ms, mean_ms, p50_ms, p95_ms, p99_ms, max_ms, errors,
  temp_files, temp_bytes, largest_temp_bytes, lock_waits, lock_wait_ms, cancels, queryids) VALUES
  (1, 10000, 310000.0, 1200.0, 0.9, 31.0, 28.0, 62.0, 95.0, 912.0, 3, 0, 0, NULL, 0, 0, 3, '{"-4891203377000000001": 9000, "77120": 1000}'),
  (2, 29990, 89970.0, 40.0, 0.004, 3.0, 0.1, 9.0, 51.0, 2400.0, 120, 0, 0, NULL, 3, 4300.0, 0, '{"301": 29990}'),
  (3, 10, 100030.123, 0, 8000.0, 10003.0, 9900.0, 12000.0, 12000.0, 12000.0, 0, 8, 7474128, 2000000, 0, 0, 2, '{}'),
  (4, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, 1, 0, 0, NULL, 0, 0, 1, '{}');
INSERT INTO log_statement_groups VALUES (1, 'shop_app', 'web', 9500, 300000), (1, 'reports', NULL, 500, 10000);
INSERT INTO log_statement_hours VALUES (1, 1767229200000000, 3600000, 9000, 250000), (1, 1767232800000000, 3600000, 1000, 60000);
INSERT INTO log_samples VALUES (1, 1, 912.0, 1767229300000000, 'shop_app', 'web', NULL, NULL), (1, 2, 800.0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO log_errors (id, severity, sqlstate, message, count, first_at, last_at, statement_id) VALUES
  (1, 'ERROR', '23505', 'duplicate key value violates unique constraint "…"', 120, 1767229200000000, 1767234000000000, 2),
  (2, 'WARNING', '01000', 'there is no transaction in progress', 40, 1767229200000000, 1767234000000000, NULL),
  (3, 'ERROR', '57014', 'canceling statement due to statement timeout', 28, 1767229200000000, 1767234000000000, 1),
  (4, 'FATAL', '28P01', 'password authentication failed for user "…"', 9, NULL, NULL, NULL),
  (5, 'ERROR', '40P01', 'deadlock detected', 2, 1767230000000000, 1767231000000000, 2);
INSERT INTO log_events (id, kind, at, pid, user_name, database_name, application_name, duration_ms, bytes, object, mode, message, statement_id) VALUES
  (1, 'lock_waiting', 1767229500000000, 11, 'shop_app', 'shop', 'web', 1000.1, NULL, 'transaction 700', 'ShareLock', NULL, 2),
  (2, 'lock_acquired', 1767229502000000, 11, 'shop_app', 'shop', 'web', 3100.5, NULL, 'transaction 700', 'ShareLock', NULL, 2),
  (3, 'lock_waiting', 1767229600000000, 12, 'shop_app', 'shop', 'web', 1000.2, NULL, 'transaction 701', 'ShareLock', NULL, 2),
  (4, 'lock_acquired', 1767229601000000, 12, 'shop_app', 'shop', 'web', 1200.0, NULL, 'transaction 701', 'ShareLock', NULL, 2),
  (5, 'lock_waiting', 1767229700000000, 13, 'shop_app', 'shop', NULL, 1000.3, NULL, 'relation 16384 of database 5', 'AccessExclusiveLock', NULL, 4),
  (6, 'deadlock', 1767230000000000, 21, 'shop_app', 'shop', 'web', NULL, NULL, NULL, NULL, NULL, 2),
  (7, 'deadlock', 1767231000000000, 23, 'shop_app', 'shop', 'web', NULL, NULL, NULL, NULL, NULL, 2),
  (8, 'temp_file', 1767231000000000, 31, 'reports', 'shop', NULL, NULL, 2000000, NULL, NULL, NULL, 3),
  (9, 'checkpoint_starting', 1767231100000000, 2, NULL, NULL, NULL, NULL, NULL, 'time', NULL, NULL, NULL),
  (10, 'checkpoint_complete', 1767231200000000, 2, NULL, NULL, NULL, 269000.0, NULL, NULL, NULL, NULL, NULL),
  (11, 'checkpoint_starting', 1767231300000000, 2, NULL, NULL, NULL, NULL, NULL, 'wal', NULL, NULL, NULL),
  (12, 'checkpoint_complete', 1767231400000000, 2, NULL, NULL, NULL, 12000.0, NULL, NULL, NULL, NULL, NULL),
  (13, 'checkpoint_starting', 1767231500000000, 2, NULL, NULL, NULL, NULL, NULL, 'wal', NULL, NULL, NULL),
  (14, 'checkpoint_complete', 1767231600000000, 2, NULL, NULL, NULL, 9000.0, NULL, NULL, NULL, NULL, NULL),
  (15, 'checkpoints_too_frequent', 1767231500000000, 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'checkpoints are occurring too frequently (14 seconds apart)', NULL),
  (16, 'autovacuum', 1767231700000000, 41, NULL, NULL, NULL, 2200.0, NULL, 'shop.public.orders', NULL, NULL, NULL),
  (17, 'autovacuum', 1767231800000000, 42, NULL, NULL, NULL, 100.0, NULL, 'shop.public.orders', NULL, NULL, NULL),
  (18, 'autovacuum', 1767231900000000, 43, NULL, NULL, NULL, 80.0, NULL, 'shop.public.accounts', NULL, NULL, NULL),
  (19, 'autoanalyze', 1767231900000000, 43, NULL, NULL, NULL, 40.0, NULL, 'shop.public.orders', NULL, NULL, NULL),
  (20, 'autoanalyze', 1767231950000000, 43, NULL, NULL, NULL, 45.0, NULL, 'shop.public.orders', NULL, NULL, NULL),
  (21, 'autovacuum_cancelled', 1767231960000000, 44, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (22, 'reload', 1767231970000000, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO log_event_parties (event_id, pid, holds, mode, object, blocked_by, statement_id) VALUES
  (1, 10, 1, NULL, NULL, NULL, 4), (3, 10, 1, NULL, NULL, NULL, 4), (5, 11, 1, NULL, NULL, NULL, 2), (5, 12, 0, NULL, NULL, NULL, NULL),
  (6, 21, 1, 'ShareLock', 'transaction 800', 22, 2), (6, 22, 1, 'ShareLock', 'transaction 801', 21, 1),
  (7, 23, 1, 'ShareLock', 'transaction 810', 24, 2), (7, 24, 1, 'ExclusiveLock', 'tuple (0,1) of relation 16384 of database 5', 23, NULL);
INSERT INTO log_series (at, step_ms, statements, duration_ms, errors, connections, disconnections, lock_waits, deadlocks, temp_files, temp_bytes, checkpoints, autovacuums, cancels) VALUES
  (1767229200000000, 60000, 30000, 400000, 100, 20, 5, 3, 0, 0, 0, 0, 0, 3),
  (1767231000000000, 60000, 9000, 100000, 50, 2, 2, 0, 2, 8, 7474128, 3, 5, 3),
  (1767234600000000, 60000, 1000, 0.123, 10, 4, 4, 0, 0, 0, 0, 0, 0, 0);
