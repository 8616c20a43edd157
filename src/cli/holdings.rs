//! What a snapshot holds and what it lacks, in words.

use std::path::Path;

use crate::facts::{FactsError, Store, escape, human};
use crate::report::grid::{Cell, Column, Grid, Look};
use crate::report::{Role, Server, Style};

/// Kinds of facts that are counted: one, several, and the question that counts them.
const COUNTED: [(&str, &str, &str); 6] = [
    (
        "table",
        "tables",
        "SELECT count(*) FROM relations WHERE kind IN ('table', 'partitioned table')",
    ),
    ("index", "indexes", "SELECT count(*) FROM indexes"),
    ("statement", "statements", "SELECT count(*) FROM statements"),
    (
        "setting",
        "settings",
        "SELECT count(DISTINCT name) FROM settings",
    ),
    (
        "session",
        "sessions",
        "SELECT count(*) FROM sessions WHERE sample_id = (SELECT max(sample_id) FROM sessions)",
    ),
    (
        "sample",
        "samples",
        "SELECT count(*) FROM samples WHERE database_id IS NULL AND node_id = 1",
    ),
];

/// The whole of it.
pub fn describe(
    store: &Store,
    path: &Path,
    style: Style,
    columns: usize,
) -> Result<String, FactsError> {
    let server = Server::read(store)?;
    let mut out = format!("{}: {}\n", path.display(), escape::line(&server.describe()));
    let mut parts = Vec::new();
    for (one, several, question) in COUNTED {
        let count: i64 = store
            .connection()
            .query_row(question, [], |row| row.get(0))?;
        let what = if count == 1 { one } else { several };
        parts.push(format!("{} {what}", human::count(count as f64)));
    }
    out += &format!("It holds {}.\n", parts.join(", "));
    out += &missing(store, style, columns)?;
    Ok(out)
}

/// What could not be had, and what would let it be had.
fn missing(store: &Store, style: Style, columns: usize) -> Result<String, FactsError> {
    let mut statement = store.connection().prepare(
        "SELECT group_concat(DISTINCT table_name || coalesce('.' || column_name, '')), reason, remedy,
                count(object)
         FROM missing_facts GROUP BY reason, remedy ORDER BY min(table_name), reason",
    )?;
    let mut rows = statement.query([])?;
    let mut grid = Grid::new(vec![
        Column::new("missing facts"),
        Column::new("because"),
        Column::new("remedy"),
    ]);
    let mut some = false;
    while let Some(row) = rows.next()? {
        some = true;
        let (tables, reason): (String, String) = (row.get(0)?, row.get(1)?);
        let (remedy, objects): (Option<String>, i64) = (row.get(2)?, row.get(3)?);
        let mut what = Cell::new(Role::Strong, tables.replace(',', ", "));
        if objects > 0 {
            what = what.and(Role::Dim, format!("of {objects} objects"));
        }
        let remedy = remedy.unwrap_or_else(|| "none is known".to_owned());
        grid.push(vec![
            what,
            Cell::new(Role::Plain, escape::line(&reason)),
            Cell::new(Role::Code, escape::lines(&remedy)),
        ]);
    }
    Ok(if some {
        format!("\n{}", grid.draw(style, Look::Spaced, columns))
    } else {
        "Nothing is missing.\n".to_owned()
    })
}
