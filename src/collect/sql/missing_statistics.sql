-- fills: missing_facts
-- scope: database
-- pg_stats shows nothing, rather than an error, of tables that the role may not read.
SELECT /* pgtriage */
  'column_statistics' AS table_name, format('%I.%I', n.nspname, c.relname) AS object,
  format('role %I may not read the table, so pg_stats hides its statistics', current_user) AS reason,
  format('GRANT pg_read_all_data TO %I;', current_user) AS remedy -- [14+]
  format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO %I;', n.nspname, current_user) AS remedy -- [to 13]
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm')
  AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
  AND (NOT has_any_column_privilege(c.oid, 'SELECT') OR row_security_active(c.oid))
