//! All fixes: files of migrations, and what is left to people.

use super::chain::Chain;
use super::files::mode;
use super::fix::{Fix, Linted, Made, Written};
use super::name::name;
use super::place::Place;
use super::sort::{Part, Sorted, sort};
use super::suit::suited;
use super::upkeep::joined;
use crate::advise::migration::layouts::mark::join;
use crate::advise::migration::layouts::write::script;
use crate::advise::migration::layouts::{Migration, NewFile, sqitch, write};
use crate::parse::migration::{Layout, Mode};

/// Name of the file with what is done by hand, without its ending.
const BY_HAND: &str = "by_hand";
/// Above what the linter does not let pass.
const AGAINST: &str = "Not written as a migration";
/// Above a statement of Flyway that waits for all transactions.
const FLYWAY: &str = "-- Flyway's own lock is a transaction that this waits for, unless flyway.postgresql.transactional.lock is false.";
/// Ends such a setting where no transaction does.
const RESET: &str = "RESET lock_timeout";
/// Above a setting that limits the wait for a lock.
const RETRY: &str = "-- If the lock is not had in time, this fails with 55P03 and has changed nothing: run it again.";

/// Writes fixes as migrations of a layout, behind those of a folder: one concern a migration, and
/// those that cannot run in a transaction by themselves. What was linted says which settings stand
/// before them and which fixes are not written; the first time nothing does.
pub fn migrations(fixes: &[Fix], layout: Layout, place: &Place, linted: &Linted) -> Written {
    let mut written = Written::default();
    let mut by_hand = ByHand::default();
    let mut chain = match Chain::new(layout, place) {
        Ok(chain) => chain,
        Err(because) => {
            let all = fixes
                .iter()
                .map(|fix| (fix.object.clone(), because.clone()));
            written.left = all.collect();
            return written;
        }
    };
    let mut planned = String::new();
    for (number, fix) in fixes.iter().enumerate() {
        if fixes[..number].iter().any(|other| other.sql == fix.sql) {
            continue;
        }
        if let Some(against) = linted.against.get(&number) {
            by_hand.add(fix, against);
            continue;
        }
        let (parts, upkeep) = match sort(fix) {
            Sorted::ByHand => {
                by_hand.add(fix, &[]);
                continue;
            }
            Sorted::Parts(parts, upkeep) => (joined(parts, layout), upkeep),
        };
        let mut needed = fix.needs.iter().filter_map(|needed| fixes.get(*needed));
        if let Some(needed) = needed.find(|needed| left(&written, &needed.object)) {
            let because = format!(
                "it goes by the fix of {}, which is not written",
                needed.object
            );
            written.left.push((fix.object.clone(), because));
            continue;
        }
        let mut made = Vec::new();
        let mut because = None;
        for (n, part) in parts.iter().enumerate() {
            let key = (number, n);
            let migration = migration(fix, part, layout, &mut chain, linted, key);
            match write(&migration) {
                Ok(files) => {
                    chain.follow(&migration.version, &migration.stem());
                    if layout == Layout::Sqitch {
                        planned.push_str(&sqitch::line(&migration));
                    }
                    made.push(Made {
                        key,
                        migration,
                        files,
                    });
                }
                Err(reason) => because = Some(reason),
            }
        }
        match because {
            Some(because) => written.left.push((fix.object.clone(), because)),
            None => written.made.extend(made),
        }
        if !upkeep.is_empty() {
            by_hand.add_sql(fix, &[], &script(&upkeep), None);
        }
    }
    if layout == Layout::Sqitch {
        let all = written.made.iter_mut();
        sqitch::settle(all.map(|made| (&made.migration, &mut made.files)));
    }
    if let Some(plan) = place.texts.get(sqitch::PLAN)
        && !planned.is_empty()
    {
        let lead = if plan.ends_with('\n') { "" } else { "\n" };
        written.changed = Some(NewFile {
            path: join(&place.folder, sqitch::PLAN),
            text: format!("{plan}{lead}{planned}"),
        });
    }
    if layout == Layout::Liquibase && !written.made.is_empty() {
        let next = "include the new files in the changelog, unless it includes the whole folder";
        written.next.push(next.to_owned());
    }
    written.by_hand = by_hand.file(layout, place);
    written
}

fn left(written: &Written, object: &str) -> bool {
    written.left.iter().any(|(left, _)| left == object)
}

fn migration(
    fix: &Fix,
    part: &Part,
    layout: Layout,
    chain: &mut Chain,
    linted: &Linted,
    key: (usize, usize),
) -> Migration {
    let mut suited = suited(part, layout, linted.names_are_free);
    let name = name(fix, &part.up);
    if layout == Layout::Flyway {
        let ways = [
            (&mut suited.up, suited.is_outside),
            (&mut suited.down, suited.undo_is_outside),
        ];
        for (statements, is_outside) in ways {
            if let Some(first) = statements.first_mut().filter(|_| is_outside) {
                *first = format!("{FLYWAY}\n{first}");
            }
        }
    }
    for (statements, is_outside, before) in [
        (&mut suited.up, suited.is_outside, linted.before.get(&key)),
        (
            &mut suited.down,
            suited.undo_is_outside,
            linted.before_undo.get(&key),
        ),
    ] {
        if let Some(setting) = before {
            set(statements, setting, mode(layout, is_outside));
        }
    }
    let (version, name) = chain.next(&name, &suited.up);
    Migration {
        layout,
        folder: chain.folder().to_owned(),
        version,
        name,
        about: fix.about(),
        up: suited.up,
        down: suited.down,
        is_outside: suited.is_outside && layout != Layout::Sql,
        undo_is_outside: suited.undo_is_outside && layout != Layout::Sql,
        has_down: chain.has_down,
        habits: chain.habits.clone(),
    }
}

/// Puts a setting before statements, so that it ends with them: builds of indexes that come after it in the
/// same session wait for longer.
fn set(statements: &mut Vec<String>, setting: &str, mode: Mode) {
    let setting = match mode {
        // With the setting they are several, so one transaction.
        Mode::Script if !setting.starts_with("SET LOCAL ") => {
            setting.replacen("SET ", "SET LOCAL ", 1)
        }
        _ => setting.to_owned(),
    };
    if mode == Mode::Autocommit && !setting.starts_with("SET LOCAL ") {
        statements.push(RESET.to_owned());
    }
    statements.insert(0, format!("{RETRY}\n{setting}"));
}

/// What is done by hand.
#[derive(Default)]
struct ByHand(String);

impl ByHand {
    fn add(&mut self, fix: &Fix, against: &[String]) {
        self.add_sql(fix, against, &fix.sql, fix.undo.as_deref());
    }

    fn add_sql(&mut self, fix: &Fix, against: &[String], sql: &str, undo: Option<&str>) {
        let text = &mut self.0;
        text.push_str(&format!("-- {}\n", fix.about()));
        for because in against {
            let because = because.replace(['\n', '\r'], " ");
            text.push_str(&format!("-- {AGAINST}: {because}\n"));
        }
        text.push_str(sql.trim_end());
        text.push('\n');
        if let Some(undo) = undo.filter(|undo| !undo.trim().is_empty()) {
            text.push_str("-- What takes it back:\n");
            for line in undo.trim_end().lines() {
                text.push_str(&format!("--   {line}\n"));
            }
        }
        text.push('\n');
    }

    fn file(self, layout: Layout, place: &Place) -> Option<NewFile> {
        if self.0.is_empty() {
            return None;
        }
        // It takes every file for a migration, but for hidden ones.
        let dot = if layout == Layout::NodePgMigrate {
            "."
        } else {
            ""
        };
        let mut name = format!("{dot}{BY_HAND}.txt");
        let mut count = 1;
        while place.names.contains(&name) {
            count += 1;
            name = format!("{dot}{BY_HAND}_{count}.txt");
        }
        let lead = "-- Not a matter of migrations: run these where and when it suits.\n\n";
        Some(NewFile {
            path: join(&place.folder, &name),
            text: format!("{lead}{}", self.0.trim_end()) + "\n",
        })
    }
}
