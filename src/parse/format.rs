//! Lays SQL out for reading: clauses on lines of their own, subqueries set in, long lists folded.

use super::clauses::{Clause, Clauses};
use super::keywords::Keyword;
use super::nesting::{Gap, NONE, Nesting};
use super::tokens::TokenKind;

/// Columns that a line is set in at most, so that deep nesting does not make long texts.
const DEEPEST: usize = 40;
/// A subquery of so many columns stays in its line.
const SHORT: usize = 40;

/// The statements of a text, laid out for lines of so many columns as far as that goes: names and
/// constants are never broken. Only white space changes, and only that of queries, INSERT, UPDATE,
/// DELETE and MERGE; the tokens and comments stay as they are.
pub fn format(sql: &str, columns: usize) -> String {
    let nesting = Nesting::new(sql);
    let mut layout = Layout {
        nesting: &nesting,
        columns,
        frames: vec![Frame::outermost()],
        out: String::with_capacity(sql.len() + sql.len() / 4),
        column: 0,
        pending: None,
        after_line_comment: false,
        is_verbatim: false,
    };
    for index in 0..nesting.pieces.len() {
        layout.piece(index);
    }
    layout.out
}

/// How what stands between an opening and a closing piece is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Clauses on lines of their own.
    Query,
    /// AND and OR on lines of their own.
    Conditions,
    /// WHEN and ELSE on lines of their own.
    Case,
    /// In the line as far as it goes.
    Inline,
}

struct Frame {
    kind: Kind,
    /// What opened it.
    opener: usize,
    /// Where its lines begin.
    indent: usize,
    /// Where lines begin that go on with what stands above.
    base: usize,
    /// Where the line of its end begins.
    end: usize,
    clauses: Clauses,
}

impl Frame {
    fn outermost() -> Self {
        Self {
            kind: Kind::Query,
            opener: NONE,
            indent: 0,
            base: 2,
            end: 0,
            clauses: Clauses::default(),
        }
    }
}

struct Layout<'a> {
    nesting: &'a Nesting<'a>,
    columns: usize,
    /// Never empty: the first is the text itself.
    frames: Vec<Frame>,
    out: String,
    column: usize,
    /// The next piece begins a line.
    pending: Option<usize>,
    after_line_comment: bool,
    /// The statement is none that is laid out.
    is_verbatim: bool,
}

impl Layout<'_> {
    fn piece(&mut self, index: usize) {
        let piece = self.nesting.pieces[index];
        if self.begins_statement(index) {
            self.is_verbatim = !is_laid_out(self.nesting, index);
        }
        let line = self.close(index).or_else(|| self.clause(index));
        let line = line.or(self.pending.take().filter(|_| !self.is_verbatim));
        self.gap(index, line);
        self.out.push_str(piece.text);
        self.column = match piece.text.rfind('\n') {
            Some(at) => piece.text[at..].chars().count() - 1,
            None => self.column + piece.text.chars().count(),
        };
        self.after_line_comment = piece.kind == TokenKind::LineComment;
        if self.is_verbatim {
            if piece.kind == TokenKind::Semicolon {
                self.end_statement();
            }
            return;
        }
        match piece.kind {
            TokenKind::LeftParen | TokenKind::LeftBracket => self.open(index),
            TokenKind::Comma => self.comma(index),
            TokenKind::Semicolon if self.frames.len() == 1 => self.end_statement(),
            _ if piece.word == Some(Keyword::Case) => self.open_case(index),
            _ => {}
        }
    }

    /// Is this the first piece of a statement that is no comment?
    fn begins_statement(&self, index: usize) -> bool {
        let before = self.nesting.pieces[..index].iter().rev();
        self.frames.len() == 1
            && !self.frames[0].clauses.has_begun()
            && !self.nesting.pieces[index].is_comment()
            && before
                .take_while(|piece| piece.kind != TokenKind::Semicolon)
                .all(super::nesting::Piece::is_comment)
    }

    fn end_statement(&mut self) {
        self.frames.truncate(1);
        self.frames[0] = Frame::outermost();
        self.pending = Some(0);
    }

    fn frame(&self) -> &Frame {
        self.frames.last().expect("the first frame is never closed")
    }

    fn frame_mut(&mut self) -> &mut Frame {
        self.frames
            .last_mut()
            .expect("the first frame is never closed")
    }

    /// Leaves what this piece closes; gives the line that its end begins.
    fn close(&mut self, index: usize) -> Option<usize> {
        let opener = self.nesting.opener[index];
        if opener == NONE || self.is_verbatim {
            return None;
        }
        while self.frames.len() > 1 {
            let frame = self.frames.pop()?;
            if frame.opener == opener {
                return (frame.kind != Kind::Inline).then_some(frame.end);
            }
        }
        None
    }

    /// The line that a clause or condition begins.
    fn clause(&mut self, index: usize) -> Option<usize> {
        if self.is_verbatim {
            return None;
        }
        let nesting = self.nesting;
        let word = nesting.word(index)?;
        let frame = self.frame_mut();
        match (frame.kind, word) {
            (Kind::Case, Keyword::When | Keyword::Else) => Some(frame.indent),
            (Kind::Conditions, Keyword::And | Keyword::Or | Keyword::Between) => {
                frame.clauses.condition(word).then_some(frame.indent)
            }
            (Kind::Inline | Kind::Case | Kind::Conditions, _) => None,
            (Kind::Query, _) => match frame.clauses.next(nesting, index)? {
                Clause::Condition => Some(frame.base),
                Clause::Join => {
                    frame.base = frame.indent + 4;
                    Some(frame.indent + 2)
                }
                Clause::With => {
                    frame.base = frame.indent;
                    Some(frame.indent)
                }
                Clause::Other => {
                    frame.base = frame.indent + 2;
                    Some(frame.indent)
                }
            },
        }
    }

    fn gap(&mut self, index: usize, line: Option<usize>) {
        let piece = self.nesting.pieces[index];
        let Some(before) = index.checked_sub(1).map(|at| self.nesting.pieces[at]) else {
            return;
        };
        if self.is_verbatim && line.is_none() {
            self.out.push_str(piece.space);
            return;
        }
        let is_text = |kind| matches!(kind, TokenKind::String | TokenKind::BitString);
        // Constants that a line end parts are one, and remarks stay on their lines.
        let keeps_line = piece.gap == Gap::LineEnd
            && (is_text(piece.kind) && is_text(before.kind)
                || piece.is_comment()
                || before.is_comment());
        if line.is_some() || self.after_line_comment || keeps_line {
            self.line(line.unwrap_or(self.frame().base));
        } else if piece.gap != Gap::None {
            self.out.push(' ');
            self.column += 1;
        }
    }

    fn line(&mut self, indent: usize) {
        let indent = indent.min(DEEPEST);
        if self.out.is_empty() {
            return;
        }
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }

    fn open(&mut self, index: usize) {
        let nesting = self.nesting;
        let width = nesting.inside(index);
        let fits = self.column + width <= self.columns + 1;
        let kind = if begins_query(nesting, index) && !(fits && width <= SHORT) {
            Kind::Query
        } else if !fits && nesting.is_boolean[index] {
            Kind::Conditions
        } else {
            Kind::Inline
        };
        self.push(kind, index);
        if kind != Kind::Inline {
            self.pending = Some(self.frame().indent);
        }
    }

    fn open_case(&mut self, index: usize) {
        let fits = self.column + self.nesting.inside(index) <= self.columns + 4;
        self.push(if fits { Kind::Inline } else { Kind::Case }, index);
    }

    fn push(&mut self, kind: Kind, opener: usize) {
        let end = self.frame().base;
        let indent = end + 2;
        let base = match kind {
            Kind::Query | Kind::Case => indent + 2,
            Kind::Conditions | Kind::Inline => indent,
        };
        self.frames.push(Frame {
            kind,
            opener,
            indent,
            base,
            end,
            clauses: Clauses::default(),
        });
    }

    /// Folds a list before an item that does not fit.
    fn comma(&mut self, index: usize) {
        let frame = self.frame();
        // A remark on this item stays beside it.
        let next = self.nesting.pieces.get(index + 1);
        if next.is_some_and(|next| next.is_comment() && next.gap != Gap::LineEnd) {
            return;
        }
        let is_full = self.column + self.nesting.item(index) >= self.columns;
        if frame.kind == Kind::Query && frame.clauses.parts_items() || is_full {
            self.pending = Some(frame.base);
        }
    }
}

fn is_laid_out(nesting: &Nesting<'_>, index: usize) -> bool {
    use Keyword as K;
    nesting.pieces[index].kind == TokenKind::LeftParen
        || nesting.word(index).is_some_and(|word| {
            matches!(
                word,
                K::Select
                    | K::With
                    | K::Insert
                    | K::Update
                    | K::Delete
                    | K::Merge
                    | K::Values
                    | K::Table
                    | K::Explain
            )
        })
}

/// Does a query stand in these parentheses?
fn begins_query(nesting: &Nesting<'_>, open: usize) -> bool {
    use Keyword as K;
    let named = || {
        let before = open.checked_sub(1).and_then(|at| nesting.word(at));
        matches!(before, Some(K::As | K::Materialized))
    };
    match nesting.word(open + 1) {
        Some(K::Select | K::With | K::Values) => true,
        Some(K::Insert | K::Update | K::Delete | K::Merge) => named(),
        _ => false,
    }
}
