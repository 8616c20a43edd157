//! What a choice changes for a statement, in words.

use crate::advise::index::WeighedStatement;
use crate::facts::human;
use crate::tui::advising::Found;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::grid::{self, grid};
use crate::tui::theme::Role;

use super::chosen::change;

/// Statements that are listed; the view Gains has all.
const LISTED: usize = 20;
/// Characters of a statement in a list.
const LINE: usize = 110;

/// `12.3x cheaper`, `1.40x dearer`, `as now`: with its colour and the number that it is sorted by.
pub fn factor(one: &WeighedStatement) -> (Role, f64, String) {
    let factor = one.before / one.after.max(f64::MIN_POSITIVE);
    if (factor - 1.0).abs() < 1e-3 {
        (Role::Dim, 1.0, "as now".to_owned())
    } else if factor > 1.0 {
        (Role::Good, factor, format!("{} cheaper", times(factor)))
    } else {
        let dearer = 1.0 / factor.max(f64::MIN_POSITIVE);
        (Role::Error, factor, format!("{} dearer", times(dearer)))
    }
}

fn times(factor: f64) -> String {
    if factor < 2.0 {
        format!("{factor:.2}x")
    } else if factor < 100.0 {
        format!("{factor:.1}x")
    } else {
        format!("{}x", human::count(factor.round()))
    }
}

/// A cost in the planner's units.
pub fn cost(cost: f64) -> String {
    if cost < 100.0 {
        format!("{cost:.2}")
    } else {
        human::count(cost.round())
    }
}

/// A list of statements with their costs, those that change most first.
pub fn grid_of(doc: &mut Doc, found: &Found, statements: &[&WeighedStatement]) {
    if statements.is_empty() {
        return;
    }
    let mut sorted = statements.to_vec();
    sorted.sort_by(|a, b| b.saved().abs().total_cmp(&a.saved().abs()));
    let rows = sorted.iter().take(LISTED).map(|one| {
        let (role, _, factor) = factor(one);
        let text = found.subject(one.statement).text;
        let text = crate::report::queries::line(Some(&text), LINE);
        vec![
            (role, factor),
            (Role::Text, cost(one.before)),
            (Role::Text, cost(one.after)),
            (Role::Dim, text),
        ]
    });
    let rows: Vec<Vec<grid::Cell>> = rows.collect();
    grid(doc, &["factor", " now", " then", "statement"], &rows);
    if sorted.len() > LISTED {
        let more = format!("and {} more", sorted.len() - LISTED);
        doc.line(Role::Dim, &more);
    }
}

/// Everything about a statement: costs, which indexes its plans use, how sure that is.
pub fn gain_text(data: &Data, found: &Found, one: &WeighedStatement) -> Doc {
    let mut doc = Doc::new();
    let (role, _, factor) = factor(one);
    doc.pieces(&[
        (role, &factor),
        (
            Role::Text,
            &format!("  {} → {}", cost(one.before), cost(one.after)),
        ),
        (Role::Dim, "  in the planner's units, for one execution"),
    ]);
    let total = found.advice.before.max(f64::MIN_POSITIVE);
    let share = one.weight * one.before / total;
    let saved = one.saved() / total;
    let field = |name: &str, text: String| (name.to_owned(), Role::Text, text);
    let list = |names: Vec<String>| {
        if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(", ")
        }
    };
    let new = one.created.iter().filter_map(|at| found.proposals.get(*at));
    let new: Vec<String> = new.map(|proposal| proposal.chosen.name.clone()).collect();
    let mut fields = vec![
        field("executions", human::count(one.weight)),
        field(
            "workload",
            format!(
                "{} of its cost now; the choice changes the whole by {}",
                human::percent(share),
                change(-saved)
            ),
        ),
        field("new indexes used", list(new)),
        field("others used", list(one.existing.iter().cloned().collect())),
        field(
            "used now",
            list(one.existing_before.iter().cloned().collect()),
        ),
    ];
    let outcomes = &found.advice.statements;
    let outcome = outcomes
        .iter()
        .find(|known| known.effect.statement == one.statement);
    if let Some(outcome) = outcome {
        let (least, most) = outcome.range;
        let under = format!(
            "{} to {} of now with what is advised, under settings that planners are often wrong about",
            human::percent(least),
            human::percent(most)
        );
        fields.push(field("range", under));
        let values = if outcome.has_values {
            "its values are known"
        } else {
            "its values are not known: it is planned without them, or with values of the statistics"
        };
        fields.push(field("values", values.to_owned()));
    }
    doc.fields(&fields);
    doc.heading("Statement")
        .sql(&found.subject(one.statement).text);
    if data.advising.is_weighing() {
        doc.blank().line(
            Role::Dim,
            "The choice has changed since; it is being weighed.",
        );
    }
    doc
}
