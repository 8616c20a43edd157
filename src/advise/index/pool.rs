//! All candidates, with their sizes.

use std::collections::HashMap;

use super::set::Set;
use super::spec::IndexSpec;
use super::what_if::{Handle, Lost, Sized, WhatIf};
use super::writes::WriteCost;

/// Bytes of a page.
pub const PAGE: f64 = 8192.0;

/// What is known of an index beside what it is made of.
pub trait Estimates {
    /// The index with its size, where `share` of the rows fulfil its predicate; `None`: nothing is known of
    /// its table.
    fn size(&self, spec: &IndexSpec, share: f64) -> Option<Sized>;

    /// Fewest and most pages that are likely; `None`: not known.
    fn bounds(&self, index: &Sized, share: f64) -> Option<(u64, u64)>;

    /// What it costs those who write its table; `None`: not known.
    fn writes(&self, index: &Sized, share: f64) -> Option<WriteCost>;

    /// Hours that the executions of the workload are counted over; `None`: not known, as where a file gives
    /// weights. Then writes do not count.
    fn hours(&self) -> Option<f64>;
}

/// An index that may be chosen.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The index with its size.
    pub sized: Sized,
    /// What it costs those who write its table; `None`: not known.
    pub writes: Option<WriteCost>,
    /// What writes pay for it, in the planner's units over the time that executions are counted for; 0 where
    /// it is not known.
    pub write_cost: f64,
    /// Share of the rows that fulfil its predicate; 1 without one.
    pub share: f64,
    /// How the planner knows it.
    pub handle: Handle,
}

impl Candidate {
    /// Its size.
    pub fn bytes(&self) -> f64 {
        self.sized.pages as f64 * PAGE
    }
}

/// All candidates. Those that cannot be made have no place.
pub struct Pool<'e> {
    estimates: &'e dyn Estimates,
    candidates: Vec<Candidate>,
    places: HashMap<IndexSpec, Option<usize>>,
    handles: HashMap<Handle, usize>,
    refused: Vec<(IndexSpec, String)>,
    shares: HashMap<(i64, String), f64>,
}

impl<'e> Pool<'e> {
    /// An empty one.
    pub fn new(estimates: &'e dyn Estimates) -> Self {
        Self {
            estimates,
            candidates: Vec::new(),
            places: HashMap::new(),
            handles: HashMap::new(),
            refused: Vec::new(),
            shares: HashMap::new(),
        }
    }

    /// Tells which share of the rows of a relation fulfil a predicate.
    pub fn tell_share(&mut self, relation: i64, predicate: &str, share: f64) {
        self.shares.insert((relation, predicate.to_owned()), share);
    }

    fn share(&self, spec: &IndexSpec) -> f64 {
        let told = |predicate: &String| self.shares.get(&(spec.relation, predicate.clone()));
        spec.predicate
            .as_ref()
            .and_then(told)
            .copied()
            .unwrap_or(1.0)
    }

    /// Adds what is not known yet; gives the places in the order of the indexes.
    pub fn add(
        &mut self,
        planner: &mut dyn WhatIf,
        specs: &[IndexSpec],
    ) -> Result<Vec<Option<usize>>, Lost> {
        let mut new: Vec<Sized> = Vec::new();
        for spec in specs {
            if self.places.contains_key(spec) {
                continue;
            }
            self.places.insert(spec.clone(), None);
            new.extend(self.estimates.size(spec, self.share(spec)));
        }
        if new.is_empty() {
            let place = |spec| self.places.get(spec).copied().flatten();
            return Ok(specs.iter().map(place).collect());
        }
        let made = planner.create(&new)?;
        for (sized, made) in new.into_iter().zip(made) {
            match made {
                Ok(handle) => {
                    let place = self.candidates.len();
                    self.places.insert(sized.spec.clone(), Some(place));
                    self.handles.insert(handle, place);
                    let share = self.share(&sized.spec);
                    let writes = self.estimates.writes(&sized, share);
                    self.candidates.push(Candidate {
                        write_cost: writes
                            .zip(self.estimates.hours())
                            .map_or(0.0, |(writes, hours)| writes.planner_cost_per_hour * hours),
                        writes,
                        share,
                        sized,
                        handle,
                    });
                }
                Err(because) => self.refused.push((sized.spec, because)),
            }
        }
        let place = |spec| self.places.get(spec).copied().flatten();
        Ok(specs.iter().map(place).collect())
    }

    /// One by its place.
    pub fn get(&self, place: usize) -> &Candidate {
        &self.candidates[place]
    }

    /// All of them, by place.
    pub fn all(&self) -> &[Candidate] {
        &self.candidates
    }

    /// The place of a hypothetical index.
    pub fn place(&self, handle: Handle) -> Option<usize> {
        self.handles.get(&handle).copied()
    }

    /// What could not be made, and why.
    pub fn refused(&self) -> &[(IndexSpec, String)] {
        &self.refused
    }

    /// Bytes of these.
    pub fn bytes(&self, set: &Set) -> f64 {
        set.iter().map(|place| self.candidates[place].bytes()).sum()
    }

    /// What writes pay for these.
    pub fn write_cost(&self, set: &Set) -> f64 {
        let costs = set.iter().map(|place| self.candidates[place].write_cost);
        costs.sum()
    }
}
