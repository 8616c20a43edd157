//! Executions to runs.

use std::num::NonZeroU64;

use super::figures::Figures;
use super::polls::Polls;
use super::tracks::Tracks;
use crate::parse::log::events::{Role, TextId, Texts};

/// Longest rest within a piece of work of a session outside of transactions, microseconds.
const REST: i64 = 500_000;

/// An execution of a statement.
#[derive(Debug, Clone, Copy)]
pub struct Execution {
    /// The statement.
    pub text: TextId,
    /// The number of its database.
    pub database: u32,
    /// Process id.
    pub pid: Option<u32>,
    /// When it ended, microseconds since 1970.
    pub time: Option<i64>,
    /// How long it took, microseconds.
    pub us: u64,
    /// Hash of its arguments.
    pub arguments: u64,
    /// Hash of its trace.
    pub trace: Option<NonZeroU64>,
}

/// Runs of statements in sessions and traces.
#[derive(Debug, Clone, Default)]
pub struct Runs {
    /// What was found so far.
    pub figures: Figures,
    /// Statements that come at regular times.
    pub polls: Polls,
    sessions: Tracks<u32>,
    traces: Tracks<NonZeroU64>,
    roles: Vec<Option<Role>>,
}

impl Runs {
    /// Adds an execution; they come in the order of the log.
    pub fn add(&mut self, run: &Execution, texts: &Texts) {
        let role = self.role(run.text, texts);
        match role {
            Role::Other => return,
            Role::Begin | Role::End => {
                if let Some(pid) = run.pid {
                    let track = self.sessions.get(pid, &mut self.figures);
                    track.close(&mut self.figures);
                    track.setting.in_transaction = role == Role::Begin;
                    track.setting.database = run.database;
                }
                return;
            }
            Role::Read => {
                if let Some(time) = run.time {
                    self.polls.add(run.text, run.database, run.arguments, time);
                }
            }
            Role::Queue | Role::Write => {}
        }
        let figures = &mut self.figures;
        let track = match (run.trace, run.pid) {
            (Some(trace), _) => self.traces.get(trace, figures),
            (None, Some(pid)) => {
                let track = self.sessions.get(pid, figures);
                let from = run.time.map(|time| time - run.us as i64);
                let rested = from.zip(track.ended).map_or(0, |(from, to)| from - to);
                let is_over = rested > REST && !track.setting.in_transaction;
                if is_over || track.setting.database != run.database {
                    track.close(figures);
                }
                track.setting.pid = Some(pid);
                track
            }
            (None, None) => return,
        };
        track.setting.database = run.database;
        track.add(run, role, figures);
    }

    /// Ends a session.
    pub fn end(&mut self, pid: u32) {
        self.sessions.end(pid, &mut self.figures);
    }

    /// Ends all sessions and traces.
    pub fn finish(&mut self) {
        self.sessions.finish(&mut self.figures);
        self.traces.finish(&mut self.figures);
    }

    fn role(&mut self, text: TextId, texts: &Texts) -> Role {
        let at = text.0 as usize;
        if at >= self.roles.len() {
            self.roles.resize(at + 1, None);
        }
        let known = &mut self.roles[at];
        *known.get_or_insert_with(|| texts.by_id(text).map_or(Role::Other, |text| text.role))
    }
}
