//! SQL that can be run, and lines for `postgresql.conf`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::changes::{Advice, Change, needing_restart};
use crate::facts::escape;

const RELOAD: &str = "SELECT pg_reload_conf();";
const BEGINS: &str = "ALTER SYSTEM SET ";
/// What pages say of a restart; it is said once, at the end.
const RESTARTS: [&str; 2] = [
    "-- Takes effect after a restart.",
    "-- Then restart the server.",
];

/// The statements, each with its reason and with what takes it back as a comment; one reload at the
/// end, and a comment that names what needs a restart.
pub fn sql(advice: &Advice) -> String {
    let mut out = String::new();
    let mut done = Done::default();
    let mut reload = false;
    for change in &advice.changes {
        let Some(fix) = &change.fix else { continue };
        let lines = done.new_lines(fix);
        if lines.is_empty() {
            continue;
        }
        let _ = writeln!(out, "-- {}: {}", title(change), comment(&change.reason));
        let elsewhere = is_elsewhere(change);
        for line in &lines {
            let _ = writeln!(out, "{}{line}", if elsewhere { "-- there: " } else { "" });
        }
        reload |= !elsewhere && fix.lines().any(|line| line == RELOAD);
        for line in change
            .undo
            .iter()
            .flat_map(|undo| undo.lines())
            .filter(|line| is_own(line))
        {
            let _ = writeln!(out, "-- undo: {}", line.trim_start_matches("-- "));
        }
        out.push('\n');
    }
    if out.is_empty() {
        return "-- Nothing is to be changed.\n".to_owned();
    }
    if reload {
        let _ = writeln!(out, "{RELOAD}");
    }
    let names = needing_restart(&advice.changes);
    if !names.is_empty() {
        let _ = writeln!(out, "-- Restart the server for: {}.", names.join(", "));
    }
    out
}

/// Lines for `postgresql.conf`; what cannot stand there follows as comments.
pub fn conf(advice: &Advice) -> String {
    let (mut lines, mut others) = (String::new(), String::new());
    let (mut done, mut names) = (Done::default(), BTreeSet::new());
    let mut group = None;
    for change in &advice.changes {
        let Some(fix) = &change.fix else { continue };
        for line in done.new_lines(fix) {
            match line
                .strip_prefix(BEGINS)
                .and_then(assignment)
                .filter(|_| !is_elsewhere(change))
            {
                Some((name, value)) if names.insert(name.to_owned()) => {
                    if group != Some(change.group) {
                        group = Some(change.group);
                        let _ = writeln!(lines, "# {}", change.group.title());
                    }
                    let own = if name == change.setting {
                        Some(change)
                    } else {
                        sibling(advice, name)
                    };
                    let said = own.map_or_else(String::new, |own| {
                        let now = own.now.as_deref().unwrap_or("not visible");
                        format!(
                            "  # was {}; {}; {}",
                            comment(now),
                            own.applies,
                            comment(&own.reason)
                        )
                    });
                    let _ = writeln!(lines, "{name} = {value}{said}");
                }
                Some(_) => {}
                None => {
                    let _ = writeln!(
                        others,
                        "# {}: {}",
                        title(change),
                        comment(line.trim_start_matches("-- "))
                    );
                }
            }
        }
    }
    match (lines.is_empty(), others.is_empty()) {
        (true, true) => "# Nothing is to be changed.\n".to_owned(),
        (false, true) => lines,
        (_, false) => format!(
            "{lines}{}# What cannot stand in this file:\n{others}",
            if lines.is_empty() { "" } else { "\n" }
        ),
    }
}

/// What was printed: a setting stands once, whoever advises it.
#[derive(Debug, Default)]
struct Done(BTreeSet<String>);

impl Done {
    fn new_lines<'a>(&mut self, fix: &'a str) -> Vec<&'a str> {
        let lines = fix.lines().filter(|line| is_own(line));
        let key = |line: &str| match line.strip_prefix(BEGINS).and_then(assignment) {
            Some((name, _)) => name.to_owned(),
            None => line.to_owned(),
        };
        lines.filter(|line| self.0.insert(key(line))).collect()
    }
}

fn is_own(line: &str) -> bool {
    !line.is_empty() && line != RELOAD && !RESTARTS.contains(&line)
}

/// Name and value of `name = value;`. A list of constants becomes one, as the file wants it.
fn assignment(text: &str) -> Option<(&str, String)> {
    let (name, value) = text.trim_end().strip_suffix(';')?.split_once(" = ")?;
    let value = match value
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''))
    {
        Some(list) if list.contains("', '") => format!("'{}'", list.replace("', '", ", ")),
        _ => value.to_owned(),
    };
    Some((name, value))
}

/// A standby is set on the standby.
fn is_elsewhere(change: &Change) -> bool {
    let sets_server = change.fix.as_ref().is_some_and(|fix| fix.contains(BEGINS));
    change.place.is_some() && sets_server
}

fn sibling<'a>(advice: &'a Advice, name: &str) -> Option<&'a Change> {
    advice
        .changes
        .iter()
        .find(|change| change.setting == name && change.place.is_none())
}

fn title(change: &Change) -> String {
    let place = change
        .place
        .as_ref()
        .map_or_else(String::new, |place| format!(" of {place}"));
    comment(&format!("{}{place}", change.setting))
}

/// A text that cannot leave its comment.
fn comment(text: &str) -> String {
    escape::line(text).replace(['\n', '\r'], " ")
}
