-- fills: archive_status
-- scope: server
-- sampled
-- remedy: GRANT pg_monitor TO {role};
SELECT /* pgtriage */
  count(*) FILTER (WHERE name LIKE '%.ready') AS ready_count,
  min(modification) FILTER (WHERE name LIKE '%.ready') AS oldest_ready_at
FROM pg_ls_archive_statusdir()
