//! Figures over time.

use super::section::{Entry, Section, Shape};
use crate::facts::{figure, human};
use crate::report::logs::{Logs, Step, moment, spans, spark};

/// From this length on the steps are hours, ms.
const LONG_MS: f64 = 3.0 * 3_600_000.0;

/// Name of a figure as `figure` reads it, what it is called, and where it stands.
type Course = (&'static str, &'static str, fn(&Step) -> f64);

const COURSES: [Course; 9] = [
    ("executions", "executions", |step| step.statements as f64),
    ("time_ms", "their time", |step| step.duration_ms),
    ("errors", "errors", |step| step.errors as f64),
    ("connections", "connections", |step| step.connections as f64),
    ("lock_waits", "lock waits", |step| step.lock_waits as f64),
    ("deadlocks", "deadlocks", |step| step.deadlocks as f64),
    ("cancels", "cancels", |step| step.cancels as f64),
    ("temp_bytes", "temporary files", |step| {
        step.temp_bytes as f64
    }),
    ("checkpoints", "checkpoints", |step| step.checkpoints as f64),
];

/// A bar for each step of time.
pub fn courses(logs: &Logs, bars: usize) -> Section {
    let mut section = Section::new(
        "Over time",
        &[
            ("what", Shape::Fixed),
            ("in all", Shape::Number),
            ("most", Shape::Number),
            ("at", Shape::Fixed),
            ("course", Shape::Fixed),
        ],
    );
    let is_long = logs.totals.span_ms().is_some_and(|ms| ms >= LONG_MS);
    let span = spans(&logs.steps, if is_long { 60 } else { 1 }, bars);
    let (Some(first), Some(last)) = (span.steps.first(), span.steps.last()) else {
        return section;
    };
    if span.steps.len() < 2 {
        return section;
    }
    section.sentences.push(format!(
        "Steps of {} from {} to {} UTC.",
        human::ms(span.step_ms),
        moment(first.at),
        moment(last.at + (span.step_ms * 1_000.0) as i64)
    ));
    for (name, title, get) in COURSES {
        let values: Vec<f64> = span.steps.iter().map(get).collect();
        let all: f64 = values.iter().sum();
        let (mut most, mut at) = (0.0, first.at);
        for (step, value) in span.steps.iter().zip(&values) {
            if *value > most {
                (most, at) = (*value, step.at);
            }
        }
        if all <= 0.0 {
            continue;
        }
        let shown = |value: f64| figure(name, &serde_json::json!(value));
        let at = moment(at);
        // The day where steps are days, the time of day where there is one day only.
        let same_day = moment(first.at).get(..10) == moment(last.at).get(..10);
        let at = if same_day {
            at.get(11..16)
        } else {
            at.get(5..16)
        };
        section.rows.push(vec![
            Entry::new(title),
            Entry::new(shown(all)),
            Entry::new(shown(most)),
            Entry::new(at.unwrap_or_default()),
            Entry::new(spark(&values, false)),
        ]);
    }
    section
}
