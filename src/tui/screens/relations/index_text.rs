//! Everything about an index.

use crate::engine::{Finding, Subject};
use crate::report::listing::Object;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::theme::Role;

use super::about;

/// Everything about an index: its definition, what was found, figures.
pub fn index_text(data: &Data, index: &Object) -> Doc {
    let indexes = &data.relations.indexes;
    let mut doc = Doc::new();
    let name = about::sql_name(indexes, index);
    doc.line(Role::Strong, &name);
    if let Some(definition) = indexes.figure(index, "definition") {
        doc.sql(&definition);
    }
    let about = |finding: &&Finding| {
        let subject = Subject {
            kind: "index",
            id: index.id,
        };
        finding.subject == Some(subject)
    };
    about::findings(&mut doc, data.outcome.findings.iter().filter(about), &name);
    doc.heading("Figures");
    let figure = |name: &str, column: &str| (name.to_owned(), indexes.figure(index, column));
    let mut fields = vec![
        figure("table", "table_name"),
        figure("access method", "method"),
        figure("unique", "is_unique"),
        figure("primary key", "is_primary"),
        figure("valid", "is_valid"),
        figure("size", "size_bytes"),
        ("bloat".to_owned(), about::bloat(indexes, index)),
        figure("scans", "scans"),
    ];
    // Before version 16 nobody knows.
    fields.extend(Some(figure("last scan", "last_scan_at")).filter(|(_, text)| text.is_some()));
    about::fields(&mut doc, fields);
    if indexes.get(index, "bloat_bytes").is_null() {
        let is_btree = indexes.get(index, "method").as_str() == Some("btree");
        if is_btree {
            about::unsampled(&mut doc, data, &name);
        } else {
            let text = "Bloat is estimated of B-tree indexes only.";
            doc.line(Role::Dim, text);
        }
    }
    doc
}
