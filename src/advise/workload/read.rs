//! A workload from facts.

use rusqlite::{Connection, Result};

use super::draw::{Columns, texts};
use super::logged::{equally, filed, has_parameters, logged, written};
use super::page::page;
use super::query::{Origin, Query, Unplanned, Variant, Workload};
use super::rows::{Counted, counted, roles};
use super::settings::Settings;

/// How much of a workload is looked at, and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Statements at most; those with the most time are taken.
    pub statements: usize,
    /// Share of the time from which on the rest is left out, 0 to 1.
    pub share: f64,
    /// Texts with values of one statement at most.
    pub samples: usize,
    /// Rows that a LIMIT with a parameter asks for.
    pub page_rows: u64,
}

impl Default for Limits {
    /// Bounds of the work rather than of the advice: 200 statements hold nearly all the time of nearly all
    /// servers; three executions show whether values matter, and each costs a plan for every set of indexes;
    /// 20 rows are a page.
    fn default() -> Self {
        Self {
            statements: 200,
            share: 0.99,
            samples: 3,
            page_rows: 20,
        }
    }
}

/// The statements that the applications of a database ran, weighed by their executions, those with the most
/// time first. Their texts have values where a log or a file has them; else they stay as they are, and values
/// are drawn from statistics beside. [`Workload::settle`] makes them such that a planner takes them.
pub fn read(facts: &Connection, database: i64, limits: &Limits) -> Result<Workload> {
    let mut rows = counted(facts, database)?;
    rows.sort_by(|a, b| {
        let time = |row: &Counted| row.total_ms.unwrap_or(-1.0);
        (time(b).total_cmp(&time(a)))
            .then(b.calls.total_cmp(&a.calls))
            .then(a.statement.cmp(&b.statement))
    });
    let times = rows.iter().filter_map(|row| row.total_ms);
    let mut workload = Workload {
        database,
        total_ms: times.reduce(|a, b| a + b),
        ..Workload::default()
    };
    let settings = Settings::read(facts, database)?;
    let roles = roles(facts, database)?;
    let columns = Columns::new(facts);
    // What can't be planned, such as a dump, may take most of the time: the share is one of the rest.
    let size = size(&workload);
    let plannable = rows.iter().filter(|row| planned(row).is_ok());
    let enough = plannable.map(&size).sum::<f64>() * limits.share;
    let mut covered = 0.0;
    for row in &rows {
        let is_covered = limits.share < 1.0 && covered >= enough && !workload.queries.is_empty();
        match planned(row) {
            Ok(text) if workload.queries.len() < limits.statements && !is_covered => {
                covered += size(row);
                let (name, variants) = variants(facts, &columns, row, text, limits)?;
                workload.queries.push(Query {
                    statement: row.statement,
                    name,
                    weight: row.calls,
                    total_ms: row.total_ms,
                    variants,
                    settings: settings.of(roles.get(&row.statement).copied()),
                });
            }
            Err(because) if workload.unplanned.len() < limits.statements => {
                workload.unplanned.push(Unplanned {
                    statement: row.statement,
                    because,
                });
            }
            _ => {
                workload.tail.statements += 1;
                workload.tail.weight += row.calls;
                workload.tail.total_ms += row.total_ms.unwrap_or(0.0);
            }
        }
    }
    Ok(workload)
}

/// What the share that is covered is counted in: time, or executions where no time is known.
fn size(workload: &Workload) -> impl Fn(&Counted) -> f64 + use<> {
    let timed = workload.total_ms.is_some_and(|ms| ms > 0.0);
    move |row| {
        if timed {
            row.total_ms.unwrap_or(0.0)
        } else {
            row.calls
        }
    }
}

/// The text of a statement that can be planned, or why it can't.
fn planned(row: &Counted) -> std::result::Result<&str, String> {
    let (Some(text), Some(kind)) = (&row.text, &row.kind) else {
        let because = "its text is not known: our role may not see the statements of others, or the server has \
                       thrown the text away";
        return Err(because.to_owned());
    };
    match kind.as_str() {
        "select" | "values" | "insert" | "update" | "delete" | "merge" => Ok(text),
        "unknown" => Err("it begins with no word of the language".to_owned()),
        kind => Err(format!("EXPLAIN plans no statement of kind {kind}")),
    }
}

/// What a file calls a statement, and its texts.
fn variants(
    facts: &Connection,
    columns: &Columns<'_>,
    row: &Counted,
    text: &str,
    limits: &Limits,
) -> Result<(Option<String>, Vec<Variant>)> {
    let filed = filed(facts, row.statement)?;
    let name = filed.iter().find_map(|one| one.name.clone());
    let mut found = written(&filed, limits.samples);
    if found.is_empty() {
        found = logged(facts, row.statement, limits.samples)?;
    }
    if found.is_empty() && !has_parameters(text) {
        found = equally(vec![text.to_owned()], Origin::Written);
    }
    if found.is_empty() {
        let mut texts = texts(columns, row.statement, text, row.longest)?;
        for (_, text) in &mut texts {
            *text = page(text, limits.page_rows);
        }
        texts.insert(0, (Origin::Generic, page(text, limits.page_rows)));
        let share = 1.0 / texts.len() as f64;
        let variants = texts.into_iter().map(|(origin, text)| Variant {
            text,
            origin,
            share,
        });
        found = variants.collect();
    }
    Ok((name, found))
}
