//! Figures over time as bars.

use serde_json::json;

use crate::facts::{figure, human};
use crate::report::logs::{Hour, Logs, Span, Step, spans, spark};
use crate::tui::doc::Doc;
use crate::tui::theme::{Glyphs, Role};

use super::clock::Clock;

/// Bars at most.
const BARS: usize = 40;
/// From this length on the steps are hours, ms.
const LONG_MS: f64 = 3.0 * 3_600_000.0;

/// A figure of a step.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// Head of its column.
    pub word: &'static str,
    /// Its name, by which it is written.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// It is bad.
    pub is_trouble: bool,
    /// Its value.
    pub get: fn(&Step) -> f64,
}

const fn figure_of(
    word: &'static str,
    name: &'static str,
    title: &'static str,
    get: fn(&Step) -> f64,
) -> Figure {
    Figure {
        word,
        name,
        title,
        is_trouble: false,
        get,
    }
}

impl Figure {
    const fn trouble(mut self) -> Self {
        self.is_trouble = true;
        self
    }

    /// A value as people read it.
    pub fn shown(&self, value: f64) -> String {
        figure(self.name, &json!(value))
    }
}

/// All figures, the most telling first.
#[rustfmt::skip]
pub const FIGURES: [Figure; 13] = [
    figure_of("calls", "calls", "executions", |step| step.statements as f64),
    figure_of("time", "time_ms", "their time", |step| step.duration_ms),
    figure_of("errors", "errors", "errors", |step| step.errors as f64).trouble(),
    figure_of("connections", "connections", "connections", |step| step.connections as f64),
    figure_of("waits", "lock_waits", "lock waits", |step| step.lock_waits as f64).trouble(),
    figure_of("deadlocks", "deadlocks", "deadlocks", |step| step.deadlocks as f64).trouble(),
    figure_of("cancels", "cancels", "cancels", |step| step.cancels as f64).trouble(),
    figure_of("temp", "temp_bytes", "temporary files", |step| step.temp_bytes as f64),
    figure_of("checkpoints", "checkpoints", "checkpoints", |step| step.checkpoints as f64),
    figure_of("vacuums", "autovacuums", "vacuums, analyzes", |step| step.autovacuums as f64),
    figure_of("ended", "disconnections", "sessions ended", |step| step.disconnections as f64),
    figure_of("files", "temp_files", "files", |step| step.temp_files as f64),
    figure_of("mean", "mean_ms", "mean of an execution", mean_ms),
];

fn mean_ms(step: &Step) -> f64 {
    if step.statements == 0 {
        return 0.0;
    }
    step.duration_ms / step.statements as f64
}

/// The courses of some figures over the whole log; those that are nothing at all are left out.
pub fn courses(doc: &mut Doc, logs: &Logs, words: &[&str], glyphs: &Glyphs) {
    let is_long = logs.totals.span_ms().is_some_and(|ms| ms >= LONG_MS);
    let span = spans(&logs.steps, if is_long { 60 } else { 1 }, BARS);
    let figures = FIGURES.iter().filter(|one| words.contains(&one.word));
    let courses: Vec<_> = figures
        .filter_map(|figure| course(Clock::new(logs), &span, figure, glyphs))
        .collect();
    if courses.is_empty() || span.steps.len() < 2 {
        return;
    }
    let step = human::ms(span.step_ms);
    doc.heading(&format!("Over the whole log, by {step}"));
    doc.fields(&courses);
}

/// The course of one statement.
pub fn hours(doc: &mut Doc, logs: &Logs, hours: &[Hour], glyphs: &Glyphs) {
    let steps: Vec<Step> = hours
        .iter()
        .map(|hour| Step {
            at: hour.at,
            step_ms: hour.step_ms,
            statements: hour.calls,
            duration_ms: hour.total_ms,
            ..Step::default()
        })
        .collect();
    let span = spans(&steps, 60, BARS);
    if span.steps.len() < 2 {
        return;
    }
    let step = human::ms(span.step_ms);
    doc.heading(&format!("Over time, by {step}"));
    let clock = Clock::new(logs);
    let figures = FIGURES[..2].iter();
    let courses: Vec<_> = figures
        .filter_map(|figure| course(clock, &span, figure, glyphs))
        .collect();
    doc.fields(&courses);
}

fn course(
    clock: Clock,
    span: &Span,
    figure: &Figure,
    glyphs: &Glyphs,
) -> Option<(String, Role, String)> {
    let values: Vec<f64> = span.steps.iter().map(figure.get).collect();
    let all: f64 = values.iter().sum();
    let most = values.iter().copied().fold(0.0, f64::max);
    let at = values.iter().position(|value| *value >= most)?;
    if all <= 0.0 {
        return None;
    }
    let bars = spark(&values, glyphs.ascii);
    let (all, most) = (figure.shown(all), figure.shown(most));
    let at = clock.short(span.steps.get(at)?.at);
    let words = format!("{bars}  {all}, most {most} from {at}");
    Some((figure.title.to_owned(), Role::Text, words))
}
