//! What matters in the logs, in a few sentences, and what they lack.

use super::model::Logs;
use crate::facts::human;
use crate::report::queries::Missing;

/// Below this the log is taken for one of all statements, ms.
const ALL_BELOW_MS: f64 = 1.0;
/// Fewer executions than these make no share.
const LEAST_FOR_SHARE: i64 = 100;
/// A share of all time that is worth a sentence.
const MUCH: f64 = 0.25;
/// A share of lines that could not be read that is worth a sentence.
const MANY_UNREAD: f64 = 0.01;
/// Characters of a statement in a sentence.
const BEGINNING: usize = 60;
/// A prefix that has all that we read.
const PREFIX: &str =
    "ALTER SYSTEM SET log_line_prefix = '%m [%p] %q%u@%d/%a %e %Q '; SELECT pg_reload_conf()";
const THRESHOLD: &str =
    "ALTER SYSTEM SET log_min_duration_statement = '100ms'; SELECT pg_reload_conf()";

/// What matters, and what the logs lack.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Sentences: how much there is, what went wrong, what takes the time.
    pub sentences: Vec<String>,
    /// What the logs do not tell, and the setting that would make them.
    pub missing: Vec<Missing>,
}

/// The verdict over logs.
pub fn verdict(logs: &Logs) -> Verdict {
    let sentences = [Some(extent(logs)), Some(trouble(logs)), heaviest(logs)];
    Verdict {
        sentences: sentences.into_iter().flatten().collect(),
        missing: missing(logs),
    }
}

/// `1 error`, `1,204 errors`.
pub(super) fn counted(count: i64, one: &str, several: &str) -> String {
    let noun = if count == 1 { one } else { several };
    format!("{} {noun}", human::count(count as f64))
}

fn extent(logs: &Logs) -> String {
    let totals = &logs.totals;
    let mut words = counted(totals.records, "record", "records");
    if let (Some(from), Some(to), Some(ms)) = (totals.from_at, totals.to_at, totals.span_ms()) {
        let (from, to) = (super::moment(from), super::moment(to));
        words += &if ms < 1.0 {
            format!(" at {from} UTC")
        } else {
            format!(" over {}, from {from} to {to} UTC", human::ms(ms))
        };
    }
    if totals.statements == 0 {
        return format!("{words}.");
    }
    let executions = counted(totals.statements, "execution", "executions");
    words += &format!(
        ", with {executions} that took {} in all",
        human::ms(totals.duration_ms)
    );
    if let Some(estimate) = totals.statement_estimate {
        let all = human::count(estimate);
        words += &format!("; the log is a sample, of about {all} executions");
    } else if let Some(least) = totals.least_ms.filter(|least| *least >= ALL_BELOW_MS) {
        let least = human::ms(least);
        words += &format!("; none took less than {least}, so faster ones may not be logged");
    }
    format!("{words}.")
}

fn trouble(logs: &Logs) -> String {
    let count = |kind: &str| logs.count(kind);
    let list = |of: &[(i64, &str, &str)]| -> Vec<String> {
        let some = of.iter().filter(|(count, _, _)| *count > 0);
        some.map(|(count, one, several)| counted(*count, one, several))
            .collect()
    };
    let mut parts = list(&[
        (count("crash"), "crash", "crashes"),
        (count("PANIC"), "PANIC", "PANICs"),
    ]);
    let errors = count("ERROR");
    if errors > 0 {
        let mut words = counted(errors, "error", "errors");
        let among = list(&[
            (count("deadlock"), "deadlock", "deadlocks"),
            (
                logs.cancels(),
                "cancelled statement",
                "cancelled statements",
            ),
        ]);
        if !among.is_empty() {
            words += &format!(" ({} among them)", among.join(" and "));
        }
        parts.push(words);
    }
    parts.extend(list(&[
        (count("lock_waiting"), "lock wait", "lock waits"),
        (
            count("FATAL"),
            "session refused or ended",
            "sessions refused or ended",
        ),
    ]));
    if count("temp_file") > 0 {
        let files = counted(count("temp_file"), "temporary file", "temporary files");
        let bytes = human::bytes(logs.totals.temp_bytes as f64);
        parts.push(format!("{files} of {bytes}"));
    }
    parts.extend(list(&[
        (
            count("checkpoints_too_frequent"),
            "warning that checkpoints come too often",
            "warnings that checkpoints come too often",
        ),
        (
            count("autovacuum_cancelled"),
            "autovacuum cancelled",
            "autovacuums cancelled",
        ),
    ]));
    if parts.is_empty() {
        return "No errors, lock waits or temporary files are in it.".to_owned();
    }
    let mut words = parts.join(", ");
    let totals = &logs.totals;
    let is_whole = totals.statement_estimate.is_none()
        && totals.least_ms.is_some_and(|least| least < ALL_BELOW_MS);
    let all = totals.statements + errors;
    if errors > 0 && is_whole && all >= LEAST_FOR_SHARE {
        let share = human::percent(errors as f64 / all as f64);
        words += &format!("; {share} of statements failed");
    }
    format!("{words}.")
}

fn heaviest(logs: &Logs) -> Option<String> {
    let most = |a: &&_, b: &&_| {
        let total = |statement: &super::Statement| statement.number("total_ms");
        total(a).total_cmp(&total(b))
    };
    let top = logs.statements.iter().max_by(most)?;
    let share = top.number("share");
    if share < MUCH || logs.statements.len() < 2 {
        return None;
    }
    let line = logs.line(Some(top.id), BEGINNING)?;
    let share = human::percent(share);
    Some(format!("One statement takes {share} of the time: {line}"))
}

/// Whether all logs may carry what one of some escapes writes: it need not be in any record.
pub(super) fn is_written(logs: &Logs, escapes: &str) -> bool {
    let writes = |prefix: &str| {
        let prefix = prefix.replace("%%", "");
        prefix.split('%').skip(1).any(|after| {
            let after = after.trim_start_matches(|c: char| c == '-' || c.is_ascii_digit());
            after.starts_with(|c| escapes.contains(c))
        })
    };
    let mut sources = logs.sources.iter();
    sources.all(|source| {
        source.format.as_deref() != Some("stderr")
            || source.prefixes.iter().any(|prefix| writes(prefix))
    })
}

fn missing(logs: &Logs) -> Vec<Missing> {
    let totals = &logs.totals;
    let mut all = Vec::new();
    let mut tell = |because: String, remedy: Option<&str>| {
        let remedy = remedy.map(str::to_owned);
        all.push(Missing { because, remedy });
    };
    if totals.records > 0 && totals.statements == 0 && totals.unpaired == 0 {
        let mut because = "no statement has a time in the log".to_owned();
        if totals.plans > 0 {
            let plans = counted(totals.plans, "plan", "plans");
            because += &format!("; {plans} of auto_explain alone make no figures");
        }
        tell(because, Some(THRESHOLD));
    }
    if totals.unpaired > 0 && totals.has_pid {
        let times = counted(totals.unpaired, "time", "times");
        let ms = human::ms(totals.unpaired_ms);
        tell(
            format!(
                "{times} ({ms}) came without the text of a statement, as log_duration writes them"
            ),
            Some(THRESHOLD),
        );
    }
    let unread = totals.unread as f64 / (totals.records + totals.filtered + totals.unread) as f64;
    if unread >= MANY_UNREAD {
        let lines = counted(totals.unread, "line", "lines");
        let share = human::percent(unread);
        tell(format!("{lines}, {share} of all, could not be read"), None);
    }
    let lacks = [
        (totals.has_time, "mtn", "the time (%m)"),
        (totals.has_pid, "pc", "the process id (%p)"),
        (
            totals.has_database || totals.statements == 0,
            "d",
            "the database (%d)",
        ),
        (
            totals.has_user || totals.statements == 0,
            "u",
            "the role (%u)",
        ),
        (
            totals.has_sqlstate || totals.error_records == 0,
            "e",
            "the SQLSTATE of errors (%e)",
        ),
    ];
    let lacks: Vec<&str> = lacks
        .into_iter()
        .filter(|(has, escapes, _)| !has && !is_written(logs, escapes))
        .map(|(_, _, what)| what)
        .collect();
    if totals.records > 0 && !lacks.is_empty() {
        tell(
            format!("log_line_prefix does not write {}", lacks.join(", ")),
            Some(PREFIX),
        );
    }
    all
}
