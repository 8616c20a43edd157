//! How long sessions stay as they are, put together from looks.

use std::collections::{BTreeMap, HashMap};

use super::look::Group;

/// Spells from here on are kept one by one, microseconds.
const LONG_US: i64 = 1_000_000;
/// Long spells of one kind, role and database that are kept one by one; the rest is counted.
const MOST: usize = 1_000;

/// What a session is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    IdleInTransaction,
    Transaction,
    Statement,
}

impl Kind {
    /// As in `activity_spells.kind`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IdleInTransaction => "idle in transaction",
            Self::Transaction => "transaction",
            Self::Statement => "statement",
        }
    }
}

/// Whose spells are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Whose {
    pub kind: Kind,
    pub database: Option<i64>,
    pub role: Option<i64>,
}

/// A spell, or several of about one length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spell {
    pub whose: Whose,
    pub started_at: i64,
    pub duration_us: i64,
    pub is_open: bool,
    pub spells: u64,
}

/// Spells that last, and those that are over.
#[derive(Debug, Default)]
pub(super) struct Spells {
    open: HashMap<(i64, Kind), Open>,
    long: BTreeMap<Whose, Vec<Spell>>,
    /// By class of length: the beginning of the first, and how many.
    short: BTreeMap<(Whose, u32), (i64, u64)>,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    whose: Whose,
    started_at: i64,
    seen_at: i64,
}

impl Spells {
    /// Takes a look in.
    pub fn look(&mut self, at: i64, groups: &[Group]) {
        for group in groups {
            let Some(pid) = group.pid else { continue };
            for (kind, started_at) in spells_of(group) {
                let whose = Whose {
                    kind,
                    database: group.database,
                    role: group.role,
                };
                let now = Open {
                    whose,
                    started_at,
                    seen_at: at,
                };
                if let Some(before) = self.open.insert((pid, kind), now)
                    && before.started_at != started_at
                {
                    self.close(before, false);
                }
            }
        }
        let over: Vec<_> = self
            .open
            .iter()
            .filter(|(_, open)| open.seen_at != at)
            .map(|(key, open)| (*key, *open))
            .collect();
        for (key, open) in over {
            self.open.remove(&key);
            self.close(open, false);
        }
    }

    /// All of them; what lasts is open.
    pub fn end(mut self) -> Vec<Spell> {
        let open: Vec<Open> = self.open.drain().map(|(_, open)| open).collect();
        for open in open {
            self.close(open, true);
        }
        let short = self
            .short
            .iter()
            .map(|((whose, class), (started_at, spells))| Spell {
                whose: *whose,
                started_at: *started_at,
                duration_us: upper(*class),
                is_open: false,
                spells: *spells,
            });
        let long = self.long.values().flatten().copied();
        long.chain(short).collect()
    }

    fn close(&mut self, open: Open, is_open: bool) {
        let duration_us = (open.seen_at - open.started_at).max(0);
        let long = self.long.entry(open.whose).or_default();
        if duration_us >= LONG_US && long.len() < MOST {
            long.push(Spell {
                whose: open.whose,
                started_at: open.started_at,
                duration_us,
                is_open,
                spells: 1,
            });
            return;
        }
        let class = u64::BITS - duration_us.unsigned_abs().leading_zeros();
        let known = self
            .short
            .entry((open.whose, class))
            .or_insert((open.started_at, 0));
        known.1 += 1;
    }
}

/// The longest of a class of lengths: one less than a power of two.
fn upper(class: u32) -> i64 {
    (1_i64 << class.min(62)) - 1
}

/// What a session is in, with the beginnings.
fn spells_of(group: &Group) -> impl Iterator<Item = (Kind, i64)> {
    let state = group.state.as_deref().unwrap_or("");
    let idle = state.starts_with("idle in transaction");
    [
        (Kind::Transaction, group.transaction_at),
        (
            Kind::Statement,
            group.statement_at.filter(|_| state == "active"),
        ),
        (Kind::IdleInTransaction, group.state_at.filter(|_| idle)),
    ]
    .into_iter()
    .filter_map(|(kind, at)| Some((kind, at?)))
}

#[cfg(test)]
mod tests {
    use super::{Group, Kind, Spells};

    fn session(pid: i64, state: &str, transaction_at: i64, state_at: i64) -> Group {
        Group {
            pid: Some(pid),
            state: Some(state.to_owned()),
            transaction_at: Some(transaction_at),
            statement_at: Some(state_at),
            state_at: Some(state_at),
            sessions: 1,
            ..Group::default()
        }
    }

    #[test]
    fn spells_end_when_they_are_no_longer_seen() {
        const S: i64 = 1_000_000;
        let mut spells = Spells::default();
        // A transaction of 3 s: active for 1 s, then idle.
        spells.look(10 * S, &[session(7, "active", 9 * S, 9 * S)]);
        spells.look(
            11 * S,
            &[session(7, "idle in transaction", 9 * S, 10 * S + 1)],
        );
        spells.look(
            12 * S,
            &[session(7, "idle in transaction", 9 * S, 10 * S + 1)],
        );
        // Another one of the same process, short, seen twice.
        spells.look(13 * S, &[session(7, "active", 13 * S - 20, 13 * S - 20)]);
        spells.look(
            13 * S + 30,
            &[session(7, "active", 13 * S - 20, 13 * S - 20)],
        );
        // And one that lasts.
        spells.look(14 * S, &[session(8, "active", 12 * S, 12 * S)]);
        let mut all: Vec<_> = spells
            .end()
            .into_iter()
            .map(|spell| {
                (
                    spell.whose.kind,
                    spell.started_at,
                    spell.duration_us,
                    spell.is_open,
                )
            })
            .collect();
        all.sort_unstable();
        assert_eq!(
            all,
            [
                (Kind::IdleInTransaction, 10 * S + 1, 2 * S - 1, false),
                (Kind::Transaction, 9 * S, 3 * S, false),
                (Kind::Transaction, 12 * S, 2 * S, true),
                (Kind::Transaction, 13 * S - 20, 63, false),
                (Kind::Statement, 9 * S, S, false),
                (Kind::Statement, 12 * S, 2 * S, true),
                (Kind::Statement, 13 * S - 20, 63, false),
            ]
        );
    }
}
