-- fills: nodes
-- scope: server
SELECT /* pgtriage */
  CASE WHEN pg_is_in_recovery() THEN 'standby' ELSE 'primary' END AS role,
  current_setting('server_version_num')::int AS version_num,
  current_setting('server_version') AS version,
  version() AS platform,
  {provider} AS provider,
  pg_postmaster_start_time() AS started_at,
  pg_conf_load_time() AS config_loaded_at,
  session_user::text AS connected_as,
  (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS is_superuser,
  pg_has_role('pg_read_all_stats', 'USAGE') AS reads_all_stats,
  pg_has_role('pg_read_all_settings', 'USAGE') AS reads_all_settings,
  current_setting('data_checksums')::bool AS data_checksums,
  txid_snapshot_xmax(txid_current_snapshot())::text AS next_xid
