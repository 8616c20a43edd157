-- fills: wal_receivers
-- scope: server
-- sampled
SELECT /* pgtriage */
  status, sender_host, sender_port, slot_name,
  (extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::float8 AS replay_delay_ms
FROM pg_stat_wal_receiver
WHERE pid IS NOT NULL
