//! Fixes that are collected to become migrations.

use crate::engine::Severity;
use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::drafts::{Draft, DraftStatement, Lint};
use crate::tui::keymap::{Action, Context};
use crate::tui::list::{Cell, Row};
use crate::tui::overlays::Overlay;
use crate::tui::theme::{Glyphs, Role};

use super::findings::role;
use super::fix_kind::fix_kind;
use super::relations::ADVICE;
use super::screen::{Copy, Jump, Screen};

/// The screen.
pub struct Migrations;

#[rustfmt::skip]
const COLUMNS: [Column; 6] = [
    Column { name: "lint", min: 9, drop: 1, right: false },
    Column { name: "lock", min: 12, drop: 2, right: false },
    Column { name: "fix", min: 12, drop: 3, right: false },
    Column { name: "object", min: 16, drop: 0, right: false },
    Column { name: "work", min: 10, drop: 4, right: false },
    Column { name: "rule", min: 16, drop: 5, right: false },
];

impl Screen for Migrations {
    fn name(&self) -> &'static str {
        "Migrations"
    }

    fn context(&self) -> Context {
        Context::Migrations
    }

    fn columns(&self) -> &'static [Column] {
        &COLUMNS
    }

    fn natural_order(&self) -> &'static str {
        "collected"
    }

    fn rows(&self, data: &Data) -> Vec<Row> {
        data.drafts.iter().map(row).collect()
    }

    fn detail_title(&self, data: &Data, row: usize) -> String {
        let draft = data.drafts.get(row);
        draft.map_or_else(String::new, |draft| draft.object.clone())
    }

    fn detail(&self, data: &Data, row: usize, _: &Glyphs) -> Doc {
        let draft = data.drafts.get(row);
        draft.map_or_else(Doc::new, text)
    }

    fn empty(&self, _: &Data) -> Doc {
        let mut doc = Doc::new();
        doc.line(Role::Text, "No fix is collected.");
        doc.blank().pieces(&[
            (Role::Text, "On the findings screen ("),
            (Role::Key, "1"),
            (Role::Text, ") "),
            (Role::Key, "m"),
            (
                Role::Text,
                " collects the fix of a finding. Here it is linted, can be edited, and is written as migrations.",
            ),
        ]);
        doc
    }

    fn copy(&self, data: &Data, row: usize) -> Result<Copy, &'static str> {
        let mut all = self.copies(data, row).into_iter();
        all.next().ok_or("nothing is selected")
    }

    fn copies(&self, data: &Data, row: usize) -> Vec<Copy> {
        let Some(draft) = data.drafts.get(row) else {
            return Vec::new();
        };
        let copy = |what, text: &str| Copy {
            what,
            text: text.to_owned(),
        };
        let undo = draft.undo.as_deref().map(|undo| copy("undo", undo));
        let all = [
            Some(copy("SQL", &draft.sql)),
            undo,
            Some(copy("text", &text(draft).plain())),
        ];
        all.into_iter().flatten().collect()
    }

    fn open(&self, _: Action, _: &Data, _: Option<usize>) -> Option<Overlay> {
        None
    }

    fn jump(&self, data: &Data, row: usize) -> Result<Jump, &'static str> {
        let draft = data.drafts.get(row).ok_or("nothing is selected")?;
        if draft.rule == ADVICE {
            return Ok(Jump {
                screen: 4,
                view: 1,
                filter: format!("index:\"{}\"", draft.object.replace('"', "")),
            });
        }
        let mut findings = data.outcome.findings.iter();
        if !findings.any(|finding| finding.key == draft.key) {
            return Err("its finding is not there any more");
        }
        Ok(Jump {
            screen: 0,
            view: 0,
            filter: format!("key:\"{}\"", draft.key),
        })
    }

    fn summary(&self, data: &Data) -> Vec<(Role, String)> {
        if data.drafts.is_empty() {
            return vec![(Role::Dim, "nothing collected".to_owned())];
        }
        let drafts = &data.drafts;
        let count = match drafts.len() {
            1 => "1 fix collected".to_owned(),
            count => format!("{count} fixes collected"),
        };
        let mut parts = vec![(Role::Text, count)];
        let count = |is: fn(&Draft) -> bool| drafts.iter().filter(|draft| is(draft)).count();
        let hurt = count(|draft| draft.worst() >= Some(Severity::Warning));
        let failed = count(|draft| matches!(draft.lint, Lint::Failed(_)));
        if hurt > 0 {
            parts.push((Role::Warning, format!("{hurt} that the linter warns of")));
        }
        if failed > 0 {
            parts.push((Role::Error, format!("{failed} that cannot be linted")));
        }
        parts
    }
}

fn row(draft: &Draft) -> Row {
    let edited = if draft.is_edited { "yes" } else { "no" };
    let strongest = draft
        .statements()
        .iter()
        .max_by_key(|statement| statement.lock_level);
    let lock = strongest.and_then(|statement| Some((statement.lock_level?, statement)));
    let lock = lock.and_then(|(level, statement)| Some((level, statement.locks.first()?)));
    let statements = draft.statements().iter();
    let mut work: Vec<&str> = statements
        .flat_map(|statement| statement.work.iter().map(String::as_str))
        .collect();
    work.dedup();
    let cells = vec![
        status(draft),
        match lock {
            Some((level, (mode, _))) => Cell::number(weight(level), level as f64, mode),
            None => Cell::unknown(),
        },
        Cell::text(Role::Text, &fix_kind(&draft.sql)),
        Cell::text(Role::Text, &draft.object),
        Cell::text(Role::Dim, &work.join(", ")),
        Cell::text(Role::Text, &draft.rule),
    ];
    Row::new(draft.key.clone(), &COLUMNS, cells, &[("edited", edited)])
}

/// Colour of a lock: those that stop reads, those that stop writes, the rest.
fn weight(level: i64) -> Role {
    match level {
        8.. => Role::Error,
        5..=7 => Role::Warning,
        _ => Role::Text,
    }
}

fn status(draft: &Draft) -> Cell {
    match (&draft.lint, draft.worst()) {
        (Lint::Asked, _) => Cell::text(Role::Dim, "asked"),
        (Lint::Failed(_), _) => Cell::text(Role::Error, "unknown"),
        (Lint::Known(_), None) => Cell::number(Role::Good, -1.0, "clean"),
        (Lint::Known(_), Some(worst)) => {
            Cell::number(role(worst), f64::from(worst as u8), worst.as_str())
        }
    }
}

fn text(draft: &Draft) -> Doc {
    let mut doc = Doc::new();
    doc.pieces(&[
        (Role::Strong, &draft.object),
        (Role::Dim, "  "),
        (Role::Dim, &draft.rule),
    ]);
    doc.line(Role::Text, &draft.detail);
    if draft.is_edited {
        doc.line(
            Role::Dim,
            "The SQL was edited: it is not that of the finding.",
        );
    }
    match &draft.lint {
        Lint::Asked => {
            doc.heading("Up").sql(&draft.sql);
            doc.blank().line(Role::Dim, "Not linted yet.");
        }
        Lint::Failed(why) => {
            doc.heading("Up").sql(&draft.sql);
            doc.blank().line(Role::Error, why);
        }
        Lint::Known(statements) => {
            doc.heading("Up");
            for statement in statements {
                doc.blank().sql(&statement.text);
                one(&mut doc, statement);
            }
        }
    }
    if let Some(undo) = &draft.undo {
        doc.heading("Down").sql(undo);
    }
    doc
}

/// What a statement locks and does, and what is said against it.
fn one(doc: &mut Doc, statement: &DraftStatement) {
    let lock = |(mode, relation): &(String, String)| format!("{mode} on {relation}");
    let locks: Vec<String> = statement.locks.iter().map(lock).collect();
    let locks = match locks.as_slice() {
        [] => "none on what is there".to_owned(),
        locks => locks.join(", "),
    };
    let role_of_lock = statement.lock_level.map_or(Role::Dim, weight);
    let mut fields = vec![("  locks".to_owned(), role_of_lock, locks)];
    if !statement.work.is_empty() {
        fields.push(("  work".to_owned(), Role::Text, statement.work.join(", ")));
    }
    if statement.is_alone {
        let text = "outside a transaction block, so in a migration of its own".to_owned();
        fields.push(("  runs".to_owned(), Role::Text, text));
    }
    for (severity, rule, detail) in &statement.findings {
        let text = format!("{rule}: {detail}");
        fields.push((format!("  {}", severity.as_str()), role(*severity), text));
    }
    doc.fields(&fields);
}
