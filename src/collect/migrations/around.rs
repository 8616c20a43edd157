//! Settings, plans and manifests near files of SQL.

use std::collections::{HashMap, HashSet};
use std::fs;

use super::walk::{Walk, folder, join, parent};
use crate::parse::migration::layout::{Around, MANIFESTS};

/// Names that tell something of files in folders below, which are not read whole.
const ABOVE: [&str; 10] = [
    "Cargo.toml",
    "package.json",
    "sqitch.plan",
    "sqitch.conf",
    "migration_lock.toml",
    "deploy",
    "revert",
    "atlas.sum",
    "flyway.conf",
    "flyway.toml",
];
/// Files whose texts say something of others.
const TEXTS: [&str; 4] = ["metadata.toml", "sqitch.plan", "flyway.conf", "flyway.toml"];
/// Folders above that are looked at.
const LEVELS: usize = 4;

/// What stands around the files of a walk.
pub(super) fn around(walk: &mut Walk) -> Around {
    let mut around = Around {
        names: std::mem::take(&mut walk.names),
        texts: HashMap::new(),
    };
    let mut seen: HashSet<&str> = HashSet::new();
    for entry in &walk.entries {
        let mut place = parent(&entry.shown);
        // A folder is looked at once; so are those above it.
        for _ in 0..=LEVELS {
            if !seen.insert(place) {
                break;
            }
            look(&mut around, place);
            if place.is_empty() || place == "/" {
                break;
            }
            place = parent(place);
        }
    }
    around
}

/// Reads what a folder has to say.
fn look(around: &mut Around, place: &str) {
    if !around.names.contains_key(place) {
        let there = |name: &&&str| folder(&join(place, name)).exists();
        let names = ABOVE.iter().filter(there);
        let names = names.map(|name| (*name).to_owned()).collect();
        around.names.insert(place.to_owned(), names);
        if let Some(names) = around.names.get_mut(place) {
            names.sort_unstable();
        }
    }
    let says = |name: &&String| {
        let name = name.as_str();
        name.ends_with(".sql.conf") || TEXTS.contains(&name) || MANIFESTS.contains(&name)
    };
    let names = around.names.get(place).map_or(&[][..], Vec::as_slice);
    let paths: Vec<String> = names
        .iter()
        .filter(says)
        .map(|name| join(place, name))
        .collect();
    for path in paths {
        if let Ok(text) = fs::read_to_string(folder(&path)) {
            around.texts.insert(path, text);
        }
    }
    if place.is_empty() {
        above(around);
    }
}

/// Manifests above the current folder count as its own: paths go no higher.
fn above(around: &mut Around) {
    for name in MANIFESTS {
        if around.texts.contains_key(name) {
            continue;
        }
        let mut path = String::new();
        for _ in 0..LEVELS {
            path.push_str("../");
            let Ok(text) = fs::read_to_string(format!("{path}{name}")) else {
                continue;
            };
            around.texts.insert(name.to_owned(), text);
            let names = around.names.entry(String::new()).or_default();
            if let Err(at) = names.binary_search_by(|known| known.as_str().cmp(name)) {
                names.insert(at, name.to_owned());
            }
            break;
        }
    }
}
