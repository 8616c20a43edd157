//! All files: what changes, what stays and why.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Result};

use super::one::{One, part_start};
use super::place::Places;
use super::read::statements;
use super::text::{Edits, Lines};
use crate::advise::migration::layouts::mark::{Outside, outside};
use crate::parse::migration::layout::Around;
use crate::parse::migration::{Direction, File, Layout};

/// What is to be mended.
#[derive(Debug, Default, Clone)]
pub struct Wanted {
    /// Effects whose safe form is to be written.
    pub effects: BTreeSet<i64>,
    /// Statements that are to be written before that of an effect.
    pub before: BTreeMap<i64, String>,
}

/// A file that changes, or that is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its path.
    pub path: String,
    /// Its text before; none: there is no such file.
    pub before: Option<String>,
    /// Its text after.
    pub after: String,
}

/// What was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Left {
    /// Path of the file.
    pub path: String,
    /// Line of the statement.
    pub line: usize,
    /// Why.
    pub because: String,
}

/// What becomes of files.
#[derive(Debug, Default)]
pub struct Fixed {
    /// Files that change, in order.
    pub changes: Vec<Change>,
    /// What could not be mended.
    pub left: Vec<Left>,
}

/// Writes the safe form of what harms, as far as that does the same. The facts are those of the
/// files.
///
/// # Errors
/// Where the facts cannot be read.
pub fn fix(facts: &Connection, files: &[File], around: &Around, wanted: &Wanted) -> Result<Fixed> {
    let mut fixed = Fixed::default();
    let mut places = Places::new(around, files);
    for file in files.iter().filter(|file| file.is_judged) {
        let query = "SELECT id FROM migration_files WHERE path = ?1";
        let id = facts.prepare_cached(query)?;
        let mut id = id;
        let id: Option<i64> = id.query_row([&file.path], |row| row.get(0)).optional()?;
        let Some(id) = id else {
            continue;
        };
        let part_start = |at| part_start(file, at);
        let statements = statements(facts, id, &file.text, &part_start, &wanted.effects)?;
        let mut one = One {
            facts,
            files,
            file,
            id,
            lines: Lines::new(&file.text),
            statements: &statements,
            edits: Edits::default(),
            down: BTreeMap::new(),
            is_marked: false,
            places: &mut places,
            fixed: &mut fixed,
        };
        if let Some(because) = made_by_program(file.layout) {
            one.leave_all(because);
            continue;
        }
        let up = file
            .parts
            .iter()
            .filter(|part| part.direction == Direction::Up);
        for part in up {
            one.part(part)?;
        }
        // Settings come when the statements are where they stay.
        if one.edits.is_empty() {
            one.timeouts(wanted)?;
        }
        one.finish(around);
    }
    Ok(fixed)
}

/// Why files of a layout are not changed, where programs make them.
fn made_by_program(layout: Layout) -> Option<&'static str> {
    match (layout, outside(layout)) {
        (Layout::Alembic | Layout::Django | Layout::Rails, Outside::Never(because)) => {
            Some(because)
        }
        _ => None,
    }
}
