//! Makes [`Data`] from a facts database and the outcome of a run.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Params, Row};

use crate::advise::index::Limits;
use crate::advise::pool;
use crate::engine::{Explanation, Outcome, Pages, Plan, explain};
use crate::facts::{FactsError, Store};
use crate::report::Server;
use crate::report::in_force::InForce;
use crate::report::logs::{Logs, details};
use crate::report::pool::{Sizes, Usual};
use crate::report::queries::{Queries, shapes};
use crate::report::timeouts::Timeouts;

use super::advising::{Advising, Verdicts};
use super::calculator::Calculator;
use super::data::{Activity, Counters, Data, Figures, Missing};
use super::relations::Relations;

/// The pages of all rules, laid out with the values in force.
pub fn explanations(pages: &Pages, plan: &Plan) -> Arc<BTreeMap<String, Explanation>> {
    let explained = pages
        .iter()
        .map(|page| (page.id.clone(), explain(page, &plan.rule(page))));
    Arc::new(explained.collect())
}

/// What advice goes by that the facts do not hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Given {
    /// Range of pool sizes that an application instance usually has.
    pub usual: Usual,
    /// How far the timeouts stand above what is slow.
    pub headroom: f64,
    /// What indexes that may go are judged by.
    pub drops: Limits,
}

/// What the UI shows of these facts, in which advice is worked out, and this outcome.
pub fn read(
    store: &Store,
    outcome: Outcome,
    pages: Arc<BTreeMap<String, Explanation>>,
    given: Given,
) -> Result<Data, FactsError> {
    let connection = store.connection();
    Ok(Data {
        server: Server::read(store)?,
        figures: figures(connection)?,
        outcome,
        pages,
        queries: Queries::read(store)?,
        shapes: shapes(store, None)?,
        logs: Logs::read(store)?,
        log_details: details(store, None)?,
        relations: Relations::read(store)?,
        verdicts: Verdicts::read(store, &given.drops)?,
        advising: Advising::default(),
        settings: InForce::read(store)?,
        calculator: Calculator::new(pool::read(connection)?, Sizes::read(store)?, given.usual),
        timeouts: Timeouts::read(store)?,
        headroom: given.headroom,
        missing: missing(connection)?,
        drafts: Vec::new(),
    })
}

fn figures(connection: &Connection) -> rusqlite::Result<Figures> {
    let node: Option<i64> = one(connection, "SELECT min(id) FROM nodes", [], |row| {
        row.get(0)
    })?;
    let counters = one(
        connection,
        "SELECT max(captured_at), sum(xact_commit + xact_rollback), sum(blks_hit), sum(blks_read),
                sum(numbackends)
         FROM database_stats_latest WHERE node_id = ?1",
        [node],
        |row| {
            let counters = match (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?) {
                (Some(at_us), Some(transactions), Some(blocks_hit), Some(blocks_read)) => {
                    Some(Counters {
                        at_us,
                        transactions,
                        blocks_hit,
                        blocks_read,
                    })
                }
                _ => None,
            };
            Ok(Some((counters, row.get(4)?)))
        },
    )?;
    let (counters, connections) = counters.unwrap_or_default();
    // Nothing is said if a counter was reset in between.
    let activity = one(
        connection,
        "SELECT sum(xact_commit + xact_rollback) * 1e6 / nullif(max(interval_us), 0),
                sum(blks_hit) * 1.0 / nullif(sum(blks_hit + blks_read), 0)
         FROM database_delta
         WHERE node_id = ?1
           AND sample_id = (SELECT max(sample_id) FROM database_delta WHERE node_id = ?1)
         HAVING NOT max(coalesce(is_reset, 1))",
        [node],
        |row| {
            let rate: Option<f64> = row.get(0)?;
            let cache_hit_ratio = row.get(1)?;
            Ok(rate.map(|transactions_per_second| Activity {
                transactions_per_second,
                cache_hit_ratio,
            }))
        },
    )?;
    let max_connections = one(
        connection,
        "SELECT CAST(value_num AS INTEGER) FROM settings
         WHERE node_id = ?1 AND name = 'max_connections'",
        [node],
        |row| row.get(0),
    )?;
    Ok(Figures {
        activity,
        counters,
        connections,
        max_connections,
    })
}

fn missing(connection: &Connection) -> rusqlite::Result<Vec<Missing>> {
    let mut query = connection.prepare(
        "SELECT m.table_name || coalesce('.' || m.column_name, ''),
                coalesce(m.object, 'database ' || d.name, n.label, 'node ' || m.node_id),
                m.reason, m.remedy
         FROM missing_facts m
         LEFT JOIN databases d ON d.id = m.database_id
         LEFT JOIN nodes n ON n.id = m.node_id
         ORDER BY 1, 2",
    )?;
    let rows = query.query_map([], |row| {
        Ok(Missing {
            facts: row.get(0)?,
            place: row.get(1)?,
            because: row.get(2)?,
            remedy: row.get(3)?,
        })
    })?;
    rows.collect()
}

fn one<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<Option<T>>,
) -> rusqlite::Result<Option<T>> {
    let found = connection.query_row(sql, params, read).optional()?;
    Ok(found.flatten())
}
