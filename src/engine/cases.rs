//! The cases of a page: facts on top of a base world, and what the rule must say about them.

use std::ops::Range;

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::limits::Limit as SqliteLimit;
use rusqlite::{Batch, Connection};

use crate::facts::{FactsError, Limit, Store};

use super::ground::Ground;
use super::outcome::Status;
use super::page::{Case, Expect, Expected, Page};
use super::plan::RulePlan;
use super::query::reason;
use super::run::{Judged, judge};
use super::source::SourceError;

/// The base world, made once; every case starts from it and leaves no trace.
///
/// It holds node 1 (`primary`, `PostgreSQL` 17), database 1 (`app`), sample 1 (captured 2026-01-01
/// 00:00 UTC, which is 1767225600000000) and counters 30 days old; every facts table counts as
/// collected.
/// A case with migrations starts from the base schema too, which is written as facts.
#[derive(Debug)]
pub struct World {
    store: Store,
    linter: Option<CaseLinter>,
    /// Of the case before; the schema's part of it holds on.
    ground: Option<Ground>,
}

/// The schema that cases with migrations start from: `PostgreSQL` statements that run on all
/// supported versions.
pub const BASE_SCHEMA: &str = include_str!("base_schema.sql");

/// What reads the `PostgreSQL` statements of cases, which this module doesn't.
#[derive(Debug, Clone, Copy)]
pub struct CaseLinter {
    /// Writes the facts of a schema; an error says which statement is not understood.
    pub schema: fn(&Connection, &str) -> Result<(), String>,
    /// Fills the tables of migrations with the files of a case, which run on the schema that the
    /// facts tell.
    pub lint: fn(&Connection, &Case) -> Result<(), String>,
}

impl World {
    /// Makes the base world. Cases that have migrations need a linter, see [`World::linting`].
    pub fn new() -> Result<Self, FactsError> {
        let store = Store::in_memory()?;
        let connection = store.connection();
        connection.execute_batch(include_str!("base_world.sql"))?;
        // Facts of a case are SQL of whoever wrote the page: they must not reach files.
        connection.set_limit(SqliteLimit::SQLITE_LIMIT_ATTACHED, 0)?;
        Ok(Self {
            store,
            linter: None,
            ground: None,
        })
    }

    /// For pages whose cases have migrations.
    #[must_use]
    pub fn linting(mut self, linter: CaseLinter) -> Self {
        self.linter = Some(linter);
        self
    }

    /// Runs all cases of a page and returns those that do not hold.
    pub fn check(&mut self, page: &Page) -> Result<Vec<SourceError>, FactsError> {
        let mut failures = Vec::new();
        for case in &page.cases {
            self.store.connection().execute_batch("BEGIN")?;
            let judged = self.judge(page, case);
            if !self.store.connection().is_autocommit() {
                self.store.connection().execute_batch("ROLLBACK")?;
            }
            match judged {
                Ok(judged) => {
                    if let Err(message) = compare(page, case, &judged) {
                        let message = format!("case `{}` does not hold: {message}", case.name);
                        failures.push(page.error(case.span.clone(), message));
                    }
                }
                Err(error) => failures.push(error),
            }
        }
        Ok(failures)
    }

    fn judge(&mut self, page: &Page, case: &Case) -> Result<Judged, SourceError> {
        self.prepare(page, case)?;
        let whole = |error: FactsError| page.error(case.span.clone(), error.to_string());
        let ground = match self.ground.take() {
            Some(ground) => ground.again(&self.store),
            None => Ground::read(&mut self.store, None),
        };
        let ground = self.ground.insert(ground.map_err(whole)?);
        let mut rule = RulePlan::defaults(page);
        rule.off = None;
        Ok(judge(&mut self.store, page, &rule, ground, Limit::QUERY))
    }
}

impl World {
    /// Brings the facts of a case into the world.
    fn prepare(&self, page: &Page, case: &Case) -> Result<(), SourceError> {
        let connection = self.store.connection();
        let Some(file) = case.files.first() else {
            return write(connection, page, case);
        };
        let fail = |span: &Range<usize>, message: String| {
            let message = format!("migrations of case `{}`: {message}", case.name);
            page.error(span.clone(), message)
        };
        let place = &file.sql.span;
        let linter = self
            .linter
            .ok_or_else(|| fail(place, "nothing reads them here".to_owned()))?;
        if !case.without_schema {
            let own = case.schema.as_ref();
            let script = match own {
                Some(own) => &format!("{BASE_SCHEMA}\n{}", own.text),
                None => BASE_SCHEMA,
            };
            (linter.schema)(connection, script)
                .map_err(|message| fail(own.map_or(place, |own| &own.span), message))?;
        }
        write(connection, page, case)?;
        (linter.lint)(connection, case).map_err(|message| fail(place, message))
    }
}

/// Runs the statements of a case one by one, so that a mistake points at its own.
fn write(connection: &Connection, page: &Page, case: &Case) -> Result<(), SourceError> {
    let text = case.facts.text.as_str();
    let mut at = 0;
    let fail = |at: usize, message: String| {
        let rest = text.get(at..).unwrap_or_default();
        let start = case.facts.span.start + at + (rest.len() - rest.trim_start().len());
        let end = case.facts.span.end.max(start);
        let message = format!("facts of case `{}`: {message}", case.name);
        page.error(start..end, message)
    };
    let mut batch = Batch::new(connection, text);
    loop {
        let told = |error: rusqlite::Error| match error {
            rusqlite::Error::SqlInputError { offset, msg, .. } => {
                fail(at + usize::try_from(offset).unwrap_or(0), msg)
            }
            other => fail(at, reason(&other)),
        };
        let Some(mut statement) = batch.next().map_err(told)? else {
            return Ok(());
        };
        let mut rows = statement.raw_query();
        while rows.next().map_err(told)?.is_some() {}
        drop(rows);
        if connection.is_autocommit() {
            return Err(fail(at, "this ends the transaction".to_owned()));
        }
        at += statement.expanded_sql().map_or(0, |sql| sql.len());
    }
}

/// Compares what the rule said with what the case expects.
fn compare(page: &Page, case: &Case, judged: &Judged) -> Result<(), String> {
    if let Some(skipped) = &judged.skipped {
        return Err(format!("the rule is skipped, because {}", skipped.because));
    }
    if judged.status != Status::Run {
        return Err("the rule did not run".to_owned());
    }
    let (expected, found) = match &case.expect {
        Expect::Fires(expected) => (expected.clone(), fired(judged)),
        Expect::Silent => (Vec::new(), fired(judged)),
        Expect::CannotJudge(expected) => (expected.clone(), unjudged(judged)),
    };
    same(&expected, &found)?;
    for found in &judged.found {
        let finding = &found.finding;
        if finding.subject.is_none() {
            return Err(format!("{} has no subject: its id is NULL", finding.object));
        }
        if finding.fix.is_none() && page.no_fix.is_none() {
            return Err(format!(
                "{} has no fix; give one, or say in the front matter why there is none: no_fix = \"…\"",
                finding.object
            ));
        }
    }
    Ok(())
}

/// Objects found, each with its severity.
fn fired(judged: &Judged) -> Vec<Expected> {
    let findings = judged.found.iter().map(|found| Expected {
        object: found.finding.object.clone(),
        severity: Some(found.finding.severity),
        line: found.finding.location.line,
    });
    findings.collect()
}

fn unjudged(judged: &Judged) -> Vec<Expected> {
    let objects = judged.unjudged.iter().flat_map(|gap| &gap.objects);
    let objects = objects.map(|object| Expected {
        object: object.clone(),
        severity: None,
        line: None,
    });
    objects.collect()
}

/// Both name the same objects as often, with the same severity where one is expected.
fn same(expected: &[Expected], found: &[Expected]) -> Result<(), String> {
    let mut rest = found.to_vec();
    let mut missing = Vec::new();
    for expected in expected {
        let fits = |found: &Expected| {
            found.object == expected.object
                && (expected.severity.is_none() || expected.severity == found.severity)
                && (expected.line.is_none() || expected.line == found.line)
        };
        match rest.iter().position(fits) {
            Some(at) => {
                rest.remove(at);
            }
            None => missing.push(expected.clone()),
        }
    }
    match (missing.is_empty(), rest.is_empty()) {
        (true, true) => Ok(()),
        (false, true) => Err(format!("not found: {}", list(&missing))),
        (true, false) => Err(format!("found too: {}", list(&rest))),
        (false, false) => Err(format!(
            "not found: {}; found instead: {}",
            list(&missing),
            list(&rest)
        )),
    }
}

fn list(objects: &[Expected]) -> String {
    let words = objects.iter().map(|expected| {
        let severity = expected.severity.map(|severity| format!("{severity} "));
        let line = expected.line.map(|line| format!(" L{line}"));
        let (severity, line) = (severity.unwrap_or_default(), line.unwrap_or_default());
        format!("{severity}{}{line}", expected.object)
    });
    words.collect::<Vec<_>>().join(", ")
}
