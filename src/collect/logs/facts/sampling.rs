//! How many executions there were, where the log holds a sample of them.

use rusqlite::{Connection, OptionalExtension, Result, params};

use super::statements::Book;
use crate::collect::logs::scan::Scan;
use crate::parse::log::tally::Spread;

/// Which executions the server logs: those that took `log_min_duration_statement`, of those that
/// took `log_min_duration_sample` a share, and all of a share of the transactions, each drawn by
/// itself (`check_log_duration` in `postgres.c`).
#[derive(Debug, Clone, Copy, PartialEq)]
struct Sampling {
    /// `log_min_duration_statement` in microseconds; `None`: off.
    all_from: Option<u64>,
    /// `log_min_duration_sample` in microseconds; `None`: off.
    some_from: Option<u64>,
    /// `log_statement_sample_rate`.
    of_statements: f64,
    /// `log_transaction_sample_rate`.
    of_transactions: f64,
}

impl Sampling {
    /// By the settings of the main server; `None` where they are not known, or all that took long
    /// enough is logged.
    fn read(facts: &Connection) -> Result<Option<Self>> {
        let mut setting = facts.prepare(
            "SELECT coalesce(server_value_num, value_num), coalesce(server_value, value)
             FROM settings WHERE name = ?1 AND node_id = 1",
        )?;
        let mut value = |name: &str| -> Result<Option<(Option<f64>, Option<String>)>> {
            setting
                .query_row([name], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()
        };
        let mut number =
            |name: &str| -> Result<Option<f64>> { Ok(value(name)?.and_then(|(number, _)| number)) };
        let from = |ms: Option<f64>| ms.filter(|ms| *ms >= 0.0).map(|ms| (ms * 1e3) as u64);
        let Some(all_from) = number("log_min_duration_statement")? else {
            return Ok(None);
        };
        let sampling = Self {
            all_from: from(Some(all_from)),
            some_from: from(number("log_min_duration_sample")?),
            of_statements: number("log_statement_sample_rate")?.unwrap_or(1.0),
            of_transactions: number("log_transaction_sample_rate")?.unwrap_or(0.0),
        };
        let has_durations = number("log_duration")? == Some(1.0);
        let has_texts = value("log_statement")?.and_then(|(_, text)| text);
        // Then text and time of each execution are there, apart from each other.
        let is_whole = has_durations && has_texts.as_deref() == Some("all");
        Ok(Some(sampling).filter(|sampling| sampling.is_one() && !is_whole))
    }

    fn is_one(&self) -> bool {
        let is_share = |share: f64| share > 0.0 && share < 1.0;
        let has_some = self.some_from.is_some() && is_share(self.of_statements);
        self.all_from != Some(0) && (has_some || is_share(self.of_transactions))
    }

    /// Which share of the executions that took so long is logged.
    fn share(&self, us: u64) -> f64 {
        let is_from = |from: Option<u64>| from.is_some_and(|from| us >= from);
        if is_from(self.all_from) {
            return 1.0;
        }
        let by_itself = if is_from(self.some_from) {
            self.of_statements
        } else {
            0.0
        };
        1.0 - (1.0 - by_itself) * (1.0 - self.of_transactions)
    }

    /// The mean share of those that took from `low` up to `high`, as far as any are logged: within a
    /// bucket times are taken to be spread evenly. Of what is never logged, but is in the log all the
    /// same (another setting held for the role), each stands for itself.
    fn mean_share(&self, low: u64, high: u64) -> f64 {
        let within = |from: Option<u64>| from.filter(|from| (low + 1..high).contains(from));
        let mut bounds = vec![low, high.max(low + 1)];
        bounds.extend(
            [self.all_from, self.some_from]
                .into_iter()
                .filter_map(within),
        );
        bounds.sort_unstable();
        let (mut logged, mut width) = (0.0, 0.0);
        for bound in bounds.windows(2) {
            let length = (bound[1] - bound[0]) as f64;
            let share = self.share(bound[0]);
            if share > 0.0 {
                logged += length * share;
                width += length;
            }
        }
        if width > 0.0 { logged / width } else { 1.0 }
    }

    /// How many executions there were. The times in the log are of the execution alone, those here
    /// have parse and bind in them, which moves few over a threshold.
    fn estimate(&self, spread: &Spread, least: Option<u64>, most: Option<u64>) -> f64 {
        let of = |(low, high, count): (u64, u64, u64)| {
            let low = low.max(least.unwrap_or(low));
            let high = high.min(most.map_or(high, |most| most + 1));
            count as f64 / self.mean_share(low, high)
        };
        spread.buckets().map(of).sum()
    }
}

/// Writes the estimates, where the settings are known and the log is a sample.
pub(super) fn write(facts: &Connection, scan: &Scan, book: &Book) -> Result<()> {
    let Some(sampling) = Sampling::read(facts)? else {
        return Ok(());
    };
    let mut update =
        facts.prepare("UPDATE log_statements SET calls_estimate = ?2 WHERE statement_id = ?1")?;
    let (mut calls, mut all) = (0, 0.0);
    for (key, statement) in scan.tally.statements() {
        let spread = &statement.spread;
        let estimate = sampling.estimate(spread, statement.min_us, statement.max_us);
        calls += statement.calls;
        all += estimate;
        if let Some(id) = book.of(&key).filter(|_| statement.calls > 0) {
            update.execute(params![id, estimate])?;
        }
    }
    if calls > 0 {
        // Those of statements that are not kept apart are taken to be like the others.
        all *= scan.tally.totals.statements as f64 / calls as f64;
    }
    facts.execute("UPDATE log_totals SET statement_estimate = ?1", [all])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Sampling;
    use crate::parse::log::tally::Spread;

    const MS: u64 = 1_000;

    fn sampling(all_from: Option<u64>, some_from: Option<u64>, s: f64, t: f64) -> Sampling {
        Sampling {
            all_from: all_from.map(|ms| ms * MS),
            some_from: some_from.map(|ms| ms * MS),
            of_statements: s,
            of_transactions: t,
        }
    }

    #[test]
    fn what_is_logged_in_part_stands_for_more() {
        let check = |sampling: Sampling, times: &[u64], expected: f64| {
            let mut spread = Spread::default();
            for us in times {
                spread.add(*us);
            }
            let (least, most) = (times.iter().min().copied(), times.iter().max().copied());
            let estimate = sampling.estimate(&spread, least, most);
            assert!(
                (estimate - expected).abs() < 1e-9,
                "{sampling:?} {times:?}: {estimate}"
            );
        };
        let both = sampling(Some(100), Some(10), 0.1, 0.0);
        check(both, &[100 * MS, 250 * MS], 2.0);
        check(both, &[10 * MS, 50 * MS, 99 * MS], 30.0);
        check(both, &[99_999], 10.0);
        check(both, &[20 * MS, 200 * MS], 11.0);
        // Another setting held for whoever ran this.
        check(both, &[MS], 1.0);
        // Of two drawings one is enough: 1 - 0.9 * 0.5.
        check(sampling(None, Some(0), 0.1, 0.5), &[MS; 11], 20.0);
        check(sampling(None, None, 1.0, 0.25), &[MS, 100 * MS], 8.0);
        check(sampling(Some(100), None, 1.0, 0.5), &[MS, 101 * MS], 3.0);
        // A bucket on both sides of the threshold: 99,840 to 100,351, 160 of 512 below it.
        let mean = (160.0 * 0.1 + 352.0) / 512.0;
        check(both, &[99_840, 100_351], 2.0 / mean);
    }

    #[test]
    fn a_log_of_all_is_no_sample() {
        for (sampling, expected) in [
            (sampling(Some(0), Some(0), 0.1, 0.1), false),
            (sampling(Some(100), None, 0.1, 0.0), false),
            (sampling(Some(100), Some(0), 1.0, 0.0), false),
            (sampling(Some(100), Some(0), 0.0, 0.0), false),
            (sampling(Some(100), Some(10), 0.1, 0.0), true),
            (sampling(None, None, 1.0, 0.1), true),
        ] {
            assert_eq!(sampling.is_one(), expected, "{sampling:?}");
        }
    }
}
