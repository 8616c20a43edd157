//! Older snapshots of the same cluster: what they tell of growth, and the last of them to compare with.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args as ClapArgs;

use super::say::Say;
use crate::derive::{self, ages, growth, history};
use crate::facts::Store;

/// Older snapshots.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Earlier")]
pub struct Since {
    /// Older snapshots of the same cluster: files, folders with *.facts files, or patterns. How fast
    /// things grow is reckoned over all of them
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub since: Vec<PathBuf>,
}

/// An older snapshot, as far as growth needs it.
struct Older {
    path: PathBuf,
    created_at: i64,
    store: Store,
}

/// Older snapshots in the order of time.
pub struct Earlier(Vec<Older>);

impl Since {
    /// Reads them, and takes what they tell of growth into `store`.
    pub fn read(&self, store: &Store, say: Say) -> anyhow::Result<Earlier> {
        let (born, cluster) = identity(store)?;
        let mut all: Vec<Older> = Vec::new();
        for (path, is_named) in self.files()? {
            let older = Store::open_tables(&path, |table| history::TABLES.contains(&table))?;
            let (created_at, of) = identity(&older)?;
            let shown = path.display();
            match (&cluster, &of) {
                (Some(ours), Some(theirs)) if ours != theirs => bail!(
                    "{shown} is of another cluster (its system identifier is {theirs}, not {ours}); name snapshots of one cluster"
                ),
                (None, Some(_)) | (Some(_), None) => bail!(
                    "it cannot be told whether {shown} is of the same cluster, since one of the two does not know its system \
                     identifier; GRANT EXECUTE ON FUNCTION pg_control_system() to the role that reads it"
                ),
                _ => {}
            }
            match (created_at, born) {
                (Some(created_at), Some(born)) if created_at < born => all.push(Older {
                    path,
                    created_at,
                    store: older,
                }),
                _ if is_named => say.warn(&format!(
                    "{shown} is not older than what it is compared with, so it is passed over"
                )),
                _ => {}
            }
        }
        all.sort_by_key(|older| older.created_at);
        all.dedup_by_key(|older| older.created_at);
        let earlier = Earlier(all);
        earlier.tell(store, usize::MAX)?;
        Ok(earlier)
    }

    /// The files, and whether each was named itself.
    fn files(&self) -> anyhow::Result<Vec<(PathBuf, bool)>> {
        let mut files = Vec::new();
        for path in &self.since {
            if path.is_dir() {
                let entries = std::fs::read_dir(path)
                    .with_context(|| format!("cannot read folder {}", path.display()))?;
                let found = entries.filter_map(|entry| Some(entry.ok()?.path()));
                let facts = found.filter(|path| path.extension().is_some_and(|end| end == "facts"));
                files.extend(facts.map(|path| (path, false)));
            } else if path.exists() || !is_pattern(path) {
                files.push((path.clone(), true));
            } else {
                let pattern = path.to_string_lossy();
                let found = glob::glob(&pattern)
                    .with_context(|| format!("{pattern} is no pattern of paths"))?;
                let before = files.len();
                files.extend(found.filter_map(Result::ok).map(|path| (path, false)));
                if files.len() == before {
                    bail!("no file is called {pattern}");
                }
            }
        }
        Ok(files)
    }
}

fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '['])
}

/// When its collection began, and which cluster it is of.
fn identity(store: &Store) -> anyhow::Result<(Option<i64>, Option<String>)> {
    let facts = store.connection();
    let timed = "SELECT (SELECT min(created_at) FROM snapshot)
                 WHERE EXISTS (SELECT 1 FROM samples WHERE is_timed)";
    let at = facts.query_row(timed, [], |row| row.get(0));
    let at = match at {
        Err(rusqlite::Error::QueryReturnedNoRows) => None,
        other => other?,
    };
    let of = "SELECT max(system_identifier) FROM nodes";
    Ok((at, facts.query_row(of, [], |row| row.get(0))?))
}

impl Earlier {
    /// Takes the points of the first so many into `store`, and reckons growth anew.
    fn tell(&self, store: &Store, first: usize) -> anyhow::Result<()> {
        for older in self.0.iter().take(first) {
            history::take(store.connection(), older.store.connection())?;
            ages::take(store.connection(), older.store.connection())?;
        }
        if !self.0.is_empty() {
            ages::all(store.connection())?;
            growth::all(store.connection())?;
        }
        Ok(())
    }

    /// The last of them whole, with what those before it tell of growth; `None`: there are none.
    pub fn last(&self) -> anyhow::Result<Option<(PathBuf, Store)>> {
        let Some(last) = self.0.last() else {
            return Ok(None);
        };
        let store = Store::open(&last.path)?;
        // Older versions derived less.
        derive::all(store.connection())?;
        self.tell(&store, self.0.len() - 1)?;
        Ok(Some((last.path.clone(), store)))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}
