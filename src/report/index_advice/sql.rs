//! Statements to run.

use std::fmt::Write as _;

use super::shown::{Shown, bytes};
use crate::advise::index::proof::Verdict;
use crate::facts::{FactsError, escape, human};

/// The script: indexes to make, then those to drop, and what takes that back as comments.
pub fn sql(shown: &Shown<'_>) -> Result<String, FactsError> {
    let advice = shown.advice;
    let mut out = String::from(
        "-- Run outside of a transaction: CREATE INDEX CONCURRENTLY and DROP INDEX CONCURRENTLY take none.\n\
         -- One that fails leaves an invalid index behind: drop that, and run it again.\n",
    );
    if let Some(proof) = shown.proof {
        let (before, after) = proof.total();
        let _ = writeln!(
            out,
            "-- Measured in {}: statements take {} in place of {}.",
            escape::line(&proof.target),
            human::ms(after),
            human::ms(before)
        );
        for built in proof.indexes.iter().filter(|built| built.is_out) {
            let _ = writeln!(
                out,
                "-- {} is left out: not worth it, measured.",
                built.chosen.name
            );
        }
    }
    if advice.create.is_empty() {
        out.push_str("-- No index gains enough to be made.\n");
    }
    let mut undo = Vec::new();
    for chosen in &advice.create {
        let share = chosen.gain / advice.before.max(f64::MIN_POSITIVE);
        let _ = writeln!(
            out,
            "\n-- {}, {} confidence: without it the workload would cost {} of now more",
            human::bytes(bytes(chosen)),
            chosen.confidence.word(),
            human::percent(share)
        );
        let mut measured = shown.proof.iter().flat_map(|proof| &proof.indexes);
        if let Some(built) = measured.find(|built| built.chosen.name == chosen.name)
            && let Ok(Verdict::Pays(share)) = built.verdict
        {
            let _ = writeln!(
                out,
                "-- Measured: it gains {} of their time",
                human::percent(share)
            );
        }
        for effect in &chosen.effects {
            let line = shown.line(effect.statement)?;
            let line = crate::report::wrap::cut(&escape::line(&line), 100);
            let _ = writeln!(out, "--   {:.1} times cheaper: {line}", effect.factor());
        }
        for statement in shown.statements(chosen)? {
            let _ = writeln!(out, "{statement};");
        }
        undo.push(format!("{};", shown.undo(chosen)?));
    }
    for drop in &shown.drops.go {
        let _ = writeln!(out, "\n-- {}\n{}", escape::line(&drop.because), drop.sql);
        undo.extend(drop.undo.clone());
    }
    if !undo.is_empty() {
        out.push_str("\n-- To take it back:\n");
        for line in undo.iter().flat_map(|statement| statement.lines()) {
            let _ = writeln!(out, "-- {line}");
        }
    }
    Ok(out)
}
