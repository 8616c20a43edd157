//! What happened by time, the newest first: checkpoints and vacuums, or everything.

use crate::facts::human;
use crate::report::logs::{Event, Logs};
use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::list::{Cell, Row};
use crate::tui::theme::{Glyphs, Role};

use super::clock::Clock;
use super::course;
use super::incident::{about, colour, fields, kind};
use super::statement_text::sql;
use super::view::LogView;

/// A view of events.
pub struct Events {
    title: &'static str,
    heads: &'static [Column],
    /// Kinds that are in it; none: all.
    kinds: &'static [&'static str],
    /// Figures over time that go with it.
    courses: &'static [&'static str],
    none: (&'static str, Option<&'static str>),
}

/// What the server does by itself.
pub static SERVER: Events = Events {
    title: "Checkpoints and vacuum",
    heads: &SERVER_COLUMNS,
    kinds: &[
        "checkpoint_starting",
        "checkpoint_complete",
        "checkpoints_too_frequent",
        "restartpoint_starting",
        "restartpoint_complete",
        "autovacuum",
        "autoanalyze",
        "autovacuum_cancelled",
    ],
    courses: &["checkpoints", "vacuums", "calls"],
    none: (
        "The log has no checkpoints and no autovacuums.",
        Some(
            "ALTER SYSTEM SET log_checkpoints = on;\nALTER SYSTEM SET log_autovacuum_min_duration = '10s';\n\
             SELECT pg_reload_conf();",
        ),
    ),
};

/// Everything.
pub static ALL: Events = Events {
    title: "Events",
    heads: &ALL_COLUMNS,
    kinds: &[],
    courses: &["errors", "connections", "waits", "deadlocks", "cancels"],
    none: ("The log tells of nothing but statements and errors.", None),
};

#[rustfmt::skip]
static SERVER_COLUMNS: [Column; 4] = [
    Column { name: "at", min: 19, drop: 1, right: false },
    Column { name: "what", min: 20, drop: 0, right: false },
    Column { name: "time", min: 8, drop: 2, right: true },
    Column { name: "about", min: 20, drop: 3, right: false },
];

#[rustfmt::skip]
static ALL_COLUMNS: [Column; 8] = [
    Column { name: "at", min: 19, drop: 1, right: false },
    Column { name: "what", min: 16, drop: 0, right: false },
    Column { name: "time", min: 8, drop: 3, right: true },
    Column { name: "size", min: 8, drop: 4, right: true },
    Column { name: "pid", min: 7, drop: 7, right: true },
    Column { name: "user", min: 8, drop: 5, right: false },
    Column { name: "database", min: 8, drop: 6, right: false },
    Column { name: "about", min: 24, drop: 2, right: false },
];

impl Events {
    fn has(&self, event: &Event) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&event.kind.as_str())
    }

    /// The event of a row, and those before it.
    fn event<'a>(&self, logs: &'a Logs, row: usize) -> Option<(&'a Event, &'a [Event])> {
        let all = logs.events.iter().enumerate().rev();
        let (at, event) = all.filter(|(_, event)| self.has(event)).nth(row)?;
        Some((event, &logs.events[..at]))
    }

    fn row(&self, logs: &Logs, clock: Clock, at: usize, key: String) -> Row {
        let event = &logs.events[at];
        let text = |text: Option<&str>| {
            text.map_or_else(Cell::unknown, |text| Cell::text(Role::Text, text))
        };
        let number = |number: Option<f64>, shown: fn(f64) -> String| {
            number.map_or_else(Cell::unknown, |number| {
                Cell::number(Role::Text, number, &shown(number))
            })
        };
        let pid = |pid: f64| format!("{pid:.0}");
        let about = reason(&logs.events[..at], event).unwrap_or_else(|| about(logs, event));
        let cells = self.heads.iter().map(|column| match column.name {
            "at" => clock.cell(event.at),
            "what" => Cell::text(colour(event), &kind(event)),
            "time" => number(event.duration_ms, human::ms),
            "size" => number(event.bytes.map(|bytes| bytes as f64), human::bytes),
            "pid" => number(event.pid.map(|pid| pid as f64), pid),
            "user" => text(event.user.as_deref()),
            "database" => text(event.database.as_deref()),
            _ => Cell::text(Role::Text, &about),
        });
        let name = event.statement_id.and_then(|id| logs.fingerprint(id));
        let more = [
            ("kind", event.kind.as_str()),
            (
                "application",
                event.application.as_deref().unwrap_or_default(),
            ),
            ("fingerprint", name.unwrap_or_default()),
        ];
        let cells = cells.collect();
        Row::new(key, self.heads, cells, &more)
    }
}

impl LogView for Events {
    fn title(&self) -> &'static str {
        self.title
    }

    fn heads(&self) -> &'static [Column] {
        self.heads
    }

    fn order(&self) -> &'static str {
        "newest"
    }

    fn newest_first(&self) -> bool {
        true
    }

    fn list(&self, _: &Data, logs: &Logs) -> Vec<Row> {
        let mut keys = Keys::default();
        let clock = Clock::new(logs);
        let mut rows: Vec<Row> = Vec::new();
        // In the order of the log, so that those of one moment keep their names when more come.
        for (at, event) in logs.events.iter().enumerate() {
            if self.has(event) {
                rows.push(self.row(logs, clock, at, keys.next(event)));
            }
        }
        rows.reverse();
        rows
    }

    fn row_title(&self, logs: &Logs, row: usize) -> String {
        let event = self.event(logs, row);
        event.map_or_else(String::new, |(event, _)| kind(event))
    }

    fn text(&self, _: &Data, logs: &Logs, row: usize, glyphs: &Glyphs) -> Doc {
        let mut doc = Doc::new();
        let Some((event, before)) = self.event(logs, row) else {
            return doc;
        };
        doc.line(colour(event), &kind(event));
        if let Some(message) = &event.message {
            doc.line(Role::Strong, message);
        }
        if let Some(reason) = reason(before, event) {
            doc.line(Role::Text, &reason);
        }
        doc.blank().fields(&fields(event));
        if let Some(id) = event.statement_id {
            doc.heading("Statement of the session");
            sql(&mut doc, logs, id);
        }
        for party in &event.parties {
            let does = if party.holds {
                "holds the lock"
            } else {
                "waits as well"
            };
            let pid = party.pid;
            doc.heading(&match (event.kind.as_str(), party.blocked_by) {
                ("deadlock", Some(by)) => format!("Process {pid}, blocked by {by}"),
                ("deadlock", None) => format!("Process {pid}"),
                _ => format!("Process {pid} {does}"),
            });
            match party.statement_id {
                Some(id) => sql(&mut doc, logs, id),
                None => drop(doc.line(Role::Dim, "The log does not name what it ran.")),
            }
        }
        course::courses(&mut doc, logs, self.courses, glyphs);
        doc
    }

    fn none(&self) -> (&'static str, Option<&'static str>) {
        self.none
    }

    fn statement(&self, logs: &Logs, row: usize) -> Option<i64> {
        self.event(logs, row)?.0.statement_id
    }

    fn message(&self, logs: &Logs, row: usize) -> Option<String> {
        self.event(logs, row)?.0.message.clone()
    }
}

/// Names of events: moment, kind, process, and a number where that is not enough.
#[derive(Default)]
struct Keys {
    last: String,
    count: usize,
}

impl Keys {
    fn next(&mut self, event: &Event) -> String {
        let (at, pid) = (event.at.unwrap_or_default(), event.pid.unwrap_or_default());
        let name = format!("{at}:{}:{pid}", event.kind);
        self.count = if self.last == name { self.count + 1 } else { 0 };
        self.last.clone_from(&name);
        format!("{name}:{}", self.count)
    }
}

/// Why a checkpoint that ended had begun: its beginning says so.
fn reason(before: &[Event], event: &Event) -> Option<String> {
    let began = match event.kind.as_str() {
        "checkpoint_complete" => "checkpoint_starting",
        "restartpoint_complete" => "restartpoint_starting",
        _ => return None,
    };
    let start = before.iter().rev().find(|start| start.kind == began)?;
    Some(format!("begun by {}", start.object.as_deref()?))
}
