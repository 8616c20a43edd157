//! Files that hold the same records: packed copies, and other formats of one log.

use std::collections::BTreeMap;

use super::content::{Judge, Kind};
use super::input::Input;
use super::order::{family, unpacked};
use super::paths::whole_lines;
use crate::collect::files::Notes;
use crate::collect::unpack::Packing;

/// Bytes of the end of a file in which its last record is sought.
const TAIL: usize = 64 * 1024;

/// Formats of one log may end this much apart, microseconds: the server writes them one after the
/// other.
const SLACK: i64 = 5_000_000;

/// An input, and what its beginning showed.
pub(super) struct Found {
    pub input: Input,
    /// Its first bytes.
    pub head: Vec<u8>,
    /// Whether its beginning was all of it.
    pub is_short: bool,
    pub kind: Kind,
    pub first: Option<i64>,
    /// The last record of its beginning.
    pub last: Option<i64>,
}

/// Leaves out packed copies of files that are there too, as while a log is being packed.
pub(super) fn leave_out_copies(found: &mut Vec<Found>, notes: &mut Notes) {
    let copied = |copy: &Found| {
        let path = copy.input.path.as_ref()?;
        let name = path.file_name()?.to_str()?;
        if copy.input.packing == Packing::Plain || unpacked(name) == name {
            return None;
        }
        let plain = path.with_file_name(unpacked(name));
        let same = found.iter().find(|other| {
            other.input.path.as_ref() == Some(&plain) && other.head.starts_with(&copy.head)
        })?;
        Some(same.input.name.clone())
    };
    let copies: Vec<Option<String>> = found.iter().map(copied).collect();
    let mut copies = copies.into_iter();
    found.retain(|copy| {
        let Some(Some(of)) = copies.next() else {
            return true;
        };
        let name = &copy.input.name;
        notes.item("left out, packed copies:", format!("{name} (of {of})"));
        false
    });
}

/// Of a log that the server writes in several formats (`log_destination`) leaves out the files whose
/// time one format covers: jsonlog if there is one, else csvlog.
pub(super) fn leave_out_formats(found: &mut Vec<Found>, judge: &Judge<'_>, notes: &mut Notes) {
    let mut families: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, file) in found.iter().enumerate() {
        if let Some(path) = file.input.path.as_deref()
            && file.kind != Kind::Wrapped
            && file.first.is_some()
        {
            families.entry(family(path)).or_default().push(at);
        }
    }
    let mut out = vec![false; found.len()];
    for mut members in families.into_values() {
        members.sort_by_key(|at| (found[*at].kind, found[*at].first));
        let best = found[members[0]].kind;
        let of_best = members.partition_point(|at| found[*at].kind == best);
        let (kept, others) = members.split_at(of_best);
        // The format that is kept is looked at last, so that it ends last where the log is live.
        if others.is_empty() {
            continue;
        }
        let other_spans = spans(found, others, judge);
        let covered = spans(found, kept, judge);
        let covers = |time: i64| {
            covered
                .iter()
                .any(|(first, last)| first - SLACK <= time && time <= last + SLACK)
        };
        for (at, (first, last)) in others.iter().zip(other_spans) {
            let name = &found[*at].input.name;
            if covers(first) && covers(last) {
                out[*at] = true;
                notes.item(
                    format!("left out, the same records are read from {}:", word(best)),
                    name,
                );
            } else if covered.iter().any(|span| span.0 < last && first < span.1) {
                notes.item(
                    format!(
                        "part of the same time is in {} too, so records may count twice:",
                        word(best)
                    ),
                    name,
                );
            }
        }
    }
    let mut out = out.into_iter();
    found.retain(|_| !out.next().unwrap_or(false));
}

/// From when to when files of one format go, which are in order. One that is packed is taken to go
/// on until the next one begins; only the last one is unpacked for its end.
fn spans(found: &[Found], files: &[usize], judge: &Judge<'_>) -> Vec<(i64, i64)> {
    let firsts = files.iter().map(|at| found[*at].first.unwrap_or_default());
    let firsts: Vec<i64> = firsts.collect();
    let end = |n: usize| {
        let file = &found[files[n]];
        let next = firsts.get(n + 1).copied();
        let last = match next {
            _ if file.is_short => file.last,
            Some(next) if file.input.packing != Packing::Plain => Some(next),
            _ => last(file, judge),
        };
        last.or(next).unwrap_or(firsts[n])
    };
    (0..files.len()).map(|n| (firsts[n], end(n))).collect()
}

/// The time of the last record of a file.
fn last(file: &Found, judge: &Judge<'_>) -> Option<i64> {
    let tail = file.input.tail(TAIL).ok()?;
    // The first line may be cut.
    let start = memchr::memchr(b'\n', &tail).map_or(0, |at| at + 1);
    judge(whole_lines(&tail[start..], tail.len() - start))?.last
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Jsonlog => "jsonlog",
        Kind::Csvlog => "csvlog",
        Kind::Stderr => "stderr",
        Kind::Wrapped => "another format",
    }
}
