-- fills: security_definer_functions
-- scope: database
SELECT /* pgtriage */
  n.nspname AS schema, p.proname AS name, pg_get_function_identity_arguments(p.oid) AS arguments,
  CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind,
  r.rolname AS owner, coalesce(r.rolsuper, false) AS owner_is_superuser,
  (SELECT substr(c.entry, strpos(c.entry, '=') + 1) FROM unnest(p.proconfig) AS c(entry)
   WHERE split_part(c.entry, '=', 1) = 'search_path') AS search_path,
  has_function_privilege('public', p.oid, 'EXECUTE') AS public_execute,
  (SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
   WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
     AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' LIMIT 1) AS extension
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN pg_roles r ON r.oid = p.proowner
WHERE p.prosecdef
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
