//! Logs as a source of facts: their options, and how they are read.

use std::path::PathBuf;

use super::progress::Progress;
use super::say::Say;
use crate::collect::files::{self, Files, FilesOptions, Note};
use crate::collect::logs::{self, LogOptions};
use crate::collect::zone::time_zone;
use crate::config::SourceSettings;
use crate::facts::Store;

/// How logs are read by settings.
pub fn options(settings: &SourceSettings) -> anyhow::Result<LogOptions> {
    let zone = settings
        .log_timezone
        .as_deref()
        .map(time_zone)
        .transpose()?;
    Ok(LogOptions {
        prefix: settings.log_prefix.clone(),
        timezone: zone,
        keep_literals: settings.keep_literals.unwrap_or_default(),
        ..LogOptions::default()
    })
}

/// A store that holds nothing, for logs alone.
pub fn ground(keep_literals: bool) -> anyhow::Result<Store> {
    let store = Store::in_memory()?;
    let options = FilesOptions {
        keep_literals,
        ..FilesOptions::default()
    };
    files::load(&Files::default(), &store, true, options)?;
    Ok(store)
}

/// Reads logs into a store, with a bar.
pub fn read(
    paths: &[PathBuf],
    store: &Store,
    options: &LogOptions,
    say: Say,
) -> anyhow::Result<Vec<Note>> {
    let mut bar = Progress::new(say);
    let mut tell = |at: &logs::LogProgress<'_>| {
        bar.set_bytes(at.bytes_done, at.bytes_total, at.source);
    };
    Ok(logs::read(paths, store, options, &mut tell)?)
}
