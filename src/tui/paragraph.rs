//! Wraps a line of coloured pieces.

use super::text::graphemes;
use super::theme::Role;

/// One line before it is wrapped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paragraph {
    /// Its text in colours.
    pub pieces: Vec<(Role, String)>,
    /// Columns by which continued lines are set in.
    pub hang: usize,
}

impl Paragraph {
    /// Its lines for so many columns.
    pub fn wrap(&self, columns: usize) -> Vec<Vec<(Role, String)>> {
        let hang = if self.hang * 2 > columns {
            0
        } else {
            self.hang
        };
        let cells: Vec<(Role, String, usize)> = self
            .pieces
            .iter()
            .flat_map(|(role, text)| graphemes(text).map(|(symbol, width)| (*role, symbol, width)))
            .collect();
        let mut lines = Vec::new();
        let mut start = 0;
        loop {
            let mut pieces = Vec::new();
            let mut indent = 0;
            if !lines.is_empty() {
                if hang > 0 {
                    pieces.push((Role::Text, " ".repeat(hang)));
                }
                let dashes = in_line_comment(&cells, start) && hang + 8 < columns;
                if dashes {
                    pieces.push((Role::Comment, "-- ".to_owned()));
                }
                indent = hang + if dashes { 3 } else { 0 };
            }
            let end = line_end(&cells, start, columns - indent);
            join(&cells[start..end], &mut pieces);
            lines.push(pieces);
            if end >= cells.len() {
                return lines;
            }
            start = end;
            while cells.get(start).is_some_and(|cell| cell.1 == " ") {
                start += 1;
            }
            if start >= cells.len() {
                return lines;
            }
        }
    }
}

/// Does this place lie within a comment that a line feed would end? What is continued on another
/// line then needs dashes of its own: whoever marks and pastes it would run it otherwise.
fn in_line_comment(cells: &[(Role, String, usize)], at: usize) -> bool {
    let of_comment = |cell: &&(Role, String, usize)| cell.0 == Role::Comment;
    let before = cells[..at].iter().rev().take_while(of_comment).count();
    let begins = cells[at - before..at].iter().take(2);
    before >= 2 && cells[at].0 == Role::Comment && begins.map(|cell| cell.1.as_str()).eq(["-", "-"])
}

/// Where a line of so many columns that begins at `start` ends: behind the last space that fits,
/// else in the middle of a word.
fn line_end(cells: &[(Role, String, usize)], start: usize, columns: usize) -> usize {
    let mut used = 0;
    let mut break_at = None;
    // Spaces at the beginning are the indent of code, no place to break.
    let mut in_text = false;
    for (index, (_, symbol, width)) in cells.iter().enumerate().skip(start) {
        if symbol == " " {
            if in_text {
                break_at = Some(index);
            }
        } else {
            in_text = true;
        }
        if used + width > columns && index > start {
            return match break_at {
                Some(at) if at > start => at,
                _ => index,
            };
        }
        used += width;
    }
    cells.len()
}

fn join(cells: &[(Role, String, usize)], pieces: &mut Vec<(Role, String)>) {
    for (role, symbol, _) in cells {
        match pieces.last_mut() {
            Some((last, text)) if last == role => text.push_str(symbol),
            _ => pieces.push((*role, symbol.clone())),
        }
    }
}
