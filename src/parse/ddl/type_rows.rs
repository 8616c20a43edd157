//! Types, and what views read, as facts rows.

use rusqlite::{Result, params};
use serde_json::Value;

use super::catalog::{Domain, Shape, UserType};
use super::rows::{Writer, list};

impl Writer<'_> {
    pub fn types(&self) -> Result<()> {
        let mut types: Vec<&UserType> = self.catalog.types.values().map(AsRef::as_ref).collect();
        types.sort_by(|a, b| (a.oid, &a.schema, &a.name).cmp(&(b.oid, &b.schema, &b.name)));
        for known in types {
            self.user_type(known)?;
        }
        Ok(())
    }

    fn user_type(&self, known: &UserType) -> Result<()> {
        let (kind, over) = match &known.shape {
            Shape::Enum(_) => ("enum", None),
            Shape::Composite(_) => ("composite", None),
            Shape::Range(of) => ("range", Some(of)),
            Shape::Domain(domain) => ("domain", Some(&domain.over)),
            Shape::Base => ("base", None),
        };
        let labels = match &known.shape {
            Shape::Enum(labels) => {
                let names: Vec<&str> = labels.iter().map(|label| label.name.as_str()).collect();
                (!names.is_empty()).then(|| list(&names))
            }
            _ => None,
        };
        let domain = match &known.shape {
            Shape::Domain(domain) => Some(domain),
            _ => None,
        };
        let collation = known.of.collation.as_ref();
        let own = domain.and(collation).filter(|own| {
            let of = over.and_then(|of| of.collation.as_ref());
            of != Some(own)
        });
        self.insert(
            "INSERT INTO types (database_id, oid, schema, name, kind, labels, base_type, not_null,
               checks, collation, length, alignment, storage)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            params![
                self.database,
                known.oid,
                known.schema,
                known.name,
                kind,
                labels,
                over.map(|of| &of.printed),
                domain.is_some_and(|domain| domain.not_null),
                domain.and_then(checks),
                own,
                known.of.length,
                known.of.alignment,
                known.of.storage,
            ],
        )
    }

    pub fn view_columns(&self) -> Result<()> {
        for (place, relation) in self.catalog.relations.iter() {
            for (view, column) in &relation.read_by {
                let column = column.and_then(|place| relation.columns.at(place));
                self.insert(
                    "INSERT INTO view_columns (view_id, relation_id, column_name)
                     VALUES (?1, ?2, ?3)",
                    params![
                        self.ids.relation(*view),
                        self.ids.relation(place),
                        column.map(|(name, _)| name),
                    ],
                )?;
            }
        }
        Ok(())
    }
}

/// Names of checks, and whether they are validated, with the blanks of the server's
/// `json_object_agg`.
fn checks(domain: &Domain) -> Option<String> {
    let mut checks: Vec<(&str, bool)> = (domain.checks.iter())
        .map(|(_, name, check)| (name, !check.not_valid))
        .collect();
    checks.sort_unstable();
    let pairs = checks.iter();
    let pairs = pairs.map(|(name, valid)| format!("{} : {valid}", Value::from(*name)));
    let pairs: Vec<String> = pairs.collect();
    (!pairs.is_empty()).then(|| format!("{{ {} }}", pairs.join(", ")))
}
