//! For programs; `docs/json.md` describes it.

use serde_json::{Map, Value, json};

use super::shown::Shown;

/// A plan for programs.
pub fn json(shown: &Shown) -> Value {
    let plan = &shown.plan;
    let nodes = plan
        .nodes
        .iter()
        .zip(&shown.own)
        .enumerate()
        .map(|(at, (node, own))| {
            json!({
                "node": at,
                "parent": node.parent,
                "operation": node.operation(),
                "subplan": node.subplan,
                "schema": node.schema,
                "relation": node.relation,
                "alias": node.alias,
                "index": node.index,
                "startup_cost": node.startup_cost,
                "total_cost": node.total_cost,
                "own_cost": own.cost,
                "expected_rows": node.rows,
                "width": node.width,
                "actual_rows": node.actual.map(|actual| actual.rows),
                "loops": node.actual.map(|actual| actual.loops),
                "actual_ms": node.actual.and_then(|actual| actual.ms),
                "own_ms": own.ms,
                "details": node.details,
            })
        });
    let readings = shown.readings.iter().map(|reading| {
        json!({
            "reading": reading.kind,
            "node": reading.node,
            "text": reading.text,
            "figures": reading.figures,
        })
    });
    let settings: Map<String, Value> = plan
        .settings
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    json!({
        "title": shown.title,
        "fingerprint": shown.fingerprint,
        "statement": shown.statement,
        "total_cost": plan.cost(),
        "planning_ms": plan.planning_ms,
        "execution_ms": plan.execution_ms,
        "settings": settings,
        "nodes": nodes.collect::<Vec<_>>(),
        "readings": readings.collect::<Vec<_>>(),
        "hints": shown.hints.iter().map(|hint| json!({
            "because": hint.because, "sql": hint.sql, "command": hint.command,
        })).collect::<Vec<_>>(),
        "notes": shown.notes,
        "unread": plan.unread,
    })
}
