//! A statement that can't run in a transaction block, watched from outside.

use std::collections::BTreeSet;
use std::time::Duration;

use super::counters::{Clock, Counters};
use super::error::TraceError;
use super::gates::Gates;
use super::observed::{Observed, while_it_ran};
use super::runner::error_of;
use super::state::{Locks, State, locks, locks_of};
use crate::collect::connect::{ReadError, Session};
use crate::parse::ddl::effect::Lock;

/// Between two looks at the statement.
const PAUSE: Duration = Duration::from_millis(1);
/// After so many looks in which nothing of ours held it up, the pauses get longer.
const PATIENCE: u32 = 200;

/// Runs it and watches.
pub(super) async fn run_alone(
    session: &Session,
    watcher: &Session,
    clock: &mut Clock,
    sql: &str,
) -> Result<Observed, TraceError> {
    let pid = super::gates::number(session, "SELECT pg_catalog.pg_backend_pid()").await?;
    let before = State::read(session).await?;
    let named = named(&before, sql);
    let counters = Counters::before(session, watcher, clock).await?;
    let mut gates = Gates::close(watcher, &before, |oid| named.contains(&oid)).await?;
    let mut seen = Locks::new();
    let outcome = {
        let running = session.run(sql);
        tokio::pin!(running);
        let mut looks = 0;
        loop {
            let pause = if looks < PATIENCE { PAUSE } else { PAUSE * 20 };
            tokio::select! {
                biased;
                outcome = &mut running => break outcome,
                () = tokio::time::sleep(pause) => {}
            }
            looks += 1;
            let pids = blockers(watcher, pid).await?;
            if gates.stop(&pids) {
                looks = 0;
                let held = locks(&watcher.run(&locks_of(&pid.to_string())).await?);
                gates.open(watcher, &pids, &held).await?;
                merge(&mut seen, held);
            }
        }
    };
    let unseen = gates
        .is_wide_open
        .then(|| "more tables than can be watched at once".to_owned());
    drop(gates);
    let error = match outcome {
        Ok(_) => None,
        Err(error) => Some(error_of(error)?),
    };
    let after_counters = counters.after(session, watcher).await?;
    let after = State::read(session).await?;
    let scans = |oid: u32| Counters::between(&counters, &after_counters, oid);
    Ok(Observed {
        relations: while_it_ran(&before, &after, &seen, scans),
        duration_ms: None,
        // How far a statement came that failed says nothing of one that does not.
        least: error.is_none().then_some(Lock::ShareUpdateExclusive),
        error,
        unseen,
    })
}

/// Processes that a process waits for.
async fn blockers(watcher: &Session, pid: i64) -> Result<Vec<i64>, ReadError> {
    let sql = format!("SELECT pg_catalog.unnest(pg_catalog.pg_blocking_pids({pid}))");
    let rows = watcher.run(&sql).await?;
    let pids = rows
        .iter()
        .filter_map(|row| row.first()?.as_deref()?.parse().ok());
    Ok(pids.collect())
}

fn merge(seen: &mut Locks, held: Locks) {
    for (oid, modes) in held {
        seen.entry(oid).or_default().extend(modes);
    }
}

/// Relations whose names stand in a statement, and tables of such indexes.
fn named(state: &State, sql: &str) -> BTreeSet<u32> {
    let sql = sql.to_lowercase();
    let named = (state.relations.iter())
        .filter(|(_, relation)| sql.contains(&relation.name.to_lowercase()))
        .map(|(oid, relation)| relation.table.unwrap_or(*oid));
    named.collect()
}
