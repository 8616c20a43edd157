//! The statements of a script, cut where psql cuts them.
//!
//! - A semicolon ends a statement unless it stands in a quote, a comment, parentheses, or the
//!   `BEGIN … END` body of `CREATE [OR REPLACE] {FUNCTION | PROCEDURE}` (`CASE … END` counted).
//! - A backslash outside quotes and comments begins a psql command, which runs to the end of the
//!   line or to the next such backslash and is an item of its own. `\g` and its like send the
//!   statement before them, `\r` throws it away, any other leaves it open: the command is then cut
//!   out of the statement's text. `\;` ends a statement that is sent together with the next one.
//! - The lines after `COPY … FROM STDIN;` (or psql's `\copy … from stdin`), up to a line `\.`,
//!   are data. (The grammar takes STDOUT for STDIN there, and psql follows.)
//! - `SET standard_conforming_strings` changes how the quotes after it are read.
//!
//! psql runs a last statement that has no semicolon, so it is an item too, marked by its
//! [`Ending`]. Empty statements are no items. Variables (`:name`) are not expanded, the branches
//! of `\if` are all read, and nothing is known of commands that fail (psql would take the data
//! after a failed COPY for SQL).

use std::ops::Range;

use super::item::{Ending, Item, ItemKind, Position, locate};
use super::keywords::Keyword;
use super::lexer::Lexer;
use super::meta;
use super::tokens::{Options, Token, TokenKind};

/// The items of a script, in the order in which psql comes upon their ends.
pub fn split(script: &str) -> Vec<Item> {
    let mut splitter = Splitter {
        script,
        lexer: Lexer::new(script, Options::default()),
        options: Options::default(),
        items: Vec::new(),
        open: None,
        previous_end: 0,
        parens: 0,
        begins: 0,
        unsent_copies: 0,
        pending_copies: 0,
        line_end: 0,
    };
    splitter.run();
    let mut items = splitter.items;
    locate(script, &mut items);
    items
}

/// A statement whose end is not reached.
#[derive(Default)]
struct Open {
    start: usize,
    /// End of the last token seen that is neither white space nor comment.
    end: usize,
    holes: Vec<Range<usize>>,
    /// The first words of the statement; what is no key word leaves a gap.
    words: [Option<Keyword>; 4],
    word_count: usize,
    /// `COPY (`: that one only writes.
    copies_query: bool,
    after_from: bool,
    reads_stdin: bool,
}

impl Open {
    fn is_routine(&self) -> bool {
        use Keyword::{Create, Function, Or, Procedure, Replace};
        matches!(
            self.words,
            [Some(Create), Some(Function | Procedure), ..]
                | [
                    Some(Create),
                    Some(Or),
                    Some(Replace),
                    Some(Function | Procedure)
                ]
        )
    }
}

struct Splitter<'a> {
    script: &'a str,
    lexer: Lexer<'a>,
    options: Options,
    items: Vec<Item>,
    open: Option<Open>,
    previous_end: usize,
    parens: usize,
    begins: usize,
    /// Copies from standard input in statements joined by `\;`, not sent yet.
    unsent_copies: usize,
    /// Copies that will read from the next line on.
    pending_copies: usize,
    /// The end of the line of the last psql command: many may stand in one line.
    line_end: usize,
}

impl Splitter<'_> {
    fn run(&mut self) {
        while let Some(token) = self.lexer.next() {
            match token.kind {
                TokenKind::Whitespace if self.pending_copies > 0 => self.copy_data(token),
                TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment => {}
                TokenKind::Semicolon if self.parens == 0 && self.begins == 0 => {
                    self.close(Ending::Regular, token.end);
                }
                TokenKind::Other if token.text(self.script) == "\\" => self.backslash(token),
                _ => self.take(token),
            }
        }
        let end = self.open.as_ref().map_or(0, |open| open.end);
        self.close(Ending::EndOfInput, end);
    }

    /// Adds a token to the open statement.
    fn take(&mut self, token: Token) {
        let open = self.open.get_or_insert_with(|| Open {
            start: token.start,
            ..Open::default()
        });
        open.end = token.end;
        let mut is_from = false;
        match token.kind {
            TokenKind::LeftParen => {
                open.copies_query |= open.word_count == 1;
                self.parens += 1;
            }
            TokenKind::RightParen => self.parens = self.parens.saturating_sub(1),
            TokenKind::Word => {
                let word = Keyword::find(token.text(self.script));
                if let Some(place) = open.words.get_mut(open.word_count) {
                    *place = word;
                }
                open.word_count += 1;
                if self.parens == 0 {
                    if open.is_routine() {
                        match word {
                            Some(Keyword::Begin) => self.begins += 1,
                            Some(Keyword::Case) if self.begins > 0 => self.begins += 1,
                            Some(Keyword::End) => self.begins = self.begins.saturating_sub(1),
                            _ => {}
                        }
                    }
                    is_from = word == Some(Keyword::From);
                    open.reads_stdin |= open.after_from
                        && matches!(word, Some(Keyword::Stdin | Keyword::Stdout))
                        && open.words[0] == Some(Keyword::Copy)
                        && !open.copies_query;
                }
            }
            _ => {}
        }
        open.after_from = is_from;
    }

    /// Ends the open statement, if there is one.
    fn close(&mut self, ending: Ending, end: usize) {
        let copies = self.open.as_ref().is_some_and(|open| open.reads_stdin);
        self.unsent_copies += usize::from(copies);
        match ending {
            Ending::Joined => {}
            Ending::Discarded => self.unsent_copies = 0,
            Ending::Regular | Ending::MetaCommand | Ending::EndOfInput => {
                self.pending_copies += std::mem::take(&mut self.unsent_copies);
            }
        }
        if ending != Ending::Joined {
            self.parens = 0;
            self.begins = 0;
        }
        let Some(mut open) = self.open.take() else {
            return;
        };
        // psql commands after an unfinished statement that nothing ends.
        let after = open.holes.last().map_or(end, |hole| hole.end.max(end));
        open.holes.retain(|hole| hole.start < end);
        let text = open.start..open.end;
        if matches!(open.words[0], Some(Keyword::Set | Keyword::Reset)) {
            self.set_quoting(text.clone());
        }
        self.push(ItemKind::Sql, text, end, ending, open.holes);
        self.previous_end = after;
    }

    fn push(
        &mut self,
        kind: ItemKind,
        text: Range<usize>,
        end: usize,
        ending: Ending,
        holes: Vec<Range<usize>>,
    ) {
        // What stands inside an open statement has no leading text of its own.
        let leading = match &self.open {
            Some(_) => text.start..text.start,
            None => self.previous_end..text.start,
        };
        if self.open.is_none() {
            self.previous_end = end;
        }
        self.items.push(Item {
            kind,
            leading,
            text,
            end,
            ending,
            first: Position::default(),
            last: Position::default(),
            holes,
        });
    }

    /// Cuts a part out of the open statement.
    fn hole(&mut self, hole: Range<usize>) {
        if let Some(open) = &mut self.open {
            open.holes.push(hole);
        }
    }

    /// A psql command, or `\;` or `\:`.
    fn backslash(&mut self, token: Token) {
        let next = self.script.as_bytes().get(token.end);
        if let Some(b';' | b':') = next {
            if next == Some(&b';') && self.parens == 0 && self.begins == 0 {
                self.close(Ending::Joined, token.end + 1);
                self.lexer.skip_to(token.end + 1);
            } else {
                self.hole(token.start..token.end);
            }
            return;
        }
        if self.line_end <= token.start {
            let line = self.script[token.start..].find('\n');
            self.line_end = line.map_or(self.script.len(), |n| token.start + n);
        }
        let command = meta::read(self.script, token.start, self.line_end);
        match command.effect {
            meta::Effect::Sends => self.close_here(Ending::MetaCommand),
            meta::Effect::Discards => self.close_here(Ending::Discarded),
            meta::Effect::CopiesFromStdin => self.pending_copies += 1,
            meta::Effect::None => {}
        }
        let range = token.start..command.end;
        self.hole(token.start..command.resume);
        self.push(
            ItemKind::MetaCommand,
            range,
            command.resume,
            Ending::Regular,
            Vec::new(),
        );
        self.lexer.skip_to(command.resume);
    }

    fn close_here(&mut self, ending: Ending) {
        let end = self
            .open
            .as_ref()
            .map_or(self.previous_end, |open| open.end);
        self.close(ending, end);
    }

    /// Reads the data of the copies that were sent, which begins after the line end in `space`.
    fn copy_data(&mut self, space: Token) {
        let Some(line_end) = space.text(self.script).find('\n') else {
            return;
        };
        let mut start = space.start + line_end + 1;
        while self.pending_copies > 0 && start < self.script.len() {
            self.pending_copies -= 1;
            let (data_end, end, ending) = copy_end(self.script, start);
            self.hole(start..end);
            self.push(ItemKind::CopyData, start..data_end, end, ending, Vec::new());
            start = end + usize::from(self.script[end..].starts_with('\n'));
        }
        self.pending_copies = 0;
        let resume = self
            .items
            .last()
            .map_or(start, |item| item.end.max(space.start));
        self.lexer.skip_to(resume);
    }

    /// Follows `SET [SESSION | LOCAL] standard_conforming_strings {= | TO} value`, and `RESET`.
    fn set_quoting(&mut self, text: Range<usize>) {
        let sql = &self.script[text];
        let mut words = Lexer::new(sql, self.options)
            .filter(|t| !t.is_trivia())
            .map(|t| t.text(sql).trim_matches('\''));
        let resets = (words.next()).is_some_and(|word| word.eq_ignore_ascii_case("reset"));
        let mut words = words
            .skip_while(|w| w.eq_ignore_ascii_case("session") || w.eq_ignore_ascii_case("local"));
        let name = words.next().unwrap_or_default();
        let named = name.eq_ignore_ascii_case("standard_conforming_strings");
        if resets && (named || name.eq_ignore_ascii_case("all")) {
            self.options.standard_conforming_strings = true;
            self.lexer.set_options(self.options);
            return;
        }
        let (true, Some(_), Some(value)) = (named, words.next(), words.next()) else {
            return;
        };
        let off = ["off", "false", "no", "0", "f", "n", "of"];
        self.options.standard_conforming_strings =
            !off.iter().any(|word| word.eq_ignore_ascii_case(value));
        self.lexer.set_options(self.options);
    }
}

/// The end of the data, the end of its `\.` line (without the line end), and whether there is one.
fn copy_end(script: &str, start: usize) -> (usize, usize, Ending) {
    let mut line = start;
    while line < script.len() {
        let end = script[line..].find('\n').map_or(script.len(), |n| line + n);
        let text = &script[line..end];
        if text == "\\." || text == "\\.\r" {
            return (line, line + 2, Ending::Regular);
        }
        line = end + 1;
    }
    (script.len(), script.len(), Ending::EndOfInput)
}
