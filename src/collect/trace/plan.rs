//! What is to be run, out of the facts.

use rusqlite::{Connection, Result, Row};

use crate::parse::item::ItemKind;
use crate::parse::split::split;

/// Migrations in the order in which they are run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Files that build on each other, by chains. Chains know nothing of each other.
    pub chains: Vec<Vec<Script>>,
}

/// What a file runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// Its path.
    pub path: String,
    /// Its tool is psql, which takes rows for COPY out of the file.
    pub is_for_psql: bool,
    /// It is judged; else it is run for what it makes.
    pub is_judged: bool,
    /// Its statements.
    pub steps: Vec<Step>,
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// `migration_statements.id`
    pub id: i64,
    /// The statement.
    pub text: String,
    /// Number of a transaction that the tool or the server begins before it, if it runs in one.
    pub block: Option<i64>,
    /// Its first line in the file, from 1.
    pub line: usize,
    /// Rows for COPY that follow it in the file.
    pub rows: Option<String>,
}

impl Plan {
    /// Reads what migrates: `migration_files` and `migration_statements`. Earlier files of a chain
    /// are left out unless they are asked for.
    pub fn read(facts: &Connection, with_earlier: bool) -> Result<Self> {
        let mut query = facts.prepare(
            "SELECT f.id, f.path, f.chain, f.is_judged, s.id, s.text,
                    CASE WHEN s.transaction_by IN ('layout', 'script') THEN s.transaction_id END,
                    s.line, f.layout IN ('sql', 'sqitch')
             FROM migration_files f
             JOIN migration_statements s ON s.file_id = f.id
             WHERE s.direction = 'up' AND s.parent_id IS NULL AND (f.is_judged OR ?1)
             ORDER BY f.chain, f.ordinal, f.id, s.ordinal, s.id",
        )?;
        let mut rows = query.query([with_earlier])?;
        let mut plan = Self::default();
        let (mut chain, mut file) = (None, None);
        while let Some(row) = rows.next()? {
            let here: (i64, i64) = (row.get(2)?, row.get(0)?);
            if chain.replace(here.0) != Some(here.0) {
                plan.chains.push(Vec::new());
            }
            let Some(scripts) = plan.chains.last_mut() else {
                continue;
            };
            if file.replace(here) != Some(here) {
                scripts.push(Script {
                    path: row.get(1)?,
                    is_for_psql: row.get(8)?,
                    is_judged: row.get(3)?,
                    steps: Vec::new(),
                });
            }
            if let Some(script) = scripts.last_mut() {
                script.steps.push(step(row)?);
            }
        }
        Ok(plan)
    }

    /// Gives the statements of a file the rows that stand after them in its text.
    pub fn add_rows(&mut self, path: &str, text: &str) {
        let scripts = self.chains.iter_mut().flatten();
        let mut scripts = scripts.filter(|script| script.path == path && script.is_for_psql);
        let Some(script) = scripts.next() else { return };
        for pair in split(text).windows(2) {
            let [copy, rows] = pair else { continue };
            if copy.kind != ItemKind::Sql || rows.kind != ItemKind::CopyData {
                continue;
            }
            let mut steps = script.steps.iter_mut();
            if let Some(step) = steps.find(|step| step.line == copy.first.line) {
                step.rows = Some(rows.text(text).into_owned());
            }
        }
    }

    /// Number of statements.
    pub fn len(&self) -> usize {
        let scripts = self.chains.iter().flatten();
        scripts.map(|script| script.steps.len()).sum()
    }

    /// Nothing is to be run.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn step(row: &Row) -> Result<Step> {
    Ok(Step {
        id: row.get(4)?,
        text: row.get(5)?,
        block: row.get(6)?,
        line: row.get(7)?,
        rows: None,
    })
}
