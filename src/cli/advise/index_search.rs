//! The search for indexes: the workload, the clock, and what is told on the way.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use rusqlite::OptionalExtension as _;

use super::index_estimates::FromFacts;
use super::params;
use crate::advise::index::search::{Better, Limits};
use crate::advise::index::{
    self, Advice, Drops, Estimates as _, Request, Sized, Tables, WhatIf, advise,
};
use crate::advise::workload::{self, Tail, Workload};
use crate::cli::context::{Context, Rules};
use crate::cli::progress::Progress;
use crate::engine::Selection;
use crate::facts::{Store, human};

/// Pages that say which indexes may go, and which are of no use as they are.
pub const PAGES: [&str; 4] = [
    "index/duplicate",
    "index/invalid",
    "index/redundant-prefix",
    "index/unused",
];

/// Share of the time after which no new choice is looked at.
const SEARCHED: f64 = 0.9;

/// What is searched.
pub struct Search<'s> {
    /// `databases.id`.
    pub database: i64,
    /// Bounds.
    pub limits: &'s Limits,
    /// When all began.
    pub start: Instant,
    /// Time for all, the end included.
    pub time: Duration,
    /// Age from which on counters of writes count, ms.
    pub write_age: f64,
}

/// What was found.
pub struct Found {
    /// The advice.
    pub advice: Advice,
    /// What was left out of the workload.
    pub tail: Tail,
    /// The statements that it was weighed by.
    pub workload: Workload,
    /// Hours that their executions are counted for; `None`: not known.
    pub hours: Option<f64>,
}

/// The database that is looked at.
pub fn database(store: &Store) -> anyhow::Result<i64> {
    let sql = "SELECT id FROM databases WHERE is_collected ORDER BY id LIMIT 1";
    let id = store
        .connection()
        .query_row(sql, [], |row| row.get(0))
        .optional()?;
    id.context("the facts hold no database; give a server (-d), a snapshot or a schema")
}

/// Weighs indexes over the workload that the facts hold.
pub fn search(
    store: &Store,
    planner: &mut dyn WhatIf,
    wanted: &Search<'_>,
    context: &Context,
) -> anyhow::Result<Found> {
    let facts = store.connection();
    let tables = Tables::read(facts, wanted.database)?;
    let limits = workload::Limits::default();
    let mut workload = workload::read(facts, wanted.database, &limits)?;
    workload.settle(|settings, text| planner.check(settings, text))?;
    if workload.queries.is_empty() {
        bail!(unknown(&workload));
    }
    let estimates = FromFacts::read(store, wanted.database, &tables, wanted.write_age)?;
    let start = Instant::now();
    // What is found then is planned once more under several settings.
    let left = wanted.time.mul_f64(SEARCHED);
    let left = left.saturating_sub(wanted.start.elapsed());
    let time = left.max(wanted.time / 2);
    let is_over = || start.elapsed() >= time;
    let say = context.say;
    let mut progress = Progress::new(say);
    let mut tell = |better: &Better| {
        let what = format!(
            "{} indexes, {}, {:.1} % of the cost",
            better.indexes,
            human::bytes(better.bytes),
            better.relative * 100.0
        );
        let at = start.elapsed();
        progress.set(at.as_millis() as usize, time.as_millis() as usize, &what);
        if say.is_verbose() {
            let seconds = at.as_secs_f64();
            say.note(&format!(
                "{seconds:.1} s, {} questions: {what}",
                better.asked
            ));
        }
    };
    let request = Request {
        facts,
        tables: &tables,
        workload: &workload,
        estimates: &estimates,
        limits: wanted.limits,
        is_over: &is_over,
    };
    Ok(Found {
        advice: advise(&request, planner, &mut tell)?,
        tail: workload.tail,
        hours: estimates.hours(),
        workload,
    })
}

/// Why there is nothing to weigh indexes by.
pub fn unknown(workload: &Workload) -> String {
    workload.unplanned.first().map_or_else(
        || {
            "there are no statements to weigh indexes by: the server has no pg_stat_statements that our role \
             may read; give statements by --workload FILE, --statements FILE or --logs PATH"
                .to_owned()
        },
        |first| {
            let count = workload.unplanned.len();
            let because = &first.because;
            format!("none of the {count} statements can be planned; the first: {because}")
        },
    )
}

/// Indexes that may go, by the pages and by the advice.
pub fn drops(
    store: &mut Store,
    database: i64,
    rules: &Rules,
    advice: &Advice,
) -> anyhow::Result<Drops> {
    let selection = Selection {
        rules: PAGES.map(str::to_owned).to_vec(),
        families: Vec::new(),
    };
    rules.judge(store, selection, None)?;
    let advised: Vec<Sized> = advice
        .create
        .iter()
        .map(|chosen| chosen.sized.clone())
        .collect();
    Ok(index::drops(
        store.connection(),
        database,
        &advised,
        &params::drops(rules),
    )?)
}
