//! What could not be judged, why, and what would enable it.

use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::theme::Role;

/// Objects that are listed by name; the rest is counted.
const NAMED: usize = 8;

/// Rules that did not run, objects that some rule could not judge, facts that are missing.
pub fn unjudged(data: &Data) -> Doc {
    let outcome = &data.outcome;
    let mut doc = Doc::new();
    if outcome.skipped.is_empty() && outcome.unjudged.is_empty() && data.missing.is_empty() {
        doc.line(Role::Good, "Every rule could judge everything it looks at.");
        return doc;
    }
    if !outcome.skipped.is_empty() {
        doc.heading("Rules that could not run");
    }
    for skipped in &outcome.skipped {
        gap(
            &mut doc,
            &skipped.rule,
            &skipped.because,
            skipped.remedy.as_deref(),
        );
    }
    if !outcome.unjudged.is_empty() {
        doc.heading("Objects that a rule could not judge");
    }
    for unjudged in &outcome.unjudged {
        let mut names: Vec<&str> = unjudged
            .objects
            .iter()
            .map(String::as_str)
            .take(NAMED)
            .collect();
        let more = format!("{} more", unjudged.objects.len().saturating_sub(NAMED));
        if unjudged.objects.len() > NAMED {
            names.push(&more);
        }
        let because = format!("{}: {}", unjudged.gap.because, names.join(", "));
        gap(
            &mut doc,
            &unjudged.rule,
            &because,
            unjudged.gap.remedy.as_deref(),
        );
    }
    if !data.missing.is_empty() {
        doc.heading("Facts that could not be read");
    }
    for missing in &data.missing {
        let what = format!("{} of {}", missing.facts, missing.place);
        gap(&mut doc, &what, &missing.because, missing.remedy.as_deref());
    }
    doc
}

fn gap(doc: &mut Doc, what: &str, because: &str, remedy: Option<&str>) {
    doc.pieces(&[
        (Role::Strong, what),
        (Role::Text, ": "),
        (Role::Text, because),
    ]);
    if let Some(remedy) = remedy {
        doc.sql(remedy);
    }
}
