//! Texts that people write (rule pages, `pgtriage.toml`) and the errors that point into them.

use std::fmt::Write as _;
use std::ops::Range;

/// A text and the path it came from, as that path was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The path as it was given; shown, never opened.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl Source {
    /// A source from a path and its text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
        }
    }

    /// Line and column of a byte offset, both 1-based; the column counts characters.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        (line, before[start..].chars().count() + 1)
    }

    /// An error at a byte range of this source.
    pub fn error(&self, span: Range<usize>, message: impl Into<String>) -> SourceError {
        let (line, column) = self.position(span.start);
        SourceError {
            path: self.path.clone(),
            span,
            line,
            column,
            message: message.into(),
            help: None,
        }
    }
}

/// One mistake in a [`Source`]: what is wrong, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}:{column}: {message}{}", help.as_ref().map(|h| format!("; {h}")).unwrap_or_default())]
pub struct SourceError {
    /// The path of the source.
    pub path: String,
    /// Byte range in the source's text.
    pub span: Range<usize>,
    /// 1-based line of the range's start.
    pub line: usize,
    /// 1-based column of the range's start, in characters.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do, where that is more than the message says.
    pub help: Option<String>,
}

impl SourceError {
    /// The same error with a hint on what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The known name nearest to what was typed, if any is near enough to be meant.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (distance(typed, name), name))
        .filter(|(distance, name)| *distance <= (name.len().max(typed.len()) / 3).max(1))
        .min()
        .map(|(_, name)| name)
}

/// `did you mean X?`, or the list of what there is when nothing is near.
pub fn suggest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(name) = nearest(typed, known.clone()) {
        return format!("did you mean `{name}`?");
    }
    let mut list = String::new();
    for (n, name) in known.into_iter().enumerate() {
        if n == 12 {
            list.push_str(", …");
            break;
        }
        let comma = if n == 0 { "" } else { ", " };
        let _ = write!(list, "{comma}`{name}`");
    }
    if list.is_empty() {
        "there is none to choose from".to_owned()
    } else {
        format!("known: {list}")
    }
}

/// Characters to change, add, take away or swap with their neighbour; case does not count, and `-`
/// and `_` are the same.
fn distance(a: &str, b: &str) -> usize {
    let fold = |name: &str| name.to_ascii_lowercase().replace('_', "-");
    strsim::osa_distance(&fold(a), &fold(b))
}
