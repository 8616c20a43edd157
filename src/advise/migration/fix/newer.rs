//! What has to come later, as migrations of their own.

use rusqlite::{OptionalExtension, Result};

use super::fix::Change;
use super::one::{One, undo};
use super::place::{habits, home};
use super::read::Statement;
use super::text::Lines;
use super::units::{Unit, is_setting, spread};
use crate::advise::migration::layouts::mark::{Outside, outside};
use crate::advise::migration::layouts::{Migration, write};

impl One<'_, '_> {
    /// What has to come later becomes migrations of their own, the first of them this file if
    /// nothing else is left in it.
    pub fn new_files(&mut self, all: &[&Statement]) -> Result<()> {
        let how = outside(self.file.layout);
        let mut spread = spread(all, how == Outside::One);
        let line = all
            .iter()
            .find(|statement| statement.pieces.is_some())
            .map_or(1, |s| s.line);
        if let Outside::Never(because) = how
            && spread.units.iter().any(|unit| unit.is_outside)
        {
            self.leave(line, because);
            return Ok(());
        }
        let converted = spread.is_emptied(all) && !spread.units.is_empty();
        let first = converted.then(|| spread.units.remove(0));
        if let Some(later) = self.later(&spread.units)? {
            self.leave(line, format!("{later} works on the same objects later"));
            return Ok(());
        }
        let mut made = Vec::new();
        for unit in &spread.units {
            let version = match self.places.version(self.file) {
                Ok(version) => version,
                Err(because) => {
                    self.leave(line, because);
                    return Ok(());
                }
            };
            let migration = Migration {
                layout: self.file.layout,
                folder: home(self.file).0.to_owned(),
                version,
                name: self.places.name(self.file, unit),
                about: String::new(),
                up: unit.pieces.iter().map(|piece| piece.sql.clone()).collect(),
                down: if self.places.has_down(self.file) {
                    undo(unit)
                } else {
                    Vec::new()
                },
                is_outside: unit.is_outside,
                undo_is_outside: unit.is_outside,
                has_down: self.places.has_down(self.file),
                habits: habits(self.file, self.places.has_down(self.file)),
            };
            match write(&migration) {
                Ok(files) => made.extend(files),
                Err(because) => {
                    self.leave(line, because);
                    return Ok(());
                }
            }
        }
        match &first {
            Some(unit) => self.convert(all, unit),
            None => self.apply_here(all, &spread),
        }
        for unit in &spread.units {
            self.forget_in_down(unit)?;
        }
        self.fixed
            .changes
            .extend(made.into_iter().map(|file| Change {
                path: file.path,
                before: None,
                after: file.text,
            }));
        Ok(())
    }

    /// The statements of a unit take the place of all there were; settings go where there is no
    /// transaction that they could be for.
    pub fn convert(&mut self, all: &[&Statement], unit: &Unit) {
        let sql: Vec<String> = unit.pieces.iter().map(|piece| piece.sql.clone()).collect();
        let mut is_written = false;
        for statement in all {
            if is_setting(statement) {
                if unit.is_outside {
                    self.put(statement, &[]);
                }
            } else if is_written {
                self.put(statement, &[]);
            } else {
                self.put(statement, &sql);
                is_written = true;
            }
        }
        if unit.is_outside {
            self.is_marked = true;
        }
    }

    /// A file that comes later and works on what is moved behind it.
    fn later(&self, units: &[Unit]) -> Result<Option<String>> {
        let mut query = self.facts.prepare_cached(
            "SELECT f.path FROM migration_files f JOIN migration_files o ON o.id = ?1
             JOIN migration_statements s ON s.file_id = f.id
             JOIN migration_effects e ON e.statement_id = s.id
             WHERE f.chain = o.chain AND f.ordinal > o.ordinal AND s.direction = 'up'
               AND coalesce(e.schema, 'public') || '.' || e.name = ?2 LIMIT 1",
        )?;
        for object in units.iter().flat_map(|unit| &unit.objects) {
            let found = query.query_row((self.id, object), |row| row.get(0));
            if let Some(path) = found.optional()? {
                return Ok(Some(path));
            }
        }
        Ok(None)
    }

    /// What another migration takes back now is no business of this one any more.
    pub fn forget_in_down(&mut self, unit: &Unit) -> Result<()> {
        let gone: Vec<&str> = (unit.pieces.iter())
            .filter_map(|piece| {
                piece
                    .undo
                    .as_deref()?
                    .strip_prefix("DROP INDEX CONCURRENTLY ")
            })
            .collect();
        if gone.is_empty() {
            return Ok(());
        }
        let mut query = self.facts.prepare_cached(
            "SELECT f.path, s.line, s.\"column\", s.end_line, s.end_column, s.text
             FROM migration_statements s JOIN migration_files f ON f.id = s.file_id
             WHERE s.direction = 'down' AND s.command = 'DROP INDEX' AND (f.path = ?1 OR f.up_path = ?1)",
        )?;
        let mut rows = query.query([&self.file.path])?;
        while let Some(row) = rows.next()? {
            let (path, text): (String, String) = (row.get(0)?, row.get(5)?);
            let named = text.split_whitespace().next_back().unwrap_or_default();
            if !gone.contains(&named) {
                continue;
            }
            let file = self.files.iter().find(|file| file.path == path);
            let Some(file) = file else { continue };
            let lines = Lines::new(&file.text);
            let (Some(start), Some(end)) = (
                lines.byte(row.get(1)?, row.get(2)?),
                lines.byte(row.get(3)?, row.get(4)?),
            ) else {
                continue;
            };
            let range = lines.whole_lines(start..lines.after_semicolon(end));
            if path == self.file.path {
                self.edits.replace(range, "");
            } else {
                self.down.entry(path).or_default().replace(range, "");
            }
        }
        Ok(())
    }
}
