//! Alembic: a program in Python for each revision, which names the one before.

use sha2::{Digest, Sha256};

use super::django::literal;
use super::turns::{of_alembic, waits};
use super::write::{Migration, NO_DOWN, ended};

/// Letters of a revision.
const LENGTH: usize = 12;

/// The revision of a migration: made of what it follows and does, so that it is the same each time.
pub fn name_of(follows: Option<&str>, name: &str, up: &[String]) -> String {
    let mut hash = Sha256::new();
    for text in [follows.unwrap_or_default(), name]
        .into_iter()
        .chain(up.iter().map(String::as_str))
    {
        hash.update(text);
        hash.update([0]);
    }
    let mut hex: String = hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    hex.truncate(LENGTH);
    hex
}

/// Revisions that no other follows, from the texts of all.
pub fn heads<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let (mut all, mut followed) = (Vec::new(), Vec::new());
    for text in texts {
        for line in text.lines() {
            if let Some(value) = assigned(line, "revision") {
                all.extend(quoted(value));
            } else if let Some(value) = assigned(line, "down_revision") {
                followed.extend(quoted(value));
            }
        }
    }
    all.retain(|revision| !followed.contains(revision));
    all
}

/// What a line gives a variable: `name = …`, `name: type = …`.
fn assigned<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (left, right) = line.strip_prefix(name)?.split_once('=')?;
    let left = left.trim();
    (left.is_empty() || left.starts_with(':')).then_some(right)
}

/// Texts in quotes.
pub(super) fn quoted(text: &str) -> Vec<String> {
    let text = text.split('#').next().unwrap_or_default();
    let parts = text.split(['"', '\'']);
    parts.skip(1).step_by(2).map(str::to_owned).collect()
}

/// The program.
pub(super) fn revision(m: &Migration) -> String {
    let follows = m.habits.follows.as_deref();
    let named = follows.map_or("None".to_owned(), |name| format!("\"{name}\""));
    let about = if m.about.is_empty() {
        &m.name
    } else {
        &m.about
    };
    let about = about.replace('\\', "\\\\").replace('"', "'");
    let again = |statements: &[String], is_outside: bool| !is_outside && waits(statements);
    let (again, undo_again) = (
        again(&m.up, m.is_outside),
        again(&m.down, m.undo_is_outside),
    );
    let head = if again || undo_again {
        of_alembic()
    } else {
        "from alembic import op\n".to_owned()
    };
    format!(
        "\"\"\"{about}\n\nRevision ID: {}\nRevises: {}\nCreate Date: {}\n\n\"\"\"\n{head}\n
revision = \"{}\"\ndown_revision = {named}\nbranch_labels = None\ndepends_on = None\n\n
def upgrade():\n{}\n
def downgrade():\n{}",
        m.version,
        follows.unwrap_or_default(),
        m.habits.at,
        m.version,
        body(&m.up, m.is_outside, again),
        body(&m.down, m.undo_is_outside, undo_again),
    )
}

fn body(statements: &[String], is_outside: bool, again: bool) -> String {
    if statements.is_empty() {
        return format!("    # {NO_DOWN}\n    pass\n");
    }
    let mut text = String::new();
    let mut indent = "    ";
    if is_outside {
        text.push_str("    with op.get_context().autocommit_block():\n");
        indent = "        ";
    } else if again {
        text.push_str("    def change():\n");
        indent = "        ";
    }
    for statement in statements {
        let sql = literal(&unbound(&ended(statement)));
        text.push_str(&format!("{indent}op.execute({sql})\n"));
    }
    if again {
        text.push_str("\n    in_turns(change)\n");
    }
    text
}

/// `:name` in a text is a parameter to `SQLAlchemy`, unless a backslash stands before it.
fn unbound(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut before = ' ';
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        let begins = chars
            .peek()
            .is_some_and(|next| next.is_alphanumeric() || *next == '_');
        if c == ':' && begins && before != ':' && !before.is_alphanumeric() && before != '_' {
            text.push('\\');
        }
        text.push(c);
        before = c;
    }
    text
}
