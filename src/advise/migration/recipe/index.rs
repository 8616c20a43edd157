//! Indexes that are made, dropped or built anew, and materialized views.

use crate::parse::ddl::object_name;
use rusqlite::{OptionalExtension, Result};

use super::partition;
use crate::advise::migration::case::Case;
use crate::advise::migration::step::{Rewrite, Step};
use crate::facts::quote;
use crate::parse::tokens::TokenKind;

const LEFTOVER: &str =
    "If it fails, drop the invalid index that it leaves before it is tried again.";

/// `CREATE INDEX`
pub fn create(case: &Case) -> Result<Option<Rewrite>> {
    let words = &case.statement;
    let Some(at) = words
        .find("index")
        .filter(|at| !words.are(at + 1, "concurrently"))
    else {
        return Ok(None);
    };
    let unnamed = words.are(at + 1, "on");
    let name = match &case.object {
        Some(name) => name.clone(),
        None if unnamed => object_name(&case.name, &case.details("columns").join("_"), "idx"),
        None => {
            let skip = if words.are(at + 1, "if not exists") {
                4
            } else {
                1
            };
            unquoted(words.word(at + skip))
        }
    };
    if case.is_partitioned() {
        return partition::index(case, at, &name);
    }
    let sql = if unnamed {
        words.with_after(at, &format!("CONCURRENTLY {}", quote::ident(&name)))
    } else {
        words.with_after(at, "CONCURRENTLY")
    };
    let step = Step::new(1, sql)
        .outside()
        .undo(format!(
            "DROP INDEX CONCURRENTLY {}",
            in_schema(case, &name)
        ))
        .note(LEFTOVER);
    Ok(Some(Rewrite::same(vec![step])))
}

/// An index of the table's schema, as SQL names it.
pub fn in_schema(case: &Case, name: &str) -> String {
    match &case.schema {
        Some(schema) if schema != "public" => quote::name(schema, name),
        _ => quote::ident(name),
    }
}

fn unquoted(word: &str) -> String {
    match word
        .strip_prefix('"')
        .and_then(|word| word.strip_suffix('"'))
    {
        Some(name) => name.replace("\"\"", "\""),
        None => word.to_ascii_lowercase(),
    }
}

/// `DROP INDEX`
pub fn drop(case: &Case) -> Result<Option<Rewrite>> {
    let words = &case.statement;
    let Some(at) = words
        .find("index")
        .filter(|at| !words.are(at + 1, "concurrently"))
    else {
        return Ok(None);
    };
    // With CASCADE it cannot, and of a partitioned table neither.
    let partitioned = case
        .details
        .get("partitioned")
        .is_some_and(|value| value == true);
    if words.find("cascade").is_some() || partitioned {
        return Ok(None);
    }
    let if_exists = words.are(at + 1, "if exists");
    let first = at + 1 + 2 * usize::from(if_exists);
    let name = if case.action.len() < words.len() {
        case.action.text.trim()
    } else if words.find_kind(first, TokenKind::Comma).is_none() {
        words.slice(first..words.after_name(first))
    } else {
        return Ok(None);
    };
    let guard = if if_exists { "IF EXISTS " } else { "" };
    let mut step = Step::new(1, format!("DROP INDEX CONCURRENTLY {guard}{name}")).outside();
    step.undo = definition(case, name)?;
    Ok(Some(Rewrite::same(vec![step])))
}

/// The statement that makes the index again, where facts know it.
fn definition(case: &Case, written: &str) -> Result<Option<String>> {
    let (schema, name) = match written.split_once('.') {
        Some((schema, name)) => (Some(unquoted(schema)), unquoted(name)),
        None => (case.schema.clone(), unquoted(written)),
    };
    let query = "SELECT definition FROM indexes WHERE name = ?1 AND schema = coalesce(?2, schema)
        AND NOT is_partitioned LIMIT 1";
    let mut statement = case.facts.prepare_cached(query)?;
    let found = statement.query_row((name, schema), |row| row.get(0));
    let found: Option<Option<String>> = found.optional()?;
    let definition = found.flatten();
    Ok(definition.map(|text| text.replacen(" INDEX ", " INDEX CONCURRENTLY ", 1)))
}

/// `REINDEX`
pub fn reindex(case: &Case) -> Result<Option<Rewrite>> {
    let words = &case.statement;
    let Some(at) = words.find_any(0, &["index", "table", "schema", "database"]) else {
        return Ok(None);
    };
    let sql = words.with_after(at, "CONCURRENTLY");
    Ok(Some(Rewrite::same(vec![
        Step::new(1, sql).outside().note(LEFTOVER),
    ])))
}

/// `REFRESH MATERIALIZED VIEW`
pub fn refresh(case: &Case) -> Result<Option<Rewrite>> {
    let words = &case.statement;
    let Some(at) = words.find("view") else {
        return Ok(None);
    };
    let unique = "SELECT count(*) FROM indexes i WHERE i.relation_id = ?1 AND i.is_unique
        AND i.is_valid AND i.predicate IS NULL
        AND NOT EXISTS (SELECT 1 FROM index_columns c WHERE c.index_id = i.id AND c.expression IS NOT NULL)";
    let known: Option<i64> = case.ask(unique)?;
    let step = Step::new(1, words.with_after(at, "CONCURRENTLY"));
    if known.is_some_and(|count| count > 0) {
        return Ok(Some(Rewrite::same(vec![step])));
    }
    let step = step.note("It needs a unique index over columns of the view, without WHERE.");
    Ok(Some(Rewrite::advice(vec![step])))
}
