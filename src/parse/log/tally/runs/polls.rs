//! Statements that come again with the same arguments at regular times.

use crate::parse::log::events::TextId;

/// Arguments of a statement that are told apart: those that come most.
const ARGUMENTS: usize = 2;

/// Executions of a statement with the same arguments, in any session.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Poll {
    arguments: u64,
    /// The number of the database, as the tally has it.
    pub database: u32,
    /// Executions.
    pub executions: u64,
    /// When the first ended, microseconds since 1970.
    pub from: i64,
    /// When the last ended.
    pub to: i64,
    /// Sum of the squares of the times between them, seconds².
    squares: f64,
}

impl Poll {
    /// Mean time between executions, seconds.
    pub fn gap(&self) -> f64 {
        let gaps = self.executions.saturating_sub(1).max(1) as f64;
        (self.to - self.from) as f64 / 1e6 / gaps
    }

    /// Standard deviation of the time between executions, seconds.
    pub fn deviation(&self) -> f64 {
        let gaps = self.executions.saturating_sub(1).max(1) as f64;
        (self.squares / gaps - self.gap().powi(2)).max(0.0).sqrt()
    }
}

/// All of them.
#[derive(Debug, Clone, Default)]
pub struct Polls {
    by_text: Vec<[Poll; ARGUMENTS]>,
}

impl Polls {
    /// Adds an execution.
    pub fn add(&mut self, text: TextId, database: u32, arguments: u64, time: i64) {
        let at = text.0 as usize;
        if at >= self.by_text.len() {
            self.by_text.resize(at + 1, Default::default());
        }
        let polls = &mut self.by_text[at];
        let known = polls.iter_mut().find(|poll| {
            poll.executions > 0 && poll.arguments == arguments && poll.database == database
        });
        if let Some(poll) = known {
            let gap = (time - poll.to) as f64 / 1e6;
            poll.squares += gap * gap;
            poll.executions += 1;
            poll.to = poll.to.max(time);
            return;
        }
        // What came once only makes room; of others the ones that stay are those that came first.
        if let Some(poll) = polls.iter_mut().min_by_key(|poll| poll.executions)
            && poll.executions <= 1
        {
            *poll = Poll {
                arguments,
                database,
                executions: 1,
                from: time,
                to: time,
                squares: 0.0,
            };
        }
    }

    /// Statements that came again with the same arguments.
    pub fn iter(&self) -> impl Iterator<Item = (TextId, &Poll)> {
        let all = self.by_text.iter().enumerate();
        all.flat_map(|(at, polls)| polls.iter().map(move |poll| (TextId(at as u32), poll)))
            .filter(|(_, poll)| poll.executions > 1)
    }
}
