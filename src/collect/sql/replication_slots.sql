-- fills: replication_slots
-- scope: server
-- sampled
SELECT /* pgtriage */
  slot_name AS name, slot_type AS type, plugin, database AS database_name, active AS is_active,
  temporary AS is_temporary, age(xmin) AS xmin_age, age(catalog_xmin) AS catalog_xmin_age,
  wal_status, safe_wal_size AS safe_wal_bytes, -- [13+]
  conflicting AS is_conflicting, -- [16+]
  inactive_since AS inactive_since_at, invalidation_reason, -- [17+]
  failover AS is_failover, synced AS is_synced, -- [17+]
  CASE WHEN restart_lsn IS NOT NULL THEN greatest(0, pg_wal_lsn_diff(
    CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END,
    restart_lsn))::bigint END AS retained_bytes
FROM pg_replication_slots
