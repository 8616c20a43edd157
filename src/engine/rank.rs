//! The order of findings: total and the same in every run.

use std::cmp::Ordering;

use super::finding::Finding;

/// What one gibibyte of reclaimable space weighs beside database time, in ms an hour.
const MS_PER_HOUR_OF_A_GIBIBYTE: f64 = 36_000.0;

/// Score of a finding within its severity, in ms of database time an hour:
///
/// `impact_ms_per_hour + reclaim_bytes / 2^30 × 36,000`
///
/// Time is the common unit because it is what users wait for. A gibibyte counts as 36 s an hour,
/// one per cent of one session: enough that a large dead index stands above a query nobody
/// notices, and little enough that space never hides a query that keeps a core busy (3,600,000).
/// A figure that is not known adds nothing, since nothing speaks for it; such findings stand last
/// within their severity.
pub fn score(impact_ms_per_hour: Option<f64>, reclaim_bytes: Option<i64>) -> f64 {
    let gibibytes = reclaim_bytes.unwrap_or(0) as f64 / f64::from(1 << 30);
    impact_ms_per_hour.unwrap_or(0.0) + gibibytes * MS_PER_HOUR_OF_A_GIBIBYTE
}

/// Gravest first: severity, then score, then key.
pub fn order(a: &Finding, b: &Finding) -> Ordering {
    b.severity
        .cmp(&a.severity)
        .then_with(|| b.score.total_cmp(&a.score))
        .then_with(|| a.key.cmp(&b.key))
}
