//! The Markdown that rule pages are written in: headings, paragraphs, list items and fences.
//!
//! Inline marks (`` `code` ``, `**strong**`) are left in the text for whoever renders it.

use std::ops::Range;

use super::source::{Source, SourceError};

/// One block of a page, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands in the page, in bytes.
    pub span: Range<usize>,
}

/// The kinds of block a page may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockKind {
    /// `## Title`: the level is the number of `#`.
    Heading {
        /// Number of `#`.
        level: usize,
        /// The text behind them.
        text: String,
    },
    /// Lines up to the next blank line, joined with spaces.
    Paragraph(String),
    /// One list item, with its marker (`-`, `1.`).
    Item {
        /// As written: `-`, `*` or a number with a dot.
        marker: String,
        /// The item's lines, joined with spaces.
        text: String,
    },
    /// A fenced block.
    Fence {
        /// The words behind the opening marks: `sql facts`.
        info: String,
        /// The lines between the marks.
        body: String,
        /// Where the body stands in the page, in bytes.
        body_span: Range<usize>,
    },
}

/// The TOML between the `+++` lines and the blocks behind it.
#[derive(Debug)]
pub struct Document {
    /// The front matter's text.
    pub front: String,
    /// Where the front matter's text starts, in bytes.
    pub front_start: usize,
    /// Everything behind it.
    pub blocks: Vec<Block>,
}

/// Splits a page into front matter and blocks.
pub fn parse(source: &Source) -> Result<Document, SourceError> {
    let text = source.text.as_str();
    let mut lines = Lines { text, at: 0 };
    match lines.next() {
        Some((_, "+++")) => {}
        first => {
            let span = first.map_or(0..0, |(start, line)| start..start + line.len());
            return Err(source
                .error(span, "a rule page starts with its front matter")
                .help("make `+++` the first line, TOML below it, and close it with `+++`"));
        }
    }
    let front_start = lines.at;
    let front_end = loop {
        match lines.next() {
            Some((start, "+++")) => break start,
            Some(_) => {}
            None => {
                return Err(source
                    .error(0..3, "the front matter is never closed")
                    .help("add a line `+++` behind its last line"));
            }
        }
    };
    let blocks = blocks(source, &mut lines)?;
    Ok(Document {
        front: text[front_start..front_end].to_owned(),
        front_start,
        blocks,
    })
}

fn blocks(source: &Source, lines: &mut Lines<'_>) -> Result<Vec<Block>, SourceError> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false; // may the next line continue the last block?
    while let Some((start, line)) = lines.next() {
        let span = start..start + line.len();
        let bare = line.trim();
        if bare.is_empty() {
            open = false;
        } else if let Some(info) = bare.strip_prefix("```") {
            blocks.push(fence(source, lines, span, info)?);
            open = false;
        } else if let Some((level, text)) = heading(line) {
            let text = text.to_owned();
            let kind = BlockKind::Heading { level, text };
            blocks.push(Block { kind, span });
            open = false;
        } else if let Some((marker, text)) = item(bare) {
            let kind = BlockKind::Item {
                marker: marker.to_owned(),
                text: text.to_owned(),
            };
            blocks.push(Block { kind, span });
            open = true;
        } else {
            match blocks.last_mut().filter(|_| open) {
                Some(Block {
                    kind: BlockKind::Paragraph(text) | BlockKind::Item { text, .. },
                    span: whole,
                }) => {
                    text.push(' ');
                    text.push_str(bare);
                    whole.end = span.end;
                }
                _ => blocks.push(Block {
                    kind: BlockKind::Paragraph(bare.to_owned()),
                    span,
                }),
            }
            open = true;
        }
    }
    Ok(blocks)
}

fn fence(
    source: &Source,
    lines: &mut Lines<'_>,
    opening: Range<usize>,
    info: &str,
) -> Result<Block, SourceError> {
    let body_start = lines.at;
    for (start, line) in lines.by_ref() {
        if line.trim() == "```" {
            let body_span = body_start..start;
            let kind = BlockKind::Fence {
                info: info.split_whitespace().collect::<Vec<_>>().join(" "),
                body: source.text[body_span.clone()].to_owned(),
                body_span,
            };
            let span = opening.start..start + line.len();
            return Ok(Block { kind, span });
        }
    }
    Err(source
        .error(opening, "this fence is never closed")
        .help("add a line of three backquotes behind its last line"))
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let level = line.len() - line.trim_start_matches('#').len();
    let text = line[level..].strip_prefix(' ')?;
    (1..=6).contains(&level).then(|| (level, text.trim()))
}

fn item(line: &str) -> Option<(&str, &str)> {
    let (marker, text) = line.split_once(' ')?;
    let digits = marker.strip_suffix('.').unwrap_or("");
    let numbered = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    (marker == "-" || marker == "*" || numbered).then(|| (marker, text.trim_start()))
}

/// Lines with their start offsets; the line end (`\n` or `\r\n`) is left out.
struct Lines<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let line = rest.split_once('\n').map_or(rest, |(line, _)| line);
        self.at = (start + line.len() + 1).min(self.text.len());
        Some((start, line.strip_suffix('\r').unwrap_or(line)))
    }
}
