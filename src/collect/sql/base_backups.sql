-- fills: base_backups
-- scope: server
-- remedy: GRANT pg_monitor TO {role};
SELECT /* pgtriage */ name, modification AS finished_at
FROM pg_ls_waldir()
WHERE name ~ '^[0-9A-F]{24}\.[0-9A-F]{8}\.backup$'
