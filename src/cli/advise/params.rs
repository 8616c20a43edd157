//! Parameters of rule pages that advice goes by.

use crate::engine::Plan;
use crate::engine::params::Value;

/// Connections that an application instance usually has.
pub fn usual(plan: &Plan) -> (i64, i64) {
    let count = |name: &str| match plan.shared("connection", name) {
        Some(Value::Count(count)) => count,
        _ => 0,
    };
    (count("pool_usual_least"), count("pool_usual_most"))
}
