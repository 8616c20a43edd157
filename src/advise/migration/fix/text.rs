//! Places and edits in a file's text.

use std::ops::Range;

/// Beginnings of lines.
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub fn new(text: &'a str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            text,
            starts: std::iter::once(0).chain(ends).collect(),
        }
    }

    /// The byte of a line and column, both from 1, in characters.
    pub fn byte(&self, line: usize, column: usize) -> Option<usize> {
        let start = *self.starts.get(line.checked_sub(1)?)?;
        let mut chars = self.text[start..].char_indices();
        let at = chars.nth(column.checked_sub(1)?);
        Some(at.map_or(self.text.len(), |(at, _)| start + at))
    }

    /// The byte after the semicolon of a statement that ends there, if it has one.
    pub fn after_semicolon(&self, end: usize) -> usize {
        let rest = &self.text[end..];
        let blank = rest.len() - rest.trim_start().len();
        if rest[blank..].starts_with(';') {
            end + blank + 1
        } else {
            end
        }
    }

    /// Where the comments begin that stand right above a place, on lines of their own; not before
    /// `from`. The first line of a file stays where it is, unless it accepts findings.
    pub fn comments_above(&self, at: usize, from: usize) -> usize {
        let line = self.starts.partition_point(|start| *start <= at) - 1;
        if !self.text[self.starts[line]..at].trim().is_empty() {
            return at;
        }
        let mut first = at;
        for line in (0..line).rev() {
            let start = self.starts[line];
            let text = self.text[start..self.starts[line + 1]].trim();
            if start < from
                || !text.starts_with("--")
                || (start == 0 && !text.contains("pgtriage:"))
            {
                break;
            }
            first = start;
        }
        first
    }

    /// Where the comment ends that follows a place on its line; the place, if none does.
    pub fn comment_behind(&self, at: usize) -> usize {
        let line = self.text[at..].lines().next().unwrap_or_default();
        if line.trim_start().starts_with("--") {
            at + line.len()
        } else {
            at
        }
    }

    /// A range with the rest of its last line, where that is blank, and the line end.
    pub fn whole_lines(&self, range: Range<usize>) -> Range<usize> {
        let line = self.starts.partition_point(|start| *start <= range.start) - 1;
        let lead = self.text[self.starts[line]..range.start].trim();
        // Liquibase has statements that take back in comments.
        let begins = lead.is_empty() || lead.eq_ignore_ascii_case("--rollback");
        let rest = &self.text[range.end..];
        let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
        if begins && rest[..end].trim().is_empty() {
            self.starts[line]..range.end + end
        } else {
            range
        }
    }
}

/// Edits of a text: what stands in place of ranges, which do not overlap.
#[derive(Default)]
pub struct Edits {
    edits: Vec<(Range<usize>, String)>,
}

impl Edits {
    pub fn replace(&mut self, range: Range<usize>, with: impl Into<String>) {
        self.edits.push((range, with.into()));
    }

    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The text after all edits; of two at one place the earlier comes first.
    pub fn apply(mut self, text: &str) -> String {
        self.edits
            .sort_by_key(|(range, _)| (range.start, range.end));
        let mut done = String::with_capacity(text.len());
        let mut at = 0;
        for (range, with) in &self.edits {
            if range.start < at {
                continue;
            }
            done.push_str(&text[at..range.start]);
            done.push_str(with);
            at = range.end;
        }
        done.push_str(&text[at..]);
        done
    }
}
