//! For people.

use std::fmt::Write as _;

use super::shown::{Shown, bytes};
use super::writes::write_cost;
use crate::advise::index::{Chosen, Effect, PAGE};
use crate::facts::{FactsError, escape, human};
use crate::report::server::{Server, plural};
use crate::report::style::{Role, Style};
use crate::report::wrap::{cut, wrap};

/// Statements that are listed with an index; JSON has all.
const LISTED: usize = 5;

/// The text.
pub fn table(shown: &Shown<'_>, style: Style, columns: usize) -> Result<String, FactsError> {
    let mut page = Page {
        out: String::new(),
        style,
        columns,
    };
    let server = Server::read(shown.store)?.describe();
    page.line(Role::Strong, 0, &format!("Indexes for {server}"));
    page.line(Role::Plain, 0, &summary(shown));
    for chosen in &shown.advice.create {
        page.chosen(shown, chosen)?;
    }
    page.hurt(shown)?;
    if let Some(proof) = shown.proof {
        page.proof(shown, proof)?;
    }
    page.drops(shown);
    page.unplanned(shown)?;
    Ok(page.out)
}

fn summary(shown: &Shown<'_>) -> String {
    let advice = shown.advice;
    let planned = plural(advice.statements.len(), "statement");
    let asked = format!("{planned} planned by {}", shown.planner);
    if advice.create.is_empty() {
        return match shown.proof {
            Some(proof) if !proof.indexes.is_empty() => {
                format!(
                    "{asked}; none of the indexes that were chosen pays in {}.",
                    proof.target
                )
            }
            _ => format!("{asked}: no index gains enough to be made."),
        };
    }
    let size: f64 = advice.create.iter().map(bytes).sum();
    // What the search found is of all that it chose.
    let out = shown
        .proof
        .map_or(0, |proof| proof.indexes.len() - advice.create.len());
    let left = 1.0 - advice.after / advice.before.max(f64::MIN_POSITIVE);
    let mut text = format!(
        "{asked}: {} of {}{} bring the cost down by {}",
        match advice.create.len() {
            1 => "1 new index".to_owned(),
            count => format!("{count} new indexes"),
        },
        human::bytes(size),
        match out {
            0 => " together".to_owned(),
            out => format!(", and {out} that do not pay,"),
        },
        human::percent(left)
    );
    if let Some(cost) = advice.write_cost {
        let share = human::percent(cost / advice.before.max(f64::MIN_POSITIVE));
        let _ = write!(text, "; writes pay {share} of it for them");
    }
    text.push('.');
    if !advice.is_complete {
        text.push_str(" The search was cut short by --time.");
    }
    text
}

/// The text as it comes.
pub(super) struct Page {
    out: String,
    style: Style,
    pub(super) columns: usize,
}

impl Page {
    pub(super) fn line(&mut self, role: Role, indent: usize, text: &str) {
        let room = self.columns.saturating_sub(indent).max(20);
        for line in wrap(&escape::line(text), room) {
            let line = self.style.paint(role, &line);
            let _ = writeln!(self.out, "{:indent$}{line}", "");
        }
    }

    pub(super) fn head(&mut self, text: &str) {
        self.line(Role::Plain, 0, "");
        self.line(Role::Strong, 0, text);
    }

    fn chosen(&mut self, shown: &Shown<'_>, chosen: &Chosen) -> Result<(), FactsError> {
        self.head(&chosen.name);
        for statement in shown.statements(chosen)? {
            self.line(Role::Code, 2, &format!("{statement};"));
        }
        let share = chosen.gain / shown.advice.before.max(f64::MIN_POSITIVE);
        let size = human::bytes(bytes(chosen));
        let range = chosen
            .pages
            .filter(|(least, most)| least != most)
            .map(|(least, most)| {
                let (least, most) = (least as f64 * PAGE, most as f64 * PAGE);
                format!(" ({} to {})", human::bytes(least), human::bytes(most))
            });
        let mut text = format!(
            "{size}{}; without it the workload would cost {} of now more; {} confidence",
            range.unwrap_or_default(),
            human::percent(share),
            chosen.confidence.word()
        );
        if let Some(seconds) = chosen.build_seconds {
            let time = human::ms(seconds * 1e3);
            let _ = write!(
                text,
                "; takes about {time} to make, while reads and writes go on"
            );
        }
        self.line(Role::Plain, 2, &format!("{text}."));
        self.line(Role::Plain, 2, &write_cost(chosen));
        let mut effects: Vec<&Effect> = chosen.effects.iter().collect();
        effects.sort_by(|a, b| b.factor().total_cmp(&a.factor()));
        for effect in effects.iter().take(LISTED) {
            self.effect(shown, effect)?;
        }
        if effects.len() > LISTED {
            let more = format!("and {} more", effects.len() - LISTED);
            self.line(Role::Dim, 4, &more);
        }
        Ok(())
    }

    fn effect(&mut self, shown: &Shown<'_>, effect: &Effect) -> Result<(), FactsError> {
        let factor = effect.factor();
        let how = if factor >= 1.0 {
            format!("{factor:.1}× cheaper")
        } else {
            format!("{:.2}× dearer", 1.0 / factor)
        };
        let line = format!("{how}: {}", shown.line(effect.statement)?);
        let line = cut(&escape::line(&line), self.columns.saturating_sub(4).max(20));
        self.line(Role::Dim, 4, &line);
        Ok(())
    }

    fn hurt(&mut self, shown: &Shown<'_>) -> Result<(), FactsError> {
        let hurt: Vec<&Effect> = shown.hurt().collect();
        if !hurt.is_empty() {
            self.head("Dearer with the new indexes");
        }
        for effect in hurt {
            self.effect(shown, effect)?;
        }
        Ok(())
    }

    fn drops(&mut self, shown: &Shown<'_>) {
        if !shown.drops.go.is_empty() {
            self.head("Indexes that may go");
        }
        for drop in &shown.drops.go {
            self.line(Role::Code, 2, &drop.sql);
            self.line(
                Role::Plain,
                4,
                &format!("{} ({})", drop.because, drop.confidence),
            );
        }
        if !shown.drops.stay.is_empty() {
            self.head("Indexes that stay, though they seem to be of no use");
        }
        for kept in &shown.drops.stay {
            self.line(
                Role::Plain,
                2,
                &format!("{}: {}", kept.object, kept.because),
            );
        }
        for (page, because) in &shown.drops.not_judged {
            self.line(Role::Dim, 2, &format!("{page} could not judge: {because}"));
        }
    }

    fn unplanned(&mut self, shown: &Shown<'_>) -> Result<(), FactsError> {
        let unplanned = &shown.advice.unplanned;
        if !unplanned.is_empty() {
            self.head(&format!(
                "Not planned: {}",
                plural(unplanned.len(), "statement")
            ));
        }
        for one in unplanned {
            let line = format!("{}: {}", one.because, shown.line(one.statement)?);
            let line = cut(&escape::line(&line), self.columns.saturating_sub(2).max(20));
            self.line(Role::Dim, 2, &line);
        }
        if shown.tail.statements > 0 {
            let text = format!(
                "{} with little time in them were left out.",
                plural(shown.tail.statements, "statement")
            );
            self.line(Role::Plain, 0, "");
            self.line(Role::Plain, 0, &text);
        }
        Ok(())
    }
}
