//! Statements of a log, each text once.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::offsets::Offsets;
use super::role::{Role, role};
use foldhash::quality::FixedState;

use crate::parse::skim::skim;
use crate::parse::{Fingerprint, fingerprint, literals};

/// A statement: an index that [`Texts::all`] resolves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextId(pub u32);

/// Bytes of texts that are kept; of statements beyond it the fingerprint alone is known.
const MOST_BYTES: usize = 24 << 20;

/// Bytes of one text that are kept.
const LONGEST: usize = 128 << 10;

/// Statements that are told apart; further ones are counted as one without text.
const MOST: usize = 100_000;

/// Skimmed texts that are remembered, over all and by each reader.
const MOST_SKIMMED: usize = 200_000;

/// Whole texts that are remembered by each reader.
const RECENT: usize = 4_096;

/// Where a reader has a statement: an index that [`Texts::at`] resolves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(u32);

/// A statement.
#[derive(Debug)]
pub struct Text {
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
    id: TextId,
    /// What it does, as far as its first words tell.
    pub role: Role,
    first: Mutex<First>,
    /// Times below this are not among the slowest that are known, microseconds.
    floor: AtomicU64,
    /// The same for plans.
    plan_floor: AtomicU64,
    /// Literals of single executions say more than those of the first one.
    offsets: Option<Offsets>,
    has_like: bool,
    largest_offset: AtomicU64,
    has_leading_wildcard: AtomicBool,
    longest_list: AtomicU64,
}

#[derive(Debug)]
struct First {
    at: u64,
    text: Option<Box<str>>,
}

impl Text {
    /// Its id.
    pub fn id(&self) -> TextId {
        self.id
    }

    /// The text that came first in the log, cut where it is very long; `None` where there were too
    /// many to keep.
    pub fn first(&self) -> Option<String> {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        first.text.as_deref().map(str::to_owned)
    }

    /// The largest number after OFFSET.
    pub fn largest_offset(&self) -> Option<u64> {
        // One more is kept, so that 0 is none.
        self.largest_offset.load(Ordering::Relaxed).checked_sub(1)
    }

    /// A pattern of LIKE began with a wild card.
    pub fn has_leading_wildcard(&self) -> bool {
        self.has_leading_wildcard.load(Ordering::Relaxed)
    }

    /// Constants in its longest list.
    pub fn longest_list(&self) -> Option<u64> {
        Some(self.longest_list.load(Ordering::Relaxed)).filter(|count| *count > 0)
    }

    /// Whether a time may be among the slowest ones.
    pub fn is_slow(&self, us: u64) -> bool {
        us >= self.floor.load(Ordering::Relaxed)
    }

    /// The same for the time of a plan.
    pub fn is_slow_plan(&self, us: u64) -> bool {
        us >= self.plan_floor.load(Ordering::Relaxed)
    }

    /// Raises what [`Text::is_slow`] compares with. It only grows, so that readers that are ahead
    /// keep too much rather than too little.
    pub fn raise(&self, us: u64) {
        self.floor.fetch_max(us, Ordering::Relaxed);
    }

    /// The same for plans.
    pub fn raise_plan(&self, us: u64) {
        self.plan_floor.fetch_max(us, Ordering::Relaxed);
    }

    /// Whether the values of an execution say something of the statement.
    pub fn needs_values(&self) -> bool {
        self.offsets.is_some() || (self.has_like && !self.has_leading_wildcard())
    }

    /// Executions by the rows that their OFFSET skips: the least of each class, and how many.
    pub fn offsets(&self) -> Vec<(u64, u64)> {
        self.offsets.as_ref().map_or_else(Vec::new, Offsets::counts)
    }

    /// Keeps what the literals of a text say; of an execution they count.
    pub fn learn(&self, sql: &str, is_execution: bool) {
        let seen = literals(sql);
        if let Some(rows) = seen.largest_offset {
            if let Some(offsets) = self.offsets.as_ref().filter(|_| is_execution) {
                offsets.add(rows);
            }
            let rows = rows.saturating_add(1);
            self.largest_offset.fetch_max(rows, Ordering::Relaxed);
        }
        if seen.has_leading_wildcard {
            self.has_leading_wildcard.store(true, Ordering::Relaxed);
        }
        let longest = seen.longest_list.unwrap_or(0) as u64;
        self.longest_list.fetch_max(longest, Ordering::Relaxed);
    }

    fn sighted(&self, at: u64, sql: &str, bytes: &AtomicUsize) {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        if at >= first.at {
            return;
        }
        first.at = at;
        let mut end = sql.len().min(LONGEST);
        while !sql.is_char_boundary(end) {
            end -= 1;
        }
        let before = first.text.take().map_or(0, |text| text.len());
        bytes.fetch_sub(before, Ordering::Relaxed);
        if bytes.fetch_add(end, Ordering::Relaxed) + end <= MOST_BYTES {
            first.text = Some(sql[..end].into());
        } else {
            bytes.fetch_sub(end, Ordering::Relaxed);
        }
    }
}

/// The hash of a skimmed text is its own hash.
#[derive(Debug, Default, Clone, Copy)]
struct Same(u64);

impl std::hash::Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes
            .iter()
            .fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

type ByHash = HashMap<u64, Arc<Text>, BuildHasherDefault<Same>>;

/// All statements, shared by the readers of a log. A clone has a memory of its own for what it met
/// last.
#[derive(Debug, Default)]
pub struct Texts {
    shared: Arc<Shared>,
    met: HashMap<u64, Place, BuildHasherDefault<Same>>,
    /// The last whole texts, each in the slot of its hash, with the hash of their constants.
    recent: Vec<(u64, Place, u64)>,
    /// Statements that were met: a counted reference for each record would be shared by all threads.
    own: Vec<Arc<Text>>,
    place_of: foldhash::HashMap<TextId, Place>,
    skimmed: Vec<u8>,
    hasher: FixedState,
}

#[derive(Debug, Default)]
struct Shared {
    known: Mutex<Known>,
    bytes: AtomicUsize,
}

#[derive(Debug, Default)]
struct Known {
    skimmed: ByHash,
    by_fingerprint: HashMap<Fingerprint, Arc<Text>>,
    all: Vec<Arc<Text>>,
}

impl Clone for Texts {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            ..Self::default()
        }
    }
}

impl Texts {
    /// The statement of a text that stands at a place of the log.
    pub fn get(&mut self, sql: &[u8], at: u64) -> Arc<Text> {
        let (place, _) = self.read(sql, at);
        Arc::clone(&self.own[place.0 as usize])
    }

    /// Where [`Texts::at`] has the statement of a text, until the next one is read, and a hash of the
    /// constants in the text.
    pub fn read(&mut self, sql: &[u8], at: u64) -> (Place, u64) {
        // Texts with parameters come again as they are.
        let whole = self.hasher.hash_one(sql);
        let slot = whole as usize % RECENT;
        if let Some((hash, place, constants)) = self.recent.get(slot)
            && *hash == whole
        {
            return (*place, *constants);
        }
        self.skimmed.clear();
        let constants = skim(sql, &mut self.skimmed);
        let hash = self.hasher.hash_one(self.skimmed.as_slice());
        let place = match self.met.get(&hash) {
            Some(place) => *place,
            None => self.meet(hash, sql, at),
        };
        if self.recent.is_empty() {
            self.recent = vec![(0, Place(0), 0); RECENT];
        }
        self.recent[slot] = (whole, place, constants);
        (place, constants)
    }

    /// A statement that was just read.
    pub fn at(&self, place: Place) -> &Text {
        &self.own[place.0 as usize]
    }

    /// A skimmed text that this reader meets for the first time.
    fn meet(&mut self, hash: u64, sql: &[u8], at: u64) -> Place {
        let text = self.look_up(hash, sql, at);
        if self.met.len() >= MOST_SKIMMED {
            self.met.clear();
            self.recent.clear();
            self.own.clear();
            self.place_of.clear();
        }
        let place = *self.place_of.entry(text.id()).or_insert_with(|| {
            self.own.push(text);
            Place((self.own.len() - 1) as u32)
        });
        self.met.insert(hash, place);
        place
    }

    fn look_up(&self, hash: u64, sql: &[u8], at: u64) -> Arc<Text> {
        let sql = String::from_utf8_lossy(sql);
        let lock = || {
            let known = self.shared.known.lock();
            known.unwrap_or_else(PoisonError::into_inner)
        };
        let known = lock().skimmed.get(&hash).cloned();
        let text = known.unwrap_or_else(|| {
            let print = fingerprint(&sql);
            let mut known = lock();
            if known.skimmed.len() >= MOST_SKIMMED {
                known.skimmed.clear();
            }
            let text = match known.by_fingerprint.get(&print) {
                Some(text) => Arc::clone(text),
                None if known.all.len() >= MOST => return known.rest(),
                None => known.add(print, &sql),
            };
            known.skimmed.insert(hash, Arc::clone(&text));
            text
        });
        text.sighted(at, &sql, &self.shared.bytes);
        text.learn(&sql, false);
        text
    }

    /// All statements, by id.
    pub fn all(&self) -> Vec<Arc<Text>> {
        let known = self.shared.known.lock();
        known.unwrap_or_else(PoisonError::into_inner).all.clone()
    }

    /// A statement.
    pub fn by_id(&self, id: TextId) -> Option<Arc<Text>> {
        let known = self.shared.known.lock();
        let known = known.unwrap_or_else(PoisonError::into_inner);
        known.all.get(id.0 as usize).cloned()
    }
}

impl Known {
    /// The statement that stands for all further ones.
    fn rest(&mut self) -> Arc<Text> {
        let print = fingerprint("");
        match self.by_fingerprint.get(&print) {
            Some(text) => Arc::clone(text),
            None => self.add(print, ""),
        }
    }

    fn add(&mut self, print: Fingerprint, sql: &str) -> Arc<Text> {
        let holds = |word: &str| {
            let windows = sql.as_bytes().windows(word.len());
            windows
                .into_iter()
                .any(|w| w.eq_ignore_ascii_case(word.as_bytes()))
        };
        let text = Arc::new(Text {
            fingerprint: print,
            id: TextId(self.all.len() as u32),
            role: role(sql),
            first: Mutex::new(First {
                at: u64::MAX,
                text: None,
            }),
            floor: AtomicU64::new(0),
            plan_floor: AtomicU64::new(0),
            offsets: holds("offset").then(Offsets::new),
            has_like: holds("like") || holds("~~"),
            largest_offset: AtomicU64::new(0),
            has_leading_wildcard: AtomicBool::new(false),
            longest_list: AtomicU64::new(0),
        });
        self.all.push(Arc::clone(&text));
        self.by_fingerprint.insert(print, Arc::clone(&text));
        text
    }
}
