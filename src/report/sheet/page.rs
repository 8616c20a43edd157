//! What a report says, before it is HTML or Markdown. Nothing in it is escaped yet.

use crate::engine::Severity;

/// A whole report.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// Heading.
    pub title: String,
    /// Which servers, and when.
    pub subtitle: String,
    /// Its parts.
    pub sections: Vec<Section>,
}

/// A part under a heading.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Section {
    /// Name that links lead to.
    pub id: &'static str,
    /// Heading.
    pub title: &'static str,
    /// What stands under it.
    pub blocks: Vec<Block>,
}

/// A piece of a part.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// The sentence that matters most, and how grave it is.
    Verdict(Tone, String),
    /// A sentence.
    Text(String),
    /// A sentence beside the matter: how something was counted, what is left out.
    Note(String),
    /// A heading below that of the part.
    Heading(String),
    /// A heading that names a rule, which findings lead to: its id and title.
    Rule(String, String),
    /// A paragraph of a rule page, with `code` and **strong** in it.
    Prose(String),
    /// Rows.
    Table(Table),
    /// A finding.
    Card(Box<Card>),
    /// Sentences, each with what helps.
    List(Vec<(String, Option<String>)>),
}

/// What a text says of the state of things; words say it too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing.
    #[default]
    Plain,
    /// It is bad.
    Bad,
    /// It may become bad.
    Warn,
    /// It is good.
    Good,
    /// It is beside the matter.
    Dim,
}

/// Rows under heads.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// What the rows are.
    pub caption: String,
    /// Heads.
    pub heads: Vec<Head>,
    /// Rows of as many cells.
    pub rows: Vec<Vec<Cell>>,
    /// Rows that were left out.
    pub beyond: usize,
}

/// A head and how its column behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its words.
    pub title: &'static str,
    /// Figures stand at the right.
    pub is_figure: bool,
}

/// A cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// What stands in it.
    pub text: String,
    /// What it says of the state.
    pub tone: Tone,
    /// It is SQL or a name.
    pub is_code: bool,
}

/// A finding in full.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// How bad it is.
    pub severity: Severity,
    /// What became of it since the last report, such as `new`.
    pub mark: Option<String>,
    /// What it is.
    pub title: String,
    /// On what.
    pub object: String,
    /// The sentence with the numbers.
    pub detail: String,
    /// Names and values of the evidence.
    pub fields: Vec<(String, String)>,
    /// SQL under its title.
    pub codes: Vec<(&'static str, String)>,
    /// The rule that found it.
    pub rule: String,
    /// How sure the rule is.
    pub confidence: &'static str,
}

impl Table {
    /// A table without rows; heads that begin with `#` are of figures.
    pub fn new(caption: impl Into<String>, heads: &[&'static str]) -> Self {
        let heads = heads.iter().map(|title| Head {
            title: title.trim_start_matches('#'),
            is_figure: title.starts_with('#'),
        });
        Self {
            caption: caption.into(),
            heads: heads.collect(),
            ..Self::default()
        }
    }

    /// Takes rows up to a limit and counts the others.
    pub fn take<T>(
        &mut self,
        limit: usize,
        all: impl IntoIterator<Item = T>,
        row: impl Fn(T) -> Vec<Cell>,
    ) {
        for one in all {
            if self.rows.len() < limit {
                self.rows.push(row(one));
            } else {
                self.beyond += 1;
            }
        }
    }
}

impl Cell {
    /// A text.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// A name or SQL.
    pub fn code(text: impl Into<String>) -> Self {
        Self {
            is_code: true,
            ..Self::new(text)
        }
    }

    /// A figure that may not be known.
    pub fn known(text: Option<String>) -> Self {
        text.map_or_else(|| Self::new("unknown").toned(Tone::Dim), Self::new)
    }

    /// The same with a tone.
    #[must_use]
    pub fn toned(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

impl Tone {
    /// Of a severity.
    pub fn of(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Bad,
            Severity::Warning => Self::Warn,
            Severity::Info => Self::Dim,
        }
    }
}

/// At most so many characters of a text, with what is left out told.
pub fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((at, _)) => format!(
            "{}… (and {} characters more)",
            &text[..at],
            text[at..].chars().count()
        ),
    }
}
