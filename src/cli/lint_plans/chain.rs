//! What is there before and after a file: what the files before it in its chain have made.

use std::collections::HashMap;

use anyhow::Context as _;

use super::steps::{Migration, read};
use crate::facts::Store;
use crate::parse::ddl::Catalog;
use crate::parse::migration::{File, SimulateOptions, simulate};

/// The migrations of a store with all that they do. Those that are read only for what they make are followed
/// anew, as if they were judged.
pub fn migrations(
    store: &Store,
    base: &Catalog,
    files: &[File],
    options: SimulateOptions,
) -> anyhow::Result<Vec<Migration>> {
    let mut all = read(store.connection())?;
    let chains: Vec<i64> = (all.iter())
        .filter(|one| one.is_judged && one.steps.iter().any(super::steps::Step::is_wanted))
        .map(|one| one.chain)
        .collect();
    all.retain(|one| chains.contains(&one.chain));
    if all.iter().all(|one| one.is_judged) {
        return Ok(all);
    }
    let files: Vec<File> = (files.iter())
        .filter(|file| chains.contains(&(file.chain as i64)))
        .map(|file| File {
            is_judged: true,
            ..file.clone()
        })
        .collect();
    let scratch = Store::in_memory()?;
    simulate(scratch.connection(), base, &files, &options)
        .context("earlier migrations cannot be followed")?;
    let known = read(scratch.connection())?;
    let mut steps: HashMap<String, _> = (known.into_iter())
        .map(|one| (one.path, one.steps))
        .collect();
    for one in all.iter_mut().filter(|one| !one.is_judged) {
        one.steps = steps.remove(&one.path).unwrap_or_default();
    }
    Ok(all)
}

/// The migrations before one that are not applied yet. Files of a chain are applied in order, so whatever comes
/// before one that is there already is there too.
pub fn before(all: &[Migration], at: usize) -> &[Migration] {
    let chain = all[at].chain;
    let is_other = |one: &Migration| one.chain != chain || one.seems_applied;
    let first = all[..at]
        .iter()
        .rposition(is_other)
        .map_or(0, |other| other + 1);
    &all[first..at]
}

#[cfg(test)]
mod tests {
    use super::{Migration, before};

    #[test]
    fn what_is_applied_is_there() {
        let one = |id, chain, seems_applied| Migration {
            id,
            path: String::new(),
            chain,
            is_judged: true,
            seems_applied,
            steps: Vec::new(),
        };
        let all = [
            one(1, 1, false),
            one(2, 1, true),
            one(3, 1, false),
            one(4, 1, false),
            one(5, 2, false),
        ];
        for (at, expected) in [
            (0, vec![]),
            (1, vec![1]),
            (2, vec![]),
            (3, vec![3]),
            (4, vec![]),
        ] {
            let ids: Vec<i64> = before(&all, at).iter().map(|one| one.id).collect();
            assert_eq!(ids, expected, "{at}");
        }
    }
}
