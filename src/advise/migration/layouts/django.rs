//! Django: a program in Python for each migration, which names those it depends on.

use super::turns::{of_django, waits};
use super::write::{Migration, NO_DOWN, ended};

/// App and migrations that no other depends on, from names and texts of a folder's programs; the app
/// where the texts name it.
pub fn leaves(programs: &[(&str, &str)]) -> (Option<String>, Vec<String>) {
    let mut app = None;
    let mut leaves: Vec<&str> = programs.iter().map(|(name, _)| *name).collect();
    for (own, text) in programs {
        for (label, name) in pairs(text) {
            if name != *own && programs.iter().any(|(known, _)| *known == name) {
                leaves.retain(|leaf| *leaf != name);
                app.get_or_insert(label);
            }
        }
    }
    (app, leaves.into_iter().map(str::to_owned).collect())
}

/// Pairs of texts in parentheses: `("app", "0001_initial")`.
fn pairs(text: &str) -> Vec<(String, String)> {
    let groups = text.split('(').skip(1);
    let groups = groups.filter_map(|rest| rest.split_once(')'));
    let lists = groups.map(|(inner, _)| super::alembic::quoted(inner));
    lists
        .filter_map(|list| <[String; 2]>::try_from(list).ok())
        .map(|[app, name]| (app, name))
        .collect()
}

/// A text of Python.
pub(super) fn literal(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"");
    // The last quote of a text would belong to those that end it.
    let text = match text.strip_suffix('"') {
        Some(text) => format!("{text}\\\""),
        None => text,
    };
    format!("\"\"\"{text}\"\"\"")
}

/// The program.
pub(super) fn migration(m: &Migration) -> String {
    let about = if m.about.is_empty() {
        String::new()
    } else {
        format!("# {}\n", m.about)
    };
    let atomic = if m.either_is_outside() {
        "    atomic = False\n\n"
    } else {
        ""
    };
    let follows = m.habits.follows.as_deref();
    let depends = follows.map_or(String::new(), |name| {
        format!("(\"{}\", \"{name}\")", m.habits.project)
    });
    let list = |statements: &[String]| {
        let all = statements.iter().map(|sql| literal(&ended(sql)));
        all.map(|sql| format!("                {sql},\n"))
            .collect::<String>()
    };
    let back = if m.down.is_empty() {
        format!("            # {NO_DOWN}\n            reverse_sql=migrations.RunSQL.noop,\n")
    } else {
        format!(
            "            reverse_sql=[\n{}            ],\n",
            list(&m.down)
        )
    };
    let again = atomic.is_empty() && (waits(&m.up) || waits(&m.down));
    let (head, operation) = if again {
        (of_django(), "InTurns")
    } else {
        (
            "from django.db import migrations\n".to_owned(),
            "migrations.RunSQL",
        )
    };
    format!(
        "{about}{head}\n
class Migration(migrations.Migration):
{atomic}    dependencies = [{depends}]

    operations = [
        {operation}(
            sql=[\n{}            ],\n{back}        ),
    ]\n",
        list(&m.up)
    )
}
