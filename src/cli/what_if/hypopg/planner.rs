//! The sessions as a whole: a query always goes to the same one.

use std::collections::HashMap;

use futures_util::future::join_all;
use rusqlite::Connection;

use super::lane::Lane;
use super::open::{Opened, open};
use super::server::Server;
use crate::advise::index::{Handle, Lost, Plan, Question, Sized, WhatIf};
use crate::advise::workload::PlanError;
use crate::cli::what_if::background::Background;
use crate::collect::connect::{ConnInfo, ReadError};
use crate::parse::{Fingerprint, fingerprint};

/// A server with HypoPG.
pub struct HypoPg {
    // Before the runtime: sessions end while it still runs.
    lanes: Vec<Lane>,
    runtime: Background,
    server: Server,
    shards: Shards,
    /// What was not told yet.
    notes: Vec<String>,
    /// It was told which indexes are passed over.
    is_bound_told: bool,
    handles: u64,
}

/// Numbers of queries, in the order in which they came: they are dealt out to sessions in turn. So a session keeps the
/// indexes that its queries ask for again and again.
#[derive(Debug, Default)]
struct Shards {
    texts: HashMap<String, usize>,
    queries: HashMap<Fingerprint, usize>,
}

impl Shards {
    fn number(&mut self, text: &str) -> usize {
        if let Some(number) = self.texts.get(text) {
            return *number;
        }
        let next = self.queries.len();
        let number = *self.queries.entry(fingerprint(text)).or_insert(next);
        self.texts.insert(text.to_owned(), number);
        number
    }
}

impl HypoPg {
    /// Connects; an error where the extension is not installed. The facts name the indexes of the database
    /// (`databases.id`).
    pub fn connect(info: &ConnInfo, facts: &Connection, database: i64) -> anyhow::Result<Self> {
        let runtime = Background::start()?;
        let Opened {
            server,
            lanes,
            notes,
        } = open(&runtime, info, facts, database)?;
        Ok(Self {
            lanes,
            runtime,
            server,
            shards: Shards::default(),
            notes,
            is_bound_told: false,
            handles: 0,
        })
    }

    /// Goes on without sessions that are gone, unless that was the last.
    fn lose(&mut self, lost: &[(usize, ReadError)]) -> Result<(), Lost> {
        let Some((_, error)) = lost.first() else {
            return Ok(());
        };
        for (place, _) in lost.iter().rev() {
            self.lanes.remove(*place);
        }
        if self.lanes.is_empty() {
            return Err(Lost(error.to_string()));
        }
        self.notes.push(format!(
            "a connection to HypoPG was lost and the other one went on alone: {error}"
        ));
        Ok(())
    }

    /// Tries those that each session is given; tells by handle why one can't be made.
    fn tried(&mut self, handles: &[Handle]) -> Result<HashMap<Handle, String>, Lost> {
        loop {
            let share = handles.len().div_ceil(self.lanes.len().max(1)).max(1);
            let shares = handles.chunks(share);
            let work = self
                .lanes
                .iter_mut()
                .zip(shares.clone())
                .map(|(lane, share)| lane.tried(&self.server, share));
            let answers = self.runtime.block_on(join_all(work));
            let mut refused = HashMap::new();
            let mut lost = Vec::new();
            for (place, (answer, share)) in answers.into_iter().zip(shares).enumerate() {
                match answer {
                    Ok(made) => refused.extend(
                        share
                            .iter()
                            .zip(made)
                            .filter_map(|(handle, made)| Some((*handle, made.err()?))),
                    ),
                    Err(error) => lost.push((place, error)),
                }
            }
            if lost.is_empty() {
                return Ok(refused);
            }
            self.lose(&lost)?;
        }
    }
}

impl WhatIf for HypoPg {
    fn create(&mut self, indexes: &[Sized]) -> Result<Vec<Result<Handle, String>>, Lost> {
        let mut handles = Vec::with_capacity(indexes.len());
        for index in indexes {
            self.handles += 1;
            let handle = Handle(self.handles);
            self.server.specs.insert(handle, index.spec.clone());
            handles.push(handle);
        }
        let mut refused = self.tried(&handles)?;
        let made = handles.into_iter().map(|handle| {
            let because = refused.remove(&handle);
            because.map_or(Ok(handle), |because| {
                self.server.specs.remove(&handle);
                Err(because)
            })
        });
        Ok(made.collect())
    }

    fn forget(&mut self, indexes: &[Handle]) -> Result<(), Lost> {
        let work = self
            .lanes
            .iter_mut()
            .map(|lane| lane.forget(&self.server, indexes));
        let answers = self.runtime.block_on(join_all(work));
        for handle in indexes {
            self.server.specs.remove(handle);
        }
        let lost = answers.into_iter().enumerate();
        let lost: Vec<_> = lost
            .filter_map(|(place, answer)| Some((place, answer.err()?)))
            .collect();
        self.lose(&lost)
    }

    fn check(
        &mut self,
        settings: &[(String, String)],
        text: &str,
    ) -> Result<Result<(), PlanError>, Lost> {
        loop {
            let Some(lane) = self.lanes.first_mut() else {
                return Err(gone());
            };
            match self.runtime.block_on(lane.check(settings, text)) {
                Ok(answer) => return Ok(answer),
                Err(error) => self.lose(&[(0, error)])?,
            }
        }
    }

    fn plan(&mut self, questions: &[Question<'_>]) -> Result<Vec<Plan>, Lost> {
        let mut plans: Vec<Option<Plan>> = questions.iter().map(|_| None).collect();
        loop {
            let count = self.lanes.len().max(1);
            let mut shares: Vec<Vec<usize>> = vec![Vec::new(); count];
            for (number, question) in questions.iter().enumerate() {
                if plans[number].is_none() {
                    shares[self.shards.number(question.text) % count].push(number);
                }
            }
            let work = self
                .lanes
                .iter_mut()
                .zip(&shares)
                .map(|(lane, share)| lane.plan(&self.server, questions, share));
            let answers = self.runtime.block_on(join_all(work));
            let mut lost = Vec::new();
            for (place, (made, ended)) in answers.into_iter().enumerate() {
                for (number, plan) in made {
                    plans[number] = Some(plan);
                }
                lost.extend(ended.err().map(|error| (place, error)));
            }
            self.lose(&lost)?;
            if plans.iter().all(Option::is_some) {
                return Ok(plans.into_iter().flatten().collect());
            }
            if self.lanes.is_empty() {
                return Err(gone());
            }
        }
    }

    fn part(&mut self, text: &str) -> usize {
        self.shards.number(text) % self.lanes.len().max(1)
    }

    fn notes(&mut self) -> Vec<String> {
        let mut bound = self.server.specs.keys();
        if !self.is_bound_told && bound.any(|handle| self.server.is_bound(*handle)) {
            self.is_bound_told = true;
            self.notes.push(self.server.bound());
        }
        std::mem::take(&mut self.notes)
    }
}

/// Why nothing is answered.
fn gone() -> Lost {
    Lost("there is no connection to HypoPG any more".to_owned())
}
