//! JSON: the contract is `docs/json.md`.

use serde_json::{Map, Value, json as object};

use super::recipes::Settings;
use super::sizes::{Blocker, Size, Sizes};
use super::text::Shown;
use crate::report::json as document;

/// The advice.
pub fn json(sizes: &Sizes, shown: &Shown<'_>) -> String {
    let settings: Map<String, Value> = shown
        .settings
        .into_iter()
        .flat_map(|settings| pools(shown, settings))
        .collect();
    let report = object!({
        "format": document::FORMAT,
        "tool": document::tool(),
        "pools": sizes.rows.iter().map(size).collect::<Vec<_>>(),
        "blockers": sizes.blockers.iter().map(blocker).collect::<Vec<_>>(),
        "statements_seen": sizes.statements,
        "usual_per_instance": [shown.usual.0, shown.usual.1],
        "settings": settings,
        "missing": sizes.missing.iter().map(|(because, remedy)| object!({
            "because": because, "remedy": remedy,
        })).collect::<Vec<_>>(),
    });
    format!("{report:#}\n")
}

fn pools(shown: &Shown<'_>, settings: &Settings) -> Vec<(String, Value)> {
    let pools = shown.pools.iter();
    pools
        .map(|pool| (pool.word.to_owned(), pool.settings(settings).into()))
        .collect()
}

fn size(size: &Size) -> Value {
    object!({
        "database": size.database,
        "peak": size.peak,
        "method": size.method,
        "window_ms": size.window_ms,
        "is_lifetime": size.is_lifetime,
        "transactions": size.transactions,
        "busy_samples": size.busy_samples,
        "transactions_per_s": size.per_s,
        "hold_ms": size.hold_ms,
        "cpu_ms": size.cpu_ms,
        "busy_connections": size.busy,
        "cores": size.cores,
        "utilization": size.utilization,
        "needed": size.needed,
        "capacity": size.capacity,
        "capacity_is_least": size.capacity_is_least,
        "advised_low": size.low,
        "advised_high": size.high,
        "max_connections": size.max_connections,
        "reserved": size.reserved,
        "others": size.others,
        "usable": size.usable,
        "instances": size.instances,
        "per_instance": size.per_instance,
        "reason": size.reason,
        "notes": size.notes,
    })
}

fn blocker(blocker: &Blocker) -> Value {
    object!({
        "database": blocker.database,
        "kind": blocker.kind,
        "fingerprint": blocker.fingerprint,
        "role": blocker.role,
        "calls": blocker.calls,
        "evidence": blocker.evidence,
        "remedy": blocker.remedy,
    })
}
