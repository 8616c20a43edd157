//! Fixes as files of migrations in a folder: linted first, then written.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::bail;
use jiff::Timestamp;

use super::atlas_sum::sums;
use super::context::{Context, Rules};
use super::linted::judged;
use super::new_files;
use crate::advise::migration::fixes::place::is_read;
use crate::advise::migration::fixes::{Fix, Key, Linted, Place, Written, back, forth, migrations};
use crate::engine::{Finding, Severity};
use crate::facts::Store;
use crate::parse::migration::Layout;
use crate::report::plural;

/// The rule whose fix is a setting that stands before a statement.
const TIMEOUT: &str = "migration/missing-lock-timeout";
/// From here on what the linter says keeps a fix from being written.
const LEAST: Severity = Severity::Warning;

/// Writes fixes for a database (that of this name, or the only one of the store) into a folder, and says
/// what was written and what is left to do. A fix of which the linter says a warning or an error goes to
/// the file with what is done by hand, with what was said.
pub fn write(
    context: &Context,
    rules: &Rules,
    store: &mut Store,
    database: Option<&str>,
    fixes: &[Fix],
    folder: &Path,
    layout: Layout,
) -> anyhow::Result<()> {
    let say = context.say;
    let place = place(folder, layout)?;
    let linted = linted(rules, store, database, fixes, layout, &place)?;
    let written = migrations(fixes, layout, &place, &linted);
    for (object, because) in &written.left {
        say.warn(&format!("the fix of {object} is not written: {because}"));
    }
    for (at, against) in &linted.against {
        let fix = &fixes[*at];
        say.warn(&format!(
            "the fix of {} by {} is left to be done by hand: {}",
            fix.object,
            fix.rule,
            against.join("; ")
        ));
    }
    let saved = save(&written)?;
    let count = saved.paths.len();
    let verb = if count == 1 { "is" } else { "are" };
    say.note(&format!(
        "{} {verb} written to {}",
        plural(count, "file"),
        folder.display()
    ));
    for next in &saved.left {
        say.warn(next);
    }
    Ok(())
}

/// What the linter says of the migrations that fixes would be. The store keeps what they do.
pub fn linted(
    rules: &Rules,
    store: &mut Store,
    database: Option<&str>,
    fixes: &[Fix],
    layout: Layout,
    place: &Place,
) -> anyhow::Result<Linted> {
    let mut linted = Linted::default();
    let written = migrations(fixes, layout, place, &linted);
    if written.made.is_empty() {
        return Ok(linted);
    }
    let mut files = forth(&written, layout, place);
    let outcome = judged(store, rules, database, &files)?;
    for finding in &outcome.findings {
        let Some(key) = key(&written, finding) else {
            continue;
        };
        if let Some(setting) = setting(finding) {
            linted.before.insert(key, setting);
        } else if finding.severity >= LEAST {
            let said = format!("{}: {} {}", finding.rule, finding.object, finding.detail);
            let against = linted.against.entry(key.0).or_default();
            if !against.contains(&said) {
                against.push(said);
            }
        }
    }
    for (at, fix) in fixes.iter().enumerate() {
        let mut needed = fix.needs.iter();
        let needed = needed.find(|needed| linted.against.contains_key(needed));
        if let Some(needed) = needed.and_then(|needed| fixes.get(*needed)) {
            let said = format!(
                "it goes by the fix of {}, which is done by hand",
                needed.object
            );
            linted.against.entry(at).or_default().push(said);
        }
    }
    for file in &mut files {
        file.is_judged = false;
    }
    files.extend(back(&written));
    let outcome = judged(store, rules, database, &files)?;
    linted.names_are_free = true;
    for finding in &outcome.findings {
        if let (Some(key), Some(setting)) = (key(&written, finding), setting(finding)) {
            linted.before_undo.insert(key, setting);
        }
    }
    Ok(linted)
}

/// The migration that a finding is about.
fn key(written: &Written, finding: &Finding) -> Option<Key> {
    let path = finding.location.file.as_deref()?;
    let mut made = written.made.iter();
    let made = made.find(|made| made.files.iter().any(|file| file.path == path))?;
    Some(made.key)
}

/// The setting that a finding asks for.
fn setting(finding: &Finding) -> Option<String> {
    let fix = finding.fix.as_ref().filter(|_| finding.rule == TIMEOUT)?;
    Some(fix.trim_end_matches(';').to_owned())
}

/// The database that fixes are for; an error where they are for several, since migrations of a
/// folder are run on one.
pub fn one_database<'a>(
    databases: impl Iterator<Item = &'a str>,
) -> anyhow::Result<Option<&'a str>> {
    let all: BTreeSet<&str> = databases.collect();
    if all.len() > 1 {
        let all: Vec<&str> = all.into_iter().collect();
        bail!(
            "the fixes are for several databases ({}), and a folder of migrations is for one: write those of one at a time",
            all.join(", ")
        );
    }
    Ok(all.into_iter().next())
}

/// A folder as it is, for migrations of a layout.
pub fn place(folder: &Path, layout: Layout) -> anyhow::Result<Place> {
    let names = new_files::names(folder)?;
    let mut place = Place::empty(&folder.display().to_string(), Timestamp::now());
    for name in names.iter().filter(|name| is_read(layout, name)) {
        let bytes = new_files::read(&folder.join(name).display().to_string())?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        place.texts.insert(name.clone(), text);
    }
    place.names = names;
    Ok(place)
}

/// What was written.
#[derive(Debug, Default)]
pub struct Saved {
    /// Paths of files.
    pub paths: Vec<String>,
    /// What is to be done by hand, as sentences.
    pub left: Vec<String>,
}

/// Writes files, none over another, and the sum of a folder of Atlas.
pub fn save(written: &Written) -> anyhow::Result<Saved> {
    let new = written.files();
    let sums = sums(new.map(|file| (file.path.as_str(), file.text.as_str())))?;
    let mut paths = Vec::new();
    for file in written.files().chain(&written.by_hand) {
        new_files::write(&file.path, &file.text, false)?;
        paths.push(file.path.clone());
    }
    if let Some(changed) = &written.changed {
        new_files::write(&changed.path, &changed.text, true)?;
        paths.push(changed.path.clone());
    }
    for remade in sums.remade {
        new_files::write(&remade.path, &remade.after, true)?;
        paths.push(remade.path);
    }
    let mut left = written.next.clone();
    left.extend(sums.left);
    Ok(Saved { paths, left })
}
