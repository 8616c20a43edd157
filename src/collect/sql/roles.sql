-- fills: roles
-- scope: server
SELECT /* pgtriage */
  oid, rolname AS name, rolsuper AS is_superuser, rolcanlogin AS can_login,
  rolreplication AS can_replicate, rolbypassrls AS bypasses_rls,
  nullif(rolconnlimit, -1) AS connection_limit, rolvaliduntil AS valid_until
FROM pg_roles
