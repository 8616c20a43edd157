CREATE TEMP TABLE pgtriage_types AS
WITH used AS MATERIALIZED (
  SELECT DISTINCT a.atttypid AS oid FROM pg_attribute a
  WHERE a.attrelid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped
), based AS MATERIALIZED (
  SELECT u.oid, coalesce(nullif(inner_.typbasetype, 0), nullif(t.typbasetype, 0), t.oid) AS base
  FROM used u JOIN pg_type t ON t.oid = u.oid LEFT JOIN pg_type inner_ ON inner_.oid = t.typbasetype
), parts AS MATERIALIZED (
  SELECT b.oid, b.base, CASE t.typname WHEN 'tsvector' THEN 25 ELSE t.typelem END AS item,
    coalesce(
/* 14+ */      (SELECT r.rngtypid FROM pg_range r WHERE r.rngmultitypid = b.base),
      b.base) AS bounds
  FROM based b JOIN pg_type t ON t.oid = b.base
), every_type AS MATERIALIZED (
  SELECT base AS oid FROM parts UNION SELECT item FROM parts WHERE item <> 0
), compared AS MATERIALIZED (
  SELECT e.oid, CASE
      WHEN EXISTS (SELECT FROM pg_opclass c WHERE c.opcintype = e.oid AND c.opcmethod = 403 AND c.opcdefault) THEN e.oid
      WHEN t.typtype = 'e' THEN 3500 WHEN t.typtype = 'r' THEN 3831 WHEN t.typtype = 'm' THEN 4537
      WHEN t.typtype = 'c' THEN 2249 WHEN t.typcategory = 'A' THEN 2277
      ELSE coalesce((SELECT k.casttarget FROM pg_cast k
                     JOIN pg_opclass c ON c.opcintype = k.casttarget AND c.opcmethod = 403 AND c.opcdefault
                     WHERE k.castsource = e.oid AND k.castmethod = 'b' AND k.castcontext = 'i'
                     ORDER BY k.casttarget LIMIT 1), e.oid) END AS input
  FROM every_type e JOIN pg_type t ON t.oid = e.oid
), operators AS MATERIALIZED (
  SELECT c.oid,
    (SELECT o.amopopr FROM pg_opclass k
     JOIN pg_amop o ON o.amopfamily = k.opcfamily AND o.amoplefttype = k.opcintype AND o.amoprighttype = k.opcintype
     WHERE k.opcmethod = 403 AND k.opcdefault AND k.opcintype = c.input AND o.amopstrategy = 1) AS less,
    coalesce(
      (SELECT o.amopopr FROM pg_opclass k
       JOIN pg_amop o ON o.amopfamily = k.opcfamily AND o.amoplefttype = k.opcintype AND o.amoprighttype = k.opcintype
       WHERE k.opcmethod = 403 AND k.opcdefault AND k.opcintype = c.input AND o.amopstrategy = 3),
      (SELECT o.amopopr FROM pg_opclass k
       JOIN pg_amop o ON o.amopfamily = k.opcfamily AND o.amoplefttype = k.opcintype AND o.amoprighttype = k.opcintype
       WHERE k.opcmethod = 405 AND k.opcdefault AND k.opcintype = c.input AND o.amopstrategy = 1)) AS equal
  FROM compared c
)
SELECT p.oid, p.item::oid AS item, p.bounds::oid AS bounds, o.less, o.equal, i.equal AS item_equal
FROM parts p
LEFT JOIN operators o ON o.oid = p.base
LEFT JOIN operators i ON i.oid = p.item
