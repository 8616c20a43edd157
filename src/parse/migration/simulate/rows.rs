//! Files and what became of them, as rows.

use std::ops::Range;

use memchr::memmem;
use rusqlite::{Connection, Result, Statement, params};
use serde_json::Value;

use super::columns::{Defined, columns};
use super::outcome::{Done, Outcome, Record};
use super::place::{Places, Span, Within};
use crate::parse::ddl::effect::Lock;
use crate::parse::item::Position;
use crate::parse::migration::file::{Direction, File};
use crate::parse::migration::ignore::{self, IgnoreScope};

/// Writes rows, in order of their ids.
pub(super) struct Writer<'c> {
    file: Statement<'c>,
    statement: Statement<'c>,
    effect: Statement<'c>,
    column: Statement<'c>,
    ignore: Statement<'c>,
    last_file: i64,
    last_statement: i64,
    last_effect: i64,
}

impl<'c> Writer<'c> {
    pub fn new(facts: &'c Connection) -> Result<Self> {
        let last = |table: &str| {
            let query = format!("SELECT coalesce(max(id), 0) FROM {table}");
            facts.query_row(&query, [], |row| row.get(0))
        };
        Ok(Self {
            file: facts.prepare(
                "INSERT INTO migration_files VALUES
                   (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
            )?,
            statement: facts.prepare(
                "INSERT INTO migration_statements VALUES
                   (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                    ?18, ?19, ?20, ?21, ?22)",
            )?,
            effect: facts.prepare(
                "INSERT INTO migration_effects VALUES
                   (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                    ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26)",
            )?,
            column: facts.prepare(
                "INSERT INTO migration_columns VALUES
                   (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            )?,
            ignore: facts.prepare(
                "INSERT INTO migration_ignores
                   (file_id, line, \"column\", end_line, end_column, statement_id, rules, reason,
                    until, mistake)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?,
            last_file: last("migration_files")?,
            last_statement: last("migration_statements")?,
            last_effect: last("migration_effects")?,
        })
    }

    /// A file at this place of its chain. Gives its id.
    pub fn file(&mut self, ordinal: usize, file: &File, outcome: &Outcome) -> Result<i64> {
        self.last_file += 1;
        let has = |direction| file.parts.iter().any(|part| part.direction == direction);
        self.file.execute(params![
            self.last_file,
            file.path,
            file.layout.word(),
            file.because,
            file.chain as i64,
            ordinal as i64,
            file.version,
            file.description,
            file.kind,
            has(Direction::Up),
            has(Direction::Down),
            file.expects_down,
            file.up_path,
            file.is_judged,
            file.change,
            file.unread,
            outcome.seems_applied(),
        ])?;
        Ok(self.last_file)
    }

    /// The statements of a file, and what they do.
    pub fn outcome(&mut self, id: i64, file: &File, outcome: Outcome) -> Result<()> {
        let first = self.last_statement + 1;
        self.last_statement += outcome.records.len() as i64;
        self.ignores(id, file, &outcome, first)?;
        // What is written is let go of, so that it is not there twice.
        for (n, record) in outcome.records.into_iter().enumerate() {
            // Places in a part are those of the file.
            let mut places = Within::new(&file.text, &record.placed.item);
            let spot = match &record.inner {
                Some(inner) => places.span(&inner.range),
                None => places.whole(),
            };
            self.record(id, n, first, &record, spot)?;
            let id = first + n as i64;
            for done in &record.effects {
                let span = inside(&record, &mut places, spot, &done.effect.span);
                self.effect(id, &record, done, span)?;
            }
            let statement = record.read.statement.borrow();
            if let Some(statement) = statement.as_ref().filter(|_| file.is_judged) {
                for defined in columns(statement) {
                    let span = inside(&record, &mut places, spot, &defined.span);
                    self.column(id, &record, &defined, span)?;
                }
            }
        }
        Ok(())
    }

    fn ignores(&mut self, id: i64, file: &File, outcome: &Outcome, first: i64) -> Result<()> {
        if memmem::find(file.text.as_bytes(), ignore::NAME.as_bytes()).is_none() {
            return Ok(());
        }
        let outer = outcome.records.iter().enumerate();
        let outer = outer.filter(|(_, record)| record.inner.is_none());
        let mut statements: Vec<(usize, usize, i64)> = outer
            .map(|(n, record)| {
                let text = &record.placed.item.text;
                (text.start, text.end, first + n as i64)
            })
            .collect();
        statements.sort_unstable();
        let ranges: Vec<(usize, usize)> = statements.iter().map(|s| (s.0, s.1)).collect();
        let mut places = Places::new(&file.text, (0, Position { line: 1, column: 1 }));
        for ignore in ignore::ignores(&file.text, &ranges) {
            let span = places.span(&ignore.range);
            let statement = match ignore.scope {
                IgnoreScope::File => None,
                IgnoreScope::Statement(at) => statements.get(at).map(|(_, _, id)| *id),
            };
            self.ignore.execute(params![
                id,
                span.first.line,
                span.first.column,
                span.end.line,
                span.end.column,
                statement,
                Value::from(ignore.rules).to_string(),
                ignore.reason,
                ignore.until,
                ignore.mistake,
            ])?;
        }
        Ok(())
    }

    fn record(
        &mut self,
        file: i64,
        n: usize,
        first: i64,
        record: &Record,
        spot: Span,
    ) -> Result<()> {
        let held = record.held.as_ref();
        let opaque = record.read.opaque.as_deref();
        self.statement.execute(params![
            first + n as i64,
            file,
            n as i64 + 1,
            record
                .inner
                .as_ref()
                .map(|inner| first + inner.parent as i64),
            record.direction.word(),
            record.read.command,
            record.read.text,
            spot.first.line,
            spot.first.column,
            spot.end.line,
            spot.end.column,
            record.block.map(|(id, _)| id),
            record.block.map(|(_, by)| by.word()),
            record.rolled_back_by.is_some(),
            held.map(|held| held.level),
            held.map(|held| &held.on),
            held.map(|held| first + held.since as i64),
            record.read.unread,
            opaque,
            record.lock_timeout,
            record.statement_timeout,
            record.rolled_back_by.map(|by| first + by as i64),
        ])?;
        Ok(())
    }

    fn effect(&mut self, id: i64, record: &Record, done: &Done, span: Span) -> Result<()> {
        self.last_effect += 1;
        let Done {
            effect,
            made_in,
            relation_id,
            ..
        } = done;
        self.effect.execute(params![
            self.last_effect,
            id,
            effect.action as i64,
            span.first.line,
            span.first.column,
            span.end.line,
            span.end.column,
            effect.form,
            effect.part,
            effect.target.schema,
            effect.target.name,
            effect.target.kind,
            relation_id,
            effect.column,
            effect.object,
            effect.target.oid.is_some(),
            made_in,
            effect.lock.map(Lock::name),
            effect.lock.map(Lock::level),
            effect.scans,
            effect.rewrites,
            effect.builds,
            effect.error,
            effect.loses_data,
            effect.breaks,
            done.details(record.inner.as_ref().map(|inner| inner.when)),
        ])?;
        Ok(())
    }

    fn column(&mut self, id: i64, record: &Record, defined: &Defined, span: Span) -> Result<()> {
        // What is known of the table knows its schema.
        let targets = record.effects.iter().map(|done| &done.effect.target);
        let schema = targets
            .filter(|target| target.name == defined.table.name)
            .find_map(|target| target.schema.as_ref());
        self.column.execute(params![
            id,
            span.first.line,
            span.first.column,
            span.end.line,
            span.end.column,
            defined.change,
            defined.table.schema.as_ref().or(schema),
            defined.table.name,
            defined.name,
            defined.of,
            defined.default,
            defined.is_identity,
            defined.is_primary_key,
            defined.is_temporary,
        ])?;
        Ok(())
    }
}

/// Bytes of a statement's text as a place in the file. Where the text of a statement in a body is
/// other than it stands there, as in a string with quotes in it, the whole of it is meant.
fn inside(record: &Record, places: &mut Within, spot: Span, range: &Range<usize>) -> Span {
    // An effect that no part of the statement is named for is of the whole.
    if range.is_empty() {
        return spot;
    }
    match &record.inner {
        None => places.span(range),
        Some(inner) if inner.range.len() == record.read.text.len() => {
            let start = inner.range.start;
            places.span(&(start + range.start..start + range.end))
        }
        Some(_) => spot,
    }
}
