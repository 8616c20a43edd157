//! The table `timeout_advice`.

use rusqlite::{Connection, OptionalExtension, Result, params};
use serde_json::json;

use super::items::Item;
use super::latency::{self, Latency};
use super::roles::{self, Kind, Worker};
use super::spells::{self, Spells};
use super::values::{self, Limits, Statement, written};
use super::{server, values::line};
use crate::facts::{human, quote};

/// Statements that are named.
const NAMED: usize = 5;
/// Pauses or transactions that a figure rests on at the least.
const ENOUGH: f64 = 50.0;

/// One piece of advice.
#[derive(Debug, Default)]
struct Advice {
    setting: &'static str,
    advised: Option<f64>,
    basis_ms: Option<f64>,
    basis: Option<String>,
    calls: Option<f64>,
    ended: Option<f64>,
    statements: Vec<(String, String, f64)>,
    reason: String,
    /// The value in force is right where it lies here.
    right: (f64, f64),
}

/// Works out timeouts for the roles at work and for the server. Replaces what was worked out before.
///
/// # Errors
/// When the facts cannot be read or written.
pub fn write(facts: &Connection, limits: &Limits) -> Result<()> {
    facts.execute("DELETE FROM timeout_advice", [])?;
    let major: Option<i64> = facts
        .query_row("SELECT major FROM server", [], |row| row.get(0))
        .optional()?;
    for worker in roles::read(facts, limits.roles)? {
        for advice in of(facts, &worker, major.unwrap_or(0), limits)? {
            insert(facts, &worker, &advice)?;
        }
    }
    server::write(facts, limits)
}

fn of(facts: &Connection, worker: &Worker, major: i64, limits: &Limits) -> Result<Vec<Advice>> {
    let latency = latency::read(facts, worker)?;
    let found = values::statement(worker.kind, latency.p999_ms, limits);
    let mut all = vec![statement(worker, &latency, found, limits)];
    let in_force = all[0].advised.or(now(facts, worker, "statement_timeout")?);
    let statement_ms = in_force.filter(|ms| *ms > 0.0);
    if worker.kind != Kind::Backup {
        let waits = spells::lock_waits(facts, worker)?;
        let deadlock = server_value(facts, "deadlock_timeout")?.unwrap_or(1_000.0);
        all.push(lock(worker, statement_ms, waits.as_ref(), deadlock, limits));
    }
    // A dump with several jobs holds its snapshot in a session that is idle meanwhile.
    if worker.kind != Kind::Backup {
        let pauses = spells::read(facts, worker, "idle in transaction")?;
        all.push(idle(worker, &pauses, limits));
    }
    if major >= 17 && worker.kind == Kind::Application {
        let spent = spells::read(facts, worker, "transaction")?;
        all.extend(statement_ms.and_then(|ms| transaction(&spent, ms, limits)));
    }
    if major >= 14
        && worker.sessions >= 2
        && now(facts, worker, "idle_session_timeout")? > Some(0.0)
    {
        all.push(Advice {
            setting: "idle_session_timeout",
            advised: Some(0.0),
            basis: Some(format!("{} sessions, as of a pool", worker.sessions)),
            reason: "it ends connections that a pool keeps for later, which the application then meets as errors".to_owned(),
            ..Advice::default()
        });
    }
    Ok(all)
}

fn statement(worker: &Worker, latency: &Latency, found: Statement, limits: &Limits) -> Advice {
    let measured = latency.p999_ms;
    let mut advice = Advice {
        setting: "statement_timeout",
        basis_ms: measured,
        basis: measured.map(|_| latency.basis.clone()),
        calls: (latency.calls > 0.0).then_some(latency.calls),
        ..Advice::default()
    };
    match found {
        Statement::Never => {
            advice.advised = Some(0.0);
            advice.reason = match worker.kind {
                Kind::Backup => "a dump takes as long as it takes".to_owned(),
                _ => {
                    "a migration takes as long as it takes; its waits for locks are what is bounded"
                        .to_owned()
                }
            };
        }
        Statement::For(ms) => {
            let most = match worker.kind {
                Kind::Reports => limits.report_most,
                _ if measured.is_none() => limits.report_most,
                _ => limits.statement_most,
            };
            advice.advised = Some(ms);
            advice.right = (measured.unwrap_or(1.0).min(ms), most.max(ms));
            advice.reason = match (worker.kind, measured) {
                (_, None) => {
                    "how long its statements take was not measured, so this is far from any request"
                        .to_owned()
                }
                (Kind::Reports, _) => "people wait for reports, but not for ever".to_owned(),
                _ => format!(
                    "{} the {} that its slow calls take, but not below {}",
                    values::times(limits.headroom),
                    human::ms(measured.unwrap_or(0.0)),
                    written(limits.statement_least)
                ),
            };
        }
        Statement::Mixed(until) => {
            let slow: Vec<&Item> = slowest(latency, limits);
            let names: Vec<&str> = slow.iter().take(3).map(|item| item.line.as_str()).collect();
            advice.advised = until;
            advice.right = (until.unwrap_or(f64::INFINITY), f64::INFINITY);
            advice.reason = format!(
                "it mixes reports with requests: split the role first, then {} to {} will do for the requests; above the line of {}: {}",
                written(limits.statement_least),
                written(limits.statement_most),
                human::ms(line(limits)),
                names.join("; ")
            );
            advice.statements = slow
                .iter()
                .map(|item| (item.fingerprint.clone(), item.line.clone(), 0.0))
                .collect();
        }
    }
    if let Some((count, of)) = advice
        .advised
        .filter(|ms| *ms > 0.0)
        .and_then(|ms| latency.ended(ms))
    {
        advice.ended = Some(count);
        let named = of
            .into_iter()
            .map(|(item, calls)| (item.fingerprint.clone(), item.line.clone(), calls));
        let named: Vec<_> = named.take(NAMED).collect();
        if !named.is_empty() || !matches!(found, Statement::Mixed(_)) {
            advice.statements = named;
        }
    }
    advice
}

/// Statements above the line, slowest first.
fn slowest<'a>(latency: &'a Latency, limits: &Limits) -> Vec<&'a Item> {
    let mut slow: Vec<(&Item, f64)> = latency
        .items
        .iter()
        .map(|item| (item, item.slowest()))
        .filter(|(_, ms)| *ms > line(limits))
        .collect();
    slow.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.line.cmp(&b.0.line)));
    slow.into_iter().take(NAMED).map(|(item, _)| item).collect()
}

fn lock(
    worker: &Worker,
    statement: Option<f64>,
    waits: Option<&Spells>,
    deadlock: f64,
    limits: &Limits,
) -> Advice {
    let p99 = waits.map(|waits| waits.share_ms(0.99).unwrap_or(0.0));
    let ms = values::lock(worker.kind, statement, p99, deadlock, limits);
    let below = statement.map_or(f64::INFINITY, |statement| statement - 1.0);
    let reason = match worker.kind {
        Kind::Migrations => {
            "a migration that waits makes everyone behind it wait; it gives up and is tried again"
        }
        _ if ms <= deadlock => {
            "half of statement_timeout, which is so short that deadlock_timeout, and with it the line in the log, never comes"
        }
        _ => {
            "before statement_timeout, and after deadlock_timeout, which writes the wait into the log"
        }
    };
    Advice {
        setting: "lock_timeout",
        advised: Some(ms),
        basis_ms: p99.filter(|ms| *ms > 0.0),
        basis: waits.map(|waits| {
            format!(
                "99th percentile of {} waits in the log",
                human::count(waits.count())
            )
        }),
        calls: waits.map(Spells::count),
        ended: waits.map(|waits| waits.longer_than(ms)),
        reason: reason.to_owned(),
        right: (
            if ms > deadlock { deadlock + 1.0 } else { 1.0 },
            below.max(ms),
        ),
        ..Advice::default()
    }
}

fn idle(worker: &Worker, pauses: &Spells, limits: &Limits) -> Advice {
    let enough = pauses.count() >= ENOUGH;
    let p999 = pauses.p999_ms().filter(|_| enough);
    let ms = values::idle_in_transaction(worker.kind, p999, limits);
    let reason = match (worker.kind, p999) {
        (Kind::Application, Some(pause)) => {
            format!("ten times the longest usual pause, {}", human::ms(pause))
        }
        (Kind::Application, None) => {
            "pauses were not measured: look at sessions with --for, which allows 10 to 60 s"
                .to_owned()
        }
        _ => "far above pauses of work, below what held locks and dead rows cost".to_owned(),
    };
    Advice {
        setting: "idle_in_transaction_session_timeout",
        advised: Some(ms),
        basis_ms: p999,
        basis: p999
            .map(|_| "99.9th percentile of the pauses that looks at sessions saw".to_owned()),
        calls: (pauses.count() > 0.0).then(|| pauses.count()),
        ended: (pauses.count() > 0.0).then(|| pauses.longer_than(ms)),
        reason,
        right: (1.0, ms.max(limits.idle_unmeasured)),
        ..Advice::default()
    }
}

/// Only where transactions were seen: a sum of many short statements may be long.
fn transaction(spent: &Spells, statement: f64, limits: &Limits) -> Option<Advice> {
    let p999 = spent.p999_ms().filter(|_| spent.count() >= ENOUGH)?;
    let ms = values::transaction(statement, p999, limits);
    Some(Advice {
        setting: "transaction_timeout",
        advised: Some(ms),
        basis_ms: Some(p999),
        basis: Some("99.9th percentile of the transactions that looks at sessions saw".to_owned()),
        calls: Some(spent.count()),
        ended: Some(spent.longer_than(ms)),
        reason: "three times statement_timeout, or what the longest usual transaction takes"
            .to_owned(),
        right: (statement, f64::INFINITY),
        ..Advice::default()
    })
}

fn insert(facts: &Connection, worker: &Worker, advice: &Advice) -> Result<()> {
    let now = now(facts, worker, advice.setting)?;
    let is_right = |now: f64| {
        advice.advised.is_some_and(|ms| (ms - now).abs() < 0.5)
            || (now > 0.0 && now >= advice.right.0 && now <= advice.right.1)
    };
    let differs = now.is_none_or(|now| !is_right(now));
    let place = format!(
        "ALTER ROLE {} IN DATABASE {}",
        quote::ident(&worker.role_name),
        quote::ident(&worker.database_name)
    );
    let fix = advice
        .advised
        .filter(|_| differs)
        .map(|ms| format!("{place} SET {} = '{}';", advice.setting, written(ms)));
    let own: Option<Option<String>> = facts
        .query_row(
            "SELECT value FROM role_settings WHERE role_id = ?1 AND database_id = ?2 AND name = ?3",
            params![worker.role, worker.database, advice.setting],
            |row| row.get(0),
        )
        .optional()?;
    let undo = fix.as_ref().map(|_| match own.flatten() {
        Some(value) => format!(
            "{place} SET {} = {};",
            advice.setting,
            quote::literal(&value)
        ),
        None => format!("{place} RESET {};", advice.setting),
    });
    let statements: Vec<_> = advice
        .statements
        .iter()
        .map(|(fingerprint, line, calls)| {
            json!({"fingerprint": fingerprint, "line": line, "calls": calls.round()})
        })
        .collect();
    facts.execute(
        "INSERT INTO timeout_advice (role_id, database_id, setting, now_ms, advised_ms, basis_ms, basis,
           calls_seen, calls_cancelled, reason, fix, undo, kind, kind_because, ended)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        params![
            worker.role,
            worker.database,
            advice.setting,
            now,
            advice.advised,
            advice.basis_ms,
            advice.basis,
            advice.calls,
            advice.ended,
            advice.reason,
            fix,
            undo,
            worker.kind.as_str(),
            worker.because,
            serde_json::Value::Array(statements).to_string()
        ],
    )?;
    Ok(())
}

/// The value in force for a role in a database, ms; `None`: not visible.
fn now(facts: &Connection, worker: &Worker, setting: &str) -> Result<Option<f64>> {
    let value = facts
        .query_row(
            "SELECT value_num FROM role_settings_effective WHERE role_id = ?1 AND database_id = ?2 AND name = ?3",
            params![worker.role, worker.database, setting],
            |row| row.get(0),
        )
        .optional()?;
    Ok(value.flatten())
}

fn server_value(facts: &Connection, setting: &str) -> Result<Option<f64>> {
    let value = facts
        .query_row(
            "SELECT server_value_num FROM server_settings WHERE name = ?1",
            [setting],
            |row| row.get(0),
        )
        .optional()?;
    Ok(value.flatten())
}
