//! What all searches of a session advised, as the UI shows it.

use std::collections::BTreeMap;

use crate::advise::index::{Advice, Cause, Chosen, Drops, IndexSpec, Limits, Sized, drops};
use crate::advise::workload::Tail;
use crate::facts::Store;
use crate::report::index_advice::Shown;
use crate::tui::advising::{Found, Proposal, Search, Subject, Takeover};

/// What all searches of a session advised.
pub struct Ledger<'s> {
    store: &'s Store,
    database: i64,
    /// Name of the database.
    pub database_name: String,
    lacks: Vec<(String, String)>,
    tail: Tail,
    proposals: Vec<Proposal>,
}

impl<'s> Ledger<'s> {
    /// Nothing yet.
    pub fn new(
        store: &'s Store,
        database: i64,
        database_name: String,
        lacks: Vec<(String, String)>,
        tail: Tail,
    ) -> Self {
        Self {
            store,
            database,
            database_name,
            lacks,
            tail,
            proposals: Vec::new(),
        }
    }

    /// All indexes that were advised, in the order of the proposals.
    pub fn specs(&self) -> Vec<IndexSpec> {
        let proposals = self.proposals.iter();
        proposals
            .map(|proposal| proposal.chosen.sized.spec.clone())
            .collect()
    }

    /// Adds what is to be known of the planner.
    pub fn note(&mut self, notes: Vec<String>) {
        let notes = notes.into_iter();
        self.lacks
            .extend(notes.map(|note| ("the planner".to_owned(), note)));
    }

    /// Adds what a search found.
    pub fn found(
        &mut self,
        advice: Advice,
        search: &Search,
        limits: &Limits,
    ) -> anyhow::Result<Found> {
        for proposal in &mut self.proposals {
            proposal.is_advised = false;
        }
        for chosen in &advice.create {
            let proposal = self.proposal(&advice, chosen)?;
            let mut known = self.proposals.iter_mut();
            match known.find(|known| known.chosen.sized.spec == chosen.sized.spec) {
                Some(known) => *known = proposal,
                None => self.proposals.push(proposal),
            }
        }
        Ok(Found {
            planner: search.planner.words().to_owned(),
            database: self.database_name.clone(),
            budget: search.budget,
            proposals: self.proposals.clone(),
            takeovers: self.takeovers(limits)?,
            subjects: self.subjects(&advice)?,
            tail: self.tail,
            lacks: self.lacks.clone(),
            advice,
        })
    }

    fn proposal(&self, advice: &Advice, chosen: &Chosen) -> anyhow::Result<Proposal> {
        let shown = Shown {
            advice,
            drops: &Drops::default(),
            tail: self.tail,
            store: self.store,
            budget: None,
            planner: "",
            proof: None,
        };
        Ok(Proposal {
            sql: format!("{};", shown.statements(chosen)?.join(";\n")),
            undo: format!("{};", shown.undo(chosen)?),
            chosen: chosen.clone(),
            is_advised: true,
        })
    }

    /// Indexes that proposals take over from. Those that may go without any are told by the facts alone.
    fn takeovers(&self, limits: &Limits) -> anyhow::Result<Vec<Takeover>> {
        let proposals = self.proposals.iter();
        let advised: Vec<Sized> = proposals
            .map(|proposal| proposal.chosen.sized.clone())
            .collect();
        let drops = drops(self.store.connection(), self.database, &advised, limits)?;
        let taken = drops.go.into_iter().filter_map(|drop| match drop.cause {
            Cause::Replaced(by) => Some(Takeover {
                name: drop.object,
                by,
                because: drop.because,
                sql: drop.sql,
                undo: drop.undo,
            }),
            Cause::Unused | Cause::Duplicate | Cause::Covered => None,
        });
        Ok(taken.collect())
    }

    fn subjects(&self, advice: &Advice) -> anyhow::Result<BTreeMap<i64, Subject>> {
        let planned = advice.statements.iter().map(|one| one.effect.statement);
        let not = advice.unplanned.iter().map(|one| one.statement);
        let facts = self.store.connection();
        let sql = "SELECT fingerprint, coalesce(text, '') FROM statements WHERE id = ?1";
        let mut statement = facts.prepare(sql)?;
        let mut subjects = BTreeMap::new();
        for id in planned.chain(not) {
            let subject = statement.query_row([id], |row| {
                Ok(Subject {
                    fingerprint: row.get(0)?,
                    text: row.get(1)?,
                })
            })?;
            subjects.insert(id, subject);
        }
        Ok(subjects)
    }
}
