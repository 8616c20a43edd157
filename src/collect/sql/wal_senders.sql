-- fills: wal_senders
-- scope: server
-- sampled
SELECT /* pgtriage */
  r.pid, r.application_name, host(r.client_addr) AS client, r.state, r.sync_state,
  (SELECT s.slot_type = 'logical' FROM pg_replication_slots s WHERE s.active_pid = r.pid LIMIT 1) AS is_logical,
  CASE WHEN NOT pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_current_wal_lsn(), r.sent_lsn)::bigint END AS sent_lag_bytes,
  CASE WHEN NOT pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn)::bigint END AS replay_lag_bytes,
  (extract(epoch FROM r.write_lag) * 1000)::float8 AS write_lag_ms,
  (extract(epoch FROM r.flush_lag) * 1000)::float8 AS flush_lag_ms,
  (extract(epoch FROM r.replay_lag) * 1000)::float8 AS replay_lag_ms,
  age(r.backend_xmin) AS xmin_age
FROM pg_stat_replication r
