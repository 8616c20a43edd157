//! Fingerprints: which texts are the same statement.

use std::fmt;

use sha2::{Digest, Sha256};

use super::fold::{Symbol, fold};
use super::keywords::{Category, Keyword};
use super::outline::{Piece, outline};
use super::tokens::TokenKind;

/// Version of the rules at [`fingerprint`]; fingerprints of different versions are not compared.
pub const FINGERPRINT_VERSION: &str = "f1";

/// The identity of a statement, shown as `f1:` and 16 hexadecimal digits. The number after the `f`
/// changes whenever the rules at [`fingerprint`] do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The digits as a number, for use as a key.
    pub fn as_u64(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{FINGERPRINT_VERSION}:{:016x}", self.0)
    }
}

/// The fingerprint of a statement: the first 8 bytes of SHA-256 over its tokens, after folding.
///
/// These differences do not count:
/// - white space, comments, case of key words and unquoted names, `!=` for `<>`, a semicolon at
///   the end;
/// - quotes around a name that means the same without them (`"orders"`, not `"Orders"` and not
///   `"user"`);
/// - the values of constants, parameters and what else the server takes for one: `TRUE`, `FALSE`,
///   `NULL` (not in `IS NULL`), `LIMIT ALL`, the field of `extract`, the values of `SET`, names of
///   savepoints, cursors and prepared statements that are made up by the client;
/// - signs before constants, and the types around them: `'x'::text`, `CAST($1 AS int)`,
///   `date '2020-01-01'`, `interval '1' day`;
/// - the length of a list of constants in `IN (…)`, and how many like rows of constants stand in
///   `VALUES (…), (…)` or `IN ((…), (…))`; an `ARRAY[…]` of constants is itself a constant;
/// - the number in `pg_temp_3` and `pg_toast_temp_3`.
///
/// Everything else does: names, operators, whether there is a LIMIT, the length of lists that are
/// no constants, the number of columns in a row, type modifiers (`numeric(10,2)`) and columns
/// given by position (`ORDER BY 1`).
///
/// A text of `pg_stat_statements` (18's `IN ($1 /*, ... */)` too) and the statement it came from
/// have the same fingerprint, and so have the results of [`normalize`](super::normalize()) and
/// [`redact_statement`](super::redact_statement()).
pub fn fingerprint(sql: &str) -> Fingerprint {
    let pieces = outline(sql);
    let folded = fold(sql, &pieces);
    let mut canonical = Vec::with_capacity(sql.len().min(4 * pieces.len() + 16));
    for symbol in &folded.symbols {
        write_symbol(&mut canonical, sql, &pieces, *symbol);
        canonical.push(b' ');
    }
    let digest = Sha256::digest(&canonical);
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    Fingerprint(u64::from_be_bytes(first))
}

fn write_symbol(out: &mut Vec<u8>, sql: &str, pieces: &[Piece], symbol: Symbol) {
    let piece = &pieces[symbol.piece];
    let text = piece.text(sql);
    match piece.kind {
        // No token is a lone dollar sign and part of valid SQL.
        _ if symbol.constant => out.push(b'$'),
        TokenKind::Word => write_name(out, text),
        TokenKind::QuotedIdent => match unquoted(text) {
            Some(name) => write_name(out, name),
            None => out.extend_from_slice(text.as_bytes()),
        },
        TokenKind::Operator if text == "!=" => out.extend_from_slice(b"<>"),
        _ => out.extend_from_slice(text.as_bytes()),
    }
}

fn write_name(out: &mut Vec<u8>, name: &str) {
    let start = out.len();
    out.extend(name.bytes().map(|b| b.to_ascii_lowercase()));
    // A session's own schema has a number that the server gives it.
    for prefix in ["pg_temp_", "pg_toast_temp_"] {
        let digits = out[start..].strip_prefix(prefix.as_bytes());
        if digits.is_some_and(|d| !d.is_empty() && d.iter().all(u8::is_ascii_digit)) {
            out.truncate(start + prefix.len() - 1);
            return;
        }
    }
}

/// The name in quotes, if it means the same without them.
fn unquoted(text: &str) -> Option<&str> {
    let name = text.strip_prefix('"')?.strip_suffix('"')?;
    let first = *name.as_bytes().first()?;
    let starts = first.is_ascii_lowercase() || first == b'_' || !first.is_ascii();
    let plain = name.bytes().all(|b| {
        b.is_ascii_lowercase() || b.is_ascii_digit() || b"_$".contains(&b) || !b.is_ascii()
    });
    let reserved = matches!(
        Keyword::find(name).map(Keyword::category),
        Some(Category::Reserved | Category::TypeOrFunction)
    );
    (starts && plain && !reserved).then_some(name)
}
