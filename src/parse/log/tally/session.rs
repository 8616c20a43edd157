//! What is remembered of a session until its next record.

use foldhash::HashMap;

use crate::parse::log::events::{Call, TextId};

/// Phases that wait for their execution; pipelines bind several statements before the first runs.
const PENDING: usize = 16;
/// Sessions that are remembered.
const MOST: usize = 20_000;

/// A session.
#[derive(Debug, Clone, Default)]
pub struct Session {
    /// Parse and bind whose execution was not seen yet, microseconds.
    pending: Vec<(TextId, u64)>,
    /// Times alone before the statement that they may belong to, microseconds.
    pub alone: Vec<u64>,
    /// Statement that `log_statement` told of and that has no time yet.
    pub waiting: Option<(TextId, Call)>,
    /// The last statement.
    pub last: Option<TextId>,
    used: u64,
}

impl Session {
    /// Keeps the time of a phase before the execution.
    pub fn push(&mut self, text: TextId, us: u64) {
        if self.pending.len() >= PENDING {
            self.pending.remove(0);
        }
        self.pending.push((text, us));
    }

    /// The time of the phases before an execution of a statement: one parse and one bind at most.
    pub fn take(&mut self, text: TextId) -> u64 {
        let mut sum = 0;
        self.pending.retain(|(of, us)| {
            let is_its = *of == text;
            sum += if is_its { *us } else { 0 };
            !is_its
        });
        sum
    }
}

/// Sessions by process id.
#[derive(Debug, Clone, Default)]
pub struct Sessions {
    by_pid: HashMap<u32, Session>,
    clock: u64,
}

impl Sessions {
    /// The session of a process.
    pub fn get(&mut self, pid: u32) -> &mut Session {
        self.clock += 1;
        if self.by_pid.len() >= MOST && !self.by_pid.contains_key(&pid) {
            let mut used: Vec<u64> = self.by_pid.values().map(|session| session.used).collect();
            let middle = used.len() / 2;
            let (_, middle, _) = used.select_nth_unstable(middle);
            let middle = *middle;
            self.by_pid.retain(|_, session| session.used > middle);
        }
        let session = self.by_pid.entry(pid).or_default();
        session.used = self.clock;
        session
    }

    /// What a process ran last.
    pub fn last(&self, pid: u32) -> Option<TextId> {
        self.by_pid.get(&pid)?.last
    }

    /// Forgets a session that ended; another one may get its process id.
    pub fn end(&mut self, pid: u32) -> Option<Session> {
        self.by_pid.remove(&pid)
    }

    /// All sessions.
    pub fn drain(&mut self) -> impl Iterator<Item = Session> {
        self.by_pid.drain().map(|(_, session)| session)
    }
}
