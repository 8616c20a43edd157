//! What a shadow is made of.

use super::objects::{Index, Relation};

/// A statement, and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// One statement, or some that belong together.
    pub sql: String,
    /// Object that it makes, for people.
    pub object: String,
    /// `relations.id` of tables that plan otherwise if it fails.
    pub relations: Vec<i64>,
}

/// How long the file of a table or an index is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Schema.
    pub schema: String,
    /// Table or index.
    pub name: String,
    /// Length of its main fork, bytes.
    pub bytes: u64,
    /// B-tree: level of its root; `None`: no B-tree, or a B-tree without rows.
    pub height: Option<u32>,
    /// What else the planner reads from the file.
    pub metapage: Option<Metapage>,
}

/// What the planner reads from the metapage of an index that is no B-tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metapage {
    /// GIN, as the last VACUUM counted.
    Gin {
        /// Pages of entries that wait to be put in place, as they are now.
        pending: u32,
        /// Pages.
        total: u32,
        /// Pages of the tree of keys.
        entry: u32,
        /// Pages of lists of rows.
        data: u32,
        /// Keys.
        entries: i64,
    },
    /// BRIN.
    Brin {
        /// Pages of its table that an entry stands for.
        range: u32,
        /// Last page of its map.
        map: u32,
    },
}

/// What the shadow does not have, or not as the original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The object.
    pub object: String,
    /// Why.
    pub because: String,
    /// `relations.id` of tables that plan otherwise.
    pub relations: Vec<i64>,
}

/// What a shadow is made of, in the order in which it is run. One session runs it all; several statements may be
/// sent as one. Tables and statistics begin with what such a session needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script {
    /// Extensions, schemas, types, functions, tables, views.
    pub tables: Vec<Statement>,
    /// Indexes in the order of their oids, with the constraints that they back; then foreign keys.
    pub indexes: Vec<Statement>,
    /// Rows at the ends of columns. A row that a unique index or the bounds of a partition refuse is no loss.
    pub rows: Vec<Statement>,
    /// What migrations change of all that.
    pub changes: Vec<Statement>,
    /// Checks, which those rows need not meet; statistics and sizes, for the system catalogs.
    pub statistics: Vec<Statement>,
    /// Lengths of files.
    pub files: Vec<File>,
    /// Settings of the server that bear on plans.
    pub settings: Vec<(String, String)>,
    /// What is known to be left out before anything is run.
    pub left_out: Vec<LeftOut>,
}

impl Script {
    /// All statements in the order in which they are run.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        [
            &self.tables,
            &self.rows,
            &self.indexes,
            &self.changes,
            &self.statistics,
        ]
        .into_iter()
        .flatten()
    }

    pub(super) fn table(&mut self, sql: String, relation: &Relation) {
        self.tables.push(Statement::of(sql, relation));
    }

    pub(super) fn row(&mut self, sql: String, relation: &Relation) {
        self.rows.push(Statement::of(sql, relation));
    }

    pub(super) fn index(&mut self, sql: String, index: &Index) {
        self.indexes.push(Statement {
            sql,
            object: index.sql(),
            relations: vec![index.relation],
        });
    }

    pub(super) fn leave_out(&mut self, what: &str, relation: &Relation, because: &str) {
        let object = format!("{what} {}", relation.sql());
        self.left_out.push(LeftOut {
            object: object.trim_start().to_owned(),
            because: because.to_owned(),
            relations: vec![relation.id],
        });
    }

    pub(super) fn leave_out_index(&mut self, index: &Index, because: &str) {
        self.left_out.push(LeftOut {
            object: index.sql(),
            because: because.to_owned(),
            relations: vec![index.relation],
        });
    }
}

impl Statement {
    pub(super) fn of(sql: String, relation: &Relation) -> Self {
        Self {
            sql,
            object: relation.sql(),
            relations: vec![relation.id],
        }
    }
}
