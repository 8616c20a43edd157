//! What colours mean. Words carry the meaning too: without colour nothing is lost.

use annotate_snippets::Renderer;
use annotate_snippets::renderer::{self as anstyle, AnsiColor, DecorStyle};

/// What a piece of text is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Role {
    /// Text.
    #[default]
    Plain,
    /// A heading, or what the eye should find.
    Strong,
    /// What stands back.
    Dim,
    /// SQL and names in prose.
    Code,
    /// Severity error.
    Error,
    /// Severity warning.
    Warning,
    /// Severity info.
    Info,
}

/// Whether to colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    /// Write escape sequences.
    pub colour: bool,
}

impl Style {
    /// The text in the colours of its role.
    pub fn paint(self, role: Role, text: &str) -> String {
        match self.codes(role) {
            Some((on, off)) if !text.is_empty() => format!("{on}{text}{off}"),
            _ => text.to_owned(),
        }
    }

    /// The sequences that begin and end a role: colours that can be read on white and on black,
    /// so neither yellow and cyan nor blue.
    pub(super) fn codes(self, role: Role) -> Option<(&'static str, &'static str)> {
        let codes = match role {
            Role::Plain | Role::Info => return None,
            Role::Strong => ("\x1b[1m", "\x1b[22m"),
            Role::Dim => ("\x1b[2m", "\x1b[22m"),
            Role::Code => ("\x1b[32m", "\x1b[39m"),
            Role::Error => ("\x1b[1;31m", "\x1b[22;39m"),
            Role::Warning => ("\x1b[35m", "\x1b[39m"),
        };
        self.colour.then_some(codes)
    }
}

impl Style {
    /// What draws lines of files with marks, in the same colours.
    pub(super) fn renderer(self, columns: usize) -> Renderer {
        let renderer = if self.colour {
            let bold = anstyle::Style::new().bold();
            let dim = anstyle::Style::new().dimmed();
            let in_colour = |colour: AnsiColor| colour.on_default();
            Renderer::styled()
                .error(in_colour(AnsiColor::Red).bold())
                .warning(in_colour(AnsiColor::Magenta))
                .info(bold)
                .note(dim)
                .help(in_colour(AnsiColor::Green))
                .line_num(dim)
                .emphasis(bold)
                .context(dim)
        } else {
            Renderer::plain()
        };
        renderer.decor_style(DecorStyle::Ascii).term_width(columns)
    }
}

impl From<crate::engine::Severity> for Role {
    fn from(severity: crate::engine::Severity) -> Self {
        use crate::engine::Severity;
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Info => Self::Info,
        }
    }
}
