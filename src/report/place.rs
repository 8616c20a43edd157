//! Where a finding stands and what it says, as programs are told.

use super::view::View;
use crate::engine::Finding;
use crate::facts::escape;

/// A place in a file, 1-based.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The file, as programs name it.
    pub path: String,
    pub line: Option<i64>,
    pub column: Option<i64>,
    pub end_line: Option<i64>,
    /// Column after the last character.
    pub end_column: Option<i64>,
}

impl View<'_> {
    /// Where a finding stands; nowhere, if it is about no file.
    pub(super) fn place(&self, finding: &Finding) -> Option<Place> {
        let location = &finding.location;
        let file = location.file.as_deref()?;
        let files = self.files.as_ref();
        Some(Place {
            path: files.map_or_else(|| file.to_owned(), |files| files.name(file)),
            line: location.line,
            column: location.column,
            end_line: location.end_line,
            end_column: location.end_column,
        })
    }

    /// What it is about and what is wrong, in one line.
    pub(super) fn message(&self, finding: &Finding) -> String {
        let message = format!("{}: {}", self.object(finding), finding.detail);
        escape::line(&message).into_owned()
    }

    /// The findings in the order of files and lines; what stands in no file comes first.
    pub(super) fn by_place(&self) -> Vec<&Finding> {
        let mut findings = self.findings.clone();
        findings.sort_by(|a, b| {
            let file = |finding: &Finding| {
                let files = self.files.as_ref()?;
                let path = finding.location.file.as_deref()?;
                Some((files.order(path), path.to_owned()))
            };
            let place = |finding: &Finding| (finding.location.line, finding.location.column);
            file(a)
                .cmp(&file(b))
                .then_with(|| a.location.file.cmp(&b.location.file))
                .then_with(|| place(a).cmp(&place(b)))
        });
        findings
    }
}

/// SQL that mends it, or what could be written instead; lines are kept.
pub(super) fn advice(finding: &Finding) -> Option<String> {
    let advice = finding.fix.as_deref().or_else(|| finding.instead())?;
    Some(escape::lines(advice.trim_end()).into_owned())
}

/// A text in XML, between tags or in an attribute.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            // XML knows no other control characters, nor these two.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                out.extend(c.escape_default());
            }
            _ => out.push(c),
        }
    }
    out
}

/// A name of fixed length for a key, hexadecimal.
pub(super) fn fingerprint(key: &str) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(key.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
