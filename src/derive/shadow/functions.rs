//! Functions that users made. They are there to be planned with, and hardly ever run.

use std::collections::HashSet;

use rusqlite::{Connection, Result};

use super::catalog::{Catalog, rows};
use super::objects::{Kind, Relation};
use super::script::{LeftOut, Script, Statement};
use crate::facts::quote;

/// Languages that each server has.
const AT_HAND: [&str; 3] = ["sql", "plpgsql", "internal"];

/// A function, procedure or aggregate.
pub(super) struct Function {
    name: String,
    signature: String,
    language: String,
    definition: Option<String>,
}

/// When a function can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Before tables, which may use it.
    First,
    /// When there are tables, which it names.
    AfterTables,
    /// When there are views, which it names.
    AfterViews,
}

/// The functions in the order of their oids, and when each can be made.
pub(super) fn read(
    facts: &Connection,
    database: i64,
    catalog: &Catalog,
) -> Result<Vec<(When, Function)>> {
    let functions = rows(
        facts,
        "SELECT schema, name, arguments, result, language, definition
         FROM functions WHERE database_id = ?1 ORDER BY kind = 'aggregate', oid, id",
        database,
        |row| {
            let arguments: String = row.get(2)?;
            let result: Option<String> = row.get(3)?;
            let name = quote::name(&row.get::<_, String>(0)?, &row.get::<_, String>(1)?);
            Ok(Function {
                name: format!("{name}({arguments})"),
                signature: format!("{arguments} {}", result.unwrap_or_default()),
                language: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
                definition: row.get(5)?,
            })
        },
    )?;
    let names = |wanted: &dyn Fn(&Relation) -> bool| -> HashSet<String> {
        let relations = catalog.relations.iter().filter(|r| wanted(r));
        relations.map(Relation::sql).collect()
    };
    let relations = names(&|_| true);
    let views = names(&|relation| relation.kind == Kind::View);
    Ok(functions
        .into_iter()
        .map(|function| (function.when(&relations, &views), function))
        .collect())
}

/// Adds those functions whose time it is.
pub(super) fn make(functions: &[(When, Function)], now: When, script: &mut Script) {
    for (_, function) in functions.iter().filter(|(when, _)| *when == now) {
        let object = format!("function {}", function.name);
        let mut leave_out = |because: String| {
            script.left_out.push(LeftOut {
                object: object.clone(),
                because,
                relations: Vec::new(),
            });
        };
        let Some(definition) = &function.definition else {
            leave_out("its definition could not be read".to_owned());
            continue;
        };
        let sql = if AT_HAND.contains(&function.language.as_str()) {
            definition.clone()
        } else {
            let language = &function.language;
            leave_out(format!(
                "it is written in {language}, so a stub stands for it: what is planned by its result cannot be planned"
            ));
            stub(definition, language)
        };
        script.tables.push(Statement {
            sql,
            object,
            relations: Vec::new(),
        });
    }
}

impl Function {
    fn when(&self, relations: &HashSet<String>, views: &HashSet<String>) -> When {
        let mentions = |text: &str, names: &HashSet<String>| words(text).any(|w| names.contains(w));
        let definition = self.definition.as_deref().unwrap_or_default();
        // A body that is no text is bound to what it names when it is made.
        let is_bound = !definition.contains("\nAS ") && self.language == "sql";
        let bound = if is_bound {
            definition
        } else {
            &self.signature
        };
        if mentions(bound, views) {
            When::AfterViews
        } else if is_bound || mentions(bound, relations) {
            When::AfterTables
        } else {
            When::First
        }
    }
}

/// Names as SQL writes them, with their schemas.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c: char| {
        quoted ^= c == '"';
        !(quoted || c.is_alphanumeric() || matches!(c, '_' | '.' | '"' | '$'))
    })
    .filter(|word| !word.is_empty())
}

/// The same function with a body that refuses to run. Cost, rows and volatility stay.
fn stub(definition: &str, language: &str) -> String {
    let head = definition
        .split_once("\nAS ")
        .map_or(definition, |(head, _)| head);
    let lines = (head.lines())
        .filter(|line| !line.trim_start().starts_with("TRANSFORM FOR TYPE"))
        .map(|line| {
            let rest = line
                .strip_prefix(" LANGUAGE ")
                .and_then(|rest| rest.strip_prefix(&*quote::ident(language)));
            match rest {
                Some(rest) => format!(" LANGUAGE plpgsql{}", rest.replace(" WINDOW", "")),
                None => line.to_owned(),
            }
        });
    let lines: Vec<String> = lines.collect();
    format!(
        "{}\nAS $pgtriage$BEGIN RAISE EXCEPTION 'a stub stands for this function'; END$pgtriage$",
        lines.join("\n")
    )
}
