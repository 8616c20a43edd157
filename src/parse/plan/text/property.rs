//! Lines below the line of a node.

use serde_json::{Map, Value, json};

/// Lines of one number: the same name in both formats.
const NUMBERS: [&str; 24] = [
    "Rows Removed by Filter",
    "Rows Removed by Join Filter",
    "Rows Removed by Index Recheck",
    "Rows Removed by Conflict Filter",
    "Workers Planned",
    "Workers Launched",
    "Heap Fetches",
    "Index Searches",
    "Subplans Removed",
    "Conflicting Tuples",
    "Tuples Inserted",
    "Tuples Updated",
    "Tuples Deleted",
    "Tuples Skipped",
    "Planned Partitions",
    "Disk Usage",
    "Peak Memory Usage",
    "Params Evaluated",
    "Worker Number",
    "Sort Space Used",
    "Hash Buckets",
    "Hash Batches",
    "HashAgg Batches",
    "Fetch Size",
];

/// Lines of several figures, with the names of the JSON format. Units are cut off.
const SEVERAL: [(&str, &str, &str); 11] = [
    ("Buckets", "Buckets", "Hash Buckets"),
    ("Buckets", "Batches", "Hash Batches"),
    ("Buckets", "Memory Usage", "Peak Memory Usage"),
    ("Batches", "Batches", "HashAgg Batches"),
    ("Hits", "Hits", "Cache Hits"),
    ("Hits", "Misses", "Cache Misses"),
    ("Hits", "Evictions", "Cache Evictions"),
    ("Hits", "Overflows", "Cache Overflows"),
    ("", "Memory Usage", "Peak Memory Usage"),
    ("", "Disk Usage", "Disk Usage"),
    ("", "Planned Partitions", "Planned Partitions"),
];

/// A line as a property; `false`: it is none.
pub(super) fn read(line: &str, told: &mut Map<String, Value>) -> bool {
    let line = line.trim();
    let Some((name, value)) = line.split_once(": ").or_else(|| {
        let name = line.strip_suffix(':')?;
        Some((name, ""))
    }) else {
        return false;
    };
    if !is_name(name) {
        return false;
    }
    let value = value.trim();
    match name {
        "Sort Method" => sort(value, told),
        "Full-sort Groups" | "Pre-sorted Groups" => {
            told.insert(name.to_owned(), json!(value));
        }
        "Heap Blocks" => pairs(value, told, |name| match name {
            "exact" => Some("Exact Heap Blocks".to_owned()),
            "lossy" => Some("Lossy Heap Blocks".to_owned()),
            _ => None,
        }),
        "Buffers" => groups(value, told, |group, name| {
            Some(format!("{} {} Blocks", capital(group), capital(name)))
        }),
        "I/O Timings" => groups(value, told, |group, name| {
            let group = if group.is_empty() {
                String::new()
            } else {
                format!("{} ", capital(group))
            };
            Some(format!("{group}I/O {} Time", capital(name)))
        }),
        "WAL" => pairs(value, told, |name| {
            Some(match name {
                "fpi" => "WAL FPI".to_owned(),
                "buffers" => "WAL Buffers Full".to_owned(),
                name => format!("WAL {}", capital(name)),
            })
        }),
        "Storage" => {
            let mut parts = value.split("  ").filter(|part| !part.is_empty());
            told.insert(name.to_owned(), json!(parts.next().unwrap_or_default()));
            if let Some(most) = parts
                .next()
                .and_then(|part| part.strip_prefix("Maximum Storage: "))
            {
                insert_number(told, "Maximum Storage", most);
            }
        }
        "Buckets" | "Batches" | "Hits" | "Planned Partitions"
            if value.contains("  ") || name != "Planned Partitions" =>
        {
            several(name, line, told);
        }
        name if NUMBERS.contains(&name) => {
            insert_number(told, name, value);
        }
        "Inner Unique" | "Disabled" | "Single Copy" => {
            told.insert(name.to_owned(), json!(value == "true"));
        }
        name => {
            told.insert(name.to_owned(), json!(value));
        }
    }
    true
}

/// The line of a worker: its number, and what stands behind it.
pub(super) fn worker(line: &str) -> Option<(Value, &str)> {
    let (head, rest) = line.trim().strip_prefix("Worker ")?.split_once(':')?;
    Some((number(head)?, rest.trim()))
}

/// A number of a text, whatever unit stands behind it.
pub(super) fn number(text: &str) -> Option<Value> {
    let text = text.trim();
    let end = text
        .find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | 'e' | '+'))
        .unwrap_or(text.len());
    let digits = &text[..end];
    if let Ok(whole) = digits.parse::<i64>() {
        return Some(json!(whole));
    }
    digits
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())
        .map(|number| json!(number))
}

/// Names are of words, most of them with a capital; so what comes of a text with a colon is none.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() < 60
        && name.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase())
        && !name.contains(['(', ')', '\'', '=', ','])
}

fn insert_number(told: &mut Map<String, Value>, name: &str, text: &str) {
    if let Some(number) = number(text) {
        told.insert(name.to_owned(), number);
    }
}

/// `external merge  Disk: 3552kB`.
fn sort(value: &str, told: &mut Map<String, Value>) {
    let (method, rest) = value.split_once("  ").unwrap_or((value, ""));
    told.insert("Sort Method".to_owned(), json!(method));
    if let Some((kind, space)) = rest.trim().split_once(": ") {
        insert_number(told, "Sort Space Used", space);
        told.insert("Sort Space Type".to_owned(), json!(kind));
    }
}

/// `Buckets: 8192 (originally 4096)  Batches: 16  Memory Usage: 194kB`.
fn several(first: &str, line: &str, told: &mut Map<String, Value>) {
    for part in line.split("  ") {
        let Some((name, value)) = part.trim().split_once(": ") else {
            continue;
        };
        let known = SEVERAL.iter().find(|(line, text, _)| {
            *text == name
                && (*line == first
                    || line.is_empty()
                    || (*line == "Batches" && first == "Planned Partitions"))
        });
        let Some((_, _, json)) = known else { continue };
        insert_number(told, json, value);
        if let Some((_, original)) = value.split_once("(originally ") {
            insert_number(told, &format!("Original {json}"), original);
        }
    }
}

/// `shared hit=661 read=3, temp read=884 written=911`.
fn groups(value: &str, told: &mut Map<String, Value>, name: impl Fn(&str, &str) -> Option<String>) {
    for group in value.split(", ") {
        let mut kind = "";
        for word in group.split(' ') {
            match word.split_once('=') {
                None => kind = word,
                Some((figure, value)) => {
                    if let Some(name) = name(kind, figure) {
                        insert_number(told, &name, value);
                    }
                }
            }
        }
    }
}

fn pairs(value: &str, told: &mut Map<String, Value>, name: impl Fn(&str) -> Option<String>) {
    groups(value, told, |_, figure| name(figure));
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
