//! All parts, in their order, and the formats.

use super::changes::Changes;
use super::input::{Input, Limits};
use super::page::Page;
use super::{
    appendix, bloat, capacity, findings, html, markdown, rules, server, settings, statements,
};
use crate::facts::FactsError;

/// Reports stay below 2 MB, which mail servers and ticket systems take.
pub const MOST_BYTES: usize = 2_000_000;

/// The report, as far as the limits let it be told.
pub fn page(input: &Input<'_>, limits: Limits) -> Result<Page, FactsError> {
    let changes = input
        .earlier
        .as_ref()
        .map(|earlier| Changes::new(input, earlier));
    Ok(Page {
        title: "pgtriage report".to_owned(),
        subtitle: input.view.server.describe(),
        sections: vec![
            findings::verdict(input, changes.as_ref(), limits),
            findings::section(input, changes.as_ref(), limits),
            statements::section(input, limits)?,
            bloat::section(input, limits)?,
            capacity::section(input, limits)?,
            settings::section(input, limits)?,
            server::section(input, limits)?,
            rules::section(input, limits),
            appendix::section(input, limits)?,
        ],
    })
}

/// The report as HTML.
pub fn as_html(input: &Input<'_>) -> Result<String, FactsError> {
    small(input, html::html)
}

/// The report as Markdown.
pub fn as_markdown(input: &Input<'_>) -> Result<String, FactsError> {
    small(input, markdown::markdown)
}

/// Leaves out more until the report is small.
fn small(input: &Input<'_>, render: fn(&Page) -> String) -> Result<String, FactsError> {
    let mut limits = Limits::DEFAULT;
    loop {
        let text = render(&page(input, limits)?);
        let fewer = limits.halved();
        if text.len() < MOST_BYTES || fewer == limits {
            return Ok(text);
        }
        limits = fewer;
    }
}
