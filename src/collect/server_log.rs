//! The log of the main server, where it can be read over SQL.

use super::collector::CollectOptions;
use super::connect::Server;
use super::error::CollectError;
use super::logs::remote::{self, Refusal, RemoteError, RemoteLimits, RemoteLogs};
use super::logs::{self, LogError, LogOptions};
use crate::facts::Store;

/// Reads what is new in the log and writes all its figures; where it may not be read, books why.
pub(super) async fn read(
    known: &mut Option<RemoteLogs>,
    server: &Server,
    store: &Store,
    options: &CollectOptions,
) -> Result<(), CollectError> {
    let Some(limits) = options.remote_logs else {
        return Ok(());
    };
    let facts = store.connection();
    let refusal = match refresh(known, server, options, limits).await {
        Ok(log) => match logs::write(store, &log.scan, options.keep_literals) {
            Ok(_) => return Ok(remote::keep_notes(facts, log)?),
            Err(LogError::Facts(error)) => return Err(error.into()),
            Err(other) => failed(&other),
        },
        Err(RemoteError::Lost(error)) => return Err(CollectError::Lost(error)),
        Err(RemoteError::Refused(refusal)) => refusal,
        Err(RemoteError::Options(error)) => failed(&error),
    };
    *known = None;
    Ok(remote::book(facts, &refusal)?)
}

async fn refresh<'k>(
    known: &'k mut Option<RemoteLogs>,
    server: &Server,
    options: &CollectOptions,
    limits: RemoteLimits,
) -> Result<&'k RemoteLogs, RemoteError> {
    let log = if let Some(log) = known {
        log
    } else {
        let options = LogOptions {
            keep_literals: options.keep_literals,
            keep_samples: options.keep_samples,
            ..LogOptions::default()
        };
        known.insert(RemoteLogs::begin(server, &options, limits).await?)
    };
    log.poll(server, &mut |_, _| true).await?;
    // What goes on may never end as long as somebody looks.
    log.scan.tally.runs.finish();
    Ok(log)
}

fn failed(error: &LogError) -> Refusal {
    let reason = error.to_string();
    Refusal::Failed { reason }
}
