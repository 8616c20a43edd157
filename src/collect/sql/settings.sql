-- fills: settings
-- scope: server
-- What our own transaction sets is not the server's business, so its value before that counts.
-- Settings attached to our own role or database hide the server's value from our session.
SELECT /* pgtriage */
  s.name, CASE s.source WHEN 'session' THEN s.reset_val ELSE s.setting END AS "value:setting", s.unit, s.vartype, s.context, s.source,
  s.sourcefile AS source_file, s.boot_val AS "boot_value:setting",
  CASE WHEN NOT EXISTS (
         SELECT FROM pg_db_role_setting r, unnest(r.setconfig) AS c(entry)
         WHERE r.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = session_user))
           AND r.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
           AND split_part(c.entry, '=', 1) = s.name)
       THEN s.reset_val END AS "server_value:setting",
  s.pending_restart, array_to_json(s.enumvals)::text AS choices
FROM pg_settings s
