//! Errors that point into a text: rule pages, `pgtriage.toml`, queries.

use std::fmt;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::excerpt::harmless;
use super::style::Style;
use crate::engine::{Source, SourceError};
use crate::facts::escape;

/// Mistakes and the texts that they stand in.
#[derive(Debug, Clone, Default)]
pub struct Mistakes {
    /// The mistakes.
    pub errors: Vec<SourceError>,
    /// The texts, found by path.
    pub sources: Vec<Source>,
}

impl Mistakes {
    /// Mistakes in one text.
    pub fn of(source: Source, errors: Vec<SourceError>) -> Self {
        Self {
            errors,
            sources: vec![source],
        }
    }

    /// All mistakes, each with the line it stands in. `columns` is the width of the terminal.
    pub fn render(&self, style: Style, columns: usize) -> String {
        let renderer = style.renderer(columns);
        let rendered = self.errors.iter().map(|error| {
            let source = self.sources.iter().find(|source| source.path == error.path);
            one(
                &renderer,
                error,
                source.map_or("", |source| source.text.as_str()),
            )
        });
        rendered.collect()
    }
}

fn one(renderer: &Renderer, error: &SourceError, text: &str) -> String {
    let (message, path) = (escape::line(&error.message), escape::line(&error.path));
    let mut group = Group::with_title(Level::ERROR.primary_title(message));
    let start = error.span.start.min(text.len());
    let end = error.span.end.clamp(start, text.len());
    // A mark does not reach over the end of a line for a line feed alone.
    let end = text
        .get(start..end)
        .map_or(end, |marked| start + marked.trim_end().len());
    // The renderer counts bytes, so nothing may be escaped in the text; what a terminal would act
    // on becomes as many question marks.
    let harmless = harmless(text);
    if text.is_empty() {
        group = group.element(annotate_snippets::Origin::path(path));
    } else {
        let mark = AnnotationKind::Primary.span(start..end);
        group = group.element(
            Snippet::source(harmless.as_str())
                .path(path)
                .annotation(mark),
        );
    }
    if let Some(help) = &error.help {
        group = group.element(Level::HELP.message(escape::line(help)));
    }
    let mut out = renderer.render(&[group]);
    out.push_str("\n\n");
    out
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}
