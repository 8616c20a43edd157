-- fills: extended_statistics
-- scope: database
-- What ANALYZE left of them is user data in part; pg_stats_ext has it as text that cannot be read back.
WITH locked AS MATERIALIZED (
  SELECT DISTINCT l.relation
  FROM pg_locks l
  WHERE l.mode = 'AccessExclusiveLock' AND l.relation IS NOT NULL AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT /* pgtriage */
  s.oid, s.stxrelid AS "relation_id:relations", n.nspname AS schema, s.stxname AS name,
  (SELECT json_agg(CASE k.kind WHEN 'd' THEN 'ndistinct' WHEN 'f' THEN 'dependencies' WHEN 'm' THEN 'mcv'
                     WHEN 'e' THEN 'expressions' ELSE k.kind END ORDER BY k.place)
   FROM unnest(s.stxkind::text[]) WITH ORDINALITY AS k(kind, place))::text AS kinds,
  coalesce((SELECT json_agg(a.attname ORDER BY k.place)
            FROM unnest(s.stxkeys::int2[]) WITH ORDINALITY AS k(attnum, place)
            JOIN pg_attribute a ON a.attrelid = s.stxrelid AND a.attnum = k.attnum)::text, '[]') AS columns,
  nullif(s.stxstattarget, -1)::int AS statistics_target, -- [13+]
  CASE WHEN s.stxrelid NOT IN (SELECT relation FROM locked) THEN pg_get_statisticsobjdef(s.oid) END AS definition
  , (SELECT json_agg(json_build_object( -- [values, extended]
       'inherited', d.stxdinherit, -- [values, extended, 15+]
       'expressions', (SELECT json_agg(json_build_object( -- [values, extended, 14+]
           'null_frac', e.stanullfrac, 'avg_width', e.stawidth, 'n_distinct', e.stadistinct, 'slots', -- [values, extended, 14+]
           coalesce((SELECT json_agg(json_build_object('kind', v.kind, -- [values, extended, 14+]
              'operator', nullif(v.operator, 0)::regoperator::text, -- [values, extended, 14+]
              'collation', nullif(v.coll, 0)::regcollation::text, -- [values, extended, 14+]
              'numbers', v.numbers::text, 'values', v.items) ORDER BY v.place) -- [values, extended, 14+]
            FROM (VALUES -- [values, extended, 14+]
              (1, e.stakind1, e.staop1, e.stacoll1, e.stanumbers1, e.stavalues1::text), -- [values, extended, 14+]
              (2, e.stakind2, e.staop2, e.stacoll2, e.stanumbers2, e.stavalues2::text), -- [values, extended, 14+]
              (3, e.stakind3, e.staop3, e.stacoll3, e.stanumbers3, e.stavalues3::text), -- [values, extended, 14+]
              (4, e.stakind4, e.staop4, e.stacoll4, e.stanumbers4, e.stavalues4::text), -- [values, extended, 14+]
              (5, e.stakind5, e.staop5, e.stacoll5, e.stanumbers5, e.stavalues5::text) -- [values, extended, 14+]
            ) AS v(place, kind, operator, coll, numbers, items) -- [values, extended, 14+]
            WHERE v.kind <> 0), '[]'::json)) ORDER BY e.place) -- [values, extended, 14+]
         FROM unnest(d.stxdexpr) WITH ORDINALITY AS e(starelid, staattnum, stainherit, stanullfrac, stawidth, -- [values, extended, 14+]
           stadistinct, stakind1, stakind2, stakind3, stakind4, stakind5, staop1, staop2, staop3, staop4, staop5, -- [values, extended, 14+]
           stacoll1, stacoll2, stacoll3, stacoll4, stacoll5, stanumbers1, stanumbers2, stanumbers3, stanumbers4, -- [values, extended, 14+]
           stanumbers5, stavalues1, stavalues2, stavalues3, stavalues4, stavalues5, place)), -- [values, extended, 14+]
       'ndistinct', encode(d.stxdndistinct::bytea, 'hex'), -- [values, extended]
       'dependencies', encode(d.stxddependencies::bytea, 'hex'), -- [values, extended]
       'mcv', encode(d.stxdmcv::bytea, 'hex')))::text -- [values, extended]
     FROM pg_statistic_ext_data d WHERE d.stxoid = s.oid) AS data -- [values, extended]
FROM pg_statistic_ext s
JOIN pg_class c ON c.oid = s.stxrelid
JOIN pg_namespace n ON n.oid = s.stxnamespace
WHERE c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
