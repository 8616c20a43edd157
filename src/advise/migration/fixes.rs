//! Fixes of findings as migrations.

use super::layouts::mark::join;
use super::layouts::version::next;
use super::layouts::write::script;
use super::layouts::{Migration, NewFile, write};
use super::words::Words;
use crate::parse::ddl::command;
use crate::parse::ddl::effect::stands_alone;
use crate::parse::migration::Layout;
use crate::parse::split::split;
use crate::parse::{Ending, ItemKind};

/// A fix of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The finding's rule.
    pub rule: String,
    /// What the finding is about.
    pub object: String,
    /// Its sentence.
    pub detail: String,
    /// SQL that mends it.
    pub sql: String,
    /// SQL that takes that back.
    pub undo: Option<String>,
}

/// What becomes of fixes.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Written {
    /// Files of migrations.
    pub files: Vec<NewFile>,
    /// What is no matter of migrations, such as settings of the server, as a file of its own.
    pub by_hand: Option<NewFile>,
    /// Fixes of which nothing could be written, and why.
    pub left: Vec<(String, String)>,
}

/// Name of the file with what is done by hand.
const BY_HAND: &str = "by_hand.txt";

/// Words of a file's name.
const NAME_LENGTH: usize = 60;

/// What kind of statement it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Inside,
    Outside,
    ByHand,
}

/// Writes fixes as migrations of a layout, each with a version after `newest`. Those that cannot
/// run in a transaction have files of their own.
pub fn migrations(fixes: &[Fix], layout: Layout, folder: &str, newest: &str) -> Written {
    let mut written = Written::default();
    let mut version = newest.to_owned();
    let mut by_hand = String::new();
    let mut seen = Vec::new();
    for fix in fixes {
        if seen.contains(&&fix.sql) {
            continue;
        }
        seen.push(&fix.sql);
        let up = statements(&fix.sql);
        let mut down = statements(fix.undo.as_deref().unwrap_or_default());
        down.retain(|statement| kind(statement) != Kind::ByHand);
        let mut hand = Vec::new();
        let groups = up.chunk_by(|a, b| kind(a) == kind(b) && kind(a) != Kind::Outside);
        let groups: Vec<&[String]> = groups.collect();
        let last = groups
            .iter()
            .rposition(|group| kind(&group[0]) != Kind::ByHand);
        for (n, group) in groups.iter().enumerate() {
            let kind = kind(&group[0]);
            if kind == Kind::ByHand {
                hand.extend(group.iter().cloned());
                continue;
            }
            version = next(&version);
            // What takes a fix back belongs to the last of its migrations.
            let down = if Some(n) == last {
                std::mem::take(&mut down)
            } else {
                Vec::new()
            };
            let migration = Migration {
                layout,
                folder: folder.to_owned(),
                version: version.clone(),
                name: name(fix),
                up: with_head(fix, group),
                has_down: !down.is_empty(),
                down,
                is_outside: kind == Kind::Outside && layout != Layout::Sql,
                is_paired: matches!(layout, Layout::Sql | Layout::Sqlx),
            };
            match write(&migration) {
                Ok(files) => written.files.extend(files),
                Err(because) => written.left.push((fix.object.clone(), because)),
            }
        }
        if !hand.is_empty() {
            by_hand.push_str(&format!("{}\n{}\n", head(fix), script(&hand)));
        }
    }
    if !by_hand.is_empty() {
        let lead = "-- Not a matter of migrations: run these where and when it suits.\n\n";
        written.by_hand = Some(NewFile {
            path: join(folder, BY_HAND),
            text: format!("{lead}{}", by_hand.trim_end()) + "\n",
        });
    }
    written
}

/// What a fix is for, as a comment.
fn head(fix: &Fix) -> String {
    let line = format!("-- {}: {} {}", fix.rule, fix.object, fix.detail);
    line.replace(['\n', '\r'], " ")
}

fn with_head(fix: &Fix, group: &[String]) -> Vec<String> {
    let mut all = group.to_vec();
    if let Some(first) = all.first_mut() {
        *first = format!("{}\n{first}", head(fix));
    }
    all
}

/// The statements of a text, each with the comments above it.
fn statements(sql: &str) -> Vec<String> {
    let mut found = Vec::new();
    for item in split(sql) {
        let text = item.text(sql);
        let text = text.trim().trim_end_matches(';').trim_end();
        if item.ending != Ending::Discarded && !text.is_empty() {
            let meta = if item.kind == ItemKind::Sql {
                ""
            } else {
                "-- "
            };
            found.push(format!("{meta}{text}"));
        }
    }
    found
}

fn kind(statement: &str) -> Kind {
    let words = Words::new(statement);
    let called = command(statement);
    if words.len() == 0
        || words.is_unfinished()
        || called.starts_with("VACUUM")
        || [
            "ALTER SYSTEM",
            "ALTER ROLE",
            "ALTER DATABASE",
            "SELECT",
            "CHECKPOINT",
            "ANALYZE",
        ]
        .contains(&called.as_str())
    {
        return Kind::ByHand;
    }
    if stands_alone(statement) {
        Kind::Outside
    } else {
        Kind::Inside
    }
}

/// Rule and object as words of a file's name.
fn name(fix: &Fix) -> String {
    let text = format!("{} {}", fix.rule, fix.object).to_lowercase();
    let mut name = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c);
        } else if !name.ends_with('_') {
            name.push('_');
        }
    }
    name.truncate(NAME_LENGTH);
    name.trim_matches('_').to_owned()
}
