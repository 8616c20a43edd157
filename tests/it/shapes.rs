//! What statements say, with names looked up in a small catalog.

use std::fmt::Write;

use pgtriage::derive;
use pgtriage::facts::Store;
use rusqlite::Connection;

const SCHEMA: &str = "
INSERT INTO databases (id, name, is_collected) VALUES (1, 'shop', 1);
INSERT INTO relations (id, schema, name, kind, definition) VALUES
  (1, 'public', 'customers', 'table', NULL),
  (2, 'public', 'orders', 'table', NULL),
  (3, 'public', 'items', 'table', NULL),
  (4, 'archive', 'orders_old', 'table', NULL),
  (5, 'public', 'open_orders', 'view',
   'SELECT o.id, o.customer_id AS buyer, c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.state = ''open''');
INSERT INTO columns (relation_id, position, name, type) VALUES
  (1, 1, 'id', 'bigint'), (1, 2, 'name', 'text'), (1, 3, 'email', 'character varying(80)'), (1, 4, 'active', 'boolean'),
  (2, 1, 'id', 'bigint'), (2, 2, 'customer_id', 'bigint'), (2, 3, 'state', 'text'),
  (2, 4, 'placed_at', 'timestamp with time zone'), (2, 5, 'total', 'numeric(10,2)'),
  (3, 1, 'id', 'bigint'), (3, 2, 'order_id', 'bigint'), (3, 3, 'sku', 'text'), (3, 4, 'data', 'jsonb'),
  (4, 1, 'id', 'bigint'), (4, 2, 'customer_id', 'bigint'),
  (5, 1, 'id', 'bigint'), (5, 2, 'buyer', 'bigint'), (5, 3, 'name', 'text');
INSERT INTO constraints (relation_id, name, kind, columns) VALUES
  (1, 'customers_pkey', 'primary key', '[\"id\"]'), (2, 'orders_pkey', 'primary key', '[\"id\"]'),
  (3, 'items_pkey', 'primary key', '[\"id\"]');
";

/// What the facts say of one statement, in lines.
fn told(text: &str) -> String {
    let store = Store::in_memory().unwrap();
    let facts = store.connection();
    facts.execute_batch(SCHEMA).unwrap();
    facts
        .execute(
            "INSERT INTO statements (id, fingerprint, text) VALUES (1, 'f1:1', ?1)",
            [text],
        )
        .unwrap();
    derive::all(facts).unwrap();
    let mut out = String::new();
    for (title, sql) in PARTS {
        for row in rows(facts, sql) {
            writeln!(out, "{title}: {row}").unwrap();
        }
    }
    out
}

const PARTS: [(&str, &str); 8] = [
    ("is", "SELECT concat_ws(' ', kind, nullif(purpose, 'application'), nullif(read_as, 'tree'), wrapper,
              CASE WHEN subject_block > 0 THEN 'of block ' || subject_block END,
              CASE WHEN is_single_row THEN 'single row' END, 'rows given ' || rows_given, tags) FROM statement_shapes"),
    ("block", "SELECT concat_ws(' ', block, role, 'in ' || parent_block, CASE WHEN is_negated THEN 'negated' END,
              CASE WHEN is_correlated THEN 'correlated' END, set_operation, CASE WHEN is_distinct THEN 'distinct' END,
              CASE WHEN has_star THEN 'star' END, outputs || ' outputs', CASE WHEN aggregates THEN aggregates || ' aggregates' END,
              CASE WHEN has_group_by THEN 'groups' END, CASE WHEN has_window THEN 'window' END,
              'limit ' || limit_by, limit_value, 'offset ' || offset_by, offset_value,
              'for ' || lock_strength, lock_wait, CASE WHEN orders_randomly THEN 'random' END)
            FROM query_blocks ORDER BY block"),
    ("relation", "SELECT concat_ws(' ', block, ordinal, usage, schema || '.' || name, CASE WHEN relation_id IS NULL THEN '(unknown)' END, 'as ' || alias, join_kind)
            FROM query_relations ORDER BY block, ordinal"),
    ("predicate", "SELECT concat_ws(' ', p.block, p.clause, 'or ' || p.or_group || '.' || p.or_arm, coalesce(r.name || '.', '') || p.column_name,
              p.wrapped_in, p.wrapper, '{' || p.expression || '}', p.operator, p.comparand, p.list_length,
              CASE p.is_sargable WHEN 1 THEN 'sargable' WHEN 0 THEN 'not sargable: ' || p.unsargable_because ELSE 'depends' END)
            FROM query_predicates p LEFT JOIN relations r ON r.id = p.relation_id ORDER BY p.position"),
    ("join", "SELECT concat_ws(' ', j.block, coalesce(a.name, '?') || '.' || j.left_column, '=', coalesce(b.name, '?') || '.' || j.right_column)
            FROM query_joins j LEFT JOIN relations a ON a.id = j.left_relation_id LEFT JOIN relations b ON b.id = j.right_relation_id"),
    ("sort", "SELECT concat_ws(' ', s.block, s.clause, coalesce(r.name || '.', '') || s.column_name, '{' || s.expression || '}',
              CASE WHEN s.is_descending THEN 'desc' END, CASE WHEN s.nulls_first THEN 'nulls first' END)
            FROM query_sorts s LEFT JOIN relations r ON r.id = s.relation_id ORDER BY s.block, s.clause DESC, s.position"),
    ("path", "SELECT concat_ws(' ', p.block, r.name, 'equal ' || nullif(equality_columns, '[]'), 'in ' || nullif(in_columns, '[]'),
              'null ' || nullif(null_columns, '[]'), 'join ' || nullif(join_columns, '[]'), 'range ' || nullif(range_columns, '[]'),
              'other ' || nullif(other_columns, '[]'), 'sort ' || nullif(sort_columns, '[]'), CASE WHEN has_limit THEN 'limit' END,
              CASE WHEN has_unknown THEN 'unknown' END) FROM access_paths p JOIN relations r ON r.id = p.relation_id ORDER BY p.block, p.ordinal"),
    ("refs", "SELECT usage || ' ' || group_concat(r.name || '.' || column_name, ' ') FROM (SELECT * FROM column_refs ORDER BY usage, relation_id, column_name) c
            JOIN relations r ON r.id = c.relation_id GROUP BY usage"),
];

fn rows(facts: &Connection, sql: &str) -> Vec<String> {
    let mut statement = facts.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// Statements and what is told of them, as one snapshot.
fn check(name: &str, statements: &[&str]) {
    let told: Vec<String> = statements
        .iter()
        .map(|text| format!("{text}\n{}", told(text)))
        .collect();
    insta::assert_snapshot!(name, told.join("\n"));
}

#[test]
fn conditions() {
    check(
        "conditions",
        &[
            "SELECT * FROM orders WHERE customer_id = $1 AND state IN ($2, $3) AND placed_at >= $4 AND total IS NULL",
            "SELECT id FROM orders WHERE $1 > total AND placed_at BETWEEN $2 AND $3",
            "SELECT id FROM customers WHERE upper(email::text) = upper($1)",
            "SELECT id FROM customers WHERE email::text = $1 AND name LIKE $2 AND name ILIKE $3",
            "SELECT id FROM orders WHERE customer_id::text = $1 OR placed_at::date = $2",
            "SELECT id FROM orders WHERE state = $1 OR state = $2",
            "SELECT id FROM customers WHERE NOT active AND NOT (name = $1) AND id <> ALL ($2)",
            "SELECT id FROM orders WHERE id = ANY ($1) AND (customer_id, state) = ($2, $3) AND (placed_at, id) < ($4, $5)",
            "SELECT id FROM orders WHERE total * $1 > $2 AND total > customer_id AND NOT (state IS NULL)",
            "SELECT id FROM items WHERE data @> $1 AND data ->> $2 = $3",
            "SELECT id FROM orders WHERE (state = $1 AND total > $2) OR customer_id = $3",
            "SELECT id FROM orders WHERE placed_at > now() - interval $1 AND id = $2::bigint",
        ],
    );
}

#[test]
fn names() {
    check(
        "names",
        &[
            "SELECT name, total FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.email = $1 ORDER BY placed_at DESC LIMIT $2",
            "SELECT * FROM orders JOIN items ON items.order_id = orders.id",
            "SELECT id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND state = $1)",
            "SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM orders WHERE total > $1)",
            "SELECT buyer, name FROM open_orders WHERE buyer = $1",
            "SELECT * FROM open_orders LIMIT 10",
            "WITH recent AS (SELECT id, customer_id AS c FROM orders WHERE placed_at > $1) SELECT r.id, k.name FROM recent r JOIN customers k ON k.id = r.c",
            "SELECT x.total FROM (SELECT * FROM orders WHERE state = $1) x WHERE x.customer_id = $2",
            "SELECT id FROM orders a JOIN customers b USING (id) NATURAL JOIN items",
            "SELECT customer_id FROM orders_old WHERE customer_id = $1",
            "SELECT a FROM elsewhere WHERE b = $1",
            "SELECT o.id FROM ONLY public.orders o JOIN ONLY (customers) c ON c.id = o.customer_id, ONLY items FETCH FIRST ROW ONLY",
            "SELECT \"Id\", \"orders\".\"id\" FROM \"orders\" WHERE \"orders\".\"state\" = $1",
            "SELECT c.name, (SELECT max(o.placed_at) FROM orders o WHERE o.customer_id = c.id) FROM customers c",
            "SELECT o.id FROM orders o, LATERAL (SELECT id FROM items i WHERE i.order_id = o.id LIMIT 1) x",
            "SELECT id FROM orders UNION ALL SELECT id FROM orders_old ORDER BY 1 LIMIT 5",
            "WITH RECURSIVE t AS (SELECT id, customer_id FROM orders WHERE id = $1 UNION ALL SELECT o.id, o.customer_id FROM orders o JOIN t ON t.customer_id = o.id) SELECT * FROM t",
        ],
    );
}

#[test]
fn rows_asked_for() {
    check(
        "rows_asked_for",
        &[
            "SELECT * FROM orders WHERE id = $1",
            "SELECT count(*) FROM orders",
            "SELECT count(*) FROM (SELECT id FROM orders WHERE customer_id = $1 OFFSET $2) s",
            "SELECT $1 AS a FROM orders WHERE customer_id = $2 LIMIT $3",
            "SELECT EXISTS (SELECT * FROM orders WHERE customer_id = $1) AS e",
            "SELECT $1 FROM (SELECT $2) t WHERE EXISTS (SELECT 1 FROM orders WHERE customer_id = $3)",
            "SELECT state, count(*), sum(total) FROM orders GROUP BY state HAVING count(*) > $1 ORDER BY 2 DESC NULLS LAST",
            "SELECT max(total) FROM orders WHERE customer_id = $1",
            "SELECT DISTINCT ON (customer_id) * FROM orders ORDER BY customer_id, placed_at DESC",
            "SELECT * FROM orders ORDER BY random() LIMIT 1",
            "SELECT id FROM orders WHERE state = $1 ORDER BY id LIMIT 10 OFFSET 2000 FOR UPDATE SKIP LOCKED",
            "SELECT id FROM orders WHERE id = $1 FOR NO KEY UPDATE",
            "SELECT id, row_number() OVER (PARTITION BY customer_id ORDER BY placed_at) FROM orders FETCH FIRST 5 ROWS ONLY",
            "TABLE orders",
            "VALUES ($1, $2), ($3, $4)",
            "SELECT $1",
            "SELECT set_config($1, $2, $3)",
            "SELECT relname FROM pg_class WHERE oid = $1",
            "BEGIN",
            "SELECT * FROM orders WHERE id = $1 /*action='show',controller='orders',framework='rails%3A7.1'*/",
        ],
    );
}

#[test]
fn changes() {
    check(
        "changes",
        &[
            "INSERT INTO orders (customer_id, state) VALUES ($1, $2) RETURNING id",
            "INSERT INTO orders VALUES ($1), ($2)",
            "INSERT INTO orders_old SELECT id, customer_id FROM orders WHERE placed_at < $1",
            "INSERT INTO customers (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name",
            "UPDATE orders SET state = $1, total = total + $2 WHERE id = $3",
            "UPDATE orders o SET state = c.name FROM customers c WHERE c.id = o.customer_id AND c.email = $1",
            "DELETE FROM items WHERE order_id IN (SELECT id FROM orders WHERE state = $1)",
            "DELETE FROM items i USING orders o WHERE o.id = i.order_id AND o.state = $1",
            "MERGE INTO orders o USING orders_old a ON a.id = o.id WHEN MATCHED THEN UPDATE SET state = $1 WHEN NOT MATCHED THEN INSERT (id, customer_id) VALUES (a.id, a.customer_id)",
            "WITH gone AS (DELETE FROM orders WHERE id = $1 RETURNING *) INSERT INTO orders_old (id, customer_id) SELECT id, customer_id FROM gone",
            "COPY orders (id, state) FROM STDIN",
            "COPY orders FROM STDIN WHERE id > 5",
            "COPY orders FROM STDIN WITH (FREEZE ON, FORMAT csv, ON_ERROR ignore) WHERE id > 5",
            "COPY (SELECT id FROM orders WHERE state = $1) TO STDOUT WITH (FORMAT binary)",
            "CREATE INDEX ON orders (state)",
            "DELETE FROM ONLY orders WHERE id = $1",
            "UPDATE ONLY orders o SET state = $1 WHERE o.id = $2",
        ],
    );
}

#[test]
fn what_has_no_tree() {
    check(
        "what_has_no_tree",
        &[
            "SELECT o.id FROM orders o JOIN customers AS c ON c.id = o.customer_id WHERE o.state = $1 AND o.total > $2 LIMIT $3 @@@ $4 (",
            "DELETE FROM orders WHERE id = $1 AND AND",
            "SELECT",
            "frobnicate the orders",
        ],
    );
}

#[test]
fn what_the_server_runs_for_foreign_keys() {
    check(
        "what_the_server_runs_for_foreign_keys",
        &[
            r#"SELECT $2 FROM ONLY "public"."customers" x WHERE "id" OPERATOR(pg_catalog.=) $1 FOR KEY SHARE OF x"#,
            r#"DELETE FROM ONLY "public"."orders" WHERE $1 OPERATOR(pg_catalog.=) "customer_id""#,
            r#"UPDATE "public"."orders" SET "customer_id" = NULL WHERE $1 OPERATOR(pg_catalog.=) "customer_id""#,
            r#"SELECT fk."customer_id" FROM ONLY "public"."orders" fk LEFT OUTER JOIN ONLY "public"."customers" pk ON ( pk."id" OPERATOR(pg_catalog.=) fk."customer_id") WHERE pk."id" IS NULL AND (fk."customer_id" IS NOT NULL)"#,
            r#"DELETE FROM ONLY "public"."orders" WHERE "customer_id" = $1"#,
            "SELECT id FROM orders x WHERE id OPERATOR(pg_catalog.=) $1",
        ],
    );
}

#[test]
fn subqueries_in_subqueries_are_read_once() {
    let deep = |n: usize| format!("SELECT 1{}{}", " + (SELECT 1".repeat(n), ")".repeat(n));
    let told = told(&deep(60));
    assert!(told.starts_with("is: select session single row"), "{told}");
    assert_eq!(told.matches("block: ").count(), 61);
}

#[test]
fn no_text_is_too_long() {
    let texts = [
        format!(
            "SELECT * FROM orders WHERE state = '{}'",
            "x".repeat(1 << 20)
        ),
        format!(
            "SELECT * FROM orders WHERE id = {}1{}",
            "(".repeat(2_000),
            ")".repeat(2_000)
        ),
        format!(
            "SELECT * FROM orders WHERE id = 1{}",
            " + 1".repeat(1_000_000)
        ),
        format!(
            "SELECT * FROM orders WHERE id = 1{}",
            " OR id = 1".repeat(1_000_000)
        ),
    ];
    for text in texts {
        let told = told(&text);
        assert!(
            told.contains("is: select tokens"),
            "{}",
            &told[..200.min(told.len())]
        );
        assert!(told.contains("public.orders"));
    }
}
