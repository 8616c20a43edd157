//! Logs that are read while they are written.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::error::LogError;
use super::follow::{Follow, Piece, Start};
use super::read::{LogOptions, write};
use super::scan::{Chopper, Scan, Until};
use crate::collect::files::Note;
use crate::derive;
use crate::facts::Store;

/// A log to which nothing was added for so long has no record that goes on.
pub(super) const QUIET: Duration = Duration::from_secs(1);

/// Files that are followed, and the figures of what they hold.
pub struct LiveLogs {
    /// The figures so far.
    pub scan: Scan,
    follows: Vec<(PathBuf, Follow)>,
    /// The files that are read, by log and number.
    open: BTreeMap<(usize, u64), Open>,
    keep_literals: bool,
    keep_samples: bool,
}

/// A file that is read.
struct Open {
    source: usize,
    chopper: Chopper,
    /// When something was added.
    grown: Instant,
}

impl LiveLogs {
    /// Follows files, folders and patterns, each with all that is there of it.
    pub fn new(paths: &[PathBuf], options: &LogOptions) -> Result<Self, LogError> {
        let mut follows = Vec::new();
        for path in paths {
            if path.as_os_str() == "-" {
                let reason = "stdin has an end: leave --follow away, or name the file";
                return Err(LogError::content("stdin", reason));
            }
            let follow = Follow::new(path, Start::Oldest);
            let follow = follow.map_err(|error| LogError::read(path, &error))?;
            follows.push((path.clone(), follow));
        }
        Ok(Self {
            scan: Scan::new(options.scan()?),
            follows,
            open: BTreeMap::new(),
            keep_literals: options.keep_literals,
            keep_samples: options.keep_samples,
        })
    }

    /// Reads what is new; gives its bytes. `progress` gets the bytes of each piece and the name of
    /// the file, and says whether to go on: of the pieces after that nothing is counted.
    pub fn poll(&mut self, progress: &mut dyn FnMut(u64, &str) -> bool) -> Result<u64, LogError> {
        let (scan, open) = (&mut self.scan, &mut self.open);
        scan.ends_before(Timestamp::now().as_microsecond());
        let mut bytes = 0;
        let mut goes_on = true;
        for (at, (path, follow)) in self.follows.iter_mut().enumerate() {
            let polled = follow.poll(&mut |piece| {
                if goes_on {
                    take(scan, open, at, piece);
                    goes_on = progress(piece.bytes.len() as u64, piece.name);
                }
            });
            bytes += polled.map_err(|error| LogError::read(path, &error))?.bytes;
        }
        let now = Instant::now();
        for file in open.values_mut() {
            let is_quiet = now.duration_since(file.grown) >= QUIET;
            if is_quiet && !file.chopper.is_waiting() {
                continue;
            }
            let until = if is_quiet {
                Until::End
            } else {
                Until::LastRecord
            };
            scan.feed(file.source, &mut file.chopper, until);
        }
        Ok(bytes)
    }

    /// Reads what is held back too: nothing comes any more.
    pub fn finish(&mut self) {
        for file in self.open.values_mut() {
            file.chopper.finish();
            self.scan.feed(file.source, &mut file.chopper, Until::End);
        }
        self.scan.tally.finish();
    }

    /// Puts the figures in place of the facts of logs that are there, without the literals of samples unless literals
    /// are kept.
    pub fn write(&mut self, store: &Store) -> Result<Vec<Note>, LogError> {
        let notes = self.write_with_samples(store)?;
        if self.keep_samples && !self.keep_literals {
            store.connection().execute_batch(
                "UPDATE log_samples SET text = NULL, parameters = NULL; DELETE FROM log_plans",
            )?;
        }
        Ok(notes)
    }

    /// The same with the literals of samples, for what stays in memory.
    pub fn write_with_samples(&mut self, store: &Store) -> Result<Vec<Note>, LogError> {
        // What goes on may never end as long as somebody looks.
        self.scan.tally.runs.finish();
        let notes = write(store, &self.scan, self.keep_literals)?;
        derive::all(store.connection())?;
        Ok(notes)
    }
}

/// Takes new bytes of a file.
fn take(scan: &mut Scan, open: &mut BTreeMap<(usize, u64), Open>, log: usize, piece: &Piece<'_>) {
    let key = (log, piece.file);
    if !open.contains_key(&key) {
        let (source, mut chopper) = scan.begin(piece.name);
        let others = open.range_mut((log, 0)..(log, u64::MAX));
        for (_, other) in others {
            chopper.expect(&other.chopper);
            // Its last record ended before this file was begun.
            scan.feed(other.source, &mut other.chopper, Until::End);
        }
        let grown = Instant::now();
        open.insert(
            key,
            Open {
                source,
                chopper,
                grown,
            },
        );
    }
    if let Some(file) = open.get_mut(&key) {
        file.grown = Instant::now();
        file.chopper
            .fill(|buffer| buffer.extend_from_slice(piece.bytes));
        scan.feed(file.source, &mut file.chopper, Until::Block);
    }
}
