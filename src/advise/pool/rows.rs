//! Sizes for loads that were measured, under inputs that can be changed. Nothing here reads facts.

use super::load::Measured;
use super::room::Room;
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
    /// Cores to reckon with in place of those that the facts know.
    pub cores: Option<f64>,
}

impl Default for Inputs {
    fn default() -> Self {
        Self {
            peaks: vec![2.0, 3.0],
            instances: None,
            cores: None,
        }
    }
}

/// What sizes are worked out from: the loads of the server that findings are about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    pub(super) node: i64,
    /// Cores by the facts; `None`: unknown.
    pub cores: Option<f64>,
    /// Where that is known from.
    pub cores_source: Option<String>,
    /// All databases together first.
    pub(super) loads: Vec<Place>,
}

impl Known {
    /// Nothing was measured.
    pub fn is_empty(&self) -> bool {
        self.loads.is_empty()
    }
}

/// The load of a database and the connections that it finds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    /// Its name; `None`: all of the server.
    pub name: Option<String>,
    pub measured: Measured,
    pub room: Option<Room>,
}

/// The size of a pool for one load: a row of `pool_advice`, whose columns explain the fields.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the columns of pool_advice have comments")]
pub struct Sized {
    pub database_id: Option<i64>,
    pub database: Option<String>,
    pub peak: f64,
    pub method: &'static str,
    pub window_ms: f64,
    pub per_s: f64,
    pub hold_ms: f64,
    pub cpu_ms: Option<f64>,
    pub busy: f64,
    pub utilization: Option<f64>,
    pub needed: Option<u32>,
    pub capacity: Option<i64>,
    pub low: Option<u32>,
    pub high: Option<u32>,
    pub usable: Option<i64>,
    pub reason: &'static str,
    pub is_lifetime: bool,
    pub transactions: i64,
    pub busy_samples: Option<i64>,
    pub cores: Option<f64>,
    pub capacity_is_least: bool,
    pub max_connections: Option<i64>,
    pub reserved: Option<i64>,
    pub others: Option<i64>,
    pub instances: Option<u32>,
    pub per_instance: Option<u32>,
    pub notes: Vec<String>,
}

/// The sizes: of each load as it is, then of its peaks.
pub fn sizes(known: &Known, inputs: &Inputs) -> Vec<Sized> {
    let cores = inputs.cores.or(known.cores);
    let busy = |place: &Place| place.measured.load.per_s * place.measured.load.hold_ms / 1e3;
    let whole = known.loads.first().map_or(0.0, busy);
    let shown = known
        .loads
        .iter()
        .filter(|place| place.name.is_none() || busy(place) >= SMALL * whole);
    let mut shown: Vec<&Place> = shown.collect();
    shown.sort_by(|a, b| {
        let by_name = a.name.is_some().cmp(&b.name.is_some());
        by_name.then_with(|| busy(b).total_cmp(&busy(a)))
    });
    let rows = shown.into_iter().flat_map(|place| {
        let peaks = [&1.0].into_iter().chain(&inputs.peaks);
        peaks.map(move |peak| sized(place, cores, *peak, inputs.instances))
    });
    rows.collect()
}

fn sized(place: &Place, cores: Option<f64>, peak: f64, instances: Option<u32>) -> Sized {
    let (measured, room) = (&place.measured, place.room);
    let load = Load {
        cores: cores.map(|cores| cores * measured.core_share),
        ..measured.load
    };
    let at = |factor: f64, capacity: Option<f64>| {
        let load = Load {
            per_s: load.per_s * factor,
            ..load
        };
        advise(demand(&load, peak).connections, capacity)
    };
    let capacity = cores.zip(measured.per_core);
    let of_all = |part: fn((f64, f64, f64)) -> f64| capacity.map(|(k, each)| k * part(each));
    let (low, mid, high) = (of_all(|c| c.0), of_all(|c| c.1), of_all(|c| c.2));
    // Where waits count as CPU time, the capacity bounds nothing.
    let bound = |capacity: Option<f64>| capacity.filter(|_| !measured.capacity_is_least);
    let demand = demand(&load, peak);
    let middle = advise(demand.connections, bound(mid));
    let (from, to) = (
        at(measured.range.0, bound(low)),
        at(measured.range.1, bound(high)),
    );
    Sized {
        database_id: measured.database,
        database: place.name.clone(),
        peak,
        method: measured.method,
        window_ms: measured.window_ms,
        per_s: demand.per_s,
        hold_ms: demand.hold_ms,
        cpu_ms: load.cpu_ms,
        busy: demand.busy,
        utilization: demand.utilization,
        needed: demand.connections,
        capacity: mid.map(|capacity| capacity.round() as i64),
        low: from.map(|advice| advice.total),
        high: to.map(|advice| advice.total),
        usable: room.and_then(Room::usable),
        reason: reason(&load, demand.connections, middle),
        is_lifetime: measured.is_lifetime,
        transactions: measured.transactions as i64,
        busy_samples: measured.busy_samples.map(|samples| samples as i64),
        cores,
        capacity_is_least: measured.capacity_is_least,
        max_connections: room.map(|room| room.max_connections),
        reserved: room.map(|room| room.reserved),
        others: room.and_then(|room| room.others),
        instances,
        per_instance: room.and_then(|room| share(middle, room, instances)),
        notes: measured.notes.clone(),
    }
}

/// Connections for each instance: at least two, where all of them fit. What others hold may be unknown; then
/// those that fit beside nobody are given, and the sentences say so.
fn share(advice: Option<Advice>, room: Room, instances: Option<u32>) -> Option<u32> {
    let (advice, instances) = (advice?, instances?.max(1));
    let each = (advice.total / instances).max(2);
    let left = room.usable().unwrap_or_else(|| room.most());
    (i64::from(each) * i64::from(instances) <= left).then_some(each)
}

fn reason(load: &Load, needed: Option<u32>, advice: Option<Advice>) -> &'static str {
    match (needed, advice) {
        (None, _) => {
            "no pool size will do: the cores do not suffice; cut the CPU time of transactions, or add cores or a replica"
        }
        (_, Some(advice)) if advice.is_capped => {
            "the database is the limit: what comes beyond has to wait in the pool, not in the server"
        }
        _ if load.cores.is_none() => "the load decides; the cores are not known",
        _ => "the load decides",
    }
}
