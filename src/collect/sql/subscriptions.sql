-- fills: subscriptions
-- scope: database
SELECT /* pgtriage */
  s.subname AS name, s.subenabled AS is_enabled, w.pid AS worker_pid, w.last_msg_receipt_time AS message_at,
  (SELECT count(*) FROM pg_subscription_rel r WHERE r.srsubid = w.subid AND r.srsubstate <> 'r') AS tables_pending
  , c.apply_error_count AS apply_errors, c.sync_error_count AS sync_errors, c.stats_reset AS stats_reset_at -- [15+]
FROM pg_subscription s
JOIN pg_stat_subscription w ON w.subname = s.subname AND w.relid IS NULL
LEFT JOIN pg_stat_subscription_stats c ON c.subid = w.subid -- [15+]
WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND w.leader_pid IS NULL -- [16+]
