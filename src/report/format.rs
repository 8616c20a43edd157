//! The formats of findings, by name.

use clap::ValueEnum;

use super::style::Style;
use super::view::View;
use super::{checkstyle, comment, github, gitlab, json, junit, markdown, sarif, table, text};

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal, a table
    Table,
    /// For a terminal, with the lines of files that findings stand in
    Text,
    /// For programs; docs/json.md describes it
    Json,
    /// For tickets; of migrations, a comment for a pull request
    Markdown,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations in the log of GitHub Actions
    Github,
    /// Code quality report of GitLab
    Gitlab,
    /// Checkstyle XML
    Checkstyle,
    /// `JUnit` XML: what fails is a failed test
    Junit,
}

impl Format {
    /// Does it mark what the baseline names, rather than leave it out?
    pub fn marks_known(self) -> bool {
        self == Self::Json
    }

    /// The report.
    pub fn render(self, view: &View<'_>, style: Style, columns: usize) -> String {
        match self {
            Self::Table => table::render(view, style, columns),
            Self::Text => text::render(view, style, columns),
            Self::Json => json::render(view),
            Self::Markdown if view.files.is_some() => comment::render(view),
            Self::Markdown => markdown::render(view),
            Self::Sarif => sarif::render(view),
            Self::Github => github::render(view),
            Self::Gitlab => gitlab::render(view),
            Self::Checkstyle => checkstyle::render(view),
            Self::Junit => junit::render(view),
        }
    }
}
