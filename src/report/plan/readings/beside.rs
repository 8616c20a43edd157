//! Workers, compiling, triggers, planning, and what is switched off.

use serde_json::Value;

use super::reading::{Case, Reading};
use crate::facts::human;

/// What a node cost that was switched off, before 18 (`disable_cost` of `costsize.c`).
const DISABLED: f64 = 1e10;

pub(super) fn read(case: &Case<'_>, found: &mut Vec<Reading>) {
    for (at, node) in case.nodes() {
        let workers = (
            node.number("Workers Planned"),
            node.number("Workers Launched"),
        );
        if let (Some(planned), Some(launched)) = workers
            && launched < planned
        {
            let text = format!(
                "{} was planned with {} workers and got {}: max_parallel_workers or max_worker_processes was reached.",
                case.name(at),
                human::count(planned),
                human::count(launched)
            );
            found.push(
                Reading::new("missing-workers", at, text)
                    .with("planned", planned)
                    .with("launched", launched),
            );
        }
        if is_disabled(case, at) {
            let text = format!(
                "{} is switched off by a setting and is taken all the same: there is no other way.",
                case.name(at)
            );
            found.push(Reading::new("switched-off", at, text));
        }
        if node.text("One-Time Filter").as_deref() == Some("false") {
            let text = "The conditions contradict each other: nothing is read.".to_owned();
            found.push(Reading::new("contradiction", at, text));
        }
    }
    found.extend(compiling(case));
    found.extend(triggers(case));
    found.extend(planning(case));
}

fn is_disabled(case: &Case<'_>, at: usize) -> bool {
    let node = &case.plan.nodes[at];
    let is_dear = |at: usize| {
        case.plan.nodes[at]
            .total_cost
            .is_some_and(|cost| cost >= DISABLED)
    };
    node.has("Disabled") || (is_dear(at) && !case.plan.children(at).any(is_dear))
}

fn compiling(case: &Case<'_>) -> Option<Reading> {
    let jit = case.plan.details.get("JIT")?;
    let ms = jit.get("Timing")?.get("Total")?;
    let ms = ms
        .as_f64()
        .or_else(|| ms.get("Total").and_then(Value::as_f64))?;
    let share = ms / case.plan.execution_ms.filter(|whole| *whole > 0.0)?;
    if share < case.limits.jit_share {
        return None;
    }
    let text = format!(
        "Compiling (JIT) takes {} of {} ({}).",
        human::ms(ms),
        human::ms(case.plan.execution_ms?),
        human::percent(share)
    );
    Some(
        Reading::new("jit", None, text)
            .with("ms", ms)
            .with("share", share),
    )
}

fn triggers(case: &Case<'_>) -> Vec<Reading> {
    let whole = case.plan.execution_ms.filter(|whole| *whole > 0.0);
    let read = |trigger: &crate::parse::plan::Trigger| {
        let (ms, whole) = (trigger.ms?, whole?);
        let share = ms / whole;
        let text = format!(
            "Trigger {} takes {} of {} ({}) in {} calls.",
            trigger.name,
            human::ms(ms),
            human::ms(whole),
            human::percent(share),
            human::count(trigger.calls)
        );
        (share >= case.limits.trigger_share).then(|| {
            Reading::new("trigger", None, text)
                .with("ms", ms)
                .with("calls", trigger.calls)
        })
    };
    case.plan.triggers.iter().filter_map(read).collect()
}

fn planning(case: &Case<'_>) -> Option<Reading> {
    let (planning, execution) = (case.plan.planning_ms?, case.plan.execution_ms?);
    let share = planning / (planning + execution);
    if planning < case.limits.planning_ms || share < case.limits.planning_share {
        return None;
    }
    let text = format!(
        "Planning takes {}, the execution {}.",
        human::ms(planning),
        human::ms(execution)
    );
    Some(
        Reading::new("planning", None, text)
            .with("planning_ms", planning)
            .with("execution_ms", execution),
    )
}
