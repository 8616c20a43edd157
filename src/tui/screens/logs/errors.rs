//! Errors and warnings by cause, the most frequent first.

use crate::facts::human;
use crate::report::logs::{Cause, Logs, moment};
use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::list::{Cell, Row};
use crate::tui::theme::{Glyphs, Role};

use super::clock::Clock;
use super::course;
use super::statement_text::{about, sql};
use super::view::{LINE, LogView};

/// The view.
pub struct Errors;

#[rustfmt::skip]
static COLUMNS: [Column; 7] = [
    Column { name: "count", min: 6, drop: 1, right: true },
    Column { name: "severity", min: 8, drop: 3, right: false },
    Column { name: "code", min: 5, drop: 2, right: false },
    Column { name: "last", min: 19, drop: 4, right: false },
    Column { name: "first", min: 19, drop: 5, right: false },
    Column { name: "message", min: 30, drop: 0, right: false },
    Column { name: "statement", min: 20, drop: 6, right: false },
];

impl LogView for Errors {
    fn title(&self) -> &'static str {
        "Errors"
    }

    fn heads(&self) -> &'static [Column] {
        &COLUMNS
    }

    fn order(&self) -> &'static str {
        "count"
    }

    fn list(&self, _: &Data, logs: &Logs) -> Vec<Row> {
        let (all, clock) = (logs.causes.iter(), Clock::new(logs));
        all.map(|cause| row(logs, clock, cause)).collect()
    }

    fn row_title(&self, logs: &Logs, row: usize) -> String {
        let cause = logs.causes.get(row);
        cause.map_or_else(String::new, named)
    }

    fn text(&self, data: &Data, logs: &Logs, row: usize, glyphs: &Glyphs) -> Doc {
        let cause = logs.causes.get(row);
        cause.map_or_else(Doc::new, |cause| text(data, logs, cause, glyphs))
    }

    fn none(&self) -> (&'static str, Option<&'static str>) {
        ("The log has no errors and no warnings.", None)
    }

    fn statement(&self, logs: &Logs, row: usize) -> Option<i64> {
        logs.causes.get(row)?.statement_id
    }

    fn message(&self, logs: &Logs, row: usize) -> Option<String> {
        Some(logs.causes.get(row)?.message.clone())
    }
}

/// `ERROR 23505`.
fn named(cause: &Cause) -> String {
    let code = cause.sqlstate.as_deref().unwrap_or_default();
    format!("{} {code}", cause.severity).trim_end().to_owned()
}

fn colour(cause: &Cause) -> Role {
    if cause.is_error() {
        Role::Error
    } else {
        Role::Warning
    }
}

fn row(logs: &Logs, clock: Clock, cause: &Cause) -> Row {
    let code = cause.sqlstate.as_deref();
    let statement = logs.line(cause.statement_id, LINE);
    let cells = vec![
        Cell::number(
            Role::Text,
            cause.count as f64,
            &human::count(cause.count as f64),
        ),
        Cell::text(colour(cause), &cause.severity),
        code.map_or_else(Cell::unknown, |code| Cell::text(Role::Text, code)),
        clock.cell(cause.last_at),
        clock.cell(cause.first_at),
        Cell::text(Role::Text, &cause.message),
        statement.map_or_else(Cell::unknown, |line| Cell::text(Role::Dim, &line)),
    ];
    let name = cause.statement_id.and_then(|id| logs.fingerprint(id));
    let key = format!("{}:{}", named(cause), cause.message);
    let more = [("fingerprint", name.unwrap_or_default())];
    Row::new(key, &COLUMNS, cells, &more)
}

fn text(data: &Data, logs: &Logs, cause: &Cause, glyphs: &Glyphs) -> Doc {
    let mut doc = Doc::new();
    doc.pieces(&[
        (colour(cause), named(cause).as_str()),
        (Role::Text, "  "),
        (Role::Strong, &cause.message),
    ]);
    doc.line(Role::Text, &spread(cause));
    if let Some(id) = cause.statement_id {
        doc.heading("A statement that failed so");
        sql(&mut doc, logs, id);
        about(&mut doc, data, id);
    }
    if cause.is_error() {
        let words = ["errors", "deadlocks", "cancels", "calls"];
        course::courses(&mut doc, logs, &words, glyphs);
    }
    doc
}

/// How many, from when to when, and how often.
fn spread(cause: &Cause) -> String {
    let times = if cause.count == 1 { "time" } else { "times" };
    let mut words = format!("{} {times}", human::count(cause.count as f64));
    let (Some(first), Some(last)) = (cause.first_at, cause.last_at) else {
        return words;
    };
    if cause.count < 2 {
        return format!("{words}, at {} UTC", moment(last));
    }
    words += &format!(", from {} to {} UTC", moment(first), moment(last));
    let apart = (last - first) as f64 / 1_000.0 / (cause.count - 1) as f64;
    if apart > 0.0 {
        words += &format!(", {} apart in the mean", human::ms(apart));
    }
    words
}
