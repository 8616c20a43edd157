//! node-pg-migrate: a program in JavaScript, where a file of SQL cannot say that it is run without a
//! transaction. Its ending is that of modules which every project can load.

use super::write::{Migration, NO_DOWN, ended};

/// The program.
pub(super) fn program(m: &Migration) -> String {
    let about = if m.about.is_empty() {
        String::new()
    } else {
        format!("// {}\n", m.about)
    };
    format!(
        "{about}exports.up = (pgm) => {{\n{}}};\n\nexports.down = (pgm) => {{\n{}}};\n",
        body(&m.up, m.is_outside),
        body(&m.down, m.undo_is_outside),
    )
}

fn body(statements: &[String], is_outside: bool) -> String {
    if statements.is_empty() {
        return format!("  // {NO_DOWN}\n");
    }
    let mut text = String::new();
    if is_outside {
        text.push_str("  pgm.noTransaction();\n");
    }
    for statement in statements {
        text.push_str(&format!("  pgm.sql({});\n", literal(&ended(statement))));
    }
    text
}

fn literal(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('`', "\\`");
    format!("`{}`", text.replace("${", "\\${"))
}
