//! Arguments to inputs.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::alike::{self, Found};
use super::content::{Judge, Kind, Seen, other};
use super::error::LogError;
use super::find::{Given, given, inside};
use super::identity::identity;
use super::input::Input;
use super::order::{Place, family};
use crate::collect::files::{Note, Notes};
use crate::collect::unpack::stranger;

/// Bytes by which a file is judged, and those where that is too little.
const SAMPLES: [usize; 2] = [64 * 1024, 1024 * 1024];

/// Folders of logs in a data directory: `log_directory` of today, and of version 9.6.
const LOG_FOLDERS: [&str; 2] = ["log", "pg_log"];

/// The inputs that arguments stand for: files, folders, patterns, `-` for stdin. Each counts once,
/// in the order of their first records. Files in folders that are no logs are left out; so are
/// copies, and other formats of the same records. The notes tell which.
pub fn inputs(paths: &[PathBuf], judge: &Judge<'_>) -> Result<(Vec<Input>, Vec<Note>), LogError> {
    let mut gather = Gather {
        judge,
        notes: Notes::default(),
        known: HashSet::new(),
        found: Vec::new(),
        empty: 0,
        has_stdin: false,
    };
    for path in paths {
        gather.argument(path)?;
    }
    let Gather {
        mut notes,
        mut found,
        empty,
        ..
    } = gather;
    if found.is_empty() && empty == 0 {
        return Err(nothing(paths, notes));
    }
    alike::leave_out_copies(&mut found, &mut notes);
    alike::leave_out_formats(&mut found, judge, &mut notes);
    Ok((in_order(found), notes.list()))
}

/// Why there is no input at all.
fn nothing(paths: &[PathBuf], notes: Notes) -> LogError {
    let places: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
    let told: Vec<String> = notes
        .list()
        .into_iter()
        .map(|note| format!("{} {}", note.text, note.items.join(", ")))
        .collect();
    LogError::Nothing {
        places: places.join(", "),
        reason: if told.is_empty() {
            "there are no files; SHOW log_directory tells where the server writes them".to_owned()
        } else {
            told.join("; ")
        },
    }
}

struct Gather<'a> {
    judge: &'a Judge<'a>,
    notes: Notes,
    known: HashSet<(u64, u64)>,
    found: Vec<Found>,
    empty: usize,
    has_stdin: bool,
}

impl Gather<'_> {
    fn argument(&mut self, path: &Path) -> Result<(), LogError> {
        match given(path)? {
            Given::Stdin if self.has_stdin => self.notes.item("given twice, read once:", "stdin"),
            Given::Stdin => {
                self.has_stdin = true;
                self.judge(Input::stream("stdin", Box::new(std::io::stdin()))?, true)?;
            }
            Given::File(path) => self.file(&path, true)?,
            Given::Folder(path) => self.folder(&path)?,
            Given::Pattern(files) => {
                for file in files {
                    self.file(&file, false)?;
                }
            }
        }
        Ok(())
    }

    /// The logs in a folder; where there are none, those in the folders in it.
    fn folder(&mut self, folder: &Path) -> Result<(), LogError> {
        let before = self.found.len() + self.empty;
        let error = |error| LogError::read(folder, &error);
        let (files, mut folders) = inside(folder).map_err(error)?;
        if files.iter().any(|file| file.ends_with("PG_VERSION")) {
            // A data directory: its other files are no logs.
            folders.retain(|folder| LOG_FOLDERS.iter().any(|name| folder.ends_with(name)));
        } else {
            for file in files {
                self.file(&file, false)?;
            }
        }
        if self.found.len() + self.empty > before {
            return Ok(());
        }
        for inner in folders {
            match inside(&inner) {
                Ok((files, _)) => {
                    for file in files {
                        self.file(&file, false)?;
                    }
                }
                Err(error) => self.unreadable(&LogError::read(&inner, &error)),
            }
        }
        Ok(())
    }

    /// A file; `is_named` where it was given by itself, so that it must be one.
    fn file(&mut self, path: &Path, is_named: bool) -> Result<(), LogError> {
        if let Ok(metadata) = fs::metadata(path)
            && !self.known.insert(identity(&metadata))
        {
            let name = path.display().to_string();
            self.notes.item("given twice, read once:", name);
            return Ok(());
        }
        match Input::file(path).and_then(|input| self.judge(input, is_named)) {
            Err(error @ LogError::Read { .. }) if !is_named => {
                self.unreadable(&error);
                Ok(())
            }
            result => result,
        }
    }

    fn unreadable(&mut self, error: &LogError) {
        self.notes.item("left out:", error.to_string());
    }

    fn judge(&mut self, mut input: Input, is_named: bool) -> Result<(), LogError> {
        let mut leave = |text: &str| self.notes.item(text, &input.name);
        let mut sample = input.head(SAMPLES[0])?;
        if sample.is_empty() {
            leave("empty:");
            self.empty += 1;
            return Ok(());
        }
        if let Some(what) = stranger(&sample) {
            if is_named {
                return Err(LogError::content(&input.name, what));
            }
            leave(&format!("left out, {what}:"));
            return Ok(());
        }
        if let Some(what) = other(&sample) {
            leave(&format!("left out, {what}, not of the server:"));
            return Ok(());
        }
        let mut seen = (self.judge)(whole_lines(&sample, SAMPLES[0]));
        if seen.is_none() && sample.len() == SAMPLES[0] {
            sample = input.head(SAMPLES[1])?;
            seen = (self.judge)(whole_lines(&sample, SAMPLES[1]));
        }
        if seen.is_none() && !is_named {
            leave("left out, no log of the server by their content:");
            return Ok(());
        }
        input.kind = seen.map(|seen| seen.kind);
        input.first = seen.and_then(|seen| seen.first);
        self.found.push(Found::new(input, sample, seen));
        Ok(())
    }
}

/// A sample without the line that it cuts.
pub(super) fn whole_lines(sample: &[u8], most: usize) -> &[u8] {
    match memchr::memrchr(b'\n', sample) {
        Some(end) if sample.len() == most => &sample[..=end],
        _ => sample,
    }
}

/// Inputs by their first records. One without a time keeps its place among the files of its log,
/// which their names tell; without any time there, when it was last written tells.
fn in_order(found: Vec<Found>) -> Vec<Input> {
    let mut keyed: Vec<(String, Option<Place>, Input)> = found
        .into_iter()
        .map(|found| {
            let path = found.input.path.as_deref();
            let family = path.map(family).unwrap_or_default();
            (family, path.map(Place::of), found.input)
        })
        .collect();
    keyed.sort_by(|a, b| (&a.0, &a.1, &a.2.path).cmp(&(&b.0, &b.1, &b.2.path)));
    let mut times: Vec<Option<i64>> = keyed.iter().map(|(_, _, input)| input.first).collect();
    for at in 0..keyed.len() {
        if times[at].is_some() {
            continue;
        }
        let same = |other: &usize| keyed[*other].0 == keyed[at].0;
        let before = (0..at).rev().take_while(same).find_map(|n| times[n]);
        let after = || (at..keyed.len()).take_while(same).find_map(|n| times[n]);
        times[at] = before.or_else(after).or_else(|| written(&keyed[at].2));
    }
    let mut timed: Vec<(Option<i64>, Input)> = times
        .into_iter()
        .zip(keyed.into_iter().map(|(_, _, input)| input))
        .collect();
    timed.sort_by_key(|(time, _)| time.unwrap_or(i64::MAX));
    timed.into_iter().map(|(_, input)| input).collect()
}

fn written(input: &Input) -> Option<i64> {
    let since = input.modified?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_micros()).ok()
}

impl Found {
    fn new(input: Input, mut sample: Vec<u8>, seen: Option<Seen>) -> Self {
        let size = sample.len();
        sample.truncate(1024);
        Self {
            is_short: size < SAMPLES[0],
            kind: seen.map_or(Kind::Wrapped, |seen| seen.kind),
            first: seen.and_then(|seen| seen.first),
            last: seen.and_then(|seen| seen.last),
            head: sample,
            input,
        }
    }
}
