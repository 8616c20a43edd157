-- fills: hba_rules
-- scope: server
-- remedy: GRANT SELECT ON pg_hba_file_rules TO {role}; GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO {role};
SELECT /* pgtriage */
  coalesce(h.rule_number, h.line_number) AS number, h.file_name, -- [16+]
  h.line_number AS number, -- [to 15]
  h.line_number, h.type, to_json(h.database)::text AS databases, to_json(h.user_name)::text AS users,
  h.address, h.netmask, h.auth_method AS method, h.error
FROM pg_hba_file_rules h
