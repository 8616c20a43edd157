//! The node that costs most by itself.

use super::reading::{Case, Reading};
use crate::facts::human;

/// By time where it was measured, else by cost.
pub(super) fn read(case: &Case<'_>) -> Option<Reading> {
    if case.plan.nodes.len() < 2 {
        return None;
    }
    let all = 0..case.plan.nodes.len();
    let ms = |at: &usize| case.own[*at].ms.unwrap_or_default();
    let cost = |at: &usize| case.own[*at].cost.unwrap_or_default();
    let whole: f64 = all.clone().map(|at| ms(&at)).sum();
    if whole > 0.0 {
        let at = all.max_by(|a, b| ms(a).total_cmp(&ms(b)))?;
        let (own, share) = (ms(&at), ms(&at) / whole);
        let text = format!(
            "{} takes most of the time by itself: {} of {} ({}).",
            case.name(at),
            human::ms(own),
            human::ms(whole),
            human::percent(share)
        );
        return Some(
            Reading::new("dearest", at, text)
                .with("own_ms", own)
                .with("share", share),
        );
    }
    let whole = case.plan.cost().filter(|cost| *cost > 0.0)?;
    let at = all.max_by(|a, b| cost(a).total_cmp(&cost(b)))?;
    let (own, share) = (cost(&at), cost(&at) / whole);
    let text = format!(
        "{} costs most by itself: {} of {} ({}).",
        case.name(at),
        human::count(own),
        human::count(whole),
        human::percent(share)
    );
    Some(
        Reading::new("dearest", at, text)
            .with("own_cost", own)
            .with("share", share),
    )
}
