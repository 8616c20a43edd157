//! Which statements of a fix share a migration.

use super::fix::Fix;
use super::kind::{Kind, index_name, kind, qualified, statements, target};
use super::tablespace::folded;
use super::upkeep::{Told, told};
use crate::advise::migration::words::Words;

/// Statements of one migration and what takes them back.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Part {
    pub up: Vec<String>,
    pub down: Vec<String>,
}

/// What becomes of a fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sorted {
    /// Migrations, and what is to be done beside them by hand.
    Parts(Vec<Part>, Vec<String>),
    /// Nothing of it is a matter of migrations.
    ByHand,
}

/// Sorts the statements of a fix.
pub fn sort(fix: &Fix) -> Sorted {
    let up = statements(&fix.sql);
    let of_schema = |statement: &String| matches!(kind(statement), Kind::Inside | Kind::Outside);
    // What goes by hand in part goes by hand as a whole, since its steps come one after the other.
    if up.iter().any(|statement| kind(statement) == Kind::ByHand) || !up.iter().any(of_schema) {
        return Sorted::ByHand;
    }
    let Told {
        change,
        along,
        upkeep,
    } = told(up);
    let mut down = statements(fix.undo.as_deref().unwrap_or_default());
    down.retain(|statement| !matches!(kind(statement), Kind::Upkeep | Kind::ByHand));
    let mut parts: Vec<Part> = grouped(folded(change))
        .into_iter()
        .map(|up| Part {
            up,
            down: Vec::new(),
        })
        .collect();
    share(&mut parts, grouped(folded(down)));
    parts.extend(along.into_iter().map(|statement| Part {
        up: vec![statement],
        down: Vec::new(),
    }));
    Sorted::Parts(parts, upkeep)
}

/// Statements that share a migration: those that can be run in one transaction and lock one table
/// only; constraints are validated after that. Settings go with what follows them, what resets them with what is before.
fn grouped(statements: Vec<String>) -> Vec<Vec<String>> {
    let mut groups: Vec<Vec<String>> = Vec::new();
    let mut settings = Vec::new();
    for statement in statements {
        if kind(&statement) == Kind::Setting {
            let resets = statement
                .get(..5)
                .is_some_and(|word| word.eq_ignore_ascii_case("reset"));
            match groups.last_mut().filter(|_| resets) {
                Some(last) => last.push(statement),
                None => settings.push(statement),
            }
            continue;
        }
        let joins = groups.last().is_some_and(|last| {
            let inside = |statement: &String| kind(statement) == Kind::Inside;
            inside(&statement)
                && last.iter().all(inside)
                && last.iter().all(|other| is_one_table(other, &statement))
                && !validates(&statement)
        });
        if let Some(last) = groups.last_mut().filter(|_| joins && settings.is_empty()) {
            last.push(statement);
        } else {
            settings.push(statement);
            groups.push(std::mem::take(&mut settings));
        }
    }
    groups
}

/// What validates a constraint does not wait for the transaction that added it.
fn validates(statement: &str) -> bool {
    Words::new(statement).find("validate constraint").is_some()
}

fn is_one_table(a: &str, b: &str) -> bool {
    match (target(a), target(b)) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    }
}

/// Gives each migration what takes it back: that of the same object, else the last of one what is the
/// first of the other. Where neither fits, all of it belongs to the last.
fn share(parts: &mut [Part], down: Vec<Vec<String>>) {
    let targets = |groups: &[&Vec<String>]| {
        let all = groups.iter().map(|group| target(group.first()?));
        let all: Option<Vec<_>> = all.collect();
        all.filter(|all| {
            let mut sorted = all.clone();
            sorted.sort();
            sorted.windows(2).all(|pair| pair[0] != pair[1])
        })
    };
    if parts.len() == down.len() {
        let ups = targets(&parts.iter().map(|part| &part.up).collect::<Vec<_>>());
        let downs = targets(&down.iter().collect::<Vec<_>>());
        if let (Some(ups), Some(downs)) = (ups, downs)
            && ups.iter().all(|up| downs.contains(up))
        {
            for (group, of) in down.into_iter().zip(downs) {
                if let Some(at) = ups.iter().position(|up| *up == of) {
                    parts[at].down = group;
                }
            }
            return;
        }
        for (part, group) in parts.iter_mut().rev().zip(down) {
            part.down = group;
        }
    } else if let Some((last, before)) = parts.split_last_mut().filter(|_| !down.is_empty()) {
        last.down = down.into_iter().flatten().collect();
        // What the last takes back may have these indexes go along, or may never have been run.
        for part in before {
            if let [only] = part.up.as_slice() {
                part.down.extend(dropped(only));
            }
        }
    }
}

/// What drops an index that a statement makes concurrently, if it is there.
fn dropped(statement: &str) -> Option<String> {
    let words = Words::new(statement);
    let index = index_name(&words).filter(|index| index.is_made && index.is_concurrent)?;
    let name = qualified(&words, &index);
    Some(format!("DROP INDEX CONCURRENTLY IF EXISTS {name}"))
}
