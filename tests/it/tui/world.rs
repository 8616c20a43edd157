//! Data to show, and a way to play keys at them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use pgtriage::engine::{
    Confidence, Explanation, Finding, Gap, Location, Outcome, Part, RuleRun, Scope, Severity,
    SkipKind, Skipped, Status, Subject, Unjudged,
};
use pgtriage::facts::Store;
use pgtriage::report::logs::{Logs, details};
use pgtriage::report::queries::{Queries, shapes};
use pgtriage::report::timeouts::Timeouts;
use pgtriage::report::{Node, Reading, Server};
use pgtriage::tui::advising::{Advising, Verdicts};
use pgtriage::tui::{
    self, Activity, App, Calculator, Data, Effect, Figures, Key, Message, Missing, Options, Origin,
    Relations, Theme, ThemeName, update,
};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, CellWidth};
use serde_json::{Value, json};

/// 2026-03-04 16:42:00 UTC.
pub const NOW: i64 = 1_772_642_520;

pub fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

/// An app and the clock that its tests move.
pub struct Play {
    pub app: App,
    pub now: Timestamp,
    pub effects: Vec<Effect>,
}

pub fn options(theme: ThemeName) -> Options {
    Options {
        origin: Origin::Live(Duration::from_secs(5)),
        target: "shop@10.0.0.5:5432".into(),
        theme: Theme::choose(theme, false, None),
        ascii: false,
        mouse: true,
        in_tmux: false,
        time_zone: TimeZone::UTC,
    }
}

impl Play {
    pub fn new(options: Options, size: (u16, u16)) -> Self {
        Self {
            app: App::new(options, size, now()),
            now: now(),
            effects: Vec::new(),
        }
    }

    /// With the shop's data, in the dark theme.
    pub fn shop(size: (u16, u16)) -> Self {
        let mut play = Self::new(options(ThemeName::Dark), size);
        play.send(Message::Data(Box::new(shop())));
        play
    }

    pub fn send(&mut self, message: Message) {
        self.effects = update(&mut self.app, message, self.now);
    }

    pub fn wait(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
        self.send(Message::Tick);
    }

    /// Plays keys: names as in the keymap, separated by spaces; `'text'` is typed as it stands.
    pub fn keys(&mut self, script: &str) -> &mut Self {
        let mut effects = Vec::new();
        for (index, part) in script.split('\'').enumerate() {
            if index % 2 == 1 {
                for c in part.chars() {
                    let event = KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE);
                    self.send(Message::Terminal(Event::Key(event)));
                    effects.append(&mut self.effects);
                }
                continue;
            }
            for name in part.split_whitespace() {
                let key = Key::parse(name).unwrap_or_else(|| panic!("no key is named {name}"));
                let mut modifiers = KeyModifiers::NONE;
                modifiers.set(KeyModifiers::CONTROL, key.ctrl);
                modifiers.set(KeyModifiers::ALT, key.alt);
                let event = KeyEvent::new(key.code, modifiers);
                self.send(Message::Terminal(Event::Key(event)));
                effects.append(&mut self.effects);
            }
        }
        self.effects = effects;
        self
    }

    pub fn mouse(&mut self, kind: MouseEventKind, column: u16, row: u16) -> &mut Self {
        let modifiers = KeyModifiers::NONE;
        let event = MouseEvent {
            kind,
            column,
            row,
            modifiers,
        };
        self.send(Message::Terminal(Event::Mouse(event)));
        self
    }

    pub fn click(&mut self, column: u16, row: u16) -> &mut Self {
        self.mouse(MouseEventKind::Down(MouseButton::Left), column, row)
    }

    pub fn terminal(&self) -> Terminal<TestBackend> {
        let (width, height) = self.app.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal
            .draw(|frame| tui::view::draw(&self.app, frame))
            .unwrap();
        terminal
    }

    pub fn buffer(&self) -> Buffer {
        self.terminal().backend().buffer().clone()
    }

    /// The screen as text, without spaces at the ends of lines.
    pub fn screen(&self) -> String {
        let buffer = self.buffer();
        let line = |y: u16| {
            let mut line = String::new();
            let mut x = 0;
            while x < buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                line.push_str(symbol);
                x += symbol.cell_width().max(1);
            }
            line.trim_end().to_owned()
        };
        (0..buffer.area.height)
            .map(line)
            .collect::<Vec<_>>()
            .join("\n")
    }

    pub fn selected(&self) -> &str {
        self.app.selected_key().unwrap_or("")
    }
}

fn evidence(value: Value) -> serde_json::Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("evidence is a map, not {other}"),
    }
}

pub fn finding(rule: &str, severity: Severity, object: &str, detail: &str) -> Finding {
    Finding {
        key: format!("{rule}:shop:{object}"),
        rule: rule.into(),
        severity,
        confidence: Confidence::Certain,
        subject: None,
        scope: Scope::Database("shop".into()),
        object: object.into(),
        detail: detail.into(),
        impact_ms_per_hour: None,
        reclaim_bytes: None,
        score: 0.0,
        fix: None,
        undo: None,
        location: Location::default(),
        evidence: serde_json::Map::new(),
        is_new: true,
    }
}

/// Facts with some statements.
pub fn statements() -> Store {
    let store = Store::in_memory().unwrap();
    let world = include_str!("../../../src/engine/base_world.sql");
    store.connection().execute_batch(world).unwrap();
    let statements = include_str!("queries.sql");
    store.connection().execute_batch(statements).unwrap();
    store
}

/// The shop with its logs, and what `sql` changes in them.
pub fn logged(sql: &str) -> Data {
    let store = statements();
    for batch in [include_str!("logs.sql"), sql] {
        store.connection().execute_batch(batch).unwrap();
    }
    Data {
        logs: Logs::read(&store).unwrap(),
        log_details: details(&store, None).unwrap(),
        ..shop()
    }
}

pub fn shop() -> Data {
    use Severity::{Error, Info, Warning};
    let store = statements();
    let findings = vec![
        Finding {
            scope: Scope::Node("primary".into()),
            fix: Some("ALTER SYSTEM SET fsync = on;\nSELECT pg_reload_conf();".into()),
            undo: Some("ALTER SYSTEM RESET fsync;\nSELECT pg_reload_conf();".into()),
            evidence: evidence(json!({"value_source": "configuration file", "is_pending": 0})),
            ..finding(
                "setting/fsync-off",
                Error,
                "fsync",
                "is off: a crash of the machine can corrupt the cluster beyond repair",
            )
        },
        Finding {
            confidence: Confidence::Likely,
            key: "query/top-share:shop:f1:7f3a90c1aaaaaaaa".into(),
            subject: Some(Subject { kind: "statement", id: 1 }),
            impact_ms_per_hour: Some(1_480_000.0),
            score: 1_480_000.0,
            fix: Some(
                "CREATE INDEX CONCURRENTLY orders_tenant_created_idx\n  ON public.orders (tenant_id, created_at);"
                    .into(),
            ),
            undo: Some("DROP INDEX CONCURRENTLY public.orders_tenant_created_idx;".into()),
            evidence: evidence(json!({
                "query": "SELECT * FROM orders WHERE tenant_id = $1 AND created_at > $2 ORDER BY created_at DESC LIMIT 50",
                "fingerprint": "f1:7f3a90c1aaaaaaaa",
                "queryids": [-4_891_203_377_i64, 77_120_i64],
                "calls": 22_800,
                "mean_ms": 64.9,
                "share_of_time_percent": 41.2,
                "table_bytes": 13_314_398_617_i64,
                "last_seen_at": 1_772_642_400_000_000_i64,
            })),
            ..finding(
                "query/top-share",
                Warning,
                "SELECT * FROM orders WHERE tenant_id = $1 AND created_at > $2",
                "takes 41.2% of all database time: 22,800 calls an hour of 64.9 ms each",
            )
        },
        Finding {
            reclaim_bytes: Some(2_040_109_465),
            score: 68_400.0,
            confidence: Confidence::Possible,
            fix: Some("VACUUM (FULL, ANALYZE) public.sessions;".into()),
            evidence: evidence(json!({"dead_ratio": 0.62, "n_dead_tup": 12_400_000, "last_vacuum_at": null})),
            ..finding(
                "table/bloat",
                Warning,
                "public.sessions",
                "62.0% of 3.1 GB is dead rows; last vacuumed never",
            )
        },
        Finding {
            reclaim_bytes: Some(46_137_344),
            score: 1546.9,
            fix: Some("DROP INDEX CONCURRENTLY public.users_email_idx1;".into()),
            undo: Some("CREATE INDEX CONCURRENTLY users_email_idx1 ON public.users USING btree (email);".into()),
            evidence: evidence(json!({
                "table": "public.users",
                "kept_index": "users_email_key",
                "definition": "CREATE INDEX users_email_idx1 ON public.users USING btree (email)",
            })),
            ..finding(
                "index/duplicate",
                Warning,
                "public.users_email_idx1",
                "equals users_email_key and takes 44.0 MB",
            )
        },
        Finding {
            fix: Some("ALTER TABLE public.\"表格\" ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;".into()),
            ..finding("table/no-primary-key", Warning, "public.\"表格\"", "has no primary key and 1,204 rows 👩‍👧")
        },
        Finding {
            is_new: false,
            ..finding(
                "connection/idle-in-transaction",
                Warning,
                "pid 23211 (app\u{1b}[31m)",
                "has been idle in a transaction for 2.2 min and blocks 3 sessions",
            )
        },
        Finding {
            scope: Scope::Node("primary".into()),
            fix: Some("ALTER SYSTEM SET track_io_timing = on;\nSELECT pg_reload_conf();".into()),
            ..finding("setting/track-io-timing-off", Info, "track_io_timing", "is off: time spent on reads is not known")
        },
    ];
    let rule = |id: &str, status: Status| RuleRun {
        id: id.into(),
        title: title(id).into(),
        severity: Warning,
        source: "builtin".into(),
        status,
        finding_count: 0,
        elapsed_ms: None,
    };
    let mut rules: Vec<RuleRun> = findings
        .iter()
        .map(|f| rule(&f.rule, Status::Run))
        .collect();
    rules.push(rule("query/slow-mean", Status::Skipped));
    rules.push(rule("replication/slot-lag", Status::Skipped));
    let pages: BTreeMap<String, Explanation> =
        rules.iter().map(|r| (r.id.clone(), page(&r.id))).collect();
    Data {
        drafts: Vec::new(),
        server: Server {
            databases: vec!["shop".into()],
            nodes: vec![Node {
                label: "primary".into(),
                role: "primary".into(),
                address: Some("10.0.0.5:5432".into()),
                version: Some("17.2".into()),
                ..Node::default()
            }],
            reading: Reading::default(),
            captured_at: Some(now()),
        },
        figures: Figures {
            activity: Some(Activity {
                transactions_per_second: 1802.4,
                cache_hit_ratio: Some(0.992),
            }),
            counters: None,
            connections: Some(48),
            max_connections: Some(200),
        },
        outcome: Outcome {
            findings,
            rules,
            skipped: vec![
                Skipped {
                    rule: "query/slow-mean".into(),
                    kind: SkipKind::MissingFacts,
                    because: "pg_stat_statements is not installed in database shop".into(),
                    remedy: Some("CREATE EXTENSION pg_stat_statements;".into()),
                },
                Skipped {
                    rule: "replication/slot-lag".into(),
                    kind: SkipKind::NotApplicable,
                    because: "applies to PostgreSQL 13 and newer".into(),
                    remedy: None,
                },
            ],
            unjudged: vec![Unjudged {
                rule: "table/bloat".into(),
                gap: Gap {
                    because: "no statistics can be read".into(),
                    remedy: Some("GRANT pg_read_all_data TO pgtriage;".into()),
                },
                objects: (1..=11).map(|n| format!("public.t{n}")).collect(),
            }],
            ..Outcome::default()
        },
        pages: Arc::new(pages),
        queries: Queries::read(&store).unwrap(),
        shapes: shapes(&store, None).unwrap(),
        logs: None,
        log_details: BTreeMap::new(),
        relations: Relations::read(&store).unwrap(),
        verdicts: Verdicts::default(),
        advising: Advising::default(),
        settings: Vec::new(),
        calculator: Calculator::default(),
        timeouts: Timeouts::default(),
        headroom: 3.0,
        missing: vec![Missing {
            facts: "column_statistics".into(),
            place: "database shop".into(),
            because: "pg_stats shows only tables that the role may read".into(),
            remedy: Some("GRANT pg_read_all_data TO pgtriage;".into()),
        }],
    }
}

fn title(id: &str) -> &'static str {
    match id {
        "setting/fsync-off" => "Writes are not forced to disk",
        "query/top-share" => "One statement takes much of the time",
        "index/duplicate" => "Index is a duplicate of another",
        _ => "A rule",
    }
}

fn page(id: &str) -> Explanation {
    let text = |text: &str| text.to_owned();
    Explanation {
        title: title(id).into(),
        parts: vec![
            Part::Paragraph(format!(
                "`{id}` · warning · since 0.1 · needs `indexes`, `index_columns`"
            )),
            Part::Heading(2, text("What it finds")),
            Part::Paragraph(text(
                "An index that **another** one on the same table equals in everything that lookups use: access method, \
                 columns and expressions in order, operator classes, collations, sort directions, included columns and \
                 predicate.",
            )),
            Part::Heading(2, text("How to fix it")),
            Part::Item(
                text("-"),
                text(
                    "Drop it with `DROP INDEX CONCURRENTLY`, which waits for running transactions and blocks neither reads nor writes.",
                ),
            ),
            Part::Heading(2, text("Parameters")),
            Part::Table(
                ["name", "value", "default", "why"].map(text).to_vec(),
                vec![
                    [
                        "min_size",
                        "2MB",
                        "1MB",
                        "below this the cost of keeping it is noise",
                    ]
                    .map(text)
                    .to_vec(),
                ],
            ),
            Part::Heading(2, text("Query")),
            Part::Code(
                text("sql"),
                text(
                    "SELECT d.id AS index_id,\n       quote_name(d.schema, d.name) AS object\nFROM indexes d\nWHERE d.place > 1 -- the first stays",
                ),
            ),
        ],
    }
}
