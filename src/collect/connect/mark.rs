//! The mark on every statement that we send.

use std::borrow::Cow;

/// Stands in every statement of ours, so that statistics, activity and logs can be read without
/// them. It stands inside, since `pg_stat_statements` drops leading comments.
pub const MARK: &str = "/* pgtriage */";

/// Where the mark has to begin, bytes: readers of logs look at the beginning of statements only.
const WITHIN: usize = 64;

/// `sql` with the mark after its first word, unless it has one near its beginning. Comments before the first word are
/// left away.
pub fn marked(sql: &str) -> Cow<'_, str> {
    let sql = without_leading_comments(sql);
    if sql.find(MARK).is_some_and(|at| at <= WITHIN) {
        return Cow::Borrowed(sql);
    }
    let end = sql
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(sql.len());
    let (first, rest) = sql.split_at(end);
    let space = if rest.starts_with(char::is_whitespace) {
        ""
    } else {
        " "
    };
    Cow::Owned(format!("{first} {MARK}{space}{rest}"))
}

fn without_leading_comments(mut sql: &str) -> &str {
    loop {
        sql = sql.trim_start();
        if let Some(comment) = sql.strip_prefix("--") {
            sql = comment.split_once('\n').map_or("", |(_, rest)| rest);
        } else if sql.starts_with("/*") {
            sql = after_block_comment(sql);
        } else {
            return sql;
        }
    }
}

/// What follows a comment that begins `sql`; such comments nest.
fn after_block_comment(sql: &str) -> &str {
    let (mut depth, mut at) = (0, 0);
    while at < sql.len() {
        let rest = &sql[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    &sql[at..]
}
