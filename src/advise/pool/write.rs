//! The tables `pool_advice` and `pooling_blockers`.

use rusqlite::{Connection, OptionalExtension, Result, params};

use super::blockers;
use super::load::{self, Measured};
use super::room::{self, Room};
use super::size::{Advice, Load, advise, demand};

/// Databases with less of the busy connections get no row of their own.
const SMALL: f64 = 0.01;

/// What is asked for beside the facts.
#[derive(Debug, Clone, PartialEq)]
pub struct Inputs {
    /// Multiples of the measured load to size for. Pools are sized for the first.
    pub peaks: Vec<f64>,
    /// Application instances that share the connections.
    pub instances: Option<u32>,
}

impl Default for Inputs {
    fn default() -> Self {
        Self {
            peaks: vec![2.0, 3.0],
            instances: None,
        }
    }
}

/// Works out the sizes of pools for the server that findings are about. Replaces what was worked out
/// before. Writes nothing where the load was not measured.
///
/// # Errors
/// When the facts cannot be read or written.
pub fn write(facts: &Connection, inputs: &Inputs) -> Result<()> {
    facts.execute("DELETE FROM pool_advice", [])?;
    blockers::write(facts)?;
    let node = facts
        .query_row("SELECT id FROM server", [], |row| row.get::<_, i64>(0))
        .optional()?;
    let Some(node) = node else { return Ok(()) };
    let cores = facts
        .query_row(
            "SELECT cores FROM machines WHERE node_id = ?1",
            [node],
            |row| row.get::<_, Option<f64>>(0),
        )
        .optional()?
        .flatten();
    let all = load::read(facts, node, cores)?;
    book(facts, node, all.is_empty())?;
    let whole = all.first().map_or(0.0, busy);
    let shown = all
        .iter()
        .filter(|measured| measured.database.is_none() || busy(measured) >= SMALL * whole);
    for measured in shown {
        let room = room::read(facts, node, measured.database)?;
        for peak in [&1.0].into_iter().chain(&inputs.peaks) {
            insert(facts, (node, cores), measured, *peak, room, inputs)?;
        }
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

fn busy(measured: &Measured) -> f64 {
    measured.load.per_s * measured.load.hold_ms / 1e3
}

fn insert(
    facts: &Connection,
    (node, cores): (i64, Option<f64>),
    measured: &Measured,
    peak: f64,
    room: Option<Room>,
    inputs: &Inputs,
) -> Result<()> {
    let at = |factor: f64, capacity: Option<f64>| {
        let load = Load {
            per_s: measured.load.per_s * factor,
            ..measured.load
        };
        advise(demand(&load, peak).connections, capacity)
    };
    let (low, mid, high) = match measured.capacity {
        Some((low, mid, high)) => (Some(low), Some(mid), Some(high)),
        None => (None, None, None),
    };
    // Where waits count as CPU time, the capacity bounds nothing.
    let bound = |capacity: Option<f64>| capacity.filter(|_| !measured.capacity_is_least);
    let demand = demand(&measured.load, peak);
    let middle = advise(demand.connections, bound(mid));
    let (from, to) = (
        at(measured.range.0, bound(low)),
        at(measured.range.1, bound(high)),
    );
    let per_instance = room.and_then(|room| share(middle, room, inputs.instances));
    facts.execute(
        "INSERT INTO pool_advice (node_id, database_id, peak, method, window_ms, transactions_per_s,
           hold_ms, cpu_ms, busy_connections, utilization, needed, capacity, advised_low, advised_high,
           usable, reason, is_lifetime, transactions, busy_samples, cores, capacity_is_least,
           max_connections, reserved, others, instances, per_instance, notes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
           ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)",
        params![
            node,
            measured.database,
            peak,
            measured.method,
            measured.window_ms,
            demand.per_s,
            demand.hold_ms,
            measured.load.cpu_ms,
            demand.busy,
            demand.utilization,
            demand.connections,
            mid.map(|capacity| capacity.round() as i64),
            from.map(|advice| advice.total),
            to.map(|advice| advice.total),
            room.map(Room::usable),
            reason(measured, demand.connections, middle),
            measured.is_lifetime,
            measured.transactions as i64,
            measured.busy_samples.map(|samples| samples as i64),
            cores,
            measured.capacity_is_least,
            room.map(|room| room.max_connections),
            room.map(|room| room.reserved),
            room.map(|room| room.others),
            inputs.instances,
            per_instance,
            serde_json::to_string(&measured.notes).unwrap_or_default(),
        ],
    )?;
    Ok(())
}

/// Connections for each instance: at least two, where all of them fit.
fn share(advice: Option<Advice>, room: Room, instances: Option<u32>) -> Option<u32> {
    let (advice, instances) = (advice?, instances?.max(1));
    let each = (advice.total / instances).max(2);
    (i64::from(each) * i64::from(instances) <= room.usable()).then_some(each)
}

fn reason(measured: &Measured, needed: Option<u32>, advice: Option<Advice>) -> &'static str {
    match (needed, advice) {
        (None, _) => {
            "no pool size will do: the cores do not suffice; cut the CPU time of transactions, or add cores or a replica"
        }
        (_, Some(advice)) if advice.is_capped => {
            "the database is the limit: what comes beyond has to wait in the pool, not in the server"
        }
        _ if measured.load.cores.is_none() => "the load decides; the cores are not known",
        _ => "the load decides",
    }
}
