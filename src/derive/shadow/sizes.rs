//! Rows and pages of `pg_class`, lengths of files.

use std::fmt::Write as _;

use super::catalog::Catalog;
use super::script::{File, Metapage, Script, Statement};
use crate::facts::quote;

/// Relations whose figures one statement sets.
const CHUNK: usize = 500;

/// What `pg_class` says of a table or an index.
pub(super) struct Figures<'a> {
    pub schema: &'a str,
    pub name: &'a str,
    pub relation: i64,
    pub pages: i64,
    pub tuples: f64,
    pub visible: i64,
}

/// Adds what `pg_class` says of tables and indexes, and how long their files are.
pub(super) fn make(catalog: &Catalog, script: &mut Script) {
    // Before 14 a table that was never counted has 0 rows, since then -1.
    let uncounted = if catalog.major >= 14 { -1.0 } else { 0.0 };
    let mut all = Vec::new();
    for relation in catalog.relations.iter().filter(|r| r.has_figures()) {
        all.push(Figures {
            schema: &relation.schema,
            name: &relation.name,
            relation: relation.id,
            pages: relation.pages.unwrap_or(0),
            tuples: relation.tuples.unwrap_or(uncounted),
            visible: relation.visible.unwrap_or(0),
        });
        file(
            &relation.schema,
            &relation.name,
            relation.bytes,
            (None, None),
            script,
        );
    }
    for index in &catalog.indexes {
        all.push(Figures {
            schema: &index.schema,
            name: &index.name,
            relation: index.relation,
            pages: index.pages.unwrap_or(0),
            tuples: index.tuples.unwrap_or(uncounted),
            visible: 0,
        });
        file(
            &index.schema,
            &index.name,
            index.bytes,
            (index.height, index.metapage),
            script,
        );
    }
    for chunk in all.chunks(CHUNK) {
        script.statistics.push(Statement {
            sql: update(chunk),
            object: "rows and pages".to_owned(),
            relations: chunk.iter().map(|figures| figures.relation).collect(),
        });
    }
}

/// SQL that puts figures into `pg_class`.
pub(super) fn update(chunk: &[Figures<'_>]) -> String {
    let mut values = String::new();
    for (place, figures) in chunk.iter().enumerate() {
        let _ = write!(
            values,
            "{}({}, {}, {}, {}::float4, {})",
            if place > 0 { ", " } else { "" },
            quote::literal(figures.schema),
            quote::literal(figures.name),
            figures.pages,
            quote::literal(&figures.tuples.to_string()),
            figures.visible
        );
    }
    format!(
        "UPDATE pg_class c SET relpages = v.pages, reltuples = v.tuples, relallvisible = v.visible \
         FROM (VALUES {values}) AS v(schema, name, pages, tuples, visible) \
         JOIN pg_namespace n ON n.nspname = v.schema \
         WHERE c.relnamespace = n.oid AND c.relname = v.name"
    )
}

fn file(
    schema: &str,
    name: &str,
    bytes: Option<i64>,
    (height, metapage): (Option<i64>, Option<Metapage>),
    script: &mut Script,
) {
    let Some(bytes) = bytes.and_then(|bytes| u64::try_from(bytes).ok()) else {
        return;
    };
    script.files.push(File {
        schema: schema.to_owned(),
        name: name.to_owned(),
        bytes,
        height: height.and_then(|height| u32::try_from(height).ok()),
        metapage,
    });
}
