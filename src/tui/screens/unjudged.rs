//! What was left out, why, and what would enable it.

use crate::report::gaps;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::theme::Role;

/// Rules that did not run, objects that some rule could not judge, findings that the settings
/// accept, facts that are missing.
pub fn unjudged(data: &Data) -> Doc {
    let mut doc = Doc::new();
    for part in gaps::parts(&data.view()) {
        doc.heading(&part.heading);
        for note in part.notes {
            gap(&mut doc, &note.text, note.remedy.as_deref());
        }
    }
    if !data.missing.is_empty() {
        doc.heading("Facts that could not be read");
    }
    for missing in &data.missing {
        let text = format!(
            "{} of {}: {}",
            missing.facts, missing.place, missing.because
        );
        gap(&mut doc, &text, missing.remedy.as_deref());
    }
    if doc.len() == 0 {
        doc.line(Role::Good, "Every rule could judge everything it looks at.");
    }
    doc
}

fn gap(doc: &mut Doc, text: &str, remedy: Option<&str>) {
    doc.item("-", text);
    if let Some(remedy) = remedy {
        doc.sql(remedy);
    }
}
