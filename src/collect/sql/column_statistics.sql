-- fills: column_statistics
-- scope: database
-- A superuser may read pg_statistic itself, which is many times faster on large catalogs than the
-- privilege check that pg_stats makes for each column. Kinds of slots: 1 most common values,
-- 2 histogram, 3 correlation.
SELECT /* pgtriage */
  s.starelid AS "relation_id:relations", a.attname AS column_name, s.stainherit AS inherited, -- [superuser]
  s.stanullfrac::float8 AS null_frac, s.stawidth AS avg_width, s.stadistinct::float8 AS n_distinct, -- [superuser]
  (CASE 3 WHEN s.stakind1 THEN s.stanumbers1[1] WHEN s.stakind2 THEN s.stanumbers2[1] -- [superuser]
     WHEN s.stakind3 THEN s.stanumbers3[1] WHEN s.stakind4 THEN s.stanumbers4[1] -- [superuser]
     WHEN s.stakind5 THEN s.stanumbers5[1] END)::float8 AS correlation, -- [superuser]
  (CASE 1 WHEN s.stakind1 THEN s.stavalues1::text WHEN s.stakind2 THEN s.stavalues2::text -- [superuser, literals]
     WHEN s.stakind3 THEN s.stavalues3::text WHEN s.stakind4 THEN s.stavalues4::text -- [superuser, literals]
     WHEN s.stakind5 THEN s.stavalues5::text END) AS most_common_vals, -- [superuser, literals]
  (CASE 2 WHEN s.stakind1 THEN s.stavalues1::text WHEN s.stakind2 THEN s.stavalues2::text -- [superuser, literals]
     WHEN s.stakind3 THEN s.stavalues3::text WHEN s.stakind4 THEN s.stavalues4::text -- [superuser, literals]
     WHEN s.stakind5 THEN s.stavalues5::text END) AS histogram_bounds, -- [superuser, literals]
  array_to_json(CASE 1 WHEN s.stakind1 THEN s.stanumbers1 WHEN s.stakind2 THEN s.stanumbers2 -- [superuser]
     WHEN s.stakind3 THEN s.stanumbers3 WHEN s.stakind4 THEN s.stanumbers4 -- [superuser]
     WHEN s.stakind5 THEN s.stanumbers5 END)::text AS most_common_freqs -- [superuser]
FROM pg_statistic s -- [superuser]
JOIN pg_attribute a ON a.attrelid = s.starelid AND a.attnum = s.staattnum AND NOT a.attisdropped -- [superuser]
JOIN pg_class c ON c.oid = s.starelid -- [superuser]
JOIN pg_namespace n ON n.oid = c.relnamespace -- [superuser]
  c.oid AS "relation_id:relations", s.attname AS column_name, s.inherited, -- [ordinary]
  s.null_frac::float8 AS null_frac, s.avg_width, s.n_distinct::float8 AS n_distinct, -- [ordinary]
  s.correlation::float8 AS correlation, -- [ordinary]
  s.most_common_vals::text AS most_common_vals, -- [ordinary, literals]
  s.histogram_bounds::text AS histogram_bounds, -- [ordinary, literals]
  array_to_json(s.most_common_freqs)::text AS most_common_freqs -- [ordinary]
FROM pg_stats s -- [ordinary]
JOIN pg_namespace n ON n.nspname = s.schemaname -- [ordinary]
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename -- [ordinary]
WHERE c.relkind IN ('r', 'p', 'm', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
