//! For programs.

use serde_json::json as object;

use super::shown::{Shown, create};
use crate::advise::index::Effect;
use crate::facts::FactsError;
use crate::report::json as document;

/// Pages are 8 kB.
const PAGE: u64 = 8192;

/// The document.
pub fn json(shown: &Shown<'_>) -> Result<String, FactsError> {
    let effect = |effect: &Effect| {
        Ok::<_, FactsError>(object!({
            "query": shown.text(effect.statement)?,
            "cost_before": effect.before,
            "cost_after": effect.after,
            "factor": effect.factor(),
        }))
    };
    let mut all = Vec::new();
    for chosen in &shown.advice.create {
        let effects = chosen.effects.iter();
        let helped: Result<Vec<_>, _> = effects
            .clone()
            .filter(|effect| effect.factor() > 1.0)
            .map(effect)
            .collect();
        let hurt: Result<Vec<_>, _> = effects.filter(|effect| effect.factor() < 1.0).map(effect).collect();
        let spec = &chosen.sized.spec;
        all.push(object!({
            "sql": create(chosen),
            "name": chosen.name,
            "table": format!("{}.{}", spec.schema, spec.table),
            "size_bytes": chosen.sized.pages * PAGE,
            "gain": chosen.gain,
            "helped": helped?,
            "hurt": hurt?,
            "write_cost": chosen.write_cost,
            "confidence": chosen.confidence.word(),
        }));
    }
    let mut unplanned = Vec::new();
    for statement in &shown.advice.unplanned {
        unplanned.push(object!({
            "query": shown.text(statement.statement)?,
            "because": statement.because,
        }));
    }
    Ok(document::text(&object!({
        "format": document::FORMAT,
        "workload_cost_before": shown.advice.before,
        "workload_cost_after": shown.advice.after,
        "create": all,
        "drop": [],
        "unplanned": unplanned,
    })))
}
