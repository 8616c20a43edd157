//! Objects with the figures that a view has of them.

use serde_json::Value;

use crate::facts::{FactsError, Store, figure};
use crate::report::bloat::{bounded, points};
use crate::report::queries::Measure;
use crate::report::ranking::{compare, value};

/// What is listed.
#[derive(Debug, Clone, Copy)]
pub struct Sort {
    /// View with a row each.
    pub(in crate::report) view: &'static str,
    /// Its column with the id.
    pub(in crate::report) id: &'static str,
    /// Its columns, in the order of formats for programs; the first four are database, schema, name and
    /// what else names it.
    pub(in crate::report) columns: &'static [&'static str],
    /// Figures that lists are sorted by and columns are made of, the most telling first.
    pub measures: &'static [Measure],
    /// What one is called.
    pub noun: &'static str,
    /// What several are called, also the key in JSON.
    pub plural: &'static str,
    /// Tables of facts that are needed, as `missing_facts` names them.
    pub(in crate::report) facts: &'static str,
}

/// An object with its figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Its id in the facts.
    pub id: i64,
    values: Vec<Value>,
}

/// All objects of a kind.
#[derive(Debug, Clone)]
pub struct Objects {
    /// What they are.
    pub sort: &'static Sort,
    /// The largest first.
    pub rows: Vec<Object>,
    /// What could not be read of them.
    pub missing: Vec<Missing>,
}

/// Facts that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Why, a sentence fragment.
    pub because: String,
    /// Statement or setting that would enable it.
    pub remedy: Option<String>,
    /// Of so many objects; 0: of all.
    pub objects: i64,
}

impl Sort {
    /// The figure of that word or column.
    pub fn find(&self, name: &str) -> Option<Measure> {
        let mut all = self.measures.iter().copied();
        all.find(|measure| measure.word == name || measure.column == name)
    }
}

impl Objects {
    /// None of a kind.
    pub fn none(sort: &'static Sort) -> Self {
        Self {
            sort,
            rows: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// Reads them. Findings are those of the last run of the rules over the same facts.
    pub fn read(store: &Store, sort: &'static Sort) -> Result<Self, FactsError> {
        let connection = store.connection();
        let sql = format!(
            "SELECT {}, {} FROM {} ORDER BY size_bytes IS NULL, size_bytes DESC, schema, name",
            sort.id,
            sort.columns.join(", "),
            sort.view
        );
        let rows = connection
            .prepare(&sql)?
            .query_map([], |row| {
                let values = (0..sort.columns.len()).map(|at| Ok(value(row.get(at + 1)?, false)));
                Ok(Object {
                    id: row.get(0)?,
                    values: values.collect::<rusqlite::Result<_>>()?,
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(Self {
            sort,
            rows,
            missing: Missing::of(store, sort.facts)?,
        })
    }

    /// A figure of one of them by the name of its column; null: not known.
    pub fn get<'a>(&self, object: &'a Object, column: &str) -> &'a Value {
        let at = self.sort.columns.iter().position(|name| *name == column);
        at.map_or(&Value::Null, |at| &object.values[at])
    }

    /// A figure as people read it; `None`: not known.
    pub fn figure(&self, object: &Object, column: &str) -> Option<String> {
        let value = self.get(object, column);
        if column == "bloat_share" {
            let of = |column: &str| self.get(object, column).as_f64();
            let error = of("bloat_plus_minus_bytes").zip(of("size_bytes"));
            let error = error.map(|(bytes, size)| bytes / size.max(1.0));
            let method = self.get(object, "bloat_method").as_str();
            let method = method.unwrap_or_default();
            return value
                .as_f64()
                .map(|share| bounded(points(share, error), method));
        }
        (!value.is_null()).then(|| figure(column, value))
    }

    /// Its name with its schema, as people write it; with its database where there are several.
    pub fn name(&self, object: &Object) -> String {
        let text = |column: &str| self.get(object, column).as_str().unwrap_or_default();
        let several = self
            .rows
            .iter()
            .any(|other| self.get(other, "database_name") != self.get(object, "database_name"));
        let database = if several {
            format!("{}.", text("database_name"))
        } else {
            String::new()
        };
        format!("{database}{}.{}", text("schema"), text("name"))
    }

    /// Names and values of all figures.
    pub fn values<'a>(
        &'a self,
        object: &'a Object,
    ) -> impl Iterator<Item = (&'static str, &'a Value)> {
        self.sort.columns.iter().copied().zip(&object.values)
    }

    /// Sorts: figures largest first, texts from A; what is not known stands last either way.
    pub fn order(&mut self, by: Measure, reverse: bool) {
        let at = self.sort.columns.iter().position(|name| *name == by.column);
        let Some(at) = at else { return };
        self.rows
            .sort_by(|a, b| compare(&a.values[at], &b.values[at], reverse));
    }
}

impl Missing {
    /// What could not be read of some tables of facts, given as a list for SQL.
    pub(in crate::report) fn of(store: &Store, facts: &str) -> Result<Vec<Self>, FactsError> {
        let sql = format!(
            "SELECT reason, remedy, count(object) FROM missing_facts
             WHERE table_name IN ({facts}) AND column_name IS NULL
             GROUP BY reason, remedy ORDER BY min(rowid)"
        );
        let mut statement = store.connection().prepare(&sql)?;
        let missing = statement.query_map([], |row| {
            Ok(Self {
                because: row.get(0)?,
                remedy: row.get(1)?,
                objects: row.get(2)?,
            })
        })?;
        Ok(missing.collect::<Result<_, _>>()?)
    }

    /// The same in a sentence.
    pub fn sentence(&self) -> String {
        let remedy = self.remedy.as_deref();
        let remedy = remedy.map_or_else(String::new, |remedy| format!("; {remedy}"));
        match self.objects {
            0 => format!("Not known, because {}{remedy}", self.because),
            1 => format!("Not known of 1 object, because {}{remedy}", self.because),
            n => format!("Not known of {n} objects, because {}{remedy}", self.because),
        }
    }
}
