//! Demand, capacity and advice by formula. Nothing here reads facts.

use super::erlang::least_servers;

/// A wait for a connection that nobody notices, ms.
pub(super) const PATIENCE_MS: f64 = 10.0;
/// Share of transactions that may wait longer.
pub(super) const RISK: f64 = 0.01;
/// Utilization from which on transactions take longer because they wait for a core.
const QUEUEING: f64 = 0.7;
/// The factor of [`capacity`]: 2 is what four workloads (TPC-B-like, reads only, 5 and 20 ms of
/// application time in the transaction) were best at on a machine of two cores; their throughput at
/// the size so found was 0.82 to 0.95 of the best. For a load without waits it gives the rule "two
/// a core".
const FACTOR: f64 = 2.0;
/// Fewer are no pool.
const LEAST: u32 = 2;
/// More than any server has.
const MOST: u32 = 100_000;

/// A load as it was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// Transactions a second, in the busiest stretch.
    pub per_s: f64,
    /// Time that one holds a connection, ms: H.
    pub hold_ms: f64,
    /// Time of it that needs a core, ms: A; `None`: not separable.
    pub cpu_ms: Option<f64>,
    /// Cores: K; `None`: unknown.
    pub cores: Option<f64>,
}

/// What a multiple of a load needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Demand {
    /// Multiple of the load.
    pub peak: f64,
    /// Transactions a second then.
    pub per_s: f64,
    /// Time that one holds a connection then, ms.
    pub hold_ms: f64,
    /// Connections that are busy on average: L.
    pub busy: f64,
    /// Share of the cores in use; `None`: cores or CPU time unknown.
    pub utilization: Option<f64>,
    /// Connections with which 1 % wait longer than 10 ms; `None`: the cores do not suffice, so no
    /// number will do.
    pub connections: Option<u32>,
}

/// Advice on a pool over all instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advice {
    /// Connections in all.
    pub total: u32,
    /// The database is the limit, not the pool: what comes beyond has to queue in the pool.
    pub is_capped: bool,
}

/// What `peak` times the load needs. Beyond 70 % utilization transactions take longer by 1/(1 − ρ).
pub fn demand(load: &Load, peak: f64) -> Demand {
    let per_s = load.per_s * peak;
    let utilization = match (load.cpu_ms, load.cores) {
        (Some(cpu), Some(cores)) if cores > 0.0 => Some(per_s * cpu / 1e3 / cores),
        _ => None,
    };
    let (hold_ms, fits) = match utilization {
        Some(used) if used >= 1.0 => (load.hold_ms, false),
        Some(used) if used > QUEUEING => (load.hold_ms / (1.0 - used), true),
        _ => (load.hold_ms, true),
    };
    let busy = per_s * hold_ms / 1e3;
    let connections = fits.then(|| least_servers(busy, hold_ms, PATIENCE_MS, RISK, MOST));
    Demand {
        peak,
        per_s,
        hold_ms,
        busy,
        utilization,
        connections: connections.flatten(),
    }
}

/// Connections beyond which throughput falls: 2·K·H/A.
pub fn capacity(cores: f64, hold_ms: f64, cpu_ms: f64) -> Option<f64> {
    let found = FACTOR * cores * hold_ms.max(cpu_ms) / cpu_ms;
    (found.is_finite() && found > 0.0).then_some(found)
}

/// What the demand needs, but at least two and no more than the server can make use of. `None` where
/// neither is known.
pub fn advise(needed: Option<u32>, capacity: Option<f64>) -> Option<Advice> {
    let most = capacity.map(|capacity| (capacity.round() as u32).max(LEAST));
    match (needed, most) {
        (Some(needed), Some(most)) => Some(Advice {
            total: needed.clamp(LEAST, most),
            is_capped: needed > most,
        }),
        (Some(needed), None) => Some(Advice {
            total: needed.max(LEAST),
            is_capped: false,
        }),
        (None, Some(most)) => Some(Advice {
            total: most,
            is_capped: true,
        }),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Advice, Load, advise, capacity, demand};

    /// H and A of the four workloads that the factor was found with, on one core.
    #[test]
    fn capacity_is_that_of_the_measured_workloads() {
        for (hold, cpu, connections) in [
            (1.0, 0.4, 5.0),
            (0.25, 0.2, 2.5),
            (7.92, 0.8, 19.8),
            (27.0, 1.0, 54.0),
            // Without waits: two a core.
            (0.2, 0.2, 2.0),
            (0.2, 0.3, 2.0),
        ] {
            let found = capacity(1.0, hold, cpu).unwrap();
            assert!((found - connections).abs() < 1e-9, "{hold} {cpu}: {found}");
        }
        assert_eq!(capacity(1.0, 0.0, 0.0), None);
    }

    /// An open loop of 400/s with 8.4 to 11 ms a transaction: pools of 2 to 4 could not carry it, 12
    /// was the best of 2, 3, 4, 6, 8, 12, 16 and 32.
    #[test]
    fn demand_is_that_of_the_open_loop() {
        let load = |hold_ms| Load {
            per_s: 400.0,
            hold_ms,
            cpu_ms: None,
            cores: None,
        };
        let needed: Vec<_> = [8.4, 11.0]
            .map(|hold| demand(&load(hold), 1.0).connections.unwrap())
            .to_vec();
        assert_eq!(needed, [6, 8]);
        let doubled = demand(&load(8.4), 2.0);
        assert!((doubled.busy - 6.72).abs() < 1e-9);
        assert_eq!(doubled.connections, Some(10));
    }

    #[test]
    fn a_busy_server_takes_longer_and_a_full_one_has_no_size() {
        let load = Load {
            per_s: 1000.0,
            hold_ms: 2.0,
            cpu_ms: Some(1.0),
            cores: Some(2.0),
        };
        let now = demand(&load, 1.0);
        assert_eq!(now.utilization, Some(0.5));
        assert!((now.busy - 2.0).abs() < 1e-9);
        let more = demand(&load, 1.6);
        assert!((more.hold_ms - 10.0).abs() < 1e-9, "{}", more.hold_ms);
        assert!((more.busy - 16.0).abs() < 1e-9);
        let full = demand(&load, 2.0);
        assert_eq!(full.connections, None);
        assert!((full.busy - 4.0).abs() < 1e-9);
    }

    #[test]
    fn advice_lies_between_two_and_what_the_server_can_use() {
        let is = |total, is_capped| Some(Advice { total, is_capped });
        assert_eq!(advise(Some(9), Some(19.8)), is(9, false));
        assert_eq!(advise(Some(1), Some(19.8)), is(2, false));
        assert_eq!(advise(Some(40), Some(19.8)), is(20, true));
        assert_eq!(advise(Some(3), Some(1.2)), is(2, true));
        assert_eq!(advise(None, Some(8.0)), is(8, true));
        assert_eq!(advise(Some(12), None), is(12, false));
        assert_eq!(advise(None, None), None);
    }
}
