//! Sqitch: scripts that deploy, revert and verify, and a line in the plan.

use std::collections::BTreeSet;

use super::verify::{objects, verify};
use super::write::{Migration, NewFile, script};

/// Name of the plan.
pub const PLAN: &str = "sqitch.plan";

/// Who plans changes; whoever commits them puts a name here.
const PLANNER: &str = "pgtriage <pgtriage@localhost>";

/// The project that a plan is for.
pub fn project(plan: &str) -> Option<&str> {
    let mut lines = plan
        .lines()
        .filter_map(|line| line.trim().strip_prefix("%project="));
    lines.next().map(str::trim)
}

/// The line of a change.
pub fn line(m: &Migration) -> String {
    let note = if m.about.is_empty() {
        String::new()
    } else {
        format!(" # {}", m.about)
    };
    format!("{} {} {PLANNER}{note}\n", m.name, m.habits.at)
}

/// The scripts: psql runs them, so they begin their transaction themselves.
pub(super) fn scripts(m: &Migration) -> Vec<NewFile> {
    let (project, name) = (&m.habits.project, &m.name);
    let whole = |statements: &[String], is_outside: bool| {
        let text = script(statements);
        if is_outside || statements.is_empty() {
            text
        } else {
            format!("BEGIN;\n\n{text}\nCOMMIT;\n")
        }
    };
    let about = if m.about.is_empty() {
        String::new()
    } else {
        format!("-- {}\n", m.about)
    };
    let up = whole(&m.up, m.is_outside);
    let down = whole(&m.down, m.undo_is_outside);
    vec![
        m.file(
            &format!("deploy/{name}.sql"),
            format!("-- Deploy {project}:{name} to pg\n{about}\n{up}"),
        ),
        m.file(
            &format!("revert/{name}.sql"),
            format!("-- Revert {project}:{name} from pg\n\n{down}"),
        ),
        verified(m, &BTreeSet::new()),
    ]
}

/// The script that verifies a change, but for objects that `later` ones change again.
fn verified(m: &Migration, later: &BTreeSet<String>) -> NewFile {
    let (project, name) = (&m.habits.project, &m.name);
    m.file(
        &format!("verify/{name}.sql"),
        format!(
            "-- Verify {project}:{name} on pg\n\nBEGIN;\n\n{}\nROLLBACK;\n",
            verify(&m.up, later)
        ),
    )
}

/// Makes the scripts that verify changes such that they hold when all of them are deployed.
pub fn settle<'m>(changes: impl DoubleEndedIterator<Item = (&'m Migration, &'m mut Vec<NewFile>)>) {
    let mut later = BTreeSet::new();
    for (migration, files) in changes.rev() {
        let script = verified(migration, &later);
        if let Some(file) = files.iter_mut().find(|file| file.path == script.path) {
            *file = script;
        }
        later.extend(objects(&migration.up).into_iter().map(|(object, _)| object));
    }
}
