//! What `pgtriage sql` can be asked about.

use crate::engine::source::nearest;
use crate::facts::{Store, TableDoc, tables};
use crate::report::grid::{Cell, Column, Grid, Look};
use crate::report::{Role, Style};

/// All tables and views with what is in them.
pub fn list(style: Style, columns: usize) -> String {
    let mut out = String::new();
    for (title, views) in [("Tables", false), ("Views", true)] {
        let mut grid = Grid::new(vec![Column::fixed("name"), Column::new("holds")]);
        for table in tables().iter().filter(|table| table.is_view == views) {
            grid.push(vec![
                Cell::new(Role::Strong, table.name.clone()),
                Cell::new(Role::Plain, table.comment.clone()),
            ]);
        }
        out += &format!(
            "{}\n{}\n",
            style.paint(Role::Strong, title),
            grid.draw(style, Look::Ruled, columns)
        );
    }
    out + "Columns: pgtriage sql \"SELECT name, type FROM pragma_table_info('indexes')\", or docs/facts.md\n"
}

/// What was meant by a table or column that is not there.
pub fn help(store: &Store, message: &str) -> Option<String> {
    let tables = tables();
    if let Some(name) = message.strip_prefix("no such table: ") {
        let names = tables.iter().map(|table| table.name.as_str());
        return Some(match nearest(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`pgtriage sql` without a question lists the tables".to_owned(),
        });
    }
    let name = message.strip_prefix("no such column: ")?;
    let name = name.rsplit_once('.').map_or(name, |(_, column)| column);
    let columns: Vec<String> = tables
        .iter()
        .flat_map(|table| columns_of(store, table))
        .collect();
    let near = nearest(name, columns.iter().map(String::as_str))?;
    Some(format!("did you mean `{near}`?"))
}

fn columns_of(store: &Store, table: &TableDoc) -> Vec<String> {
    let names = || -> rusqlite::Result<Vec<String>> {
        let mut statement = store
            .connection()
            .prepare("SELECT name FROM pragma_table_info(?1)")?;
        statement
            .query_map([&table.name], |row| row.get(0))?
            .collect()
    };
    names().unwrap_or_default()
}
