//! For tickets.

use super::shown::Shown;
use super::text;
use crate::report::markdown as mark;
use crate::report::style::Style;

/// Columns of trees in tickets.
const COLUMNS: usize = 110;

/// A plan for tickets.
pub fn markdown(shown: &Shown) -> String {
    let mut out = format!(
        "# {}\n\n{}\n",
        mark::prose(&shown.title),
        mark::prose(&shown.summary())
    );
    if let Some(statement) = &shown.statement {
        out += &format!("\n{}", mark::fence("sql", statement));
    }
    out += &format!(
        "\n{}",
        mark::fence("", &text::tree(shown, Style::default(), COLUMNS))
    );
    for (at, reading) in shown.readings.iter().enumerate() {
        let gap = if at == 0 { "\n" } else { "" };
        out += &format!("{gap}{}. {}\n", at + 1, sentence(&reading.text));
    }
    for hint in &shown.hints {
        out += &format!(
            "\n{}\n\n{}",
            sentence(&hint.because),
            mark::fence("sh", &hint.command)
        );
    }
    for (at, note) in shown.notes.iter().enumerate() {
        let gap = if at == 0 { "\n" } else { "" };
        out += &format!("{gap}- {}\n", sentence(note));
    }
    out
}

/// A sentence in which what stands between backticks is code.
pub(super) fn sentence(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(|(at, part)| {
            if at % 2 == 1 {
                mark::code(part)
            } else {
                mark::prose(part)
            }
        })
        .collect()
}
