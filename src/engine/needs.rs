//! Which of a page's needs the facts meet, and what is missing from them.

use std::collections::{BTreeSet, HashMap, HashSet};

use rusqlite::Connection;

use crate::facts::{FactsError, Store};

use super::page::{Need, Page};

/// Tables that every facts database has something in, and that no collector query fills.
const ALWAYS: [&str; 6] = [
    "snapshot",
    "nodes",
    "databases",
    "samples",
    "collections",
    "missing_facts",
];

/// Tables that the run itself fills.
const RESULTS: [&str; 2] = ["rules", "ignored_findings"];

/// Tables of migrations are filled from files, and rules about them run only where there are some.
const MIGRATIONS: &str = "migration_";

/// What was collected and what could not be had: `collections` and `missing_facts`, read once.
#[derive(Debug, Default)]
pub(super) struct Known {
    collected: HashMap<String, BTreeSet<Place>>,
    missing: HashMap<String, Vec<Missing>>,
    nodes: HashMap<i64, String>,
    databases: HashMap<i64, String>,
}

/// The tables that each view reads: a matter of the schema, not of the facts.
#[derive(Debug)]
pub(super) struct Views(HashMap<String, Vec<String>>);

type Place = (i64, Option<i64>);

#[derive(Debug)]
struct Missing {
    place: Place,
    column: Option<String>,
    object: Option<String>,
    gap: Gap,
}

/// Why something is unknown, and what would let it be known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gap {
    /// Reason, a sentence fragment.
    pub because: String,
    /// Statement or setting that would enable it.
    pub remedy: Option<String>,
}

/// What is known of a page's needs.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    /// A need is met nowhere: the rule can't run. One entry a reason.
    pub blocked: BTreeSet<Gap>,
    /// Objects, databases or servers for which a need isn't met.
    pub partial: BTreeSet<(Gap, String)>,
}

impl Known {
    pub fn read(store: &Store) -> Result<Self, FactsError> {
        let connection = store.connection();
        Ok(Self {
            collected: collected(connection)?,
            missing: missing(connection)?,
            nodes: names(connection, "SELECT id, label FROM nodes")?,
            databases: names(connection, "SELECT id, name FROM databases")?,
        })
    }

    pub fn coverage(&self, page: &Page, views: &Views) -> Coverage {
        let mut coverage = Coverage::default();
        let mut absent = BTreeSet::new();
        for need in &page.needs {
            match views.0.get(&need.table) {
                None => {
                    let column = need.column.as_deref();
                    self.cover(&need.table, column, &mut coverage, &mut absent);
                }
                // What a view's column is made of is not asked: its tables must be there.
                Some(tables) => {
                    for table in tables {
                        self.cover(table, None, &mut coverage, &mut absent);
                    }
                }
            }
        }
        if !absent.is_empty() {
            let tables = absent.into_iter().collect::<Vec<_>>().join(", ");
            coverage.blocked.insert(Gap {
                because: format!("nothing was collected for {tables}"),
                remedy: None,
            });
        }
        coverage
    }

    /// Adds what is missing of one table; `absent` gets it where nobody says why.
    fn cover<'a>(
        &self,
        table: &'a str,
        column: Option<&str>,
        coverage: &mut Coverage,
        absent: &mut BTreeSet<&'a str>,
    ) {
        if table.starts_with(MIGRATIONS) || RESULTS.contains(&table) {
            return;
        }
        let none = BTreeSet::new();
        let collected = self.collected.get(table).unwrap_or(&none);
        let missing = self.missing.get(table).map_or(&[][..], Vec::as_slice);
        let concerns = |missing: &&Missing| match &missing.column {
            None => true,
            Some(name) => column == Some(name.as_str()),
        };
        let mut places = Vec::new();
        for missing in missing.iter().filter(concerns) {
            match &missing.object {
                Some(object) => {
                    let entry = (missing.gap.clone(), object.clone());
                    coverage.partial.insert(entry);
                }
                // Rows that came from a place stand against an earlier failure to get them there.
                None if missing.column.is_none() && collected.contains(&missing.place) => {}
                None => places.push(missing),
            }
        }
        let usable = collected
            .iter()
            .any(|place| !places.iter().any(|missing| covers(missing.place, *place)));
        let always = ALWAYS.contains(&table) && places.is_empty();
        if usable || always {
            for missing in places {
                let entry = (missing.gap.clone(), self.place(missing.place));
                coverage.partial.insert(entry);
            }
        } else if places.is_empty() {
            absent.insert(table);
        } else {
            let gaps = places.into_iter().map(|missing| missing.gap.clone());
            coverage.blocked.extend(gaps);
        }
    }

    fn place(&self, (node, database): Place) -> String {
        let node = || {
            let label = self.nodes.get(&node);
            label.map_or_else(|| format!("node {node}"), Clone::clone)
        };
        match database.map(|id| self.databases.get(&id)) {
            Some(Some(name)) if self.nodes.len() > 1 => format!("database {name} on {}", node()),
            Some(Some(name)) => format!("database {name}"),
            _ => node(),
        }
    }
}

fn collected(connection: &Connection) -> rusqlite::Result<HashMap<String, BTreeSet<Place>>> {
    let mut collected: HashMap<String, BTreeSet<Place>> = HashMap::new();
    let mut query =
        connection.prepare("SELECT DISTINCT table_name, node_id, database_id FROM collections")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let place = (row.get(1)?, row.get(2)?);
        collected.entry(row.get(0)?).or_default().insert(place);
    }
    Ok(collected)
}

fn missing(connection: &Connection) -> rusqlite::Result<HashMap<String, Vec<Missing>>> {
    let mut missing: HashMap<String, Vec<Missing>> = HashMap::new();
    let mut query = connection.prepare(
        "SELECT table_name, node_id, database_id, column_name, object, reason, remedy
         FROM missing_facts",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        missing.entry(row.get(0)?).or_default().push(Missing {
            place: (row.get(1)?, row.get(2)?),
            column: row.get(3)?,
            object: row.get(4)?,
            gap: Gap {
                because: row.get(5)?,
                remedy: row.get(6)?,
            },
        });
    }
    Ok(missing)
}

fn names(connection: &Connection, sql: &str) -> rusqlite::Result<HashMap<i64, String>> {
    let mut query = connection.prepare(sql)?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

impl Views {
    /// Asks the store, through views of views too; of the `needed` ones, or of all.
    pub fn read(store: &mut Store, needed: Option<&HashSet<&str>>) -> Result<Self, FactsError> {
        let views = store
            .connection()
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'view'")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<BTreeSet<String>, _>>()?;
        let mut tables = HashMap::new();
        let wanted = |view: &&String| needed.is_none_or(|needed| needed.contains(view.as_str()));
        for view in views.iter().filter(wanted) {
            let read = store.reads(&format!("SELECT * FROM \"{view}\""))?;
            let read: BTreeSet<String> = read.into_iter().map(|(table, _)| table).collect();
            let read = read.into_iter().filter(|table| !views.contains(table));
            tables.insert(view.clone(), read.collect());
        }
        Ok(Self(tables))
    }
}

/// Does something missing at `hole` concern `place`?
fn covers(hole: Place, place: Place) -> bool {
    hole.0 == place.0 && (hole.1.is_none() || hole.1 == place.1)
}

/// Needs of a page that the schema doesn't have.
pub(super) fn unknown<'a>(
    store: &Store,
    page: &'a Page,
) -> Result<Vec<(&'a Need, bool)>, FactsError> {
    let mut unknown = Vec::new();
    for need in &page.needs {
        let columns: BTreeSet<String> = store
            .connection()
            .prepare("SELECT name FROM pragma_table_info(?1)")?
            .query_map([&need.table], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let has_column = need
            .column
            .as_ref()
            .is_none_or(|name| columns.contains(name));
        if columns.is_empty() || !has_column {
            unknown.push((need, !columns.is_empty()));
        }
    }
    Ok(unknown)
}
