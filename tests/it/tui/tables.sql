-- Tables and indexes of the shop with their figures; behind the base world and the statements.
UPDATE relations SET size_bytes = 13314398617, toast_size_bytes = 8192, row_estimate = 48200000, frozen_xid_age = 168000000,
  min_mxid_age = 12000, owner = 'shop', options = '{"fillfactor":"90"}' WHERE id = 1;
UPDATE relations SET size_bytes = 402653184, toast_size_bytes = 0, row_estimate = 1200000, frozen_xid_age = 41000000, owner = 'shop'
  WHERE id = 2;
INSERT INTO relations (id, oid, schema, name, kind, is_partition, parent_id, partition_bound, partition_key, size_bytes,
  toast_size_bytes, row_estimate, frozen_xid_age) VALUES
  (3, 3, 'public', 'events', 'partitioned table', 0, NULL, NULL, 'RANGE (at)', 0, 0, NULL, NULL),
  (4, 4, 'public', 'events_2026_02', 'table', 1, 3, 'FOR VALUES FROM (''2026-02-01'') TO (''2026-03-01'')', NULL, 2147483648, 0, 9100000, 20000000),
  (5, 5, 'public', 'events_2026_03', 'table', 1, 3, 'FOR VALUES FROM (''2026-03-01'') TO (''2026-04-01'')', NULL, 268435456, 0, 1100000, 900000),
  (6, 6, 'we"ird', '表格' || char(27) || '[31m' || char(10) || '"; --', 'table', 0, NULL, NULL, NULL, 8192, 0, NULL, NULL),
  (7, 7, 'public', 'order_totals', 'materialized view', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO settings (name, value, unit, vartype, context, source, boot_value, value_num, server_value, server_value_num) VALUES
  ('autovacuum', 'on', NULL, 'bool', 'sighup', 'default', 'on', 1, 'on', 1),
  ('autovacuum_vacuum_threshold', '50', NULL, 'integer', 'sighup', 'default', '50', 50, '50', 50),
  ('autovacuum_vacuum_scale_factor', '0.2', NULL, 'real', 'sighup', 'default', '0.2', 0.2, '0.2', 0.2),
  ('autovacuum_analyze_threshold', '50', NULL, 'integer', 'sighup', 'default', '50', 50, '50', 50),
  ('autovacuum_analyze_scale_factor', '0.1', NULL, 'real', 'sighup', 'default', '0.1', 0.1, '0.1', 0.1),
  ('autovacuum_freeze_max_age', '200000000', NULL, 'integer', 'postmaster', 'default', '200000000', 200000000, '200000000', 200000000),
  ('max_connections', '200', NULL, 'integer', 'postmaster', 'configuration file', '100', 200, '200', 200),
  ('shared_buffers', '16384', '8kB', 'integer', 'postmaster', 'default', '16384', 134217728, '16384', 134217728),
  ('work_mem', '65536', 'kB', 'integer', 'user', 'configuration file', '4096', 67108864, '65536', 67108864),
  ('log_lock_waits', 'off', NULL, 'bool', 'superuser', 'default', 'off', 0, 'off', 0),
  ('statement_timeout', '0', 'ms', 'integer', 'user', 'default', '0', 0, '0', 0),
  ('lock_timeout', '0', 'ms', 'integer', 'user', 'default', '0', 0, '0', 0),
  ('idle_in_transaction_session_timeout', '0', 'ms', 'integer', 'user', 'default', '0', 0, '0', 0),
  ('deadlock_timeout', '1000', 'ms', 'integer', 'superuser', 'default', '1000', 1000, '1000', 1000),
  ('tcp_keepalives_idle', '0', 's', 'integer', 'user', 'default', '0', 0, '0', 0),
  ('ssl_key_file', NULL, NULL, 'string', 'sighup', NULL, 'server.key', NULL, NULL, NULL);
UPDATE settings SET pending_restart = 1, source_file = '/etc/postgresql/postgresql.conf' WHERE name = 'max_connections';
INSERT INTO relation_stats (sample_id, relation_id, seq_scan, seq_tup_read, idx_scan, n_tup_ins, n_tup_upd, n_tup_del, n_tup_hot_upd, n_live_tup,
  n_dead_tup, n_mod_since_analyze, last_autovacuum_at, last_analyze_at, vacuum_count, autovacuum_count, heap_blks_read, heap_blks_hit) VALUES
  (1, 1, 380, 18316000000, 912000, 4100000, 9120000, 12000, 7296000, 48200000, 6900000, 2100000, 1772629320000000, 1772642220000000, 0, 41, 90000, 8910000),
  (1, 2, 12, 14400000, 40100, 800, 0, 0, 0, 1200000, 0, 800, NULL, NULL, 0, 0, 10, 990),
  (1, 4, 3, 27300000, 700, 9100000, 0, 0, 0, 9100000, 0, 0, 1772000000000000, 1772000000000000, 0, 3, 5, 95),
  (1, 5, 3, 3300000, 900, 1100000, 0, 0, 0, 1100000, 0, 0, 1772642400000000, 1772642400000000, 0, 1, 5, 95);
INSERT INTO indexes (id, relation_id, oid, name, method, is_unique, is_primary, is_valid, size_bytes, definition) VALUES
  (1, 1, 101, 'orders_pkey', 'btree', 1, 1, 1, 1083179008, 'CREATE UNIQUE INDEX orders_pkey ON public.orders USING btree (id)'),
  (2, 1, 102, 'orders_tenant_idx', 'btree', 0, 0, 1, 2147483648, 'CREATE INDEX orders_tenant_idx ON public.orders USING btree (tenant_id)'),
  (3, 1, 103, 'orders_broken_idx', 'btree', 1, 0, 0, 16384, 'CREATE UNIQUE INDEX orders_broken_idx ON public.orders USING btree (total)'),
  (4, 1, 104, 'orders_tags_idx', 'gin', 0, 0, 1, 52428800, 'CREATE INDEX orders_tags_idx ON public.orders USING gin (tags)'),
  (5, 2, 105, 'customers_pkey', 'btree', 1, 1, 1, 26935296, 'CREATE UNIQUE INDEX customers_pkey ON public.customers USING btree (id)'),
  (6, 6, 106, '索引' || char(7) || '%s', 'hash', 0, 0, 1, NULL, NULL);
UPDATE indexes SET schema = 'we"ird' WHERE id = 6;
INSERT INTO index_stats (sample_id, index_id, idx_scan, last_idx_scan_at) VALUES
  (1, 1, 880000, 1772642400000000), (1, 2, 32000, 1772642400000000), (1, 3, 0, NULL), (1, 4, 0, NULL), (1, 5, 40100, 1772642400000000);
