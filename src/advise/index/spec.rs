//! An index that could be made.

use crate::facts::quote;

/// What a key is made of.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// A column, by its name.
    Column(String),
    /// An expression, as SQL.
    Expression(String),
}

/// A key of an index.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// What is indexed.
    pub part: Part,
    /// Operator class, as SQL; `None`: the type's own.
    pub opclass: Option<String>,
    /// `DESC`, which puts NULLs first.
    pub is_descending: bool,
}

/// An index that could be made.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IndexSpec {
    /// `relations.id` of its table.
    pub relation: i64,
    /// Schema of the table.
    pub schema: String,
    /// The table.
    pub table: String,
    /// Access method: btree, gin, brin, …
    pub method: String,
    /// The keys, in order.
    pub keys: Vec<Key>,
    /// Columns of INCLUDE.
    pub include: Vec<String>,
    /// `WHERE`, as SQL.
    pub predicate: Option<String>,
}

impl Key {
    /// A column, ascending, by the type's own operator class.
    pub fn column(name: &str) -> Self {
        Self {
            part: Part::Column(name.to_owned()),
            opclass: None,
            is_descending: false,
        }
    }

    /// Its column; `None`: an expression.
    pub fn name(&self) -> Option<&str> {
        match &self.part {
            Part::Column(name) => Some(name),
            Part::Expression(_) => None,
        }
    }
}

impl IndexSpec {
    /// A key of it is an expression. The planner knows how its values are spread once ANALYZE has seen them.
    pub fn has_expression(&self) -> bool {
        self.keys.iter().any(|key| key.name().is_none())
    }

    /// What follows `ON` in CREATE INDEX.
    pub fn target(&self) -> String {
        let keys: Vec<String> = self.keys.iter().map(key).collect();
        let mut sql = format!(
            "{}.{}",
            quote::ident(&self.schema),
            quote::ident(&self.table)
        );
        if self.method != "btree" {
            sql.push_str(&format!(" USING {}", self.method));
        }
        sql.push_str(&format!(" ({})", keys.join(", ")));
        if !self.include.is_empty() {
            let names: Vec<_> = self.include.iter().map(|name| quote::ident(name)).collect();
            sql.push_str(&format!(" INCLUDE ({})", names.join(", ")));
        }
        if let Some(predicate) = &self.predicate {
            sql.push_str(&format!(" WHERE {predicate}"));
        }
        sql
    }
}

fn key(key: &Key) -> String {
    let mut sql = match &key.part {
        Part::Column(name) => quote::ident(name),
        Part::Expression(text) => format!("({text})"),
    };
    if let Some(opclass) = &key.opclass {
        sql.push_str(&format!(" {opclass}"));
    }
    if key.is_descending {
        sql.push_str(" DESC");
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::{IndexSpec, Key, Part};

    #[test]
    fn targets_are_sql() {
        let spec = IndexSpec {
            relation: 1,
            schema: "public".into(),
            table: "Orders".into(),
            method: "btree".into(),
            keys: vec![
                Key {
                    is_descending: true,
                    ..Key::column("placed at")
                },
                Key {
                    part: Part::Expression("lower(note)".into()),
                    opclass: Some("text_pattern_ops".into()),
                    is_descending: false,
                },
            ],
            include: vec!["total".into()],
            predicate: Some("status = 'open'".into()),
        };
        assert_eq!(
            spec.target(),
            "public.\"Orders\" (\"placed at\" DESC, (lower(note)) text_pattern_ops) INCLUDE (total) WHERE status = 'open'"
        );
    }
}
