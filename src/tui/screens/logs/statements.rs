//! Statements with their figures, those with most time first.

use crate::report::json;
use crate::report::logs::{Logs, MEASURES, Statement};
use crate::report::queries::line;
use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::list::{Cell, Row};
use crate::tui::screens::figures;
use crate::tui::theme::{Glyphs, Role};

use super::statement_text::{colour, statement_text};
use super::view::{LINE, LogView};

/// The view.
pub struct Statements;

static COLUMNS: [Column; MEASURES.len() + 1] = figures::columns(&MEASURES);
/// Figures that are bad when there are any.
const TROUBLE: [&str; 2] = ["errors", "cancels"];

impl LogView for Statements {
    fn title(&self) -> &'static str {
        "Statements"
    }

    fn heads(&self) -> &'static [Column] {
        &COLUMNS
    }

    fn order(&self) -> &'static str {
        "time"
    }

    fn list(&self, data: &Data, logs: &Logs) -> Vec<Row> {
        let all = logs.statements.iter();
        all.map(|statement| row(data, statement)).collect()
    }

    fn row_title(&self, logs: &Logs, row: usize) -> String {
        let statement = logs.statements.get(row);
        statement.map_or_else(String::new, |statement| fingerprint(statement).to_owned())
    }

    fn text(&self, data: &Data, logs: &Logs, row: usize, glyphs: &Glyphs) -> Doc {
        let statement = logs.statements.get(row);
        statement.map_or_else(Doc::new, |statement| {
            statement_text(data, logs, statement, glyphs)
        })
    }

    fn none(&self) -> (&'static str, Option<&'static str>) {
        (
            "The log names no statement.",
            Some(
                "ALTER SYSTEM SET log_min_duration_statement = '100ms';\nSELECT pg_reload_conf();",
            ),
        )
    }

    fn statement(&self, logs: &Logs, row: usize) -> Option<i64> {
        Some(logs.statements.get(row)?.id)
    }

    fn json(&self, logs: &Logs, row: usize) -> Option<String> {
        let statement = logs.statements.get(row)?;
        Some(json::text(&statement.json()))
    }
}

fn fingerprint(statement: &Statement) -> &str {
    statement.get("fingerprint").as_str().unwrap_or_default()
}

fn row(data: &Data, statement: &Statement) -> Row {
    let mut cells: Vec<Cell> = MEASURES
        .iter()
        .map(|measure| {
            let mut cell = figures::cell(measure.column, statement.get(measure.column));
            if TROUBLE.contains(&measure.column) && statement.number(measure.column) > 0.0 {
                cell.role = Role::Error;
            }
            cell
        })
        .collect();
    let shown = line(statement.text.as_deref(), LINE);
    cells.push(Cell::text(colour(data, statement.id), &shown));
    let database = statement.figure("database").unwrap_or_default();
    let ids = statement.figure("queryids").unwrap_or_default();
    let more = [
        ("fingerprint", fingerprint(statement)),
        ("queryid", ids.as_str()),
        ("text", statement.text.as_deref().unwrap_or_default()),
    ];
    let key = format!("{database}:{}", fingerprint(statement));
    Row::new(key, &COLUMNS, cells, &more)
}
