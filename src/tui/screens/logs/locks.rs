//! Deadlocks, the latest first, then waits for locks, those with most time first.

use crate::facts::human;
use crate::report::logs::{Event, Logs, Party, Wait, moment, waits};
use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::list::{Cell, Row};
use crate::tui::theme::{Glyphs, Role};

use super::clock::Clock;
use super::course;
use super::incident::fields;
use super::statement_text::sql;
use super::view::{LINE, LogView};

/// The view.
pub struct Locks;

#[rustfmt::skip]
static COLUMNS: [Column; 8] = [
    Column { name: "kind", min: 8, drop: 1, right: false },
    Column { name: "time", min: 8, drop: 2, right: true },
    Column { name: "count", min: 5, drop: 4, right: true },
    Column { name: "longest", min: 8, drop: 5, right: true },
    Column { name: "last", min: 19, drop: 3, right: false },
    Column { name: "lock", min: 16, drop: 7, right: false },
    Column { name: "waited", min: 24, drop: 0, right: false },
    Column { name: "held", min: 24, drop: 6, right: false },
];

/// A row.
enum Item<'a> {
    Deadlock(&'a Event),
    Wait(Wait),
}

fn items(logs: &Logs) -> Vec<Item<'_>> {
    let deadlocks = logs.of("deadlock").rev().map(Item::Deadlock);
    deadlocks
        .chain(waits(logs).into_iter().map(Item::Wait))
        .collect()
}

fn item(logs: &Logs, row: usize) -> Option<Item<'_>> {
    items(logs).into_iter().nth(row)
}

impl LogView for Locks {
    fn title(&self) -> &'static str {
        "Locks"
    }

    fn heads(&self) -> &'static [Column] {
        &COLUMNS
    }

    fn order(&self) -> &'static str {
        "kind and time"
    }

    fn list(&self, _: &Data, logs: &Logs) -> Vec<Row> {
        let rows = items(logs).into_iter().map(|item| match item {
            Item::Deadlock(event) => deadlock_row(logs, event),
            Item::Wait(wait) => wait_row(logs, &wait),
        });
        rows.collect()
    }

    fn row_title(&self, logs: &Logs, row: usize) -> String {
        match item(logs, row) {
            Some(Item::Deadlock(_)) => "Who waited for whom".to_owned(),
            Some(Item::Wait(wait)) => lock(wait.mode.as_deref(), wait.object.as_deref()),
            None => String::new(),
        }
    }

    fn text(&self, _: &Data, logs: &Logs, row: usize, glyphs: &Glyphs) -> Doc {
        let mut doc = Doc::new();
        match item(logs, row) {
            Some(Item::Deadlock(event)) => deadlock_text(&mut doc, logs, event),
            Some(Item::Wait(wait)) => wait_text(&mut doc, logs, &wait),
            None => return doc,
        }
        course::courses(&mut doc, logs, &["waits", "deadlocks", "calls"], glyphs);
        doc
    }

    fn none(&self) -> (&'static str, Option<&'static str>) {
        (
            "The log has no deadlocks and no waits for locks.",
            Some("ALTER SYSTEM SET log_lock_waits = on;\nSELECT pg_reload_conf();"),
        )
    }

    fn statement(&self, logs: &Logs, row: usize) -> Option<i64> {
        match item(logs, row)? {
            Item::Deadlock(event) => event.statement_id,
            Item::Wait(wait) => wait.statement_id,
        }
    }
}

/// `ShareLock on transaction 701`.
pub fn lock(mode: Option<&str>, object: Option<&str>) -> String {
    let known: Vec<&str> = [mode, object].into_iter().flatten().collect();
    known.join(" on ")
}

fn statement_cell(logs: &Logs, id: Option<i64>) -> Cell {
    let line = logs.line(id, LINE);
    line.map_or_else(Cell::unknown, |line| Cell::text(Role::Text, &line))
}

fn count_cell(count: usize) -> Cell {
    let count = count as f64;
    Cell::number(Role::Text, count, &human::count(count))
}

fn deadlock_row(logs: &Logs, event: &Event) -> Row {
    let mut others = event
        .parties
        .iter()
        .filter(|party| Some(party.pid) != event.pid && party.statement_id.is_some());
    let modes: Vec<String> = event
        .parties
        .iter()
        .map(|party| lock(party.mode.as_deref(), party.object.as_deref()))
        .collect();
    let cells = vec![
        Cell::text(Role::Error, "deadlock"),
        Cell::unknown(),
        count_cell(event.parties.len().max(1)),
        Cell::unknown(),
        Clock::new(logs).cell(event.at),
        Cell::text(Role::Text, &modes.join(", ")),
        statement_cell(logs, event.statement_id),
        statement_cell(logs, others.next().and_then(|party| party.statement_id)),
    ];
    let key = format!(
        "deadlock:{}:{}",
        event.at.unwrap_or_default(),
        event.pid.unwrap_or_default()
    );
    let more = [
        ("user", event.user.as_deref().unwrap_or_default()),
        ("database", event.database.as_deref().unwrap_or_default()),
    ];
    Row::new(key, &COLUMNS, cells, &more)
}

fn wait_row(logs: &Logs, wait: &Wait) -> Row {
    let more = if wait.unended > 0 { ">" } else { "" };
    let ms = |ms: f64, text: &str| Cell::number(Role::Text, ms, text);
    // A table says more than the number of a transaction.
    let row = wait
        .relation
        .as_ref()
        .map(|name| format!("a row of {name}"));
    let lock = lock(
        wait.mode.as_deref(),
        row.as_deref().or(wait.object.as_deref()),
    );
    let cells = vec![
        Cell::text(Role::Warning, "wait"),
        ms(
            wait.total_ms,
            &format!("{more}{}", human::ms(wait.total_ms)),
        ),
        count_cell(usize::try_from(wait.count).unwrap_or_default()),
        ms(wait.longest_ms, &human::ms(wait.longest_ms)),
        Clock::new(logs).cell(wait.last_at),
        Cell::text(Role::Text, &lock),
        statement_cell(logs, wait.statement_id),
        statement_cell(logs, wait.blockers.iter().next().copied()),
    ];
    let name = |id: i64| logs.fingerprint(id).unwrap_or_default().to_owned();
    let blockers: Vec<String> = wait.blockers.iter().map(|id| name(*id)).collect();
    let key = format!(
        "wait:{}:{}:{}",
        wait.statement_id.map(name).unwrap_or_default(),
        wait.mode.as_deref().unwrap_or_default(),
        blockers.join(",")
    );
    Row::new(key, &COLUMNS, cells, &[])
}

fn deadlock_text(doc: &mut Doc, logs: &Logs, event: &Event) {
    doc.pieces(&[
        (Role::Error, "deadlock"),
        (Role::Text, "  "),
        (Role::Dim, "the server ended one of them"),
    ]);
    doc.fields(&fields(event));
    for party in &event.parties {
        let ended = if Some(party.pid) == event.pid {
            ", which was ended"
        } else {
            ""
        };
        doc.heading(&format!("Process {}{ended}", party.pid));
        doc.line(Role::Text, &edge(party));
        if let Some(id) = party.statement_id {
            sql(doc, logs, id);
        }
    }
    if let (true, Some(id)) = (event.parties.is_empty(), event.statement_id) {
        doc.heading("The statement that was ended");
        sql(doc, logs, id);
    }
}

fn edge(party: &Party) -> String {
    let lock = lock(party.mode.as_deref(), party.object.as_deref());
    let mut words = "waited".to_owned();
    if !lock.is_empty() {
        words += &format!(" for {lock}");
    }
    if let Some(pid) = party.blocked_by {
        words += &format!(", blocked by process {pid}");
    }
    words
}

fn wait_text(doc: &mut Doc, logs: &Logs, wait: &Wait) {
    let waits = if wait.count == 1 { "wait" } else { "waits" };
    let count = human::count(wait.count as f64);
    let (total, longest) = (human::ms(wait.total_ms), human::ms(wait.longest_ms));
    let mut words = format!("{count} {waits} of {total} in all, the longest of {longest}");
    if let Some(at) = wait.last_at {
        words += &format!(", the latest at {} UTC", moment(at));
    }
    doc.line(Role::Text, &words);
    if wait.unended > 0 {
        let unended = human::count(wait.unended as f64);
        let note = format!("The end of {unended} is not in the log: they took longer than that.");
        doc.line(Role::Warning, &note);
    }
    let lock = lock(wait.mode.as_deref(), wait.object.as_deref());
    doc.heading(&format!("What waited for {lock}"));
    match wait.statement_id {
        Some(id) => sql(doc, logs, id),
        None => drop(doc.line(Role::Dim, "The log does not name it.")),
    }
    doc.heading("What held it: the session's last statement");
    for id in &wait.blockers {
        sql(doc, logs, *id);
    }
    if wait.blockers.is_empty() {
        doc.line(Role::Dim, "The log does not name what the holder ran.");
    }
}
