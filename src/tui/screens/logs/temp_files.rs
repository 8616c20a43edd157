//! Statements that wrote temporary files, those with most bytes first.

use crate::facts::human;
use crate::report::logs::{Event, Logs, Statement};
use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::list::{Cell, Row};
use crate::tui::screens::figures;
use crate::tui::theme::{Glyphs, Role};

use super::clock::Clock;
use super::course;
use super::statement_text::{about, colour, sql, who};
use super::view::{LINE, LogView};

/// The view.
pub struct TempFiles;

/// Files that are told one by one.
const FILES: usize = 20;

#[rustfmt::skip]
static COLUMNS: [Column; 5] = [
    Column { name: "bytes", min: 8, drop: 1, right: true },
    Column { name: "files", min: 5, drop: 2, right: true },
    Column { name: "largest", min: 8, drop: 3, right: true },
    Column { name: "calls", min: 6, drop: 4, right: true },
    Column { name: "statement", min: 40, drop: 0, right: false },
];

/// What wrote files.
struct Spill<'a> {
    /// `None`: statements that the log does not name.
    statement: Option<&'a Statement>,
    bytes: f64,
    files: f64,
}

/// Statements, and the rest of the files behind them.
fn spills(logs: &Logs) -> Vec<Spill<'_>> {
    let mut all: Vec<Spill<'_>> = logs
        .statements
        .iter()
        .map(|statement| Spill {
            statement: Some(statement),
            bytes: statement.number("temp_bytes"),
            files: statement.number("temp_files"),
        })
        .filter(|spill| spill.files > 0.0)
        .collect();
    all.sort_by(|a, b| b.bytes.total_cmp(&a.bytes));
    let known = |get: fn(&Spill<'_>) -> f64| all.iter().map(get).sum::<f64>();
    let rest = Spill {
        statement: None,
        bytes: logs.totals.temp_bytes as f64 - known(|spill| spill.bytes),
        files: logs.count("temp_file") as f64 - known(|spill| spill.files),
    };
    if rest.files > 0.0 {
        all.push(rest);
    }
    all
}

impl LogView for TempFiles {
    fn title(&self) -> &'static str {
        "Temporary files"
    }

    fn heads(&self) -> &'static [Column] {
        &COLUMNS
    }

    fn order(&self) -> &'static str {
        "bytes"
    }

    fn list(&self, data: &Data, logs: &Logs) -> Vec<Row> {
        let all = spills(logs);
        all.iter().map(|spill| row(data, spill)).collect()
    }

    fn row_title(&self, logs: &Logs, row: usize) -> String {
        let id = self.statement(logs, row);
        let name = id.and_then(|id| logs.fingerprint(id));
        name.unwrap_or("Statements without a name").to_owned()
    }

    fn text(&self, data: &Data, logs: &Logs, row: usize, glyphs: &Glyphs) -> Doc {
        let mut doc = Doc::new();
        let Some(spill) = spills(logs).into_iter().nth(row) else {
            return doc;
        };
        let id = spill.statement.map(|statement| statement.id);
        match id {
            Some(id) => {
                sql(&mut doc, logs, id);
                about(&mut doc, data, id);
            }
            None => drop(doc.line(Role::Text, UNNAMED)),
        }
        doc.heading("Figures").fields(&fields(&spill));
        let files = logs.of("temp_file").rev();
        let files = files.filter(|event| event.statement_id == id);
        latest(&mut doc, logs, &files.collect::<Vec<_>>());
        course::courses(&mut doc, logs, &["temp", "files"], glyphs);
        doc
    }

    fn none(&self) -> (&'static str, Option<&'static str>) {
        (
            "The log has no temporary files.",
            Some("ALTER SYSTEM SET log_temp_files = 0;\nSELECT pg_reload_conf();"),
        )
    }

    fn statement(&self, logs: &Logs, row: usize) -> Option<i64> {
        let spill = spills(logs).into_iter().nth(row)?;
        Some(spill.statement?.id)
    }
}

const UNNAMED: &str = "statements that the log does not name";

fn row(data: &Data, spill: &Spill<'_>) -> Row {
    let number = |value: f64, text: &str| Cell::number(Role::Text, value, text);
    let figure = |column| {
        let statement = spill.statement;
        statement.map_or_else(Cell::unknown, |one| figures::cell(column, one.get(column)))
    };
    let statement = match spill.statement {
        Some(statement) => Cell::text(
            colour(data, statement.id),
            &crate::report::queries::line(statement.text.as_deref(), LINE),
        ),
        None => Cell::text(Role::Dim, UNNAMED),
    };
    let cells = vec![
        number(spill.bytes, &human::bytes(spill.bytes)),
        number(spill.files, &human::count(spill.files)),
        figure("largest_temp_bytes"),
        figure("calls"),
        statement,
    ];
    let text = |column| spill.statement.and_then(|one| one.figure(column));
    let name = text("fingerprint").unwrap_or_default();
    let key = format!("{}:{name}", text("database").unwrap_or_default());
    Row::new(key, &COLUMNS, cells, &[("fingerprint", name.as_str())])
}

fn fields(spill: &Spill<'_>) -> Vec<(String, Role, String)> {
    let mean = human::bytes(spill.bytes / spill.files.max(1.0));
    let largest = spill
        .statement
        .and_then(|one| one.figure("largest_temp_bytes"));
    let fields = [
        ("bytes", Some(human::bytes(spill.bytes))),
        ("files", Some(human::count(spill.files))),
        ("mean of a file", Some(mean)),
        ("largest", largest),
    ];
    let known = fields.into_iter();
    known
        .filter_map(|(name, text)| Some((name.to_owned(), Role::Text, text?)))
        .collect()
}

fn latest(doc: &mut Doc, logs: &Logs, files: &[&Event]) {
    if files.is_empty() {
        return;
    }
    let clock = Clock::new(logs);
    let fields = files.iter().take(FILES).map(|event| {
        let at = event
            .at
            .map_or_else(|| "-".to_owned(), |at| clock.short(at));
        let size = event
            .bytes
            .map_or_else(|| "-".to_owned(), |bytes| human::bytes(bytes as f64));
        let who = who(event.user.as_deref(), event.application.as_deref());
        (at, Role::Text, format!("{size}  {who}"))
    });
    doc.heading("The latest")
        .fields(&fields.collect::<Vec<_>>());
}
