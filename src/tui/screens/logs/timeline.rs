//! Figures by steps of time, the newest first.

use crate::facts::human;
use crate::report::logs::{Event, Logs, Step, moment, spans};
use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::list::{Cell, Row};
use crate::tui::theme::{Glyphs, Role};

use super::clock::Clock;
use super::course::{self, FIGURES};
use super::incident::{about, colour, kind};
use super::view::LogView;

/// The view.
pub struct Timeline;

/// Steps at most.
const STEPS: usize = 300;
/// Events of a step that are told one by one.
const EVENTS: usize = 20;

/// When a step begins, and its figures.
static COLUMNS: [Column; FIGURES.len() + 1] = {
    let at = Column {
        name: "at",
        min: 19,
        drop: 0,
        right: false,
    };
    let mut columns = [at; FIGURES.len() + 1];
    let mut index = 0;
    while index < FIGURES.len() {
        columns[index + 1] = Column {
            name: FIGURES[index].word,
            min: 12,
            drop: index as u8 + 1,
            right: true,
        };
        index += 1;
    }
    columns
};

/// The newest first.
fn steps(logs: &Logs) -> Vec<Step> {
    let mut steps = spans(&logs.steps, 1, STEPS).steps;
    steps.reverse();
    steps
}

/// When a step ends, microseconds.
fn end(step: &Step) -> i64 {
    step.at + (step.step_ms * 1_000.0) as i64
}

impl LogView for Timeline {
    fn title(&self) -> &'static str {
        "Timeline"
    }

    fn heads(&self) -> &'static [Column] {
        &COLUMNS
    }

    fn order(&self) -> &'static str {
        "newest"
    }

    fn newest_first(&self) -> bool {
        true
    }

    fn list(&self, _: &Data, logs: &Logs) -> Vec<Row> {
        let (steps, clock) = (steps(logs), Clock::new(logs));
        steps.iter().map(|step| row(clock, step)).collect()
    }

    fn row_title(&self, logs: &Logs, row: usize) -> String {
        let clock = Clock::new(logs);
        steps(logs).get(row).map_or_else(String::new, |step| {
            format!("{} to {}", clock.short(step.at), clock.short(end(step)))
        })
    }

    fn text(&self, _: &Data, logs: &Logs, row: usize, glyphs: &Glyphs) -> Doc {
        let mut doc = Doc::new();
        if let Some(step) = steps(logs).get(row) {
            let ms = human::ms(step.step_ms);
            let at = moment(step.at);
            doc.line(Role::Strong, &format!("{ms} from {at} UTC"));
            doc.blank().fields(&fields(step));
            events(&mut doc, logs, step);
            let words: Vec<&str> = FIGURES.iter().map(|figure| figure.word).collect();
            course::courses(&mut doc, logs, &words[..words.len() - 1], glyphs);
        }
        doc
    }

    fn none(&self) -> (&'static str, Option<&'static str>) {
        (
            "The records carry no time.",
            Some(
                "ALTER SYSTEM SET log_line_prefix = '%m [%p] %q%u@%d/%a %e %Q ';\nSELECT pg_reload_conf();",
            ),
        )
    }

    fn statement(&self, _: &Logs, _: usize) -> Option<i64> {
        None
    }
}

fn row(clock: Clock, step: &Step) -> Row {
    let figures = FIGURES.iter().map(|figure| {
        let value = (figure.get)(step);
        let role = match value {
            value if value <= 0.0 => Role::Dim,
            _ if figure.is_trouble => Role::Error,
            _ => Role::Text,
        };
        Cell::number(role, value, &figure.shown(value))
    });
    let cells = [clock.cell(Some(step.at))].into_iter().chain(figures);
    Row::new(step.at.to_string(), &COLUMNS, cells.collect(), &[])
}

/// What there is of something.
fn fields(step: &Step) -> Vec<(String, Role, String)> {
    let figures = FIGURES.iter().filter_map(|figure| {
        let value = (figure.get)(step);
        let role = if figure.is_trouble {
            Role::Error
        } else {
            Role::Text
        };
        (value > 0.0).then(|| (figure.title.to_owned(), role, figure.shown(value)))
    });
    let mut fields: Vec<_> = figures.collect();
    if fields.is_empty() {
        fields.push(("nothing".to_owned(), Role::Dim, "was logged".to_owned()));
    }
    fields
}

/// What happened in it.
fn events(doc: &mut Doc, logs: &Logs, step: &Step) {
    let within = |event: &&Event| {
        event
            .at
            .is_some_and(|at| (step.at..end(step)).contains(&at))
    };
    let all: Vec<&Event> = logs.events.iter().filter(within).collect();
    if all.is_empty() {
        return;
    }
    let clock = Clock::new(logs);
    doc.heading("Events");
    for event in all.iter().take(EVENTS) {
        let at = event.at.map(|at| clock.short(at)).unwrap_or_default();
        doc.pieces(&[
            (Role::Dim, &format!("{at}  ")),
            (colour(event), &kind(event)),
            (Role::Text, &format!("  {}", about(logs, event))),
        ]);
    }
    let others = all.len().saturating_sub(EVENTS);
    if others > 0 {
        doc.line(Role::Dim, &format!("and {others} more"));
    }
}
