//! Plans of single statements.

use std::collections::BTreeSet;

use super::asked::Text;
use super::changed::create;
use super::ground::{Changed, Ground, ask};
use crate::advise::index::{Planned, WhatIf};
use crate::advise::workload::{Origin, Query, Unplanned, Variant, Workload, settings};
use crate::cli::what_if::shadow::Shadow;
use crate::derive::sizes::Tables;
use crate::facts::{human, quote};
use crate::parse::{fingerprint, plan};
use crate::report::plan::{Change, Hint, Shown};

/// Statements with what they are called; those that are not planned are apart.
pub struct Statements {
    /// Titles, texts and queries.
    pub all: Vec<(String, Query)>,
    /// Those that no planner takes: title and reason.
    pub refused: Vec<(String, String)>,
}

impl Statements {
    /// Statements that were given by themselves.
    pub fn given(ground: &mut Ground<'_>, texts: &[Text]) -> anyhow::Result<Self> {
        let mut statements = Self {
            all: Vec::new(),
            refused: Vec::new(),
        };
        let settings = settings(ground.store.connection(), ground.database)?;
        for text in texts {
            let print = fingerprint(&text.sql).to_string();
            let title = text.title();
            let written = Variant {
                text: text.sql.clone(),
                origin: Origin::Written,
                share: 1.0,
            };
            let query = Query {
                statement: known_statement(ground, &print)?.unwrap_or(0),
                weight: 1.0,
                variants: vec![written],
                settings: settings.clone(),
                ..Query::default()
            };
            statements.settle(ground, &title, vec![query])?;
        }
        Ok(statements)
    }

    /// Statements of the facts, taken out of their workload.
    pub fn known(
        ground: &mut Ground<'_>,
        workload: &Workload,
        ids: &[(i64, String)],
    ) -> anyhow::Result<Self> {
        let mut statements = Self {
            all: Vec::new(),
            refused: Vec::new(),
        };
        for (id, title) in ids {
            if let Some(Unplanned { because, .. }) =
                workload.unplanned.iter().find(|one| one.statement == *id)
            {
                statements.refused.push((title.clone(), because.clone()));
            }
            let queries = workload
                .queries
                .iter()
                .filter(|query| query.statement == *id);
            statements.settle(ground, title, queries.cloned().collect())?;
        }
        Ok(statements)
    }

    fn settle(
        &mut self,
        ground: &mut Ground<'_>,
        title: &str,
        queries: Vec<Query>,
    ) -> anyhow::Result<()> {
        let mut workload = Workload {
            database: ground.database,
            queries,
            ..Workload::default()
        };
        ground.settle(&mut workload)?;
        self.refused.extend(
            workload
                .unplanned
                .into_iter()
                .map(|one| (title.to_owned(), one.because)),
        );
        self.all.extend(
            workload
                .queries
                .into_iter()
                .map(|query| (title.to_owned(), query)),
        );
        Ok(())
    }
}

fn known_statement(ground: &Ground<'_>, print: &str) -> anyhow::Result<Option<i64>> {
    use rusqlite::OptionalExtension as _;
    let sql = "SELECT id FROM statements WHERE database_id = ?1 AND fingerprint = ?2";
    let found = ground.store.connection().query_row(
        sql,
        rusqlite::params![ground.database, print],
        |row| row.get(0),
    );
    Ok(found.optional()?)
}

/// The plans of a statement as things are. `again`: how a command names the statement and
/// where facts come from.
pub fn as_it_is(
    ground: &mut Ground<'_>,
    title: &str,
    query: &Query,
    again: &[String],
) -> anyhow::Result<Result<Shown, String>> {
    let answers = ground.ask(std::slice::from_ref(query), &Changed::default())?;
    let Some(first) = answers.into_iter().next() else {
        return Ok(Err("it has no text".to_owned()));
    };
    let mut answers = first.into_iter().zip(&query.variants);
    let (planned, variant) = match answers.next() {
        Some((Ok(planned), variant)) => (planned, variant),
        Some((Err(because), _)) => return Ok(Err(because)),
        None => return Ok(Err("it has no text".to_owned())),
    };
    let Some(mut shown) = shown(ground, title, variant, &planned) else {
        return Ok(Err("the planner's answer cannot be read".to_owned()));
    };
    shown.notes.push(values(variant));
    for (other, variant) in answers {
        let words = origin(variant.origin);
        shown.notes.push(match other {
            Ok(other) if other.cost.total_cmp(&planned.cost).is_eq() => {
                format!("With {words}: the same cost.")
            }
            Ok(other) => format!(
                "With {words}: cost {}{}.",
                human::count(other.cost),
                plan_words(&planned, &other)
            ),
            Err(because) => format!("With {words}: {because}."),
        });
    }
    let relations = relations(ground, &shown);
    shown.notes.extend(ground.left_out(&relations));
    shown.notes.extend(ground.left_out_everywhere());
    shown.notes.retain(|note| !note.is_empty());
    shown.hints = hints(ground, query, variant, &planned, again)?;
    Ok(Ok(shown))
}

/// The plan of a statement before and after a change; `other`: the shadow of another version.
pub fn compared(
    ground: &mut Ground<'_>,
    other: Option<&mut Shadow>,
    title: &str,
    query: &Query,
    changed: &Changed,
) -> anyhow::Result<Result<Change, String>> {
    let mut query = query.clone();
    query.variants.truncate(1);
    let all = std::slice::from_ref(&query);
    let before = ground.ask(all, &Changed::default())?;
    let after = match other {
        Some(other) => ask(other, all, changed)?,
        None => ground.ask(all, changed)?,
    };
    let first = |answers: Vec<Vec<_>>| answers.into_iter().flatten().next();
    let (Some(before), Some(after), Some(variant)) =
        (first(before), first(after), query.variants.first())
    else {
        return Ok(Err("it has no text".to_owned()));
    };
    let plans = before.and_then(|before| Ok((before, after?)));
    Ok(plans.and_then(|(before, after)| {
        let unread = || "the planner's answer cannot be read".to_owned();
        let before = shown(ground, title, variant, &before).ok_or_else(unread)?;
        let mut after = shown(ground, title, variant, &after).ok_or_else(unread)?;
        after.notes.push(values(variant));
        let mut tables = relations(ground, &before);
        tables.extend(relations(ground, &after));
        after.notes.extend(ground.left_out(&tables));
        after.notes.retain(|note| !note.is_empty());
        Ok(Change::new(before, after))
    }))
}

fn shown(ground: &Ground<'_>, title: &str, variant: &Variant, planned: &Planned) -> Option<Shown> {
    let plan = plan::read(&planned.json).ok()?.into_iter().next()?;
    let mut shown = Shown::new(title.to_owned(), plan, &ground.known, ground.limits);
    shown.fingerprint = Some(fingerprint(&variant.text).to_string());
    shown.statement = Some(variant.text.clone());
    Some(shown)
}

/// What the values of a text are; empty: they are the user's own.
fn values(variant: &Variant) -> String {
    match variant.origin {
        Origin::Written if variant.is_generic() => {
            "Parameters have no values: the planner goes by means.".to_owned()
        }
        Origin::Written => String::new(),
        origin_of => format!("Planned with {}.", origin(origin_of)),
    }
}

fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Written => "the values that are written",
        Origin::Log => "values of an execution in the log",
        Origin::Generic => "no values for parameters, by means",
        Origin::Common => "the most common values",
        Origin::Median => "values from the middle",
        Origin::Rare => "rare values",
    }
}

fn plan_words(first: &Planned, other: &Planned) -> &'static str {
    let read = |planned: &Planned| plan::read(&planned.json).ok()?.into_iter().next();
    match (read(first), read(other)) {
        (Some(first), Some(other))
            if crate::report::plan::differences(&first, &other).is_empty() =>
        {
            ", the same plan"
        }
        _ => ", another plan",
    }
}

/// Tables that a plan reads (`relations.id`).
fn relations(ground: &Ground<'_>, shown: &Shown) -> Vec<i64> {
    shown
        .plan
        .nodes
        .iter()
        .filter_map(|node| Some(ground.known.table(node)?.id))
        .collect()
}

/// Indexes that the facts propose for a statement and that make its plan cheaper.
fn hints(
    ground: &mut Ground<'_>,
    query: &Query,
    variant: &Variant,
    planned: &Planned,
    again: &[String],
) -> anyhow::Result<Vec<Hint>> {
    let proposed = proposed(ground, query.statement)?;
    if proposed.is_empty() {
        return Ok(Vec::new());
    }
    let tables = Tables::read(ground.store.connection(), ground.database)?;
    let mut one = query.clone();
    one.variants = vec![variant.clone()];
    let mut hints = Vec::new();
    for sql in proposed {
        let Ok(made) = create(&mut ground.shadow, &tables, &sql)? else {
            continue;
        };
        let changed = Changed {
            with: vec![made.handle],
            ..Changed::default()
        };
        let answers = ground.ask(std::slice::from_ref(&one), &changed)?;
        ground.shadow.forget(&[made.handle])?;
        let Some(Ok(with)) = answers.into_iter().flatten().next() else {
            continue;
        };
        let factor = with.cost / planned.cost;
        if planned.cost <= 0.0 || factor >= 1.0 - ground.limits.change_share {
            continue;
        }
        let because = format!(
            "With this index its cost is {} in place of {} ({}). {}",
            human::count(with.cost),
            human::count(planned.cost),
            crate::report::plan::times(factor, ground.limits.change_share),
            made.note
        );
        let again: Vec<String> = again.iter().map(|word| shell(word)).collect();
        let command = format!("pgtriage plan {} --create {}", again.join(" "), shell(&sql));
        hints.push(Hint {
            because,
            sql,
            command,
        });
    }
    Ok(hints)
}

/// CREATE INDEX for what would let the statement read fewer rows.
fn proposed(ground: &Ground<'_>, statement: i64) -> anyhow::Result<Vec<String>> {
    let mut candidates = ground.store.connection().prepare(
        "SELECT r.schema, r.name, c.columns FROM index_candidates c JOIN relations r ON r.id = c.relation_id
         WHERE c.statement_id = ?1 AND c.columns <> '[]' ORDER BY c.rows_now - c.rows_with DESC",
    )?;
    let mut rows = candidates.query([statement])?;
    let mut found = BTreeSet::new();
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (schema, table, columns): (String, String, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let columns: Vec<String> = serde_json::from_str(&columns).unwrap_or_default();
        let keys: Vec<String> = columns
            .iter()
            .map(|column| match column.strip_prefix('-') {
                Some(column) => format!("{} DESC", quote::ident(column)),
                None => quote::ident(column),
            })
            .collect();
        let sql = format!(
            "CREATE INDEX ON {} ({})",
            quote::name(&schema, &table),
            keys.join(", ")
        );
        if found.insert(sql.clone()) {
            all.push(sql);
        }
    }
    Ok(all)
}

/// A word as a shell takes it.
fn shell(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '/' | '_' | '-');
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
