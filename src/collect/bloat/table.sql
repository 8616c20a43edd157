-- Columns and B-tree indexes of a table ($1), for the layout of its rows and entries.
-- An index calls foreign code where it needs a function, operator or domain that neither the server nor an
-- extension brought along, and that nobody made who may do all that we may.
WITH made AS MATERIALIZED (
  SELECT d.objid AS index_oid
  FROM pg_depend d
  WHERE d.classid = 'pg_class'::regclass AND d.objid IN (SELECT indexrelid FROM pg_index WHERE indrelid = $1)
    AND (d.refclassid = 'pg_proc'::regclass
           AND NOT EXISTS (SELECT FROM pg_proc p JOIN pg_roles o ON o.oid = p.proowner
                           WHERE p.oid = d.refobjid AND (o.rolsuper OR o.rolname = current_user))
         OR d.refclassid = 'pg_operator'::regclass
           AND NOT EXISTS (SELECT FROM pg_operator p JOIN pg_roles o ON o.oid = p.oprowner
                           WHERE p.oid = d.refobjid AND (o.rolsuper OR o.rolname = current_user))
         OR d.refclassid = 'pg_type'::regclass
           AND EXISTS (SELECT FROM pg_type y WHERE y.oid = d.refobjid AND y.typtype = 'd'))
    AND d.refobjid >= 16384
    AND NOT EXISTS (SELECT FROM pg_depend e
                    WHERE e.classid = d.refclassid AND e.objid = d.refobjid AND e.deptype = 'e')
)
SELECT /* pgtriage */
  pg_relation_size($1) AS size_bytes,
  coalesce((
    SELECT json_agg(json_build_object(
             'name', a.attname, 'length', a.attlen, 'alignment', a.attalign::text, 'storage', a.attstorage::text,
             'is_stored', NOT a.attisdropped AND a.attgenerated::text <> 'v',
             'is_never_null', a.attnotnull AND NOT EXISTS (
               SELECT FROM pg_constraint k WHERE k.conrelid = $1 AND k.contype = 'n' AND NOT k.convalidated)
           ) ORDER BY a.attnum)
    FROM pg_attribute a
    WHERE a.attrelid = $1 AND a.attnum > 0), '[]')::text AS columns,
  coalesce((
    SELECT json_agg(json_build_object(
             'oid', i.indexrelid::int8, 'schema', n.nspname, 'name', c.relname, 'size_bytes', pg_relation_size(c.oid),
             'fillfactor', coalesce((SELECT option_value FROM pg_options_to_table(c.reloptions) WHERE option_name = 'fillfactor'), '90')::int8,
             'merges', NOT i.indisunique AND i.indnatts = i.indnkeyatts
               AND coalesce((SELECT option_value FROM pg_options_to_table(c.reloptions) WHERE option_name = 'deduplicate_items'), 'on')
                   NOT IN ('off', 'false', 'no', '0', 'f', 'n', 'of')
               AND (SELECT bool_and(EXISTS (
                             SELECT FROM pg_opclass o
                             JOIN pg_amproc p ON p.amprocfamily = o.opcfamily AND p.amprocnum = 4
                              AND p.amproclefttype = o.opcintype AND p.amprocrighttype = o.opcintype
                             WHERE o.oid = i.indclass[k.place - 1])
                           AND coalesce((SELECT l.collisdeterministic FROM pg_collation l
                                         WHERE l.oid = i.indcollation[k.place - 1]), true))
                    FROM generate_series(1, i.indnkeyatts) AS k(place)),
             'keys', i.indnkeyatts,
             'predicate', pg_get_expr(i.indpred, i.indrelid),
             'calls_foreign_code', i.indexrelid IN (SELECT index_oid FROM made),
             'columns', (
               SELECT json_agg(json_build_object(
                        'length', a.attlen, 'alignment', a.attalign::text, 'storage', a.attstorage::text,
                        'attnum', i.indkey[a.attnum - 1],
                        'definition', pg_get_indexdef(i.indexrelid, a.attnum::int, false)) ORDER BY a.attnum)
               FROM pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attnum > 0)
           ) ORDER BY i.indexrelid)
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_am m ON m.oid = c.relam
    WHERE i.indrelid = $1 AND m.amname = 'btree' AND c.relkind = 'i' AND i.indisvalid AND i.indisready AND i.indislive), '[]')::text AS indexes
