//! Parameters that plans are read by.

use crate::engine::Plan;
use crate::engine::params::Value;
use crate::report::plan::Limits;

/// What plans are read by: `rules/query/params.toml`, as the settings have it.
pub fn limits(plan: &Plan) -> Limits {
    let of = |name: &str| match plan.shared("query", name) {
        Some(Value::Count(number)) => number as f64,
        Some(Value::Duration(number) | Value::Ratio(number)) => number,
        _ => 0.0,
    };
    Limits {
        misestimate_factor: of("plan_misestimate_factor"),
        misestimate_rows: of("plan_misestimate_rows"),
        discarded_share: of("plan_discarded_share"),
        discarded_rows: of("plan_discarded_rows"),
        runs: of("plan_runs"),
        heap_fetches_share: of("plan_heap_fetches_share"),
        partitions: of("plan_partitions"),
        jit_share: of("plan_jit_share"),
        trigger_share: of("plan_trigger_share"),
        planning_share: of("plan_planning_share"),
        planning_ms: of("plan_planning_least"),
        change_share: of("plan_change_share"),
    }
}
