//! Text in cells of a terminal: width, cutting, wrapping. Widths are columns, not characters.

use ratatui::buffer::CellWidth;
use ratatui::text::Span;

/// Columns that a text takes on the screen. The text holds no control characters.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    graphemes(text).map(|(_, width)| width).sum()
}

/// What a reader sees as characters, with their columns.
pub fn graphemes(text: &str) -> impl Iterator<Item = (String, usize)> {
    let span = Span::raw(text);
    let parts: Vec<(String, usize)> = span
        .styled_graphemes(ratatui::style::Style::new())
        .map(|g| (g.symbol.to_owned(), usize::from(g.symbol.cell_width())))
        .collect();
    parts.into_iter()
}

/// The text if it fits into `columns`, else its beginning and `mark`.
pub fn fit(text: &str, columns: usize, mark: &str) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mark_width = width(mark);
    let mut out = String::new();
    if columns < mark_width {
        return out;
    }
    let mut left = columns - mark_width;
    for (symbol, width) in graphemes(text) {
        if width > left {
            break;
        }
        left -= width;
        out.push_str(&symbol);
    }
    out.push_str(mark);
    out
}

/// The text without its first `columns`.
pub fn skip(text: &str, columns: usize) -> String {
    let mut gone = 0;
    let mut out = String::new();
    for (symbol, width) in graphemes(text) {
        if gone >= columns {
            out.push_str(&symbol);
        } else {
            gone += width;
            // Half of a wide character cannot be shown.
            out.extend((columns..gone).map(|_| ' '));
        }
    }
    out
}

/// The text and spaces behind it up to `columns`.
pub fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(missing))
}

/// Spaces up to `columns` and the text behind them.
pub fn pad_left(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{}{text}", " ".repeat(missing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_and_combined_characters_are_cut_whole() {
        assert_eq!(width("表e\u{301}👩\u{200d}👧"), 5);
        assert_eq!(fit("表表表", 5, "…"), "表表…");
        assert_eq!(fit("表表表", 4, "…"), "表…");
        assert_eq!(fit("e\u{301}e\u{301}e\u{301}", 2, "…"), "e\u{301}…");
        assert_eq!(fit("abc", 3, "…"), "abc");
        assert_eq!(fit("abc", 0, "…"), "");
        assert_eq!(skip("表表a", 1), " 表a");
        assert_eq!(pad("表", 4), "表  ");
    }
}
