//! Takes values out of statements before they are kept.

use super::lexer::Lexer;
use super::outline::{Piece, Role, outline};
use super::secrets::is_secret_word;
use super::tokens::{Options, TokenKind};
use super::write::Writer;

/// The statement with every literal replaced by `$n`, numbered on from the highest parameter
/// present, so that texts which hold parameters keep theirs.
///
/// What stays:
/// - numbers that are no data: type modifiers (`numeric(10,2)`), columns by position
///   (`ORDER BY 1`), counts after LIMIT, OFFSET and FETCH, options (`WITH (fillfactor = 70)`), and in
///   utility statements those after words such as STATISTICS, CACHE or INCREMENT BY;
/// - `TRUE`, `FALSE` and `NULL`;
/// - settings of `PostgreSQL` in SET that are not quoted (`SET work_mem TO 65536`); those of the
///   user's own (`SET app.secret TO x`) go, whatever their form, and so does what follows PASSWORD.
///
/// Comments go where a utility statement is among the statements. In queries they are kept, for
/// they carry sqlcommenter's tags, unless one holds a quote and is not a list of `key='value'`
/// pairs throughout, URL-encoded as sqlcommenter writes them, or has a key like `password`.
///
/// Utility is everything but SELECT, INSERT, UPDATE, DELETE, MERGE, WITH, VALUES, TABLE, EXPLAIN
/// of one of those, DECLARE, COPY (query) and CREATE TABLE AS; also what begins with an unknown word.
/// A literal that runs into the end of a cut text is replaced too. The text is read with
/// `standard_conforming_strings` on. The result has the fingerprint of the statement.
pub fn redact_statement(sql: &str) -> String {
    let pieces = outline(sql);
    let utility = pieces.iter().any(|piece| piece.utility);
    let mut writer = Writer::new(sql, &pieces);
    let mut end = 0;
    for piece in &pieces {
        gap(&mut writer, &sql[end..piece.start], utility);
        if is_replaced(piece) {
            writer.replace();
        } else {
            writer.keep(piece.text(sql));
        }
        end = piece.end;
    }
    // A quote that was not closed may end in blanks, which belong to it.
    let tokens_end = writer.text.len();
    gap(&mut writer, &sql[end..], utility);
    let blank = |c: char| c.is_ascii_whitespace() || c == '\u{b}';
    let text = writer.text;
    let kept = text.trim_end_matches(blank).len().max(tokens_end);
    text[..kept].trim_start_matches(blank).to_owned()
}

fn is_replaced(piece: &Piece) -> bool {
    piece.role == Role::Data && piece.kind != TokenKind::Param
}

/// Writes white space and the comments that are kept; a blank stands for a comment that is not.
fn gap(writer: &mut Writer, gap: &str, utility: bool) {
    let mut dropped = false;
    for token in Lexer::new(gap, Options::default()) {
        let mut text = token.text(gap);
        let comment = token.kind != TokenKind::Whitespace;
        if comment && (utility || !is_harmless(text)) {
            if !writer.text.ends_with(|c: char| c.is_ascii_whitespace()) {
                writer.gap(" ");
            }
            dropped = true;
            continue;
        }
        if dropped {
            text = text.trim_start_matches([' ', '\t']);
            dropped = false;
        }
        writer.gap(text);
    }
}

/// Whether a comment holds no value in quotes but those of sqlcommenter.
fn is_harmless(comment: &str) -> bool {
    if !comment.contains(['\'', '"', '$', '`']) {
        return true;
    }
    let inner = comment
        .strip_prefix("/*")
        .and_then(|rest| rest.strip_suffix("*/"));
    inner.is_some_and(|tags| is_tags(tags.trim()))
}

/// `key='value',key='value'`; a comma ends no value, for values are URL-encoded.
fn is_tags(tags: &str) -> bool {
    let tag_byte = |b: u8| b.is_ascii_alphanumeric() || b"-_.~%+:/*!()\\".contains(&b);
    tags.split(',').all(|tag| {
        let Some((key, value)) = tag.trim().split_once('=') else {
            return false;
        };
        let value = value.strip_prefix('\'').and_then(|v| v.strip_suffix('\''));
        !key.is_empty()
            && key.bytes().all(tag_byte)
            && !is_secret_word(key)
            && value.is_some_and(|v| v.replace("\\'", "").bytes().all(tag_byte))
    })
}
