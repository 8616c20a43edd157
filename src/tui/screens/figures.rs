//! Figures of statements as columns and cells.

use serde_json::Value;

use crate::facts::figure;
use crate::report::queries::Measure;
use crate::tui::columns::Column;
use crate::tui::list::Cell;
use crate::tui::theme::Role;

/// A column for each figure, those that matter less going first, and the statement, which stays.
/// `COLUMNS` is one more than `FIGURES`.
pub const fn columns<const FIGURES: usize, const COLUMNS: usize>(
    measures: &[Measure; FIGURES],
) -> [Column; COLUMNS] {
    let statement = Column {
        name: "statement",
        min: 40,
        drop: 0,
        right: false,
    };
    let mut columns = [statement; COLUMNS];
    let mut at = 0;
    while at < FIGURES {
        columns[at] = Column {
            name: measures[at].word,
            // A figure is shown whole or not at all.
            min: 14,
            drop: at as u8 + 1,
            right: !measures[at].is_text,
        };
        at += 1;
    }
    columns
}

/// A figure by the name of its column.
pub fn cell(column: &str, value: &Value) -> Cell {
    if value.is_null() {
        return Cell::unknown();
    }
    let text = figure(column, value);
    match value.as_f64() {
        // The filter compares what stands there: 41.2%, not 0.412.
        Some(number) if text.ends_with('%') => Cell::number(Role::Text, number * 100.0, &text),
        Some(number) => Cell::number(Role::Text, number, &text),
        None => Cell::text(Role::Text, &text),
    }
}
