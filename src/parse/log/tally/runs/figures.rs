//! What sessions and traces leave behind.

use foldhash::HashMap;

use crate::parse::log::events::TextId;

/// Pairs that are kept; where there are more, those with fewest children go.
const PAIRS: usize = 40_000;
/// Statements whose runs are kept.
const STATEMENTS: usize = 20_000;

/// Least lengths by which runs are told apart, in executions.
pub const LENGTHS: [u32; 11] = [2, 3, 4, 5, 10, 20, 50, 100, 200, 500, 1_000];

/// How executions of a child follow those of a parent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Followed {
    /// Executions of the parent that two executions or more of the child follow, before the parent is
    /// run again or the transaction, the trace or the session's work ends.
    pub parents: u64,
    /// Of them, those in a transaction.
    pub in_transaction: u64,
    /// Of them, those in a trace.
    pub in_trace: u64,
    /// Of them, those beside a read with SKIP LOCKED.
    pub beside_queue: u64,
    /// Executions of the child after them.
    pub children: u64,
    /// Of those, the ones whose arguments differ from the execution before.
    pub varied: u64,
    /// The parent with most of them.
    pub longest: Longest,
}

/// An example.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Longest {
    /// Executions.
    pub executions: u32,
    /// When it began, microseconds since 1970; `None`: the log has no time.
    pub at: Option<i64>,
    /// How long it took, microseconds.
    pub us: i64,
    /// Process id; `None`: a trace, or the log has none.
    pub pid: Option<u32>,
}

impl Longest {
    /// Keeps the longer one; of equal ones the one that is there.
    pub fn keep(&mut self, other: Self) {
        if other.executions > self.executions {
            *self = other;
        }
    }
}

/// Runs of a statement of like length.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Length {
    /// Runs.
    pub runs: u64,
    /// Executions in them.
    pub executions: u64,
    /// Executions whose arguments differ from the one before.
    pub varied: u64,
    /// Runs in a transaction.
    pub in_transaction: u64,
    /// Runs in a trace.
    pub in_trace: u64,
    /// Runs beside a read with SKIP LOCKED.
    pub beside_queue: u64,
    /// Sum of their times, microseconds.
    pub us: i64,
    /// The longest of them.
    pub longest: Longest,
}

impl Length {
    fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        self.executions += other.executions;
        self.varied += other.varied;
        self.in_transaction += other.in_transaction;
        self.in_trace += other.in_trace;
        self.beside_queue += other.beside_queue;
        self.us += other.us;
        self.longest.keep(other.longest);
    }
}

/// Runs of a statement by their length: the place of a length is that in [`LENGTHS`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repeated {
    /// Runs of any arguments.
    pub runs: Vec<Length>,
    /// Runs with the same arguments.
    pub same: Vec<Length>,
}

/// A statement in a database: the number of the database is the tally's.
pub type Place = (TextId, u32);

/// What sessions and traces left behind.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// By parent and child.
    pub followed: HashMap<(TextId, TextId, u32), Followed>,
    /// By statement.
    pub repeated: HashMap<Place, Repeated>,
    /// Pairs and statements that there was no room for.
    pub dropped: u64,
}

impl Figures {
    /// Adds a parent that was followed.
    pub fn follow(&mut self, key: (TextId, TextId, u32), found: &Followed) {
        if self.followed.len() >= PAIRS && !self.followed.contains_key(&key) {
            self.make_room();
        }
        let known = self.followed.entry(key).or_default();
        known.parents += found.parents;
        known.in_transaction += found.in_transaction;
        known.in_trace += found.in_trace;
        known.beside_queue += found.beside_queue;
        known.children += found.children;
        known.varied += found.varied;
        known.longest.keep(found.longest);
    }

    fn make_room(&mut self) {
        let mut counts: Vec<u64> = self.followed.values().map(|f| f.children).collect();
        let middle = counts.len() / 2;
        let (_, middle, _) = counts.select_nth_unstable(middle);
        let middle = *middle;
        let before = self.followed.len();
        self.followed.retain(|_, found| found.children > middle);
        self.dropped += (before - self.followed.len()) as u64;
    }

    /// Adds a run of a statement.
    pub fn repeat(&mut self, key: Place, is_same: bool, run: &Length) {
        if self.repeated.len() >= STATEMENTS && !self.repeated.contains_key(&key) {
            self.dropped += 1;
            return;
        }
        let known = self.repeated.entry(key).or_default();
        let list = if is_same {
            &mut known.same
        } else {
            &mut known.runs
        };
        let place = LENGTHS.partition_point(|least| u64::from(*least) <= run.executions);
        let place = place.saturating_sub(1);
        if list.len() <= place {
            list.resize(place + 1, Length::default());
        }
        list[place].add(run);
    }
}
