-- fills: sessions
-- scope: server
-- sampled
-- The types of others' processes may be hidden: of those that the server starts, none has both a
-- database and a role.
SELECT /* pgtriage */
  a.pid, a.datid AS "database_id:databases", a.usesysid AS "role_id:roles", a.application_name,
  CASE WHEN a.client_addr IS NOT NULL THEN host(a.client_addr) WHEN a.client_port = -1 THEN 'local' END AS client,
  coalesce(a.backend_type,
    CASE WHEN a.datid IS NOT NULL AND a.usesysid IS NOT NULL THEN 'client backend' ELSE 'hidden' END) AS backend_type,
  a.leader_pid, -- [13+]
  a.backend_start AS started_at, a.xact_start AS xact_started_at, a.query_start AS query_started_at,
  a.state_change AS state_changed_at, a.state, a.wait_event_type, a.wait_event,
  age(a.backend_xid) AS xid_age, age(a.backend_xmin) AS xmin_age,
  a.query_id AS queryid, -- [14+]
  nullif(a.query, '<insufficient privilege>') AS "fingerprint:fingerprint",
  nullif(a.query, '<insufficient privilege>') AS "query:redact",
  l.ssl AS is_ssl
FROM pg_stat_activity a
LEFT JOIN pg_stat_ssl l ON l.pid = a.pid
WHERE a.pid <> pg_backend_pid()
  AND coalesce(a.application_name, '') <> 'pgtriage'
