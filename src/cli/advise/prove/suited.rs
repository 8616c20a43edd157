//! The statements of a workload that may be run in a copy.

use std::time::Duration;

use super::copy::Copy;
use super::plan::{called, writes};
use super::runner::ToRun;
use crate::advise::index::proof::Text;
use crate::advise::workload::{Query, Unplanned, Variant};
use crate::cli::what_if::shadow::{settings, statement};
use crate::facts::quote::literal;
use crate::parse::tokenize;

/// Functions of the server that are volatile and do nothing beside giving a value.
const HARMLESS: &str = "'clock_timestamp', 'gen_random_uuid', 'random', 'random_normal', 'timeofday', 'uuidv4', 'uuidv7'";

/// What may be run, and what may not.
#[derive(Debug, Default)]
pub struct Suited {
    /// Texts with values.
    pub run: Vec<ToRun>,
    /// Their statements, by place in the workload, and shares.
    pub texts: Vec<Text>,
    /// Statements that are not run, and why.
    pub not_run: Vec<Unplanned>,
}

/// Sorts a workload. `original` are settings that the copy lacks.
pub fn suited(
    copy: &Copy,
    queries: &[Query],
    original: &[(String, String)],
    limit: Duration,
) -> anyhow::Result<Suited> {
    let mut suited = Suited::default();
    for (place, query) in queries.iter().enumerate() {
        let mut because = None;
        let mut taken: Vec<&Variant> = Vec::new();
        let mut settings = original.to_vec();
        settings.extend(query.settings.iter().cloned());
        for variant in &query.variants {
            if variant.is_generic() {
                continue;
            }
            match refusal(copy, &variant.text, &settings, limit)? {
                None => taken.push(variant),
                Some(why) => because = because.or(Some(why)),
            }
        }
        if taken.is_empty() {
            let mut texts = query.variants.iter();
            let unknown = if texts.any(|variant| is_write(&variant.text)) {
                "it writes"
            } else {
                "its values are not known: no log has them, and none could be drawn from statistics"
            };
            suited.not_run.push(Unplanned {
                statement: query.statement,
                because: because.unwrap_or_else(|| unknown.to_owned()),
            });
            continue;
        }
        let all: f64 = taken.iter().map(|variant| variant.share).sum();
        for variant in taken {
            suited.texts.push(Text {
                query: place,
                share: variant.share / all,
            });
            suited.run.push(ToRun {
                sql: statement(&variant.text).unwrap_or_default().to_owned(),
                settings: settings.clone(),
            });
        }
    }
    Ok(suited)
}

/// Why a text is not run, if it is not.
fn refusal(
    copy: &Copy,
    text: &str,
    wanted: &[(String, String)],
    limit: Duration,
) -> anyhow::Result<Option<String>> {
    let sql = match statement(text) {
        Ok(sql) => sql,
        Err(because) => return Ok(Some(because)),
    };
    let set = format!("{}; {}", settings(wanted), Copy::limits());
    if let Err(error) = copy.ask(&set)? {
        return Ok(Some(error.to_string()));
    }
    copy.run(&format!(
        "BEGIN; SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = {}",
        limit.as_millis()
    ))?;
    let planned = copy.value(&format!("EXPLAIN (VERBOSE, FORMAT JSON) {sql}"))?;
    copy.run("ROLLBACK")?;
    let json = match planned {
        Ok(json) => json,
        Err(error) => return Ok(Some(error.to_string())),
    };
    if let Some(because) = writes(&json) {
        return Ok(Some(because.to_owned()));
    }
    let names: Vec<String> = called(sql, &json)
        .iter()
        .map(|name| literal(name))
        .collect();
    if names.is_empty() {
        return Ok(None);
    }
    // By name alone: what is not known to be harmless is not run.
    let rows = copy.run(&format!(
        "SELECT DISTINCT p.proname FROM pg_catalog.pg_proc p
         WHERE p.provolatile = 'v' AND p.proname IN ({})
           AND NOT (p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace AND p.proname IN ({HARMLESS}))
         ORDER BY 1",
        names.join(", ")
    ))?;
    let volatile: Vec<String> = rows.into_iter().flatten().flatten().collect();
    if volatile.is_empty() {
        return Ok(None);
    }
    Ok(Some(format!(
        "it calls {}(), which is volatile and may do anything",
        volatile.join("(), ")
    )))
}

fn is_write(text: &str) -> bool {
    let mut tokens = tokenize(text).into_iter();
    let first = tokens.find(|token| !token.is_trivia());
    let word = first.map_or("", |token| token.text(text));
    let writes = ["insert", "update", "delete", "merge"];
    writes.iter().any(|known| word.eq_ignore_ascii_case(known))
}
