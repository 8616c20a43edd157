-- fills: roles
-- scope: server
-- Of a password only the kind of its hash is read, on the server.
SELECT /* pgtriage */
  r.oid, r.rolname AS name, r.rolsuper AS is_superuser, r.rolcanlogin AS can_login,
  r.rolreplication AS can_replicate, r.rolbypassrls AS bypasses_rls,
  nullif(r.rolconnlimit, -1) AS connection_limit, r.rolvaliduntil AS valid_until
  , CASE WHEN a.rolpassword IS NULL THEN 'none' WHEN a.rolpassword LIKE 'md5%' THEN 'md5' ELSE 'scram-sha-256' END AS password_kind -- [superuser]
FROM pg_roles r
LEFT JOIN pg_authid a ON a.oid = r.oid -- [superuser]
