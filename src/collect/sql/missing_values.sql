-- fills: missing_facts
-- scope: database
-- values
-- What of the planner's statistics stays unknown. pg_stats shows nothing, rather than an error, of tables that the
-- role may not read.
SELECT /* pgtriage */ g.table_name, g.column_name, g.object, g.reason, g.remedy
FROM (
  SELECT 'extended_statistics' AS table_name, 'data' AS column_name, NULL AS object,
    format('role %I may not read pg_statistic_ext_data', current_user) AS reason,
    format('GRANT SELECT ON pg_statistic_ext_data TO %I;', current_user) AS remedy -- [to 13]
    format('GRANT pg_read_all_data TO %I;', current_user) AS remedy -- [14+]
  WHERE EXISTS (SELECT FROM pg_statistic_ext) AND NOT has_table_privilege('pg_catalog.pg_statistic_ext_data', 'SELECT')
  UNION ALL -- [no statistic]
  SELECT 'planner_statistics', NULL, format('%I.%I', n.nspname, c.relname), -- [no statistic]
    format('role %I may not read the table, so pg_stats hides its statistics', current_user), -- [no statistic]
    format('GRANT pg_read_all_data TO %I;', current_user) -- [no statistic, 14+]
    format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO %I;', n.nspname, current_user) -- [no statistic, to 13]
  FROM pg_class c -- [no statistic]
  JOIN pg_namespace n ON n.oid = c.relnamespace -- [no statistic]
  WHERE c.relkind IN ('r', 'p', 'm') -- [no statistic]
    AND c.relpersistence <> 't' -- [no statistic]
    AND n.nspname NOT IN ('pg_catalog', 'information_schema') -- [no statistic]
    AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' -- [no statistic]
    AND (NOT has_table_privilege(c.oid, 'SELECT') OR row_security_active(c.oid)) -- [no statistic]
  UNION ALL -- [no statistic]
  SELECT 'planner_statistics', NULL, 'expressions of ' || format('%I.%I', n.nspname, c.relname), -- [no statistic]
    format('role %I does not own the index, so pg_stats hides the statistics of its expressions', current_user), -- [no statistic]
    format('GRANT pg_read_all_data TO %I;', current_user) -- [no statistic, 14+]
    format('GRANT SELECT ON pg_statistic TO %I;', current_user) -- [no statistic, to 13]
  FROM pg_index i -- [no statistic]
  JOIN pg_class c ON c.oid = i.indexrelid -- [no statistic]
  JOIN pg_namespace n ON n.oid = c.relnamespace -- [no statistic]
  WHERE i.indexprs IS NOT NULL AND c.relkind = 'i' -- [no statistic]
    AND c.relpersistence <> 't' -- [no statistic]
    AND n.nspname NOT IN ('pg_catalog', 'information_schema') -- [no statistic]
    AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' -- [no statistic]
    AND NOT has_table_privilege(c.oid, 'SELECT') -- [no statistic]
) g
