-- The facts database of pgtriage. Everything it learns is a row here; a saved one is a snapshot.
--
-- Encodings. Time: INTEGER microseconds since 1970-01-01 UTC. Durations: REAL milliseconds, in
-- columns that end in _ms. Sizes: INTEGER bytes, in columns that end in _bytes. Booleans: 0 or 1.
-- Lists and maps: JSON text. LSN: INTEGER byte position. NULL means unknown or not applicable;
-- what could not be had, and why, stands in missing_facts. Names are PostgreSQL's own.
-- Ids are ours and hold within one file only; across files join by names and fingerprints.
-- Columns are only ever added. Views use built-in functions only.

-- What this file is. One row.
CREATE TABLE snapshot (
  format INTEGER NOT NULL,                 -- number of the file format; readers accept their own and older ones
  tool_version TEXT NOT NULL,              -- version of pgtriage that wrote it
  fingerprint_version TEXT NOT NULL,       -- version of the statement fingerprint, as in statements.fingerprint
  created_at INTEGER NOT NULL,             -- when the collection began
  literals_kept INTEGER NOT NULL DEFAULT 0, -- 1 when --keep-literals was given: statement texts and statistics may hold user data
  values_kept INTEGER NOT NULL DEFAULT 0   -- 1 when --with-values was given: statistics, ends of columns and queries of views hold user data
) STRICT;

-- PostgreSQL servers of the cluster: the primary and any standby that was looked at.
CREATE TABLE nodes (
  id INTEGER PRIMARY KEY,                  -- our id
  label TEXT NOT NULL DEFAULT 'primary',   -- how findings name it: primary, or standby and its address
  role TEXT NOT NULL DEFAULT 'primary',    -- primary or standby (pg_is_in_recovery)
  address TEXT,                            -- host and port that were connected to
  system_identifier TEXT,                  -- of pg_control_system; the same on all nodes of a cluster
  version_num INTEGER NOT NULL DEFAULT 170000, -- server_version_num
  version TEXT,                            -- server_version
  platform TEXT,                           -- version(): compiler and platform
  provider TEXT,                           -- managed service, when settings show it: rds, aurora, cloudsql, azure, alloydb, supabase, neon
  started_at INTEGER,                      -- pg_postmaster_start_time
  config_loaded_at INTEGER,                -- pg_conf_load_time
  connected_as TEXT,                       -- role of our session
  is_superuser INTEGER NOT NULL DEFAULT 1, -- our session is a superuser's
  reads_all_stats INTEGER NOT NULL DEFAULT 1, -- our role has the privileges of pg_read_all_stats
  reads_all_settings INTEGER NOT NULL DEFAULT 1, -- our role has the privileges of pg_read_all_settings
  data_checksums INTEGER,                  -- data page checksums are on
  timeline INTEGER,                        -- timeline of the last checkpoint
  next_xid TEXT                            -- next full transaction id (xid8)
) STRICT;

-- Databases of the cluster, from pg_database.
CREATE TABLE databases (
  id INTEGER PRIMARY KEY,                  -- our id
  oid INTEGER NOT NULL DEFAULT 16384,      -- pg_database.oid
  name TEXT NOT NULL,                      -- datname
  is_collected INTEGER NOT NULL DEFAULT 0, -- its catalog and statements were asked for
  owner TEXT,                              -- role that owns it
  encoding TEXT,                           -- server encoding
  collation TEXT,                          -- datcollate
  locale_provider TEXT,                    -- libc, icu or builtin (15+)
  collation_version TEXT,                  -- datcollversion, recorded at creation (15+)
  collation_version_actual TEXT,           -- pg_database_collation_actual_version (15+)
  is_template INTEGER NOT NULL DEFAULT 0,  -- datistemplate
  allows_connections INTEGER NOT NULL DEFAULT 1, -- datallowconn
  connection_limit INTEGER,                -- datconnlimit; NULL: none
  size_bytes INTEGER,                      -- pg_database_size
  frozen_xid_age INTEGER,                  -- age(datfrozenxid), transactions
  min_mxid_age INTEGER                     -- mxid_age(datminmxid), multixacts
) STRICT;

-- Moments at which counters were read. Every counter row belongs to one.
CREATE TABLE samples (
  id INTEGER PRIMARY KEY,                  -- our id; grows with time
  node_id INTEGER NOT NULL DEFAULT 1 REFERENCES nodes,   -- server that was read
  database_id INTEGER REFERENCES databases, -- database whose own counters were read; NULL: cluster-wide counters
  captured_at INTEGER NOT NULL,            -- clock of the server at the reading
  postmaster_started_at INTEGER,           -- pg_postmaster_start_time: another value than before is a restart
  statements_reset_at INTEGER,             -- pg_stat_statements_info.stats_reset (14+)
  statements_evicted INTEGER,              -- pg_stat_statements_info.dealloc (14+): rounds of eviction since the reset
  is_timed INTEGER NOT NULL DEFAULT 1,     -- 0: read from files that do not say when; captured_at then gives the order only
  own_database_id INTEGER,                 -- database in which our looks at sessions ran since the sample before; NULL: there were none
  own_transactions INTEGER,                -- transactions that they took there, which its counters hold
  own_busy_ms REAL                         -- time that they were active there
) STRICT;

-- What was read: one row a collector query, with its cost on the server.
CREATE TABLE collections (
  table_name TEXT NOT NULL,                -- facts table that was filled
  node_id INTEGER NOT NULL DEFAULT 1,      -- from this server
  database_id INTEGER,                     -- in this database; NULL: cluster-wide
  sample_id INTEGER,                       -- for this sample
  row_count INTEGER NOT NULL DEFAULT 0,    -- rows that came
  elapsed_ms REAL                          -- from sending the query to its last row
) STRICT;

-- What could not be had, why, and what would enable it. Never read as zero.
CREATE TABLE missing_facts (
  node_id INTEGER NOT NULL DEFAULT 1,      -- on this server
  database_id INTEGER,                     -- in this database; NULL: cluster-wide
  table_name TEXT NOT NULL,                -- facts table
  column_name TEXT,                        -- one column of it; NULL: whole rows
  object TEXT,                             -- one object; NULL: all of them
  reason TEXT NOT NULL,                    -- why, a sentence fragment
  remedy TEXT                              -- exact statement or setting that would enable it; NULL: none is known
) STRICT;

-- Roles, from pg_roles.
CREATE TABLE roles (
  id INTEGER PRIMARY KEY,                  -- our id
  oid INTEGER NOT NULL DEFAULT 16385,      -- pg_roles.oid
  name TEXT NOT NULL,                      -- rolname
  is_superuser INTEGER NOT NULL DEFAULT 0, -- rolsuper
  can_login INTEGER NOT NULL DEFAULT 1,    -- rolcanlogin
  can_replicate INTEGER NOT NULL DEFAULT 0, -- rolreplication
  bypasses_rls INTEGER NOT NULL DEFAULT 0, -- rolbypassrls
  connection_limit INTEGER,                -- rolconnlimit; NULL: none
  valid_until INTEGER,                     -- rolvaliduntil; NULL: for ever
  password_kind TEXT                       -- how its password is stored: scram-sha-256, md5 or none; NULL: not visible. The hash itself is not read
) STRICT;

-- Lines of pg_hba.conf, from pg_hba_file_rules, in the order in which they are tried. As the file is now:
-- the server goes by it once it has read it again.
CREATE TABLE hba_rules (
  id INTEGER PRIMARY KEY,                  -- our id
  node_id INTEGER NOT NULL DEFAULT 1,      -- server
  number INTEGER NOT NULL,                 -- place in that order; of lines with an error, their place in the file
  line_number INTEGER,                     -- line of the file
  file_name TEXT,                          -- file (16+)
  type TEXT,                               -- local, host, hostssl, hostnossl, hostgssenc or hostnogssenc
  databases TEXT,                          -- databases, JSON list of words as written
  users TEXT,                              -- roles, JSON list of words as written
  address TEXT,                            -- address, host name, all, samehost or samenet; NULL for local
  netmask TEXT,                            -- mask of the address
  method TEXT,                             -- trust, reject, scram-sha-256, md5, password, peer, …
  error TEXT                               -- why the line is not understood (the other columns are NULL then), or why it can match nothing
) STRICT;

-- Lines of the files of settings as they are now, from pg_file_settings, in the order in which the server
-- takes them: the last of a name counts.
CREATE TABLE file_settings (
  id INTEGER PRIMARY KEY,                  -- our id
  node_id INTEGER NOT NULL DEFAULT 1,      -- server
  number INTEGER NOT NULL,                 -- place in that order
  file_name TEXT,                          -- file
  line_number INTEGER,                     -- line of the file
  name TEXT,                               -- setting as written; NULL: the line is not understood
  value TEXT,                              -- value as written; redacted where it may hold a secret
  is_applied INTEGER,                      -- whether a reload would bring the value into force
  error TEXT,                              -- why it would not; NULL also where a later line of the name counts
  waits_for_restart INTEGER                -- of lines with an error: the value is valid, and only a restart brings it
) STRICT;

-- Settings of each server, from pg_settings.
CREATE TABLE settings (
  id INTEGER PRIMARY KEY,                  -- our id
  node_id INTEGER NOT NULL DEFAULT 1,      -- server
  name TEXT NOT NULL,                      -- setting
  value TEXT,                              -- value in force for our session, without unit; redacted where it may hold a secret
  unit TEXT,                               -- unit of value, as pg_settings gives it
  value_num REAL,                          -- value in base units: bytes, milliseconds or plain number; booleans 0 or 1; NULL for text
  vartype TEXT,                            -- bool, integer, real, string or enum
  context TEXT,                            -- who may change it and when: postmaster needs a restart, sighup a reload
  source TEXT,                             -- where the value comes from
  source_file TEXT,                        -- configuration file, where visible
  boot_value TEXT,                         -- compiled-in default
  server_value TEXT,                       -- value for a session whose role and database set nothing of their own; NULL: not visible
  server_value_num REAL,                   -- the same in base units
  pending_restart INTEGER NOT NULL DEFAULT 0, -- changed in the file, in force only after a restart
  choices TEXT                             -- values that an enum may have in this build, JSON list
) STRICT;
CREATE INDEX settings_name ON settings (name, node_id);

-- Settings attached to roles and databases, from pg_db_role_setting.
CREATE TABLE role_settings (
  database_id INTEGER,                     -- for this database; NULL: all
  role_id INTEGER,                         -- for this role; NULL: all
  name TEXT NOT NULL,                      -- setting
  value TEXT,                              -- value as written; redacted where it may hold a secret
  value_num REAL                           -- value in base units: bytes, milliseconds or plain number; booleans 0 or 1
) STRICT;
CREATE INDEX role_settings_name ON role_settings (name, role_id, database_id);

-- Extensions installed in each database, from pg_extension.
CREATE TABLE extensions (
  id INTEGER PRIMARY KEY,                  -- our id
  database_id INTEGER NOT NULL DEFAULT 1,  -- database
  name TEXT NOT NULL,                      -- extname
  version TEXT,                            -- extversion
  default_version TEXT,                    -- version that the server's files would install
  schema TEXT                              -- schema of its objects
) STRICT;

-- Schemas of each database, from pg_namespace (system schemas left out).
CREATE TABLE schemas (
  id INTEGER PRIMARY KEY,                  -- our id
  database_id INTEGER NOT NULL DEFAULT 1,  -- database
  oid INTEGER NOT NULL DEFAULT 2200,       -- pg_namespace.oid
  name TEXT NOT NULL,                      -- nspname
  owner TEXT,                              -- role that owns it
  public_create INTEGER NOT NULL DEFAULT 0 -- PUBLIC may create objects in it
) STRICT;

-- Tables, partitioned tables, views, materialized views and foreign tables, from pg_class.
CREATE TABLE relations (
  id INTEGER PRIMARY KEY,                  -- our id
  database_id INTEGER NOT NULL DEFAULT 1,  -- database
  oid INTEGER NOT NULL DEFAULT 0,          -- pg_class.oid
  schema TEXT NOT NULL DEFAULT 'public',   -- schema
  name TEXT NOT NULL,                      -- relname
  kind TEXT NOT NULL DEFAULT 'table',      -- table, partitioned table, view, materialized view or foreign table
  owner TEXT,                              -- role that owns it
  persistence TEXT NOT NULL DEFAULT 'permanent', -- permanent, unlogged or temporary
  is_partition INTEGER NOT NULL DEFAULT 0, -- a partition of parent_id
  parent_id INTEGER,                       -- partitioned table it is attached to
  inherits TEXT,                           -- tables that it inherits from, in order: JSON list of names as SQL writes them; NULL: none
  partition_bound TEXT,                    -- FOR VALUES clause of a partition
  partition_key TEXT,                      -- key of a partitioned table
  replica_identity TEXT,                   -- default, nothing, full or index
  access_method TEXT,                      -- table access method
  tablespace TEXT,                         -- tablespace; NULL: the database's
  options TEXT,                            -- reloptions as a JSON map of texts; toast.* for the TOAST table's
  row_estimate REAL,                       -- pg_class.reltuples; NULL: never vacuumed or analyzed
  pages INTEGER,                           -- pg_class.relpages
  pages_all_visible INTEGER,               -- pg_class.relallvisible
  size_bytes INTEGER,                      -- pg_relation_size, main fork
  toast_size_bytes INTEGER,                -- TOAST table with its index; 0: it has none
  frozen_xid_age INTEGER,                  -- age(relfrozenxid) of the table or its TOAST table, the older
  min_mxid_age INTEGER,                    -- mxid_age(relminmxid), the older of the two
  has_triggers INTEGER NOT NULL DEFAULT 0, -- relhastriggers
  row_security INTEGER NOT NULL DEFAULT 0, -- relrowsecurity
  extension TEXT,                          -- extension that owns it
  definition TEXT,                         -- query of a view or materialized view
  force_row_security INTEGER NOT NULL DEFAULT 0, -- relforcerowsecurity: policies hold for the owner too
  pages_all_frozen INTEGER,                -- pg_class.relallfrozen (18+)
  tuples REAL                              -- pg_class.reltuples as it stands: -1 (before 14 as well 0 with 0 pages): never vacuumed or analyzed
) STRICT;
CREATE INDEX relations_oid ON relations (database_id, oid);

-- Columns of relations, from pg_attribute (dropped ones included: they take part in row layout).
CREATE TABLE columns (
  relation_id INTEGER NOT NULL,            -- relation
  position INTEGER NOT NULL,               -- attnum
  name TEXT NOT NULL,                      -- attname
  type TEXT,                               -- format_type
  type_oid INTEGER,                        -- atttypid
  length INTEGER,                          -- attlen: bytes, -1 variable, -2 C string
  alignment TEXT,                          -- attalign: c, s, i or d
  storage TEXT,                            -- attstorage: p, e, m or x
  not_null INTEGER NOT NULL DEFAULT 0,     -- attnotnull
  has_default INTEGER NOT NULL DEFAULT 0,  -- atthasdef, without generated columns
  default_expression TEXT,                 -- expression of the default or generated column
  identity TEXT,                           -- always or by default
  generated TEXT,                          -- stored or virtual
  collation TEXT,                          -- collation, where it is not the type's own
  statistics_target INTEGER,               -- attstattarget; NULL: the default
  is_dropped INTEGER NOT NULL DEFAULT 0,   -- attisdropped
  PRIMARY KEY (relation_id, position)
) STRICT;

-- Planner statistics of columns, from pg_stats: only of tables that our role may SELECT from.
CREATE TABLE column_statistics (
  relation_id INTEGER NOT NULL,            -- relation
  column_name TEXT NOT NULL,               -- column
  inherited INTEGER NOT NULL DEFAULT 0,    -- of the table with its children
  null_frac REAL,                          -- share of NULLs
  avg_width INTEGER,                       -- mean width, bytes
  n_distinct REAL,                         -- distinct values; negative: as a share of the rows
  correlation REAL,                        -- physical order against logical order, -1 to 1
  most_common_freqs TEXT,                  -- frequencies of the most common values, JSON list
  most_common_vals TEXT,                   -- the values, PostgreSQL array text; only with --keep-literals
  histogram_bounds TEXT                    -- bounds of equal-frequency bins; only with --keep-literals
) STRICT;
CREATE INDEX column_statistics_relation ON column_statistics (relation_id, column_name);

-- All that ANALYZE left of columns and of expressions of indexes, exactly as the planner reads it: from
-- pg_statistic, else from pg_stats. Only with --with-values, since it holds user data.
CREATE TABLE planner_statistics (
  database_id INTEGER NOT NULL DEFAULT 1,  -- database
  relation_id INTEGER,                     -- table; NULL: of an index
  index_id INTEGER,                        -- index with expressions; NULL: of a table
  position INTEGER NOT NULL,               -- attnum within the table or the index
  inherited INTEGER NOT NULL DEFAULT 0,    -- of the table with its children
  null_frac REAL NOT NULL,                 -- stanullfrac
  avg_width INTEGER NOT NULL,              -- stawidth, bytes
  n_distinct REAL NOT NULL,                -- stadistinct
  slots TEXT NOT NULL DEFAULT '[]'         -- JSON list of {"kind", "operator", "collation", "numbers", "values"}: stakindN, the operator as regoperator writes it (NULL: the type's own), the collation with its schema, stanumbersN and stavaluesN as PostgreSQL array text
) STRICT;
CREATE INDEX planner_statistics_relation ON planner_statistics (relation_id, index_id);

-- Extended statistics, from pg_statistic_ext; what ANALYZE left of them only with --with-values.
CREATE TABLE extended_statistics (
  id INTEGER PRIMARY KEY,                  -- our id
  database_id INTEGER NOT NULL DEFAULT 1,  -- database
  oid INTEGER NOT NULL DEFAULT 0,          -- pg_statistic_ext.oid
  relation_id INTEGER NOT NULL,            -- table
  schema TEXT NOT NULL DEFAULT 'public',   -- schema
  name TEXT NOT NULL,                      -- stxname
  kinds TEXT NOT NULL DEFAULT '[]',        -- ndistinct, dependencies, mcv, expressions: JSON list
  columns TEXT NOT NULL DEFAULT '[]',      -- columns, JSON list; those of expressions are not among them
  statistics_target INTEGER,               -- stxstattarget; NULL: the default
  definition TEXT,                         -- pg_get_statisticsobjdef
  data TEXT                                -- JSON list of {"inherited", "ndistinct", "dependencies", "mcv", "expressions"}: stxdinherit (15+), the values as hexadecimal of their binary form, and for each expression (14+) null_frac, avg_width, n_distinct and slots as in planner_statistics; NULL where there is none; NULL: not read
) STRICT;
CREATE INDEX extended_statistics_relation ON extended_statistics (relation_id);

-- How many distinct values columns have together in some blocks drawn at random, without rows that have a NULL in one
-- of them. Hashes are counted, so no value is read. Only with --with-values, of large tables, where nothing else tells.
CREATE TABLE column_samples (
  relation_id INTEGER NOT NULL,            -- table
  columns TEXT NOT NULL,                   -- columns, JSON list
  blocks INTEGER NOT NULL,                 -- blocks of the table
  blocks_read INTEGER NOT NULL,            -- blocks of the sample that have rows
  values_by_block REAL NOT NULL,           -- distinct values of each of these blocks, summed
  values_in_all REAL NOT NULL,             -- distinct values of all of them together
  shared_squares REAL NOT NULL             -- of each two blocks the square of how many values they share, summed
) STRICT;
CREATE INDEX column_samples_relation ON column_samples (relation_id);

-- Ends of columns that lead a B-tree, as an index look-up finds them. Only with --with-values.
CREATE TABLE column_ends (
  relation_id INTEGER NOT NULL,            -- table
  column_name TEXT NOT NULL,               -- column
  least TEXT,                              -- least value as text; NULL: there is none
  greatest TEXT,                           -- greatest value as text; NULL: there is none
  PRIMARY KEY (relation_id, column_name)
) STRICT;

-- Functions and procedures that users made, from pg_proc; those of extensions are left out.
CREATE TABLE functions (
  id INTEGER PRIMARY KEY,                  -- our id
  database_id INTEGER NOT NULL DEFAULT 1,  -- database
  oid INTEGER NOT NULL DEFAULT 0,          -- pg_proc.oid
  schema TEXT NOT NULL DEFAULT 'public',   -- schema
  name TEXT NOT NULL,                      -- proname
  arguments TEXT NOT NULL DEFAULT '',      -- pg_get_function_identity_arguments
  kind TEXT NOT NULL DEFAULT 'function',   -- function, procedure, aggregate or window
  language TEXT,                           -- lanname
  volatility TEXT,                         -- immutable, stable or volatile
  result TEXT,                             -- pg_get_function_result
  definition TEXT                          -- pg_get_functiondef; of an aggregate put together from pg_aggregate
) STRICT;

-- Types that users made, from pg_type and pg_enum; those of tables are left out.
CREATE TABLE types (
  id INTEGER PRIMARY KEY,                  -- our id
  database_id INTEGER NOT NULL DEFAULT 1,  -- database
  oid INTEGER NOT NULL DEFAULT 0,          -- pg_type.oid
  schema TEXT NOT NULL DEFAULT 'public',   -- schema
  name TEXT NOT NULL,                      -- typname
  kind TEXT NOT NULL,                      -- enum, domain, composite, range or base
  labels TEXT,                             -- values of an enum in their order, JSON list
  base_type TEXT,                          -- domain: format_type of what it is over; range: of its subtype
  not_null INTEGER NOT NULL DEFAULT 0,     -- domain: NOT NULL
  checks TEXT,                             -- domain: JSON map of the names of its checks to true where they are validated
  collation TEXT,                          -- domain: collation, where it is not the type's own
  length INTEGER,                          -- typlen
  alignment TEXT,                          -- typalign: c, s, i or d
  storage TEXT,                            -- typstorage: p, e, m or x
  extension TEXT,                          -- extension that owns it
  attributes TEXT                          -- composite: JSON list of pairs of name and format_type, in order
) STRICT;

-- Collations that users made, from pg_collation; those of extensions are left out.
CREATE TABLE collations (
  id INTEGER PRIMARY KEY,                  -- our id
  database_id INTEGER NOT NULL DEFAULT 1,  -- database
  oid INTEGER NOT NULL DEFAULT 0,          -- pg_collation.oid
  schema TEXT NOT NULL DEFAULT 'public',   -- schema
  name TEXT NOT NULL,                      -- collname
  provider TEXT NOT NULL DEFAULT 'libc',   -- libc, icu, builtin or default
  "collate" TEXT,                          -- collcollate
  ctype TEXT,                              -- collctype
  locale TEXT,                             -- colllocale, before 17 colliculocale (15+)
  rules TEXT,                              -- collicurules (16+)
  is_deterministic INTEGER NOT NULL DEFAULT 1 -- collisdeterministic
) STRICT;

-- What views and materialized views read, from pg_depend.
CREATE TABLE view_columns (
  view_id INTEGER NOT NULL,                -- relations.id of the view
  relation_id INTEGER NOT NULL,            -- relation that it reads
  column_name TEXT                         -- column that it reads; NULL: the relation as a whole
) STRICT;
CREATE INDEX view_columns_relation ON view_columns (relation_id);

-- Constraints, from pg_constraint.
CREATE TABLE constraints (
  id INTEGER PRIMARY KEY,                  -- our id
  database_id INTEGER NOT NULL DEFAULT 1,  -- database
  oid INTEGER NOT NULL DEFAULT 0,          -- pg_constraint.oid
  relation_id INTEGER,                     -- table it stands on
  name TEXT NOT NULL,                      -- conname
  kind TEXT NOT NULL,                      -- primary key, unique, foreign key, check, exclusion, not null or trigger
  columns TEXT NOT NULL DEFAULT '[]',      -- column names in order, JSON list
  referenced_relation_id INTEGER,          -- foreign key: table that is referenced
  referenced_columns TEXT,                 -- foreign key: columns that are referenced, JSON list
  on_update TEXT,                          -- foreign key: no action, restrict, cascade, set null or set default
  on_delete TEXT,                          -- foreign key: as on_update
  index_oid INTEGER,                       -- index that backs the constraint, or the referenced one
  is_validated INTEGER NOT NULL DEFAULT 1, -- convalidated
  is_enforced INTEGER NOT NULL DEFAULT 1,  -- conenforced (18+)
  is_deferrable INTEGER NOT NULL DEFAULT 0, -- condeferrable
  is_inherited INTEGER NOT NULL DEFAULT 0, -- came from a parent table or partitioned table
  definition TEXT                          -- pg_get_constraintdef
) STRICT;
CREATE INDEX constraints_relation ON constraints (relation_id);

-- Indexes, from pg_index and pg_class.
CREATE TABLE indexes (
  id INTEGER PRIMARY KEY,                  -- our id
  database_id INTEGER NOT NULL DEFAULT 1,  -- database
  relation_id INTEGER NOT NULL,            -- table it stands on
  oid INTEGER NOT NULL DEFAULT 0,          -- pg_class.oid
  schema TEXT NOT NULL DEFAULT 'public',   -- schema
  name TEXT NOT NULL,                      -- index name
  method TEXT NOT NULL DEFAULT 'btree',    -- access method
  is_unique INTEGER NOT NULL DEFAULT 0,    -- indisunique
  nulls_not_distinct INTEGER NOT NULL DEFAULT 0, -- indnullsnotdistinct (15+)
  is_primary INTEGER NOT NULL DEFAULT 0,   -- indisprimary
  is_exclusion INTEGER NOT NULL DEFAULT 0, -- indisexclusion
  is_immediate INTEGER NOT NULL DEFAULT 1, -- indimmediate
  is_clustered INTEGER NOT NULL DEFAULT 0, -- indisclustered
  is_valid INTEGER NOT NULL DEFAULT 1,     -- indisvalid
  is_ready INTEGER NOT NULL DEFAULT 1,     -- indisready
  is_live INTEGER NOT NULL DEFAULT 1,      -- indislive
  is_replica_identity INTEGER NOT NULL DEFAULT 0, -- indisreplident
  is_partitioned INTEGER NOT NULL DEFAULT 0, -- an index of a partitioned table: holds no data itself
  parent_id INTEGER,                       -- index of the partitioned table it is attached to
  constraint_name TEXT,                    -- primary key, unique or exclusion constraint that it backs
  key_columns INTEGER NOT NULL DEFAULT 1,  -- number of key columns, without INCLUDE
  predicate TEXT,                          -- WHERE of a partial index
  definition TEXT,                         -- pg_get_indexdef
  tablespace TEXT,                         -- tablespace; NULL: the database's
  options TEXT,                            -- reloptions as a JSON map of texts
  row_estimate REAL,                       -- pg_class.reltuples
  pages INTEGER,                           -- pg_class.relpages
  size_bytes INTEGER,                      -- pg_relation_size, main fork
  extension TEXT,                          -- extension that owns its table
  height INTEGER,                          -- B-tree: level of the fast root, from its metapage, which a superuser reads by pageinspect or, with --with-values, from the file; NULL: not read
  gin_pending_pages INTEGER,               -- GIN, from its metapage as above: pages of entries that wait to be put in place
  gin_total_pages INTEGER,                 -- GIN: pages at the last VACUUM
  gin_entry_pages INTEGER,                 -- GIN: pages of the tree of keys at the last VACUUM
  gin_data_pages INTEGER,                  -- GIN: pages of lists of rows at the last VACUUM
  gin_entries INTEGER,                     -- GIN: keys at the last VACUUM
  brin_range_pages INTEGER,                -- BRIN, from its metapage as above: pages of its table that an entry stands for
  brin_map_pages INTEGER,                  -- BRIN: last page of its map, which begins at page 1
  made_xid INTEGER,                        -- full transaction id that wrote its row of pg_index: made it, or changed it later
  made_at INTEGER,                         -- when that transaction was committed (track_commit_timestamp)
  there_since_at INTEGER                   -- derived: the earliest moment at which it was there for certain; NULL: none is known
) STRICT;
CREATE INDEX indexes_relation ON indexes (relation_id);
CREATE INDEX indexes_oid ON indexes (database_id, oid);

-- How far transaction ids had come when. What was written at a known moment tells that ids below its own had
-- been given out: tables that were vacuumed, analyzed or read, freeze limits, earlier snapshots.
CREATE TABLE xid_times (
  before_xid INTEGER NOT NULL,             -- full transaction ids below this one had been given out
  at INTEGER NOT NULL                      -- by this moment
) STRICT;

-- Columns and expressions of indexes, in order.
CREATE TABLE index_columns (
  index_id INTEGER NOT NULL,               -- index
  position INTEGER NOT NULL,               -- 1-based place in the index
  column_name TEXT,                        -- column; NULL: an expression
  expression TEXT,                         -- expression; NULL: a plain column
  is_included INTEGER NOT NULL DEFAULT 0,  -- INCLUDE column, not part of the key
  opclass TEXT,                            -- operator class, with its schema when not pg_catalog
  opclass_is_default INTEGER NOT NULL DEFAULT 1, -- the type's default operator class
  collation TEXT,                          -- collation of the key column
  is_descending INTEGER NOT NULL DEFAULT 0, -- DESC
  nulls_first INTEGER NOT NULL DEFAULT 0,  -- NULLS FIRST
  PRIMARY KEY (index_id, position)
) STRICT;

-- Sequences, from pg_sequences and pg_depend.
CREATE TABLE sequences (
  id INTEGER PRIMARY KEY,                  -- our id
  database_id INTEGER NOT NULL DEFAULT 1,  -- database
  oid INTEGER NOT NULL DEFAULT 0,          -- pg_class.oid
  schema TEXT NOT NULL DEFAULT 'public',   -- schema
  name TEXT NOT NULL,                      -- sequence name
  type TEXT NOT NULL DEFAULT 'bigint',     -- smallint, integer or bigint
  start_value INTEGER,                     -- first value
  min_value INTEGER,                       -- least value
  max_value INTEGER,                       -- greatest value
  increment INTEGER NOT NULL DEFAULT 1,    -- step
  cycles INTEGER NOT NULL DEFAULT 0,       -- starts again at the end
  last_value INTEGER,                      -- last value written to disk; NULL: never used, or not readable (see missing_facts)
  owner_relation_id INTEGER,               -- table whose column it feeds (serial or identity)
  owner_column TEXT                        -- that column
) STRICT;

-- Functions and procedures that run with their owner's rights, from pg_proc.
CREATE TABLE security_definer_functions (
  id INTEGER PRIMARY KEY,                  -- our id
  database_id INTEGER NOT NULL DEFAULT 1,  -- database
  schema TEXT NOT NULL DEFAULT 'public',   -- schema
  name TEXT NOT NULL,                      -- proname
  arguments TEXT NOT NULL DEFAULT '',      -- identity arguments
  kind TEXT NOT NULL DEFAULT 'function',   -- function or procedure
  owner TEXT,                              -- role that owns it
  owner_is_superuser INTEGER NOT NULL DEFAULT 0, -- that role is a superuser
  search_path TEXT,                        -- SET search_path of the function; NULL: the caller's
  public_execute INTEGER NOT NULL DEFAULT 1, -- PUBLIC may call it
  extension TEXT                           -- extension that owns it
) STRICT;

-- Triggers of users, from pg_trigger.
CREATE TABLE triggers (
  id INTEGER PRIMARY KEY,                  -- our id
  relation_id INTEGER NOT NULL,            -- table
  name TEXT NOT NULL,                      -- tgname
  enabled TEXT NOT NULL DEFAULT 'origin',  -- origin, always, replica or disabled
  definition TEXT                          -- pg_get_triggerdef
) STRICT;

-- Row security policies, from pg_policy.
CREATE TABLE policies (
  id INTEGER PRIMARY KEY,                  -- our id
  relation_id INTEGER NOT NULL,            -- table
  name TEXT NOT NULL,                      -- polname
  command TEXT NOT NULL DEFAULT 'all',     -- all, select, insert, update or delete
  is_permissive INTEGER NOT NULL DEFAULT 1, -- polpermissive
  roles TEXT NOT NULL DEFAULT '["public"]', -- roles that it is for, JSON list
  using_expression TEXT,                   -- USING, with literals redacted
  check_expression TEXT                    -- WITH CHECK, with literals redacted
) STRICT;

-- Tables of publications, from pg_publication_tables.
CREATE TABLE publication_tables (
  database_id INTEGER NOT NULL DEFAULT 1,  -- database
  publication TEXT NOT NULL,               -- pubname
  relation_id INTEGER,                     -- table
  publishes_update INTEGER NOT NULL DEFAULT 1, -- pubupdate
  publishes_delete INTEGER NOT NULL DEFAULT 1  -- pubdelete
) STRICT;

-- Subscriptions, from pg_stat_subscription and pg_subscription.
CREATE TABLE subscriptions (
  database_id INTEGER NOT NULL DEFAULT 1,  -- database
  name TEXT NOT NULL,                      -- subname
  is_enabled INTEGER NOT NULL DEFAULT 1,   -- subenabled
  worker_pid INTEGER,                      -- process that applies changes; NULL: none runs
  message_at INTEGER,                      -- when the last message of the publisher came
  tables_pending INTEGER,                  -- tables that are not yet copied and in step
  apply_errors INTEGER,                    -- errors while applying changes (15+)
  sync_errors INTEGER,                     -- errors while copying tables (15+)
  stats_reset_at INTEGER                   -- last reset of these counts (15+)
) STRICT;

-- The largest system catalogs of each database, from pg_stat_sys_tables.
CREATE TABLE system_catalogs (
  database_id INTEGER NOT NULL DEFAULT 1,  -- database
  name TEXT NOT NULL,                      -- relname, of schema pg_catalog
  size_bytes INTEGER,                      -- table, without indexes and TOAST
  total_bytes INTEGER,                     -- with indexes and TOAST
  row_estimate REAL,                       -- pg_class.reltuples; NULL: never vacuumed or analyzed
  row_width REAL,                          -- mean width of a row by pg_stats, bytes; NULL: not visible
  n_live_tup INTEGER,                      -- live rows, estimate
  n_dead_tup INTEGER,                      -- dead rows, estimate
  n_tup_del INTEGER,                       -- rows deleted since the counters began
  last_autovacuum_at INTEGER               -- last autovacuum
) STRICT;

-- Counters of tables, from pg_stat_all_tables and pg_statio_all_tables.
CREATE TABLE relation_stats (
  sample_id INTEGER NOT NULL DEFAULT 1,    -- sample
  relation_id INTEGER NOT NULL,            -- table
  seq_scan INTEGER,                        -- sequential scans
  last_seq_scan_at INTEGER,                -- last one (16+)
  seq_tup_read INTEGER,                    -- rows they read
  idx_scan INTEGER,                        -- index scans; NULL: it has no index
  last_idx_scan_at INTEGER,                -- last one (16+)
  idx_tup_fetch INTEGER,                   -- rows they fetched
  n_tup_ins INTEGER,                       -- rows inserted
  n_tup_upd INTEGER,                       -- rows updated
  n_tup_del INTEGER,                       -- rows deleted
  n_tup_hot_upd INTEGER,                   -- updates that touched no index
  n_tup_newpage_upd INTEGER,               -- updates whose new version went to another page (16+)
  n_live_tup INTEGER,                      -- live rows, estimate
  n_dead_tup INTEGER,                      -- dead rows, estimate
  n_mod_since_analyze INTEGER,             -- rows changed since the last ANALYZE
  n_ins_since_vacuum INTEGER,              -- rows inserted since the last VACUUM (13+)
  last_vacuum_at INTEGER,                  -- last VACUUM by hand
  last_autovacuum_at INTEGER,              -- last autovacuum
  last_analyze_at INTEGER,                 -- last ANALYZE by hand
  last_autoanalyze_at INTEGER,             -- last autoanalyze
  vacuum_count INTEGER,                    -- VACUUMs by hand
  autovacuum_count INTEGER,                -- autovacuums
  analyze_count INTEGER,                   -- ANALYZEs by hand
  autoanalyze_count INTEGER,               -- autoanalyzes
  total_vacuum_ms REAL,                    -- time of VACUUMs by hand (18+)
  total_autovacuum_ms REAL,                -- time of autovacuums (18+)
  total_analyze_ms REAL,                   -- time of ANALYZEs by hand (18+)
  total_autoanalyze_ms REAL,               -- time of autoanalyzes (18+)
  heap_blks_read INTEGER,                  -- heap blocks read into shared buffers
  heap_blks_hit INTEGER,                   -- heap blocks found there
  idx_blks_read INTEGER,                   -- index blocks read
  idx_blks_hit INTEGER,                    -- index blocks found
  toast_blks_read INTEGER,                 -- TOAST blocks read, index included
  toast_blks_hit INTEGER,                  -- TOAST blocks found, index included
  PRIMARY KEY (sample_id, relation_id)
) STRICT;

-- Counters of indexes, from pg_stat_all_indexes and pg_statio_all_indexes.
CREATE TABLE index_stats (
  sample_id INTEGER NOT NULL DEFAULT 1,    -- sample
  index_id INTEGER NOT NULL,               -- index
  idx_scan INTEGER,                        -- scans
  last_idx_scan_at INTEGER,                -- last one (16+)
  idx_tup_read INTEGER,                    -- entries returned
  idx_tup_fetch INTEGER,                   -- rows fetched by simple scans
  idx_blks_read INTEGER,                   -- blocks read into shared buffers
  idx_blks_hit INTEGER,                    -- blocks found there
  PRIMARY KEY (sample_id, index_id)
) STRICT;

-- Counters of databases, from pg_stat_database and pg_stat_database_conflicts.
CREATE TABLE database_stats (
  sample_id INTEGER NOT NULL DEFAULT 1,    -- sample
  database_id INTEGER NOT NULL DEFAULT 1,  -- database
  numbackends INTEGER,                     -- sessions now
  xact_commit INTEGER,                     -- transactions committed
  xact_rollback INTEGER,                   -- transactions rolled back
  blks_read INTEGER,                       -- blocks read into shared buffers
  blks_hit INTEGER,                        -- blocks found there
  tup_returned INTEGER,                    -- rows scanned
  tup_fetched INTEGER,                     -- rows fetched by index scans
  tup_inserted INTEGER,                    -- rows inserted
  tup_updated INTEGER,                     -- rows updated
  tup_deleted INTEGER,                     -- rows deleted
  conflicts INTEGER,                       -- queries cancelled by recovery, standby only
  temp_files INTEGER,                      -- temporary files written
  temp_bytes INTEGER,                      -- bytes written to them
  deadlocks INTEGER,                       -- deadlocks
  checksum_failures INTEGER,               -- pages whose checksum failed; NULL: checksums are off
  blk_read_time_ms REAL,                   -- time reading blocks; 0 without track_io_timing
  blk_write_time_ms REAL,                  -- time writing blocks; 0 without track_io_timing
  session_time_ms REAL,                    -- time of sessions (14+)
  active_time_ms REAL,                     -- time executing statements (14+)
  idle_in_transaction_time_ms REAL,        -- time idle in transactions (14+)
  sessions INTEGER,                        -- sessions opened (14+)
  sessions_abandoned INTEGER,              -- sessions whose client vanished (14+)
  sessions_fatal INTEGER,                  -- sessions ended by an error (14+)
  sessions_killed INTEGER,                 -- sessions terminated by an operator (14+)
  stats_reset_at INTEGER,                  -- last reset of this database's counters; NULL: never
  PRIMARY KEY (sample_id, database_id)
) STRICT;

-- Statements of a database, one row a fingerprint.
CREATE TABLE statements (
  id INTEGER PRIMARY KEY,                  -- our id
  database_id INTEGER NOT NULL DEFAULT 1,  -- database
  fingerprint TEXT NOT NULL,               -- versioned fingerprint; 'hidden' gathers texts that our role may not see
  text TEXT,                               -- text with literals redacted; NULL: hidden
  longest_list INTEGER,                    -- longest IN (…) or ARRAY[…] of constants seen in its texts; NULL: unknown, as where the server squashes lists (18+)
  largest_offset INTEGER,                  -- largest number after OFFSET seen in its texts, rows; NULL: none was seen, as where the server replaces it by a parameter
  has_leading_wildcard INTEGER,            -- 1: a pattern of LIKE in its texts begins with % or _; 0 or NULL: none was seen
  UNIQUE (database_id, fingerprint)
) STRICT;

-- Counters of statements, from pg_stat_statements. One statement may have several rows a sample.
CREATE TABLE statement_counters (
  sample_id INTEGER NOT NULL DEFAULT 1,    -- sample
  statement_id INTEGER NOT NULL,           -- statement
  role_id INTEGER,                         -- role that ran it
  toplevel INTEGER,                        -- 0: ran inside a function (14+)
  queryid INTEGER,                         -- identifier of pg_stat_statements; NULL: hidden
  plans INTEGER,                           -- times planned (13+, pg_stat_statements.track_planning)
  total_plan_ms REAL,                      -- time planning (13+)
  calls INTEGER,                           -- executions
  total_exec_ms REAL,                      -- time executing
  min_exec_ms REAL,                        -- least
  max_exec_ms REAL,                        -- greatest
  mean_exec_ms REAL,                       -- mean
  stddev_exec_ms REAL,                     -- standard deviation
  rows INTEGER,                            -- rows returned or affected
  shared_blks_hit INTEGER,                 -- blocks found in shared buffers
  shared_blks_read INTEGER,                -- blocks read
  shared_blks_dirtied INTEGER,             -- blocks dirtied
  shared_blks_written INTEGER,             -- blocks written
  local_blks_hit INTEGER,                  -- blocks of temporary tables found
  local_blks_read INTEGER,                 -- blocks of temporary tables read
  local_blks_dirtied INTEGER,              -- blocks of temporary tables dirtied
  local_blks_written INTEGER,              -- blocks of temporary tables written
  temp_blks_read INTEGER,                  -- blocks of temporary files read
  temp_blks_written INTEGER,               -- blocks of temporary files written
  blk_read_ms REAL,                        -- time reading blocks of tables; 0 without track_io_timing
  blk_write_ms REAL,                       -- time writing blocks of tables
  local_blk_read_ms REAL,                  -- time reading blocks of temporary tables (17+)
  local_blk_write_ms REAL,                 -- time writing blocks of temporary tables (17+)
  temp_blk_read_ms REAL,                   -- time reading temporary files (15+)
  temp_blk_write_ms REAL,                  -- time writing temporary files (15+)
  wal_records INTEGER,                     -- WAL records (13+)
  wal_fpi INTEGER,                         -- full page images (13+)
  wal_bytes INTEGER,                       -- bytes of WAL (13+)
  wal_buffers_full INTEGER,                -- times the WAL buffers were full (18+)
  jit_functions INTEGER,                   -- functions compiled (15+)
  jit_generation_ms REAL,                  -- time generating code (15+)
  jit_inlining_ms REAL,                    -- time inlining (15+)
  jit_optimization_ms REAL,                -- time optimizing (15+)
  jit_emission_ms REAL,                    -- time emitting code (15+)
  jit_deform_ms REAL,                      -- time compiling tuple deforming (17+)
  parallel_workers_to_launch INTEGER,      -- parallel workers planned (18+)
  parallel_workers_launched INTEGER,       -- parallel workers got (18+)
  stats_since_at INTEGER,                  -- when these counters began (17+)
  minmax_since_at INTEGER                  -- when min and max began (17+)
) STRICT;
CREATE INDEX statement_counters_statement ON statement_counters (statement_id, sample_id);
CREATE INDEX statement_counters_sample ON statement_counters (sample_id);

-- Statements of files of a workload, each text by itself.
CREATE TABLE workload_texts (
  statement_id INTEGER NOT NULL,           -- statement
  position INTEGER NOT NULL,               -- place among all texts, from 1
  name TEXT,                               -- what its file calls it: -- name: before it, else the name of the file
  calls REAL NOT NULL DEFAULT 1,           -- executions that it stands for
  text TEXT,                               -- text with its literals; NULL: they are not kept
  PRIMARY KEY (position)
) STRICT;
CREATE INDEX workload_texts_statement ON workload_texts (statement_id);

-- What each statement is by its syntax, one row a statement whose text is known. Derived.
CREATE TABLE statement_shapes (
  statement_id INTEGER PRIMARY KEY,        -- statement
  kind TEXT NOT NULL DEFAULT 'select',     -- select, values, insert, update, delete, merge, copy, call, explain, transaction, set, utility (any other), or unknown
  purpose TEXT NOT NULL DEFAULT 'application', -- application; session: transaction control, settings, pings and the like; catalog: reads system relations only; constraint: the server itself runs it to keep a foreign key
  read_as TEXT NOT NULL DEFAULT 'tree',    -- tree: by its syntax tree; tokens: no tree could be made, so only names and plain comparisons are known; command: no query
  unread_because TEXT,                     -- why there is no tree
  subject_block INTEGER NOT NULL DEFAULT 0, -- block whose rows are asked for, where the statement only wraps it: SELECT EXISTS (…), SELECT count(*) FROM (…)
  wrapper TEXT,                            -- exists or count: what is asked of the subject block; NULL: its rows
  rows_given INTEGER,                      -- INSERT … VALUES: rows in the text that was kept
  is_single_row INTEGER,                   -- its form gives one row at most: a unique key by equality, an aggregate without GROUP BY, LIMIT 1; NULL: not known
  tags TEXT                                -- tags of a sqlcommenter comment, JSON map; those of the first execution, so an example
) STRICT;

-- Query blocks of a statement: block 0 is the statement itself, each subquery, CTE, branch of a set
-- operation and view is one more. Derived.
CREATE TABLE query_blocks (
  statement_id INTEGER NOT NULL,           -- statement
  block INTEGER NOT NULL DEFAULT 0,        -- 0-based number within the statement
  parent_block INTEGER,                    -- block it stands in; NULL: the statement itself
  role TEXT NOT NULL DEFAULT 'statement',  -- statement, cte, from, exists, in, scalar, branch (of a set operation), source (of INSERT or MERGE) or view
  is_negated INTEGER NOT NULL DEFAULT 0,   -- NOT EXISTS, NOT IN
  is_correlated INTEGER NOT NULL DEFAULT 0, -- reads columns of a block around it
  set_operation TEXT,                      -- union, union all, intersect, except, …: its branches are blocks of their own
  is_distinct INTEGER NOT NULL DEFAULT 0,  -- SELECT DISTINCT
  has_star INTEGER NOT NULL DEFAULT 0,     -- an output is * or table.*
  outputs INTEGER NOT NULL DEFAULT 0,      -- number of outputs as written
  aggregates INTEGER NOT NULL DEFAULT 0,   -- outputs with an aggregate function
  has_group_by INTEGER NOT NULL DEFAULT 0, -- GROUP BY
  has_window INTEGER NOT NULL DEFAULT 0,   -- a window function
  limit_by TEXT,                           -- constant, parameter or expression; NULL: no LIMIT
  limit_value INTEGER,                     -- its value, where the text holds it
  offset_by TEXT,                          -- constant, parameter or expression; NULL: no OFFSET
  offset_value INTEGER,                    -- its value, where the text holds it
  lock_strength TEXT,                      -- update, no key update, share or key share; NULL: no locking clause
  lock_wait TEXT,                          -- nowait or skip locked; NULL: it waits
  orders_randomly INTEGER NOT NULL DEFAULT 0, -- ORDER BY a random number
  PRIMARY KEY (statement_id, block)
) STRICT;

-- Relations that a query block reads or writes. Derived.
CREATE TABLE query_relations (
  statement_id INTEGER NOT NULL,           -- statement
  block INTEGER NOT NULL DEFAULT 0,        -- block
  ordinal INTEGER NOT NULL DEFAULT 0,      -- 0-based place in its FROM list
  relation_id INTEGER,                     -- relation; NULL: no such relation is known
  schema TEXT,                             -- schema, as written or found
  name TEXT NOT NULL,                      -- name
  alias TEXT,                              -- alias
  usage TEXT NOT NULL DEFAULT 'read',      -- read or written
  join_kind TEXT,                          -- inner, left, right, full or cross; NULL: first, or listed with a comma
  PRIMARY KEY (statement_id, block, ordinal)
) STRICT;
CREATE INDEX query_relations_relation ON query_relations (relation_id);

-- Outputs of a query block. Derived.
CREATE TABLE query_outputs (
  statement_id INTEGER NOT NULL,           -- statement
  block INTEGER NOT NULL DEFAULT 0,        -- block
  position INTEGER NOT NULL,               -- 1-based place
  kind TEXT NOT NULL DEFAULT 'column',     -- column, star, aggregate, constant, subquery or expression
  relation_id INTEGER,                     -- column: its relation; star: the relation, NULL where it means several
  column_name TEXT,                        -- column
  function TEXT,                           -- aggregate: its function
  name TEXT,                               -- output name, where one is given
  PRIMARY KEY (statement_id, block, position)
) STRICT;

-- Comparisons of a query block, joins left out; the first 1,000 of a statement. Derived.
CREATE TABLE query_predicates (
  statement_id INTEGER NOT NULL,           -- statement
  block INTEGER NOT NULL DEFAULT 0,        -- block
  position INTEGER NOT NULL,               -- 1-based place
  clause TEXT NOT NULL DEFAULT 'where',    -- where, on or having
  or_group INTEGER,                        -- number of the OR it stands under; NULL: it must hold
  or_arm INTEGER,                          -- arm of that OR
  ordinal INTEGER,                         -- place of the relation in the FROM list of the block
  relation_id INTEGER,                     -- relation of the column; NULL: not known
  column_name TEXT,                        -- column that is compared; NULL: none, or several
  wrapped_in TEXT,                         -- what stands around the column: function, cast or expression; NULL: nothing
  wrapper TEXT,                            -- the function or type
  expression TEXT,                         -- the side with the column, as SQL, where it is more than the column
  operator TEXT NOT NULL DEFAULT '=',      -- operator, in lower case: =, <, in, like, ilike, between, is null, @>, …; with not in front where negated
  comparand TEXT NOT NULL DEFAULT 'parameter', -- parameter, constant, list, column, subquery, expression or none
  value TEXT,                              -- constant, as SQL, where the text that was kept holds it and it is short
  list_length INTEGER,                     -- list: number of elements in the text that was kept
  is_sargable INTEGER,                     -- a plain B-tree index on the column could serve it; NULL: depends on the value (LIKE $1) or not known
  unsargable_because TEXT,                 -- function, cast, expression, negation or operator
  expression_index_id INTEGER,             -- valid index that holds the expression; values within it are not compared
  PRIMARY KEY (statement_id, block, position)
) STRICT;
CREATE INDEX query_predicates_relation ON query_predicates (relation_id);

-- Join edges: columns of two relations that are compared with =. Derived.
CREATE TABLE query_joins (
  statement_id INTEGER NOT NULL,           -- statement
  block INTEGER NOT NULL DEFAULT 0,        -- block of the comparison
  left_ordinal INTEGER,                    -- place of the left relation in its block; NULL: in a block around this one
  left_relation_id INTEGER,                -- left relation
  left_column TEXT NOT NULL,               -- its column
  right_ordinal INTEGER,                   -- place of the right relation in its block; NULL: in a block around this one
  right_relation_id INTEGER,               -- right relation
  right_column TEXT NOT NULL               -- its column
) STRICT;
CREATE INDEX query_joins_statement ON query_joins (statement_id, block);

-- GROUP BY, ORDER BY and DISTINCT ON of a query block, in order. Derived.
CREATE TABLE query_sorts (
  statement_id INTEGER NOT NULL,           -- statement
  block INTEGER NOT NULL DEFAULT 0,        -- block
  clause TEXT NOT NULL DEFAULT 'order',    -- group, order or distinct
  position INTEGER NOT NULL,               -- 1-based place
  ordinal INTEGER,                         -- place of the relation in the FROM list of the block
  relation_id INTEGER,                     -- relation of the column
  column_name TEXT,                        -- column; NULL: an expression
  expression TEXT,                         -- the expression, as SQL
  is_descending INTEGER NOT NULL DEFAULT 0, -- DESC
  nulls_first INTEGER NOT NULL DEFAULT 0,  -- NULLS FIRST, written or meant by DESC
  PRIMARY KEY (statement_id, block, clause, position)
) STRICT;

-- Functions that a statement calls. Derived.
CREATE TABLE query_functions (
  statement_id INTEGER NOT NULL,           -- statement
  name TEXT NOT NULL,                      -- function, with its schema where one is written
  is_aggregate INTEGER NOT NULL DEFAULT 0, -- a built-in aggregate function
  volatility TEXT                          -- volatile, stable or immutable, for built-in functions; NULL: not known
) STRICT;
CREATE INDEX query_functions_statement ON query_functions (statement_id);

-- Columns that a statement refers to, with stars and views expanded. Derived.
CREATE TABLE column_refs (
  statement_id INTEGER NOT NULL,           -- statement
  relation_id INTEGER NOT NULL,            -- relation
  column_name TEXT NOT NULL,               -- column
  usage TEXT NOT NULL                      -- output, predicate, join, group, order, set, insert or other
) STRICT;
CREATE INDEX column_refs_relation ON column_refs (relation_id, column_name);
CREATE INDEX column_refs_statement ON column_refs (statement_id);

-- How a query block looks for rows of a table: what an index could serve. Derived.
CREATE TABLE access_paths (
  statement_id INTEGER NOT NULL,           -- statement
  block INTEGER NOT NULL DEFAULT 0,        -- block
  ordinal INTEGER NOT NULL DEFAULT 0,      -- place in the FROM list of the block
  relation_id INTEGER NOT NULL,            -- table
  equality_columns TEXT NOT NULL DEFAULT '[]', -- compared with = to values, JSON list
  in_columns TEXT NOT NULL DEFAULT '[]',   -- compared with IN or = ANY, JSON list
  null_columns TEXT NOT NULL DEFAULT '[]', -- IS NULL, JSON list
  join_columns TEXT NOT NULL DEFAULT '[]', -- compared with = to columns of other relations, JSON list
  range_columns TEXT NOT NULL DEFAULT '[]', -- compared with <, >, BETWEEN, JSON list
  other_columns TEXT NOT NULL DEFAULT '[]', -- in predicates that a plain B-tree index does not serve, JSON list
  sort_columns TEXT NOT NULL DEFAULT '[]', -- ORDER BY where all of it is of this table, JSON list of names, "-" in front where descending
  has_limit INTEGER NOT NULL DEFAULT 0,    -- the block has a LIMIT
  has_unknown INTEGER NOT NULL DEFAULT 0,  -- further conditions that are not told apart: OR, expressions of several columns
  PRIMARY KEY (statement_id, block, ordinal)
) STRICT;
CREATE INDEX access_paths_relation ON access_paths (relation_id);

-- Indexes that would let a statement read fewer rows of a table than those there are: estimates
-- from statistics, by which pages judge. Tables that are partitioned are left out. Derived.
CREATE TABLE index_candidates (
  statement_id INTEGER NOT NULL,           -- statement
  block INTEGER NOT NULL DEFAULT 0,        -- block
  ordinal INTEGER NOT NULL DEFAULT 0,      -- place in the FROM list of the block
  relation_id INTEGER NOT NULL,            -- table
  columns TEXT NOT NULL DEFAULT '[]',      -- key columns, JSON list, "-" in front where it must descend
  equalities INTEGER NOT NULL DEFAULT 0,   -- columns at the beginning that are compared with = or lists
  is_sorted INTEGER NOT NULL DEFAULT 0,    -- it gives the order that a LIMIT asks for
  is_known INTEGER NOT NULL DEFAULT 1,     -- statistics tell how many distinct values these columns have, and no OFFSET skips rows
  rows_with REAL NOT NULL,                 -- rows that a call would read by it
  rows_now REAL NOT NULL,                  -- rows that a call reads by the best index there is
  index_now_id INTEGER,                    -- that index; NULL: none, the table is read
  is_sorted_now INTEGER NOT NULL DEFAULT 0, -- that index gives the order
  PRIMARY KEY (statement_id, block, ordinal)
) STRICT;
CREATE INDEX index_candidates_relation ON index_candidates (relation_id);

-- Statements that may be run once for each row of another: the figures by which pages judge it.
-- Derived.
CREATE TABLE loop_candidates (
  parent_id INTEGER,                       -- statement that gives the rows; NULL: none is known
  child_id INTEGER NOT NULL,               -- statement that may be run in a loop
  database_id INTEGER NOT NULL DEFAULT 1,  -- database of both
  edge TEXT,                               -- how the key of the child comes out of the parent: foreign key, referenced key, own key, shared key (both refer to the same row), same name, named (user_id and users.id) or like name (cover_key and asset_key); NULL: it does not
  relation_id INTEGER,                     -- table of the child; NULL: the facts have no such table
  column_name TEXT,                        -- its column that is compared
  parent_relation_id INTEGER,              -- table of the parent that gives the key; NULL: the facts have no such table
  parent_column TEXT,                      -- its column
  child_calls INTEGER NOT NULL DEFAULT 0,  -- calls of the child over the time that was looked at
  parent_calls INTEGER NOT NULL DEFAULT 0, -- calls of the parent
  parent_rows INTEGER NOT NULL DEFAULT 0,  -- rows of the parent
  intervals INTEGER NOT NULL DEFAULT 0,    -- intervals between samples in which either was active
  all_intervals INTEGER NOT NULL DEFAULT 0, -- intervals in which any statement was
  deviation REAL,                          -- sum of |child calls - parent rows| over the intervals, as a share of the child's calls; NULL: no intervals
  ratio REAL,                              -- child calls for each row of the parent, over all
  correlation REAL,                        -- of child calls with parent rows over the intervals
  is_best INTEGER NOT NULL DEFAULT 0,      -- the closest parent of this child, by the counters
  log_child_calls INTEGER,                 -- executions of the child in logs; NULL: no log has it
  log_parent_calls INTEGER,                -- executions of the parent in logs; NULL: no log has it
  log_parents INTEGER,                     -- executions of the parent that two or more of the child follow, as log_followed has them; NULL: none
  log_in_transaction INTEGER,              -- of them, those in a transaction
  log_in_trace INTEGER,                    -- of them, those in a trace
  log_beside_queue INTEGER,                -- of them, those beside a read with SKIP LOCKED
  log_children INTEGER,                    -- executions of the child after them
  log_varied INTEGER,                      -- of these, those with other values than the one before
  log_longest INTEGER,                     -- most executions that follow one
  log_longest_at INTEGER,                  -- when that began
  log_longest_ms REAL                      -- from there to the last of them
) STRICT;
CREATE INDEX loop_candidates_child ON loop_candidates (child_id);

-- Sessions of clients and background workers, from pg_stat_activity.
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,                  -- our id
  sample_id INTEGER NOT NULL DEFAULT 1,    -- sample
  pid INTEGER NOT NULL,                    -- process id
  database_id INTEGER,                     -- database; NULL: none
  role_id INTEGER,                         -- role; NULL: none or not visible
  application_name TEXT,                   -- application_name
  client TEXT,                             -- client address, or local
  backend_type TEXT NOT NULL DEFAULT 'client backend', -- kind of process
  leader_pid INTEGER,                      -- leader of a parallel worker (13+)
  started_at INTEGER,                      -- backend_start
  xact_started_at INTEGER,                 -- xact_start
  query_started_at INTEGER,                -- query_start
  state_changed_at INTEGER,                -- state_change
  state TEXT,                              -- active, idle, idle in transaction, …
  wait_event_type TEXT,                    -- class of what it waits for
  wait_event TEXT,                         -- what it waits for
  xid_age INTEGER,                         -- age(backend_xid), transactions
  xmin_age INTEGER,                        -- age(backend_xmin), transactions
  queryid INTEGER,                         -- query_id (14+)
  fingerprint TEXT,                        -- fingerprint of query
  query TEXT,                              -- current or last statement with literals redacted; NULL: not visible
  is_ssl INTEGER                           -- connection is encrypted
) STRICT;

-- Who waits for whom, from pg_blocking_pids.
CREATE TABLE blockers (
  sample_id INTEGER NOT NULL DEFAULT 1,    -- sample
  pid INTEGER NOT NULL,                    -- process that waits
  blocked_by INTEGER NOT NULL              -- process it waits for; 0: a prepared transaction
) STRICT;

-- Locks that wait or that others may wait for, from pg_locks (weak granted table locks left out).
CREATE TABLE locks (
  sample_id INTEGER NOT NULL DEFAULT 1,    -- sample
  pid INTEGER,                             -- holder or waiter; NULL: a prepared transaction
  database_id INTEGER,                     -- database
  relation_oid INTEGER,                    -- table or index
  locktype TEXT,                           -- relation, transactionid, tuple, …
  mode TEXT,                               -- lock mode
  is_granted INTEGER NOT NULL DEFAULT 1,   -- 0: it waits
  waiting_since_at INTEGER                 -- waitstart (14+)
) STRICT;

-- How full the table of locks is, from pg_locks.
CREATE TABLE lock_usage (
  sample_id INTEGER NOT NULL DEFAULT 1,    -- sample
  in_table INTEGER NOT NULL,               -- locks on objects that take an entry in the shared table
  fast_path INTEGER NOT NULL               -- locks that sessions keep beside it
) STRICT;

-- Prepared transactions, from pg_prepared_xacts.
CREATE TABLE prepared_transactions (
  node_id INTEGER NOT NULL DEFAULT 1,      -- server
  gid TEXT NOT NULL,                       -- global identifier
  database_name TEXT,                      -- database
  owner TEXT,                              -- role
  prepared_at INTEGER,                     -- when
  xid_age INTEGER                          -- age of its transaction id
) STRICT;

-- Standbys and other receivers of WAL that are connected, from pg_stat_replication.
CREATE TABLE wal_senders (
  sample_id INTEGER NOT NULL DEFAULT 1,    -- sample
  pid INTEGER,                             -- process id
  application_name TEXT,                   -- name of the receiver
  client TEXT,                             -- its address
  state TEXT,                              -- startup, catchup, streaming, backup, stopping
  sync_state TEXT,                         -- async, potential, sync or quorum
  is_logical INTEGER,                      -- serves a logical slot
  sent_lag_bytes INTEGER,                  -- WAL written here and not yet sent
  replay_lag_bytes INTEGER,                -- WAL written here and not yet replayed there
  write_lag_ms REAL,                       -- time to written there
  flush_lag_ms REAL,                       -- time to flushed there
  replay_lag_ms REAL,                      -- time to replayed there
  xmin_age INTEGER                         -- backend_xmin age: hot_standby_feedback
) STRICT;

-- Source of WAL of a standby, from pg_stat_wal_receiver.
CREATE TABLE wal_receivers (
  sample_id INTEGER NOT NULL DEFAULT 1,    -- sample
  status TEXT,                             -- streaming, …
  sender_host TEXT,                        -- host of the sender
  sender_port INTEGER,                     -- port of the sender
  slot_name TEXT,                          -- slot in use
  replay_delay_ms REAL                     -- since the last replayed commit; grows also while the primary is quiet
) STRICT;

-- Replication slots, from pg_replication_slots.
CREATE TABLE replication_slots (
  id INTEGER PRIMARY KEY,                  -- our id
  node_id INTEGER NOT NULL DEFAULT 1,      -- server
  name TEXT NOT NULL,                      -- slot_name
  type TEXT NOT NULL DEFAULT 'physical',   -- physical or logical
  plugin TEXT,                             -- output plugin
  database_name TEXT,                      -- database of a logical slot
  is_active INTEGER NOT NULL DEFAULT 1,    -- in use
  is_temporary INTEGER NOT NULL DEFAULT 0, -- goes with its session
  xmin_age INTEGER,                        -- age of xmin
  catalog_xmin_age INTEGER,                -- age of catalog_xmin
  retained_bytes INTEGER,                  -- WAL kept for it; NULL: it reserves none
  wal_status TEXT,                         -- reserved, extended, unreserved or lost (13+)
  safe_wal_bytes INTEGER,                  -- WAL that may be written before it is lost (13+)
  inactive_since_at INTEGER,               -- since when it is not in use (17+)
  invalidation_reason TEXT,                -- why it is lost (17+)
  is_conflicting INTEGER,                  -- lost by a recovery conflict (16+)
  is_failover INTEGER,                     -- synchronized to standbys (17+)
  is_synced INTEGER                        -- synchronized from a primary (17+)
) STRICT;

-- WAL archiver, from pg_stat_archiver.
CREATE TABLE archiver_stats (
  sample_id INTEGER NOT NULL DEFAULT 1,    -- sample
  archived_count INTEGER,                  -- files archived
  last_archived_wal TEXT,                  -- last file archived
  last_archived_at INTEGER,                -- when
  failed_count INTEGER,                    -- failures
  last_failed_wal TEXT,                    -- last file that failed
  last_failed_at INTEGER,                  -- when
  stats_reset_at INTEGER                   -- last reset
) STRICT;

-- Files that wait for the archiver, from pg_ls_archive_statusdir.
CREATE TABLE archive_status (
  sample_id INTEGER NOT NULL DEFAULT 1,    -- sample
  ready_count INTEGER,                     -- files of WAL that wait to be archived
  oldest_ready_at INTEGER                  -- since when the oldest of them waits
) STRICT;

-- Base backups that left a trace on the server: backup history files in pg_wal, from pg_ls_waldir. The file stays
-- until the next backup; backups made on a standby and copies of the storage leave none.
CREATE TABLE base_backups (
  node_id INTEGER NOT NULL DEFAULT 1,      -- server
  name TEXT NOT NULL,                      -- name of the backup history file
  finished_at INTEGER NOT NULL             -- when it was written, which is the end of the backup
) STRICT;

-- Checkpoints and writes of buffers, from pg_stat_checkpointer (17+) and pg_stat_bgwriter.
CREATE TABLE checkpointer_stats (
  sample_id INTEGER NOT NULL DEFAULT 1,    -- sample
  num_timed INTEGER,                       -- checkpoints by checkpoint_timeout
  num_requested INTEGER,                   -- checkpoints by WAL volume or command
  num_done INTEGER,                        -- checkpoints done (18+)
  write_ms REAL,                           -- time writing
  sync_ms REAL,                            -- time synchronizing
  buffers_written INTEGER,                 -- buffers written by checkpoints
  buffers_clean INTEGER,                   -- buffers written by the background writer
  maxwritten_clean INTEGER,                -- rounds that bgwriter_lru_maxpages cut short
  buffers_alloc INTEGER,                   -- buffers allocated
  buffers_backend INTEGER,                 -- buffers written by backends themselves (to 16; then io_stats)
  buffers_backend_fsync INTEGER,           -- fsyncs by backends themselves (to 16; then io_stats)
  stats_reset_at INTEGER                   -- last reset
) STRICT;

-- WAL generation, from pg_stat_wal (14+).
CREATE TABLE wal_stats (
  sample_id INTEGER NOT NULL DEFAULT 1,    -- sample
  wal_records INTEGER,                     -- records
  wal_fpi INTEGER,                         -- full page images
  wal_bytes INTEGER,                       -- bytes
  wal_buffers_full INTEGER,                -- times the WAL buffers were full
  wal_write INTEGER,                       -- writes (14 to 17; then io_stats)
  wal_sync INTEGER,                        -- syncs (14 to 17)
  wal_write_ms REAL,                       -- time writing (14 to 17)
  wal_sync_ms REAL,                        -- time synchronizing (14 to 17)
  current_lsn INTEGER,                     -- insert position of the primary, bytes
  stats_reset_at INTEGER                   -- last reset
) STRICT;

-- I/O by kind of process, object and context, from pg_stat_io (16+).
CREATE TABLE io_stats (
  sample_id INTEGER NOT NULL DEFAULT 1,    -- sample
  backend_type TEXT NOT NULL,              -- kind of process
  object TEXT NOT NULL,                    -- relation, temp relation or wal
  context TEXT NOT NULL,                   -- normal, vacuum, bulkread, bulkwrite or init
  reads INTEGER,                           -- read operations
  read_bytes INTEGER,                      -- bytes read
  read_ms REAL,                            -- time reading; 0 without track_io_timing
  writes INTEGER,                          -- write operations
  write_bytes INTEGER,                     -- bytes written
  write_ms REAL,                           -- time writing
  writebacks INTEGER,                      -- blocks asked to be written back
  extends INTEGER,                         -- extend operations
  extend_bytes INTEGER,                    -- bytes extended
  extend_ms REAL,                          -- time extending
  hits INTEGER,                            -- blocks found
  evictions INTEGER,                       -- blocks evicted
  reuses INTEGER,                          -- blocks reused in a ring
  fsyncs INTEGER,                          -- fsync calls
  fsync_ms REAL,                           -- time in fsync
  stats_reset_at INTEGER                   -- last reset
) STRICT;

-- Running maintenance, from the pg_stat_progress views.
CREATE TABLE progress (
  sample_id INTEGER NOT NULL DEFAULT 1,    -- sample
  command TEXT NOT NULL,                   -- vacuum, analyze, create index, cluster, copy or base backup
  pid INTEGER NOT NULL,                    -- process
  database_id INTEGER,                     -- database
  relation_oid INTEGER,                    -- table
  index_oid INTEGER,                       -- index being built
  phase TEXT,                              -- phase
  done INTEGER,                            -- blocks or bytes done in this phase
  total INTEGER                            -- blocks or bytes to do in this phase
) STRICT;

-- Machines that the servers run on: as told by options or pgtriage.toml, or as the server shows it
-- (its own files, where our role may read them, or the same machine). Never guessed.
CREATE TABLE machines (
  node_id INTEGER PRIMARY KEY,             -- server
  cores REAL,                              -- CPU cores that the server may use, quotas respected; NULL: unknown
  cores_source TEXT,                       -- option, configuration (file or variable), server files or same machine
  memory_bytes INTEGER,                    -- memory that the server may use, quotas respected; NULL: unknown
  memory_source TEXT,                      -- as cores_source
  storage TEXT,                            -- ssd, hdd or network; NULL: unknown
  storage_source TEXT,                     -- as cores_source
  disk_bytes INTEGER,                      -- size of the file system of the data directory; NULL: unknown
  disk_free_bytes INTEGER,                 -- what is free on it for the server
  disk_source TEXT                         -- as cores_source
) STRICT;

-- Estimates of bloat: what a rewrite would give back. One row a table, B-tree index and TOAST table.
CREATE TABLE bloat_estimates (
  database_id INTEGER NOT NULL DEFAULT 1,  -- database
  relation_id INTEGER NOT NULL,            -- table, also of an index or a TOAST table
  index_id INTEGER,                        -- index; NULL: the table or its TOAST table
  kind TEXT NOT NULL DEFAULT 'table',      -- table, index or toast
  size_bytes INTEGER NOT NULL,             -- main fork when it was looked at
  bloat_bytes INTEGER,                     -- bytes that a rewrite would give back; NULL: unknown (see missing_facts)
  plus_minus_bytes INTEGER,                -- half the width of the 95 % interval; NULL: the method tells none
  method TEXT NOT NULL DEFAULT 'sample',   -- sample, all blocks, pgstattuple_approx, pgstatindex or dead rows
  blocks_read INTEGER,                     -- blocks of the table that were read
  blocks INTEGER,                          -- blocks that it has
  rows_read INTEGER,                       -- live rows in them
  padding_bytes INTEGER,                   -- table: alignment padding that another order of columns would save; NULL: unknown
  dropped_bytes INTEGER,                   -- table: part of bloat_bytes that values of dropped columns take; NULL: unknown
  elapsed_ms REAL,                         -- time of the reading on the server
  estimated_at INTEGER                     -- clock of the server
) STRICT;
CREATE INDEX bloat_estimates_relation ON bloat_estimates (relation_id, index_id);

-- What sessions were doing, seen many times over a while: one row a look, role, database and state.
CREATE TABLE activity_samples (
  node_id INTEGER NOT NULL DEFAULT 1,      -- server
  at INTEGER NOT NULL,                     -- clock of the server at the look
  database_id INTEGER,                     -- database
  role_id INTEGER,                         -- role
  state TEXT,                              -- active, idle, idle in transaction, …; NULL: not visible
  wait_event_type TEXT,                    -- class of what they wait for; NULL: none, on CPU if active
  wait_event TEXT,                         -- what they wait for
  sessions INTEGER NOT NULL                -- so many sessions
) STRICT;

-- Spells of sessions that were seen in those looks.
CREATE TABLE activity_spells (
  node_id INTEGER NOT NULL DEFAULT 1,      -- server
  database_id INTEGER,                     -- database
  role_id INTEGER,                         -- role
  kind TEXT NOT NULL,                      -- idle in transaction, transaction or statement
  started_at INTEGER NOT NULL,             -- when it began
  duration_ms REAL NOT NULL,               -- as long as it was seen; the true one is up to a look longer
  is_open INTEGER NOT NULL DEFAULT 0,      -- it lasted on at the last look
  spells INTEGER NOT NULL DEFAULT 1        -- so many of this length: those below a second are kept by classes of length, duration_ms being the upper end
) STRICT;

-- Sizes of connection pools, worked out from the load: one row a database and peak. Derived.
CREATE TABLE pool_advice (
  node_id INTEGER NOT NULL DEFAULT 1,      -- server
  database_id INTEGER,                     -- database; NULL: all of the server together
  peak REAL NOT NULL DEFAULT 1,            -- multiple of the load that was measured
  method TEXT NOT NULL,                    -- counters or activity samples
  window_ms REAL,                          -- time that was measured
  transactions_per_s REAL,                 -- rate of transactions at this peak
  hold_ms REAL,                            -- time that a transaction holds a connection
  cpu_ms REAL,                             -- part of it that needs a core; NULL: not separable
  busy_connections REAL,                   -- mean of busy connections (Little)
  utilization REAL,                        -- share of the cores in use; NULL: cores unknown
  needed INTEGER,                          -- connections that the load needs; NULL: no number will do
  capacity INTEGER,                        -- connections beyond which throughput falls; NULL: cores or CPU time unknown
  advised_low INTEGER,                     -- advice, lower end
  advised_high INTEGER,                    -- advice, upper end; equal where the samples are enough
  usable INTEGER,                          -- connections that the server leaves for applications
  reason TEXT,                             -- what decides, or why there is no number
  is_lifetime INTEGER NOT NULL DEFAULT 0,  -- 1: means since the counters began, which say nothing of the peak
  transactions INTEGER,                    -- transactions that were counted
  busy_samples INTEGER,                    -- sightings of busy sessions, where sessions were looked at
  cores REAL,                              -- cores that were reckoned with; NULL: unknown
  capacity_is_least INTEGER NOT NULL DEFAULT 0, -- 1: waits that are not timed count as CPU time, so the true capacity is at least this
  max_connections INTEGER,                 -- max_connections
  reserved INTEGER,                        -- of them, reserved ones and those kept for administrators
  others INTEGER,                          -- of them, those that others hold: the 99th percentile
  instances INTEGER,                       -- application instances that share the connections; NULL: not asked
  per_instance INTEGER,                    -- connections for each of them; NULL: not asked, or they don't fit without a pooler
  notes TEXT NOT NULL DEFAULT '[]'         -- what else is to be known of the figures, JSON list of sentences
) STRICT;

-- What keeps a workload from transaction pooling: it holds more in a session than a transaction. Derived.
CREATE TABLE pooling_blockers (
  database_id INTEGER,                     -- database
  kind TEXT NOT NULL,                      -- advisory lock, listen, cursor with hold, temporary table, set, prepare or load
  statement_id INTEGER,                    -- statement that shows it; NULL: a session
  role_id INTEGER,                         -- role that runs it; NULL: not known
  calls INTEGER,                           -- executions; NULL: not known
  evidence TEXT NOT NULL,                  -- beginning of the statement, or what the session holds
  remedy TEXT NOT NULL                     -- what to write instead
) STRICT;

-- Timeouts of roles, worked out from measured latency: those that are to change and those that are
-- right. Derived.
CREATE TABLE timeout_advice (
  role_id INTEGER,                         -- role; NULL: the server as a whole
  database_id INTEGER,                     -- in this database; NULL: everywhere
  setting TEXT NOT NULL,                   -- statement_timeout, lock_timeout, …
  now_ms REAL,                             -- in force; 0: none; NULL: not visible; a plain number for tcp_keepalives_count
  advised_ms REAL,                         -- advised; NULL: none, see reason
  basis_ms REAL,                           -- measured latency it rests on
  basis TEXT,                              -- what was measured, and from which source
  calls_seen REAL,                         -- calls that were looked at
  calls_cancelled REAL,                    -- of them, how many the value would have ended; NULL: not known
  reason TEXT,                             -- why this value
  fix TEXT,                                -- statement that sets it; NULL: it is right as it is, or there is no advice
  undo TEXT,                               -- statement that takes it back
  kind TEXT,                               -- what the role does: application, reports, migrations or backup; NULL: the server
  kind_because TEXT,                       -- by what that is known
  ended TEXT NOT NULL DEFAULT '[]'         -- statements whose calls it would have ended, JSON list of {"fingerprint", "line", "calls"}, the most frequent first
) STRICT;

-- Figures over time. By names, so that those of several snapshots of a cluster stand side by side.
CREATE TABLE history (
  metric TEXT NOT NULL,                    -- database size, relation size, sequence value, xid age, multixact age, connections, …
  database_name TEXT NOT NULL DEFAULT '',  -- database; empty: the cluster
  object TEXT NOT NULL DEFAULT '',         -- object as SQL names it; empty: the database or cluster
  at INTEGER NOT NULL,                     -- when it was so
  value REAL NOT NULL,                     -- bytes or plain number
  PRIMARY KEY (metric, database_name, object, at)
) STRICT;

-- What grows how fast: Theil-Sen slopes over history, over the stretches between resets. Rows of fewer than
-- four moments, or of less than a day, are left out: nothing is known of how sure they are.
CREATE TABLE growth (
  metric TEXT NOT NULL,                    -- as in history
  database_name TEXT NOT NULL DEFAULT '',  -- as in history
  object TEXT NOT NULL DEFAULT '',         -- as in history
  points INTEGER NOT NULL,                 -- days or samples that the slope rests on
  from_at INTEGER NOT NULL,                -- first of them
  to_at INTEGER NOT NULL,                  -- last of them
  latest REAL NOT NULL,                    -- value of the last one
  per_day REAL NOT NULL,                   -- slope, a day
  per_day_low REAL,                        -- lower end of its 95 % interval
  per_day_high REAL,                       -- upper end
  limit_value REAL,                        -- where it must end; NULL: unknown
  days_left REAL,                          -- until then at this slope; NULL: limit unknown, or no growth
  days_left_low REAL                       -- at the upper end of the slope
) STRICT;

-- Server logs that were read: one row a file or stream.
CREATE TABLE log_sources (
  id INTEGER PRIMARY KEY,                  -- our id, in the order of reading
  name TEXT NOT NULL DEFAULT 'postgresql.log', -- path as it was given, - for stdin, or the path on the server
  format TEXT,                             -- what the records were: stderr, csvlog or jsonlog; NULL: none was found
  envelope TEXT,                           -- what they were wrapped in, such as syslog; NULL: nothing
  packing TEXT,                            -- gzip, bzip2, xz, zstd or lz4; NULL: none
  prefixes TEXT,                           -- log_line_prefix by which stderr was read, JSON list
  prefix_source TEXT,                      -- where the prefix is from: given, server or inferred
  log_bytes INTEGER,                       -- bytes that were read, unpacked
  records INTEGER NOT NULL DEFAULT 0,      -- records
  unread INTEGER NOT NULL DEFAULT 0,       -- records and lines that could not be read
  first_unread TEXT,                       -- beginning of the first of them, with literals redacted
  from_at INTEGER,                         -- time of the earliest record; NULL: the log carries no time
  to_at INTEGER,                           -- time of the latest record
  note TEXT                                -- what else is to be known, such as a torn end
) STRICT;

-- What the logs hold in all, with the filters that were asked for. One row where logs were read.
CREATE TABLE log_totals (
  records INTEGER NOT NULL DEFAULT 0,      -- records that count
  filtered INTEGER NOT NULL DEFAULT 0,     -- records that the filters left out
  unread INTEGER NOT NULL DEFAULT 0,       -- records and lines that could not be read
  from_at INTEGER,                         -- time of the earliest record that counts; NULL: the log carries no time
  to_at INTEGER,                           -- time of the latest
  statements INTEGER NOT NULL DEFAULT 0,   -- executions with a time
  duration_ms REAL NOT NULL DEFAULT 0,     -- sum of all times, those of parse and bind too
  unpaired INTEGER NOT NULL DEFAULT 0,     -- times that no statement was found for (log_duration without text)
  unpaired_ms REAL NOT NULL DEFAULT 0,     -- their sum
  least_ms REAL,                           -- the shortest execution: far above 0 where log_min_duration_statement is
  statement_estimate REAL,                 -- executions that there were, where the log is a sample; NULL: it is none, or the settings are not known
  plans INTEGER NOT NULL DEFAULT 0,        -- plans of auto_explain; never executions more
  error_records INTEGER NOT NULL DEFAULT 0, -- ERROR, FATAL and PANIC
  temp_bytes INTEGER NOT NULL DEFAULT 0,   -- bytes of temporary files
  has_time INTEGER NOT NULL DEFAULT 1,     -- records carry a time
  has_pid INTEGER NOT NULL DEFAULT 1,      -- records carry the process id; without it phases and times are not joined with their statements
  has_sqlstate INTEGER NOT NULL DEFAULT 1, -- records carry the SQLSTATE
  has_query_id INTEGER NOT NULL DEFAULT 1, -- statements carry the query id
  has_database INTEGER NOT NULL DEFAULT 1, -- records carry the database
  has_user INTEGER NOT NULL DEFAULT 1,     -- records carry the role
  has_application INTEGER NOT NULL DEFAULT 1 -- records carry application_name
) STRICT;

-- Messages of the logs by what they tell.
CREATE TABLE log_messages (
  kind TEXT PRIMARY KEY,                   -- deadlock, lock_waiting, temp_file, checkpoint_complete, connection_received, statement_timeout, replication_started, archive_failed, … and the severities in capitals
  count INTEGER NOT NULL DEFAULT 0         -- how many
) STRICT;

-- Errors and warnings of the logs by cause.
CREATE TABLE log_errors (
  id INTEGER PRIMARY KEY,                  -- our id, the most frequent first
  severity TEXT NOT NULL DEFAULT 'ERROR',  -- WARNING, ERROR, FATAL or PANIC
  sqlstate TEXT,                           -- SQLSTATE; NULL: the log does not carry it
  message TEXT NOT NULL,                   -- message with values replaced
  count INTEGER NOT NULL DEFAULT 1,        -- how many
  first_at INTEGER,                        -- time of the first
  last_at INTEGER,                         -- time of the last
  statement_id INTEGER                     -- a statement that failed so; NULL: none is known
) STRICT;

-- Figures of statements from the logs, over all phases of their executions.
CREATE TABLE log_statements (
  statement_id INTEGER PRIMARY KEY,        -- statement
  calls INTEGER NOT NULL DEFAULT 0,        -- executions in the log
  calls_estimate REAL,                     -- executions that there were, where the log is a sample; NULL: it is none, or the settings are not known
  total_ms REAL NOT NULL DEFAULT 0,        -- all its time: parse and bind too
  planning_ms REAL NOT NULL DEFAULT 0,     -- parse and bind of it
  min_ms REAL,                             -- shortest execution, its parse and bind included
  mean_ms REAL,                            -- total_ms by execution
  p50_ms REAL,                             -- half of the executions take no longer, to 1 %
  p95_ms REAL,                             -- 95 % take no longer
  p99_ms REAL,                             -- 99 % take no longer
  max_ms REAL,                             -- longest execution
  errors INTEGER NOT NULL DEFAULT 0,       -- errors that ended it
  plans INTEGER NOT NULL DEFAULT 0,        -- plans of auto_explain
  temp_files INTEGER NOT NULL DEFAULT 0,   -- temporary files that it wrote
  temp_bytes INTEGER NOT NULL DEFAULT 0,   -- their bytes
  largest_temp_bytes INTEGER,              -- the largest of them
  lock_waits INTEGER NOT NULL DEFAULT 0,   -- waits for a lock that were logged
  lock_wait_ms REAL NOT NULL DEFAULT 0,    -- time of those that ended
  cancels INTEGER NOT NULL DEFAULT 0,      -- cancels by statement_timeout, lock_timeout or a user
  queryids TEXT NOT NULL DEFAULT '{}',     -- executions by query id, JSON map
  offsets TEXT NOT NULL DEFAULT '{}',      -- executions by the rows that their OFFSET skips, JSON map; each key is the least of its class: 0, 1, 2, 5, 10, 20, 50 and so on
  times TEXT NOT NULL DEFAULT '[]'         -- executions by their time, JSON list of [least ms, most ms, executions]: 1 % wide from a second on, coarser below
) STRICT;

-- Statements of the logs by who ran them.
CREATE TABLE log_statement_groups (
  statement_id INTEGER NOT NULL,           -- statement
  user_name TEXT,                          -- role; NULL: the log does not say
  application_name TEXT,                   -- application_name; NULL: none, or the log does not say
  calls INTEGER NOT NULL DEFAULT 0,        -- executions
  total_ms REAL NOT NULL DEFAULT 0         -- all their time
) STRICT;
CREATE INDEX log_statement_groups_statement ON log_statement_groups (statement_id);

-- Statements of the logs by hour, or by longer steps where the log is long.
CREATE TABLE log_statement_hours (
  statement_id INTEGER NOT NULL,           -- statement
  at INTEGER NOT NULL,                     -- when the step begins
  step_ms REAL NOT NULL DEFAULT 3600000,   -- its length
  calls INTEGER NOT NULL DEFAULT 0,        -- executions
  total_ms REAL NOT NULL DEFAULT 0,        -- all their time
  PRIMARY KEY (statement_id, at)
) STRICT;

-- The slowest executions of each statement in the logs.
CREATE TABLE log_samples (
  statement_id INTEGER NOT NULL,           -- statement
  rank INTEGER NOT NULL DEFAULT 1,         -- 1 is the slowest
  duration_ms REAL NOT NULL,               -- how long it took, parse and bind included
  at INTEGER,                              -- when it ended
  user_name TEXT,                          -- role
  application_name TEXT,                   -- application_name
  text TEXT,                               -- text with its literals; NULL: they are not kept
  parameters TEXT,                         -- values of its parameters as the server wrote them; NULL: there are none, or they are not kept
  PRIMARY KEY (statement_id, rank)
) STRICT;

-- The slowest plan that auto_explain wrote of each statement, where literals are kept.
CREATE TABLE log_plans (
  statement_id INTEGER PRIMARY KEY,        -- statement
  duration_ms REAL NOT NULL,               -- time of that execution
  plan TEXT NOT NULL                       -- plan as the server wrote it: text, JSON, YAML or XML
) STRICT;

-- Figures of the logs over time: by minute, or by longer steps where the log is long.
CREATE TABLE log_series (
  at INTEGER PRIMARY KEY,                  -- when the step begins
  step_ms REAL NOT NULL DEFAULT 60000,     -- its length
  statements INTEGER NOT NULL DEFAULT 0,   -- executions
  duration_ms REAL NOT NULL DEFAULT 0,     -- sum of all times
  errors INTEGER NOT NULL DEFAULT 0,       -- ERROR, FATAL and PANIC
  connections INTEGER NOT NULL DEFAULT 0,  -- connections received
  disconnections INTEGER NOT NULL DEFAULT 0, -- sessions that ended
  lock_waits INTEGER NOT NULL DEFAULT 0,   -- waits for a lock that were logged
  deadlocks INTEGER NOT NULL DEFAULT 0,    -- deadlocks
  temp_files INTEGER NOT NULL DEFAULT 0,   -- temporary files
  temp_bytes INTEGER NOT NULL DEFAULT 0,   -- their bytes
  checkpoints INTEGER NOT NULL DEFAULT 0,  -- checkpoints that ended
  autovacuums INTEGER NOT NULL DEFAULT 0,  -- automatic vacuums and analyzes that ended
  cancels INTEGER NOT NULL DEFAULT 0       -- statements that were cancelled
) STRICT;

-- What happened by the logs, other than statements and plain errors: the latest of each kind.
CREATE TABLE log_events (
  id INTEGER PRIMARY KEY,                  -- our id, in the order of the log
  kind TEXT NOT NULL,                      -- as log_messages.kind
  at INTEGER,                              -- when
  pid INTEGER,                             -- process
  user_name TEXT,                          -- role
  database_name TEXT,                      -- database
  application_name TEXT,                   -- application_name
  duration_ms REAL,                        -- wait for a lock, time of a checkpoint, of a vacuum
  bytes INTEGER,                           -- size of a temporary file
  object TEXT,                             -- what it is about: lock that is waited for, table, reason of a checkpoint
  relation_name TEXT,                      -- relation that the CONTEXT names: the table whose row is waited for (without its schema), or that is vacuumed (database.schema.table); NULL: none
  mode TEXT,                               -- lock mode
  message TEXT,                            -- the message, where it holds nothing of a statement
  statement_id INTEGER                     -- statement of the session
) STRICT;
CREATE INDEX log_events_kind ON log_events (kind, at);

-- Processes in the deadlocks and lock waits of the logs.
CREATE TABLE log_event_parties (
  event_id INTEGER NOT NULL,               -- log_events.id
  pid INTEGER NOT NULL,                    -- process
  holds INTEGER NOT NULL DEFAULT 1,        -- 1: it holds the lock; 0: it waits as well
  mode TEXT,                               -- mode that it waits for, in a deadlock
  object TEXT,                             -- what it waits for, in a deadlock
  blocked_by INTEGER,                      -- process that it waits for, in a deadlock
  statement_id INTEGER                     -- what it runs, or ran last; NULL: not known
) STRICT;
CREATE INDEX log_event_parties_event ON log_event_parties (event_id);

-- Statements of the logs that are run twice or more after another one: in its transaction, in its
-- trace or in the session before it rests, and before the other one is run again. All pairs, whatever
-- they have to do with each other; loop_candidates has those with a key between them.
CREATE TABLE log_followed (
  parent_id INTEGER NOT NULL,              -- statement that is followed
  child_id INTEGER NOT NULL,               -- statement that follows
  parents INTEGER NOT NULL DEFAULT 0,      -- executions of the first that two or more of the second follow
  in_transaction INTEGER NOT NULL DEFAULT 0, -- of them, those in a transaction
  in_trace INTEGER NOT NULL DEFAULT 0,     -- of them, those in a trace that comments of the statements name
  beside_queue INTEGER NOT NULL DEFAULT 0, -- of them, those where rows were read with SKIP LOCKED as well
  children INTEGER NOT NULL DEFAULT 0,     -- executions that follow
  varied INTEGER NOT NULL DEFAULT 0,       -- of these, those with other values than the one before
  longest INTEGER NOT NULL DEFAULT 0,      -- most executions that follow one
  longest_at INTEGER,                      -- when that began; NULL: the log carries no time
  longest_ms REAL,                         -- from there to the last of them
  longest_pid INTEGER,                     -- its process; NULL: a trace
  PRIMARY KEY (parent_id, child_id)
) STRICT;
CREATE INDEX log_followed_child ON log_followed (child_id);

-- Runs of one statement in the logs, by their length: in a transaction, in a trace, or in a session
-- with less than 60 ms between them.
CREATE TABLE log_runs (
  statement_id INTEGER NOT NULL,           -- statement
  kind TEXT NOT NULL DEFAULT 'any',        -- any values, or same: the same values each time, and outside of transactions and traces nothing in between
  length INTEGER NOT NULL,                 -- executions in each of these runs, at least; the next row of the statement has the next length
  runs INTEGER NOT NULL DEFAULT 1,         -- runs
  executions INTEGER NOT NULL DEFAULT 0,   -- executions in them
  varied INTEGER NOT NULL DEFAULT 0,       -- of these, those with other values than the one before
  in_transaction INTEGER NOT NULL DEFAULT 0, -- runs in a transaction
  in_trace INTEGER NOT NULL DEFAULT 0,     -- runs in a trace
  beside_queue INTEGER NOT NULL DEFAULT 0, -- runs where rows were read with SKIP LOCKED as well
  total_ms REAL NOT NULL DEFAULT 0,        -- time from the beginnings to the ends of the runs
  longest INTEGER NOT NULL DEFAULT 0,      -- executions of the longest
  longest_at INTEGER,                      -- when it began; NULL: the log carries no time
  longest_ms REAL,                         -- how long it took
  longest_pid INTEGER,                     -- its process; NULL: a trace
  PRIMARY KEY (statement_id, kind, length)
) STRICT;

-- Reads of the logs that came again with the same values, in whatever session: the most frequent
-- values of each statement.
CREATE TABLE log_polls (
  statement_id INTEGER PRIMARY KEY,        -- statement
  executions INTEGER NOT NULL DEFAULT 2,   -- executions with these values
  from_at INTEGER NOT NULL,                -- when the first ended
  to_at INTEGER NOT NULL,                  -- when the last ended
  gap_ms REAL NOT NULL,                    -- mean time between them
  gap_deviation_ms REAL NOT NULL           -- standard deviation of the time between them
) STRICT;

-- Files of migrations: those that are linted, and earlier ones of their folders, which are only
-- followed for what they make.
CREATE TABLE migration_files (
  id INTEGER PRIMARY KEY,                  -- our id
  path TEXT NOT NULL,                      -- as it was given
  layout TEXT NOT NULL,                    -- whose form it has: sql, flyway, liquibase, golang-migrate, goose, dbmate, sqlx, diesel, refinery, sqitch, alembic, django, rails, prisma, node-pg-migrate, atlas
  layout_because TEXT NOT NULL,            -- the mark by which that was known
  chain INTEGER NOT NULL,                  -- files that run one after the other have the same number
  ordinal INTEGER NOT NULL,                -- place in the chain, from 1
  version TEXT,                            -- as the file or its name says it
  description TEXT,                        -- likewise
  kind TEXT NOT NULL DEFAULT 'versioned',  -- versioned, repeatable, or schema: a whole schema that is written anew
  has_up INTEGER NOT NULL DEFAULT 1,       -- it has a part that migrates
  has_down INTEGER NOT NULL DEFAULT 0,     -- it has a part that takes that back
  expects_down INTEGER NOT NULL DEFAULT 0, -- its layout keeps such parts, and other files of the chain have one
  up_path TEXT,                            -- of a file that only takes back: the file that migrates
  is_judged INTEGER NOT NULL DEFAULT 1,    -- 0: read for what it makes
  change TEXT,                             -- with --changed-since: added, modified or renamed
  unread_because TEXT,                     -- why it could not be read
  seems_applied INTEGER NOT NULL DEFAULT 0 -- all of it that would show is there already, as if it had been run before
) STRICT;
CREATE INDEX migration_files_path ON migration_files (path);

-- Statements of migrations, simulated one after the other.
CREATE TABLE migration_statements (
  id INTEGER PRIMARY KEY,                  -- our id
  file_id INTEGER NOT NULL REFERENCES migration_files(id), -- file
  ordinal INTEGER NOT NULL,                -- place in the file, from 1
  parent_id INTEGER,                       -- statement that runs this one from its body (DO, EXECUTE of a literal)
  direction TEXT NOT NULL DEFAULT 'up',    -- up, or down: it takes back
  command TEXT NOT NULL,                   -- its first words, as in command tags: ALTER TABLE, CREATE INDEX, UPDATE
  text TEXT NOT NULL,                      -- the statement, without its semicolon
  line INTEGER NOT NULL,                   -- first line, 1-based
  "column" INTEGER NOT NULL,               -- first column, 1-based, in characters
  end_line INTEGER NOT NULL,               -- last line
  end_column INTEGER NOT NULL,             -- column after the last character
  transaction_id INTEGER,                  -- number of the transaction block in the file; NULL: it runs by itself
  transaction_by TEXT,                     -- who began that: layout (the tool that runs it), file (BEGIN), script (sent as one string), body (DO, CALL)
  is_rolled_back INTEGER NOT NULL DEFAULT 0, -- the file takes it back itself
  holds_lock_level INTEGER,                -- strongest lock that its transaction holds before it, on a relation that was there before the file; as in migration_effects
  holds_lock_on TEXT,                      -- on this relation
  holds_lock_since INTEGER,                -- id of the statement that took it
  unread_because TEXT,                     -- what is not understood of it
  opaque_because TEXT,                     -- what of it cannot be seen, such as SQL that is put together when it runs
  lock_timeout_ms INTEGER,                 -- lock_timeout in force before it; 0: off; NULL: the file has not set it
  statement_timeout_ms INTEGER,            -- statement_timeout, likewise
  rolled_back_by INTEGER                   -- id of the first statement of the file that takes it back
) STRICT;
CREATE INDEX migration_statements_file ON migration_statements (file_id, ordinal);

-- What statements of migrations do: a row for each action and each object that it concerns. Which
-- locks, scans and rewrites an action brings stands in src/parse/ddl/effect/forms.tsv, by version.
CREATE TABLE migration_effects (
  id INTEGER PRIMARY KEY,                  -- our id
  statement_id INTEGER NOT NULL REFERENCES migration_statements(id), -- statement
  action INTEGER NOT NULL,                 -- place of the action in the statement, from 1
  line INTEGER NOT NULL,                   -- where the action begins, as in migration_statements
  "column" INTEGER NOT NULL,               -- its column, 1-based, in characters
  end_line INTEGER NOT NULL,               -- last line
  end_column INTEGER NOT NULL,             -- column after the last character
  form TEXT NOT NULL,                      -- what is done, as in forms.tsv: create index, add column volatile default
  part TEXT NOT NULL,                      -- what the object is in it, as in forms.tsv: table, referenced, partition, index
  schema TEXT,                             -- schema of the object, where it is known
  name TEXT NOT NULL,                      -- the object
  kind TEXT NOT NULL,                      -- what it is, as in relations.kind; or index, sequence, schema, type, domain, function, …
  relation_id INTEGER,                     -- relations.id, where the facts know it
  column_name TEXT,                        -- column that it is about
  object_name TEXT,                        -- constraint, index, trigger, value, setting that it is about
  is_known INTEGER NOT NULL,               -- 0: nothing that was read says anything of the object, which is taken for an old one
  made_in TEXT,                            -- transaction or file, where the same made the object; NULL: it was there before
  lock TEXT,                               -- mode that it takes on the object: ACCESS EXCLUSIVE
  lock_level INTEGER,                      -- 1 ACCESS SHARE … 8 ACCESS EXCLUSIVE
  scans INTEGER NOT NULL DEFAULT 0,        -- reads the whole relation
  rewrites INTEGER NOT NULL DEFAULT 0,     -- writes it anew
  builds INTEGER NOT NULL DEFAULT 0,       -- builds an index of it, or all
  error TEXT,                              -- SQLSTATE that it fails with
  loses_data INTEGER NOT NULL DEFAULT 0,   -- rows or values are gone
  breaks TEXT,                             -- what it takes from running code: names, values
  details TEXT NOT NULL DEFAULT '{}'       -- what else the form says, JSON map; docs/effects.md lists the keys
) STRICT;
CREATE INDEX migration_effects_statement ON migration_effects (statement_id);
CREATE INDEX migration_effects_form ON migration_effects (form);

-- Columns that migrations add or change, as they are written.
CREATE TABLE migration_columns (
  statement_id INTEGER NOT NULL REFERENCES migration_statements(id), -- statement
  line INTEGER NOT NULL,                   -- where the column is defined, as in migration_statements
  "column" INTEGER NOT NULL,               -- its column, 1-based, in characters
  end_line INTEGER NOT NULL,               -- last line
  end_column INTEGER NOT NULL,             -- column after the last character
  change TEXT NOT NULL,                    -- create table, add column or alter type
  schema TEXT,                             -- of its table
  table_name TEXT NOT NULL,                -- its table
  name TEXT NOT NULL,                      -- the column
  type TEXT NOT NULL,                      -- as format_type would print it; serial types as they are written
  default_value TEXT,                      -- DEFAULT
  is_identity INTEGER NOT NULL DEFAULT 0,  -- GENERATED … AS IDENTITY
  is_primary_key INTEGER NOT NULL DEFAULT 0, -- the only column of the primary key
  is_temporary INTEGER NOT NULL DEFAULT 0  -- of a temporary table
) STRICT;

-- Comments by which a file accepts findings: -- pgtriage: ignore RULE -- REASON
CREATE TABLE migration_ignores (
  id INTEGER PRIMARY KEY,                  -- our id
  file_id INTEGER NOT NULL REFERENCES migration_files(id), -- file
  line INTEGER NOT NULL,                   -- where it stands, 1-based
  "column" INTEGER NOT NULL,               -- its column, 1-based, in characters
  end_line INTEGER NOT NULL,               -- last line
  end_column INTEGER NOT NULL,             -- column after the last character
  statement_id INTEGER,                    -- the statement that it is for; NULL: the file
  rules TEXT NOT NULL,                     -- ids or patterns, JSON list
  reason TEXT,                             -- why
  until TEXT,                              -- last day on which it holds, as 2026-12-31
  mistake TEXT                             -- what is wrong with it; it accepts nothing then
) STRICT;

-- How an effect can be had without its harm: statements in place of the action, in steps.
CREATE TABLE migration_rewrites (
  effect_id INTEGER NOT NULL REFERENCES migration_effects(id), -- effect
  step INTEGER NOT NULL,                   -- order, from 1
  migration INTEGER NOT NULL,              -- steps with the same number belong into one migration, from 1
  in_transaction INTEGER NOT NULL,         -- 0: must run outside a transaction block
  sql TEXT NOT NULL,                       -- the statement
  undo TEXT,                               -- statement that takes it back
  note TEXT,                               -- what a person has to do or to know
  is_mechanical INTEGER NOT NULL,          -- 1: it does the same as the action, so that it can be written without asking
  PRIMARY KEY (effect_id, step)
) STRICT;

-- What a server really did when a migration ran on it, by lint --trace: a row for each statement, and
-- one for each relation that was there before the statement and that it touched.
CREATE TABLE migration_observations (
  statement_id INTEGER NOT NULL REFERENCES migration_statements(id), -- statement
  schema TEXT,                             -- of a relation that was there before the statement
  name TEXT,                               -- the relation; NULL: the statement as a whole
  kind TEXT,                               -- as in relations.kind; or sequence or index
  lock TEXT,                               -- strongest mode newly taken on it
  lock_level INTEGER,                      -- as in migration_effects
  held_level INTEGER,                      -- of the strongest mode that its transaction held on it before
  scans INTEGER,                           -- whole scans that began; NULL: not known, or nothing that is scanned
  scanned_rows INTEGER,                    -- rows read by whole scans
  rewritten INTEGER NOT NULL DEFAULT 0,    -- it has other files now, with rows that were written anew
  built_indexes INTEGER NOT NULL DEFAULT 0, -- indexes that were built or built anew
  least_level INTEGER,                     -- of the statement as a whole: the weakest mode that could be seen; NULL: none
  duration_ms REAL,                        -- of the statement as a whole
  error TEXT,                              -- SQLSTATE that it failed with
  error_message TEXT,                      -- and its words
  unseen_because TEXT                      -- why it was not run, or what of it could not be seen
) STRICT;
CREATE INDEX migration_observations_statement ON migration_observations (statement_id);

-- Predictions beside observations: a row for each statement that was run, and one for each relation
-- that it was to touch or touched. Derived.
CREATE TABLE migration_comparisons (
  statement_id INTEGER NOT NULL REFERENCES migration_statements(id), -- statement
  schema TEXT,                             -- of the relation
  name TEXT,                               -- the relation; NULL: the statement as a whole
  kind TEXT,                               -- as in migration_observations
  predicted_lock TEXT,                     -- strongest mode in migration_effects; NULL: none
  seen_lock TEXT,                          -- strongest mode newly taken; NULL: none was seen
  predicted_scan INTEGER,                  -- 1: it is read as a whole
  seen_rows INTEGER,                       -- rows read by whole scans; NULL: not known
  predicted_rewrite INTEGER,               -- 1: it is written anew
  seen_rewrite INTEGER,                    -- 1: it was
  predicted_build INTEGER,                 -- 1: indexes of it are built
  seen_builds INTEGER,                     -- indexes that were
  predicted_error TEXT,                    -- of the statement as a whole: SQLSTATEs, separated by blanks
  seen_error TEXT,                         -- SQLSTATE that it failed with
  seen_message TEXT,                       -- and its words
  unseen_because TEXT,                     -- why there is nothing to compare, or not all
  differs TEXT                             -- in what they differ: lock, scan, rewrite, build, error, separated by blanks; NULL: in nothing
) STRICT;

-- Plans of the workload before and after a file of migrations, in a shadow: a row for each action that may make
-- statements dearer, such as the drop of an index or another type of a column. Filled by lint where the facts have
-- the planner's statistics.
CREATE TABLE migration_plan_checks (
  effect_id INTEGER PRIMARY KEY REFERENCES migration_effects(id), -- the action
  statements INTEGER NOT NULL,             -- statements whose plans before and after the file were compared
  unplanned INTEGER NOT NULL DEFAULT 0,    -- statements of the workload that cannot be planned
  because TEXT,                            -- why nothing is known; NULL: plans were compared
  remedy TEXT                              -- what would let it be known
) STRICT;

-- Statements that the same file plans otherwise or that fail after it, each put down to one action.
CREATE TABLE migration_plan_changes (
  effect_id INTEGER NOT NULL REFERENCES migration_effects(id), -- the action
  statement_id INTEGER NOT NULL REFERENCES statements(id), -- the statement
  outcome TEXT NOT NULL,                   -- changed: its plan costs another sum; fails; fails with types: where values are sent as of the old type; unknown
  cost_before REAL,                        -- of its plan, in the planner's units, over its texts by their shares
  cost_after REAL,                         -- after the file
  is_rough INTEGER NOT NULL DEFAULT 0,     -- the order of a column's values is not known under its new type
  differences TEXT NOT NULL DEFAULT '[]',  -- what is other in the plan, JSON list of sentences
  error TEXT,                              -- SQLSTATE that it fails with
  message TEXT,                            -- what the server says, where that holds no values
  types TEXT NOT NULL DEFAULT '[]',        -- of its parameters before, JSON list, where it fails with these
  because TEXT                             -- why it is unknown
) STRICT;
CREATE INDEX migration_plan_changes_effect ON migration_plan_changes (effect_id);

-- Rule pages that this run knew, and what became of each.
CREATE TABLE rules (
  id TEXT PRIMARY KEY,                     -- family/name
  title TEXT NOT NULL,                     -- title of the page
  severity TEXT NOT NULL,                  -- error, warning or info: the default in force
  source TEXT NOT NULL,                    -- builtin, or the path of a user's page
  status TEXT NOT NULL,                    -- run, skipped or off
  finding_count INTEGER NOT NULL DEFAULT 0, -- findings it gave
  elapsed_ms REAL                          -- time of its query
) STRICT;

-- Rules that could not run, and what would let them.
CREATE TABLE skipped_rules (
  rule TEXT NOT NULL,                      -- rules.id
  because TEXT NOT NULL,                   -- reason
  remedy TEXT                              -- exact statement or setting that would let it run
) STRICT;

-- Objects that a rule could not judge.
CREATE TABLE unjudged (
  rule TEXT NOT NULL,                      -- rules.id
  object TEXT,                             -- object; NULL: several, counted in object_count
  object_count INTEGER NOT NULL DEFAULT 1, -- how many objects this row stands for
  because TEXT NOT NULL,                   -- reason
  remedy TEXT                              -- what would let the rule judge them
) STRICT;

-- What the rules found and settings or comments in migrations accept.
CREATE TABLE ignored_findings (
  key TEXT PRIMARY KEY,                    -- as in findings
  rule TEXT NOT NULL,                      -- rules.id
  severity TEXT NOT NULL,                  -- error, warning or info
  object TEXT NOT NULL,                    -- subject as people write it
  detail TEXT NOT NULL,                    -- one sentence with its numbers
  file TEXT,                               -- file of a migration finding, as it was given
  line INTEGER,                            -- its line, 1-based
  reason TEXT,                             -- why it is accepted; NULL: none was asked for
  until TEXT,                              -- last day on which that holds, as 2026-12-31
  ignore_id INTEGER,                       -- migration_ignores.id, where a comment accepts it
  settings_line INTEGER                    -- line of pgtriage.toml, where an entry of [[ignore]] does
) STRICT;

-- What the rules found, ranked.
CREATE TABLE findings (
  rank INTEGER PRIMARY KEY,                -- 1 is the gravest
  key TEXT NOT NULL UNIQUE,                -- stable name across runs: rule, database or node, subject
  rule TEXT NOT NULL,                      -- rules.id
  severity TEXT NOT NULL,                  -- error, warning or info
  confidence TEXT NOT NULL,                -- certain, likely or possible
  database_name TEXT,                      -- database of the subject
  node_label TEXT,                         -- server of the subject, for what belongs to no database
  subject_kind TEXT,                       -- relation, index, statement, setting, role, …
  subject_id INTEGER,                      -- id in the table of that kind
  object TEXT NOT NULL,                    -- subject as people write it
  detail TEXT NOT NULL,                    -- one sentence with its numbers
  impact_ms_per_hour REAL,                 -- database time that the problem costs
  reclaim_bytes INTEGER,                   -- space that the fix gives back
  score REAL NOT NULL DEFAULT 0,           -- order within a severity
  fix TEXT,                                -- SQL that mends it
  undo TEXT,                               -- SQL that takes the fix back
  file TEXT,                               -- file of a migration finding, as it was given
  line INTEGER,                            -- first line, 1-based
  "column" INTEGER,                        -- first column, 1-based
  end_line INTEGER,                        -- last line
  end_column INTEGER,                      -- column after the last character
  evidence TEXT NOT NULL DEFAULT '{}',     -- other columns of the rule's row, JSON map
  is_new INTEGER NOT NULL DEFAULT 1        -- 0: named by the baseline
) STRICT;
