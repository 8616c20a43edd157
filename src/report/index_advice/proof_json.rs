//! What was measured in a copy, for programs.

use serde_json::{Value, json as object};

use super::shown::{Shown, bytes};
use crate::advise::index::proof::{Built, Measured, Proof, Proved, Verdict};
use crate::facts::FactsError;

/// The object `proof`; `null`: nothing was measured.
pub(super) fn proof(shown: &Shown<'_>) -> Result<Value, FactsError> {
    let Some(proof) = shown.proof else {
        return Ok(Value::Null);
    };
    let (before, after) = proof.total();
    let statements = proof.statements.iter();
    let statements: Result<Vec<Value>, FactsError> =
        statements.map(|one| statement(shown, one)).collect();
    let spared = proof.spared.iter().map(|one| {
        Ok(object!({
            "index": one.object,
            "query": shown.text(one.statement)?,
            "with_ms": one.with_ms,
            "without_ms": one.without_ms,
        }))
    });
    let spared: Result<Vec<Value>, FactsError> = spared.collect();
    Ok(object!({
        "target": proof.target,
        "rounds": proof.rounds,
        "is_kept": proof.is_kept,
        "total_ms_before": before,
        "total_ms_after": after,
        "indexes": proof.indexes.iter().map(index).collect::<Vec<_>>(),
        "statements": statements?,
        "dropped": proof.dropped,
        "spared": spared?,
        "not_run": not_run(shown, proof)?,
        "apart": proof.apart,
    }))
}

fn index(built: &Built) -> Value {
    let (verdict, gain, because) = match &built.verdict {
        Ok(Verdict::Pays(share)) => ("pays", Some(*share), None),
        Ok(Verdict::NotWorth(share)) => ("not worth it", Some(*share), None),
        Ok(Verdict::Unused) => ("unused", Some(0.0), None),
        Ok(Verdict::NotShown(share)) => ("not shown", Some(*share), None),
        Err(because) => ("not made", None, Some(because)),
    };
    object!({
        "name": built.chosen.name,
        "is_advised": !built.is_out,
        "verdict": verdict,
        "gain": gain,
        "because": because,
        "size_bytes": built.bytes,
        "predicted_bytes": bytes(&built.chosen),
        "build_seconds": built.seconds,
        "predicted_seconds": built.chosen.build_seconds,
    })
}

fn statement(shown: &Shown<'_>, one: &Proved) -> Result<Value, FactsError> {
    Ok(object!({
        "query": shown.text(one.statement)?,
        "executions": one.weight,
        "before": measured(&one.before),
        "after": measured(&one.after),
        "used": one.used,
        "is_slower": one.is_slower,
        "because": one.because,
    }))
}

fn measured(one: &Measured) -> Value {
    let blocks = (!one.is_over).then_some(one.blocks);
    object!({"ms": one.ms, "least_ms": one.least_ms, "blocks": blocks, "is_over": one.is_over})
}

fn not_run(shown: &Shown<'_>, proof: &Proof) -> Result<Vec<Value>, FactsError> {
    let all = proof.not_run.iter();
    all.map(|one| Ok(object!({"query": shown.text(one.statement)?, "because": one.because})))
        .collect()
}
