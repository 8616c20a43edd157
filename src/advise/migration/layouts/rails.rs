//! Rails: a class in Ruby for each migration.

use super::turns::{of_rails, waits};
use super::write::{Migration, NO_DOWN, ended};

/// The version that a migration names: `ActiveRecord::Migration[7.1]`.
pub fn version(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("ActiveRecord::Migration[")?;
    let (version, _) = rest.split_once(']')?;
    let plain = !version.is_empty() && version.chars().all(|c| c.is_ascii_digit() || c == '.');
    plain.then_some(version)
}

/// The class of a name, as Rails looks for it.
fn class(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut chars = word.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(chars).collect::<String>()
    });
    words.collect()
}

/// The program.
pub(super) fn migration(m: &Migration) -> String {
    let about = if m.about.is_empty() {
        String::new()
    } else {
        format!("# {}\n", m.about)
    };
    let outside = if m.either_is_outside() {
        "  disable_ddl_transaction!\n\n"
    } else {
        ""
    };
    let again = |statements: &[String]| outside.is_empty() && waits(statements);
    let methods = if again(&m.up) || again(&m.down) {
        of_rails()
    } else {
        String::new()
    };
    format!(
        "{about}class {} < ActiveRecord::Migration[{}]\n{outside}  def up\n{}  end\n\n  def down\n{}  end\n{methods}end\n",
        class(&m.name),
        m.habits.rails,
        body(&m.up, again(&m.up)),
        body(&m.down, again(&m.down)),
    )
}

fn body(statements: &[String], again: bool) -> String {
    if statements.is_empty() {
        return format!("    # {NO_DOWN}\n");
    }
    let (mut text, end, indent) = if again {
        ("    in_turns do\n".to_owned(), "    end\n", "  ")
    } else {
        (String::new(), "", "")
    };
    for statement in statements {
        // In a text between such marks nothing is replaced.
        text.push_str(&format!("{indent}    execute <<~'SQL'\n"));
        for line in ended(statement).lines() {
            text.push_str(&format!("{indent}      {line}\n"));
        }
        text.push_str(&format!("{indent}    SQL\n"));
    }
    text + end
}
