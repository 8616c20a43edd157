//! Makes what is changed in a shadow.

use anyhow::{Context as _, bail};

use super::ground::{Changed, ask};
use super::options::WhatIfOptions;
use crate::advise::index::{Handle, IndexSpec, Part, WhatIf, sized_as};
use crate::advise::workload::{Origin, Query, Variant};
use crate::cli::what_if::shadow::{Described, Shadow, Size};
use crate::derive::sizes::Tables;
use crate::facts::{Store, human, quote};

/// Shares of rows that a planner takes where nothing tells: for inequalities as of one column with another, and for
/// equalities (`DEFAULT_INEQ_SEL`, `DEFAULT_EQ_SEL` of `selfuncs.h`).
const GUESSES: [f64; 2] = [1.0 / 3.0, 0.005];

/// An index that was made, with what is to be told of it.
pub struct Made {
    /// How questions name it.
    pub handle: Handle,
    /// Its size, in words.
    pub note: String,
}

/// Makes what the options change, and tells about it.
pub fn changed(
    store: &Store,
    database: i64,
    shadow: &mut Shadow,
    options: &WhatIfOptions,
) -> anyhow::Result<(Changed, Vec<String>)> {
    let mut changed = Changed {
        settings: options.set.clone(),
        ..Changed::default()
    };
    let mut notes = Vec::new();
    if !changed.settings.is_empty()
        && let Err(error) = shadow.check(&changed.settings, "SELECT 1")?
    {
        bail!("--set: {}", error.message);
    }
    if !options.create.is_empty() {
        let tables = Tables::read(store.connection(), database)?;
        for ddl in &options.create {
            let made = create(shadow, &tables, ddl)?
                .map_err(|because| anyhow::anyhow!("--create: {because}"))?;
            changed.with.push(made.handle);
            notes.push(made.note);
        }
    }
    for name in &options.drop {
        changed
            .without
            .push(dropped(store, database, name, &mut notes)?);
    }
    Ok((changed, notes))
}

/// Makes a user's index with the size that it would have.
pub fn create(
    shadow: &mut Shadow,
    tables: &Tables,
    ddl: &str,
) -> anyhow::Result<Result<Made, String>> {
    let mut size = None;
    let mut of = |described: &Described, share: f64| {
        let sized = sized_as(tables, described.spec.clone(), share, described.storage);
        size = sized.map(|(sized, size)| {
            (
                Size {
                    pages: sized.pages,
                    rows: sized.rows,
                    height: sized.height,
                },
                size,
            )
        });
        size.map_or(
            Size {
                pages: 1,
                rows: 0.0,
                height: 0,
            },
            |(size, _)| size,
        )
    };
    let (mut handle, spec) = match shadow.create_as(ddl, |it| of(it, 1.0))? {
        Ok(made) => made,
        Err(because) => return Ok(Err(because)),
    };
    let mut is_guess = false;
    if let Some(predicate) = &spec.predicate {
        let share = share(shadow, &spec, predicate)?;
        is_guess = GUESSES
            .iter()
            .any(|guess| (share - guess).abs() < guess / 500.0);
        shadow.forget(&[handle])?;
        handle = match shadow.create_as(ddl, |it| of(it, share))? {
            Ok((handle, _)) => handle,
            Err(because) => return Ok(Err(because)),
        };
    }
    let mut note = match size {
        Some((_, size)) => {
            let rough = if size.is_rough || is_guess {
                ", roughly"
            } else {
                ""
            };
            format!(
                "The index on {} would take {}{rough}.",
                spec.target(),
                human::bytes(size.pages as f64 * 8192.0)
            )
        }
        None => format!(
            "The size of the index on {} is not known: it is planned as if it were of one page.",
            spec.target()
        ),
    };
    if spec
        .keys
        .iter()
        .any(|key| matches!(key.part, Part::Expression(_)))
    {
        let table = quote::name(&spec.schema, &spec.table);
        note.push_str(&format!(
            " Run ANALYZE {table} once it is made: until then the planner knows nothing of its expression's values, \
             and this plan takes what ANALYZE would find of them."
        ));
    }
    Ok(Ok(Made { handle, note }))
}

/// Share of the rows that fulfil a predicate, as the planner estimates it.
pub fn share(shadow: &mut Shadow, spec: &IndexSpec, predicate: &str) -> anyhow::Result<f64> {
    let table = quote::name(&spec.schema, &spec.table);
    let text = |text: String| Variant {
        text,
        origin: Origin::Written,
        share: 0.5,
    };
    let query = Query {
        variants: vec![
            text(format!("SELECT 1 FROM {table}")),
            text(format!("SELECT 1 FROM {table} WHERE {predicate}")),
        ],
        ..Query::default()
    };
    let answers = ask(shadow, &[query], &Changed::default())?;
    let rows: Vec<f64> = answers
        .into_iter()
        .flatten()
        .filter_map(|answer| rows(&answer.ok()?.json))
        .collect();
    Ok(match rows.as_slice() {
        [all, some] if *all > 0.0 => (some / all).clamp(0.0, 1.0),
        _ => 1.0,
    })
}

fn rows(json: &str) -> Option<f64> {
    let plans = crate::parse::plan::read(json).ok()?;
    plans.first()?.nodes.first()?.rows
}

/// The index of a name (`indexes.id`).
fn dropped(
    store: &Store,
    database: i64,
    name: &str,
    notes: &mut Vec<String>,
) -> anyhow::Result<i64> {
    let mut found = store.connection().prepare(
        "SELECT id, schema, name, is_unique, constraint_name FROM indexes
         WHERE database_id = ?1 AND (name = ?2 OR schema || '.' || name = ?2) ORDER BY id",
    )?;
    let found: Vec<(i64, String, String, bool, Option<String>)> = found
        .query_map(rusqlite::params![database, name], |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            ))
        })?
        .collect::<Result<_, _>>()?;
    match found.as_slice() {
        [(id, _, name, is_unique, constraint)] => {
            if let Some(constraint) = constraint {
                notes.push(format!(
                    "The index {name} backs the constraint {constraint}, which would go with it."
                ));
            } else if *is_unique {
                notes.push(format!(
                    "The index {name} is unique: without it nothing keeps its columns so."
                ));
            }
            Ok(*id)
        }
        [] => bail!("--drop: there is no index {name}; `pgtriage indexes` lists them"),
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|(_, schema, name, ..)| format!("{schema}.{name}"))
                .collect();
            bail!(
                "--drop: several indexes are called {name}: {}",
                names.join(", ")
            )
        }
    }
}

/// Major version that the change is planned with, if that is another.
pub fn other_major(store: &Store, options: &WhatIfOptions) -> anyhow::Result<Option<u32>> {
    let Some(major) = options.major else {
        return Ok(None);
    };
    let now: i64 = store
        .connection()
        .query_row("SELECT max(version_num) / 10000 FROM nodes", [], |row| {
            row.get::<_, Option<i64>>(0)
        })?
        .context("the facts do not tell the version of the server")?;
    if i64::from(major) == now {
        bail!("--major: the server is of version {now} already");
    }
    Ok(Some(major))
}
