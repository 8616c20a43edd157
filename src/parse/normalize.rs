//! The readable text of a fingerprint.

use super::fold::fold;
use super::outline::{Role, outline};
use super::tokens::TokenKind;
use super::write::Writer;

/// A readable text of the statement with its values as `$1`, `$2`, …: numbered on from the highest
/// parameter present, lists of constants cut to their first (`IN ($1 /*, ... */)`, as
/// `pg_stat_statements` of 18 shows them), comments and semicolons at the end dropped.
///
/// Lines stay where they were, but for empty ones; other white space becomes one blank. The result
/// has the fingerprint of the statement.
pub fn normalize(sql: &str) -> String {
    let pieces = outline(sql);
    let squashed = fold(sql, &pieces).squashed;
    let mut lists = squashed.iter().peekable();
    let mut writer = Writer::new(sql, &pieces);
    let semicolons = pieces
        .iter()
        .rev()
        .take_while(|piece| piece.kind == TokenKind::Semicolon)
        .count();
    let mut previous_end = None;
    let count = pieces.len() - semicolons;
    let mut i = 0;
    while i < count {
        if let Some(list) = lists.next_if(|list| list.start == i) {
            writer.gap(MORE);
            i = list.end;
            previous_end = Some(pieces[i - 1].end);
            continue;
        }
        let piece = &pieces[i];
        if let Some(end) = previous_end {
            gap(&mut writer, &sql[end..piece.start]);
        }
        if piece.role == Role::Structure || piece.kind == TokenKind::Param {
            writer.keep(piece.text(sql));
        } else {
            writer.replace();
        }
        previous_end = Some(piece.end);
        i += 1;
    }
    let after = pieces.get(count).map_or(sql.len(), |piece| piece.start);
    if previous_end.is_some_and(|end| sql[end..after].contains(MORE.trim_start())) {
        writer.gap(MORE);
    }
    writer.text
}

/// What stands for the rest of a list.
const MORE: &str = " /*, ... */";

/// Writes what stands for the white space and comments between two pieces.
fn gap(writer: &mut Writer, between: &str) {
    if between.is_empty() {
        return;
    }
    let more = between.contains(MORE.trim_start());
    if more {
        writer.gap(MORE);
    }
    match between.rfind('\n') {
        Some(line_end) => {
            let line = &between[line_end..];
            let blank = |c: char| matches!(c, '\n' | ' ' | '\t');
            writer.gap(&line[..line.len() - line.trim_start_matches(blank).len()]);
        }
        None if more && !between.ends_with(|c: char| c.is_ascii_whitespace()) => {}
        None => writer.gap(" "),
    }
}
