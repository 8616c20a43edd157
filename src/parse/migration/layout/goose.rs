//! goose: `-- +goose Up` and `-- +goose Down` in one file.
//!
//! A file is run in a transaction, statement by statement, unless it says
//! `-- +goose NO TRANSACTION`. What stands between `StatementBegin` and `StatementEnd` is sent as
//! one string.

use super::super::file::{Direction, Layout, Mode, Part};
use super::lines::{comment, is_blank, line_number, lines};
use super::name;
use super::seen::{Content, Seen};

/// Its comments.
pub(super) fn mark(seen: &Seen<'_>) -> Option<String> {
    if seen.spoken == Some(Layout::Goose) {
        return Some("it has comments of goose (`-- +goose …`)".to_owned());
    }
    let adopted = seen.spoken.is_none()
        && seen.folder_speaks == Some(Layout::Goose)
        && name::numbered(seen.stem()).is_some();
    adopted.then(|| "its folder's files have comments of goose".to_owned())
}

/// Takes a file apart.
pub(super) fn take(seen: &Seen<'_>) -> Content {
    let mut reader = Reader::default();
    for line in lines(seen.text) {
        if let Some(word) = comment(line.text).and_then(|said| said.strip_prefix("+goose ")) {
            reader.annotation(word, line.start, line.next, seen.text);
        }
    }
    reader.close(seen.text.len(), seen.text);
    if let Some(start) = reader.block {
        let number = line_number(seen.text, start) - 1;
        reader.wrong(format!(
            "`-- +goose StatementBegin` in line {number} has no `-- +goose StatementEnd`"
        ));
    } else if reader.direction.is_none() {
        reader.wrong("it has no `-- +goose Up`, so goose refuses it".to_owned());
    }
    let mut parts = reader.parts;
    if reader.in_transaction {
        parts = joined(parts);
    } else {
        // Blocks are strings of their own.
        for part in parts.iter_mut().filter(|part| part.mode == Mode::Wrapped) {
            part.mode = Mode::Autocommit;
        }
    }
    let (version, description) = match name::numbered(seen.stem()) {
        Some((number, rest)) => (Some(number.to_owned()), name::words(rest)),
        None => (None, None),
    };
    Content {
        version,
        description,
        parts,
        says_mode: !reader.in_transaction,
        mistake: reader.mistake,
        ..Content::default()
    }
}

struct Reader {
    direction: Option<Direction>,
    in_transaction: bool,
    /// Where the open piece begins.
    from: usize,
    /// Where the open block begins.
    block: Option<usize>,
    parts: Vec<Part>,
    mistake: Option<String>,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            direction: None,
            in_transaction: true,
            from: 0,
            block: None,
            parts: Vec::new(),
            mistake: None,
        }
    }
}

impl Reader {
    fn annotation(&mut self, word: &str, start: usize, next: usize, text: &str) {
        let line = || line_number(text, start);
        match word.trim() {
            "Up" | "Down" => {
                let down = word.trim() == "Down";
                match (self.direction, down) {
                    (None, true) => self.wrong(format!(
                        "`-- +goose Down` in line {} comes before `-- +goose Up`",
                        line()
                    )),
                    (Some(_), false) | (Some(Direction::Down), true) => {
                        self.wrong(format!(
                            "line {} repeats `-- +goose {}`",
                            line(),
                            word.trim()
                        ));
                    }
                    _ => {}
                }
                self.close(start, text);
                self.block = None;
                self.from = next;
                self.direction = Some(if down { Direction::Down } else { Direction::Up });
            }
            "StatementBegin" => {
                if self.direction.is_none() {
                    self.wrong(format!(
                        "`-- +goose StatementBegin` in line {} comes before `-- +goose Up`",
                        line()
                    ));
                }
                self.close(start, text);
                self.from = next;
                self.block = Some(next);
            }
            "StatementEnd" => {
                if self.block.is_none() {
                    self.wrong(format!(
                        "`-- +goose StatementEnd` in line {} has no `-- +goose StatementBegin`",
                        line()
                    ));
                }
                self.close(start, text);
                self.from = next;
                self.block = None;
            }
            "NO TRANSACTION" => self.in_transaction = false,
            "ENVSUBST ON" | "ENVSUBST OFF" => {}
            other => self.wrong(format!("line {} has no word of goose: `{other}`", line())),
        }
    }

    /// Ends the open piece.
    fn close(&mut self, end: usize, text: &str) {
        if let Some(direction) = self.direction
            && self.from < end
            && !is_blank(&text[self.from..end])
        {
            let mode = match self.block {
                Some(_) => Mode::Script,
                None => Mode::Wrapped,
            };
            let range = self.from..end;
            self.parts.push(Part {
                direction,
                mode,
                ranges: vec![range],
            });
        }
    }

    fn wrong(&mut self, mistake: String) {
        self.mistake.get_or_insert(mistake);
    }
}

/// Pieces of one direction in one transaction.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::new();
    for part in parts {
        match joined.last_mut() {
            Some(last) if last.direction == part.direction => last.ranges.extend(part.ranges),
            _ => joined.push(Part {
                mode: Mode::Wrapped,
                ..part
            }),
        }
    }
    joined
}
