//! Whose column it is, and what is known of its values.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use rusqlite::{Connection, OptionalExtension, Result};
use serde::Deserialize;

use super::place::Name;
use crate::parse::array::elements;

/// Values of a column, as ANALYZE found them.
#[derive(Debug, Default, PartialEq)]
pub struct Values {
    /// The most common ones, the most common first.
    pub common: Vec<String>,
    /// Bounds of bins that hold equally many of the others.
    pub bounds: Vec<String>,
}

impl Values {
    /// Whether none are known.
    pub fn is_empty(&self) -> bool {
        self.common.is_empty() && self.bounds.is_empty()
    }
}

/// Values of the columns of a database, read as they are asked for.
pub struct Columns<'f> {
    facts: &'f Connection,
    known: RefCell<HashMap<(i64, String), Rc<Values>>>,
}

/// Tables that a statement may mean by the name of a column with a table or alias before it.
const QUALIFIED: &str = "
SELECT DISTINCT q.relation_id
FROM query_relations q
WHERE q.statement_id = ?1 AND coalesce(q.alias, q.name) = ?2 AND q.relation_id IS NOT NULL
  AND EXISTS (SELECT 1 FROM columns c WHERE c.relation_id = q.relation_id AND c.name = ?3)";

/// Tables that a statement compares by a column of this name, which shapes have looked up; ?2 is not asked.
const COMPARED: &str = "
SELECT DISTINCT p.relation_id FROM query_predicates p
WHERE p.statement_id = ?1 AND p.column_name = ?3 AND p.relation_id IS NOT NULL AND ?2 IS NOT 0";

/// What ANALYZE left for the planner; of a table itself rather than of the table with its children.
const SLOTS: &str = "
SELECT s.slots FROM planner_statistics s
JOIN columns c ON c.relation_id = s.relation_id AND c.position = s.position
WHERE s.relation_id = ?1 AND c.name = ?2 AND s.index_id IS NULL
ORDER BY s.inherited LIMIT 1";

const LISTS: &str = "
SELECT most_common_vals, histogram_bounds FROM column_statistics
WHERE relation_id = ?1 AND column_name = ?2 ORDER BY inherited LIMIT 1";

/// Kinds of slots in `pg_statistic`: most common values, histogram (`pg_statistic.h`).
const MOST_COMMON: i64 = 1;
const HISTOGRAM: i64 = 2;

#[derive(Deserialize)]
struct Slot {
    kind: i64,
    values: Option<String>,
}

impl<'f> Columns<'f> {
    /// Knows nothing yet.
    pub fn new(facts: &'f Connection) -> Self {
        Self {
            facts,
            known: RefCell::default(),
        }
    }

    /// Values of the column that a statement names so; `None` where it is not sure which that is, or nothing
    /// is known of its values.
    pub fn values(&self, statement: i64, name: &Name) -> Result<Option<Rc<Values>>> {
        let mut relation = None;
        if name.qualifier.is_some() {
            relation = self.only(QUALIFIED, statement, name)?;
        }
        if relation.is_none() {
            relation = self.only(COMPARED, statement, name)?;
        }
        let Some(relation) = relation else {
            return Ok(None);
        };
        let key = (relation, name.column.clone());
        if let Some(values) = self.known.borrow().get(&key) {
            return Ok(Some(values.clone()).filter(|values| !values.is_empty()));
        }
        let values = Rc::new(self.read(relation, &name.column)?);
        self.known.borrow_mut().insert(key, values.clone());
        Ok(Some(values).filter(|values| !values.is_empty()))
    }

    /// The table that a question gives, if it gives one only.
    fn only(&self, sql: &str, statement: i64, name: &Name) -> Result<Option<i64>> {
        let mut question = self.facts.prepare_cached(sql)?;
        let params = rusqlite::params![statement, name.qualifier, name.column];
        let found: Vec<i64> = question
            .query_map(params, |row| row.get(0))?
            .collect::<Result<_>>()?;
        Ok(match found.as_slice() {
            [only] => Some(*only),
            _ => None,
        })
    }

    fn read(&self, relation: i64, column: &str) -> Result<Values> {
        let params = rusqlite::params![relation, column];
        let slots: Option<String> = (self.facts.prepare_cached(SLOTS)?)
            .query_row(params, |row| row.get(0))
            .optional()?;
        if let Some(slots) = slots.and_then(|text| serde_json::from_str::<Vec<Slot>>(&text).ok()) {
            let of = |kind| {
                let slot = slots.iter().find(|slot| slot.kind == kind);
                list(slot.and_then(|slot| slot.values.as_deref()))
            };
            return Ok(Values {
                common: of(MOST_COMMON),
                bounds: of(HISTOGRAM),
            });
        }
        let lists: Option<(Option<String>, Option<String>)> = (self.facts.prepare_cached(LISTS)?)
            .query_row(params, |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (common, bounds) = lists.unwrap_or_default();
        Ok(Values {
            common: list(common.as_deref()),
            bounds: list(bounds.as_deref()),
        })
    }
}

fn list(text: Option<&str>) -> Vec<String> {
    let elements = text.and_then(elements).unwrap_or_default();
    elements.into_iter().flatten().collect()
}
