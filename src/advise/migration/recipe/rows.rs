//! Rows that are changed, and tables that are written anew.

use rusqlite::Result;

use crate::advise::migration::case::Case;
use crate::advise::migration::step::{Rewrite, Step};
use crate::facts::quote;

const BATCHES: &str = "In batches by the key, each in a transaction of its own, until none is left: \
                       $1 is the last key of the batch before, $2 the last of this one.";

/// The key that batches go by.
fn key(case: &Case) -> Result<Option<String>> {
    let columns = case.primary_key()?;
    Ok(match columns.as_slice() {
        [column] => Some(quote::ident(column)),
        _ => None,
    })
}

/// The condition of a batch.
fn batch(key: Option<&str>) -> String {
    let key = key.unwrap_or("<key>");
    format!("{key} > $1 AND {key} <= $2")
}

/// Fills a column of rows that are there.
pub fn backfill(case: &Case, column: &str, value: &str) -> Result<Step> {
    let key = key(case)?;
    let sql = format!(
        "UPDATE {} SET {column} = {value} WHERE {column} IS NULL AND {}",
        case.table(),
        batch(key.as_deref())
    );
    Ok(Step::new(2, sql).outside().note(BATCHES))
}

/// `UPDATE` of all rows, or of many.
pub fn update(case: &Case) -> Result<Option<Rewrite>> {
    in_batches(case)
}

/// `DELETE` of all rows, or of many.
pub fn delete(case: &Case) -> Result<Option<Rewrite>> {
    in_batches(case)
}

fn in_batches(case: &Case) -> Result<Option<Rewrite>> {
    if case
        .details
        .get("bounded")
        .is_some_and(|bounded| bounded == true)
    {
        return Ok(None);
    }
    let key = key(case)?;
    let words = &case.statement;
    let returning = words.find("returning").unwrap_or(words.len());
    let mut sql = match words.find("where") {
        Some(at) => format!(
            "{} WHERE ({}) AND {}",
            words.slice(0..at),
            words.slice(at + 1..returning),
            batch(key.as_deref())
        ),
        None => format!(
            "{} WHERE {}",
            words.slice(0..returning),
            batch(key.as_deref())
        ),
    };
    if returning < words.len() {
        sql.push(' ');
        sql.push_str(words.slice(returning..words.len()));
    }
    let step = Step::new(1, sql).outside().note(BATCHES);
    Ok(Some(Rewrite::advice(vec![step])))
}

/// `VACUUM FULL` and `CLUSTER`
pub fn repack(case: &Case) -> Result<Option<Rewrite>> {
    let table = case.object_name();
    let sql = format!("-- pg_repack --table={table}");
    let step = Step::new(1, sql).outside().note(
        "A program that writes the table anew beside the old one, and takes the strong lock at the end only.",
    );
    Ok(Some(Rewrite::advice(vec![step])))
}
