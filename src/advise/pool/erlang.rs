//! Erlang's C formula: how often somebody has to wait for one of several servers.

/// Share of arrivals that find all `servers` taken at a load of so many busy ones (arrival rate by
/// service time), 0 to 1. At a load of `servers` or more everybody waits. (Erlang, "Solution of some
/// Problems in the Theory of Probabilities", 1917.)
pub fn wait_share(servers: u32, load: f64) -> f64 {
    wait_from(blocked_share(servers, load), servers, load)
}

/// The least number of servers with which a share of at most `risk` waits longer than `patience_ms`,
/// where service takes `hold_ms` on average and is spread exponentially. `None` beyond `most`.
pub fn least_servers(
    load: f64,
    hold_ms: f64,
    patience_ms: f64,
    risk: f64,
    most: u32,
) -> Option<u32> {
    if !load.is_finite() || load < 0.0 || load >= f64::from(most) {
        return None;
    }
    let first = load.floor() as u32 + 1;
    let mut blocked = blocked_share(first, load);
    (first..=most).find(|servers| {
        if *servers > first {
            blocked = step(blocked, *servers, load);
        }
        let free = f64::from(*servers) - load;
        let longer = if hold_ms > 0.0 {
            (-free * patience_ms / hold_ms).exp()
        } else {
            0.0
        };
        wait_from(blocked, *servers, load) * longer <= risk
    })
}

/// Erlang's B formula by its recurrence, which does not overflow.
fn blocked_share(servers: u32, load: f64) -> f64 {
    (1..=servers).fold(1.0, |blocked, servers| step(blocked, servers, load))
}

fn step(blocked: f64, servers: u32, load: f64) -> f64 {
    load * blocked / (f64::from(servers) + load * blocked)
}

fn wait_from(blocked: f64, servers: u32, load: f64) -> f64 {
    let used = load / f64::from(servers);
    if used >= 1.0 {
        return 1.0;
    }
    blocked / (1.0 - used * (1.0 - blocked))
}

#[cfg(test)]
mod tests {
    use super::{least_servers, wait_share};

    /// Shares from published tables of Erlang C, to their digits.
    #[test]
    fn shares_are_those_of_the_tables() {
        for (servers, load, share) in [
            (1, 0.5, 0.5),
            (2, 1.0, 1.0 / 3.0),
            (3, 2.0, 0.4444),
            (5, 4.0, 0.5541),
            (10, 8.0, 0.4092),
            (20, 16.0, 0.2561),
            (100, 90.0, 0.2169),
            (4, 4.0, 1.0),
            (4, 9.0, 1.0),
        ] {
            let found = wait_share(servers, load);
            assert!((found - share).abs() < 6e-4, "{servers} {load}: {found}");
        }
    }

    #[test]
    fn servers_grow_with_load_and_hold_time() {
        // One in service for 10 ms: who finds it taken waits 10 ms on average.
        assert_eq!(least_servers(0.0, 10.0, 10.0, 0.01, 100), Some(1));
        assert_eq!(least_servers(4.0, 10.0, 10.0, 0.01, 100), Some(7));
        assert_eq!(least_servers(4.5, 11.0, 10.0, 0.01, 100), Some(8));
        // Very short holds: nobody waits 10 ms.
        assert_eq!(least_servers(4.5, 0.1, 10.0, 0.01, 100), Some(5));
        assert_eq!(least_servers(100.0, 1000.0, 10.0, 0.01, 1000), Some(125));
        assert_eq!(least_servers(100.0, 10.0, 10.0, 0.01, 100), None);
        assert_eq!(least_servers(f64::NAN, 10.0, 10.0, 0.01, 100), None);
    }
}
