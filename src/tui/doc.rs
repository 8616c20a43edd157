//! Texts to read: paragraphs of coloured pieces, laid out for a width.

use ratatui::text::{Line, Span};

use crate::facts::escape;

use super::paragraph::Paragraph;
use super::sql;
use super::text::{fit, pad, skip, width};
use super::theme::{Glyphs, Role, Theme};

/// A text to read. Whatever is put in is escaped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doc {
    paragraphs: Vec<Paragraph>,
}

impl Doc {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A line of one colour; line feeds in it make several.
    pub fn line(&mut self, role: Role, text: &str) -> &mut Self {
        for line in escape::lines(text).lines() {
            self.push(vec![(role, line.to_owned())], 0);
        }
        self
    }

    /// A line of several colours.
    pub fn pieces(&mut self, pieces: &[(Role, &str)]) -> &mut Self {
        let pieces = pieces
            .iter()
            .map(|(role, text)| (*role, escape::line(text).into_owned()));
        self.push(pieces.collect(), 0);
        self
    }

    /// Prose with its marks: `` `code` `` and `**strong**`.
    pub fn prose(&mut self, text: &str) -> &mut Self {
        self.push(inline(text), 0);
        self
    }

    /// A list item.
    pub fn item(&mut self, marker: &str, text: &str) -> &mut Self {
        let marker = format!("{} ", escape::line(marker));
        let hang = width(&marker);
        let mut pieces = vec![(Role::Dim, marker)];
        pieces.extend(inline(text));
        self.push(pieces, hang);
        self
    }

    /// Names and values, the values under one another.
    pub fn fields(&mut self, fields: &[(String, Role, String)]) -> &mut Self {
        let column = fields
            .iter()
            .map(|(name, ..)| width(&escape::line(name)))
            .max();
        let column = column.unwrap_or(0).min(28) + 2;
        for (name, role, value) in fields {
            let name = pad(&escape::line(name), column);
            let hang = width(&name);
            self.push(
                vec![
                    (Role::Label, name),
                    (*role, escape::line(value).into_owned()),
                ],
                hang,
            );
        }
        self
    }

    /// SQL, set in by two columns.
    pub fn sql(&mut self, text: &str) -> &mut Self {
        let text = escape::lines(text.trim_end());
        let mut pieces = vec![(Role::Text, "  ".to_owned())];
        for (role, piece) in sql::colour(&text) {
            for (index, part) in piece.split('\n').enumerate() {
                if index > 0 {
                    self.push(std::mem::take(&mut pieces), 4);
                    pieces.push((Role::Text, "  ".to_owned()));
                }
                if !part.is_empty() {
                    pieces.push((role, part.to_owned()));
                }
            }
        }
        self.push(pieces, 4);
        self
    }

    /// Code in another language than SQL, set in by two columns.
    pub fn code(&mut self, text: &str) -> &mut Self {
        for line in escape::lines(text).lines() {
            self.push(vec![(Role::Literal, format!("  {line}"))], 4);
        }
        self
    }

    /// A heading with an empty line before it.
    pub fn heading(&mut self, text: &str) -> &mut Self {
        self.blank();
        self.line(Role::Title, text)
    }

    /// An empty line, unless the text begins here or one stands already.
    pub fn blank(&mut self) -> &mut Self {
        if self.paragraphs.last().is_some_and(|p| !p.pieces.is_empty()) {
            self.push(Vec::new(), 0);
        }
        self
    }

    /// Another text behind this one.
    pub fn append(&mut self, other: &Self) -> &mut Self {
        self.paragraphs.extend(other.paragraphs.iter().cloned());
        self
    }

    fn push(&mut self, pieces: Vec<(Role, String)>, hang: usize) {
        self.paragraphs.push(Paragraph { pieces, hang });
    }

    /// The text without colours, one line a paragraph.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        for paragraph in &self.paragraphs {
            let line: String = paragraph
                .pieces
                .iter()
                .map(|(_, text)| text.as_str())
                .collect();
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// Lines for a width, wrapped.
    pub fn wrapped(&self, columns: usize, theme: &Theme) -> Vec<Line<'static>> {
        let columns = columns.max(1);
        let lines = self.paragraphs.iter().flat_map(|p| p.wrap(columns));
        lines.map(|pieces| styled(pieces, theme)).collect()
    }

    /// Lines for a width, cut, without the first `left` columns.
    pub fn cut(
        &self,
        columns: usize,
        left: usize,
        theme: &Theme,
        glyphs: &Glyphs,
    ) -> Vec<Line<'static>> {
        let cut = |paragraph: &Paragraph| {
            let mut room = columns;
            let mut gone = left;
            let mut pieces = Vec::new();
            let total: usize = paragraph.pieces.iter().map(|(_, t)| width(t)).sum();
            let too_long = total.saturating_sub(left) > columns;
            for (role, text) in &paragraph.pieces {
                let shown = skip(text, gone);
                gone = gone.saturating_sub(width(text));
                let mark = if too_long && width(&shown) >= room {
                    glyphs.cut
                } else {
                    ""
                };
                let shown = if mark.is_empty() {
                    shown
                } else {
                    // The mark stands in the last column even if this piece just fits.
                    fit(&format!("{shown}{mark}"), room, mark)
                };
                room = room.saturating_sub(width(&shown));
                pieces.push((*role, shown));
                if room == 0 {
                    break;
                }
            }
            styled(pieces, theme)
        };
        self.paragraphs.iter().map(cut).collect()
    }

    /// Columns of the longest line.
    pub fn width(&self) -> usize {
        let of = |p: &Paragraph| p.pieces.iter().map(|(_, text)| width(text)).sum();
        self.paragraphs.iter().map(of).max().unwrap_or(0)
    }

    /// Number of lines that are not wrapped.
    pub fn len(&self) -> usize {
        self.paragraphs.len()
    }
}

fn styled(pieces: Vec<(Role, String)>, theme: &Theme) -> Line<'static> {
    let spans = pieces
        .into_iter()
        .map(|(role, text)| Span::styled(text, theme.style(role)));
    spans.collect::<Vec<_>>().into()
}

/// Prose in pieces: `` `code` ``, `**strong**`, the rest plain.
fn inline(text: &str) -> Vec<(Role, String)> {
    let text = escape::line(&text.replace('\n', " ")).into_owned();
    let mut pieces = Vec::new();
    let mut rest = text.as_str();
    let mut plain = String::new();
    while let Some(c) = rest.chars().next() {
        let mark = ["`", "**"].into_iter().find(|mark| rest.starts_with(mark));
        let inner = mark.and_then(|mark| {
            let (inner, after) = rest[mark.len()..].split_once(mark)?;
            (!inner.is_empty()).then_some((mark, inner, after))
        });
        if let Some((mark, inner, after)) = inner {
            if !plain.is_empty() {
                pieces.push((Role::Text, std::mem::take(&mut plain)));
            }
            let role = if mark == "`" {
                Role::Literal
            } else {
                Role::Strong
            };
            pieces.push((role, inner.to_owned()));
            rest = after;
        } else {
            plain.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    if !plain.is_empty() || pieces.is_empty() {
        pieces.push((Role::Text, plain));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::{Theme, ThemeName};

    fn wrapped(doc: &Doc, columns: usize) -> Vec<String> {
        let theme = Theme::choose(ThemeName::Mono, false, None);
        let lines = doc.wrapped(columns, &theme);
        lines.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn lines_break_at_spaces_and_long_words_anywhere() {
        let mut doc = Doc::new();
        doc.line(Role::Text, "one two three fourfivesix");
        assert_eq!(wrapped(&doc, 8), ["one two", "three", "fourfive", "six"]);
        assert_eq!(wrapped(&doc, 1).concat(), "onetwothreefourfivesix");
    }

    #[test]
    fn values_hang_below_each_other() {
        let mut doc = Doc::new();
        doc.fields(&[("size".into(), Role::Text, "aa bb cc".into())]);
        assert_eq!(wrapped(&doc, 12), ["size  aa bb", "      cc"]);
    }

    #[test]
    fn wide_characters_do_not_hang_over() {
        let mut doc = Doc::new();
        doc.line(Role::Text, "表表表");
        assert_eq!(wrapped(&doc, 5), ["表表", "表"]);
        assert_eq!(wrapped(&doc, 1), ["表", "表", "表"]);
    }

    #[test]
    fn a_comment_that_is_wrapped_stays_a_comment() {
        let mut doc = Doc::new();
        doc.sql("-- only if unused: DROP it\nSELECT 1; /* one two three */");
        assert_eq!(
            wrapped(&doc, 18),
            [
                "  -- only if",
                "    -- unused:",
                "    -- DROP it",
                "  SELECT 1; /* one",
                "    two three */",
            ]
        );
    }

    #[test]
    fn marks_of_prose_become_colours() {
        let text = |role, text: &str| (role, text.to_owned());
        assert_eq!(
            inline("use `a` and **b** * 2"),
            [
                text(Role::Text, "use "),
                text(Role::Literal, "a"),
                text(Role::Text, " and "),
                text(Role::Strong, "b"),
                text(Role::Text, " * 2"),
            ]
        );
    }

    #[test]
    fn lines_that_are_cut_end_in_a_mark_and_scroll() {
        let mut doc = Doc::new();
        doc.pieces(&[(Role::Text, "abc"), (Role::Strong, "defg")]);
        let theme = Theme::choose(ThemeName::Mono, false, None);
        let cut = |columns, left| doc.cut(columns, left, &theme, &Glyphs::new(true))[0].to_string();
        assert_eq!(cut(7, 0), "abcdefg");
        assert_eq!(cut(5, 0), "abcd~");
        assert_eq!(cut(3, 0), "ab~");
        assert_eq!(cut(5, 2), "cdefg");
        assert_eq!(cut(4, 2), "cde~");
    }
}
