-- fills: column_statistics
-- scope: database
SELECT /* pgtriage */
  c.oid AS "relation_id:relations", s.attname AS column_name, s.inherited,
  s.null_frac::float8 AS null_frac, s.avg_width, s.n_distinct::float8 AS n_distinct,
  s.correlation::float8 AS correlation,
  s.most_common_vals::text AS most_common_vals, -- [literals]
  s.histogram_bounds::text AS histogram_bounds, -- [literals]
  array_to_json(s.most_common_freqs)::text AS most_common_freqs
FROM pg_stats s
JOIN pg_namespace n ON n.nspname = s.schemaname
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename
WHERE c.relkind IN ('r', 'p', 'm', 'f')
  AND s.schemaname NOT IN ('pg_catalog', 'information_schema')
  AND s.schemaname !~ '^pg_(toast|temp_|toast_temp_)'
