//! All files: what changes, what stays and why.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Result};

use super::place::{Places, home, is_paired};
use super::read::{Statement, statements};
use super::text::{Edits, Lines};
use super::units::{Here, Spread, Unit, is_setting, spread};
use crate::advise::migration::layouts::mark::{Outside, marked, outside};
use crate::advise::migration::layouts::write::script;
use crate::advise::migration::layouts::{Migration, write};
use crate::parse::migration::layout::Around;
use crate::parse::migration::{Direction, File, Layout, Mode, Part};

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
        let statements = statements(facts, id, &file.text, &wanted.effects)?;
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
        one.timeouts(wanted)?;
        for part in file
            .parts
            .iter()
            .filter(|part| part.direction == Direction::Up)
        {
            one.part(part)?;
        }
        one.finish(around);
    }
    Ok(fixed)
}

/// One file while it is mended.
struct One<'a, 'b> {
    facts: &'a Connection,
    files: &'a [File],
    file: &'a File,
    id: i64,
    lines: Lines<'a>,
    statements: &'b [Statement],
    edits: Edits,
    /// Edits of files that take it back.
    down: BTreeMap<String, Edits>,
    /// The file becomes one that runs without a transaction.
    is_marked: bool,
    places: &'b mut Places<'a>,
    fixed: &'b mut Fixed,
}

impl One<'_, '_> {
    fn leave(&mut self, line: usize, because: impl Into<String>) {
        self.fixed.left.push(Left {
            path: self.file.path.clone(),
            line,
            because: because.into(),
        });
    }

    /// Writes settings before the statements that want them.
    fn timeouts(&mut self, wanted: &Wanted) -> Result<()> {
        for (effect, sql) in &wanted.before {
            let query = "SELECT s.line FROM migration_effects e
                JOIN migration_statements s ON s.id = e.statement_id
                WHERE e.id = ?1 AND s.file_id = ?2 AND s.direction = 'up' AND s.parent_id IS NULL";
            let mut query = self.facts.prepare_cached(query)?;
            let line: Option<usize> =
                (query.query_row([*effect, self.id], |row| row.get(0))).optional()?;
            let found = self
                .statements
                .iter()
                .find(|statement| Some(statement.line) == line);
            if let Some(statement) = found {
                let from = self.part_start(statement.bytes.start);
                let at = self.lines.comments_above(statement.bytes.start, from);
                let sql = script(std::slice::from_ref(sql));
                self.edits.replace(at..at, sql);
            }
        }
        Ok(())
    }

    /// Where the piece of a part begins that a byte is in.
    fn part_start(&self, at: usize) -> usize {
        let ranges = self.file.parts.iter().flat_map(|part| &part.ranges);
        let mut ranges = ranges.filter(|range| range.contains(&at));
        ranges.next().map_or(0, |range| range.start)
    }

    fn part(&mut self, part: &Part) -> Result<()> {
        let within = |statement: &&Statement| {
            part.ranges
                .iter()
                .any(|range| range.contains(&statement.bytes.start))
        };
        let all: Vec<&Statement> = self.statements.iter().filter(within).collect();
        if all.iter().all(|statement| statement.pieces.is_none()) {
            return Ok(());
        }
        let layout = self.file.layout;
        if let Outside::Never(because) = outside(layout)
            && matches!(layout, Layout::Alembic | Layout::Django | Layout::Rails)
        {
            for statement in all.iter().filter(|statement| statement.pieces.is_some()) {
                self.leave(statement.line, because);
            }
            return Ok(());
        }
        let by_file = |statement: &&Statement| {
            let by = statement.block.as_ref().map(|(_, by)| by.as_str());
            by.is_none_or(|by| by == "file")
        };
        if part.mode == Mode::Autocommit && all.iter().all(by_file) {
            for group in all.chunk_by(|a, b| a.block == b.block) {
                if group[0].block.is_none() {
                    self.in_place(group);
                } else {
                    self.after_commit(group);
                }
            }
            return Ok(());
        }
        let begins =
            |statement: &&&Statement| statement.block.as_ref().is_some_and(|(_, by)| by == "file");
        if let Some(statement) = all.iter().find(begins) {
            self.leave(statement.line, "the file begins transactions itself");
            return Ok(());
        }
        if layout == Layout::Liquibase {
            self.changesets(part, &all);
            return Ok(());
        }
        self.new_files(&all)
    }

    /// Statements that run by themselves: what is to come after a transaction can follow at once.
    fn in_place(&mut self, group: &[&Statement]) {
        for statement in group {
            if let Some(pieces) = &statement.pieces {
                let all: Vec<String> = pieces.iter().map(|piece| piece.sql.clone()).collect();
                self.put(statement, &all);
            }
        }
    }

    /// Writes statements in place of one.
    fn put(&mut self, statement: &Statement, pieces: &[String]) {
        if pieces.is_empty() {
            let from = self.part_start(statement.bytes.start);
            let start = self.lines.comments_above(statement.bytes.start, from);
            let whole = self.lines.whole_lines(start..statement.bytes.end);
            self.edits.replace(whole, "");
            return;
        }
        let text = script(pieces);
        self.edits.replace(statement.bytes.clone(), text.trim_end());
    }

    fn apply_here(&mut self, group: &[&Statement], spread: &Spread) {
        for (statement, here) in group.iter().zip(&spread.here) {
            if let Here::Becomes(pieces) = here {
                self.put(statement, pieces);
            }
        }
    }

    /// Statements between BEGIN and COMMIT of the file: what has to come later follows the COMMIT.
    fn after_commit(&mut self, group: &[&Statement]) {
        let body: Vec<&Statement> = group
            .iter()
            .copied()
            .filter(|statement| !is_transaction(&statement.command))
            .collect();
        let spread = spread(&body, false);
        let last = group.last().filter(|last| is_transaction(&last.command));
        let last_at = last.map(|last| last.bytes.end).or_else(|| {
            let after = self
                .statements
                .iter()
                .find(|statement| statement.bytes.start >= group[group.len() - 1].bytes.end);
            after
                .filter(|after| is_transaction(&after.command))
                .map(|after| after.bytes.end)
        });
        if spread.units.is_empty() {
            self.apply_here(&body, &spread);
            return;
        }
        let Some(at) = last_at else {
            self.leave(group[0].line, "its transaction has no end in the file");
            return;
        };
        self.apply_here(&body, &spread);
        let mut text = String::new();
        for unit in &spread.units {
            let sql: Vec<String> = unit.pieces.iter().map(|piece| piece.sql.clone()).collect();
            if unit.is_outside || sql.len() == 1 {
                text.push_str(&format!("\n\n{}", script(&sql).trim_end()));
            } else {
                text.push_str(&format!("\n\nBEGIN;\n{}COMMIT;", script(&sql)));
            }
        }
        self.edits.replace(at..at, text);
    }

    /// Each unit as a changeset behind the one that it comes from.
    fn changesets(&mut self, part: &Part, all: &[&Statement]) {
        let spread = spread(all, false);
        let (Some(range), text) = (part.ranges.first(), &self.file.text) else {
            return;
        };
        let head = text[..range.start]
            .trim_end()
            .rsplit('\n')
            .next()
            .unwrap_or_default();
        let name = head.split_whitespace().find(|word| {
            word.contains(':') && !word.starts_with("--") || word.starts_with("--changeset:")
        });
        let Some((author, id)) = name.and_then(|name| name.split_once(':')) else {
            self.leave(all[0].line, "the changeset has no author and id");
            return;
        };
        self.apply_here(all, &spread);
        let mut more = String::new();
        for (n, unit) in spread.units.iter().enumerate() {
            let mark = if unit.is_outside {
                " runInTransaction:false"
            } else {
                ""
            };
            more.push_str(&format!("\n--changeset {author}:{id}-{}{mark}\n", n + 2));
            let sql: Vec<String> = unit.pieces.iter().map(|piece| piece.sql.clone()).collect();
            more.push_str(&script(&sql));
            for undo in undo(unit) {
                more.push_str(&format!("--rollback {};\n", undo.replace('\n', " ")));
            }
        }
        let end = part.ranges.last().map_or(range.end, |last| last.end);
        let lead = if text[..end].ends_with('\n') {
            ""
        } else {
            "\n"
        };
        self.edits.replace(end..end, format!("{lead}{more}\n"));
    }

    /// What has to come later becomes migrations of their own, the first of them this file if
    /// nothing else is left in it.
    fn new_files(&mut self, all: &[&Statement]) -> Result<()> {
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
                up: unit.pieces.iter().map(|piece| piece.sql.clone()).collect(),
                down: if self.places.has_down(self.file) {
                    undo(unit)
                } else {
                    Vec::new()
                },
                is_outside: unit.is_outside,
                has_down: self.places.has_down(self.file),
                is_paired: is_paired(self.file),
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
    fn convert(&mut self, all: &[&Statement], unit: &Unit) {
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
    fn forget_in_down(&mut self, unit: &Unit) -> Result<()> {
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

    fn finish(self, around: &Around) {
        for (path, edits) in self.down {
            if let Some(file) = self.files.iter().find(|file| file.path == path) {
                self.fixed.changes.push(Change {
                    path,
                    before: Some(file.text.clone()),
                    after: edits.apply(&file.text),
                });
            }
        }
        if self.edits.is_empty() {
            return;
        }
        let path = &self.file.path;
        let mut text = self.edits.apply(&self.file.text);
        if self.is_marked {
            let (with_mark, beside) = marked(self.file.layout, path, &text);
            text = with_mark;
            if let Some((path, text)) = beside {
                self.fixed.changes.push(Change {
                    before: around.texts.get(&path).cloned(),
                    path,
                    after: text,
                });
            }
        }
        self.fixed.changes.push(Change {
            path: path.clone(),
            before: Some(self.file.text.clone()),
            after: text,
        });
    }
}

/// What takes a unit back, last first.
fn undo(unit: &Unit) -> Vec<String> {
    let undo = unit.pieces.iter().rev();
    undo.filter_map(|piece| piece.undo.clone()).collect()
}

fn is_transaction(command: &str) -> bool {
    let words = [
        "BEGIN",
        "START TRANSACTION",
        "COMMIT",
        "END",
        "ROLLBACK",
        "ABORT",
    ];
    words.contains(&command)
}
