-- fills: nodes
-- scope: server
-- updates: system_identifier, timeline
-- remedy: GRANT EXECUTE ON FUNCTION pg_control_system(), pg_control_checkpoint() TO {role};
SELECT /* pgtriage */
  (SELECT system_identifier::text FROM pg_control_system()) AS system_identifier,
  (SELECT timeline_id FROM pg_control_checkpoint()) AS timeline
