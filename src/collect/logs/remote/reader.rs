//! Reads what is new in the log of a server, and remembers how far it came.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use tokio_postgres::types::Type;

use super::access::Access;
use super::listing::{Listed, Listing};
use super::refusal::Refusal;
use crate::collect::connect::{Parameter, ReadError, Server};
use crate::collect::logs::error::LogError;
use crate::collect::logs::order::format;
use crate::collect::logs::read::LogOptions;
use crate::collect::logs::scan::{Chopper, Scan, Until};
use crate::collect::zone::time_zone;
use crate::facts::human;
use crate::parse::log::labels::Label;
use crate::parse::log::prefix::Prefix;
use crate::parse::log::time::Clock;

/// Bytes that are asked for at once.
const STEP: i64 = 1 << 20;
/// Limit for one question.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Limit for a lock; no question of ours waits for any.
const LOCK_TIMEOUT: Duration = Duration::from_millis(100);
/// A file that was not written to for so long has no record that goes on, microseconds of the
/// server's clock; its times are whole seconds.
const QUIET: i64 = 2_000_000;
const READ: &str = "SELECT pg_read_binary_file($1, $2, $3, true)";

/// How much is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemoteLimits {
    /// Bytes of the newest files that are read at first; later on what comes.
    pub bytes: u64,
    /// Time that a reading may take; what is left is read the next time.
    pub time: Option<Duration>,
    /// A last record that seems whole is read at once: for those who come once. Else it waits until
    /// another one follows it, or none does for two seconds.
    pub is_eager: bool,
}

/// Why the log of a server cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// It is not allowed, or there is none.
    #[error("the log of the server cannot be read over SQL: {}", .0.reason())]
    Refused(Refusal),
    /// The connection was lost.
    #[error(transparent)]
    Lost(ReadError),
    /// The options cannot be used.
    #[error(transparent)]
    Options(#[from] LogError),
}

/// The log of a server, and the figures of what was read of it.
pub struct RemoteLogs {
    /// The figures so far.
    pub scan: Box<Scan>,
    /// What is to be known about what was left out.
    pub notes: Vec<String>,
    pub(super) access: Access,
    limits: RemoteLimits,
    since: Option<i64>,
    prefix: Option<Prefix>,
    open: BTreeMap<String, Open>,
    /// Bytes of files that are not read.
    passed: Option<BTreeMap<String, i64>>,
}

/// A file that is read.
struct Open {
    source: usize,
    chopper: Chopper,
    /// Bytes up to where it was read.
    offset: i64,
    /// Whether the next byte may stand within a record whose beginning was left out.
    is_torn: bool,
}

impl RemoteLogs {
    /// Looks whether the log may be read, and how it is written. What the server says of its prefix
    /// and time zone holds where the options do not say otherwise.
    pub async fn begin(
        server: &Server,
        options: &LogOptions,
        limits: RemoteLimits,
    ) -> Result<Self, RemoteError> {
        let rows = ask(server, &Access::question(), &[]).await?;
        let access = Access::of(&rows).map_err(|error| unreadable(&error))?;
        if let Some(refusal) = access.refusal() {
            return Err(RemoteError::Refused(refusal));
        }
        let zone = || time_zone(access.setting("log_timezone")?).ok();
        let options = LogOptions {
            server_prefix: access.setting("log_line_prefix").map(str::to_owned),
            timezone: options.timezone.clone().or_else(zone),
            ..options.clone()
        };
        let scan = options.scan()?;
        Ok(Self {
            prefix: scan.how.prefix.as_ref().map(|(prefix, _)| prefix.clone()),
            since: scan.filter.since,
            scan: Box::new(Scan::new(scan)),
            notes: Vec::new(),
            access,
            limits,
            open: BTreeMap::new(),
            passed: None,
        })
    }

    /// Reads what is new; gives its bytes. `progress` gets the bytes of each step and the name of
    /// the file, and says whether to go on.
    pub async fn poll(
        &mut self,
        server: &Server,
        progress: &mut dyn FnMut(u64, &str) -> bool,
    ) -> Result<u64, RemoteError> {
        let start = Instant::now();
        let major = server.info().version.unsigned_abs() / 10_000;
        let rows = ask(server, &Listing::question(major), &[]).await?;
        let listing = Listing::of(&rows).map_err(|error| unreadable(&error))?;
        let listing = listing.ok_or(RemoteError::Refused(Refusal::Absent))?;
        self.scan.ends_before(listing.now);
        self.compare(&listing);
        let mut bytes = 0;
        let mut is_over = false;
        for file in &listing.files {
            while !is_over && self.is_behind(file) {
                let read = self.step(server, file).await?;
                if read == 0 {
                    break;
                }
                bytes += read;
                let limit = self.limits.time;
                let is_late = limit.is_some_and(|limit| start.elapsed() >= limit);
                is_over = !progress(read, &file.path) || is_late;
            }
            self.settle(file, listing.now);
        }
        self.tell_late(&listing);
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

    /// Finds out what is to be read from where.
    fn compare(&mut self, listing: &Listing) {
        let Some(mut passed) = self.passed.take() else {
            self.plan(listing);
            return;
        };
        for file in &listing.files {
            let read = self.open.get(&file.path).map(|open| open.offset);
            let known = read.or_else(|| passed.remove(&file.path));
            let is_replaced = known.is_some_and(|known| file.size < known);
            match known {
                // Of a file that was truncated the rest is gone.
                Some(_) if is_replaced => self.begin_file(&file.path, 0),
                Some(_) if read.is_some() => {}
                Some(known) if file.size == known => {
                    passed.insert(file.path.clone(), known);
                }
                Some(known) => self.begin_file(&file.path, known),
                None => self.begin_file(&file.path, 0),
            }
        }
        let beside = listing.beside.iter();
        passed.extend(beside.map(|file| (file.path.clone(), file.size)));
        self.passed = Some(passed);
    }

    /// Begins with the newest bytes.
    fn plan(&mut self, listing: &Listing) {
        let limit = i64::try_from(self.limits.bytes).unwrap_or(i64::MAX);
        let (plan, left_out) = listing.plan(limit, self.since);
        for (file, offset) in plan {
            self.begin_file(&file.path, offset);
        }
        if left_out > 0 {
            let (read, left) = (human::bytes(limit as f64), human::bytes(left_out as f64));
            self.notes.push(format!(
                "the newest {read} of the log were read; {left} before them were left out"
            ));
        }
        let all = listing.files.iter().chain(&listing.beside);
        let passed = all.filter(|file| !self.open.contains_key(&file.path));
        self.passed = Some(passed.map(|file| (file.path.clone(), file.size)).collect());
    }

    fn begin_file(&mut self, path: &str, offset: i64) {
        let (source, mut chopper) = self.scan.begin(path);
        for other in self.open.values() {
            chopper.expect(&other.chopper);
        }
        let new = Open {
            source,
            chopper,
            offset,
            is_torn: offset > 0,
        };
        if let Some(mut old) = self.open.insert(path.to_owned(), new) {
            old.chopper.finish();
            self.scan.feed(old.source, &mut old.chopper, Until::End);
        }
    }

    fn is_behind(&self, file: &Listed) -> bool {
        let open = self.open.get(&file.path);
        open.is_some_and(|open| open.offset < file.size)
    }

    /// Reads up to where the file ended when it was listed: what we ask for makes it grow, where all
    /// statements are logged.
    async fn step(&mut self, server: &Server, file: &Listed) -> Result<u64, RemoteError> {
        let Some(open) = self.open.get_mut(&file.path) else {
            return Ok(0);
        };
        let length = STEP.min(file.size - open.offset);
        let parameters: [Parameter<'_>; 3] = [
            (&file.path, Type::TEXT),
            (&open.offset, Type::INT8),
            (&length, Type::INT8),
        ];
        let rows = ask(server, READ, &parameters).await?;
        let bytes: Option<Vec<u8>> = match rows.first() {
            Some(row) => row.try_get(0).map_err(|error| unreadable(&error))?,
            None => None,
        };
        // A file that is gone meanwhile has nothing more.
        let bytes = bytes.unwrap_or_default();
        open.offset += bytes.len() as i64;
        let mut whole = bytes.as_slice();
        if open.is_torn {
            let start = first_start(
                &file.path,
                whole,
                self.prefix.as_ref(),
                open.chopper.clock(),
            );
            open.is_torn = start.is_none();
            whole = &whole[start.unwrap_or(whole.len())..];
        }
        open.chopper.fill(|buffer| buffer.extend_from_slice(whole));
        self.scan.feed(open.source, &mut open.chopper, Until::Block);
        Ok(bytes.len() as u64)
    }

    /// Reads the records of what has come that are whole.
    fn settle(&mut self, file: &Listed, now: i64) {
        let is_behind = self.is_behind(file);
        let Some(open) = self.open.get_mut(&file.path) else {
            return;
        };
        let is_quiet = now - file.modified >= QUIET;
        let is_done = is_quiet || self.limits.is_eager && open.chopper.seems_whole();
        let until = if is_done && !is_behind {
            Until::End
        } else {
            Until::LastRecord
        };
        self.scan.feed(open.source, &mut open.chopper, until);
    }

    /// Notes what there was no time for.
    fn tell_late(&mut self, listing: &Listing) {
        const LATE: &str = "the log is longer than could be read in time";
        let behind = |file: &Listed| {
            let open = self.open.get(&file.path);
            open.map_or(0, |open| (file.size - open.offset).max(0))
        };
        let rest: i64 = listing.files.iter().map(behind).sum();
        self.notes.retain(|note| !note.starts_with(LATE));
        if rest > 0 {
            let rest = human::bytes(rest as f64);
            self.notes
                .push(format!("{LATE}; the newest {rest} are missing"));
        }
    }
}

/// Asks in a transaction of its own.
async fn ask(
    server: &Server,
    sql: &str,
    parameters: &[Parameter<'_>],
) -> Result<Vec<tokio_postgres::Row>, RemoteError> {
    let asked = async {
        let mut transaction = server.read(TIMEOUT, LOCK_TIMEOUT).await?;
        let rows = transaction.query_all(sql, parameters).await?;
        transaction.commit().await?;
        Ok(rows)
    };
    asked.await.map_err(|error: ReadError| {
        if error.is_connection_lost() {
            RemoteError::Lost(error)
        } else {
            let reason = error.to_string();
            RemoteError::Refused(Refusal::Failed { reason })
        }
    })
}

fn unreadable(error: &tokio_postgres::Error) -> RemoteError {
    let reason = error.to_string();
    RemoteError::Refused(Refusal::Failed { reason })
}

/// Where the first record begins in bytes from the middle of a file. Its name tells the format.
fn first_start(
    path: &str,
    bytes: &[u8],
    prefix: Option<&Prefix>,
    clock: &mut Clock,
) -> Option<usize> {
    let format = format(Path::new(path));
    let mut ends = memchr::memchr_iter(b'\n', bytes).map(|at| at + 1);
    ends.find(|start| {
        let line = bytes[*start..].split(|b| *b == b'\n').next();
        let line = line.unwrap_or_default();
        let begins_with_day = line.len() > 19 && line[..4].iter().all(u8::is_ascii_digit);
        match (format, prefix) {
            ("json", _) => line.first() == Some(&b'{'),
            ("csv", _) | (_, None) => begins_with_day,
            (_, Some(prefix)) => {
                let read = prefix.read(line, clock);
                read.is_some_and(|line| matches!(line.label, Label::Severity(_)))
            }
        }
    })
}
