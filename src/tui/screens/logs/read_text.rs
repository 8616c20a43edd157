//! Which logs were read, what of them was not, and what they lack.

use std::collections::BTreeMap;

use crate::facts::human;
use crate::report::logs::{Logs, Source, moment, verdict};
use crate::report::queries::Missing;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::theme::Role;

/// What to say where no log was read.
pub fn none_read(data: &Data) -> Doc {
    let mut doc = Doc::new();
    doc.line(Role::Strong, "No log was read.");
    // A server is asked for many tables; those of logs are missing together.
    let mut said: Vec<&str> = Vec::new();
    for missing in &data.missing {
        let is_log = missing.facts.split('.').next() == Some("log_totals");
        if !is_log || said.contains(&missing.because.as_str()) {
            continue;
        }
        said.push(&missing.because);
        let because = format!("{}: {}.", missing.place, missing.because);
        doc.line(Role::Text, &because);
        if let Some(remedy) = &missing.remedy {
            doc.sql(remedy);
        }
    }
    doc.blank().prose(
        "`pgtriage --logs PATH` reads server logs: files, folders and patterns, packed or not, in the \
         formats stderr, csvlog and jsonlog. They may stand beside a server or a snapshot.",
    );
    doc
}

/// What to say where logs were read and no record counts.
pub fn nothing_counts(logs: &Logs) -> Doc {
    let mut doc = Doc::new();
    doc.line(Role::Strong, "No record counts.");
    if logs.totals.filtered > 0 {
        let filtered = human::count(logs.totals.filtered as f64);
        let text = format!("The filters leave none of the {filtered} records.");
        doc.line(Role::Text, &text);
    }
    sources(&mut doc, logs);
    doc
}

/// The logs as a text to read.
pub fn read_text(data: &Data) -> Doc {
    let Some(logs) = &data.logs else {
        return none_read(data);
    };
    let mut doc = Doc::new();
    let verdict = verdict(logs);
    for sentence in &verdict.sentences {
        doc.line(Role::Text, sentence);
    }
    if !verdict.missing.is_empty() {
        doc.heading("What the logs lack");
    }
    for missing in &verdict.missing {
        lack(&mut doc, missing);
    }
    sources(&mut doc, logs);
    kept(&mut doc, logs);
    doc
}

fn lack(doc: &mut Doc, missing: &Missing) {
    doc.item("-", &missing.because);
    if let Some(remedy) = &missing.remedy {
        doc.sql(remedy);
    }
}

fn sources(doc: &mut Doc, logs: &Logs) {
    for source in &logs.sources {
        doc.heading(&source.name);
        doc.fields(&fields(source));
    }
}

fn fields(source: &Source) -> Vec<(String, Role, String)> {
    let count = |count: i64| Some(human::count(count as f64));
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let prefixes: Vec<String> = source.prefixes.iter().map(|p| format!("'{p}'")).collect();
    let from = source.prefix_source.as_ref();
    let prefixes = some(&prefixes.join(" and ")).map(|text| match from {
        Some(from) => format!("{text} ({from})"),
        None => text,
    });
    let span = source.from_at.zip(source.to_at);
    let span = span.map(|(from, to)| format!("{} to {} UTC", moment(from), moment(to)));
    let unread = if source.unread > 0 {
        Role::Warning
    } else {
        Role::Text
    };
    let format = source.format.clone();
    let fields = [
        (
            "format",
            Role::Text,
            format.or_else(|| some("no record was found")),
        ),
        ("wrapped in", Role::Text, source.envelope.clone()),
        ("packed by", Role::Text, source.packing.clone()),
        ("prefix", Role::Text, prefixes),
        ("time", Role::Text, span),
        (
            "size",
            Role::Text,
            source.log_bytes.map(|bytes| human::bytes(bytes as f64)),
        ),
        ("records", Role::Text, count(source.records)),
        ("unread", unread, count(source.unread)),
        ("first unread", Role::Warning, source.first_unread.clone()),
        ("note", Role::Warning, source.note.clone()),
    ];
    let known = fields.into_iter();
    known
        .filter_map(|(name, role, text)| Some((name.to_owned(), role, text?)))
        .collect()
}

/// Kinds of events of which the latest are kept only.
fn kept(doc: &mut Doc, logs: &Logs) {
    let mut events: BTreeMap<&str, i64> = BTreeMap::new();
    for event in &logs.events {
        *events.entry(&event.kind).or_default() += 1;
    }
    let cut = events.into_iter().filter_map(|(kind, kept)| {
        let all = logs.count(kind);
        let words = format!(
            "the latest {} of {}",
            human::count(kept as f64),
            human::count(all as f64)
        );
        (all > kept).then(|| (kind.replace('_', " "), Role::Text, words))
    });
    let cut: Vec<_> = cut.collect();
    if !cut.is_empty() {
        doc.heading("Events that are kept").fields(&cut);
    }
}
