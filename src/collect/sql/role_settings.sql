-- fills: role_settings
-- scope: server
SELECT /* pgtriage */
  nullif(r.setdatabase, 0) AS "database_id:databases", nullif(r.setrole, 0) AS "role_id:roles",
  split_part(c.entry, '=', 1) AS name,
  substr(c.entry, strpos(c.entry, '=') + 1) AS "value:setting"
FROM pg_db_role_setting r, unnest(r.setconfig) AS c(entry)
