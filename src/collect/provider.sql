(SELECT CASE
      WHEN bool_or(name LIKE 'alloydb.%') THEN 'alloydb'
      WHEN bool_or(name LIKE 'aurora%' OR name LIKE 'apg\_%') THEN 'aurora'
      WHEN bool_or(name LIKE 'rds.%') THEN 'rds'
      WHEN bool_or(name LIKE 'cloudsql.%') THEN 'cloudsql'
      WHEN bool_or(name LIKE 'azure.%') THEN 'azure'
      WHEN bool_or(name LIKE 'neon.%') THEN 'neon'
      WHEN bool_or(name LIKE 'supautils.%') THEN 'supabase'
    END FROM pg_settings)
