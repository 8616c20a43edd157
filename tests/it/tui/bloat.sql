-- What a sampling of bloat found of them.
INSERT INTO bloat_estimates (relation_id, index_id, kind, size_bytes, bloat_bytes, plus_minus_bytes, method, blocks_read, blocks, estimated_at) VALUES
  (1, NULL, 'table', 13314398617, 5458903433, 201000000, 'sample', 300, 1625293, 1772642500000000),
  (1, NULL, 'toast', 8192, 0, 0, 'all blocks', 1, 1, 1772642500000000),
  (1, 1, 'index', 1083179008, 324953702, 21000000, 'sample', 300, 132224, 1772642500000000),
  (1, 2, 'index', 2147483648, 85899346, 42000000, 'sample', 300, 262144, 1772642500000000),
  (2, NULL, 'table', 402653184, 0, 1000000, 'sample', 300, 49152, 1772642500000000),
  (2, 5, 'index', 26935296, 269353, 300000, 'sample', 300, 3288, 1772642500000000),
  (4, NULL, 'table', 2147483648, NULL, NULL, 'sample', NULL, NULL, 1772642500000000);
INSERT INTO missing_facts (table_name, object, database_id, reason, remedy) VALUES
  ('bloat_estimates', 'public.events_2026_02', 1, 'another session holds a lock on it', 'run again when that lock is gone');
