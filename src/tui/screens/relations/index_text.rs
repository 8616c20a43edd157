//! Everything about an index that is there.

use crate::engine::{Finding, Subject};
use crate::facts::human;
use crate::report::listing::Object;
use crate::tui::advising::{Verdict, choice};
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::theme::Role;

use super::about;
use super::chosen::worth;
use super::gain_text;
use super::index_rows::{is_in_question, why};

/// Everything about an index: its definition, what is to become of it, what was found, figures, who uses it.
pub fn index_text(data: &Data, index: &Object) -> Doc {
    let indexes = &data.relations.indexes;
    let mut doc = Doc::new();
    let name = about::sql_name(indexes, index);
    doc.line(Role::Strong, &name);
    if let Some(definition) = indexes.figure(index, "definition") {
        doc.sql(&definition);
    }
    plan(&mut doc, data, index);
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
        ("scans".to_owned(), scans(data, index)),
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
    used_by(&mut doc, data, index);
    doc
}

/// What is planned for it, and why.
fn plan(doc: &mut Doc, data: &Data, index: &Object) {
    let why = why(data, index);
    let is_dropped = choice::is_dropped(data, index);
    let (role, word) = match (is_in_question(data, index), is_dropped) {
        (true, true) => (Role::Warning, "[x] drop"),
        (true, false) => (Role::Dim, "[ ] drop"),
        (false, _) => (Role::Dim, "keep"),
    };
    let in_use = data.relations.indexes.get(index, "scans").as_i64() > Some(0);
    let why = match (data.verdicts.of(index.id), why) {
        // The finding says the rest.
        (Some(Verdict::Goes(drop)), _) => format!("may go, {}", drop.confidence),
        (_, Some(why)) => why,
        (_, None) if in_use => "it is scanned".to_owned(),
        (_, None) => "nothing speaks for its going".to_owned(),
    };
    doc.pieces(&[(role, word), (Role::Text, "  "), (Role::Text, &why)]);
}

/// Scans, and the time that they are counted for.
fn scans(data: &Data, index: &Object) -> Option<String> {
    let scans = data.relations.indexes.figure(index, "scans")?;
    Some(match data.verdicts.counted(index.id) {
        Some(ms) => format!("{scans} in {}", human::ms(ms)),
        None => format!("{scans}; since when they are counted is not known"),
    })
}

/// Statements whose plans use it as things are, by the search's planner.
fn used_by(doc: &mut Doc, data: &Data, index: &Object) {
    let advising = &data.advising;
    let (Some(found), Some(weighing)) = (&advising.found, &advising.weighing) else {
        return;
    };
    if !choice::is_of_search(data, index) {
        return;
    }
    let own = data.relations.indexes.get(index, "name");
    let own = own.as_str().unwrap_or_default();
    let statements = &weighing.weighed.statements;
    let users = statements
        .iter()
        .filter(|one| one.existing_before.contains(own));
    let users: Vec<_> = users.collect();
    doc.heading("Used by");
    if let Some(share) = advising.worth_of_existing(&choice::name(data, index)) {
        let is_there = !choice::is_dropped(data, index);
        let text = format!("Worth: {}.", worth(share, is_there));
        doc.line(Role::Text, &text);
    }
    if users.is_empty() {
        let text = format!(
            "No statement of the {} that {} planned uses it as things are.",
            statements.len(),
            found.planner
        );
        doc.line(Role::Dim, &text);
    }
    gain_text::grid_of(doc, found, &users);
}
