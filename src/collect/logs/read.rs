//! Logs into a store: what the commands call.

use std::cell::RefCell;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use rusqlite::{Connection, OptionalExtension};

use super::content::{self, Seen};
use super::error::LogError;
use super::facts;
use super::input::Input;
use super::paths::inputs;
use super::scan::{Account, How, Opened, Scan, ScanOptions};
use crate::collect::files::{Note, Notes};
use crate::collect::zone::time_zone;
use crate::derive;
use crate::facts::Store;
use crate::parse::log::events::Filter;
use crate::parse::log::prefix::Prefix;

/// How logs are read.
#[derive(Debug, Clone, Default)]
pub struct LogOptions {
    /// `log_line_prefix` of stderr; without it the prefix is found by the content.
    pub prefix: Option<String>,
    /// The server's own setting, where one is known. What the log shows goes before it where it does
    /// not fit.
    pub server_prefix: Option<String>,
    /// Zone of times whose zone says nothing, or too little.
    pub timezone: Option<TimeZone>,
    /// Which records count.
    pub filter: Filter,
    /// Texts and parameters of single executions, and plans, are kept.
    pub keep_literals: bool,
    /// Texts and parameters of single executions, and plans, are kept, though texts of statements are not: for what
    /// stays in memory.
    pub keep_samples: bool,
    /// Threads that read; by default as many as there are cores.
    pub workers: Option<NonZeroUsize>,
}

/// How far the reading is.
#[derive(Debug, Clone, Copy)]
pub struct LogProgress<'a> {
    /// Bytes that were read, as they lie on the disk.
    pub bytes_done: u64,
    /// Bytes that there are, where that is known.
    pub bytes_total: Option<u64>,
    /// The log that is being read.
    pub source: &'a str,
}

impl LogOptions {
    /// With the prefix and the time zone of the server whose settings the facts hold, where neither
    /// is given.
    fn by_settings(mut self, facts: &Connection) -> Result<Self, LogError> {
        let mut statement =
            facts.prepare("SELECT value FROM settings WHERE name = ?1 AND node_id = 1")?;
        let mut setting = |name: &str| -> rusqlite::Result<Option<String>> {
            let value = statement.query_row([name], |row| row.get(0)).optional()?;
            Ok(value.flatten())
        };
        if self.server_prefix.is_none() {
            self.server_prefix = setting("log_line_prefix")?;
        }
        if self.timezone.is_none() {
            let zone = setting("log_timezone")?;
            self.timezone = zone.and_then(|name| time_zone(&name).ok());
        }
        Ok(self)
    }

    /// As a scan wants them.
    pub fn scan(&self) -> Result<ScanOptions, LogError> {
        let compiled = |text: &Option<String>, from: &'static str| {
            let prefix = text.as_deref().map(Prefix::compile).transpose();
            let prefix = prefix.map_err(|error| LogError::Prefix(error.to_string()))?;
            Ok::<_, LogError>(prefix.map(|prefix| (prefix, from)))
        };
        let given = compiled(&self.prefix, "given")?;
        // A setting of the server that can't be read is as good as none.
        let server = compiled(&self.server_prefix, "server").ok().flatten();
        Ok(ScanOptions {
            filter: self.filter.clone(),
            keep_literals: self.keep_literals || self.keep_samples,
            how: How {
                prefix: given.or(server),
                timezone: self.timezone.clone(),
                end: None,
            },
            workers: self.workers,
            block_bytes: None,
        })
    }
}

/// Reads logs, and puts what they hold in place of the facts of logs that are there. The notes tell
/// what was left out or had to be assumed.
pub fn read(
    paths: &[PathBuf],
    store: &Store,
    options: &LogOptions,
    progress: &mut dyn FnMut(&LogProgress<'_>),
) -> Result<Vec<Note>, LogError> {
    let scan_options = options.clone().by_settings(store.connection())?.scan()?;
    let how = scan_options.how.clone();
    let judge = |sample: &[u8]| -> Option<Seen> { content::seen(sample, &how) };
    let (inputs, mut notes) = inputs(paths, &judge)?;
    let mut scan = Scan::new(scan_options);
    let sources = inputs
        .iter()
        .map(opened)
        .collect::<Result<Vec<Opened>, _>>()?;
    let total = inputs
        .iter()
        .map(|input| input.size)
        .sum::<Option<u64>>()
        .filter(|total| *total > 0);
    let taken: Vec<_> = inputs.iter().map(Input::progress).collect();
    let done = RefCell::new(vec![0; inputs.len()]);
    scan.read(sources, &mut |source, _| {
        let mut done = done.borrow_mut();
        if let (Some(done), Some(taken)) = (done.get_mut(source), taken.get(source)) {
            *done = taken.taken();
        }
        progress(&LogProgress {
            bytes_done: done.iter().sum(),
            bytes_total: total,
            source: inputs.get(source).map_or("", |input| &input.name),
        });
        true
    });
    scan.tally.finish();
    for (account, input) in scan.accounts.iter_mut().zip(&inputs) {
        account.packing = Some(input.packing.name().to_owned()).filter(|name| !name.is_empty());
        if let Some(torn) = input.progress().torn() {
            account.notes.push(torn.to_string());
        }
    }
    notes.extend(scan.accounts.iter().filter_map(tried));
    notes.extend(write(store, &scan, options.keep_literals)?);
    derive::all(store.connection())?;
    Ok(notes)
}

/// What was tried with a log that has no record.
fn tried(account: &Account) -> Option<Note> {
    let has_none = account.met.records + account.met.filtered == 0;
    (has_none && !account.tried.is_empty()).then(|| Note {
        text: format!("{} was tried as", account.name),
        items: account
            .tried
            .iter()
            .map(|tried| format!("{}: fits {} of {} lines", tried.what, tried.lines, tried.of))
            .collect(),
    })
}

fn opened(input: &Input) -> Result<Opened, LogError> {
    let modified = input
        .modified
        .and_then(|time| Timestamp::try_from(time).ok());
    Ok(Opened {
        name: input.name.clone(),
        bytes: input.open()?,
        // Nothing in a file is younger than its last change.
        end: Some(modified.unwrap_or_else(Timestamp::now).as_microsecond()),
    })
}

/// Writes the figures of a scan into a store; gives what has to be told of it.
pub fn write(store: &Store, scan: &Scan, literals: bool) -> Result<Vec<Note>, LogError> {
    let connection = store.connection();
    connection.execute_batch("SAVEPOINT logs")?;
    let written = facts::write(connection, scan, literals);
    if written.is_err() {
        connection.execute_batch("ROLLBACK TO logs")?;
    }
    connection.execute_batch("RELEASE logs")?;
    let mut notes = Notes::default();
    for sentence in written? {
        notes.tell(sentence);
    }
    for account in &scan.accounts {
        for note in &account.notes {
            notes.item("notes on the logs", format!("{}: {note}", account.name));
        }
        for zone in &account.guessed_zones {
            notes.item(
                "time zones whose names mean several were guessed; say which one by --timezone",
                zone.clone(),
            );
        }
    }
    Ok(notes.list())
}
