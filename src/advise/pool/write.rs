//! The tables `pool_advice` and `pooling_blockers`.

use rusqlite::{Connection, OptionalExtension, Result, params};

use super::rows::{Inputs, Known, Place, Sized, sizes};
use super::{blockers, load, room};

/// Works out the sizes of pools for the server that findings are about. Replaces what was worked out
/// before. Writes nothing where the load was not measured.
///
/// # Errors
/// When the facts cannot be read or written.
pub fn write(facts: &Connection, inputs: &Inputs) -> Result<()> {
    facts.execute("DELETE FROM pool_advice", [])?;
    blockers::write(facts)?;
    let known = read(facts)?;
    if known.node != 0 {
        book(facts, known.node, known.is_empty())?;
    }
    for row in sizes(&known, inputs) {
        insert(facts, known.node, &row)?;
    }
    Ok(())
}

/// Says whether the load was known, for who needs the advice.
fn book(facts: &Connection, node: i64, is_unknown: bool) -> Result<()> {
    facts.execute_batch(
        "DELETE FROM collections WHERE table_name = 'pool_advice';
         DELETE FROM missing_facts WHERE table_name = 'pool_advice'",
    )?;
    let sql = if is_unknown {
        "INSERT INTO missing_facts (node_id, table_name, reason, remedy)
         VALUES (?1, 'pool_advice', 'the load is not known: PostgreSQL 14 and newer count how long sessions are busy',
                 'pgtriage advise pool -d CONNINFO, which looks at sessions')"
    } else {
        "INSERT INTO collections (table_name, node_id) VALUES ('pool_advice', ?1)"
    };
    facts.execute(sql, [node]).map(drop)
}

/// What sizes are worked out from; nothing where the load was not measured.
///
/// # Errors
/// When the facts cannot be read.
pub fn read(facts: &Connection) -> Result<Known> {
    let node = facts
        .query_row("SELECT id FROM server", [], |row| row.get::<_, i64>(0))
        .optional()?;
    let Some(node) = node else {
        return Ok(Known::default());
    };
    let (cores, cores_source) = facts
        .query_row(
            "SELECT cores, cores_source FROM machines WHERE node_id = ?1",
            [node],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?
        .unwrap_or_default();
    let mut loads = Vec::new();
    for measured in load::read(facts, node)? {
        let name = match measured.database {
            Some(id) => facts
                .query_row("SELECT name FROM databases WHERE id = ?1", [id], |row| {
                    row.get(0)
                })
                .optional()?
                .or(Some(String::new())),
            None => None,
        };
        loads.push(Place {
            room: room::read(facts, node, measured.database)?,
            name,
            measured,
        });
    }
    Ok(Known {
        node,
        cores,
        cores_source,
        loads,
    })
}

fn insert(facts: &Connection, node: i64, row: &Sized) -> Result<()> {
    facts.execute(
        "INSERT INTO pool_advice (node_id, database_id, peak, method, window_ms, transactions_per_s,
           hold_ms, cpu_ms, busy_connections, utilization, needed, capacity, advised_low, advised_high,
           usable, reason, is_lifetime, transactions, busy_samples, cores, capacity_is_least,
           max_connections, reserved, others, instances, per_instance, notes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
           ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)",
        params![
            node,
            row.database_id,
            row.peak,
            row.method,
            row.window_ms,
            row.per_s,
            row.hold_ms,
            row.cpu_ms,
            row.busy,
            row.utilization,
            row.needed,
            row.capacity,
            row.low,
            row.high,
            row.usable,
            row.reason,
            row.is_lifetime,
            row.transactions,
            row.busy_samples,
            row.cores,
            row.capacity_is_least,
            row.max_connections,
            row.reserved,
            row.others,
            row.instances,
            row.per_instance,
            serde_json::to_string(&row.notes).unwrap_or_default(),
        ],
    )?;
    Ok(())
}
