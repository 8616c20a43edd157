//! All that the tables `log_*` hold.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::errors::Cause;
use super::events::Event;
use super::series::Step;
use super::statements::Statement;
use super::totals::{Source, Totals};
use crate::facts::{FactsError, Store};
use crate::report::queries::{Measure, line};
use crate::report::ranking::telling;

/// What the logs hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Logs {
    /// Figures of the whole.
    pub totals: Totals,
    /// The logs that were read.
    pub sources: Vec<Source>,
    /// Messages by kind, severities in capitals among them.
    pub messages: BTreeMap<String, i64>,
    /// Statements, those with most time first.
    pub statements: Vec<Statement>,
    /// Errors and warnings by cause, the most frequent first.
    pub causes: Vec<Cause>,
    /// What else happened, in the order of the log: the latest of each kind.
    pub events: Vec<Event>,
    /// Figures over time.
    pub steps: Vec<Step>,
    /// Fingerprints and texts of all statements that anything here names.
    names: BTreeMap<i64, Name>,
    /// Characters that tell all fingerprints apart.
    pub(super) telling: usize,
}

/// What a statement is called.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    fingerprint: String,
    text: Option<String>,
}

impl Logs {
    /// Reads them; `None`: no logs were read.
    pub fn read(store: &Store) -> Result<Option<Self>, FactsError> {
        let facts = store.connection();
        let Some(totals) = Totals::read(facts)? else {
            return Ok(None);
        };
        let statements = Statement::all(facts)?;
        Ok(Some(Self {
            totals,
            sources: Source::all(facts)?,
            messages: messages(facts)?,
            causes: Cause::all(facts)?,
            events: Event::all(facts)?,
            steps: Step::all(facts)?,
            names: names(facts)?,
            telling: telling(&statements),
            statements,
        }))
    }

    /// How many messages of a kind there are.
    pub fn count(&self, kind: &str) -> i64 {
        self.messages.get(kind).copied().unwrap_or_default()
    }

    /// Statements that `statement_timeout`, `lock_timeout` or a user ended.
    pub fn cancels(&self) -> i64 {
        let kinds = ["statement_timeout", "lock_timeout", "user_cancel"];
        kinds.iter().map(|kind| self.count(kind)).sum()
    }

    /// Events of a kind that are kept, in the order of the log.
    pub fn of<'a>(&'a self, kind: &'a str) -> impl DoubleEndedIterator<Item = &'a Event> {
        self.events.iter().filter(move |event| event.kind == kind)
    }

    /// Sorts the statements: figures largest first, texts from A; what is not known stands last
    /// either way.
    pub fn sort(&mut self, by: Measure, reverse: bool) {
        Statement::sort(&mut self.statements, by, reverse);
    }

    /// Fingerprint of a statement that something names.
    pub fn fingerprint(&self, statement_id: i64) -> Option<&str> {
        Some(&self.names.get(&statement_id)?.fingerprint)
    }

    /// Text of a statement that something names.
    pub fn text(&self, statement_id: i64) -> Option<&str> {
        self.names.get(&statement_id)?.text.as_deref()
    }

    /// Such a statement in one line of at most about so many characters.
    pub fn line(&self, statement_id: Option<i64>, most: usize) -> Option<String> {
        let name = self.names.get(&statement_id?)?;
        Some(line(name.text.as_deref(), most))
    }

    /// The fingerprint of a statement as far as it takes to tell it from all others.
    pub fn short<'a>(&self, statement: &'a Statement) -> &'a str {
        crate::report::ranking::Figured::short(statement, self.telling)
    }
}

fn messages(facts: &Connection) -> rusqlite::Result<BTreeMap<String, i64>> {
    let mut statement = facts.prepare("SELECT kind, count FROM log_messages")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

fn names(facts: &Connection) -> rusqlite::Result<BTreeMap<i64, Name>> {
    let mut statement = facts.prepare(
        "SELECT id, fingerprint, text FROM statements WHERE id IN (
           SELECT statement_id FROM log_statements
           UNION SELECT statement_id FROM log_errors
           UNION SELECT statement_id FROM log_events
           UNION SELECT statement_id FROM log_event_parties)",
    )?;
    let rows = statement.query_map([], |row| {
        let name = Name {
            fingerprint: row.get(1)?,
            text: row.get(2)?,
        };
        Ok((row.get(0)?, name))
    })?;
    rows.collect()
}
