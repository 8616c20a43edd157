//! Which databases of the facts those of the log are.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, Result, params};

use crate::parse::log::tally::Tally;

/// A database that the log does not name.
const UNKNOWN: &str = "[unknown]";

/// Databases of the log.
#[derive(Debug, Default)]
pub(super) struct Names {
    by_name: HashMap<Option<Box<str>>, i64>,
    /// What had to be assumed.
    pub notes: Vec<String>,
}

/// A database of the facts.
struct Known {
    id: i64,
    name: String,
    /// It was read from a server, so its name is sure.
    is_sure: bool,
    is_collected: bool,
}

impl Names {
    /// Finds the databases, and adds those that are new.
    pub fn find(facts: &Connection, tally: &Tally) -> Result<Self> {
        let mut wanted: BTreeMap<Option<Box<str>>, u64> = BTreeMap::new();
        for ((_, database), statement) in tally.statements() {
            *wanted.entry(database).or_default() += statement.calls;
        }
        let mut known = known(facts)?;
        let mut names = Self::default();
        names.adopt(facts, &wanted, &mut known)?;
        let collected: Vec<&Known> = known.iter().filter(|known| known.is_collected).collect();
        let only = match collected.as_slice() {
            [only] => Some(only.id),
            _ => None,
        };
        // Beside facts from elsewhere a further database is one that nobody asked for.
        let is_collected = collected.is_empty();
        for name in wanted.into_keys() {
            let text = name.as_deref().unwrap_or(UNKNOWN);
            let found = known.iter().find(|known| known.name == text);
            let found = found
                .map(|known| known.id)
                .or(only.filter(|_| name.is_none()));
            let id = if let Some(id) = found {
                id
            } else {
                facts.execute(
                    "INSERT INTO databases (oid, name, is_collected) VALUES (0, ?1, ?2)",
                    params![text, is_collected],
                )?;
                facts.last_insert_rowid()
            };
            names.by_name.insert(name, id);
        }
        Ok(names)
    }

    /// The database of files is known by a guess: where the log has none of that name, it is the one
    /// with most statements.
    fn adopt(
        &mut self,
        facts: &Connection,
        wanted: &BTreeMap<Option<Box<str>>, u64>,
        known: &mut [Known],
    ) -> Result<()> {
        let [only] = known else {
            return Ok(());
        };
        let most = wanted
            .iter()
            .filter_map(|(name, calls)| Some((calls, name.as_deref()?)))
            .max();
        let Some((_, most)) = most.filter(|_| !only.is_sure) else {
            return Ok(());
        };
        if wanted
            .keys()
            .any(|name| name.as_deref() == Some(&only.name))
        {
            return Ok(());
        }
        if wanted.len() > 1 {
            self.notes.push(format!(
                "the logs are of {} databases; {most}, which has most statements, is taken for the one of the files",
                wanted.keys().flatten().count()
            ));
        }
        facts.execute(
            "UPDATE databases SET name = ?1 WHERE id = ?2",
            params![most, only.id],
        )?;
        only.name = most.to_owned();
        Ok(())
    }

    /// Our id of a database.
    pub fn id(&self, name: Option<&str>) -> i64 {
        let name = name.map(Box::from);
        self.by_name.get(&name).copied().unwrap_or(1)
    }
}

fn known(facts: &Connection) -> Result<Vec<Known>> {
    let mut statement =
        facts.prepare("SELECT id, name, oid <> 0, is_collected FROM databases ORDER BY id")?;
    let rows = statement.query_map([], |row| {
        Ok(Known {
            id: row.get(0)?,
            name: row.get(1)?,
            is_sure: row.get(2)?,
            is_collected: row.get(3)?,
        })
    })?;
    rows.collect()
}
