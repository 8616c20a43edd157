//! What the choice changes for each statement: losses first, then the largest gains.

use crate::advise::index::WeighedStatement;
use crate::facts::human;
use crate::report::queries::line;
use crate::tui::advising::{Found, Stage};
use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::drafts::Draft;
use crate::tui::inputs::Input;
use crate::tui::keymap::{Action, Context};
use crate::tui::list::{Cell, Row};
use crate::tui::overlays::Overlay;
use crate::tui::screens::screen::{Copy, Jump, Screen};
use crate::tui::theme::{Glyphs, Role};

use super::chosen::{self, change};
use super::gain_text::{cost, factor, gain_text};
use super::indexes::{INPUTS, open};

/// The view.
pub struct Gains;

/// Characters of a statement that its row holds.
const LINE: usize = 240;

#[rustfmt::skip]
static COLUMNS: [Column; 8] = [
    Column { name: "factor", min: 14, drop: 1, right: true },
    Column { name: "change", min: 8, drop: 2, right: true },
    Column { name: "now", min: 10, drop: 4, right: true },
    Column { name: "then", min: 10, drop: 5, right: true },
    Column { name: "share", min: 8, drop: 6, right: true },
    Column { name: "calls", min: 10, drop: 7, right: true },
    Column { name: "indexes", min: 20, drop: 3, right: false },
    Column { name: "statement", min: 30, drop: 0, right: false },
];

/// The statements in their order; none before a choice was weighed.
fn shown(data: &Data) -> Vec<&WeighedStatement> {
    let weighing = data.advising.weighing.iter();
    let all = weighing.flat_map(|weighing| &weighing.weighed.statements);
    let mut all: Vec<&WeighedStatement> = all.collect();
    let rank = |one: &WeighedStatement| match factor(one) {
        (_, factor, _) if factor < 1.0 => 0,
        (_, factor, _) if factor > 1.0 => 1,
        _ => 2,
    };
    all.sort_by(|a, b| {
        let saved = |one: &WeighedStatement| one.saved().abs();
        let share = |one: &WeighedStatement| one.weight * one.before;
        rank(a)
            .cmp(&rank(b))
            .then(saved(b).total_cmp(&saved(a)))
            .then(share(b).total_cmp(&share(a)))
    });
    all
}

fn found(data: &Data, row: usize) -> Option<(&Found, &WeighedStatement)> {
    let found = data.advising.found.as_deref()?;
    Some((found, shown(data).get(row).copied()?))
}

impl Screen for Gains {
    fn name(&self) -> &'static str {
        "Gains"
    }

    fn context(&self) -> Context {
        Context::Indexes
    }

    fn columns(&self) -> &'static [Column] {
        &COLUMNS
    }

    fn natural_order(&self) -> &'static str {
        "losses, gains"
    }

    fn rows(&self, data: &Data) -> Vec<Row> {
        let Some(found) = &data.advising.found else {
            return Vec::new();
        };
        shown(data).into_iter().map(|one| row(found, one)).collect()
    }

    fn detail_title(&self, data: &Data, row: usize) -> String {
        let one = found(data, row);
        one.map_or_else(String::new, |(found, one)| {
            found.subject(one.statement).fingerprint
        })
    }

    fn detail(&self, data: &Data, row: usize, _: &Glyphs) -> Doc {
        let one = found(data, row);
        one.map_or_else(Doc::new, |(found, one)| gain_text(data, found, one))
    }

    fn empty(&self, data: &Data) -> Doc {
        let mut doc = Doc::new();
        doc.line(Role::Strong, "No choice of indexes was weighed.");
        match &data.advising.stage {
            Stage::Failed(why) => doc.line(Role::Error, why),
            Stage::Preparing(what) => doc.line(Role::Text, what),
            Stage::Searching(_) => doc.line(Role::Text, "The search is under way."),
            Stage::Idle | Stage::Ready => doc.pieces(&[
                (Role::Key, "a"),
                (
                    Role::Text,
                    " searches for indexes that pay; then gains and losses of each statement stand here.",
                ),
            ]),
        };
        doc
    }

    fn copy(&self, data: &Data, row: usize) -> Result<Copy, &'static str> {
        let mut all = self.copies(data, row).into_iter();
        all.next().ok_or("nothing is selected")
    }

    fn copies(&self, data: &Data, row: usize) -> Vec<Copy> {
        let Some((found, one)) = found(data, row) else {
            return Vec::new();
        };
        let copy = |what, text| Copy { what, text };
        let subject = found.subject(one.statement);
        vec![
            copy("statement", subject.text),
            copy("fingerprint", subject.fingerprint),
            copy("text", gain_text(data, found, one).plain()),
        ]
    }

    fn open(&self, action: Action, data: &Data, _: Option<usize>) -> Option<Overlay> {
        open(action, data)
    }

    fn jump(&self, data: &Data, row: usize) -> Result<Jump, &'static str> {
        let (found, one) = found(data, row).ok_or("nothing is selected")?;
        let fingerprint = found.subject(one.statement).fingerprint;
        let mut queries = data.queries.rows.iter();
        if !queries.any(|query| query.fingerprint() == fingerprint) {
            return Err("this statement is not among the queries");
        }
        Ok(Jump {
            screen: 1,
            view: 0,
            filter: format!("fingerprint:{fingerprint}"),
        })
    }

    fn collects_all(&self, data: &Data) -> Vec<Draft> {
        chosen::all(data)
    }

    fn inputs(&self) -> &'static [Input] {
        &INPUTS
    }

    fn summary(&self, data: &Data) -> Vec<(Role, String)> {
        let none = || vec![(Role::Dim, "nothing weighed".to_owned())];
        chosen::summary(data).unwrap_or_else(none)
    }
}

fn row(found: &Found, one: &WeighedStatement) -> Row {
    let total = found.advice.before.max(f64::MIN_POSITIVE);
    let (role, number, text) = factor(one);
    let saved = one.saved() / total;
    let share = one.weight * one.before / total;
    let new = one.created.iter().filter_map(|at| found.proposals.get(*at));
    let mut names: Vec<String> = new
        .map(|proposal| format!("+{}", proposal.chosen.name))
        .collect();
    names.extend(one.existing.iter().cloned());
    let subject = found.subject(one.statement);
    let cells = vec![
        Cell::number(role, number, &text),
        Cell::number(role, -saved * 100.0, &change(-saved)),
        Cell::number(Role::Text, one.before, &cost(one.before)),
        Cell::number(Role::Text, one.after, &cost(one.after)),
        Cell::number(Role::Text, share * 100.0, &human::percent(share)),
        Cell::number(Role::Text, one.weight, &human::count(one.weight)),
        Cell::text(Role::Text, &names.join(" ")),
        Cell::text(Role::Text, &line(Some(&subject.text), LINE)),
    ];
    let more = [
        ("fingerprint", subject.fingerprint.as_str()),
        ("text", subject.text.as_str()),
    ];
    Row::new(one.statement.to_string(), &COLUMNS, cells, &more)
}
