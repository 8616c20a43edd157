-- What takes back objects with oids above {highest}, in an order in which it can be run.
SELECT statement FROM (
  SELECT 1, format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
  FROM pg_constraint WHERE oid > {highest} AND conrelid BETWEEN 1 AND {highest} AND conislocal
  UNION ALL
  SELECT 2, format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass)
  FROM pg_trigger WHERE oid > {highest} AND tgrelid <= {highest} AND NOT tgisinternal
  UNION ALL
  SELECT 3, format('DROP %s IF EXISTS %s CASCADE',
    CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
      WHEN 'i' THEN 'INDEX' WHEN 'I' THEN 'INDEX' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END, oid::regclass)
  FROM pg_class WHERE oid > {highest} AND relkind IN ('r', 'p', 'v', 'm', 'S', 'i', 'I', 'c')
    AND relpersistence <> 't' AND relnamespace <> 'pg_toast'::regnamespace
  UNION ALL
  SELECT 4, format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure) FROM pg_proc WHERE oid > {highest}
  UNION ALL
  SELECT 5, format('DROP TYPE IF EXISTS %s CASCADE', oid::regtype)
  FROM pg_type WHERE oid > {highest} AND typtype IN ('e', 'd', 'r')
  UNION ALL
  SELECT 6, format('DROP SCHEMA IF EXISTS %I CASCADE', nspname)
  FROM pg_namespace WHERE oid > {highest} AND nspname !~ '^pg_'
) undo (turn, statement) ORDER BY turn
