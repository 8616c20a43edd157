//! A session or a trace: which statements were run in it, and which since which.

use super::executions::Execution;
use super::figures::{Figures, Followed, Length, Longest};
use crate::parse::log::events::{Role, TextId};

/// Statements of a track that are told apart; the ones that were run last.
const SLOTS: usize = 16;
/// Executions that follow a parent, from which on they are counted.
const LEAST: u16 = 2;
/// Longest rest between executions of a run outside of transactions, microseconds: longer than a
/// round trip with some work of the application, shorter than what people need to ask again.
const REST: i64 = 60_000;

/// A statement in a track.
#[derive(Debug, Clone, Copy)]
struct Slot {
    text: TextId,
    is_parent: bool,
    /// When its last execution began and ended, microseconds.
    from: Option<i64>,
    to: Option<i64>,
    arguments: u64,
    used: u32,
    run: Run,
    same: Run,
    /// Executions of other statements since its last one, by slot.
    after: [(u16, u16); SLOTS],
    /// The most of them.
    most: u16,
}

/// Executions of a statement that belong together.
#[derive(Debug, Clone, Copy, Default)]
struct Run {
    executions: u32,
    varied: u32,
    from: Option<i64>,
}

/// What is known of a track besides its statements.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Setting {
    pub database: u32,
    /// Process id; `None`: it is a trace.
    pub pid: Option<u32>,
    pub in_transaction: bool,
    has_queue: bool,
}

impl Setting {
    /// All that is run belongs together, however long it rests.
    fn is_one(self) -> bool {
        self.in_transaction || self.pid.is_none()
    }
}

/// A session or a trace.
#[derive(Debug, Clone, Default)]
pub(super) struct Track {
    pub setting: Setting,
    slots: Vec<Slot>,
    /// Statement of the last execution.
    last: Option<TextId>,
    /// When it ended, microseconds.
    pub ended: Option<i64>,
    /// Executions so far.
    clock: u32,
    /// When it was used last, by the clock of all tracks.
    pub used: u64,
}

impl Track {
    /// Adds an execution of a statement of an application.
    pub fn add(&mut self, run: &Execution, role: Role, figures: &mut Figures) {
        self.setting.has_queue |= role == Role::Queue;
        self.clock = self.clock.saturating_add(1);
        let from = run.time.map(|time| time - run.us as i64);
        let at = self.slots.iter().position(|slot| slot.text == run.text);
        let at = match at {
            Some(at) => {
                self.flush(at, figures);
                at
            }
            None => self.place(run.text, role, figures),
        };
        if role == Role::Write {
            // What is read after a write may be another thing.
            for read in (0..self.slots.len()).filter(|read| *read != at) {
                self.end_same(read, figures);
            }
        }
        let varies =
            self.slots[at].run.executions == 0 || self.slots[at].arguments != run.arguments;
        for slot in self.slots.iter_mut().filter(|slot| slot.is_parent) {
            let (count, varied) = &mut slot.after[at];
            *count = count.saturating_add(1);
            slot.most = slot.most.max(*count);
            *varied = varied.saturating_add(u16::from(varies));
        }
        // What a statement does after itself is no loop over its rows.
        self.slots[at].after[at] = (0, 0);
        self.repeat(at, run, from, varies, figures);
        let slot = &mut self.slots[at];
        (slot.from, slot.to, slot.arguments, slot.used) =
            (from, run.time, run.arguments, self.clock);
        self.last = Some(run.text);
        self.ended = run.time;
    }

    /// Goes on with the runs of a statement, or begins new ones.
    fn repeat(
        &mut self,
        at: usize,
        run: &Execution,
        from: Option<i64>,
        varies: bool,
        figures: &mut Figures,
    ) {
        let slot = self.slots[at];
        let rested = from.zip(slot.to).map_or(0, |(from, to)| from - to);
        let is_one = self.setting.is_one();
        if !is_one && rested > REST {
            self.end_run(at, figures);
        }
        if varies || !(is_one || self.last == Some(run.text)) {
            self.end_same(at, figures);
        }
        let slot = &mut self.slots[at];
        for (run, varied) in [(&mut slot.run, u32::from(varies)), (&mut slot.same, 0)] {
            if run.executions == 0 {
                run.from = from;
            }
            run.executions = run.executions.saturating_add(1);
            run.varied = run.varied.saturating_add(varied);
        }
    }

    /// A slot for a statement that has none; the one that was not used for longest makes room.
    fn place(&mut self, text: TextId, role: Role, figures: &mut Figures) -> usize {
        let slot = Slot {
            text,
            is_parent: role == Role::Read,
            from: None,
            to: None,
            arguments: 0,
            used: 0,
            run: Run::default(),
            same: Run::default(),
            after: [(0, 0); SLOTS],
            most: 0,
        };
        if self.slots.len() < SLOTS {
            self.slots.push(slot);
            return self.slots.len() - 1;
        }
        let oldest = self
            .slots
            .iter()
            .enumerate()
            .min_by_key(|(_, slot)| slot.used);
        let at = oldest.map_or(0, |(at, _)| at);
        self.flush(at, figures);
        self.end_run(at, figures);
        self.end_same(at, figures);
        for parent in 0..self.slots.len() {
            self.leave(parent, at, figures);
        }
        self.slots[at] = slot;
        at
    }

    /// Ends what a statement was followed by.
    fn flush(&mut self, parent: usize, figures: &mut Figures) {
        if self.slots[parent].most >= LEAST {
            for child in 0..self.slots.len() {
                self.leave(parent, child, figures);
            }
        }
        self.slots[parent].after = [(0, 0); SLOTS];
        self.slots[parent].most = 0;
    }

    fn leave(&mut self, parent: usize, child: usize, figures: &mut Figures) {
        let (count, varied) = std::mem::take(&mut self.slots[parent].after[child]);
        if count < LEAST {
            return;
        }
        let (of, by) = (&self.slots[parent], &self.slots[child]);
        let setting = self.setting;
        let found = Followed {
            parents: 1,
            in_transaction: u64::from(setting.in_transaction),
            in_trace: u64::from(setting.pid.is_none()),
            beside_queue: u64::from(setting.has_queue),
            children: u64::from(count),
            varied: u64::from(varied),
            longest: Longest {
                executions: u32::from(count),
                at: of.from,
                us: of.from.zip(by.to).map_or(0, |(from, to)| to - from),
                pid: setting.pid,
            },
        };
        figures.follow((of.text, by.text, setting.database), &found);
    }

    fn end_run(&mut self, at: usize, figures: &mut Figures) {
        let run = std::mem::take(&mut self.slots[at].run);
        self.note(at, run, false, figures);
    }

    fn end_same(&mut self, at: usize, figures: &mut Figures) {
        let run = std::mem::take(&mut self.slots[at].same);
        self.note(at, run, true, figures);
    }

    fn note(&self, at: usize, run: Run, is_same: bool, figures: &mut Figures) {
        if run.executions < 2 {
            return;
        }
        let (slot, setting) = (&self.slots[at], self.setting);
        let us = run.from.zip(slot.to).map_or(0, |(from, to)| to - from);
        let length = Length {
            runs: 1,
            executions: u64::from(run.executions),
            varied: u64::from(run.varied),
            in_transaction: u64::from(setting.in_transaction),
            in_trace: u64::from(setting.pid.is_none()),
            beside_queue: u64::from(setting.has_queue),
            us,
            longest: Longest {
                executions: run.executions,
                at: run.from,
                us,
                pid: setting.pid,
            },
        };
        figures.repeat((slot.text, setting.database), is_same, &length);
    }

    /// Ends all that is open. What comes next is another piece of work.
    pub fn close(&mut self, figures: &mut Figures) {
        for at in 0..self.slots.len() {
            self.flush(at, figures);
            self.end_run(at, figures);
            self.end_same(at, figures);
        }
        self.slots.clear();
        self.last = None;
        self.clock = 0;
        self.setting.has_queue = false;
        self.setting.in_transaction = false;
    }
}
