//! One file while it is mended.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Result};

use super::fix::{Change, Fixed, Left, Wanted};
use super::place::Places;
use super::read::Statement;
use super::text::{Edits, Lines};
use super::units::{Here, Spread, Unit, spread};
use crate::advise::migration::layouts::mark::marked;
use crate::advise::migration::layouts::write::script;
use crate::parse::migration::layout::Around;
use crate::parse::migration::{File, Layout, Mode, Part};

/// One file while it is mended.
pub(super) struct One<'a, 'b> {
    pub facts: &'a Connection,
    pub files: &'a [File],
    pub file: &'a File,
    pub id: i64,
    pub lines: Lines<'a>,
    pub statements: &'b [Statement],
    pub edits: Edits,
    /// Edits of files that take it back.
    pub down: BTreeMap<String, Edits>,
    /// The file becomes one that runs without a transaction.
    pub is_marked: bool,
    pub places: &'b mut Places<'a>,
    pub fixed: &'b mut Fixed,
}

impl One<'_, '_> {
    pub fn leave(&mut self, line: usize, because: impl Into<String>) {
        self.fixed.left.push(Left {
            path: self.file.path.clone(),
            line,
            because: because.into(),
        });
    }

    /// Leaves all statements as they are.
    pub fn leave_all(&mut self, because: &str) {
        let statements = self.statements;
        for statement in statements
            .iter()
            .filter(|statement| statement.pieces.is_some())
        {
            self.leave(statement.line, because);
        }
    }

    /// Writes settings before the statements that want them.
    pub fn timeouts(&mut self, wanted: &Wanted) -> Result<()> {
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
                let from = part_start(self.file, statement.bytes.start);
                let at = self.lines.comments_above(statement.bytes.start, from);
                let sql = script(std::slice::from_ref(sql));
                self.edits.replace(at..at, sql);
            }
        }
        Ok(())
    }

    pub fn part(&mut self, part: &Part) -> Result<()> {
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
            return self.changesets(part, &all);
        }
        self.new_files(&all)
    }

    /// Statements that run by themselves: what is to come after a transaction can follow at once.
    pub fn in_place(&mut self, group: &[&Statement]) {
        for statement in group {
            if let Some(pieces) = &statement.pieces {
                let all: Vec<String> = pieces.iter().map(|piece| piece.sql.clone()).collect();
                self.put(statement, &all);
            }
        }
    }

    /// Writes statements in place of one.
    pub fn put(&mut self, statement: &Statement, pieces: &[String]) {
        if pieces.is_empty() {
            self.edits.replace(statement.whole.clone(), "");
            return;
        }
        let text = script(pieces);
        self.edits.replace(statement.bytes.clone(), text.trim_end());
    }

    pub fn apply_here(&mut self, group: &[&Statement], spread: &Spread) {
        for (statement, here) in group.iter().zip(&spread.here) {
            if let Here::Becomes(pieces) = here {
                self.put(statement, pieces);
            }
        }
    }

    /// Statements between BEGIN and COMMIT of the file: what has to come later follows the COMMIT.
    pub fn after_commit(&mut self, group: &[&Statement]) {
        let body: Vec<&Statement> = group
            .iter()
            .copied()
            .filter(|statement| !is_transaction(&statement.command))
            .collect();
        if body.is_empty() {
            return;
        }
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
        let mut text = String::new();
        for unit in &spread.units {
            let sql: Vec<String> = unit.pieces.iter().map(|piece| piece.sql.clone()).collect();
            if unit.is_outside || sql.len() == 1 {
                text.push_str(&format!("\n\n{}", script(&sql).trim_end()));
            } else {
                text.push_str(&format!("\n\nBEGIN;\n{}COMMIT;", script(&sql)));
            }
        }
        let before = self
            .statements
            .iter()
            .rfind(|statement| statement.bytes.end <= body[0].bytes.start);
        let begin = before.filter(|before| is_transaction(&before.command));
        // Where nothing is left of the transaction it goes.
        if let Some(begin) = begin.filter(|_| spread.is_emptied(&body)) {
            self.edits.replace(begin.bytes.start..at, text.trim_start());
        } else {
            self.apply_here(&body, &spread);
            self.edits.replace(at..at, text);
        }
    }

    /// Each unit as a changeset behind the one that it comes from.
    pub fn changesets(&mut self, part: &Part, all: &[&Statement]) -> Result<()> {
        let mut spread = spread(all, false);
        let (Some(range), text) = (part.ranges.first(), &self.file.text) else {
            return Ok(());
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
            return Ok(());
        };
        if spread.is_emptied(all) && !spread.units.is_empty() {
            let first = spread.units.remove(0);
            self.convert(all, &first);
            if first.is_outside {
                let at = text[..range.start].trim_end().len();
                self.edits.replace(at..at, " runInTransaction:false");
            }
        } else {
            self.apply_here(all, &spread);
        }
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
        for unit in &spread.units {
            self.forget_in_down(unit)?;
        }
        if more.is_empty() {
            return Ok(());
        }
        let end = part.ranges.last().map_or(range.end, |last| last.end);
        let lead = if text[..end].ends_with('\n') {
            ""
        } else {
            "\n"
        };
        self.edits.replace(end..end, format!("{lead}{more}\n"));
        Ok(())
    }

    pub fn finish(self, around: &Around) {
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

/// Where the piece of a part begins that a byte is in.
pub(super) fn part_start(file: &File, at: usize) -> usize {
    let ranges = file.parts.iter().flat_map(|part| &part.ranges);
    let mut ranges = ranges.filter(|range| range.contains(&at));
    ranges.next().map_or(0, |range| range.start)
}

/// What takes a unit back, last first.
pub(super) fn undo(unit: &Unit) -> Vec<String> {
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
