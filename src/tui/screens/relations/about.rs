//! What the texts about tables and about indexes share.

use crate::engine::Finding;
use crate::facts::{human, quote};
use crate::report::listing::{Object, Objects};
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::screens::findings::role;
use crate::tui::screens::screen::Jump;
use crate::tui::theme::Role;

/// Findings, each with its sentence.
pub fn findings<'d>(doc: &mut Doc, all: impl Iterator<Item = &'d Finding>, object: &str) {
    let mut all = all.peekable();
    if all.peek().is_none() {
        return;
    }
    doc.heading("Findings");
    for finding in all {
        doc.pieces(&[
            (role(finding.severity), finding.severity.as_str()),
            (Role::Text, "  "),
            (Role::Strong, &finding.rule),
        ]);
        let about = if finding.object == object {
            finding.detail.clone()
        } else {
            format!("{} {}", finding.object, finding.detail)
        };
        doc.line(Role::Text, &about);
    }
}

/// Names and values, those that are not known as such.
pub fn fields(doc: &mut Doc, fields: Vec<(String, Option<String>)>) {
    let shown = fields.into_iter().map(|(name, text)| match text {
        Some(text) => (name, Role::Text, text),
        None => (name, Role::Dim, "unknown".to_owned()),
    });
    doc.fields(&shown.collect::<Vec<_>>());
}

/// What a rewrite would give back, with its interval; `None`: not known.
pub fn bloat(objects: &Objects, object: &Object) -> Option<String> {
    let number = |column| objects.get(object, column).as_f64();
    let bytes = human::bytes(number("bloat_bytes")?);
    let share = objects.figure(object, "bloat_share");
    let method = objects.figure(object, "bloat_method");
    let share = share.map_or_else(String::new, |share| format!("{share}, "));
    let method = method.map_or_else(String::new, |method| format!(" (by {method})"));
    Some(format!("{share}{bytes}{method}"))
}

/// Why the bloat of something is not known, and what would make it known.
pub fn unsampled(doc: &mut Doc, data: &Data, name: &str) {
    if !data.relations.is_sampled() {
        doc.pieces(&[
            (Role::Dim, "Bloat was not sampled; on a server "),
            (Role::Key, "b"),
            (Role::Dim, " does it now."),
        ]);
        return;
    }
    let mut missing = data.missing.iter();
    let found = missing.find(|one| one.facts == "bloat_estimates" && one.place == name);
    if let Some(missing) = found {
        doc.line(
            Role::Dim,
            &format!("Bloat is not known: {}.", missing.because),
        );
        if let Some(remedy) = &missing.remedy {
            doc.sql(remedy);
        }
    }
}

/// Name as SQL writes it.
pub fn sql_name(objects: &Objects, object: &Object) -> String {
    let text = |column| objects.get(object, column).as_str().unwrap_or_default();
    quote::name(text("schema"), text("name"))
}

/// To the findings about a table.
pub fn jump(data: &Data, table: Option<&Object>) -> Result<Jump, &'static str> {
    const NONE: &str = "nothing was found about this table and its indexes";
    let table = table.ok_or(NONE)?;
    let about = |finding: &Finding| {
        let found = data.relations.table_of_finding(finding);
        found.is_some_and(|found| found.id == table.id)
    };
    if !data.outcome.findings.iter().any(about) {
        return Err(NONE);
    }
    let name = data.relations.name(&data.relations.tables, table);
    Ok(Jump {
        screen: 0,
        view: 0,
        filter: format!("table:\"{}\"", name.replace('"', "")),
    })
}

/// What stands in place of a list without rows.
pub fn empty(objects: &Objects) -> Doc {
    let mut doc = Doc::new();
    doc.line(Role::Strong, &format!("No {}.", objects.sort.plural));
    if objects.missing.is_empty() {
        doc.line(Role::Text, "The database that was read has none.");
    }
    for missing in &objects.missing {
        doc.line(
            Role::Text,
            &format!("They are not known: {}.", missing.because),
        );
        if let Some(remedy) = &missing.remedy {
            doc.sql(remedy);
        }
    }
    doc
}

/// How many there are, how large, and what is bloat of that.
pub fn summary(data: &Data, objects: &Objects, size: &str) -> Vec<(Role, String)> {
    let total: f64 = objects
        .rows
        .iter()
        .filter_map(|row| objects.get(row, size).as_f64())
        .sum();
    let count = match objects.rows.len() {
        0 => format!("no {}", objects.sort.plural),
        1 => format!("1 {}", objects.sort.noun),
        count => format!("{} {}", human::count(count as f64), objects.sort.plural),
    };
    let bloat = if data.relations.is_sampled() {
        let bytes = human::bytes(data.relations.reclaim());
        format!("{bytes} of bloat")
    } else {
        "bloat not sampled".to_owned()
    };
    vec![
        (Role::Text, count),
        (Role::Dim, human::bytes(total)),
        (Role::Dim, bloat),
    ]
}
