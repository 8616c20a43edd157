//! What went wrong with statements.

use super::section::{Entry, Section, Shape};
use crate::facts::human;
use crate::report::logs::verdict::counted;
use crate::report::logs::{Logs, Statement, moment};
use crate::report::style::Role;

/// Characters of a statement.
pub(super) const STATEMENT: usize = 100;

/// Errors and warnings by cause.
pub fn errors(logs: &Logs, limit: usize) -> Section {
    let mut section = Section::new(
        "Errors and warnings",
        &[
            ("count", Shape::Number),
            ("severity", Shape::Fixed),
            ("code", Shape::Fixed),
            ("last", Shape::Fixed),
            ("message, and a statement", Shape::Text),
        ],
    );
    section.take(limit, &logs.causes, |cause| {
        let role = match cause.severity.as_str() {
            "WARNING" => Role::Warning,
            _ => Role::Error,
        };
        let severity = Entry(vec![(role, cause.severity.clone())]);
        vec![
            Entry::new(human::count(cause.count as f64)),
            severity,
            Entry::new(cause.sqlstate.as_deref().unwrap_or("-")),
            Entry::new(cause.last_at.map_or_else(|| "-".to_owned(), moment)),
            Entry::new(cause.message.as_str())
                .and(Role::Code, logs.line(cause.statement_id, STATEMENT)),
        ]
    });
    section
}

/// Statements that wrote temporary files.
pub fn temp_files(logs: &Logs, limit: usize) -> Section {
    let mut section = Section::new(
        "Temporary files",
        &[
            ("bytes", Shape::Number),
            ("files", Shape::Number),
            ("largest", Shape::Number),
            ("statement", Shape::Text),
        ],
    );
    let files = logs.count("temp_file");
    if files == 0 {
        return section;
    }
    let spilling = by(logs, "temp_bytes");
    let known: f64 = spilling.iter().map(|one| one.number("temp_files")).sum();
    let mut sentence = format!(
        "{} of {} in all",
        counted(files, "file", "files"),
        human::bytes(logs.totals.temp_bytes as f64)
    );
    let others = files - known as i64;
    if others > 0 {
        sentence += &format!(
            ", {} of statements that the log does not name",
            human::count(others as f64)
        );
    }
    section.sentences.push(format!("{sentence}."));
    section.take(limit, spilling, |statement| {
        let figure = |column| statement.figure(column).unwrap_or_else(|| "-".to_owned());
        vec![
            Entry::new(figure("temp_bytes")),
            Entry::new(figure("temp_files")),
            Entry::new(figure("largest_temp_bytes")),
            code(logs, statement),
        ]
    });
    section
}

/// Statements and sessions that a limit or a user ended.
pub fn cancels(logs: &Logs, limit: usize) -> Section {
    let mut section = Section::new(
        "Cancels and time-outs",
        &[("cancels", Shape::Number), ("statement", Shape::Text)],
    );
    let kinds = [
        (
            "statement_timeout",
            "statement",
            "statements",
            "by statement_timeout",
        ),
        ("lock_timeout", "statement", "statements", "by lock_timeout"),
        ("user_cancel", "statement", "statements", "by a user"),
        (
            "idle_in_transaction_timeout",
            "session",
            "sessions",
            "by idle_in_transaction_session_timeout",
        ),
        (
            "idle_session_timeout",
            "session",
            "sessions",
            "by idle_session_timeout",
        ),
        (
            "transaction_timeout",
            "session",
            "sessions",
            "by transaction_timeout",
        ),
        (
            "terminated_by_administrator",
            "session",
            "sessions",
            "by an administrator",
        ),
    ];
    let parts: Vec<String> = kinds
        .iter()
        .filter(|(kind, ..)| logs.count(kind) > 0)
        .map(|(kind, one, several, by)| format!("{} {by}", counted(logs.count(kind), one, several)))
        .collect();
    if parts.is_empty() {
        return section;
    }
    section
        .sentences
        .push(format!("Ended: {}.", parts.join(", ")));
    section.take(limit, by(logs, "cancels"), |statement| {
        vec![
            Entry::new(human::count(statement.number("cancels"))),
            code(logs, statement),
        ]
    });
    section
}

/// Statements with more than nothing of a figure, those with most of it first.
fn by<'a>(logs: &'a Logs, column: &str) -> Vec<&'a Statement> {
    let some = logs.statements.iter();
    let mut some: Vec<&Statement> = some.filter(|one| one.number(column) > 0.0).collect();
    some.sort_by(|a, b| b.number(column).total_cmp(&a.number(column)));
    some
}

fn code(logs: &Logs, statement: &Statement) -> Entry {
    Entry::default().and(Role::Code, logs.line(Some(statement.id), STATEMENT))
}
