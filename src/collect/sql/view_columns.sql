-- fills: view_columns
-- scope: database
-- A view depends on the columns that it names, and on a relation as a whole where it names none.
SELECT /* pgtriage */ DISTINCT
  v.oid AS "view_id:relations", r.oid AS "relation_id:relations", a.attname AS column_name
FROM pg_depend d
JOIN pg_rewrite w ON w.oid = d.objid AND w.ev_type = '1'
JOIN pg_class v ON v.oid = w.ev_class AND v.relkind IN ('v', 'm') AND v.relpersistence <> 't'
JOIN pg_namespace n ON n.oid = v.relnamespace
JOIN pg_class r ON r.oid = d.refobjid AND r.oid <> v.oid AND r.relkind IN ('r', 'p', 'v', 'm', 'f')
JOIN pg_namespace m ON m.oid = r.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid AND d.refobjsubid > 0
WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
  AND m.nspname NOT IN ('pg_catalog', 'information_schema')
  AND m.nspname !~ '^pg_(toast|temp_|toast_temp_)'
