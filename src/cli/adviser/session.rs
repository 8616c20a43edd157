//! Searches and weighs as long as a planner lives.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use rusqlite::{Connection, OptionalExtension as _};

use super::desk::Desk;
use super::ledger::Ledger;
use super::planner::{Made, make};
use crate::advise::index::search::{Better, Limits, Objective};
use crate::advise::index::{AdviseError, Adviser, Lost, PAGE, Request, Tables};
use crate::advise::workload;
use crate::cli::advise::{self, FromFacts, PAGES};
use crate::engine::Selection;
use crate::facts::{Store, quote};
use crate::tui::advising::{Best, News, Search, Weighing, Wish, Worth};

/// Most keys of a new index, as `pgtriage advise index` has it where it is not told otherwise.
const WIDTH: usize = 3;
/// Better choices are told no oftener.
const PAUSE: Duration = Duration::from_millis(200);

/// How a session ended.
pub enum End {
    /// The UI has ended.
    Over,
    /// It was stopped before there was anything to weigh.
    Stopped,
    /// This search needs another planner, or facts that are read anew.
    Again(Search),
}

/// Why a workload could not be settled.
enum Unsettled {
    Stopped,
    Lost(Lost),
}

/// Indexes of a database: name as SQL writes it with its schema, `indexes.id` and name.
type Names = BTreeMap<String, (i64, String)>;

/// Makes a planner, searches, and answers wishes until one needs another planner.
pub fn session(desk: &Desk, first: &Search) -> anyhow::Result<End> {
    desk.doing("reading statistics");
    let Some(mut store) = desk.ground.store(desk)? else {
        return Ok(End::Stopped);
    };
    let (database, name) = database(&store, first.database.as_deref())?;
    let pages = Selection {
        rules: PAGES.map(str::to_owned).to_vec(),
        families: Vec::new(),
    };
    desk.rules.judge(&mut store, pages, None)?;
    desk.doing(&format!("making {}", first.planner.words()));
    let Made { mut planner, lacks } = make(first.planner, &desk.ground, &store, database)?;
    if desk.is_stopped() {
        return Ok(End::Stopped);
    }
    desk.doing("planning the workload as it is");
    let facts = store.connection();
    let tables = Tables::read(facts, database)?;
    let mut workload = workload::read(facts, database, &workload::Limits::default())?;
    let settled = workload.settle(|settings, text| {
        if desk.is_stopped() {
            return Err(Unsettled::Stopped);
        }
        planner.check(settings, text).map_err(Unsettled::Lost)
    });
    match settled {
        Ok(()) => {}
        Err(Unsettled::Stopped) => return Ok(End::Stopped),
        Err(Unsettled::Lost(lost)) => return Err(lost.into()),
    }
    if workload.queries.is_empty() {
        bail!(advise::unknown(&workload));
    }
    let write_age = advise::write_age(&desk.rules.plan);
    let estimates = FromFacts::read(&store, database, &tables, write_age)?;
    let until: Cell<Option<Instant>> = Cell::new(None);
    let is_over = || match until.get() {
        Some(until) => desk.is_stopped() || Instant::now() >= until,
        // A choice that is not the latest any more need not be weighed.
        None => desk.is_stopped() || desk.has_waiting(),
    };
    let limits = limits(desk, first);
    let request = Request {
        facts,
        tables: &tables,
        workload: &workload,
        estimates: &estimates,
        limits: &limits,
        is_over: &is_over,
    };
    let adviser = match Adviser::new(&request, planner.as_mut()) {
        Ok(adviser) => adviser,
        Err(AdviseError::Over) => return Ok(End::Stopped),
        Err(error) => return Err(error.into()),
    };
    let mut session = Session {
        desk,
        adviser,
        until: &until,
        names: names(facts, database)?,
        ledger: Ledger::new(&store, database, name, lacks, workload.tail),
    };
    session.answer(first)
}

/// What lives as long as the planner.
struct Session<'s> {
    desk: &'s Desk,
    adviser: Adviser<'s>,
    until: &'s Cell<Option<Instant>>,
    names: Names,
    ledger: Ledger<'s>,
}

impl Session<'_> {
    fn answer(&mut self, first: &Search) -> anyhow::Result<End> {
        self.search(first)?;
        loop {
            match self.desk.next() {
                None => return Ok(End::Over),
                Some(Wish::Stop) => {}
                Some(Wish::Search(search)) => {
                    let is_other = search.planner != first.planner
                        || search.is_anew
                        || search
                            .database
                            .as_ref()
                            .is_some_and(|name| *name != self.ledger.database_name);
                    if is_other {
                        return Ok(End::Again(search));
                    }
                    self.search(&search)?;
                }
                Some(Wish::Weigh {
                    number,
                    created,
                    without,
                }) => self.weigh(number, &created, &without)?,
            }
        }
    }

    fn search(&mut self, search: &Search) -> anyhow::Result<()> {
        let desk = self.desk;
        desk.tell(News::Searching);
        self.until.set(Instant::now().checked_add(search.time));
        let mut told: Option<Instant> = None;
        let mut tell = |better: &Better| {
            if told.is_none_or(|last| last.elapsed() >= PAUSE) {
                told = Some(Instant::now());
                desk.tell(News::Better(best(better)));
            }
        };
        let advice = self
            .adviser
            .search(&limits(desk, search), &mut tell)
            .context("the planner is gone, a starts it anew");
        self.until.set(None);
        self.ledger.note(self.adviser.notes());
        let rules = &desk.rules;
        let found = self.ledger.found(advice?, search, &advise::drops(rules))?;
        desk.tell(News::Found(Box::new(found)));
        Ok(())
    }

    /// Weighs a choice, then what each index is worth beside it.
    fn weigh(
        &mut self,
        number: u64,
        created: &BTreeSet<usize>,
        without: &BTreeSet<String>,
    ) -> anyhow::Result<()> {
        let specs = self.ledger.specs();
        let gone = without.iter().filter_map(|name| self.names.get(name));
        let gone: BTreeMap<i64, String> = gone.cloned().collect();
        let Some(weighed) = unless_over(self.adviser.weigh(&specs, created, &gone))? else {
            return Ok(());
        };
        let refused = weighed.refused.is_some();
        self.desk.tell(News::Weighed(Weighing { number, weighed }));
        let existing: BTreeMap<i64, String> = if refused {
            BTreeMap::new()
        } else {
            self.names.values().cloned().collect()
        };
        let kept = if refused { BTreeMap::new() } else { gone };
        let worth = self.adviser.worth(&specs, created, &kept, &existing);
        let Some(worth) = unless_over(worth)? else {
            return Ok(());
        };
        let named = self.names.iter();
        let existing = named.filter_map(|(name, (id, _))| {
            let worth = worth.existing.get(id)?;
            Some((name.clone(), *worth))
        });
        let told = Worth {
            existing: existing.collect(),
            created: worth.created,
        };
        self.desk.tell(News::Worth(number, Box::new(told)));
        Ok(())
    }
}

/// What was not finished since something newer is wished is no error.
fn unless_over<T>(result: Result<T, AdviseError>) -> anyhow::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(AdviseError::Over) => Ok(None),
        Err(error) => Err(error).context("the planner is gone, a starts it anew"),
    }
}

fn limits(desk: &Desk, search: &Search) -> Limits {
    let (least_gain, hurt) = advise::gains(&desk.rules.plan);
    Limits {
        budget: search.budget.map(|bytes| bytes as f64),
        max_width: WIDTH,
        objective: Objective::Total,
        least_gain,
        hurt,
    }
}

fn best(better: &Better) -> Best {
    let chosen = better.chosen.iter();
    let indexes = chosen.map(|sized| (sized.spec.target(), sized.pages as f64 * PAGE));
    Best {
        indexes: indexes.collect(),
        relative: better.relative,
        asked: better.asked,
    }
}

/// The database that is searched, and its name.
fn database(store: &Store, wanted: Option<&str>) -> anyhow::Result<(i64, String)> {
    let facts = store.connection();
    let by_name = "SELECT id FROM databases WHERE name = ?1 AND is_collected";
    let id = match wanted {
        Some(name) => facts
            .query_row(by_name, [name], |row| row.get(0))
            .optional()?
            .with_context(|| format!("the facts do not hold database {name}"))?,
        None => advise::database(store)?,
    };
    let name = "SELECT name FROM databases WHERE id = ?1";
    Ok((id, facts.query_row(name, [id], |row| row.get(0))?))
}

fn names(facts: &Connection, database: i64) -> rusqlite::Result<Names> {
    let sql = "SELECT id, schema, name FROM indexes WHERE database_id = ?1 AND NOT is_partitioned";
    facts
        .prepare(sql)?
        .query_map([database], |row| {
            let (schema, name): (String, String) = (row.get(1)?, row.get(2)?);
            Ok((quote::name(&schema, &name), (row.get(0)?, name)))
        })?
        .collect()
}
