//! The tables, those that take most with all that belongs to them first.

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
use super::table_text::table_text;

/// The view.
pub struct Tables;

#[rustfmt::skip]
static COLUMNS: [Column; 17] = [
    Column { name: "table", min: 30, drop: 0, right: false },
    Column { name: "total", min: 14, drop: 1, right: true },
    Column { name: "bloat", min: 14, drop: 2, right: true },
    Column { name: "dead", min: 14, drop: 3, right: true },
    Column { name: "vacuum", min: 14, drop: 4, right: true },
    Column { name: "rows", min: 14, drop: 5, right: true },
    Column { name: "freeze", min: 14, drop: 6, right: true },
    Column { name: "size", min: 14, drop: 7, right: true },
    Column { name: "toast", min: 14, drop: 8, right: true },
    Column { name: "indexes", min: 14, drop: 9, right: true },
    Column { name: "hot", min: 14, drop: 10, right: true },
    Column { name: "seq", min: 14, drop: 11, right: true },
    Column { name: "idx", min: 14, drop: 12, right: true },
    Column { name: "findings", min: 14, drop: 13, right: true },
    Column { name: "reclaim", min: 14, drop: 14, right: true },
    Column { name: "analyze", min: 14, drop: 15, right: true },
    Column { name: "written", min: 14, drop: 16, right: true },
];

impl Screen for Tables {
    fn name(&self) -> &'static str {
        "Tables"
    }

    fn context(&self) -> Context {
        Context::Tables
    }

    fn columns(&self) -> &'static [Column] {
        &COLUMNS
    }

    fn natural_order(&self) -> &'static str {
        "total"
    }

    fn rows(&self, data: &Data) -> Vec<Row> {
        let tables = data.relations.tables.rows.iter();
        tables.map(|table| row(data, table)).collect()
    }

    fn detail_title(&self, data: &Data, row: usize) -> String {
        let tables = &data.relations.tables;
        let table = tables.rows.get(row);
        table.map_or_else(String::new, |table| data.relations.name(tables, table))
    }

    fn detail(&self, data: &Data, row: usize, _: &Glyphs) -> Doc {
        let table = data.relations.tables.rows.get(row);
        table.map_or_else(Doc::new, |table| table_text(data, table))
    }

    fn empty(&self, data: &Data) -> Doc {
        about::empty(&data.relations.tables)
    }

    fn copy(&self, data: &Data, row: usize) -> Result<Copy, &'static str> {
        let mut all = self.copies(data, row).into_iter();
        all.next().ok_or("nothing is selected")
    }

    fn copies(&self, data: &Data, row: usize) -> Vec<Copy> {
        let tables = &data.relations.tables;
        let Some(table) = tables.rows.get(row) else {
            return Vec::new();
        };
        let copy = |what, text| Copy { what, text };
        vec![
            copy("name", about::sql_name(tables, table)),
            copy("text", table_text(data, table).plain()),
            copy("JSON", json::text(&one(tables, table))),
        ]
    }

    fn open(&self, _: Action, _: &Data, _: Option<usize>) -> Option<Overlay> {
        None
    }

    fn jump(&self, data: &Data, row: usize) -> Result<Jump, &'static str> {
        about::jump(data, data.relations.tables.rows.get(row))
    }

    fn summary(&self, data: &Data) -> Vec<(Role, String)> {
        about::summary(data, &data.relations.tables, "total_bytes")
    }
}

fn row(data: &Data, table: &Object) -> Row {
    let tables = &data.relations.tables;
    let name = data.relations.name(tables, table);
    let figure = |column| figure(tables, table, column);
    let value = |column| tables.get(table, column);
    let text = |column| value(column).as_str().unwrap_or_default();
    // Counters that are there know of every vacuum since they began.
    let is_counted = !value("dead_rows").is_null();
    let ago = |column| ago(data, value(column), is_counted);
    let cells: Vec<Cell> = vec![
        Cell::text(colour(tables, table), &name),
        figure("total_bytes"),
        figure("bloat_share"),
        figure("dead_share"),
        ago("last_vacuum_at"),
        figure("rows"),
        figure("freeze_share"),
        figure("size_bytes"),
        figure("toast_bytes"),
        figure("indexes_bytes"),
        figure("hot_share"),
        figure("seq_scans"),
        figure("idx_scans"),
        figure("finding_count"),
        figure("bloat_bytes"),
        ago("last_analyze_at"),
        figure("rows_written"),
    ];
    let detail = data.relations.details.get(&table.id);
    let parent = detail.and_then(|detail| detail.partition.as_ref());
    let parent = parent.map_or("", |partition| partition.parent_name.as_str());
    let plain = name.replace('"', "");
    let more = [
        ("table", plain.as_str()),
        ("schema", text("schema")),
        ("database", text("database_name")),
        ("kind", text("kind")),
        ("severity", text("severity")),
        ("method", text("bloat_method")),
        ("parent", parent),
    ];
    let key = format!(
        "{}:{}",
        text("database_name"),
        about::sql_name(tables, table)
    );
    Row::new(key, &COLUMNS, cells, &more)
}
