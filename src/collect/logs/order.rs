//! The order of rotated files by their names.

use std::cmp::Reverse;
use std::path::Path;

/// Ends of names that say how a file is packed.
const PACKED: [&str; 7] = ["gz", "bz2", "xz", "zst", "zstd", "lz4", "Z"];

/// Days as `%a` writes them in `log_filename`.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A name in parts, numbers by value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64, String),
    Text(String),
}

/// Where a file stands among those that were rotated out of one log. Older ones are less.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The name before what rotation adds.
    base: Vec<Part>,
    age: Age,
    /// Whether it is packed: of a file and its copy the plain one comes first.
    is_packed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Age {
    /// `.log-20261123`: its date.
    Dated(Vec<Part>),
    /// `.log.2`: the greater the older.
    Numbered(Reverse<u64>),
    /// The log that is being written.
    Current,
}

impl Place {
    pub fn of(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let plain = unpacked(&name);
        let (base, age) = aged(plain);
        Self {
            base: parts(base),
            age,
            is_packed: plain.len() < name.len(),
        }
    }

    /// Whether the name says that nothing is written to the file any more.
    pub fn is_rotated(&self) -> bool {
        self.is_packed || self.age != Age::Current
    }
}

/// A name without the end that says how the file is packed.
pub(super) fn unpacked(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((plain, end)) if PACKED.contains(&end) => plain,
        _ => name,
    }
}

/// What the names of all files of one log have in common, in whichever format they are:
/// `postgresql-2026-11-23_165826.csv.zst`, `postgresql-Mon.log` and `postgresql.log.1` are of one,
/// `postgresql-15-main.log` is of another.
pub(super) fn family(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let (base, _) = aged(unpacked(&name));
    let base = strip_format(base).0;
    let dateless = base.trim_end_matches(|c: char| c.is_ascii_digit() || "-_.T:".contains(c));
    let digits = base[dateless.len()..].bytes().filter(u8::is_ascii_digit);
    let base = if digits.count() >= 4 { dateless } else { base };
    let base = match base.rsplit_once(['-', '_', '.']) {
        Some((rest, end)) if DAYS.contains(&end) => rest,
        _ => base,
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    format!("{}\0{base}", folder.display())
}

/// The format that a name says, as the server ends it: `csv`, `json`, or neither.
pub(super) fn format(path: &Path) -> &'static str {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    strip_format(aged(unpacked(&name)).0).1
}

fn strip_format(name: &str) -> (&str, &'static str) {
    match name.rsplit_once('.') {
        Some((base, "csv")) => (base, "csv"),
        Some((base, "json")) => (base, "json"),
        Some((base, "log")) => (base, ""),
        _ => (name, ""),
    }
}

/// A name without what rotation adds to it, and its age by that.
fn aged(name: &str) -> (&str, Age) {
    match name.rsplit_once(['.', '-']) {
        Some((base, end)) if is_number(end) && end.len() <= 4 && base.contains('.') => {
            let number = end.parse().unwrap_or_default();
            (base, Age::Numbered(Reverse(number)))
        }
        Some((base, end)) if is_number(end) && end.len() >= 8 && base.contains('.') => {
            (base, Age::Dated(parts(end)))
        }
        _ => (name, Age::Current),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn parts(name: &str) -> Vec<Part> {
    let bytes = name.as_bytes();
    bytes
        .chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit())
        .map(|chunk| {
            let text = String::from_utf8_lossy(chunk).into_owned();
            match text.parse() {
                Ok(number) => Part::Number(number, text),
                Err(_) => Part::Text(text),
            }
        })
        .collect()
}
