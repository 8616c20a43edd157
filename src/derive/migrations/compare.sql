-- Predictions and observations side by side. What a body runs is summed up under the statement that
-- runs it, and may or may not come to pass: it allows what is seen, but asks for nothing.
INSERT INTO migration_comparisons
WITH RECURSIVE
levels (level, name) AS (VALUES
  (1, 'ACCESS SHARE'), (2, 'ROW SHARE'), (3, 'ROW EXCLUSIVE'), (4, 'SHARE UPDATE EXCLUSIVE'),
  (5, 'SHARE'), (6, 'SHARE ROW EXCLUSIVE'), (7, 'EXCLUSIVE'), (8, 'ACCESS EXCLUSIVE')),
within (id, top) AS (
  SELECT id, id FROM migration_statements WHERE parent_id IS NULL
  UNION ALL
  SELECT s.id, w.top FROM migration_statements s JOIN within w ON s.parent_id = w.id),
runs AS (
  SELECT o.statement_id, o.least_level, o.error, o.error_message, o.unseen_because,
         o.error IS NOT NULL OR o.least_level IS NOT NULL AS is_run,
         EXISTS (SELECT 1 FROM migration_statements b WHERE b.parent_id = o.statement_id) AS has_body,
         EXISTS (SELECT 1 FROM within w JOIN migration_statements b ON b.id = w.id
                 WHERE w.top = o.statement_id AND (b.opaque_because IS NOT NULL OR b.unread_because IS NOT NULL)) AS is_opaque
  FROM migration_observations o WHERE o.name IS NULL),
effects AS (
  SELECT w.top AS statement_id, e.*
  FROM migration_effects e JOIN within w ON w.id = e.statement_id),
seen AS (
  SELECT o.statement_id, o.schema, o.name, o.kind, coalesce(o.lock_level, 0) AS level, coalesce(o.held_level, 0) AS held,
         o.scans, o.scanned_rows, o.rewritten, o.built_indexes
  FROM migration_observations o WHERE o.name IS NOT NULL),
predicted AS (
  SELECT e.statement_id,
         coalesce(
           (SELECT s.schema FROM seen s WHERE s.statement_id = e.statement_id AND s.name = e.name AND s.schema = coalesce(e.schema, s.schema)),
           (SELECT s.schema FROM seen s WHERE s.statement_id = e.statement_id AND s.name = e.name AND s.schema = 'pg_temp'),
           e.schema, 'public') AS schema,
         e.name, max(e.kind) AS kind, coalesce(max(e.lock_level), 0) AS level,
         max(e.scans) AS scans,
         -- A table of a foreign key is not read where the other has no row.
         max(e.scans AND e.part NOT IN ('referenced', 'foreign key scan')) AS must_scan,
         max(e.rewrites) AS rewrites, max(e.rewrites AND json_extract(e.details, '$.unless_utc') IS NULL) AS must_rewrite, max(e.builds) AS builds
  FROM effects e
  WHERE e.kind IN ('table', 'partitioned table', 'view', 'materialized view', 'foreign table', 'sequence', 'index')
  GROUP BY 1, 2, 3
  HAVING coalesce(max(e.lock_level), 0) + max(e.scans) + max(e.rewrites) + max(e.builds) > 0),
errors AS (
  SELECT e.statement_id, group_concat(DISTINCT e.error) AS codes
  FROM effects e WHERE e.error IS NOT NULL GROUP BY 1),
pairs AS (
  SELECT coalesce(p.statement_id, s.statement_id) AS statement_id, coalesce(p.schema, s.schema) AS schema,
         coalesce(p.name, s.name) AS name, coalesce(s.kind, p.kind) AS kind,
         coalesce(p.level, 0) AS predicted_level, coalesce(s.level, 0) AS level, coalesce(s.held, 0) AS held,
         coalesce(p.scans, 0) AS predicted_scan, coalesce(p.must_scan, 0) AS must_scan, CASE WHEN s.name IS NULL THEN 0 ELSE s.scans END AS scans, s.scanned_rows,
         coalesce(p.rewrites, 0) AS predicted_rewrite, coalesce(p.must_rewrite, 0) AS must_rewrite, coalesce(s.rewritten, 0) AS rewritten,
         coalesce(p.builds, 0) AS predicted_build, coalesce(s.built_indexes, 0) AS built
  FROM predicted p
  FULL JOIN seen s ON s.statement_id = p.statement_id AND s.schema = p.schema AND s.name = p.name),
compared AS (
  SELECT p.*, r.unseen_because, p.predicted_rewrite OR p.rewritten AS is_rewrite,
         p.kind IN ('table', 'materialized view') AS has_rows, r.has_body, r.is_opaque, r.least_level
  FROM pairs p JOIN runs r USING (statement_id)
  WHERE r.least_level IS NOT NULL
    AND (predicted_level OR predicted_scan OR predicted_rewrite OR predicted_build OR level OR scanned_rows > 0 OR rewritten OR built))
SELECT r.statement_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       replace(e.codes, ',', ' '), r.error, r.error_message, r.unseen_because,
       CASE WHEN NOT r.is_run THEN NULL
            WHEN r.error IS NOT NULL AND NOT r.is_opaque AND instr(coalesce(e.codes, ''), r.error) = 0 THEN 'error'
            WHEN r.error IS NULL AND NOT r.has_body AND e.codes IS NOT NULL
              -- Whether rows are in the way hangs on there being any.
              AND (e.codes NOT LIKE '23%' OR EXISTS (
                SELECT 1 FROM seen s WHERE s.statement_id = r.statement_id AND s.scanned_rows > 0)) THEN 'error' END
FROM runs r LEFT JOIN errors e USING (statement_id)
UNION ALL
SELECT c.statement_id, c.schema, c.name, c.kind,
       (SELECT l.name FROM levels l WHERE l.level = c.predicted_level),
       (SELECT l.name FROM levels l WHERE l.level = c.level),
       c.predicted_scan, c.scanned_rows, c.predicted_rewrite, c.rewritten, c.predicted_build, c.built,
       NULL, NULL, NULL, NULL,
       nullif(trim(
         CASE WHEN c.level > c.predicted_level AND NOT c.is_opaque
                AND (c.predicted_level > 0 OR c.level >= 4 AND c.kind <> 'index') THEN 'lock '
              -- What its transaction holds already is not taken anew; some locks could not be seen.
              WHEN c.predicted_level > max(c.level, c.held) AND c.predicted_level >= c.least_level AND NOT c.has_body
                AND (c.kind <> 'index' OR c.least_level = 1) THEN 'lock '
              ELSE '' END
         || CASE WHEN c.is_rewrite OR NOT c.has_rows OR c.scans IS NULL THEN ''
                 -- What a query reads hangs on its plan. An index is built by reading the table.
                 WHEN c.scanned_rows > 0 AND NOT c.predicted_scan AND NOT c.is_opaque
                   AND max(c.level, c.predicted_level) >= 4 AND NOT c.predicted_build THEN 'scan '
                 WHEN c.must_scan AND c.scans = 0 AND NOT c.has_body THEN 'scan '
                 ELSE '' END
         || CASE WHEN NOT c.has_rows THEN ''
                 WHEN c.rewritten AND NOT c.predicted_rewrite AND NOT c.is_opaque THEN 'rewrite '
                 WHEN c.must_rewrite AND NOT c.rewritten AND NOT c.has_body THEN 'rewrite '
                 ELSE '' END
         || CASE WHEN c.is_rewrite OR NOT c.has_rows THEN ''
                 WHEN c.built > 0 AND NOT c.predicted_build AND NOT c.is_opaque THEN 'build '
                 WHEN c.predicted_build AND c.built = 0 AND NOT c.has_body THEN 'build '
                 ELSE '' END), '')
FROM compared c;
