//! Makes the advised indexes in a copy.

use std::time::Instant;

use super::copy::Copy;
use crate::advise::index::Chosen;
use crate::cli::progress::Progress;
use crate::collect::connect::ReadError;
use crate::facts::quote::{literal, name};
use crate::report::index_advice::Shown;

/// Classes of SQLSTATE that say nothing of an index: the copy lacks its table or has too little room.
const OF_THE_COPY: [&str; 5] = ["08", "42", "53", "55", "57"];

/// What became of an index.
#[derive(Debug, Clone, PartialEq)]
pub enum Made {
    /// It is there.
    There {
        /// Bytes that it takes, with all its parts.
        bytes: f64,
        /// Time that making it took, seconds.
        seconds: f64,
    },
    /// It could not be made in this copy.
    Not(String),
    /// It can't be made of such rows at all.
    Never(String),
}

/// Makes all of them, and gathers statistics where one is over an expression.
pub fn build(
    copy: &mut Copy,
    shown: &Shown<'_>,
    progress: &mut Progress,
) -> anyhow::Result<Vec<Made>> {
    copy.run(&format!("RESET ALL; {}", Copy::limits()))?;
    let all = &shown.advice.create;
    let mut made = Vec::new();
    for (place, chosen) in all.iter().enumerate() {
        progress.set(place, all.len(), &format!("making {}", chosen.name));
        made.push(one(copy, shown, chosen)?);
    }
    Ok(made)
}

fn one(copy: &mut Copy, shown: &Shown<'_>, chosen: &Chosen) -> anyhow::Result<Made> {
    let names = shown.made(chosen)?;
    for (schema, index) in &names {
        let called = name(schema, index);
        let there = format!("SELECT pg_catalog.to_regclass({})", literal(&called));
        let rows = copy.run(&there)?;
        if rows
            .first()
            .is_some_and(|row| row.first().is_some_and(Option::is_some))
        {
            return Ok(Made::Not(format!("the copy has a {called} already")));
        }
    }
    for (schema, index) in &names {
        copy.makes(schema, index);
    }
    let start = Instant::now();
    for sql in shown.create(chosen)? {
        if let Err(error) = copy.ask(&sql)? {
            return Ok(failed(&error));
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let mut oids = Vec::new();
    for (schema, index) in &names {
        copy.has_made(schema, index)?;
        oids.push(format!(
            "{}::pg_catalog.regclass",
            literal(&name(schema, index))
        ));
    }
    if let Some(analyze) = shown.analyze(chosen) {
        copy.run(&analyze)?;
    }
    let size = format!(
        "SELECT sum(pg_catalog.pg_relation_size(i)) FROM unnest(ARRAY[{}]) i",
        oids.join(", ")
    );
    let rows = copy.run(&size)?;
    let bytes = rows
        .first()
        .and_then(|row| row.first()?.as_deref()?.parse().ok());
    Ok(Made::There {
        bytes: bytes.unwrap_or(0.0),
        seconds,
    })
}

fn failed(error: &ReadError) -> Made {
    let class = error.code().and_then(|code| code.get(..2));
    let is_of_the_copy = class.is_none_or(|class| OF_THE_COPY.contains(&class));
    if is_of_the_copy {
        Made::Not(format!("it could not be made there: {error}"))
    } else {
        Made::Never(format!("it cannot be made: {error}"))
    }
}
