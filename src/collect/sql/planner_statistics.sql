-- fills: planner_statistics
-- scope: database
-- values
-- remedy: GRANT pg_read_all_data TO {role};
-- All five slots. From pg_stats the slots are built anew: 1 most common values, 2 histogram, 3 correlation,
-- 4 most common elements, 5 counts of elements, 6 lengths and 7 bounds of ranges.
SELECT /* pgtriage */
  CASE WHEN c.relkind <> 'i' THEN c.oid END AS "relation_id:relations",
  CASE WHEN c.relkind = 'i' THEN c.oid END AS "index_id:indexes",
  a.attnum AS position,
  s.stainherit AS inherited, s.stanullfrac::float8 AS null_frac, s.stawidth AS avg_width, -- [statistic]
  s.stadistinct::float8 AS n_distinct, -- [statistic]
  coalesce((SELECT json_agg(json_build_object('kind', v.kind, -- [statistic]
     'operator', nullif(v.operator, 0)::regoperator::text, -- [statistic]
     'collation', nullif(v.coll, 0)::regcollation::text, -- [statistic, 13+]
     'numbers', v.numbers::text, 'values', v.items) ORDER BY v.place) -- [statistic]
   FROM (VALUES -- [statistic]
     (1, s.stakind1, s.staop1, s.stacoll1, s.stanumbers1, s.stavalues1::text), -- [statistic]
     (2, s.stakind2, s.staop2, s.stacoll2, s.stanumbers2, s.stavalues2::text), -- [statistic]
     (3, s.stakind3, s.staop3, s.stacoll3, s.stanumbers3, s.stavalues3::text), -- [statistic]
     (4, s.stakind4, s.staop4, s.stacoll4, s.stanumbers4, s.stavalues4::text), -- [statistic]
     (5, s.stakind5, s.staop5, s.stacoll5, s.stanumbers5, s.stavalues5::text) -- [statistic]
   ) AS v(place, kind, operator, coll, numbers, items) -- [statistic]
   WHERE v.kind <> 0)::text, '[]') AS slots -- [statistic]
FROM pg_statistic s -- [statistic]
JOIN pg_class c ON c.oid = s.starelid -- [statistic]
JOIN pg_namespace n ON n.oid = c.relnamespace -- [statistic]
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = s.staattnum AND NOT a.attisdropped -- [statistic]
  s.inherited, s.null_frac::float8 AS null_frac, s.avg_width, s.n_distinct::float8 AS n_distinct, -- [no statistic]
  coalesce((SELECT json_agg(json_build_object('kind', v.kind, 'numbers', v.numbers::text, 'values', v.items) -- [no statistic]
                            ORDER BY v.kind) -- [no statistic]
   FROM (VALUES -- [no statistic]
     (1, s.most_common_freqs, s.most_common_vals::text), -- [no statistic]
     (2, NULL, s.histogram_bounds::text), -- [no statistic]
     (3, ARRAY[s.correlation], NULL), -- [no statistic]
     (4, s.most_common_elem_freqs, s.most_common_elems::text), -- [no statistic]
     (5, s.elem_count_histogram, NULL), -- [no statistic]
     (6, ARRAY[s.range_empty_frac], s.range_length_histogram::text), -- [no statistic, 17+]
     (7, NULL, s.range_bounds_histogram::text) -- [no statistic, 17+]
     (0, NULL, NULL) -- [no statistic, to 16]
   ) AS v(kind, numbers, items) -- [no statistic]
   WHERE v.kind <> 0 AND (v.items IS NOT NULL OR v.numbers[1] IS NOT NULL))::text, '[]') AS slots -- [no statistic]
FROM pg_stats s -- [no statistic]
JOIN pg_namespace n ON n.nspname = s.schemaname -- [no statistic]
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename -- [no statistic]
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname AND NOT a.attisdropped -- [no statistic]
WHERE c.relkind IN ('r', 'p', 'm', 'f', 'i')
  AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
