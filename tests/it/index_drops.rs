//! Which indexes may go beside advised ones, and which stay.

use std::fmt::Write as _;

use pgtriage::advise::index::{Cause, IndexSpec, Key, Limits, Sized, drops};
use pgtriage::facts::Store;

use crate::support::judge;

/// A shop whose counters are 30 days old.
const SHOP: &str = "
INSERT INTO nodes (id, version_num) VALUES (1, 170002);
INSERT INTO databases (id, name, is_collected) VALUES (1, 'shop', 1);
INSERT INTO samples (id, captured_at, postmaster_started_at) VALUES (1, 1767225600000000, 1764633600000000);
INSERT INTO database_stats (sample_id, database_id, stats_reset_at) VALUES (1, 1, 1764633600000000);
INSERT INTO relations (id, name, row_estimate, size_bytes) VALUES (1, 'orders', 2000000, 400000000), (2, 'customers', 50000, 8000000);
INSERT INTO columns (relation_id, position, name, type) VALUES
  (1, 1, 'id', 'bigint'), (1, 2, 'customer_id', 'bigint'), (1, 3, 'at', 'timestamp with time zone'), (1, 4, 'state', 'text'), (1, 5, 'total', 'numeric');
INSERT INTO collections (table_name, node_id) SELECT name, 1 FROM sqlite_schema WHERE type = 'table';
";

/// Indexes are older than the counters, unless it is said when they were made; 0 is not known.
const OLD: &str = "
CREATE TRIGGER indexes_are_old AFTER INSERT ON indexes WHEN NEW.made_at IS NULL
BEGIN
  UPDATE indexes SET made_at = 1733097600000000 WHERE id = NEW.id;
END";

fn shop(more: &str) -> Store {
    let mut store = Store::in_memory().unwrap();
    let facts = store.connection();
    facts.execute_batch(SHOP).unwrap();
    facts.execute_batch(OLD).unwrap();
    facts.execute_batch(more).unwrap();
    facts
        .execute_batch(
            "UPDATE indexes SET definition = 'CREATE INDEX ' || name || ' ON public.orders USING btree (x)' WHERE definition IS NULL;
             UPDATE indexes SET size_bytes = 40000000 WHERE size_bytes IS NULL;
             UPDATE indexes SET there_since_at = nullif(made_at, 0);
             INSERT INTO index_stats (index_id, idx_scan) SELECT id, 0 FROM indexes WHERE id NOT IN (SELECT index_id FROM index_stats)",
        )
        .unwrap();
    judge(&mut store, "");
    store
}

fn advised(columns: &[&str], include: &[&str], predicate: Option<&str>, pages: u64) -> Sized {
    Sized {
        spec: IndexSpec {
            relation: 1,
            schema: "public".into(),
            table: "orders".into(),
            method: "btree".into(),
            keys: columns
                .iter()
                .map(|name| match name.strip_prefix('-') {
                    Some(name) => Key {
                        is_descending: true,
                        ..Key::column(name)
                    },
                    None => Key::column(name),
                })
                .collect(),
            include: include.iter().map(|name| (*name).to_owned()).collect(),
            predicate: predicate.map(str::to_owned),
        },
        pages,
        rows: 2e6,
        height: 2,
    }
}

const LIMITS: Limits = Limits {
    max_growth: 3.0,
    min_counter_age_ms: 7.0 * 86_400_000.0,
    min_size_bytes: 1_048_576.0,
    block_bytes: 8192.0,
};

#[track_caller]
fn check(more: &str, advised: &[Sized], expected: &str) {
    let store = shop(more);
    let all = drops(store.connection(), 1, advised, &LIMITS).unwrap();
    assert!(all.not_judged.is_empty(), "{:?}", all.not_judged);
    let mut text = String::new();
    for drop in &all.go {
        let cause = match drop.cause {
            Cause::Replaced(place) => format!("replaced by {place}"),
            cause => format!("{cause:?}").to_lowercase(),
        };
        writeln!(text, "{cause}: {}", drop.sql).unwrap();
    }
    for kept in &all.stay {
        writeln!(text, "kept {}: {}", kept.object, kept.because).unwrap();
    }
    assert_eq!(text.trim_end(), expected);
}

const BY_CUSTOMER: &str = "
INSERT INTO indexes (id, relation_id, oid, name) VALUES (1, 1, 100, 'by_customer');
INSERT INTO index_columns (index_id, position, column_name, opclass) VALUES (1, 1, 'customer_id', 'int8_ops');
";

fn used(more: &str) -> String {
    format!("{BY_CUSTOMER} INSERT INTO index_stats (index_id, idx_scan) VALUES (1, 5000); {more}")
}

#[test]
fn an_advised_index_takes_over_what_it_begins_with() {
    let wide = advised(&["customer_id", "at"], &[], None, 8000);
    check(
        &used(""),
        &[wide],
        "replaced by 0: DROP INDEX CONCURRENTLY public.by_customer;",
    );
    // All of it the other way round is as good.
    let turned = advised(&["-customer_id", "at"], &[], None, 8000);
    check(
        &used(""),
        &[turned],
        "replaced by 0: DROP INDEX CONCURRENTLY public.by_customer;",
    );
}

#[test]
fn it_takes_over_nothing_that_it_does_not_hold() {
    for other in [
        advised(&["at", "customer_id"], &[], None, 8000),
        advised(&["customer_id", "at"], &[], Some("state = 'open'"), 8000),
    ] {
        check(&used(""), &[other], "");
    }
    let wide = || advised(&["customer_id", "at"], &["state"], None, 8000);
    let with = |sql: &str| used(sql);
    check(
        &with("UPDATE index_columns SET opclass = 'my_ops', opclass_is_default = 0"),
        &[wide()],
        "",
    );
    check(
        &with("UPDATE index_columns SET collation = 'C'"),
        &[wide()],
        "",
    );
    check(
        &with("UPDATE index_columns SET nulls_first = 1"),
        &[wide()],
        "",
    );
    check(
        &with("UPDATE indexes SET predicate = '(state = ''open''::text)'"),
        &[wide()],
        "",
    );
    check(
        &with(
            "INSERT INTO index_columns (index_id, position, column_name, is_included) VALUES (1, 2, 'total', 1)",
        ),
        &[wide()],
        "",
    );
}

#[test]
fn included_columns_and_predicates_go_over() {
    let sql = used(
        "INSERT INTO index_columns (index_id, position, column_name, is_included) VALUES (1, 2, 'total', 1);
         UPDATE indexes SET predicate = '(state = ''open''::text)'",
    );
    let wide = advised(
        &["customer_id", "at"],
        &["total"],
        Some("state = 'open'"),
        8000,
    );
    check(
        &sql,
        &[wide],
        "replaced by 0: DROP INDEX CONCURRENTLY public.by_customer;",
    );
}

#[test]
fn a_small_index_in_use_stays_beside_a_large_one() {
    let wide = advised(&["customer_id", "at"], &[], None, 20_000);
    check(
        &used(""),
        std::slice::from_ref(&wide),
        "kept public.by_customer: it is in use, and the advised index (public.orders (customer_id, at)) that begins like it is 4.1 times as large",
    );
    check(
        BY_CUSTOMER,
        &[wide],
        "unused: DROP INDEX CONCURRENTLY public.by_customer;",
    );
}

#[test]
fn what_has_duties_stays() {
    let wide = || advised(&["customer_id", "at"], &[], None, 8000);
    let cases = [
        (
            "UPDATE indexes SET is_unique = 1",
            "it is unique: it keeps rows out, which no counter shows",
        ),
        (
            "UPDATE indexes SET is_unique = 1, is_primary = 1, constraint_name = 'p'",
            "it is the primary key",
        ),
        (
            "UPDATE indexes SET is_unique = 1, constraint_name = 'u'",
            "it backs the constraint u",
        ),
        (
            "UPDATE indexes SET is_replica_identity = 1",
            "it is the replica identity of its table",
        ),
        ("UPDATE indexes SET is_clustered = 1", "CLUSTER goes by it"),
        (
            "UPDATE relations SET extension = 'x' WHERE id = 1",
            "it belongs to an extension",
        ),
    ];
    for (sql, because) in cases {
        let facts = format!("{BY_CUSTOMER} {sql}");
        check(
            &facts,
            &[wide()],
            &format!("kept public.by_customer: {because}"),
        );
    }
}

#[test]
fn a_foreign_key_keeps_one_index() {
    const KEY: &str =
        "INSERT INTO constraints (relation_id, name, kind, columns, referenced_relation_id, index_oid) VALUES
      (1, 'orders_customer_fkey', 'foreign key', '[\"customer_id\"]', 2, 999);";
    let unused = format!("{BY_CUSTOMER} {KEY}");
    check(
        &unused,
        &[],
        "kept public.by_customer: the foreign key orders_customer_fkey (customer_id) has no other index that is used",
    );
    // An advised one serves it as well.
    check(
        &unused,
        &[advised(&["customer_id", "at"], &[], None, 8000)],
        "replaced by 0: DROP INDEX CONCURRENTLY public.by_customer;",
    );
    // Of two of the same one goes.
    let twins = format!(
        "{unused} INSERT INTO indexes (id, relation_id, oid, name) VALUES (2, 1, 200, 'again');
         INSERT INTO index_columns (index_id, position, column_name, opclass) VALUES (2, 1, 'customer_id', 'int8_ops');"
    );
    check(
        &twins,
        &[],
        "duplicate: DROP INDEX CONCURRENTLY public.again;\n\
         kept public.by_customer: the foreign key orders_customer_fkey (customer_id) has no other index that is used",
    );
}

#[test]
fn young_counters_prove_nothing() {
    let young =
        format!("{BY_CUSTOMER} UPDATE database_stats SET stats_reset_at = 1767139200000000");
    let store = shop(&young);
    let all = drops(store.connection(), 1, &[], &LIMITS).unwrap();
    assert_eq!(all.go, []);
    assert_eq!(all.stay[0].because, "its scans are known for 24.0 h only");
}

#[test]
fn an_undo_makes_the_index_again() {
    let facts = used("UPDATE indexes SET tablespace = 'fast'");
    let store = shop(&facts);
    let all = drops(
        store.connection(),
        1,
        &[advised(&["customer_id", "at"], &[], None, 8000)],
        &LIMITS,
    )
    .unwrap();
    assert_eq!(
        all.go[0].undo.as_deref().unwrap(),
        "SET default_tablespace = 'fast';\nCREATE INDEX CONCURRENTLY by_customer ON public.orders USING btree (x);\nRESET default_tablespace;"
    );
}

#[test]
fn pages_that_did_not_run_are_told() {
    let store = Store::in_memory().unwrap();
    let all = drops(store.connection(), 1, &[], &LIMITS).unwrap();
    let names: Vec<&str> = all
        .not_judged
        .iter()
        .map(|(page, _)| page.as_str())
        .collect();
    assert_eq!(
        names,
        ["index/duplicate", "index/redundant-prefix", "index/unused"]
    );
}

#[test]
fn a_drop_waits_for_the_advised_index_that_serves_its_foreign_key() {
    let more = format!(
        "{BY_CUSTOMER}
         INSERT INTO constraints (relation_id, name, kind, columns, referenced_relation_id) VALUES
           (1, 'orders_customer_id_fkey', 'foreign key', '[\"customer_id\"]', 2);"
    );
    // It does not take over, since it holds the columns in another order, and serves the key all the same.
    let other = advised(&["at"], &[], None, 8000);
    let serving = advised(&["-customer_id", "at"], &[], None, 8000);
    let store = shop(&more);
    for (list, needs) in [
        (vec![other.clone(), serving.clone()], vec![1]),
        (vec![serving.clone(), other.clone()], vec![0]),
    ] {
        let all = drops(store.connection(), 1, &list, &LIMITS).unwrap();
        let found: Vec<_> = all.go.iter().map(|drop| drop.needs.clone()).collect();
        assert_eq!(found, [needs]);
    }
    // Without it the foreign key keeps the index.
    let all = drops(store.connection(), 1, &[other], &LIMITS).unwrap();
    assert!(all.go.is_empty());
}

#[test]
fn what_may_be_new_stays() {
    let made = |at: &str| {
        format!(
            "INSERT INTO indexes (id, relation_id, oid, name, made_at) VALUES (1, 1, 100, 'by_customer', {at});
             INSERT INTO index_columns (index_id, position, column_name) VALUES (1, 1, 'customer_id')"
        )
    };
    let store = shop(&made("0"));
    let all = drops(store.connection(), 1, &[], &LIMITS).unwrap();
    assert!(all.go.is_empty());
    let told: Vec<_> = all.stay.iter().map(|kept| kept.because.as_str()).collect();
    assert_eq!(
        told,
        ["nothing shows how long it is there, or since when its scans are counted"]
    );
    let store = shop(&made("1767139200000000"));
    let all = drops(store.connection(), 1, &[], &LIMITS).unwrap();
    let told: Vec<_> = all.stay.iter().map(|kept| kept.because.as_str()).collect();
    assert_eq!(told, ["its scans are known for 24.0 h only"]);
}
