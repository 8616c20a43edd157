//! For programs; `docs/json.md` describes it.

use serde_json::{Value, json as object};

use super::shown::{Shown, bytes, is_hurt};
use crate::advise::index::{Chosen, Effect, PAGE};
use crate::facts::FactsError;
use crate::report::json as document;

/// The document.
pub fn json(shown: &Shown<'_>) -> Result<String, FactsError> {
    let advice = shown.advice;
    let create: Result<Vec<Value>, FactsError> = advice
        .create
        .iter()
        .map(|chosen| created(shown, chosen))
        .collect();
    let statements: Result<Vec<Value>, FactsError> = advice
        .statements
        .iter()
        .map(|outcome| {
            let mut value = effect(shown, &outcome.effect)?;
            value["executions"] = object!(outcome.weight);
            value["least_ratio"] = object!(outcome.range.0);
            value["most_ratio"] = object!(outcome.range.1);
            value["has_values"] = object!(outcome.has_values);
            Ok(value)
        })
        .collect();
    let unplanned: Result<Vec<Value>, FactsError> = advice
        .unplanned
        .iter()
        .map(|one| Ok(object!({"query": shown.text(one.statement)?, "because": one.because})))
        .collect();
    let drop = shown.drops.go.iter().map(|drop| {
        object!({
            "sql": drop.sql.trim_end_matches(';'),
            "index": drop.object,
            "because": drop.because,
            "undo": drop.undo,
            "confidence": drop.confidence,
            "size_bytes": drop.size_bytes,
        })
    });
    let keep = shown
        .drops
        .stay
        .iter()
        .map(|kept| object!({"index": kept.object, "because": kept.because}));
    Ok(document::text(&object!({
        "format": document::FORMAT,
        "tool": document::tool(),
        "planner": shown.planner,
        "budget_bytes": shown.budget,
        "workload_cost_before": advice.before,
        "workload_cost_after": advice.after,
        "workload_write_cost": advice.write_cost,
        "is_complete": advice.is_complete,
        "questions": advice.asked,
        "candidates": advice.candidates,
        "create": create?,
        "drop": drop.collect::<Vec<_>>(),
        "keep": keep.collect::<Vec<_>>(),
        "statements": statements?,
        "unplanned": unplanned?,
        "proof": super::proof_json::proof(shown)?,
        "left_out": {
            "statements": shown.tail.statements,
            "executions": shown.tail.weight,
            "total_ms": shown.tail.total_ms,
        },
    })))
}

fn created(shown: &Shown<'_>, chosen: &Chosen) -> Result<Value, FactsError> {
    let spec = &chosen.sized.spec;
    let list = |wanted: bool| -> Result<Vec<Value>, FactsError> {
        let effects = chosen.effects.iter();
        let effects = effects.filter(|effect| is_hurt(effect) != wanted);
        effects.map(|one| effect(shown, one)).collect()
    };
    let columns: Vec<&str> = spec.keys.iter().filter_map(|key| key.name()).collect();
    Ok(object!({
        "sql": shown.statements(chosen)?.join(";\n"),
        "undo": shown.undo(chosen)?,
        "name": chosen.name,
        "table": crate::facts::quote::name(&spec.schema, &spec.table),
        "columns": columns,
        "size_bytes": bytes(chosen) as u64,
        "least_bytes": chosen.pages.map(|pages| pages.0 as f64 * PAGE),
        "most_bytes": chosen.pages.map(|pages| pages.1 as f64 * PAGE),
        "gain": chosen.gain,
        "helped": list(true)?,
        "hurt": list(false)?,
        "write_cost": chosen.write_cost,
        "writes": chosen.writes.map(|writes| object!({
            "entries_per_hour": writes.writes_per_hour,
            "share_of_table_writes": writes.share_of_table_writes,
            "wal_bytes_per_day": writes.wal_bytes_per_day,
            "lost_hot_per_hour": writes.lost_hot_per_hour,
            "throughput_loss": writes.predicted_throughput_loss,
        })),
        "build_seconds": chosen.build_seconds,
        "lock": "SHARE UPDATE EXCLUSIVE",
        "confidence": chosen.confidence.word(),
    }))
}

fn effect(shown: &Shown<'_>, effect: &Effect) -> Result<Value, FactsError> {
    Ok(object!({
        "query": shown.text(effect.statement)?,
        "cost_before": effect.before,
        "cost_after": effect.after,
        "factor": effect.factor(),
    }))
}
