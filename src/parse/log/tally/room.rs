//! How much the details of all statements together may take.

/// What is left for details, over all statements. Where it is used up, sums stay exact and details
/// get coarser.
#[derive(Debug, Clone)]
pub struct Room {
    /// Users and applications beyond the first of each statement.
    pub groups: usize,
    /// Hours.
    pub hours: usize,
    /// Query ids beyond the first of each statement.
    pub query_ids: usize,
    /// Executions beyond the slowest of each statement.
    pub samples: usize,
    /// Buckets of times.
    pub buckets: usize,
    /// Bytes of texts, parameters and plans.
    pub literals: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            groups: 40_000,
            hours: 50_000,
            query_ids: 60_000,
            samples: 20_000,
            buckets: 750_000,
            literals: 4 << 20,
        }
    }
}

impl Room {
    /// The details that there was no more room for.
    pub fn used_up(&self) -> Vec<&'static str> {
        let all = [
            (self.groups, "users and applications"),
            (self.hours, "hours"),
            (self.query_ids, "query ids"),
            (self.samples, "slowest executions"),
            (self.buckets, "percentiles"),
            (self.literals, "literals"),
        ];
        let used_up = all.into_iter().filter(|(left, _)| *left == 0);
        used_up.map(|(_, name)| name).collect()
    }

    /// Room without end, for figures that had room before.
    pub fn endless() -> Self {
        Self {
            groups: usize::MAX,
            hours: usize::MAX,
            query_ids: usize::MAX,
            samples: usize::MAX,
            buckets: usize::MAX,
            literals: usize::MAX,
        }
    }
}

/// Takes one where there is one.
pub(super) fn take(room: &mut usize) -> bool {
    let has_room = *room > 0;
    *room = room.saturating_sub(1);
    has_room
}

/// Makes room for one more in a list: short lists, of which there are many, grow by little.
pub(super) fn make_room<T>(list: &mut Vec<T>) {
    if list.len() == list.capacity() {
        list.reserve_exact(list.len() / 4 + 1);
    }
}
