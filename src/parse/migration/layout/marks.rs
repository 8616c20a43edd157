//! The layout that comments of a file speak of.

use super::super::file::Layout;
use super::lines::{after, comment, lines};
use super::{alembic, django, rails};

/// Marks stand at the head of a file; a comment deep in it is talk.
const HEAD: usize = 16 * 1024;

/// The layout that a file's comments speak of.
pub(super) fn spoken(text: &str) -> Option<Layout> {
    let head = head(text);
    let line = lines(head).find_map(|line| comment(line.text).and_then(of_comment));
    line.or_else(|| rails::speaks(text).then_some(Layout::Rails))
        .or_else(|| django::speaks(head).then_some(Layout::Django))
}

/// The head of a text, whole lines.
fn head(text: &str) -> &str {
    if text.len() <= HEAD {
        return text;
    }
    let end = memchr::memrchr(b'\n', &text.as_bytes()[..HEAD]).map_or(0, |n| n + 1);
    &text[..end]
}

/// The layout that one comment speaks of.
fn of_comment(said: &str) -> Option<Layout> {
    let layout = match said.as_bytes().first()? {
        b'l' | b'L' if after(said, "liquibase formatted").is_some() => Layout::Liquibase,
        b'+' if said.starts_with("+goose ") => Layout::Goose,
        b'+' if said.starts_with("+refinery ") => Layout::Refinery,
        b'r' if said.starts_with("refinery:") => Layout::Refinery,
        b'm' if said.starts_with("migrate:up") || said.starts_with("migrate:down") => {
            Layout::Dbmate
        }
        b'U' | b'u' | b'D' | b'd' | b'-' if is_node(said) => Layout::NodePgMigrate,
        b'D' | b'R' | b'V' if is_sqitch(said) => Layout::Sqitch,
        b'R' if alembic::step(said).is_some() => Layout::Alembic,
        b'a' if said.starts_with("atlas:") => Layout::Atlas,
        b'n' if said == "no-transaction" => Layout::Sqlx,
        b'A' if said == "Add migration script here" || said == "Add up migration script here" => {
            Layout::Sqlx
        }
        b'A' if said == "Add down migration script here" => Layout::Sqlx,
        _ => return None,
    };
    Some(layout)
}

/// `Up Migration`, `Down Migration`, and nothing else.
fn is_node(said: &str) -> bool {
    let mut words = said.split(['-', ' ', '\t']).filter(|word| !word.is_empty());
    let direction = words.next().unwrap_or_default();
    let known = direction.eq_ignore_ascii_case("up") || direction.eq_ignore_ascii_case("down");
    let migration = words.next().unwrap_or_default();
    known && migration.eq_ignore_ascii_case("migration") && words.next().is_none()
}

/// `Deploy project:change to pg`, and the like of revert and verify scripts.
fn is_sqitch(said: &str) -> bool {
    let mut words = said.split_whitespace();
    let verb = matches!(words.next(), Some("Deploy" | "Revert" | "Verify"));
    let change = words.next().is_some_and(|word| word.contains(':'));
    let other: Vec<&str> = words.collect();
    verb && change && matches!(other.as_slice(), ["to" | "from" | "on", "pg"])
}
