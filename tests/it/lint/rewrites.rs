//! Safe forms: what is written instead of an action.

use std::fmt::Write;

use insta::assert_snapshot;
use pgtriage::advise::migration::rewrites;
use pgtriage::facts::Store;
use pgtriage::parse::ddl::schema;
use rusqlite::params;

/// What facts know of the database.
const KNOWN: &str = "
    CREATE SCHEMA app;
    CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, note text, code text NOT NULL);
    CREATE TABLE app.logs (at timestamptz NOT NULL, kind text) PARTITION BY RANGE (at);
    CREATE TABLE app.logs_1 PARTITION OF app.logs FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
    CREATE TABLE app.logs_2 PARTITION OF app.logs FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
    CREATE INDEX orders_note ON orders (note);
    CREATE MATERIALIZED VIEW totals AS SELECT 1 AS n;
    CREATE UNIQUE INDEX totals_n ON totals (n);";

/// The rewrite of an action of a statement: form and part as in `forms.tsv`, the relation, the
/// action's text within the statement, and what else the effect says.
fn rewritten(major: Option<u32>, case: &str) -> String {
    let mut parts = case.split(" | ");
    let mut next = || parts.next().unwrap_or_default();
    let (form, part, relation, statement, action) = (next(), next(), next(), next(), next());
    let column = Some(next()).filter(|column| !column.is_empty());
    let details = Some(next()).filter(|details| !details.is_empty());
    let action = if action.is_empty() { statement } else { action };
    let store = Store::in_memory().unwrap();
    let facts = store.connection();
    assert_eq!(schema(facts, 1, KNOWN).unwrap(), []);
    let (schema, name) = relation.split_once('.').unwrap_or(("public", relation));
    let at = statement.find(action).unwrap();
    let place = |byte: usize| {
        let before = &statement[..byte];
        let line = before.matches('\n').count();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before[start..].chars().count() + if line == 0 { 5 } else { 1 };
        (line + 10, column)
    };
    let (from, to) = (place(at), place(at + action.len()));
    facts
        .execute(
            "INSERT INTO migration_files (id, path, layout, layout_because, chain, ordinal)
             VALUES (1, 'a.sql', 'sql', 'x', 1, 1)",
            [],
        )
        .unwrap();
    facts
        .execute(
            "INSERT INTO migration_statements (id, file_id, ordinal, command, text, line, \"column\",
               end_line, end_column, holds_lock_level)
             VALUES (1, 1, 1, 'X', ?1, 10, 5, 1, 1, 6)",
            [statement],
        )
        .unwrap();
    facts
        .execute(
            "INSERT INTO migration_effects (id, statement_id, action, line, \"column\", end_line,
               end_column, form, part, schema, name, kind, relation_id, column_name, is_known, details)
             SELECT 1, 1, 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
               coalesce((SELECT kind FROM relations WHERE schema = ?7 AND name = ?8), 'table'),
               (SELECT id FROM relations WHERE schema = ?7 AND name = ?8), ?9, 1, coalesce(?10, '{}')",
            params![from.0, from.1, to.0, to.1, form, part, schema, name, column, details],
        )
        .unwrap();
    rewrites(facts, major).unwrap();
    let mut told = format!("{}\n", statement.replace('\n', "\n  "));
    let mut query = facts
        .prepare(
            "SELECT migration, in_transaction, sql, undo, note, is_mechanical FROM migration_rewrites
             ORDER BY step",
        )
        .unwrap();
    let mut rows = query.query([]).unwrap();
    let mut any = false;
    while let Some(row) = rows.next().unwrap() {
        let sign = if row.get_unwrap(5) { "=" } else { "~" };
        let outside = if row.get_unwrap(1) { "" } else { " outside" };
        let (migration, sql): (i64, String) = (row.get_unwrap(0), row.get_unwrap(2));
        writeln!(
            told,
            "  {sign} {migration}{outside}: {}",
            sql.replace('\n', "\n    ")
        )
        .unwrap();
        for (word, at) in [("undo", 3), ("note", 4)] {
            if let Some(text) = row.get_unwrap::<_, Option<String>>(at) {
                writeln!(told, "      {word}: {text}").unwrap();
            }
        }
        any = true;
    }
    if !any {
        told += "  stays\n";
    }
    told
}

fn all(major: Option<u32>, cases: &[&str]) -> String {
    let told = cases.iter().map(|case| rewritten(major, case));
    told.collect::<Vec<_>>().join("\n")
}

#[test]
fn indexes() {
    let told = all(
        None,
        &[
            "create index | table | orders | CREATE INDEX orders_a -- why\n  ON public.orders (note)",
            "create index | table | orders | create unique index if not exists \"A\" on orders (note)",
            "create index | table | orders | CREATE INDEX ON orders (note, code) |  |  | {\"columns\": [\"note\", \"code\"]}",
            "create index | table | app.logs | CREATE INDEX i ON app.logs USING btree (kind) WHERE kind <> '' |  |  | {\"columns\": [\"kind\"]}",
            "create index | table | nowhere | CREATE INDEX i ON ONLY nowhere (kind)",
            "drop index | table | orders | DROP INDEX orders_note",
            "drop index | table | orders | DROP INDEX IF EXISTS a, app.\"b\" | app.\"b\"",
            "drop index | table | orders | DROP INDEX a CASCADE",
            "reindex table | table | orders | REINDEX (VERBOSE) TABLE orders",
            "refresh | materialized view | totals | REFRESH MATERIALIZED VIEW totals",
            "refresh | materialized view | others | REFRESH MATERIALIZED VIEW others",
        ],
    );
    assert_snapshot!(told);
}

#[test]
fn constraints() {
    let columns = "{\"columns\": [\"note\"]}";
    let unnamed = format!(
        "add check | table | orders | ALTER TABLE orders ADD CHECK (note <> '') | ADD CHECK (note <> '') |  | {columns}"
    );
    let key = format!(
        "add unique | table | orders | ALTER TABLE orders ADD UNIQUE NULLS NOT DISTINCT (note, code) INCLUDE (id) WITH (fillfactor=70) USING INDEX TABLESPACE fast DEFERRABLE | ADD UNIQUE NULLS NOT DISTINCT (note, code) INCLUDE (id) WITH (fillfactor=70) USING INDEX TABLESPACE fast DEFERRABLE |  | {columns}"
    );
    let told = all(
        None,
        &[
            "add check | table | orders | ALTER TABLE IF EXISTS ONLY public.orders\n  ADD CONSTRAINT c CHECK (note <> '') NO INHERIT | ADD CONSTRAINT c CHECK (note <> '') NO INHERIT",
            &unnamed,
            "add foreign key | table | orders | ALTER TABLE orders ADD x int, ADD CONSTRAINT \"F\" FOREIGN KEY (customer_id) REFERENCES customers ON DELETE CASCADE | ADD CONSTRAINT \"F\" FOREIGN KEY (customer_id) REFERENCES customers ON DELETE CASCADE",
            "add foreign key | table | app.logs | ALTER TABLE app.logs ADD CONSTRAINT f FOREIGN KEY (kind) REFERENCES kinds | ADD CONSTRAINT f FOREIGN KEY (kind) REFERENCES kinds",
            "add domain check | domain | email | ALTER DOMAIN email ADD CONSTRAINT at CHECK (VALUE ~ '@') | ADD CONSTRAINT at CHECK (VALUE ~ '@')",
            &key,
            "add unique | table | orders | ALTER TABLE orders ADD CONSTRAINT k UNIQUE (note) | ADD CONSTRAINT k UNIQUE (note)",
            "add primary key | table | orders | ALTER TABLE orders ADD CONSTRAINT pk PRIMARY KEY (code, note) | ADD CONSTRAINT pk PRIMARY KEY (code, note)",
            "add primary key | table | orders | ALTER TABLE orders ADD PRIMARY KEY (code) | ADD PRIMARY KEY (code)",
            "add primary key | table | nowhere | ALTER TABLE nowhere ADD PRIMARY KEY (code) | ADD PRIMARY KEY (code)",
            "add unique | table | app.logs | ALTER TABLE app.logs ADD UNIQUE (at) | ADD UNIQUE (at)",
            "validate check | table | orders | ALTER TABLE orders VALIDATE CONSTRAINT c | VALIDATE CONSTRAINT c",
            "set not null | table | orders | ALTER TABLE orders ALTER note SET NOT NULL | ALTER note SET NOT NULL | note",
        ],
    );
    assert_snapshot!(told);
    let told_18 = all(
        Some(18),
        &[
            "set not null | table | orders | ALTER TABLE orders ALTER note SET NOT NULL | ALTER note SET NOT NULL | note",
            "add foreign key | table | app.logs | ALTER TABLE app.logs ADD CONSTRAINT f FOREIGN KEY (kind) REFERENCES kinds | ADD CONSTRAINT f FOREIGN KEY (kind) REFERENCES kinds",
        ],
    );
    assert_snapshot!("constraints_18", told_18);
}

#[test]
fn columns() {
    let told = all(
        None,
        &[
            "add column volatile default | table | orders | ALTER TABLE orders ADD COLUMN ref uuid NOT NULL DEFAULT gen_random_uuid() | ADD COLUMN ref uuid NOT NULL DEFAULT gen_random_uuid() | ref",
            "add column serial | table | orders | ALTER TABLE orders ADD n bigserial | ADD n bigserial | n",
            "add column identity | table | orders | ALTER TABLE orders ADD n bigint GENERATED BY DEFAULT AS IDENTITY (START WITH 10) | ADD n bigint GENERATED BY DEFAULT AS IDENTITY (START WITH 10) | n",
            "add column stored generated | table | orders | ALTER TABLE orders ADD n int GENERATED ALWAYS AS (length(note)) STORED | ADD n int GENERATED ALWAYS AS (length(note)) STORED | n",
            "add column required | table | orders | ALTER TABLE orders ADD n int NOT NULL | ADD n int NOT NULL | n",
            "add column check | table | orders | ALTER TABLE orders ADD n int DEFAULT 1 CHECK (n > 0) NOT NULL | ADD n int DEFAULT 1 CHECK (n > 0) NOT NULL | n",
            "add column foreign key checked | table | orders | ALTER TABLE orders ADD n int DEFAULT 1 CONSTRAINT f REFERENCES kinds (id) ON DELETE SET NULL | ADD n int DEFAULT 1 CONSTRAINT f REFERENCES kinds (id) ON DELETE SET NULL | n",
            "add column unique | table | orders | ALTER TABLE orders ADD n timestamp with time zone UNIQUE | ADD n timestamp with time zone UNIQUE | n",
            "alter type rewrite | table | orders | ALTER TABLE orders ALTER COLUMN note TYPE int USING length(note) | ALTER COLUMN note TYPE int USING length(note) | note",
        ],
    );
    assert_snapshot!(told);
    let told_18 = all(
        Some(18),
        &[
            "add column stored generated | table | orders | ALTER TABLE orders ADD n int GENERATED ALWAYS AS (length(note)) STORED | ADD n int GENERATED ALWAYS AS (length(note)) STORED | n",
        ],
    );
    assert_snapshot!("columns_18", told_18);
}

#[test]
fn partitions_and_rows() {
    let told = all(
        None,
        &[
            "attach partition scan | partition | app.logs_3 | ALTER TABLE app.logs ATTACH PARTITION app.logs_3 FOR VALUES FROM ('2026-03-01') TO (MAXVALUE) | ATTACH PARTITION app.logs_3 FOR VALUES FROM ('2026-03-01') TO (MAXVALUE)",
            "attach partition scan | partition | b | ALTER TABLE a ATTACH PARTITION b FOR VALUES IN (1, 2) | ATTACH PARTITION b FOR VALUES IN (1, 2) |  | {\"partition_key\": \"LIST (k)\"}",
            "attach partition scan | partition | b | ALTER TABLE a ATTACH PARTITION b FOR VALUES WITH (MODULUS 2, REMAINDER 0) | ATTACH PARTITION b FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
            "detach partition | table | app.logs | ALTER TABLE app.logs DETACH PARTITION app.logs_1 | DETACH PARTITION app.logs_1",
            "update | table | orders | UPDATE orders SET note = '' WHERE note IS NULL OR code = '' RETURNING id",
            "update | table | nowhere | UPDATE nowhere SET note = ''",
            "delete | table | orders | DELETE FROM orders WHERE id < 5 |  |  | {\"bounded\": true}",
            "vacuum full | table | app.logs_1 | VACUUM FULL app.logs_1",
        ],
    );
    assert_snapshot!(told);
}
