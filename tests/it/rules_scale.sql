-- A large cluster for the test that no rule page is quadratic.
INSERT INTO snapshot (format, tool_version, fingerprint_version, created_at) VALUES (1, '0.1.0', 'f1', 1767225600000000);
INSERT INTO nodes (id, started_at) VALUES (1, 1764633600000000);
INSERT INTO databases (id, oid, name, is_collected, frozen_xid_age, min_mxid_age, size_bytes)
VALUES (1, 1, 'app', 1, 190000000, 1000, 100000000000);
INSERT INTO samples (id, captured_at, postmaster_started_at, statements_reset_at, statements_evicted) VALUES
  (1, 1767222000000000, 1764633600000000, 1764633600000000, 0),
  (2, 1767225600000000, 1764633600000000, 1764633600000000, 9);
INSERT INTO collections (table_name) SELECT name FROM sqlite_schema WHERE type = 'table';
INSERT INTO database_stats (sample_id, database_id, stats_reset_at, blks_hit, blks_read, xact_commit)
VALUES (1, 1, 1764633600000000, 1000, 1000, 1000), (2, 1, 1764633600000000, 2000, 2000, 2000);

CREATE TEMP TABLE n (i INTEGER PRIMARY KEY);
INSERT INTO n WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT 15000) SELECT i FROM c;

INSERT INTO roles (id, name) SELECT i, 'role_' || i FROM n WHERE i <= 100;
INSERT INTO settings (name, value, value_num, server_value, server_value_num, boot_value, source, context, vartype)
SELECT 'setting_' || i, i, i, i, i, i, 'default', 'user', 'integer' FROM n WHERE i <= 350;
INSERT INTO schemas (name) SELECT 'schema_' || i FROM n WHERE i <= 50;

INSERT INTO relations (id, oid, name, kind, is_partition, parent_id, row_estimate, pages, size_bytes, toast_size_bytes, frozen_xid_age, min_mxid_age)
SELECT i, i, 'table_' || i, CASE WHEN i % 50 = 1 THEN 'partitioned table' ELSE 'table' END,
       i % 50 BETWEEN 2 AND 10, CASE WHEN i % 50 BETWEEN 2 AND 10 THEN i - i % 50 + 1 END,
       i * 1000, i * 10, i * 81920, 0, 190000000, 1000
FROM n WHERE i <= 5000;
INSERT INTO columns (relation_id, position, name, type, type_oid, length, alignment, not_null)
SELECT t.i, p.i, 'column_' || p.i, 'integer', 23, 4, 'i', p.i < 3 FROM n t, n p WHERE t.i <= 5000 AND p.i <= 6;
INSERT INTO column_statistics (relation_id, column_name, null_frac, avg_width, n_distinct)
SELECT relation_id, name, 0.5, 4, -0.5 FROM columns;
INSERT INTO constraints (relation_id, name, kind, columns, index_oid)
SELECT i, 'table_' || i || '_pkey', 'primary key', '["column_1"]', 100000 + i * 3 FROM n WHERE i <= 5000 AND i % 7 > 0;
INSERT INTO constraints (relation_id, name, kind, columns, referenced_relation_id, referenced_columns, index_oid)
SELECT i, 'table_' || i || '_fkey', 'foreign key', '["column_4"]', i / 2 + 1, '["column_1"]', 100000 + (i / 2 + 1) * 3
FROM n WHERE i <= 5000;
INSERT INTO indexes (id, relation_id, oid, name, is_unique, is_primary, constraint_name, key_columns, size_bytes, row_estimate, definition)
SELECT i, i / 3 + 1, 100000 + i, 'index_' || i, i % 3 = 0, i % 3 = 0 AND (i / 3 + 1) % 7 > 0, CASE WHEN i % 3 = 0 THEN 'table_' || (i / 3 + 1) || '_pkey' END,
       2, i * 8192, i * 100, 'CREATE INDEX index_' || i || ' ON public.table_' || (i / 3 + 1) || ' USING btree (column_1, column_2)'
FROM n WHERE i < 15000;
INSERT INTO index_columns (index_id, position, column_name, opclass)
SELECT x.i, p.i, 'column_' || (x.i % 3 + p.i), 'int4_ops' FROM n x, n p WHERE x.i < 15000 AND p.i <= 2;
INSERT INTO sequences (name, max_value, last_value, type, owner_relation_id, owner_column)
SELECT 'sequence_' || i, 2147483647, 2000000000, 'integer', i, 'column_1' FROM n WHERE i <= 5000;
INSERT INTO triggers (relation_id, name) SELECT i, 'trigger_' || i FROM n WHERE i <= 5000;
INSERT INTO relation_stats (sample_id, relation_id, seq_scan, seq_tup_read, idx_scan, n_tup_ins, n_tup_upd, n_tup_del, n_tup_hot_upd, n_live_tup, n_dead_tup, n_mod_since_analyze)
SELECT s.id, i, s.id * i, s.id * i * 1000, s.id * i, s.id * i, s.id * i, s.id * i, 0, i * 1000, i * 500, i * 500
FROM n, samples s WHERE i <= 5000;
INSERT INTO index_stats (sample_id, index_id, idx_scan, idx_tup_read, idx_tup_fetch)
SELECT s.id, i, 0, 0, 0 FROM n, samples s WHERE i < 15000;
INSERT INTO statements (id, fingerprint, text)
SELECT i, 'f1:' || i, 'SELECT * FROM table_' || i || ' WHERE column_1 = $1' FROM n WHERE i <= 2500;
INSERT INTO statement_counters (sample_id, statement_id, role_id, queryid, calls, total_exec_ms, min_exec_ms, max_exec_ms, mean_exec_ms, stddev_exec_ms, rows, shared_blks_hit, shared_blks_read, temp_blks_written)
SELECT s.id, st.id, r.id, st.id * 10 + r.id, s.id * 1000, s.id * 100000.0, 1, 1000, 100, 50, 1000, 1000, 1000, 1000000
FROM statements st, roles r, samples s WHERE r.id <= 2;
INSERT INTO sessions (sample_id, pid, database_id, role_id, application_name, state, started_at, xact_started_at, query_started_at, state_changed_at, query)
SELECT 2, i, 1, i % 100 + 1, 'app', CASE i % 3 WHEN 0 THEN 'idle in transaction' WHEN 1 THEN 'active' ELSE 'idle' END,
       1767225000000000, 1767225000000000, 1767225000000000, 1767225000000000, 'SELECT 1'
FROM n WHERE i <= 500;
INSERT INTO blockers (sample_id, pid, blocked_by) SELECT 2, i, i / 10 + 1 FROM n WHERE i BETWEEN 10 AND 200;
INSERT INTO locks (sample_id, pid, database_id, relation_oid, locktype, mode, is_granted)
SELECT 2, i, 1, i, 'relation', 'RowExclusiveLock', i % 2 FROM n WHERE i <= 500;
INSERT INTO extensions (name, version, default_version) SELECT 'extension_' || i, '1.0', '1.1' FROM n WHERE i <= 50;
INSERT INTO role_settings (role_id, name, value) SELECT i, 'statement_timeout', '0' FROM n WHERE i <= 100;
INSERT INTO replication_slots (name, is_active, retained_bytes) SELECT 'slot_' || i, 0, 1000000000 FROM n WHERE i <= 20;
INSERT INTO security_definer_functions (name) SELECT 'function_' || i FROM n WHERE i <= 500;

-- A log of two days with as much of everything as is kept.
INSERT INTO log_sources (format, records) VALUES ('stderr', 1000000000);
INSERT INTO log_totals (records, from_at, to_at, statements, duration_ms, least_ms, error_records, has_sqlstate)
VALUES (1000000000, 1767052800000000, 1767225600000000, 900000000, 1e9, 0.01, 5000000, 0);
CREATE TEMP TABLE kinds AS SELECT key AS i, value AS kind FROM json_each('["deadlock", "lock_waiting", "lock_acquired", "temp_file", "checkpoint_starting",
  "checkpoints_too_frequent", "autovacuum", "autovacuum_cancelled", "statement_timeout", "lock_timeout", "user_cancel", "idle_in_transaction_timeout", "crash"]');
INSERT INTO log_messages (kind, count) SELECT kind, 1000000 FROM kinds UNION ALL VALUES ('connection_received', 1000000), ('reinitialized', 9);
INSERT INTO log_errors (severity, message, count, statement_id)
SELECT CASE i % 5 WHEN 0 THEN 'FATAL' ELSE 'ERROR' END,
       CASE i % 4 WHEN 0 THEN 'could not serialize access due to cause ' WHEN 1 THEN 'password authentication failed for user ' ELSE 'relation does not exist ' END || i, 1000, i % 2500 + 1
FROM n WHERE i <= 5000;
INSERT INTO log_statements (statement_id, calls, total_ms, planning_ms, min_ms, mean_ms, p50_ms, p95_ms, p99_ms, max_ms, errors, temp_files, temp_bytes, largest_temp_bytes, lock_waits, lock_wait_ms, cancels)
SELECT id, 100000, 1e7, 1000, 1, 100, 50, 600, 900, 1000, 9000, 100, 1e10, 1e8, 100, 1e6, 900 FROM statements;
INSERT INTO log_statement_groups (statement_id, user_name, application_name, calls)
SELECT s.id, 'role_' || (s.id % 100 + 1), 'app_' || a.i, 1000 FROM statements s, n a WHERE a.i <= 10;
INSERT INTO log_series (at, statements, errors, connections) SELECT 1767052800000000 + i * 60000000, 300000, i, 300 FROM n WHERE i <= 2880;
INSERT INTO log_events (id, kind, at, pid, user_name, database_name, duration_ms, object, mode, statement_id)
SELECT k.i * 1000 + n.i, k.kind, 1767052800000000 + n.i * 60000000, n.i % 50, 'role_' || (n.i % 100 + 1), 'app', 5000,
       CASE WHEN k.kind LIKE 'autovacuum%' THEN 'app.public.table_' || n.i WHEN k.kind LIKE 'lock%' THEN 'tuple (0,1) of relation ' || n.i || ' of database 1'
            WHEN k.kind LIKE 'checkpoint%' THEN 'wal' END, 'ShareLock', n.i % 500 + 1
FROM kinds k, n WHERE n.i <= 1000;
INSERT INTO log_event_parties (event_id, pid, holds, mode, object, blocked_by, statement_id)
SELECT e.id, p.i, 1, 'ShareLock', 'transaction ' || e.id || p.i, p.i + 1, (e.id + p.i) % 700 + 1
FROM log_events e, n p WHERE e.kind IN ('deadlock', 'lock_waiting') AND p.i <= 3;

-- 2,000 migrations of three statements each, of which each does what it does to two objects.
INSERT INTO migration_files (id, path, layout, layout_because, chain, ordinal, has_down, expects_down)
SELECT i, 'db/' || i || '.sql', 'goose', 'its marks', 1, i, i % 2, 1 FROM n WHERE i <= 2000;
INSERT INTO migration_statements (id, file_id, ordinal, direction, command, text, line, "column", end_line, end_column,
  transaction_id, transaction_by, holds_lock_level, holds_lock_on, holds_lock_since)
SELECT f.id * 3 + k.i, f.id, k.i, CASE WHEN k.i = 3 AND f.has_down THEN 'down' ELSE 'up' END, 'ALTER TABLE', 'ALTER TABLE t', k.i, 1, k.i, 9,
       1, 'layout', CASE WHEN k.i > 1 THEN 8 END, CASE WHEN k.i > 1 THEN 't' END, CASE WHEN k.i > 1 THEN f.id * 3 + 1 END
FROM migration_files f, n k WHERE k.i <= 3;
CREATE TEMP TABLE forms AS SELECT key AS i, value AS form FROM json_each('["create index", "drop index", "drop column", "drop table", "rename column",
  "set not null", "add check", "add foreign key", "alter type rewrite", "update", "delete", "create table", "truncate", "add column", "drop view", "rename table"]');
INSERT INTO migration_effects (id, statement_id, action, line, "column", end_line, end_column, form, part, schema, name, kind, relation_id,
  column_name, object_name, is_known, lock, lock_level, scans, loses_data, details)
SELECT s.id * 2 + k.i, s.id, k.i, s.line, 1, s.line, 9, f.form, 'table', 'public', 'table_' || (s.id % 5000 + 1), 'table', s.id % 5000 + 1,
       'c', 'o_' || s.id, 1, 'ACCESS EXCLUSIVE', 8, k.i % 2, k.i % 2, '{"columns": ["c"], "bounded": false, "fk_indexed": false, "same_as": "x", "cascade": true}'
FROM migration_statements s, n k, forms f WHERE k.i <= 2 AND f.i = (s.id + k.i) % 16;
INSERT INTO migration_columns (statement_id, line, "column", end_line, end_column, change, table_name, name, type)
SELECT id, 1, 1, 1, 9, 'add column', 't', 'c', 'timestamp without time zone' FROM migration_statements;

-- All of them are older than the counters.
UPDATE indexes SET made_at = 1, there_since_at = 1;
