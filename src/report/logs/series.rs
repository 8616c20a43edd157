//! Figures over time.

use rusqlite::Connection;

/// A step of time: a row of `log_series`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Step {
    /// When it begins, microseconds.
    pub at: i64,
    /// Its length.
    pub step_ms: f64,
    /// Executions.
    pub statements: i64,
    /// Sum of all times, ms.
    pub duration_ms: f64,
    /// ERROR, FATAL and PANIC.
    pub errors: i64,
    /// Connections received.
    pub connections: i64,
    /// Sessions that ended.
    pub disconnections: i64,
    /// Waits for a lock that were logged.
    pub lock_waits: i64,
    /// Deadlocks.
    pub deadlocks: i64,
    /// Temporary files.
    pub temp_files: i64,
    /// Their bytes.
    pub temp_bytes: i64,
    /// Checkpoints that ended.
    pub checkpoints: i64,
    /// Automatic vacuums and analyzes that ended.
    pub autovacuums: i64,
    /// Statements that were cancelled.
    pub cancels: i64,
}

/// Lengths of steps that people think in: 1, 5 and 15 minutes, 1 and 6 hours, 1 and 7 days.
const LENGTHS_MIN: [i64; 7] = [1, 5, 15, 60, 360, 1_440, 10_080];
const MINUTE_US: i64 = 60_000_000;

impl Step {
    pub(super) fn all(facts: &Connection) -> rusqlite::Result<Vec<Self>> {
        let mut statement = facts.prepare("SELECT * FROM log_series ORDER BY at")?;
        let rows = statement.query_map([], |row| {
            Ok(Self {
                at: row.get("at")?,
                step_ms: row.get("step_ms")?,
                statements: row.get("statements")?,
                duration_ms: row.get("duration_ms")?,
                errors: row.get("errors")?,
                connections: row.get("connections")?,
                disconnections: row.get("disconnections")?,
                lock_waits: row.get("lock_waits")?,
                deadlocks: row.get("deadlocks")?,
                temp_files: row.get("temp_files")?,
                temp_bytes: row.get("temp_bytes")?,
                checkpoints: row.get("checkpoints")?,
                autovacuums: row.get("autovacuums")?,
                cancels: row.get("cancels")?,
            })
        })?;
        rows.collect()
    }

    fn add(&mut self, other: &Self) {
        self.statements += other.statements;
        self.duration_ms += other.duration_ms;
        self.errors += other.errors;
        self.connections += other.connections;
        self.disconnections += other.disconnections;
        self.lock_waits += other.lock_waits;
        self.deadlocks += other.deadlocks;
        self.temp_files += other.temp_files;
        self.temp_bytes += other.temp_bytes;
        self.checkpoints += other.checkpoints;
        self.autovacuums += other.autovacuums;
        self.cancels += other.cancels;
    }
}

/// Steps of one length without gaps: those in which nothing happened are there too.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Span {
    /// Length of each, ms.
    pub step_ms: f64,
    /// In order of time.
    pub steps: Vec<Step>,
}

/// The steps gathered into at most `most` of a length that people think in, and at least of
/// `least_minutes`. A step that began earlier than it counts for where it began.
pub fn spans(steps: &[Step], least_minutes: i64, most: usize) -> Span {
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else {
        return Span::default();
    };
    let longest = steps.iter().map(|step| step.step_ms).fold(0.0, f64::max);
    let least = least_minutes.max((longest * 1_000.0) as i64 / MINUTE_US);
    let count = |length: i64| {
        let slot = |at: i64| at.div_euclid(length);
        (slot(last.at) - slot(first.at) + 1) as usize
    };
    let mut lengths = LENGTHS_MIN.iter().filter(|minutes| **minutes >= least);
    let length = lengths
        .find(|minutes| count(**minutes * MINUTE_US) <= most.max(1))
        .map_or_else(
            || {
                let widest = (last.at - first.at).div_euclid(most.max(1) as i64);
                widest.max(least * MINUTE_US).max(MINUTE_US) + MINUTE_US
            },
            |minutes| minutes * MINUTE_US,
        );
    let origin = first.at.div_euclid(length);
    let step_ms = length as f64 / 1_000.0;
    let mut all: Vec<Step> = (0..count(length))
        .map(|slot| Step {
            at: (origin + slot as i64) * length,
            step_ms,
            ..Step::default()
        })
        .collect();
    for step in steps {
        let slot = (step.at.div_euclid(length) - origin) as usize;
        if let Some(sum) = all.get_mut(slot) {
            sum.add(step);
        }
    }
    Span {
        step_ms,
        steps: all,
    }
}

/// Bars of eight heights; a dot is nothing at all. With `ascii` they are digits from 1 to 8.
pub fn spark(values: &[f64], ascii: bool) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    const DIGITS: [char; 8] = ['1', '2', '3', '4', '5', '6', '7', '8'];
    let bars = if ascii { DIGITS } else { BARS };
    let nothing = if ascii { '.' } else { '·' };
    let most = values.iter().copied().fold(0.0, f64::max);
    let bar = |value: &f64| {
        if *value <= 0.0 || most <= 0.0 {
            return nothing;
        }
        let height = (value / most * 8.0).ceil() as usize;
        bars[height.clamp(1, 8) - 1]
    };
    values.iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::{MINUTE_US, Step, spans, spark};

    fn check(minutes: &[i64], least: i64, most: usize, expected: (f64, &[i64])) {
        let steps: Vec<Step> = minutes
            .iter()
            .map(|minute| Step {
                at: minute * MINUTE_US,
                step_ms: 60_000.0,
                statements: 1,
                ..Step::default()
            })
            .collect();
        let span = spans(&steps, least, most);
        let counts: Vec<i64> = span.steps.iter().map(|step| step.statements).collect();
        assert_eq!(
            (span.step_ms / 60_000.0, counts.as_slice()),
            expected,
            "{minutes:?} by {least}, at most {most}"
        );
    }

    #[test]
    fn steps_are_gathered_without_gaps() {
        check(&[], 1, 10, (0.0, &[]));
        check(&[7], 1, 10, (1.0, &[1]));
        check(&[0, 3], 1, 10, (1.0, &[1, 0, 0, 1]));
        check(&[4, 5, 14], 1, 10, (5.0, &[1, 1, 1]));
        check(&[0, 61, 62], 60, 10, (60.0, &[1, 2]));
        check(&[-1, 1], 1, 10, (1.0, &[1, 0, 1]));
        check(&[0, 30_000_000], 1, 2, (15_000_001.0, &[1, 1]));
    }

    #[test]
    fn the_highest_bar_is_the_most_and_nothing_is_a_dot() {
        assert_eq!(spark(&[0.0, 1.0, 40.0, 80.0], false), "·▁▄█");
        assert_eq!(spark(&[0.0, 1.0, 40.0, 80.0], true), ".148");
        assert_eq!(spark(&[0.0, 0.0], false), "··");
    }
}
