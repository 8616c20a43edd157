//! Parameters of rule pages that advice goes by.

use crate::advise::index::search::LeastGain;
use crate::advise::index::{Limits as Drops, PAGE};
use crate::advise::timeouts::{HEADROOM, Limits, RoleLimits};
use crate::cli::context::Rules;
use crate::engine::Plan;
use crate::engine::params::Value;

/// Connections that an application instance usually has.
pub fn usual(plan: &Plan) -> (i64, i64) {
    let count = |name: &str| number(plan, "connection", name) as i64;
    (count("pool_usual_least"), count("pool_usual_most"))
}

/// Share of the workload's cost that an index has to gain, and the factor from which on a statement counts
/// as hurt.
pub fn gains(plan: &Plan) -> (LeastGain, f64) {
    let of = |name: &str| number(plan, "index", name);
    let least = LeastGain {
        usual: of("advise_least_gain"),
        tight: of("advise_least_gain_budget"),
    };
    (least, of("advise_hurt").max(1.0))
}

/// The factor from which on a statement that was run counts as slower, and that by which a table of a copy is of
/// another size.
pub fn prove(plan: &Plan) -> (f64, f64) {
    let of = |name: &str| number(plan, "index", name).max(1.0);
    (of("prove_slower"), of("prove_rows_apart"))
}

/// Age from which on counters of writes count, ms.
pub fn write_age(plan: &Plan) -> f64 {
    number(plan, "index", "advise_write_age")
}

/// What drops go by.
pub fn drops(rules: &Rules) -> Drops {
    let of = |id: &str, name: &str| {
        let page = rules.pages.iter().find(|page| page.id == id);
        let value = page.and_then(|page| rules.plan.rule(page).values.get(name).cloned());
        value.as_ref().map_or(0.0, as_number)
    };
    Drops {
        max_growth: of("index/redundant-prefix", "max_growth"),
        min_counter_age_ms: of("index/unused", "min_counter_age"),
        min_size_bytes: of("index/unused", "min_size"),
        block_bytes: PAGE,
    }
}

/// What timeouts go by.
pub fn limits(plan: &Plan) -> Limits {
    let of = |name: &str| number(plan, "setting", name);
    Limits {
        statement_least: of("statement_timeout_least"),
        statement_most: of("statement_timeout_most").max(of("statement_timeout_least")),
        statement_unmeasured: of("statement_timeout_unmeasured"),
        report_least: of("report_timeout_least"),
        report_most: of("report_timeout_most").max(of("report_timeout_least")),
        lock_least: of("lock_timeout_least"),
        lock_migrations: of("lock_timeout_migrations"),
        idle_least: of("idle_in_transaction_least"),
        idle_most: of("idle_in_transaction_most").max(of("idle_in_transaction_least")),
        idle_unmeasured: of("idle_in_transaction_unmeasured"),
        keepalive_idle: of("keepalive_idle"),
        keepalive_interval: of("keepalive_interval"),
        keepalive_count: of("keepalive_count"),
        user_timeout: of("tcp_user_timeout"),
        client_check: of("client_check"),
        headroom: HEADROOM,
        roles: RoleLimits {
            at_work_calls: of("role_at_work_calls"),
            migrates: of("role_migrates_share"),
            dumps: of("role_dumps_share"),
            report_ms: of("role_report_mean"),
            reports: of("role_reports_share"),
        },
    }
}

fn number(plan: &Plan, family: &str, name: &str) -> f64 {
    plan.shared(family, name).as_ref().map_or(0.0, as_number)
}

fn as_number(value: &Value) -> f64 {
    match value {
        Value::Count(number) | Value::Size(number) => *number as f64,
        Value::Duration(number) | Value::Ratio(number) => *number,
        Value::Text(_) | Value::List(_) => 0.0,
    }
}
