//! The indexes, the largest first.

use crate::report::json;
use crate::report::listing::{Object, one};
use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::keymap::{Action, Context};
use crate::tui::list::{Cell, Row};
use crate::tui::overlays::Overlay;
use crate::tui::screens::screen::{Copy, Jump, Screen};
use crate::tui::theme::{Glyphs, Role};

use super::about;
use super::cells::{ago, colour, figure};
use super::index_text::index_text;

/// The view.
pub struct Indexes;

#[rustfmt::skip]
static COLUMNS: [Column; 11] = [
    Column { name: "index", min: 34, drop: 0, right: false },
    Column { name: "size", min: 14, drop: 1, right: true },
    Column { name: "scans", min: 14, drop: 2, right: true },
    Column { name: "bloat", min: 14, drop: 3, right: true },
    Column { name: "table", min: 16, drop: 4, right: false },
    Column { name: "unique", min: 12, drop: 5, right: false },
    Column { name: "valid", min: 8, drop: 6, right: false },
    Column { name: "method", min: 8, drop: 7, right: false },
    Column { name: "reclaim", min: 14, drop: 8, right: true },
    Column { name: "last-scan", min: 14, drop: 9, right: true },
    Column { name: "findings", min: 14, drop: 10, right: true },
];

impl Screen for Indexes {
    fn name(&self) -> &'static str {
        "Indexes"
    }

    fn context(&self) -> Context {
        Context::Tables
    }

    fn columns(&self) -> &'static [Column] {
        &COLUMNS
    }

    fn natural_order(&self) -> &'static str {
        "size"
    }

    fn rows(&self, data: &Data) -> Vec<Row> {
        let indexes = data.relations.indexes.rows.iter();
        indexes.map(|index| row(data, index)).collect()
    }

    fn detail_title(&self, data: &Data, row: usize) -> String {
        let indexes = &data.relations.indexes;
        let index = indexes.rows.get(row);
        index.map_or_else(String::new, |index| data.relations.name(indexes, index))
    }

    fn detail(&self, data: &Data, row: usize, _: &Glyphs) -> Doc {
        let index = data.relations.indexes.rows.get(row);
        index.map_or_else(Doc::new, |index| index_text(data, index))
    }

    fn empty(&self, data: &Data) -> Doc {
        about::empty(&data.relations.indexes)
    }

    fn copy(&self, data: &Data, row: usize) -> Result<Copy, &'static str> {
        let mut all = self.copies(data, row).into_iter();
        all.next().ok_or("nothing is selected")
    }

    fn copies(&self, data: &Data, row: usize) -> Vec<Copy> {
        let indexes = &data.relations.indexes;
        let Some(index) = indexes.rows.get(row) else {
            return Vec::new();
        };
        let copy = |what, text| Copy { what, text };
        let definition = indexes.get(index, "definition").as_str();
        let definition = definition.map(|text| copy("definition", text.to_owned()));
        let rest = [
            copy("name", about::sql_name(indexes, index)),
            copy("text", index_text(data, index).plain()),
            copy("JSON", json::text(&one(indexes, index))),
        ];
        definition.into_iter().chain(rest).collect()
    }

    fn open(&self, _: Action, _: &Data, _: Option<usize>) -> Option<Overlay> {
        None
    }

    fn jump(&self, data: &Data, row: usize) -> Result<Jump, &'static str> {
        let index = data.relations.indexes.rows.get(row);
        about::jump(data, index.and_then(|index| data.relations.table_of(index)))
    }

    fn summary(&self, data: &Data) -> Vec<(Role, String)> {
        about::summary(data, &data.relations.indexes, "size_bytes")
    }
}

fn row(data: &Data, index: &Object) -> Row {
    let indexes = &data.relations.indexes;
    let name = data.relations.name(indexes, index);
    let figure = |column| figure(indexes, index, column);
    let value = |column| indexes.get(index, column);
    let text = |column| value(column).as_str().unwrap_or_default();
    let is = |column| value(column).as_i64() == Some(1);
    let unique = match (is("is_primary"), is("is_unique")) {
        (true, _) => "primary key",
        (false, true) => "unique",
        (false, false) => "no",
    };
    let valid = if is("is_valid") {
        Cell::text(Role::Text, "yes")
    } else {
        Cell::text(Role::Error, "NO")
    };
    let cells: Vec<Cell> = vec![
        Cell::text(colour(indexes, index), &name),
        figure("size_bytes"),
        figure("scans"),
        figure("bloat_share"),
        figure("table_name"),
        Cell::text(Role::Text, unique),
        valid,
        figure("method"),
        figure("bloat_bytes"),
        // Before version 16 nobody knows of the last one.
        ago(data, value("last_scan_at"), false),
        figure("finding_count"),
    ];
    let plain = name.replace('"', "");
    let more = [
        ("index", plain.as_str()),
        ("schema", text("schema")),
        ("database", text("database_name")),
        ("severity", text("severity")),
        ("definition", text("definition")),
    ];
    let key = format!(
        "{}:{}",
        text("database_name"),
        about::sql_name(indexes, index)
    );
    Row::new(key, &COLUMNS, cells, &more)
}
