//! Collations and types that users made.

use std::collections::BTreeMap;

use rusqlite::{Connection, Result};

use super::catalog::{Catalog, list, rows};
use super::script::{LeftOut, Script, Statement};
use crate::facts::quote;

/// Adds the collations, then the types in the order of their oids.
pub(super) fn make(
    facts: &Connection,
    database: i64,
    catalog: &Catalog,
    script: &mut Script,
) -> Result<()> {
    let collations = rows(
        facts,
        "SELECT schema, name, provider, \"collate\", ctype, locale, rules, is_deterministic
         FROM collations WHERE database_id = ?1 ORDER BY oid",
        database,
        |row| {
            Ok(Collation {
                name: quote::name(&row.get::<_, String>(0)?, &row.get::<_, String>(1)?),
                provider: row.get(2)?,
                collate: row.get(3)?,
                ctype: row.get(4)?,
                locale: row.get(5)?,
                rules: row.get(6)?,
                is_deterministic: row.get(7)?,
            })
        },
    )?;
    for collation in collations {
        script.tables.push(Statement {
            sql: collation.sql(),
            object: format!("collation {}", collation.name),
            relations: Vec::new(),
        });
    }
    let types = rows(
        facts,
        "SELECT schema, name, kind, labels, base_type, not_null, checks, collation, attributes
         FROM types WHERE database_id = ?1 AND extension IS NULL ORDER BY oid, id",
        database,
        |row| {
            Ok(Type {
                name: quote::name(&row.get::<_, String>(0)?, &row.get::<_, String>(1)?),
                kind: row.get(2)?,
                labels: list(row.get(3)?),
                base: row.get(4)?,
                not_null: row.get(5)?,
                checks: row.get(6)?,
                collation: row.get(7)?,
                attributes: row.get(8)?,
            })
        },
    )?;
    for made in types {
        let object = format!("type {}", made.name);
        match made.sql(catalog) {
            Some(sql) => script.tables.push(Statement {
                sql,
                object,
                relations: Vec::new(),
            }),
            None => script.left_out.push(LeftOut {
                object,
                because: "the functions that read and write it are not SQL".to_owned(),
                relations: Vec::new(),
            }),
        }
    }
    Ok(())
}

struct Collation {
    name: String,
    provider: String,
    collate: Option<String>,
    ctype: Option<String>,
    locale: Option<String>,
    rules: Option<String>,
    is_deterministic: bool,
}

impl Collation {
    fn sql(&self) -> String {
        let mut parts = vec![format!("provider = {}", quote::ident(&self.provider))];
        let mut part = |name: &str, value: &Option<String>| {
            if let Some(value) = value {
                parts.push(format!("{name} = {}", quote::literal(value)));
            }
        };
        if self.provider == "libc" {
            part("lc_collate", &self.collate);
            part("lc_ctype", &self.ctype);
        } else {
            // Before 15 the locale of ICU stood where that of libc does.
            part("locale", &self.locale.clone().or(self.collate.clone()));
            part("rules", &self.rules);
        }
        if !self.is_deterministic {
            parts.push("deterministic = false".to_owned());
        }
        format!("CREATE COLLATION {} ({})", self.name, parts.join(", "))
    }
}

struct Type {
    name: String,
    kind: String,
    labels: Vec<String>,
    base: Option<String>,
    not_null: bool,
    checks: Option<String>,
    collation: Option<String>,
    attributes: Option<String>,
}

impl Type {
    /// None for a type that SQL cannot make.
    fn sql(&self, catalog: &Catalog) -> Option<String> {
        let name = &self.name;
        match self.kind.as_str() {
            "enum" => {
                let labels: Vec<String> = self.labels.iter().map(|l| quote::literal(l)).collect();
                Some(format!(
                    "CREATE TYPE {name} AS ENUM ({})",
                    labels.join(", ")
                ))
            }
            "range" => {
                let subtype = self.base.as_deref()?;
                Some(format!("CREATE TYPE {name} AS RANGE (subtype = {subtype})"))
            }
            "composite" => {
                let attributes: Vec<(String, String)> =
                    serde_json::from_str(self.attributes.as_deref()?).ok()?;
                let attributes: Vec<String> = (attributes.iter())
                    .map(|(name, kind)| format!("{} {kind}", quote::ident(name)))
                    .collect();
                Some(format!("CREATE TYPE {name} AS ({})", attributes.join(", ")))
            }
            "domain" => Some(self.domain(catalog, self.base.as_deref()?)),
            _ => None,
        }
    }

    /// A domain. To the planner it matters that there are checks, not what they say, and all values pass them.
    fn domain(&self, catalog: &Catalog, base: &str) -> String {
        let mut sql = format!("CREATE DOMAIN {} AS {base}", self.name);
        if let Some(collation) = &self.collation {
            sql = format!("{sql} COLLATE {}", catalog.collation(collation));
        }
        if self.not_null {
            sql.push_str(" NOT NULL");
        }
        let checks: Option<BTreeMap<String, bool>> =
            (self.checks.as_deref()).and_then(|json| serde_json::from_str(json).ok());
        for check in checks.unwrap_or_default().keys() {
            sql = format!("{sql} CONSTRAINT {} CHECK (true)", quote::ident(check));
        }
        sql
    }
}
