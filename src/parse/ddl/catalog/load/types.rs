//! Types that users made.

use std::sync::Arc;

use rusqlite::{Result, Row};
use serde_json::{Map, Value};

use super::loader::{ALIGNMENTS, Loader, STORAGES};
use super::text::{names, optional_word, string, text};
use crate::parse::ddl::catalog::model::{Domain, DomainCheck, Label, Shape, Type, UserType};
use crate::parse::ddl::catalog::named::Named;
use crate::parse::ddl::type_name::user_type;

impl Loader<'_> {
    pub fn user_types(&mut self) -> Result<()> {
        // A domain comes after what it is over.
        let query = "SELECT schema, name, oid, kind, base_type, collation, length, alignment,
              storage, labels, not_null, checks
            FROM types WHERE database_id = ?1 ORDER BY kind = 'domain', oid, id";
        self.each(query, |loader, row| {
            let (schema, name) = (string(row, 0)?, string(row, 1)?);
            let oid = loader.used(row.get(2)?);
            let over = match text(row, 4)? {
                Some(base) => loader.named_type(base),
                None => Type::default(),
            };
            let kind = text(row, 3)?.unwrap_or_default();
            let class = match kind {
                "enum" => Some("enum"),
                "composite" => Some("record"),
                "range" => Some("range"),
                "domain" => over.class,
                _ => None,
            };
            let own_collation = row.get::<_, Option<String>>(5)?;
            let inherited = over.collation.as_ref().filter(|_| kind == "domain");
            let of = Type {
                printed: user_type(&schema, &name),
                length: row.get(6)?,
                alignment: optional_word(&ALIGNMENTS, text(row, 7)?),
                storage: optional_word(&STORAGES, text(row, 8)?),
                collation: own_collation.or_else(|| inherited.cloned()),
                class,
                user: Some(Arc::new((schema.clone(), name.clone()))),
                ..Type::default()
            };
            let shape = shape(kind, over, row)?;
            loader.need_schema(&schema);
            let made = Arc::new(UserType {
                oid,
                schema: schema.clone(),
                name: name.clone(),
                of,
                shape,
            });
            loader.catalog.types.insert(&schema, &name, made);
            Ok(())
        })
    }
}

/// What a type is made of, as far as facts keep it.
fn shape(kind: &str, over: Type, row: &Row) -> Result<Shape> {
    Ok(match kind {
        "enum" => {
            let oid = row.get(2)?;
            let labels = names(text(row, 9)?).into_iter();
            Shape::Enum(labels.map(|name| Label { name, oid }).collect())
        }
        "composite" => Shape::Composite(Vec::new()),
        "range" => Shape::Range(over),
        "domain" => Shape::Domain(Domain {
            over,
            not_null: row.get(10)?,
            default: None,
            checks: checks(text(row, 11)?),
        }),
        _ => Shape::Base,
    })
}

/// Checks of a domain. Facts do not keep what they demand.
fn checks(map: Option<&str>) -> Named<DomainCheck> {
    let map: Option<Map<String, Value>> = map.and_then(|map| serde_json::from_str(map).ok());
    let mut checks = Named::default();
    for (name, valid) in map.into_iter().flatten() {
        let check = DomainCheck {
            not_valid: valid == Value::Bool(false),
        };
        checks.insert(&name, check);
    }
    checks
}
