//! Which logs were read, as what, and what of them could not be read.

use super::section::{Entry, Section, Shape};
use crate::facts::human;
use crate::report::logs::verdict::counted;
use crate::report::logs::{Logs, Source};
use crate::report::style::Role;

/// The logs.
pub fn sources(logs: &Logs) -> Section {
    let mut section = Section::new(
        "What was read",
        &[
            ("records", Shape::Number),
            ("unread", Shape::Number),
            ("size", Shape::Number),
            ("log", Shape::Text),
        ],
    );
    let totals = &logs.totals;
    if totals.unread > 0 {
        let all = totals.records + totals.filtered + totals.unread;
        section.sentences.push(format!(
            "{} could not be read, {} of all.",
            counted(totals.unread, "line", "lines"),
            human::percent(totals.unread as f64 / all as f64)
        ));
    }
    if totals.filtered > 0 {
        let filtered = counted(totals.filtered, "record", "records");
        section
            .sentences
            .push(format!("{filtered} were left out by the filters."));
    }
    section.take(usize::MAX, &logs.sources, |source| {
        vec![
            Entry::new(human::count(source.records as f64)),
            Entry::new(human::count(source.unread as f64)),
            Entry::new(
                source
                    .log_bytes
                    .map_or_else(|| "-".to_owned(), |bytes| human::bytes(bytes as f64)),
            ),
            Entry::new(source.name.as_str())
                .and(Role::Dim, Some(read_as(source)))
                .and(
                    Role::Warning,
                    source
                        .first_unread
                        .as_ref()
                        .map(|line| format!("first that was not read: {line}")),
                )
                .and(Role::Warning, source.note.clone()),
        ]
    });
    section
}

/// `stderr in syslog, gzip, prefix '%m [%p] ' (inferred)`.
pub(in crate::report::logs) fn read_as(source: &Source) -> String {
    let mut words = match &source.format {
        Some(format) => format.clone(),
        None => "no record was found".to_owned(),
    };
    if let Some(envelope) = &source.envelope {
        words += &format!(" in {envelope}");
    }
    if let Some(packing) = &source.packing {
        words += &format!(", {packing}");
    }
    if !source.prefixes.is_empty() {
        let prefixes = source.prefixes.iter().map(|prefix| format!("'{prefix}'"));
        let prefixes: Vec<String> = prefixes.collect();
        words += &format!(", prefix {}", prefixes.join(" and "));
        if let Some(from) = &source.prefix_source {
            words += &format!(" ({from})");
        }
    }
    words
}
