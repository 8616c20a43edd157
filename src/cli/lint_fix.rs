//! `lint --fix`: the safe form where it does the same.

use std::collections::BTreeMap;

use anyhow::anyhow;

use super::atlas_sum::sums;
use super::context::Context;
use super::exit::Exit;
use super::lint::Args;
use super::{lint_facts, lint_files, new_files};
use crate::advise::migration::fix::{Change, Left, Wanted, diff, fix};
use crate::collect::migrations::Gathered;
use crate::config::FailOn;
use crate::engine::{Finding, Outcome, Severity};
use crate::facts::{Store, escape};
use crate::parse::migration::layout::Found;

/// The rule whose fix is a statement before another.
const TIMEOUT: &str = "migration/missing-lock-timeout";

/// Fixes may bring new findings, such as settings that a new file lacks; this often is looked again.
const ROUNDS: usize = 6;

/// Judges facts.
type Judge<'a> = &'a dyn Fn(&mut Store) -> anyhow::Result<Outcome>;

/// Mends files in memory until nothing changes, shows what changed, and writes it.
pub fn run(args: &Args, context: &Context, least: Severity, judge: Judge) -> anyhow::Result<Exit> {
    let mut gathered = lint_files::gathered(args, context)?;
    let mut before: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut after: BTreeMap<String, String> = BTreeMap::new();
    let mut left = Vec::new();
    let mut outcome = Outcome::default();
    for _ in 0..ROUNDS {
        let read = lint_files::taken(args, context, copy(&gathered))?;
        if let Some(unreadable) = read.unreadable.first() {
            return Err(anyhow!("{unreadable}"));
        }
        let mut store = lint_facts::filled(args, context, &read.files)?;
        outcome = judge(&mut store)?;
        let wanted = wanted(&store, &outcome, least)?;
        let fixed = fix(store.connection(), &read.files, &gathered.around, &wanted)?;
        left = fixed.left;
        if fixed.changes.is_empty() {
            break;
        }
        for change in fixed.changes {
            apply(&mut gathered, &change);
            before.entry(change.path.clone()).or_insert(change.before);
            after.insert(change.path, change.after);
        }
    }
    let changes = after
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()));
    let sums = sums(changes)?;
    for remade in sums.remade {
        before.insert(remade.path.clone(), Some(remade.before));
        after.insert(remade.path, remade.after);
    }
    let mut told = String::new();
    for (path, text) in &after {
        told.push_str(&diff(path, before[path].as_deref(), text));
    }
    let out = context.out(args.output.output.as_deref());
    let shown = if out.is_terminal {
        escape::lines(&told)
    } else {
        (&told).into()
    };
    out.write(&shown)?;
    if !args.dry_run {
        for (path, text) in &after {
            new_files::write(path, text, before[path].is_some())?;
        }
    }
    conclude(args, context, &outcome, left, after.len());
    for next in &sums.left {
        context.say.warn(next);
    }
    let fail_on = (context.settings.lint.fail_on).unwrap_or(FailOn::At(Severity::Error));
    if args.verdict.fails(&outcome, fail_on) {
        return Ok(Exit::Findings);
    }
    Ok(Exit::Done)
}

fn copy(gathered: &Gathered) -> Gathered {
    Gathered {
        found: gathered.found.clone(),
        around: gathered.around.clone(),
        unreadable: gathered.unreadable.clone(),
    }
}

/// Findings whose fix is the safe form of what they are about, or a setting before it.
fn wanted(store: &Store, outcome: &Outcome, least: Severity) -> anyhow::Result<Wanted> {
    let mut wanted = Wanted::default();
    let mut safe = store.connection().prepare(
        "SELECT group_concat(line, char(10) ORDER BY step) FROM migration_rewrite_lines WHERE effect_id = ?1",
    )?;
    let told = |finding: &&Finding| finding.severity >= least && finding.is_new;
    for finding in outcome.findings.iter().filter(told) {
        let (Some(subject), Some(sql)) = (finding.subject, &finding.fix) else {
            continue;
        };
        if subject.kind != "migration effect" {
            continue;
        }
        if finding.rule == TIMEOUT {
            wanted
                .before
                .insert(subject.id, sql.trim_end_matches(';').to_owned());
            continue;
        }
        let form: Option<String> = safe.query_row([subject.id], |row| row.get(0))?;
        if form.as_ref() == Some(sql) {
            wanted.effects.insert(subject.id);
        }
    }
    Ok(wanted)
}

/// Makes a change to what was read, as if it had been on the disk.
fn apply(gathered: &mut Gathered, change: &Change) {
    let found = gathered
        .found
        .iter_mut()
        .find(|found| found.path == change.path);
    match found {
        Some(found) => found.bytes = Ok(change.after.clone().into_bytes()),
        None if is_sql(&change.path) => {
            let like = gathered.found.first().cloned();
            let new = Found::new(change.path.clone(), change.after.clone());
            gathered.found.push(Found {
                layout: like.as_ref().and_then(|like| like.layout),
                transaction: like.and_then(|like| like.transaction),
                ..new
            });
        }
        None => {
            let text = change.after.clone();
            gathered.around.texts.insert(change.path.clone(), text);
        }
    }
    let mut path = change.path.as_str();
    while let Some((folder, name)) = path.rsplit_once('/') {
        let names = gathered.around.names.entry(folder.to_owned()).or_default();
        if let Err(at) = names.binary_search_by(|known| known.as_str().cmp(name)) {
            names.insert(at, name.to_owned());
        }
        path = folder;
    }
    if !path.is_empty() {
        let names = gathered.around.names.entry(String::new()).or_default();
        if let Err(at) = names.binary_search_by(|known| known.as_str().cmp(path)) {
            names.insert(at, path.to_owned());
        }
    }
}

fn is_sql(path: &str) -> bool {
    let ending = path.rsplit('.').next();
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case("sql"))
}

fn conclude(
    args: &Args,
    context: &Context,
    outcome: &Outcome,
    mut left: Vec<Left>,
    changed: usize,
) {
    let say = context.say;
    left.sort();
    left.dedup();
    for left in &left {
        say.warn(&format!(
            "{}:{} stays: {}",
            left.path, left.line, left.because
        ));
    }
    let files = |count: usize| {
        if count == 1 {
            "1 file".to_owned()
        } else {
            format!("{count} files")
        }
    };
    let stay = outcome
        .findings
        .iter()
        .filter(|finding| finding.is_new)
        .count();
    let findings = match stay {
        0 => "nothing is found any more".to_owned(),
        1 => "1 finding stays".to_owned(),
        more => format!("{more} findings stay"),
    };
    let verb = match (args.dry_run, changed) {
        (_, 0) => "nothing is changed".to_owned(),
        (true, _) => format!("{} would change", files(changed)),
        (false, 1) => "1 file is written".to_owned(),
        (false, _) => format!("{} are written", files(changed)),
    };
    say.note(&format!("{verb}; {findings}"));
}
