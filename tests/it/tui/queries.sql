-- Statements of the shop, with their figures, shapes and a finding; behind the base world.
INSERT INTO roles (id, name) VALUES (1, 'shop_app'), (2, 'reports');
INSERT INTO relations (id, oid, name) VALUES (1, 1, 'orders'), (2, 2, 'customers');
INSERT INTO statements (id, fingerprint, text) VALUES
  (1, 'f1:7f3a90c1aaaaaaaa', 'SELECT * FROM orders WHERE tenant_id = $1 AND created_at > $2 ORDER BY created_at DESC LIMIT 50'),
  (2, 'f1:2b5e0d7744444444', 'UPDATE customers SET name = $1, seen_at = now() WHERE lower(email) = $2 /*action=''login''*/'),
  (3, 'f1:9c01ffee12345678', 'SELECT c.id, c.name FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id IN (SELECT customer_id FROM payments WHERE status = ''é表'')'),
  (4, 'hidden', NULL),
  (5, 'f1:00000000aaaaaaaa', 'BEGIN');
INSERT INTO statement_counters (sample_id, statement_id, role_id, queryid, calls, rows, total_exec_ms, min_exec_ms,
  max_exec_ms, mean_exec_ms, stddev_exec_ms, shared_blks_hit, shared_blks_read, temp_blks_written, wal_bytes) VALUES
  (1, 1, 1, -4891203377000000001, 22800, 1140000, 1479720.0, 0.3, 912.0, 64.9, 12.0, 7600000, 15200000, 0, 0),
  (1, 1, 2, 77120, 12, 600, 780.0, 10.0, 80.0, 65.0, 9.0, 900, 300, 0, 0),
  (1, 2, 1, 301, 9120, 9120, 27360.0, 0.8, 44.0, 3.0, 1.0, 91200, 120, 0, 18677760),
  (1, 3, 2, 302, 4, 51, 9800.0, 2000.0, 3100.0, 2450.0, 300.0, 4000, 90000, 13389, 0),
  (1, 4, NULL, NULL, 812, 812, 406.0, 0.1, 9.0, 0.5, 0.2, 9000, 0, 0, 0),
  (1, 5, 1, 303, 31000, 0, 31.0, 0.0005, 0.2, 0.001, 0.001, 0, 0, 0, 0);
INSERT INTO statement_shapes (statement_id, kind, purpose, read_as, unread_because, is_single_row) VALUES
  (1, 'select', 'application', 'tree', NULL, 0), (2, 'update', 'application', 'tree', NULL, NULL),
  (3, 'select', 'application', 'tokens', 'a word at line 1 was not understood', NULL),
  (5, 'transaction', 'session', 'tree', NULL, NULL);
INSERT INTO query_blocks (statement_id, block, parent_block, role, has_star, limit_by, limit_value) VALUES
  (1, 0, NULL, 'statement', 1, 'constant', 50), (2, 0, NULL, 'statement', 0, NULL, NULL),
  (3, 0, NULL, 'statement', 0, NULL, NULL), (3, 1, 0, 'in', 0, NULL, NULL);
INSERT INTO query_relations (statement_id, block, ordinal, relation_id, schema, name, alias, usage, join_kind) VALUES
  (1, 0, 0, 1, 'public', 'orders', NULL, 'read', NULL), (2, 0, 0, 2, 'public', 'customers', NULL, 'written', NULL),
  (3, 0, 0, 2, 'public', 'customers', 'c', 'read', NULL), (3, 0, 1, 1, 'public', 'orders', 'o', 'read', 'inner'),
  (3, 1, 0, NULL, NULL, 'payments', NULL, 'read', NULL);
INSERT INTO query_predicates (statement_id, block, position, ordinal, column_name, wrapped_in, wrapper, expression,
  operator, comparand, is_sargable, unsargable_because) VALUES
  (1, 0, 1, 0, 'tenant_id', NULL, NULL, NULL, '=', 'parameter', 1, NULL),
  (1, 0, 2, 0, 'created_at', NULL, NULL, NULL, '>', 'parameter', 1, NULL),
  (2, 0, 1, 0, 'email', 'function', 'lower', 'lower(email)', '=', 'parameter', 0, 'function'),
  (3, 0, 1, 0, 'id', NULL, NULL, NULL, 'in', 'subquery', NULL, NULL);
INSERT INTO query_joins (statement_id, left_ordinal, left_relation_id, left_column, right_ordinal, right_relation_id, right_column)
VALUES (3, 1, 1, 'customer_id', 0, 2, 'id');
INSERT INTO query_sorts (statement_id, position, ordinal, relation_id, column_name, is_descending)
VALUES (1, 1, 0, 1, 'created_at', 1);
INSERT INTO findings (rank, key, rule, severity, confidence, database_name, subject_kind, subject_id, object, detail)
VALUES (1, 'query/top-share:shop:f1:7f3a90c1aaaaaaaa', 'query/top-share', 'warning', 'likely', 'shop', 'statement', 1, 'SELECT', 'takes 41.2%');
UPDATE databases SET name = 'shop';
