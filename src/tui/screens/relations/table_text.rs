//! Everything about a table.

use crate::engine::Finding;
use crate::facts::human;
use crate::report::listing::Object;
use crate::report::tables::Partition;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::grid::{self, grid};
use crate::tui::theme::Role;

use super::about;

/// Partitions that are listed.
const PARTITIONS: usize = 60;

/// Everything about a table: what was found, figures, indexes, upkeep, partitions.
pub fn table_text(data: &Data, table: &Object) -> Doc {
    let relations = &data.relations;
    let tables = &relations.tables;
    let mut doc = Doc::new();
    let name = about::sql_name(tables, table);
    let kind = tables.figure(table, "kind").unwrap_or_default();
    doc.pieces(&[(Role::Strong, &name), (Role::Dim, "  "), (Role::Dim, &kind)]);
    let detail = relations.details.get(&table.id);
    let partition = detail.and_then(|detail| detail.partition.as_ref());
    if let Some(partition) = partition {
        doc.line(Role::Dim, &belongs(partition));
    }
    let about = |finding: &&Finding| {
        let found = relations.table_of_finding(finding);
        found.is_some_and(|found| found.id == table.id)
    };
    about::findings(&mut doc, data.outcome.findings.iter().filter(about), &name);
    doc.heading("Figures");
    about::fields(&mut doc, figures(data, table));
    if tables.get(table, "bloat_bytes").is_null() {
        about::unsampled(&mut doc, data, &name);
    }
    if let Some(detail) = detail {
        indexes(&mut doc, data, &detail.indexes);
        doc.heading("Upkeep and counters");
        let fields = detail.fields.iter();
        let shown = fields.filter_map(|(title, text)| Some(((*title).to_owned(), text.clone()?)));
        let shown: Vec<_> = shown
            .map(|(title, text)| (title, Role::Text, text))
            .collect();
        if shown.is_empty() {
            doc.line(Role::Dim, "Its counters could not be read.");
        }
        doc.fields(&shown);
    }
    if let Some(partition) = partition {
        partitions(&mut doc, data, partition);
    }
    doc
}

fn belongs(partition: &Partition) -> String {
    let key = partition.key.as_deref();
    let key = key.map_or_else(String::new, |key| format!(" by {key}"));
    let bound = partition.bound.as_deref().unwrap_or_default();
    format!("partition of {}{key}: {bound}", partition.parent_name)
}

fn figures(data: &Data, table: &Object) -> Vec<(String, Option<String>)> {
    let tables = &data.relations.tables;
    let figure = |column: &str| tables.figure(table, column);
    let field = |name: &str, value: Option<String>| (name.to_owned(), value);
    let with = |value: Option<String>, of: Option<String>, word: &str| match (value, of) {
        (Some(value), Some(of)) => Some(format!("{value} ({of}{word})")),
        (value, _) => value,
    };
    let toast = tables
        .get(table, "toast_bloat_bytes")
        .as_f64()
        .map(|bytes| {
            let error = tables.get(table, "toast_bloat_plus_minus_bytes").as_f64();
            let error =
                error.map_or_else(String::new, |error| format!(" ± {}", human::bytes(error)));
            format!("{}{error}", human::bytes(bytes))
        });
    let mut fields = vec![
        field("total", figure("total_bytes")),
        field("table", figure("size_bytes")),
        field("TOAST", figure("toast_bytes")),
        field(
            "indexes",
            with(figure("indexes_bytes"), figure("index_count"), " of them"),
        ),
        field("rows", figure("rows")),
        field(
            "dead rows",
            with(figure("dead_share"), figure("dead_rows"), ""),
        ),
        field("bloat", about::bloat(tables, table)),
    ];
    // Most tables have no TOAST, and so no bloat there.
    if toast.is_some() || tables.get(table, "toast_bytes").as_i64() > Some(0) {
        fields.push(field("bloat of TOAST", toast));
    }
    fields.extend([
        field(
            "age of oldest row",
            with(
                figure("freeze_share"),
                figure("frozen_xid_age"),
                " transactions",
            ),
        ),
        field("HOT updates", hot(data, table)),
        field("sequential scans", figure("seq_scans")),
        field("index scans", scans(data, table)),
        field("rows written", figure("rows_written")),
    ]);
    fields
}

/// Without updates there is no share.
fn hot(data: &Data, table: &Object) -> Option<String> {
    let tables = &data.relations.tables;
    let none = !tables.get(table, "rows_written").is_null();
    let share = tables.figure(table, "hot_share");
    share.or_else(|| none.then(|| "no updates".to_owned()))
}

/// Without indexes there are no scans.
fn scans(data: &Data, table: &Object) -> Option<String> {
    let tables = &data.relations.tables;
    let none = tables.get(table, "index_count").as_i64() == Some(0);
    let scans = tables.figure(table, "idx_scans");
    scans.or_else(|| none.then(|| "no index".to_owned()))
}

fn indexes(doc: &mut Doc, data: &Data, ids: &[i64]) {
    let indexes = &data.relations.indexes;
    doc.heading("Indexes");
    let rows = ids.iter().filter_map(|id| data.relations.index(*id));
    let rows: Vec<Vec<grid::Cell>> = rows
        .map(|index| {
            let text = |column: &str| match indexes.figure(index, column) {
                Some(text) => (Role::Text, text),
                None => (Role::Dim, "-".to_owned()),
            };
            let is = |column: &str| indexes.get(index, column).as_i64() == Some(1);
            let kind = match (is("is_primary"), is("is_unique")) {
                (true, _) => "primary key",
                (false, true) => "unique",
                (false, false) => "",
            };
            let valid = if is("is_valid") {
                (Role::Text, "")
            } else {
                (Role::Error, "INVALID")
            };
            vec![
                text("name"),
                text("size_bytes"),
                text("scans"),
                text("bloat_share"),
                text("method"),
                (Role::Text, kind.to_owned()),
                (valid.0, valid.1.to_owned()),
            ]
        })
        .collect();
    if rows.is_empty() {
        doc.line(Role::Dim, "None.");
        return;
    }
    let heads = ["name", " size", " scans", " bloat", "method", "", ""];
    grid(doc, &heads, &rows);
}

fn partitions(doc: &mut Doc, data: &Data, of: &Partition) {
    let relations = &data.relations;
    let tables = &relations.tables;
    let members = relations.details.iter().filter_map(|(id, detail)| {
        let partition = detail.partition.as_ref()?;
        (partition.parent == of.parent).then_some((relations.table(*id)?, partition))
    });
    let mut members: Vec<(&Object, &Partition)> = members.collect();
    members.sort_by_key(|(table, _)| relations.name(tables, table));
    let bytes = members.iter();
    let bytes = bytes.filter_map(|(table, _)| tables.get(table, "total_bytes").as_f64());
    doc.heading(&format!(
        "All partitions of {}: {}, {}",
        of.parent_name,
        members.len(),
        human::bytes(bytes.sum())
    ));
    let rows = members.iter().take(PARTITIONS).map(|(table, partition)| {
        let text = |column: &str| match tables.figure(table, column) {
            Some(text) => (Role::Text, text),
            None => (Role::Dim, "-".to_owned()),
        };
        let bound = partition.bound.clone().unwrap_or_default();
        vec![
            (Role::Text, relations.name(tables, table)),
            text("total_bytes"),
            text("rows"),
            text("dead_share"),
            (Role::Dim, bound),
        ]
    });
    let rows: Vec<_> = rows.collect();
    grid(doc, &["name", " total", " rows", " dead", "bound"], &rows);
    if members.len() > PARTITIONS {
        let more = members.len() - PARTITIONS;
        let text = format!(
            "and {more} more; the filter parent:{} lists them",
            of.parent_name
        );
        doc.line(Role::Dim, &text);
    }
}
