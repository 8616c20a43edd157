//! What plans are made with: facts, and a shadow of a database of theirs.

use anyhow::{Context as _, bail};
use rusqlite::OptionalExtension as _;

use super::options::Options;
use crate::advise::index::{Handle, Plan as Answer, Planned, Question, WhatIf};
use crate::advise::workload::{Query, Workload};
use crate::cli::context::Context;
use crate::cli::progress::Progress;
use crate::cli::what_if::shadow::{self, Keep, Lanes, Shadow};
use crate::derive::shadow::LeftOut;
use crate::facts::Store;
use crate::report::plan::{Known, Limits};

/// Facts, and a shadow of a database of theirs.
pub struct Ground<'a> {
    /// The facts.
    pub store: &'a Store,
    /// The database (`databases.id`).
    pub database: i64,
    /// What plans are read by.
    pub known: Known,
    /// What plans are judged by.
    pub limits: &'a Limits,
    /// The shadow.
    pub shadow: Shadow,
}

/// What is other in the questions after a change.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changed {
    /// Settings.
    pub settings: Vec<(String, String)>,
    /// Indexes that are there.
    pub with: Vec<Handle>,
    /// Indexes that are gone (`indexes.id`).
    pub without: Vec<i64>,
}

/// The database that statements are planned in: the one that is named, or the only one with statistics.
pub fn database(store: &Store, named: Option<&str>) -> anyhow::Result<i64> {
    let facts = store.connection();
    let mut known = facts.prepare(
        "SELECT d.id, d.name, count(r.id) FROM databases d LEFT JOIN relations r ON r.database_id = d.id
         GROUP BY d.id HAVING count(r.id) > 0 OR d.is_collected ORDER BY d.id",
    )?;
    let known: Vec<(i64, String)> = known
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let names = || {
        known
            .iter()
            .map(|(_, name)| name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    match (named, known.as_slice()) {
        (Some(name), known) => known
            .iter()
            .find(|(_, known)| known == name)
            .map(|(id, _)| *id)
            .with_context(|| {
                format!(
                    "there is no database {name} in the facts; they hold {}",
                    names()
                )
            }),
        (None, [(id, _)]) => Ok(*id),
        (None, []) => bail!("the facts hold no database"),
        (None, _) => bail!(
            "the facts hold several databases; name one by --in: {}",
            names()
        ),
    }
}

impl<'a> Ground<'a> {
    /// Makes a shadow of a database.
    pub fn start(
        store: &'a Store,
        database: i64,
        limits: &'a Limits,
        lanes: Lanes,
        options: &Options,
        context: &Context,
    ) -> anyhow::Result<Self> {
        has_statistics(store, database)?;
        let known = Known::read(store, database)?;
        let major = known
            .major
            .context("the facts do not tell the version of the server")?;
        let shadow = start(store, database, major, lanes, options, context)?;
        Ok(Self {
            store,
            database,
            known,
            limits,
            shadow,
        })
    }

    /// Asks for the plans of all texts of statements, by statement.
    pub fn ask(
        &mut self,
        queries: &[Query],
        changed: &Changed,
    ) -> anyhow::Result<Vec<Vec<Answer>>> {
        ask(&mut self.shadow, queries, changed)
    }

    /// Makes the texts of a workload such that the planner takes them.
    pub fn settle(&mut self, workload: &mut Workload) -> anyhow::Result<()> {
        let shadow = &mut self.shadow;
        Ok(workload.settle(|settings, text| shadow.check(settings, text))?)
    }

    /// What is not imitated of the tables of a statement, by the tables that its plan reads.
    pub fn left_out(&self, relations: &[i64]) -> Vec<String> {
        let touches = |one: &&LeftOut| one.relations.iter().any(|id| relations.contains(id));
        self.shadow
            .left_out()
            .iter()
            .filter(touches)
            .map(words)
            .collect()
    }

    /// What is not imitated and may touch any statement.
    pub fn left_out_everywhere(&self) -> Vec<String> {
        self.shadow
            .left_out()
            .iter()
            .filter(|one| one.relations.is_empty())
            .map(words)
            .collect()
    }
}

/// Makes a shadow on server programs of a major version.
pub fn start(
    store: &Store,
    database: i64,
    major: u32,
    lanes: Lanes,
    options: &Options,
    context: &Context,
) -> anyhow::Result<Shadow> {
    let server = options.programs.need(major, context.say)?;
    let mut progress = Progress::new(context.say);
    progress.set(0, 1, "making the shadow");
    let keep = if options.no_cache {
        None
    } else {
        Keep::of_user()
    };
    let how = shadow::Options {
        lanes,
        keep: keep.filter(|_| context.settings.source.snapshot.is_some()),
    };
    Shadow::start(store.connection(), database, &server, &how)
}

/// Asks for the plans of all texts of statements, by statement.
pub fn ask(
    shadow: &mut Shadow,
    queries: &[Query],
    changed: &Changed,
) -> anyhow::Result<Vec<Vec<Answer>>> {
    let settings: Vec<Vec<(String, String)>> = queries
        .iter()
        .map(|query| [query.settings.as_slice(), &changed.settings].concat())
        .collect();
    let mut questions = Vec::new();
    for (query, settings) in queries.iter().zip(&settings) {
        questions.extend(query.variants.iter().map(|variant| Question {
            text: &variant.text,
            is_generic: variant.is_generic(),
            settings,
            with: &changed.with,
            without: &changed.without,
        }));
    }
    let mut answers = shadow.plan(&questions)?.into_iter();
    Ok(queries
        .iter()
        .map(|query| answers.by_ref().take(query.variants.len()).collect())
        .collect())
}

/// Cost of a statement over its texts, by their shares, with the least and the greatest; the first refusal
/// where one is refused.
pub fn cost(query: &Query, answers: &[Answer]) -> Result<(f64, Option<(f64, f64)>), String> {
    let costs: Vec<f64> = answers
        .iter()
        .map(|answer| {
            answer
                .as_ref()
                .map(|planned: &Planned| planned.cost)
                .map_err(Clone::clone)
        })
        .collect::<Result<_, _>>()?;
    let mean = query
        .variants
        .iter()
        .zip(&costs)
        .map(|(variant, cost)| variant.share * cost)
        .sum();
    let least = costs.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = costs.iter().copied().fold(0.0, f64::max);
    Ok((
        mean,
        (costs.len() > 1 && greatest > least).then_some((least, greatest)),
    ))
}

/// Without statistics the planner would guess, and its plans would be those of nobody.
pub fn has_statistics(store: &Store, database: i64) -> anyhow::Result<()> {
    match no_statistics(store, database)? {
        None => Ok(()),
        Some((because, Some(remedy))) => bail!("{because}; {remedy}"),
        Some((because, None)) => bail!("{because}"),
    }
}

/// Why the facts have no statistics of the planner, and what would get them; `None`: they have some.
pub fn no_statistics(
    store: &Store,
    database: i64,
) -> anyhow::Result<Option<(String, Option<String>)>> {
    let facts = store.connection();
    let found: Option<i64> = facts
        .query_row(
            "SELECT 1 FROM planner_statistics s JOIN relations r ON r.id = s.relation_id
             WHERE r.database_id = ?1 LIMIT 1",
            [database],
            |row| row.get(0),
        )
        .optional()?;
    if found.is_some() {
        return Ok(None);
    }
    let missing: Option<(String, Option<String>)> = facts
        .query_row(
            "SELECT reason, remedy FROM missing_facts WHERE table_name = 'planner_statistics'
             AND (database_id = ?1 OR database_id IS NULL) LIMIT 1",
            [database],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let lacking = "the planner's statistics are not in the facts";
    Ok(Some(match missing {
        Some((reason, remedy)) => (format!("{lacking}: {reason}"), remedy),
        None => (
            lacking.to_owned(),
            Some(
                "`pgtriage snapshot --with-values -o FILE` takes them, on tables that ANALYZE has seen. \
                 They hold values of columns, so they are user data"
                    .to_owned(),
            ),
        ),
    }))
}

fn words(one: &LeftOut) -> String {
    format!("not imitated: {}: {}", one.object, one.because)
}
