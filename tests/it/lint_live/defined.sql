-- What is defined in a database beyond what every database has, but for what a look or VACUUM changes.
SELECT 'relation' || (oid, relname, relnamespace, reltype, relowner, relam, relfilenode, reltablespace, reltoastrelid,
  relhasindex, relpersistence, relkind, relnatts, relchecks, relhasrules, relhastriggers, relhassubclass,
  relrowsecurity, relforcerowsecurity, relispopulated, relreplident, relispartition, reloptions, relacl)::text
FROM pg_class WHERE oid >= 16384 AND relpersistence <> 't'
UNION ALL SELECT 'column' || a::text FROM pg_attribute a
  JOIN pg_class c ON c.oid = attrelid WHERE attrelid >= 16384 AND relpersistence <> 't'
UNION ALL SELECT 'schema' || n::text FROM pg_namespace n WHERE nspname !~ '^pg_(toast_)?temp_'
UNION ALL SELECT 'type' || (oid, t)::text FROM pg_type t WHERE oid >= 16384
UNION ALL SELECT 'routine' || p::text FROM pg_proc p WHERE oid >= 16384
UNION ALL SELECT 'constraint' || c::text FROM pg_constraint c WHERE oid >= 16384
UNION ALL SELECT 'trigger' || t::text FROM pg_trigger t WHERE oid >= 16384
UNION ALL SELECT 'rule' || r::text FROM pg_rewrite r WHERE oid >= 16384
UNION ALL SELECT 'policy' || p::text FROM pg_policy p
UNION ALL SELECT 'statistics' || s::text FROM pg_statistic_ext s
UNION ALL SELECT 'publication' || p::text FROM pg_publication p
UNION ALL SELECT 'published' || p::text FROM pg_publication_rel p
UNION ALL SELECT 'event trigger' || e::text FROM pg_event_trigger e
UNION ALL SELECT 'extension' || e::text FROM pg_extension e
UNION ALL SELECT 'collation' || c::text FROM pg_collation c WHERE oid >= 16384
UNION ALL SELECT 'operator' || o::text FROM pg_operator o WHERE oid >= 16384
UNION ALL SELECT 'cast' || c::text FROM pg_cast c WHERE oid >= 16384
UNION ALL SELECT 'wrapper' || f::text FROM pg_foreign_data_wrapper f
UNION ALL SELECT 'server' || s::text FROM pg_foreign_server s
UNION ALL SELECT 'privileges' || d::text FROM pg_default_acl d
UNION ALL SELECT 'large object' || l::text FROM pg_largeobject_metadata l
UNION ALL SELECT 'index' || i::text FROM pg_index i
  JOIN pg_class c ON c.oid = indexrelid WHERE indrelid >= 16384 AND relpersistence <> 't'
UNION ALL SELECT 'default' || d::text FROM pg_attrdef d
UNION ALL SELECT 'label' || e::text FROM pg_enum e
UNION ALL SELECT 'parent' || i::text FROM pg_inherits i
UNION ALL SELECT 'partitioned' || p::text FROM pg_partitioned_table p
UNION ALL SELECT 'sequence' || s::text FROM pg_sequence s
UNION ALL SELECT 'comment' || d::text FROM pg_description d WHERE objoid >= 16384
UNION ALL SELECT 'settings' || (setrole, setconfig)::text FROM pg_db_role_setting
  WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL SELECT 'database' || (datdba, datconnlimit, dattablespace, datacl)::text
  FROM pg_database WHERE datname = current_database()
