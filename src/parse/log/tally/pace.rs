//! What came since somebody looked last.

use std::collections::{BTreeMap, HashMap};

use super::errors::ErrorKey;
use super::figures::Tally;
use super::spread::Spread;
use super::totals::Totals;
use crate::parse::log::message::Kind;

/// Looks at figures from time to time.
#[derive(Debug, Default)]
pub struct Watch {
    totals: Totals,
    errors: HashMap<ErrorKey, u64>,
}

/// Figures of the time between two looks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pace {
    /// Executions.
    pub statements: u64,
    /// Sum of all times, microseconds.
    pub duration_us: u64,
    /// 95 % of the executions took no longer, microseconds; `None`: there was none.
    pub p95_us: Option<u64>,
    /// The longest execution, to 1 %, microseconds.
    pub max_us: Option<u64>,
    /// ERROR and worse.
    pub errors: u64,
    /// Messages by kind.
    pub kinds: BTreeMap<Kind, u64>,
    /// Errors and warnings by cause, the most frequent first.
    pub causes: Vec<Recent>,
}

/// Errors of one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    /// The cause.
    pub key: ErrorKey,
    /// How many.
    pub count: u64,
    /// Whether there was none before.
    pub is_new: bool,
}

impl Watch {
    /// From now on.
    pub fn begin(tally: &mut Tally) -> Self {
        let mut watch = Self::default();
        watch.look(tally);
        watch
    }

    /// What came since the last look.
    pub fn look(&mut self, tally: &mut Tally) -> Pace {
        let spread = tally.recent.replace(Spread::default());
        let (now, then) = (&tally.totals, &self.totals);
        let errors = |totals: &Totals| totals.errors.values().sum::<u64>();
        let kinds = now
            .kinds
            .iter()
            .map(|(kind, count)| (*kind, count - then.of(*kind)));
        let mut causes = Vec::new();
        for (key, error) in tally.errors.sorted() {
            let before = self.errors.insert(key.clone(), error.count);
            let count = error.count - before.unwrap_or(0);
            if count > 0 {
                causes.push(Recent {
                    key: key.clone(),
                    count,
                    is_new: before.is_none(),
                });
            }
        }
        causes.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.key.cmp(&b.key)));
        let quantile = |share| spread.as_ref()?.quantile(share);
        let statements = now.statements - then.statements;
        let pace = Pace {
            statements,
            duration_us: now.duration_us - then.duration_us,
            p95_us: quantile(0.95).filter(|_| statements > 0),
            max_us: quantile(1.0).filter(|_| statements > 0),
            errors: errors(now) - errors(then),
            kinds: kinds.filter(|(_, count)| *count > 0).collect(),
            causes,
        };
        self.totals.clone_from(&tally.totals);
        pace
    }
}

impl Pace {
    /// Messages of a kind.
    pub fn of(&self, kind: Kind) -> u64 {
        self.kinds.get(&kind).copied().unwrap_or(0)
    }

    /// Statements that `statement_timeout`, `lock_timeout` or a user ended.
    pub fn cancels(&self) -> u64 {
        let kinds = [Kind::StatementTimeout, Kind::LockTimeout, Kind::UserCancel];
        kinds.into_iter().map(|kind| self.of(kind)).sum()
    }
}
