//! A run of the engine: needs, keys, ranks, overrides, ignores, baselines, results as facts.

use std::cell::Cell;
use std::fmt::Write as _;
use std::time::Duration;

use jiff::civil::{Date, date};
use pgtriage::engine::{
    Baseline, Ignore, Options, Outcome, Pages, Plan, RulesSettings, Selection, Severity, Source,
    Status, run,
};
use pgtriage::facts::{Limit, Store};
use serde::Deserialize;

const TODAY: Date = date(2026, 6, 1);

/// The least a page needs, around a query.
fn page(id: &str, front: &str, query: &str) -> Source {
    let text = format!(
        "+++\ntitle = \"T\"\nseverity = \"warning\"\nsince = \"0.1\"\nno_fix = \"a test\"\n{front}\n+++\n
## What it finds\nx\n## Why it matters\nx\n## How to fix it\nx\n## When to ignore it\nx\n
## Query\n```sql\n{query}\n```\n## Cases\n### Silent: x\n```sql facts\nSELECT 1;\n```\n"
    );
    Source::new(format!("ops/{id}.md"), text)
}

/// A page that finds every table above `min_size`.
fn large(id: &str, front: &str) -> Source {
    page(
        id,
        &format!("needs = [\"relations\"]\n{front}\n[params.min_size]\nvalue = \"0B\"\nwhy = \"all\""),
        "SELECT id AS relation_id, quote_name(schema, name) AS object, human_bytes(size_bytes) AS detail,
                size_bytes AS reclaim_bytes, size_bytes AS bytes, options
         FROM relations WHERE size_bytes >= :min_size",
    )
}

/// Two databases with tables of the same names.
const SHOP: &str = "
INSERT INTO nodes (id) VALUES (1);
INSERT INTO samples (id, captured_at) VALUES (1, 1767225600000000);
INSERT INTO databases (id, name) VALUES (1, 'app'), (2, 'other');
INSERT INTO collections (table_name, database_id) VALUES
  ('relations', 1), ('relations', 2), ('statements', NULL), ('statement_counters', NULL), ('settings', NULL);
INSERT INTO relations (id, database_id, name, size_bytes) VALUES
  (1, 1, 'orders', 5000000), (2, 1, 'audit', 9000000), (3, 2, 'orders', 7000000);
";

struct Run {
    pages: Pages,
    facts: String,
    settings: &'static str,
    selection: Selection,
    baseline: Option<Baseline>,
}

impl Run {
    fn new(pages: Vec<Source>, facts: &str) -> Self {
        let pages = Pages::load(pages).unwrap_or_else(|errors| panic!("{errors:#?}"));
        Self {
            pages,
            facts: format!("{SHOP}{facts}"),
            settings: "",
            selection: Selection {
                families: vec!["x".to_owned()],
                ..Selection::default()
            },
            baseline: None,
        }
    }

    fn run(&self) -> (Store, Outcome) {
        #[derive(Deserialize)]
        struct File {
            #[serde(default)]
            rules: RulesSettings,
            #[serde(default)]
            ignore: Vec<Ignore>,
        }
        let file: File = toml::from_str(self.settings).unwrap();
        let source = Source::new("pgtriage.toml", self.settings);
        let plan = Plan::new(&self.pages, &file.rules, &file.ignore, &source).unwrap();
        let mut store = Store::in_memory().unwrap();
        store.connection().execute_batch(&self.facts).unwrap();
        let options = Options {
            selection: self.selection.clone(),
            baseline: self.baseline.as_ref(),
            limit: Limit { steps: 30_000_000 },
            ..Options::on(TODAY)
        };
        let outcome = run(&mut store, &self.pages, &plan, &options).unwrap();
        (store, outcome)
    }

    /// One line a finding: severity, key, and a mark when the baseline knows it.
    #[track_caller]
    fn check(&self, expected: &[&str]) -> Outcome {
        let (_, outcome) = self.run();
        let found: Vec<String> = outcome
            .findings
            .iter()
            .map(|finding| {
                let known = if finding.is_new { "" } else { " (known)" };
                format!("{} {}{known}", finding.severity, finding.key)
            })
            .collect();
        assert_eq!(found, expected, "skipped: {:?}", outcome.skipped);
        outcome
    }
}

#[test]
fn keys_name_rule_database_and_object_and_the_larger_comes_first() {
    Run::new(vec![large("x/large", "")], "").check(&[
        "warning x/large:app:public.audit",
        "warning x/large:other:public.orders",
        "warning x/large:app:public.orders",
    ]);
}

#[test]
fn rows_of_one_key_are_numbered_in_the_same_order_whatever_the_query_does() {
    let query = |order: &str| {
        format!(
            "SELECT 1 AS relation_id, 'public.orders' AS object, name AS detail
             FROM relations ORDER BY id {order}"
        )
    };
    let needs = "needs = [\"relations\"]";
    let outcome = |order| {
        let run = Run::new(vec![page("x/same", needs, &query(order))], "");
        run.check(&[
            "warning x/same:app:public.orders",
            "warning x/same:app:public.orders#2",
            "warning x/same:app:public.orders#3",
        ])
    };
    assert_eq!(outcome("ASC").findings, outcome("DESC").findings);
}

#[test]
fn severity_goes_before_score_and_score_before_key() {
    let query = "SELECT id AS relation_id, name || id AS object, 'd' AS detail,
        CASE id WHEN 1 THEN 'error' END AS severity,
        CASE id WHEN 3 THEN 40000.0 END AS impact_ms_per_hour,
        CASE id WHEN 2 THEN 1073741824 END AS reclaim_bytes FROM relations";
    let run = Run::new(vec![page("x/a", "needs = [\"relations\"]", query)], "");
    // One gibibyte weighs 36,000 ms an hour.
    let outcome = run.check(&[
        "error x/a:app:orders1",
        "warning x/a:other:orders3",
        "warning x/a:app:audit2",
    ]);
    let scores: Vec<f64> = outcome.findings.iter().map(|f| f.score).collect();
    assert_eq!(scores, [0.0, 40_000.0, 36_000.0]);
}

#[test]
fn a_finding_yields_where_the_named_rule_fired_on_the_same_subject() {
    let pages = || {
        vec![
            large("x/large", "yields_to = [\"y/huge\"]"),
            large("y/huge", ""),
        ]
    };
    let mut run = Run::new(pages(), "");
    run.settings = "[rules.\"y/huge\"]\nmin_size = \"6MB\"";
    let rest = ["warning x/large:app:public.orders"];
    // y/huge is not asked for, yet what it finds counts: a choice of rules changes no finding.
    let outcome = run.check(&rest);
    assert_eq!(outcome.rules.len(), 1);
    // An accepted finding still stands for the one that yields to it.
    run.settings =
        "[rules.\"y/huge\"]\nmin_size = \"6MB\"\n[[ignore]]\nrule = \"y/huge\"\nreason = \"known\"";
    run.check(&rest);
    run.settings = "[rules.\"y/huge\"]\nenabled = false\nreason = \"noise\"";
    run.check(&[
        "warning x/large:app:public.audit",
        "warning x/large:other:public.orders",
        "warning x/large:app:public.orders",
    ]);
}

#[test]
fn parameters_and_severity_can_differ_by_object() {
    let mut run = Run::new(vec![large("x/large", "")], "");
    run.settings = r#"
[rules."x/large"]
min_size = "6MB"
[[rules."x/large".for]]
object = "*.orders"
scope = "app"
min_size = "1MB"
severity = "error"
[[rules."x/large".for]]
object = "*"
scope = "other"
severity = "info"
"#;
    run.check(&[
        "error x/large:app:public.orders",
        "warning x/large:app:public.audit",
        "info x/large:other:public.orders",
    ]);
}

#[test]
fn ignored_findings_are_kept_apart_and_idle_entries_told() {
    let mut run = Run::new(vec![large("x/large", "")], "");
    run.settings = r#"
[[ignore]]
rule = "x/*"
object = "public.audit"
reason = "an archive"
[[ignore]]
rule = "x/large"
object = "public.orders"
scope = "other"
reason = "was to be dropped"
until = 2026-05-31
[[ignore]]
rule = "x/large"
object = "public.orders"
scope = "app"
reason = "until today"
until = 2026-06-01
[[ignore]]
rule = "x/large"
object = "public.gone"
reason = "typo"
[[ignore]]
rule = "table/no-primary-key"
reason = "its rule is not run here"
"#;
    let outcome = run.check(&["warning x/large:other:public.orders"]);
    let mut told = String::new();
    for ignored in &outcome.ignored {
        writeln!(
            told,
            "{}: {}",
            ignored.finding.key,
            ignored.reason.as_deref().unwrap()
        )
        .unwrap();
    }
    for stale in &outcome.stale_ignores {
        writeln!(told, "line {}: {:?}", stale.ignore.line, stale.why).unwrap();
    }
    insta::assert_snapshot!(told, @r"
    x/large:app:public.audit: an archive
    x/large:app:public.orders: until today
    line 7: Expired
    line 19: Unused
    ");
}

#[test]
fn with_a_baseline_only_what_is_new_or_graver_fails() {
    let mut run = Run::new(vec![large("x/large", "")], "");
    let (_, outcome) = run.run();
    let json = Baseline::of(&outcome.findings, "2026-06-01T00:00:00Z").to_json();
    insta::assert_snapshot!(json, @r#"
    {
      "format": 1,
      "created_at": "2026-06-01T00:00:00Z",
      "keys": [
        {
          "key": "x/large:app:public.audit",
          "severity": "warning"
        },
        {
          "key": "x/large:app:public.orders",
          "severity": "warning"
        },
        {
          "key": "x/large:other:public.orders",
          "severity": "warning"
        }
      ]
    }
    "#);
    assert!(outcome.fails(Severity::Warning) && !outcome.fails(Severity::Error));
    run.baseline = Some(Baseline::parse("b.json", &json).unwrap());
    let outcome = run.check(&[
        "warning x/large:app:public.audit (known)",
        "warning x/large:other:public.orders (known)",
        "warning x/large:app:public.orders (known)",
    ]);
    assert!(!outcome.fails(Severity::Warning));

    run.facts.push_str("DELETE FROM relations WHERE id = 2; INSERT INTO relations (id, name, size_bytes) VALUES (4, 'new', 1);");
    run.settings =
        "[[rules.\"x/large\".for]]\nobject = \"*\"\nscope = \"other\"\nseverity = \"error\"";
    let outcome = run.check(&[
        "error x/large:other:public.orders",
        "warning x/large:app:public.orders (known)",
        "warning x/large:app:public.new",
    ]);
    assert_eq!(outcome.resolved, ["x/large:app:public.audit"]);
    // A rule that is off has resolved nothing.
    run.settings = "[rules.\"x/large\"]\nenabled = false\nreason = \"x\"";
    assert!(run.check(&[]).resolved.is_empty());
}

#[test]
fn broken_baselines() {
    let error = |text: &str| Baseline::parse("b.json", text).unwrap_err().to_string();
    insta::assert_snapshot!(
        [
            error("[]"),
            error("{\"format\": 2, \"keys\": {}}"),
            error("{\"format\": 1}"),
            error("")
        ]
        .join("\n")
    );
    let lenient = "{\"format\": 1, \"created_at\": \"x\", \"keys\": [], \"later\": true}";
    assert!(Baseline::parse("b.json", lenient).is_ok());
}

#[test]
fn missing_facts_skip_a_rule_or_leave_objects_unjudged() {
    let told = |front: &str, facts: &str| {
        let query = "SELECT id AS relation_id, name AS object, 'd' AS detail, size_bytes FROM relations WHERE id = 1";
        let query = match front {
            "indexes" => "SELECT id AS index_id, name AS object, 'd' AS detail FROM indexes",
            "index_usage" => "SELECT index_id, 'o' AS object, 'd' AS detail FROM index_usage",
            "nodes.data_checksums" => {
                "SELECT id AS node_id, label AS object, 'd' AS detail FROM nodes WHERE data_checksums = 0"
            }
            _ => query,
        };
        let run = Run::new(
            vec![page("x/a", &format!("needs = [\"{front}\"]"), query)],
            facts,
        );
        let (_, outcome) = run.run();
        let mut told = format!("{front}: {} found", outcome.findings.len());
        for skipped in &outcome.skipped {
            write!(
                told,
                "\n  skipped, because {} [{}]",
                skipped.because,
                skipped.remedy.as_deref().unwrap_or("-")
            )
            .unwrap();
        }
        for unjudged in &outcome.unjudged {
            write!(
                told,
                "\n  could not judge {:?}: {}",
                unjudged.objects, unjudged.gap.because
            )
            .unwrap();
        }
        told
    };
    let hole = |columns: &str, values: &str| {
        format!(
            "INSERT INTO missing_facts ({columns}, reason, remedy) VALUES ({values}, 'no privilege', 'GRANT pg_monitor TO me');"
        )
    };
    let cases = [
        told("relations", ""),
        told("indexes", ""),
        told("indexes", &hole("table_name, database_id", "'indexes', 1")),
        told(
            "relations",
            "DELETE FROM collections WHERE database_id = 2;",
        ),
        told(
            "relations",
            &format!(
                "DELETE FROM collections WHERE database_id = 2;{}",
                hole("table_name, database_id", "'relations', 2")
            ),
        ),
        told(
            "relations",
            &hole("table_name, column_name", "'relations', 'size_bytes'"),
        ),
        told(
            "relations.size_bytes",
            &hole("table_name, column_name", "'relations', 'size_bytes'"),
        ),
        told(
            "relations.size_bytes",
            &hole(
                "table_name, column_name, database_id",
                "'relations', 'size_bytes', 2",
            ),
        ),
        told(
            "relations.size_bytes",
            &hole(
                "table_name, column_name, database_id, object",
                "'relations', 'size_bytes', 1, 'public.orders'",
            ),
        ),
        told(
            "relations",
            &hole(
                "table_name, column_name, database_id, object",
                "'relations', 'size_bytes', 1, 'public.orders'",
            ),
        ),
        told("index_usage", ""),
        told("index_usage", &hole("table_name", "'index_stats'")),
        told(
            "nodes.data_checksums",
            &hole("table_name, column_name", "'nodes', 'data_checksums'"),
        ),
    ];
    insta::assert_snapshot!(cases.join("\n"));
}

#[test]
fn what_stops_a_rule_is_said() {
    let told = |front: &str, query: &str| {
        let source = page("x/a", &format!("needs = [\"relations\"]\n{front}"), query);
        let (_, outcome) = Run::new(vec![source], "").run();
        assert!(outcome.findings.is_empty());
        assert_eq!(outcome.rules[0].status, Status::Skipped);
        let skipped = &outcome.skipped[0];
        format!("{:?}: {}", skipped.kind, skipped.because)
    };
    let row = "SELECT id AS relation_id, 'o' AS object, 'd' AS detail FROM relations";
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
                   SELECT max(i) AS relation_id, 'o' AS object, 'd' AS detail FROM n, relations";
    let flood = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000)
                 SELECT i AS relation_id, 'o' AS object, 'd' AS detail FROM n WHERE i > (SELECT min(id) FROM relations)";
    insta::assert_snapshot!([
        told("min_server = 18", row),
        told("max_server = 13", row),
        told("min_server = 13\nmax_server = 16", row),
        told("", endless),
        told("", flood),
        told("", "SELECT id AS relation_id, NULL AS object, 'd' AS detail FROM relations"),
        told("", "SELECT id AS relation_id, 'o' AS object, 'd' AS detail, 'bad' AS severity FROM relations"),
        told("", "SELECT id AS relation_id, 'o' AS object, 'd' AS detail, json('{') AS x FROM relations"),
    ].join("\n"));
}

#[test]
fn a_statement_brings_its_text_fingerprint_and_identifiers() {
    let query = "SELECT id AS statement_id, substr(text, 1, 9) AS object, 'd' AS detail,
                   1.5 AS mean_ms, NULL AS unknown, json_array('a', 1) AS list FROM statements";
    let facts = "
        INSERT INTO statements (id, fingerprint, text) VALUES (7, 'f1:abc', 'SELECT * FROM orders WHERE id = $1');
        INSERT INTO statement_counters (sample_id, statement_id, role_id, queryid) VALUES (1, 7, 1, 42), (1, 7, 2, 42), (1, 7, 2, -9);";
    let mut run = Run::new(
        vec![page("x/slow", "needs = [\"statements\"]", query)],
        facts,
    );
    let outcome = run.check(&["warning x/slow:app:f1:abc"]);
    insta::assert_json_snapshot!(outcome.findings[0].evidence, @r#"
    {
      "mean_ms": 1.5,
      "unknown": null,
      "list": [
        "a",
        1
      ],
      "query": "SELECT * FROM orders WHERE id = $1",
      "fingerprint": "f1:abc",
      "queryids": [
        -9,
        42
      ]
    }
    "#);
    run.settings = "[[ignore]]\nrule = \"x/slow\"\nobject = \"f1:abc\"\nreason = \"a report\"";
    run.check(&[]);
}

#[test]
fn each_kind_of_subject_lives_somewhere() {
    let facts = "
        INSERT INTO nodes (id, label, role) VALUES (2, 'standby db2:5432', 'standby');
        INSERT INTO samples (id, node_id, captured_at) VALUES (2, 2, 1);
        INSERT INTO collections (table_name) SELECT name FROM sqlite_schema WHERE type = 'table';
        INSERT INTO indexes (id, database_id, relation_id, name) VALUES (1, 2, 3, 'i');
        INSERT INTO constraints (id, database_id, name, kind) VALUES (1, 2, 'c', 'check');
        INSERT INTO sequences (id, database_id, name) VALUES (1, 2, 's');
        INSERT INTO triggers (id, relation_id, name) VALUES (1, 3, 't');
        INSERT INTO security_definer_functions (id, database_id, name) VALUES (1, 2, 'f');
        INSERT INTO schemas (id, database_id, name) VALUES (1, 2, 'n');
        INSERT INTO extensions (id, database_id, name) VALUES (1, 2, 'e');
        INSERT INTO statements (id, database_id, fingerprint) VALUES (1, 2, 'f1:x');
        INSERT INTO sessions (id, sample_id, pid, database_id) VALUES (1, 2, 10, 2), (2, 2, 11, NULL);
        INSERT INTO settings (id, node_id, name) VALUES (1, 2, 'fsync');
        INSERT INTO replication_slots (id, node_id, name) VALUES (1, 2, 'slot');
        INSERT INTO roles (id, name) VALUES (1, 'app');";
    let check = |column: &str, table: &str, id: i64, expected: &str| {
        let query = format!(
            "SELECT id AS {column}, 'o' AS object, 'd' AS detail FROM {table} WHERE id = {id}"
        );
        let run = Run::new(
            vec![page("x/a", &format!("needs = [\"{table}\"]"), &query)],
            facts,
        );
        let (_, outcome) = run.run();
        let keys: Vec<&str> = outcome.findings.iter().map(|f| f.key.as_str()).collect();
        assert_eq!(
            keys,
            [format!("x/a:{expected}")],
            "{column}: {:?}",
            outcome.skipped
        );
    };
    for (column, table) in [
        ("index_id", "indexes"),
        ("constraint_id", "constraints"),
        ("sequence_id", "sequences"),
        ("trigger_id", "triggers"),
        ("function_id", "security_definer_functions"),
        ("schema_id", "schemas"),
        ("extension_id", "extensions"),
    ] {
        check(column, table, 1, "other:o");
    }
    check("relation_id", "relations", 3, "other:o");
    check("statement_id", "statements", 1, "other:f1:x");
    check("database_id", "databases", 2, "other:o");
    check("session_id", "sessions", 1, "other:o");
    check("session_id", "sessions", 2, "standby db2:5432:o");
    check("setting_id", "settings", 1, "standby db2:5432:o");
    check("slot_id", "replication_slots", 1, "standby db2:5432:o");
    check("role_id", "roles", 1, "primary:o");
    check("node_id", "nodes", 2, "standby db2:5432:o");
}

#[test]
fn results_are_facts() {
    let mut run = Run::new(
        vec![
            large("x/large", ""),
            page("x/none", "needs = [\"indexes\"]", "SELECT id AS index_id, name AS object, 'd' AS detail FROM indexes"),
            large("x/off", ""),
        ],
        "INSERT INTO missing_facts (table_name, object, reason) VALUES ('relations', 'public.locked', 'locked by another session');
         INSERT INTO findings (rank, key, rule, severity, confidence, object, detail) VALUES (1, 'old', 'old', 'info', 'certain', 'o', 'd');",
    );
    run.settings = "[rules.\"x/off\"]\nenabled = false\nreason = \"noise\"";
    let (store, outcome) = run.run();
    let rows = |sql: &str| {
        let mut query = store.connection().prepare(sql).unwrap();
        let rows = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.collect::<Result<Vec<_>, _>>().unwrap().join("\n")
    };
    insta::assert_snapshot!([
        rows("SELECT json_array(id, status, finding_count, severity, source) FROM rules ORDER BY id"),
        rows("SELECT json_array(rule, because, remedy) FROM skipped_rules"),
        rows("SELECT json_array(rule, object, object_count, because) FROM unjudged"),
        rows("SELECT json_array(rank, key, rule, severity, confidence, database_name, node_label, subject_kind,
                subject_id, object, detail, reclaim_bytes, score, json(evidence), is_new) FROM findings ORDER BY rank"),
    ].join("\n\n"));
    assert_eq!(outcome.rules_with(Status::Run), 1);
    assert_eq!(outcome.counts()[1], (Severity::Warning, 3));
}

#[test]
fn rules_are_timed_by_the_clock_that_is_given() {
    let ticks = Cell::new(0);
    let clock = || {
        ticks.set(ticks.get() + 1);
        Duration::from_millis(10 * ticks.get())
    };
    let pages = Pages::load(vec![large("x/large", "")]).unwrap();
    let mut store = Store::in_memory().unwrap();
    store.connection().execute_batch(SHOP).unwrap();
    let options = Options {
        clock: Some(&clock),
        ..Options::on(TODAY)
    };
    let outcome = run(&mut store, &pages, &Plan::default(), &options).unwrap();
    assert!(
        outcome
            .rules
            .iter()
            .all(|rule| rule.elapsed_ms == Some(10.0))
    );
}

#[test]
fn a_choice_of_rules_must_choose_some() {
    let pages = Pages::load(Vec::new()).unwrap();
    let check = |rules: &[&str], families: &[&str]| {
        let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let selection = Selection {
            rules: own(rules),
            families: own(families),
        };
        pages.check_selection(&selection).err().unwrap_or_default()
    };
    assert_eq!(check(&["index/*", "setting/fsync-off"], &["index"]), "");
    assert_eq!(
        check(&["index/dupliacte"], &[]),
        "no rule `index/dupliacte`; did you mean `index/duplicate`?"
    );
    assert_eq!(
        check(&[], &["indexes"]),
        "no family of rules `indexes`; did you mean `index`?"
    );
}
