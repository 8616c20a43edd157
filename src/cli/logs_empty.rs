//! Why a report about logs would be empty.

use crate::collect::files::Note;
use crate::facts::{FactsError, Store, human};
use crate::report::logs::{Logs, Source, moment};

/// Logs and notes that are told one by one.
const TOLD: usize = 5;

/// One sentence, and below it what was found instead; `None` where records count. `option` is the
/// one that gives the prefix.
pub fn why(
    store: &Store,
    notes: &[Note],
    prefix: Option<&str>,
    option: &str,
) -> Result<Option<String>, FactsError> {
    let Some(logs) = Logs::read(store)? else {
        return Ok(Some("no log was read".to_owned()));
    };
    let totals = &logs.totals;
    if totals.records > 0 {
        return Ok(None);
    }
    if totals.filtered > 0 {
        return Ok(Some(filtered(&logs)));
    }
    let is_empty = |source: &Source| source.log_bytes.unwrap_or_default() == 0;
    if logs.sources.iter().all(is_empty) {
        return Ok(Some(format!("the logs are empty{}", told(notes))));
    }
    let mut text = "no record of a server log was understood".to_owned();
    text += &match prefix {
        Some(prefix) => {
            format!(" by the prefix '{prefix}'; without {option} it is found by the content")
        }
        None => format!(
            "; where the log is of the format stderr, give the server's log_line_prefix \
             (SHOW log_line_prefix) with {option}"
        ),
    };
    for source in logs
        .sources
        .iter()
        .filter(|source| !is_empty(source))
        .take(TOLD)
    {
        let unread = human::count(source.unread as f64);
        let size = human::bytes(source.log_bytes.unwrap_or_default() as f64);
        text += &format!(
            "\n  {}: {unread} lines in {size}, none of them a record",
            source.name
        );
        if let Some(format) = &source.format {
            let prefixes: Vec<String> = source.prefixes.iter().map(|p| format!("'{p}'")).collect();
            text += &format!("\n    read as {format} {}", prefixes.join(" and "));
        }
        if let Some(line) = &source.first_unread {
            text += &format!("\n    the first line: {}", line.trim_end());
        }
    }
    text += &told(notes);
    Ok(Some(text))
}

/// Notes, each on lines of its own.
fn told(notes: &[Note]) -> String {
    let mut text = String::new();
    for note in notes.iter().take(TOLD) {
        text += &format!("\n  {}", note.text);
        for item in &note.items {
            text += &format!("\n    {item}");
        }
    }
    text
}

fn filtered(logs: &Logs) -> String {
    let count = human::count(logs.totals.filtered as f64);
    let from = logs.sources.iter().filter_map(|one| one.from_at).min();
    let to = logs.sources.iter().filter_map(|one| one.to_at).max();
    let mut text = format!("the filters leave none of the {count} records");
    if let (Some(from), Some(to)) = (from, to) {
        let (from, to) = (moment(from), moment(to));
        text += &format!("; the log runs from {from} to {to} UTC");
    }
    text
}
