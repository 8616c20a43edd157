-- fills: prepared_transactions
-- scope: server
-- sampled
SELECT /* pgtriage */
  gid, database::text AS database_name, owner::text AS owner, prepared AS prepared_at,
  age(transaction) AS xid_age
FROM pg_prepared_xacts
