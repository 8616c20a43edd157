-- fills: functions
-- scope: database
-- The server writes no definition of an aggregate, so it is put together of its parts.
SELECT /* pgtriage */
  p.oid, n.nspname AS schema, p.proname AS name, pg_get_function_identity_arguments(p.oid) AS arguments,
  CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' WHEN 'w' THEN 'window' ELSE 'function' END AS kind,
  l.lanname AS language,
  CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END AS volatility,
  pg_get_function_result(p.oid) AS result,
  CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid)
    ELSE format('CREATE AGGREGATE %I.%I (%s) (SFUNC = %s, STYPE = %s', n.nspname, p.proname,
           CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_get_function_arguments(p.oid) END,
           g.aggtransfn, format_type(g.aggtranstype, NULL))
      || CASE WHEN g.aggtransspace > 0 THEN format(', SSPACE = %s', g.aggtransspace) ELSE '' END
      || CASE WHEN g.aggfinalfn <> 0 THEN format(', FINALFUNC = %s', g.aggfinalfn) ELSE '' END
      || CASE WHEN g.aggfinalextra THEN ', FINALFUNC_EXTRA' ELSE '' END
      || CASE WHEN g.aggcombinefn <> 0 THEN format(', COMBINEFUNC = %s', g.aggcombinefn) ELSE '' END
      || CASE WHEN g.aggserialfn <> 0
              THEN format(', SERIALFUNC = %s, DESERIALFUNC = %s', g.aggserialfn, g.aggdeserialfn) ELSE '' END
      || CASE WHEN g.agginitval IS NOT NULL THEN format(', INITCOND = %L', g.agginitval) ELSE '' END
      || CASE WHEN g.aggsortop <> 0
              THEN (SELECT format(', SORTOP = OPERATOR(%I.%s)', m.nspname, o.oprname)
                    FROM pg_operator o JOIN pg_namespace m ON m.oid = o.oprnamespace WHERE o.oid = g.aggsortop)
              ELSE '' END
      || CASE p.proparallel WHEN 's' THEN ', PARALLEL = SAFE' WHEN 'r' THEN ', PARALLEL = RESTRICTED' ELSE '' END
      || CASE WHEN g.aggkind = 'h' THEN ', HYPOTHETICAL)' ELSE ')' END
    END AS definition
FROM pg_proc p
LEFT JOIN pg_aggregate g ON g.aggfnoid = p.oid
JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
