//! Makes [`Data`] from a facts database and the outcome of a run.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Params, Row};

use crate::engine::{Explanation, Outcome, Pages, Plan, explain};
use crate::facts::{FactsError, Store};

use super::data::{Data, Missing, Server};

/// The pages of all rules, laid out with the values in force.
pub fn explanations(pages: &Pages, plan: &Plan) -> Arc<BTreeMap<String, Explanation>> {
    let explained = pages
        .iter()
        .map(|page| (page.id.clone(), explain(page, &plan.rule(page))));
    Arc::new(explained.collect())
}

/// What the UI shows of these facts and this outcome.
pub fn read(
    store: &Store,
    outcome: Outcome,
    pages: Arc<BTreeMap<String, Explanation>>,
) -> Result<Data, FactsError> {
    let connection = store.connection();
    let captured_at: Option<i64> = one(connection, "SELECT at FROM clock", [], |row| row.get(0))?;
    Ok(Data {
        server: server(connection)?,
        captured_at: captured_at.and_then(|us| Timestamp::from_microsecond(us).ok()),
        outcome,
        pages,
        missing: missing(connection)?,
    })
}

fn server(connection: &Connection) -> rusqlite::Result<Server> {
    let node = one(
        connection,
        "SELECT id, address, coalesce(version, version_num / 10000) FROM nodes
         ORDER BY role = 'primary' DESC, id LIMIT 1",
        [],
        |row| Ok(Some((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?))),
    )?;
    let Some((node, address, version)) = node else {
        return Ok(Server::default());
    };
    let databases = connection
        .prepare("SELECT name FROM databases WHERE is_collected ORDER BY name")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    // What happened between the last two samples; nothing is said if a counter was reset.
    let rates = one(
        connection,
        "SELECT sum(xact_commit + xact_rollback) * 1e6 / nullif(max(interval_us), 0),
                sum(blks_hit) * 1.0 / nullif(sum(blks_hit + blks_read), 0)
         FROM database_delta
         WHERE node_id = ?1
           AND sample_id = (SELECT max(sample_id) FROM database_delta WHERE node_id = ?1)
         HAVING NOT max(coalesce(is_reset, 1))",
        [node],
        |row| Ok(Some((row.get(0)?, row.get(1)?))),
    )?;
    let (transactions_per_second, cache_hit_ratio) = rates.unwrap_or_default();
    Ok(Server {
        databases,
        address,
        version,
        transactions_per_second,
        cache_hit_ratio,
        connections: one(
            connection,
            "SELECT sum(numbackends) FROM database_stats_latest WHERE node_id = ?1",
            [node],
            |row| row.get(0),
        )?,
        max_connections: one(
            connection,
            "SELECT CAST(value_num AS INTEGER) FROM settings
             WHERE node_id = ?1 AND name = 'max_connections'",
            [node],
            |row| row.get(0),
        )?,
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
