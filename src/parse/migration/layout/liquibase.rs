//! Liquibase's formatted SQL: changesets with attributes, rolled back by comments.
//!
//! Each changeset is run in a transaction of its own, statement by statement, unless it says
//! `runInTransaction:false`.

use std::ops::Range;

use super::super::file::{Direction, Layout, Mode, Part};
use super::lines::{after, comment, lines};
use super::seen::{Content, Seen};

/// First line of such a file.
pub(super) fn mark(seen: &Seen<'_>) -> Option<String> {
    let spoken = seen.spoken == Some(Layout::Liquibase);
    spoken.then(|| "it begins with `--liquibase formatted sql`".to_owned())
}

/// A changeset while it is read.
struct Changeset {
    id: String,
    mode: Mode,
    says_mode: bool,
    /// It is for other databases.
    is_foreign: bool,
    body: Range<usize>,
    rollback: Vec<Range<usize>>,
}

/// Takes a file apart.
pub(super) fn take(seen: &Seen<'_>) -> Content {
    let mut content = Content::default();
    let mut sets: Vec<Changeset> = Vec::new();
    let mut in_rollback = false;
    let mut before = 0;
    for line in lines(seen.text) {
        let trimmed = line.text.trim();
        if in_rollback {
            in_rollback = !trimmed.ends_with("*/");
            let end = if in_rollback {
                line.start + line.text.len()
            } else {
                line.start + line.text.trim_end().len() - 2
            };
            rollback(&mut sets, line.start..end);
            continue;
        }
        if let Some(rest) = trimmed.strip_prefix("/*") {
            let said = rest.trim_start();
            if let Some(rest) = after(said, "liquibase rollback") {
                let start = line.start + line.text.trim_end().len() - rest.len();
                if let Some(inner) = rest.strip_suffix("*/") {
                    rollback(&mut sets, start..start + inner.len());
                } else {
                    rollback(&mut sets, start..line.start + line.text.len());
                    in_rollback = true;
                }
            }
            continue;
        }
        let Some(said) = comment(trimmed) else {
            before += usize::from(sets.is_empty() && !trimmed.is_empty());
            continue;
        };
        if let Some(rest) = after(said, "changeset").filter(|rest| rest.starts_with([' ', '\t'])) {
            if let Some(last) = sets.last_mut() {
                last.body.end = line.start;
            }
            sets.push(changeset(
                rest.trim(),
                line.next,
                seen.text.len(),
                &mut content,
            ));
        } else if let Some(rest) = after(said, "rollback") {
            let rest = rest.strip_prefix(':').unwrap_or(rest).trim_start();
            let end = line.start + line.text.trim_end().len();
            if !is_no_sql(rest) {
                rollback(&mut sets, end - rest.len()..end);
            }
        }
    }
    if in_rollback {
        content.mistake = Some("a comment of `liquibase rollback` has no end".to_owned());
    } else if sets.is_empty() {
        content.mistake =
            Some("it has no `--changeset author:id`, so Liquibase runs nothing of it".to_owned());
    } else if before > 0 {
        content.mistake = Some(
            "SQL stands before the first `--changeset`, where Liquibase refuses it".to_owned(),
        );
    }
    content.says_mode = sets.iter().any(|set| set.says_mode);
    content.version = match sets.as_slice() {
        [only] => Some(only.id.clone()),
        _ => None,
    };
    content.parts = sets
        .into_iter()
        .filter(|set| !set.is_foreign)
        .flat_map(parts)
        .collect();
    content
}

/// Adds a piece of what takes the last changeset back.
fn rollback(sets: &mut [Changeset], range: Range<usize>) {
    if let Some(set) = sets.last_mut()
        && !range.is_empty()
    {
        set.rollback.push(range);
    }
}

/// Rollbacks that hold no statements.
fn is_no_sql(rest: &str) -> bool {
    let rest = rest.trim();
    rest.is_empty()
        || rest.eq_ignore_ascii_case("empty")
        || rest.eq_ignore_ascii_case("not required")
        || after(rest, "changesetid").is_some()
        || after(rest, "changesetauthor").is_some()
}

/// A changeset by its line: `author:id attribute:value …`.
fn changeset(said: &str, start: usize, end: usize, content: &mut Content) -> Changeset {
    let mut words = said.split_whitespace();
    let name = words.next().unwrap_or_default();
    let id = name.split_once(':').map_or(name, |(_, id)| id).to_owned();
    let mut set = Changeset {
        id,
        mode: Mode::Wrapped,
        says_mode: false,
        is_foreign: false,
        body: start..end,
        rollback: Vec::new(),
    };
    let mut splits = true;
    for (key, value) in words.filter_map(|word| word.split_once(':')) {
        let value = value.trim_matches('"');
        let is_false = value.eq_ignore_ascii_case("false");
        match key.to_ascii_lowercase().as_str() {
            "runintransaction" => {
                set.says_mode = true;
                if is_false {
                    set.mode = Mode::Autocommit;
                }
            }
            "splitstatements" => splits = !is_false,
            "dbms" => set.is_foreign = is_foreign(value),
            "enddelimiter" if !value.contains(';') => {
                content.mistake = Some(format!(
                    "changeset {} ends its statements with `{value}`, which is not followed: they are cut at semicolons",
                    set.id
                ));
            }
            _ => {}
        }
    }
    if !splits && set.mode == Mode::Autocommit {
        set.mode = Mode::Script;
    }
    set
}

/// Does a list of databases leave `PostgreSQL` out?
fn is_foreign(list: &str) -> bool {
    let mut names = list
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let ours =
        |name: &str| name.eq_ignore_ascii_case("postgresql") || name.eq_ignore_ascii_case("all");
    if list.contains('!') {
        return names.any(|name| name.strip_prefix('!').is_some_and(ours));
    }
    !names.any(ours)
}

/// What migrates, then what takes it back.
fn parts(set: Changeset) -> impl Iterator<Item = Part> {
    let down = (!set.rollback.is_empty()).then_some(Part {
        direction: Direction::Down,
        mode: set.mode,
        ranges: set.rollback,
    });
    let up = Part {
        direction: Direction::Up,
        mode: set.mode,
        ranges: vec![set.body],
    };
    std::iter::once(up).chain(down)
}
