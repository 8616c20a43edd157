//! Logs into a store: what the commands call.

use std::fs::File;
use std::io::Read;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::facts;
use super::scan::{Account, How, Scan, ScanOptions};
use crate::collect::files::Note;
use crate::derive;
use crate::facts::Store;
use crate::parse::log::events::Filter;
use crate::parse::log::prefix::Prefix;

/// How logs are read.
#[derive(Debug, Clone, Default)]
pub struct LogOptions {
    /// `log_line_prefix` of stderr; without it the prefix is found by the content.
    pub prefix: Option<String>,
    /// Zone of times whose zone says nothing, or too little.
    pub timezone: Option<TimeZone>,
    /// Which records count.
    pub filter: Filter,
    /// Texts and parameters of single executions, and plans, are kept.
    pub keep_literals: bool,
    /// Threads; by default as many as there are cores.
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

/// Logs that can't be read.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// A file can't be read.
    #[error("cannot read {path}: {source}", path = .path.display())]
    Read {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The prefix can't be used.
    #[error("the prefix {text:?} cannot be used: {reason}")]
    Prefix {
        /// The prefix.
        text: String,
        /// Why.
        reason: String,
    },
    /// The facts can't be written.
    #[error("the facts of the logs cannot be written: {0}")]
    Facts(#[from] rusqlite::Error),
}

/// Reads logs, and puts what they hold in place of the facts of logs that are there.
pub fn read(
    paths: &[PathBuf],
    store: &Store,
    options: &LogOptions,
    progress: &mut dyn FnMut(&LogProgress<'_>),
) -> Result<Vec<Note>, LogError> {
    let prefix = options.prefix.as_deref().map(|text| {
        Prefix::compile(text).map_err(|error| LogError::Prefix {
            text: text.to_owned(),
            reason: error.to_string(),
        })
    });
    let zone = options.timezone.as_ref();
    let mut scan = Scan::new(ScanOptions {
        filter: options.filter.clone(),
        keep_literals: options.keep_literals,
        how: How {
            prefix: prefix.transpose()?.map(|prefix| (prefix, "given")),
            offset: zone.map(|zone| zone.to_offset(Timestamp::now()).seconds() / 60),
        },
        workers: options.workers,
        block_bytes: None,
    });
    let (mut sources, mut names, mut total) = (Vec::new(), Vec::new(), Some(0));
    for path in paths {
        let name = path.display().to_string();
        names.push(name.clone());
        if path == Path::new("-") {
            total = None;
            sources.push((name, Box::new(std::io::stdin()) as Box<dyn Read + Send>));
            continue;
        }
        let fail = |source| LogError::Read {
            path: path.clone(),
            source,
        };
        let file = File::open(path).map_err(fail)?;
        let size = file.metadata().map_err(fail)?.len();
        total = total.map(|total| total + size);
        sources.push((name, Box::new(file)));
    }
    let mut done = 0;
    scan.read(sources, &mut |source, bytes| {
        done += bytes;
        progress(&LogProgress {
            bytes_done: done,
            bytes_total: total,
            source: names.get(source).map_or("", String::as_str),
        });
        true
    });
    scan.tally.finish();
    let facts = store.connection();
    let assumed = facts::write(facts, &scan, options.keep_literals)?;
    derive::all(facts)?;
    let mut notes: Vec<Note> = scan.accounts.iter().filter_map(tried).collect();
    notes.extend(assumed.into_iter().map(|text| Note {
        text,
        items: Vec::new(),
    }));
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
