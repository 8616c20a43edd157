//! What a shadow is made of, written by hand for one database: the runner is tested without what reads facts.

use pgtriage::derive::shadow::{File, Script, Statement};
use tokio_postgres::{Client, SimpleQueryMessage};

/// Tables that the planner has to do different things for.
pub const TABLES: &[&str] = &[
    "CREATE TABLE orders (id int NOT NULL, customer int NOT NULL, status text NOT NULL, placed date NOT NULL, total numeric, note text)",
    "CREATE TABLE customers (id int NOT NULL, email text NOT NULL, city text)",
    "CREATE TABLE \"Empty One\" (id int NOT NULL, x text)",
];

pub const INDEXES: &[&str] = &[
    "ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id)",
    "ALTER TABLE customers ADD CONSTRAINT customers_pkey PRIMARY KEY (id)",
    "CREATE INDEX orders_open ON orders (placed) WHERE status = 'open'",
    "CREATE INDEX customers_lower ON customers (lower(email))",
    "CREATE INDEX \"Empty Index\" ON \"Empty One\" (x)",
];

/// Rows of the original.
pub const ROWS: &str = "
    INSERT INTO customers SELECT i, 'user' || i || '@example.com', 'city ' || i % 300 FROM generate_series(1, 40000) i;
    INSERT INTO orders SELECT i, 1 + (i % 40000 * 7919 % 40000), CASE WHEN i % 97 = 0 THEN 'open' ELSE 'done' END,
      date '2020-01-01' + i / 150, (i * 31) % 10000 / 100.0, repeat('x', 40 + i % 60) FROM generate_series(1, 300000) i;
    VACUUM ANALYZE";

/// Reads figures and statistics of the original.
pub async fn script(original: &Client) -> Script {
    let statements = |all: &[&str]| all.iter().map(|sql| statement((*sql).to_owned())).collect();
    let mut script = Script {
        tables: statements(TABLES),
        indexes: statements(INDEXES),
        ..Script::default()
    };
    for table in ["orders", "customers"] {
        for end in ["min", "max"] {
            let columns = "SELECT string_agg(format('quote_nullable(%s(%I)::text)', $1, attname), ' || '','' || ' ORDER BY attnum)
                FROM pg_attribute WHERE attrelid = $2::text::regclass AND attnum > 0";
            let columns = columns
                .replace("$1", &format!("'{end}'"))
                .replace("$2", &format!("'{table}'"));
            let columns = one(original, &columns).await;
            let row = one(original, &format!("SELECT {columns} FROM {table}")).await;
            script
                .rows
                .push(statement(format!("INSERT INTO {table} VALUES ({row})")));
        }
    }
    script.statistics = all(original, &statistics())
        .await
        .into_iter()
        .map(statement)
        .collect();
    let figures = all(
        original,
        "SELECT format('UPDATE pg_class SET relpages = %s, reltuples = %s, relallvisible = %s WHERE oid = %L::regclass',
            relpages, reltuples, relallvisible, oid::regclass)
         FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')",
    )
    .await;
    script.statistics.extend(figures.into_iter().map(statement));
    original
        .batch_execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
        .await
        .unwrap();
    let files = all(
        original,
        "SELECT relname || '|' || pg_relation_size(oid) || '|' || CASE relkind WHEN 'i' THEN (bt_metap(oid::regclass::text)).fastlevel::text ELSE '' END
         FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')",
    )
    .await;
    for row in files {
        let parts: Vec<&str> = row.split('|').collect();
        script.files.push(File {
            schema: "public".to_owned(),
            name: parts[0].to_owned(),
            bytes: parts[1].parse().unwrap(),
            height: parts[2].parse().ok(),
            metapage: None,
        });
    }
    script
}

/// SQL that writes statements which write the rows of `pg_statistic`.
fn statistics() -> String {
    let slot = |part: &str| {
        let each = (1..=5).map(|n| part.replace('@', &n.to_string()));
        each.collect::<Vec<_>>().join(" || ', ' || ")
    };
    let kinds = slot("stakind@");
    let operators = slot(
        "CASE staop@ WHEN 0 THEN '0' ELSE quote_literal(staop@::regoperator) || '::regoperator' END",
    );
    let collations = slot(
        "CASE stacoll@ WHEN 0 THEN '0' ELSE quote_literal(stacoll@::regcollation) || '::regcollation' END",
    );
    let numbers = slot("coalesce(quote_literal(stanumbers@::text), 'NULL') || '::real[]'");
    let values = slot(
        "CASE WHEN stavalues@ IS NULL THEN 'NULL' ELSE format('array_in(%L::cstring, %L::regtype, -1)', stavalues@::text, a.atttypid::regtype) END",
    );
    format!(
        "SELECT format('INSERT INTO pg_statistic VALUES (%L::regclass, %s, %L, %s, %s, %s, ', s.starelid::regclass, s.staattnum,
            s.stainherit, s.stanullfrac, s.stawidth, s.stadistinct)
            || {kinds} || ', ' || {operators} || ', ' || {collations} || ', ' || {numbers} || ', ' || {values} || ')'
         FROM pg_statistic s JOIN pg_attribute a ON a.attrelid = s.starelid AND a.attnum = s.staattnum
         JOIN pg_class c ON c.oid = s.starelid WHERE c.relnamespace = 'public'::regnamespace"
    )
}

fn statement(sql: String) -> Statement {
    Statement {
        object: sql.chars().take(60).collect(),
        sql,
        relations: Vec::new(),
    }
}

async fn all(client: &Client, sql: &str) -> Vec<String> {
    let messages = client
        .simple_query(sql)
        .await
        .unwrap_or_else(|e| panic!("{sql}: {e:?}"));
    let rows = messages.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap().to_owned()),
        _ => None,
    });
    rows.collect()
}

async fn one(client: &Client, sql: &str) -> String {
    all(client, sql).await.remove(0)
}
