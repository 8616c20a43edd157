//! What logs show of pairs of statements.

use std::collections::HashMap;

use rusqlite::{Connection, Result};

/// How executions of a child follow those of a parent, as in `log_followed`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pair {
    pub parents: i64,
    pub in_transaction: i64,
    pub in_trace: i64,
    pub beside_queue: i64,
    pub children: i64,
    pub varied: i64,
    pub longest: i64,
    pub longest_at: Option<i64>,
    pub longest_ms: Option<f64>,
}

/// Pairs and executions of logs.
#[derive(Debug, Default)]
pub(super) struct Logged {
    /// By child.
    pairs: HashMap<i64, HashMap<i64, Pair>>,
    calls: HashMap<i64, i64>,
}

impl Logged {
    /// Reads what the facts have.
    pub fn load(facts: &Connection) -> Result<Self> {
        let mut logged = Self::default();
        let mut pairs = facts.prepare(
            "SELECT child_id, parent_id, parents, in_transaction, in_trace, beside_queue, children,
               varied, longest, longest_at, longest_ms FROM log_followed",
        )?;
        let mut rows = pairs.query([])?;
        while let Some(row) = rows.next()? {
            let pair = Pair {
                parents: row.get(2)?,
                in_transaction: row.get(3)?,
                in_trace: row.get(4)?,
                beside_queue: row.get(5)?,
                children: row.get(6)?,
                varied: row.get(7)?,
                longest: row.get(8)?,
                longest_at: row.get(9)?,
                longest_ms: row.get(10)?,
            };
            let of_child = logged.pairs.entry(row.get(0)?).or_default();
            of_child.insert(row.get(1)?, pair);
        }
        let mut calls = facts.prepare("SELECT statement_id, calls FROM log_statements")?;
        let mut rows = calls.query([])?;
        while let Some(row) = rows.next()? {
            logged.calls.insert(row.get(0)?, row.get(1)?);
        }
        Ok(logged)
    }

    /// Executions of a statement; `None`: no log has it.
    pub fn calls(&self, statement: i64) -> Option<i64> {
        self.calls.get(&statement).copied()
    }

    /// How a child follows a parent.
    pub fn pair(&self, child: i64, parent: i64) -> Option<Pair> {
        self.pairs.get(&child)?.get(&parent).copied()
    }

    /// Statements that a child follows.
    pub fn parents(&self, child: i64) -> impl Iterator<Item = i64> {
        let pairs = self.pairs.get(&child);
        pairs.into_iter().flat_map(|pairs| pairs.keys().copied())
    }

    /// How much of the parent's executions and of the child's belong to the pair.
    pub fn share(&self, child: i64, parent: i64) -> f64 {
        let of = |part: i64, statement: i64| {
            let calls = self.calls(statement).unwrap_or(0).max(part).max(1);
            part as f64 / calls as f64
        };
        let pair = self.pair(child, parent).unwrap_or_default();
        of(pair.parents, parent) * of(pair.children, child)
    }
}
