//! What the rules say that found something: why it matters, how it is mended and at what risk, when to let it be.

use std::collections::BTreeSet;

use super::input::{Input, Limits};
use super::page::{Block, Section};
use crate::engine::markdown::BlockKind;

/// Headings of a page that are told.
const TOLD: [&str; 3] = ["Why it matters", "How to fix it", "When to ignore it"];

/// The part: the pages of the findings that are told in full.
pub fn section(input: &Input<'_>, limits: Limits) -> Section {
    let findings = input.view.findings.iter().take(limits.cards);
    let rules: BTreeSet<&str> = findings.map(|finding| finding.rule.as_str()).collect();
    let mut blocks = Vec::new();
    for rule in rules {
        let Some(page) = input.view.pages.and_then(|pages| pages.get(rule)) else {
            continue;
        };
        blocks.push(Block::Rule(rule.to_owned(), page.title.clone()));
        for section in page
            .sections
            .iter()
            .filter(|section| TOLD.contains(&section.title))
        {
            let mut head = format!("**{}.** ", section.title);
            for block in &section.blocks {
                let head = std::mem::take(&mut head);
                blocks.push(match &block.kind {
                    BlockKind::Paragraph(text) => Block::Prose(format!("{head}{text}")),
                    BlockKind::Item { marker, text } => {
                        Block::Prose(format!("{head}{marker} {text}"))
                    }
                    BlockKind::Heading { text, .. } => Block::Prose(format!("{head}**{text}**")),
                    BlockKind::Fence { body, .. } => {
                        Block::List(vec![(head.replace("**", ""), Some(body.clone()))])
                    }
                });
            }
        }
    }
    if blocks.is_empty() {
        blocks.push(Block::Text("No rule found anything.".to_owned()));
    }
    Section {
        id: "rules",
        title: "Why it matters, and what to know before mending",
        blocks,
    }
}
