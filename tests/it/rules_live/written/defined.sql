-- What is defined in a database, a line each, by names: of what is as it was it gives the same lines.
WITH own AS (
  SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
)
SELECT format('relation %s %s %s %s %s %s %s %s %s %s %s', c.oid::regclass, relkind, relowner::regrole, relpersistence, relreplident,
         relrowsecurity, relforcerowsecurity, (SELECT array_agg(o ORDER BY o) FROM unnest(reloptions) o),
         (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(relacl) a),
         (SELECT spcname FROM pg_tablespace WHERE oid = reltablespace), pg_get_expr(relpartbound, c.oid))
FROM pg_class c WHERE relnamespace IN (SELECT oid FROM own)
UNION ALL SELECT format('index %s valid %s live %s', pg_get_indexdef(indexrelid), indisvalid, indislive)
FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE relnamespace IN (SELECT oid FROM own)
UNION ALL SELECT format('column %s.%s %s %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, pg_get_expr(adbin, adrelid))
FROM pg_attribute JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relnamespace IN (SELECT oid FROM own) AND attnum > 0 AND NOT attisdropped AND relkind NOT IN ('i', 'I')
UNION ALL SELECT format('constraint %s.%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated)
FROM pg_constraint WHERE connamespace IN (SELECT oid FROM own)
UNION ALL SELECT format('trigger %s %s', pg_get_triggerdef(t.oid), tgenabled)
FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal AND relnamespace IN (SELECT oid FROM own)
UNION ALL SELECT format('routine %s %s %s', p.oid::regprocedure, proconfig, md5(pg_get_functiondef(p.oid)))
FROM pg_proc p WHERE pronamespace IN (SELECT oid FROM own) AND prokind IN ('f', 'p')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
UNION ALL SELECT format('view %s %s', c.oid::regclass, pg_get_viewdef(c.oid)) FROM pg_class c WHERE relkind IN ('v', 'm') AND relnamespace IN (SELECT oid FROM own)
UNION ALL SELECT format('sequence %s %s %s %s %s %s %s', seqrelid::regclass, seqtypid::regtype, seqstart, seqincrement, seqmax, seqmin, seqcycle) FROM pg_sequence
UNION ALL SELECT format('schema %s %s %s', nspname, nspowner::regrole, (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(nspacl) a))
FROM pg_namespace WHERE oid IN (SELECT oid FROM own)
UNION ALL SELECT format('policy %s %s %s', polrelid::regclass, polname, pg_get_expr(polqual, polrelid)) FROM pg_policy
UNION ALL SELECT format('parent %s %s', inhrelid::regclass, inhparent::regclass) FROM pg_inherits
UNION ALL SELECT format('published %s %s', prpubid, prrelid::regclass) FROM pg_publication_rel
