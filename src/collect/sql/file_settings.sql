-- fills: file_settings
-- scope: server
-- remedy: GRANT SELECT ON pg_file_settings TO {role}; GRANT EXECUTE ON FUNCTION pg_show_all_file_settings() TO {role};
-- Reading the files marks settings whose new value only a restart brings, in our session; so the mark is
-- asked for after that, and only for lines with an error, of which a change that waits is one.
WITH lines AS MATERIALIZED (
  SELECT * FROM pg_file_settings
)
SELECT /* pgtriage */
  l.seqno AS number, l.sourcefile AS file_name, l.sourceline AS line_number, l.name, l.setting AS "value:setting",
  l.applied AS is_applied, l.error,
  CASE WHEN l.error IS NOT NULL
       THEN (SELECT s.pending_restart FROM pg_settings s WHERE lower(s.name) = lower(l.name)) END AS waits_for_restart
FROM lines l
