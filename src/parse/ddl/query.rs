//! What a query reads, by its tokens.

use std::collections::HashMap;
use std::ops::Range;

use super::cursor::Cursor;
use super::dml::{Call, Query};
use super::not_in::not_in;
use super::read::inner;
use super::statement::Name;
use crate::parse::keywords::{Category, Keyword};
use crate::parse::tokens::TokenKind;

/// What is open at a place of a query.
struct Level {
    /// The token that closes it.
    end: usize,
    /// Tables may follow a comma.
    in_from: bool,
    /// Its FROM belongs to a function: `extract(day FROM at)`.
    is_call: bool,
}

/// Functions that have a FROM of their own.
const WITH_FROM: [&str; 5] = ["extract", "substring", "trim", "overlay", "position"];

/// Words that end a list of tables.
const AFTER_FROM: [&str; 16] = [
    "where",
    "group",
    "having",
    "window",
    "order",
    "limit",
    "offset",
    "fetch",
    "for",
    "union",
    "intersect",
    "except",
    "returning",
    "select",
    "set",
    "when",
];

/// Words before a parenthesis that call nothing.
const NO_CALL: [&str; 14] = [
    "over",
    "filter",
    "by",
    "rollup",
    "cube",
    "sets",
    "escape",
    "materialized",
    "rows",
    "range",
    "groups",
    "key",
    "group",
    "partition",
];

/// Most tokens of arguments that are kept.
const ARGUMENTS: usize = 60;

/// Reads what stands in some tokens.
pub(super) fn query(c: &mut Cursor, range: Range<usize>) -> Query {
    tables(c, range, false)
}

/// Reads what stands in some tokens; `first`: tables come first, as after FROM.
pub(super) fn tables(c: &mut Cursor, range: Range<usize>, first: bool) -> Query {
    let back = c.at();
    let end = range.end;
    let mut reader = Reader {
        query: Query::default(),
        ctes: HashMap::new(),
        jumps: HashMap::new(),
        levels: vec![Level {
            end,
            in_from: first,
            is_call: false,
        }],
        expects_table: first,
        start: range.start,
    };
    c.go_to(range.start);
    while c.at() < end {
        reader.step(c);
    }
    c.go_to(back);
    reader.query
}

struct Reader {
    query: Query,
    /// Names of CTEs, and the token from which each is known.
    ctes: HashMap<String, usize>,
    /// From the name of a CTE to its body, or behind it.
    jumps: HashMap<usize, usize>,
    levels: Vec<Level>,
    expects_table: bool,
    start: usize,
}

impl Reader {
    fn step(&mut self, c: &mut Cursor) {
        let at = c.at();
        while self.levels.len() > 1 && self.levels.last().is_some_and(|level| at >= level.end) {
            self.levels.pop();
        }
        if let Some(to) = self.jumps.get(&at) {
            c.go_to(*to);
            return;
        }
        match c.kind() {
            Some(TokenKind::LeftParen | TokenKind::LeftBracket) => self.open(c),
            Some(TokenKind::Comma) => {
                self.expects_table = self.levels.last().is_some_and(|level| level.in_from);
                c.go_to(at + 1);
            }
            Some(TokenKind::Word | TokenKind::QuotedIdent) => self.word(c),
            _ => c.go_to(at + 1),
        }
    }

    fn open(&mut self, c: &mut Cursor) {
        let at = c.at();
        let selects = ["select", "with", "values", "table"];
        let joins = self.expects_table && !selects.iter().any(|word| c.is_word(at + 1, word));
        let is_call = at > 0 && WITH_FROM.iter().any(|word| c.is_word(at - 1, word));
        self.levels.push(Level {
            end: c.closing(at),
            in_from: joins,
            is_call,
        });
        self.expects_table = joins;
        c.go_to(at + 1);
    }

    fn word(&mut self, c: &mut Cursor) {
        let at = c.at();
        if self.expects_table && !c.sees_any(&["lateral", "only", "rows", "select", "values"]) {
            self.expects_table = false;
            self.table(c);
            return;
        }
        let outermost = self.levels.len() == 1;
        let Some(level) = self.levels.last_mut() else {
            c.go_to(at + 1);
            return;
        };
        if c.sees("from") {
            // IS DISTINCT FROM, but not SELECT DISTINCT FROM.
            let compares = at > 1 && c.is_word(at - 1, "distinct") && !c.is_word(at - 2, "select");
            if !level.is_call && !compares {
                level.in_from = true;
                self.expects_table = true;
            }
        } else if c.sees("join") {
            self.expects_table = true;
        } else if c.sees("with") {
            self.with(c);
        } else if c.sees("not in") {
            c.go_to(at + 2);
            self.query.not_in.extend(not_in(c));
        } else if c.sees("table") {
            let begins = at == self.start || c.kind_at(at - 1) == Some(TokenKind::LeftParen);
            self.expects_table = begins || c.is_word(at - 1, "union") || c.is_word(at - 1, "all");
        } else if c.sees_any(&AFTER_FROM) {
            level.in_from = false;
            self.expects_table = false;
            self.after_from(c, outermost);
        } else if c.kind_at(at + 1) == Some(TokenKind::LeftParen) {
            self.call(c);
        }
        c.go_to(at + 1);
    }

    /// Limits and locks.
    fn after_from(&mut self, c: &Cursor, outermost: bool) {
        let limits = c.sees("limit") && !c.sees("limit all") && !c.sees("limit null")
            || c.sees("fetch first")
            || c.sees("fetch next");
        self.query.limited |= outermost && limits;
        let locks = [
            ("for update", "for update"),
            ("for no key update", "for no key update"),
            ("for share", "for share"),
            ("for key share", "for key share"),
        ];
        if let Some((_, lock)) = locks.into_iter().find(|(words, _)| c.sees(words)) {
            self.query.locks = self.query.locks.or(Some(lock));
        }
    }

    /// A table of FROM, or a function there.
    fn table(&mut self, c: &mut Cursor) {
        let start = c.at();
        let name = if is_reserved(c, start) {
            None
        } else {
            c.name().ok()
        };
        let Some(name) = name else {
            c.go_to(start + 1);
            return;
        };
        if c.sees_kind(TokenKind::LeftParen) {
            c.go_to(c.at() - 1);
            self.call(c);
            c.go_to(c.at() + 1);
            return;
        }
        let known = name.schema.is_none().then(|| self.ctes.get(&name.name));
        if known.flatten().is_none_or(|from| start < *from) {
            let name = c.spanned(start, name);
            self.query.tables.push(name);
        }
        // Its alias may have a list of columns, which is no call.
        c.accept("as");
        let at = c.at();
        let named = matches!(c.kind(), Some(TokenKind::Word | TokenKind::QuotedIdent));
        if named && !is_reserved(c, at) && !c.sees_any(&["tablesample", "join"]) {
            c.take();
            if !c.sees_kind(TokenKind::LeftParen) || c.group().is_err() {
                c.go_to(at);
            }
        }
    }

    /// Learns the CTEs of a WITH. Those that change rows are read as statements.
    fn with(&mut self, c: &mut Cursor) {
        c.accept("with");
        let recursive = c.accept("recursive");
        loop {
            let from = c.at();
            let Ok(name) = c.ident() else { return };
            if c.sees_kind(TokenKind::LeftParen) && c.group().is_err() || !c.accept("as") {
                return;
            }
            if !c.accept("not materialized") {
                c.accept("materialized");
            }
            let open = c.at();
            let Ok(body) = c.group() else { return };
            self.ctes
                .insert(name, if recursive { from } else { body.end });
            let first = body.start;
            let changes = ["insert", "update", "delete", "merge"];
            let mut to = open;
            if changes.iter().any(|word| c.is_word(first, word))
                && let Ok(statement) = inner(c, body)
            {
                self.query.changes.push(statement);
                to = c.at();
            }
            self.jumps.insert(from, to);
            if c.sees_any(&["search", "cycle"]) {
                let words = ["select", "insert", "update", "delete", "merge", "values"];
                c.until(|c| c.sees_kind(TokenKind::Comma) || c.sees_any(&words));
            }
            if !c.accept_kind(TokenKind::Comma) {
                return;
            }
        }
    }

    /// A name before a parenthesis.
    fn call(&mut self, c: &mut Cursor) {
        let at = c.at();
        let text = c.text_at(at);
        let plain = c.kind_at(at) == Some(TokenKind::Word);
        let keyword = Keyword::find(text).filter(|_| plain);
        let named = match keyword.map(Keyword::category) {
            Some(Category::Reserved | Category::ColumnName) => false,
            Some(Category::TypeOrFunction) => {
                matches!(keyword, Some(Keyword::Left | Keyword::Right))
            }
            _ => !NO_CALL.iter().any(|word| c.is_word(at, word)),
        };
        let qualified = at > 1 && c.kind_at(at - 1) == Some(TokenKind::Dot);
        let start = if qualified { at - 2 } else { at };
        // A type, an alias with columns, or the table of INSERT.
        let typed = start.checked_sub(1).is_some_and(|before| {
            matches!(
                c.kind_at(before),
                Some(TokenKind::Cast | TokenKind::RightParen)
            ) || c.is_word(before, "as")
                || c.is_word(before, "into")
        });
        if !named || typed {
            return;
        }
        let mut name = Name {
            schema: None,
            name: c.ident().unwrap_or_default(),
        };
        if qualified {
            c.go_to(start);
            name.schema = c.ident().ok();
            c.go_to(at + 1);
        }
        if let Ok(within) = c.group() {
            let parts = if within.len() <= ARGUMENTS {
                c.parts(within)
            } else {
                Vec::new()
            };
            let arguments = parts.into_iter().map(|part| c.source(part)).collect();
            let span = c.bytes(start..c.at());
            self.query.calls.push(Call {
                name,
                arguments,
                span,
            });
        }
        c.go_to(at);
    }
}

/// Whether a word can be no name of a table or function.
pub(super) fn is_reserved(c: &Cursor, at: usize) -> bool {
    c.kind_at(at) == Some(TokenKind::Word)
        && Keyword::find(c.text_at(at)).map(Keyword::category) == Some(Category::Reserved)
}
