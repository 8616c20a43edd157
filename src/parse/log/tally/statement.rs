//! Figures of a statement in a database.

use super::room::{Room, make_room, take};
use super::series::{Add, Series};
use super::spread::Spread;
use crate::parse::log::events::{PersonId, Plan, Sample};
use crate::parse::log::message::Kind;

/// Executions that are kept of a statement.
const SAMPLES: usize = 5;
/// Query ids of a statement that are told apart.
const QUERY_IDS: usize = 64;
/// Sessions' kinds of a statement that are told apart.
const GROUPS: usize = 256;
/// Hours of a statement that are told apart.
const HOURS: usize = 48;

/// Figures of a statement in a database. Times are in microseconds.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Executions.
    pub calls: u64,
    /// All its time: planning too, and phases whose execution was not logged.
    pub total_us: u64,
    /// Of it, parse and bind.
    pub planning_us: u64,
    /// Shortest execution, its parse and bind included.
    pub min_us: Option<u64>,
    /// Longest execution.
    pub max_us: Option<u64>,
    /// How executions are spread.
    pub spread: Spread,
    /// The slowest ones, slowest first.
    pub samples: Vec<Kept>,
    /// Executions by query id.
    pub query_ids: Vec<(i64, u64)>,
    /// By user and application.
    pub groups: Vec<Group>,
    /// By hour.
    pub hours: Series<Hour>,
    /// Errors that ended it.
    pub errors: u64,
    /// Temporary files.
    pub temp_files: u64,
    /// Their bytes.
    pub temp_bytes: u64,
    /// The largest of them, bytes.
    pub largest_temp: Option<u64>,
    /// Waits for a lock that were logged.
    pub lock_waits: u64,
    /// Time of those that ended.
    pub lock_wait_us: u64,
    /// Cancels by a time-out or a user.
    pub cancels: u64,
    /// Plans of `auto_explain`.
    pub plans: u64,
    /// The plan of the slowest of them.
    pub plan: Option<Plan>,
}

/// An execution that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// How long it took.
    pub us: u64,
    /// When.
    pub time: Option<i64>,
    /// Whose.
    pub who: PersonId,
    /// What was kept.
    pub sample: Sample,
}

/// Figures of one user and application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// Who.
    pub who: PersonId,
    /// Executions.
    pub calls: u64,
    /// All its time.
    pub total_us: u64,
}

/// Figures of an hour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hour {
    /// Executions.
    pub calls: u64,
    /// All its time.
    pub total_us: u64,
}

impl Add for Hour {
    fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.total_us += other.total_us;
    }
}

impl Default for Statement {
    fn default() -> Self {
        Self {
            calls: 0,
            total_us: 0,
            planning_us: 0,
            min_us: None,
            max_us: None,
            spread: Spread::default(),
            samples: Vec::new(),
            query_ids: Vec::new(),
            groups: Vec::new(),
            hours: Series::new(3_600, HOURS),
            errors: 0,
            temp_files: 0,
            temp_bytes: 0,
            largest_temp: None,
            lock_waits: 0,
            lock_wait_us: 0,
            cancels: 0,
            plans: 0,
            plan: None,
        }
    }
}

impl Statement {
    /// Adds time, and with it an execution or not.
    pub fn add(
        &mut self,
        (who, time): (PersonId, Option<i64>),
        calls: u64,
        us: u64,
        room: &mut Room,
    ) {
        self.calls += calls;
        self.total_us += us;
        let at = self.groups.iter().position(|group| group.who == who);
        let at = at.or_else(|| {
            // Beyond the limit the last one stands for all further ones.
            let is_first = self.groups.is_empty();
            let has_room = self.groups.len() + 1 < GROUPS && (is_first || take(&mut room.groups));
            let who = if has_room { who } else { PersonId(0) };
            if let Some(at) = self.groups.iter().position(|group| group.who == who) {
                return Some(at);
            }
            make_room(&mut self.groups);
            self.groups.push(Group {
                who,
                calls: 0,
                total_us: 0,
            });
            Some(self.groups.len() - 1)
        });
        if let Some(group) = at.and_then(|at| self.groups.get_mut(at)) {
            group.calls += calls;
            group.total_us += us;
        }
        if let Some(time) = time {
            self.hours.at_within(time, &mut room.hours).add(&Hour {
                calls,
                total_us: us,
            });
        }
    }

    /// Adds the figures of the same statement under another name of its database.
    pub fn join(&mut self, other: &Self) {
        self.calls += other.calls;
        self.total_us += other.total_us;
        self.planning_us += other.planning_us;
        self.min_us = [self.min_us, other.min_us].into_iter().flatten().min();
        self.max_us = self.max_us.max(other.max_us);
        self.spread.join(&other.spread);
        for kept in &other.samples {
            self.keep(kept.clone(), &mut Room::endless());
        }
        for (id, calls) in &other.query_ids {
            match self.query_ids.iter_mut().find(|(known, _)| known == id) {
                Some((_, known)) => *known += calls,
                None => self.query_ids.push((*id, *calls)),
            }
        }
        self.groups.extend(&other.groups);
        for (at, hour) in other.hours.iter() {
            self.hours.at(at).add(&hour);
        }
        self.errors += other.errors;
        self.temp_files += other.temp_files;
        self.temp_bytes += other.temp_bytes;
        self.largest_temp = self.largest_temp.max(other.largest_temp);
        self.lock_waits += other.lock_waits;
        self.lock_wait_us += other.lock_wait_us;
        self.cancels += other.cancels;
        self.plans += other.plans;
        let slower = |plan: &Plan| self.plan.as_ref().is_none_or(|known| known.us < plan.us);
        if let Some(plan) = other.plan.as_ref().filter(|plan| slower(plan)) {
            self.plan = Some(plan.clone());
        }
    }

    /// Keeps a plan where it is the slowest; says whether it is. Without room it has no text.
    pub fn keep_plan(&mut self, mut plan: Plan, room: &mut Room) -> bool {
        let known = self.plan.as_ref();
        if plan.plan.is_none() || known.is_some_and(|known| known.us >= plan.us) {
            return false;
        }
        let bytes = |plan: &Plan| plan.plan.as_ref().map_or(0, |text| text.len());
        let left = room.literals.saturating_add(known.map_or(0, bytes));
        room.literals = left;
        if let Some(left) = left.checked_sub(bytes(&plan)) {
            room.literals = left;
        } else {
            plan.plan = None;
        }
        self.plan = Some(plan);
        true
    }

    /// Counts what happened to it, other than its executions.
    pub fn incident(&mut self, kind: Kind, amount: Option<i64>) {
        let amount = amount.and_then(|amount| u64::try_from(amount).ok());
        match kind {
            Kind::TempFile => {
                self.temp_files += 1;
                self.temp_bytes += amount.unwrap_or(0);
                self.largest_temp = self.largest_temp.max(amount);
            }
            Kind::LockWaiting => self.lock_waits += 1,
            Kind::LockAcquired | Kind::LockFailed => self.lock_wait_us += amount.unwrap_or(0),
            Kind::StatementTimeout | Kind::LockTimeout | Kind::UserCancel => self.cancels += 1,
            _ => {}
        }
    }

    /// The time of an execution with all its phases.
    pub fn execution(&mut self, us: u64, query_id: Option<i64>, room: &mut Room) {
        self.min_us = Some(self.min_us.map_or(us, |min| min.min(us)));
        self.max_us = Some(self.max_us.map_or(us, |max| max.max(us)));
        self.spread.add_within(us, &mut room.buckets);
        let Some(query_id) = query_id else {
            return;
        };
        let known = self
            .query_ids
            .iter_mut()
            .find(|(known, _)| *known == query_id);
        if let Some((_, calls)) = known {
            *calls += 1;
        } else if self.query_ids.is_empty()
            || (self.query_ids.len() < QUERY_IDS && take(&mut room.query_ids))
        {
            make_room(&mut self.query_ids);
            self.query_ids.push((query_id, 1));
        }
    }

    /// Keeps an execution where it is among the slowest; gives the least time that is kept once
    /// there are as many as are kept. Of equal ones the earlier stays.
    pub fn keep(&mut self, mut kept: Kept, room: &mut Room) -> Option<u64> {
        let at = self.samples.partition_point(|known| known.us >= kept.us);
        let count = self.samples.len();
        let grows = count == 0 || (count < SAMPLES && take(&mut room.samples));
        if at < count || grows {
            if !grows && let Some(last) = self.samples.pop() {
                room.literals = room.literals.saturating_add(last.sample.bytes());
            }
            match room.literals.checked_sub(kept.sample.bytes()) {
                Some(left) => room.literals = left,
                None => kept.sample = Sample::default(),
            }
            make_room(&mut self.samples);
            self.samples.insert(at, kept);
        }
        let is_full = self.samples.len() == SAMPLES;
        is_full.then(|| self.samples.last().map_or(0, |last| last.us))
    }
}
