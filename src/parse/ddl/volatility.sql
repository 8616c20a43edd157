-- Makes volatility.tsv, on a server that has the extensions which migrations use in defaults:
-- uuid-ossp, pgcrypto, hstore, citext, ltree, pg_trgm, unaccent, fuzzystrmatch, intarray, cube,
-- earthdistance. Of functions with several forms the worst counts. Left out is what nobody writes:
-- functions behind operators, casts and types, and those that take or give internal values.
SELECT p.proname, max(CASE p.provolatile WHEN 'v' THEN 'volatile' WHEN 's' THEN 'stable' ELSE 'immutable' END)
FROM pg_proc p
WHERE p.prokind = 'f' AND p.oid NOT IN (
    SELECT oprcode::oid FROM pg_operator
    UNION ALL SELECT oprrest::oid FROM pg_operator
    UNION ALL SELECT oprjoin::oid FROM pg_operator
    UNION ALL SELECT amproc::oid FROM pg_amproc
    UNION ALL SELECT unnest(ARRAY[typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze, typsubscript])::oid FROM pg_type
    UNION ALL SELECT unnest(ARRAY[aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn, aggmtransfn, aggminvtransfn, aggmfinalfn])::oid FROM pg_aggregate)
  AND p.prorettype NOT IN ('internal'::regtype, 'trigger'::regtype, 'event_trigger'::regtype, 'index_am_handler'::regtype)
  AND NOT 'internal'::regtype = ANY (p.proargtypes) AND NOT 'cstring'::regtype = ANY (p.proargtypes)
  AND p.pronamespace::regnamespace::text IN ('pg_catalog', 'public')
  AND p.proname !~ '^(pg_stat|binary_upgrade|pg_replication|pg_logical|RI_FKey|g?btree|gbt|gin_|ghstore|g_|gist|ginint|gtrgm|ltree_|_ltree|lquery|pgp_)'
GROUP BY 1 ORDER BY proname COLLATE "C";
