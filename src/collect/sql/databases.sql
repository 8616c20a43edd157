-- fills: databases
-- scope: server
SELECT /* pgtriage */
  d.oid, d.datname AS name, pg_get_userbyid(d.datdba)::text AS owner,
  pg_encoding_to_char(d.encoding)::text AS encoding, d.datcollate::text AS collation,
  CASE d.datlocprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' END AS locale_provider, -- [15+]
  d.datcollversion AS collation_version, -- [15+]
  pg_database_collation_actual_version(d.oid) AS collation_version_actual, -- [15+]
  d.datistemplate AS is_template, d.datallowconn AS allows_connections,
  nullif(d.datconnlimit, -1) AS connection_limit,
  CASE WHEN has_database_privilege(d.oid, 'CONNECT')
         OR pg_has_role('pg_read_all_stats', 'USAGE')
       THEN pg_database_size(d.oid) END AS size_bytes,
  age(d.datfrozenxid) AS frozen_xid_age, mxid_age(d.datminmxid) AS min_mxid_age
FROM pg_database d
