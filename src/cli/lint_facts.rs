//! What migrations are linted against: nothing, a schema, a snapshot or a server; and what they do
//! to it, as facts.

use anyhow::{Context as _, bail};
use rusqlite::Connection;

use super::context::Context;
use super::lint::Args;
use super::lint_plans::{self, may_matter};
use super::source::Source;
use crate::advise::migration::rewrites;
use crate::facts::Store;
use crate::parse::ddl::Catalog;
use crate::parse::migration::{File, SimulateOptions, simulate};

/// A facts database with what is known of the server, and with what the files do.
pub fn filled(args: &Args, context: &Context, files: &[File]) -> anyhow::Result<Store> {
    let Some(store) = known(args, context, may_matter(files))? else {
        if args.for_database.is_some() {
            bail!(
                "--for-database names one of several databases of a snapshot or server; give that too"
            );
        }
        let store = Store::in_memory()?;
        let major = context.settings.lint.pg_version;
        run(
            &store,
            &Catalog::lenient(major.unwrap_or(OLDEST)),
            files,
            major,
        )?;
        return Ok(store);
    };
    let major = context.settings.lint.pg_version;
    let (database, base, options) = followed(&store, args.for_database.as_deref(), files, major)?;
    let on = (database, &base);
    lint_plans::fill(&store, on, files, options, &args.programs, context)?;
    Ok(store)
}

/// What is known of the server, where arguments or settings say from where. A server is asked for values of
/// statistics only where plans are compared; they stay in memory.
pub fn known(args: &Args, context: &Context, plans: bool) -> anyhow::Result<Option<Store>> {
    let mut source = context.settings.source.clone();
    // A linter contacts a server only where it is told to by its own arguments.
    source.dbname.clone_from(&args.live.dbname);
    if plans && source.snapshot.is_none() {
        source.with_values = Some(true);
    }
    // A script is the user's own, and plans go by its values.
    if plans && source.workload.is_some() && source.logs.is_none() {
        source.keep_literals = Some(true);
    }
    if source.dbname.is_none() && source.snapshot.is_none() && !source.has_files() {
        return Ok(None);
    }
    Ok(Some(Source::new(&source)?.load(context)?))
}

/// Adds what the files do to a database of that name, or to the only one; without a major version
/// it is that of the facts.
pub fn follow(
    store: &Store,
    for_database: Option<&str>,
    files: &[File],
    major: Option<u32>,
) -> anyhow::Result<()> {
    followed(store, for_database, files, major)?;
    Ok(())
}

/// The same, with the database, what was known of it, and how the files were followed.
fn followed(
    store: &Store,
    for_database: Option<&str>,
    files: &[File],
    major: Option<u32>,
) -> anyhow::Result<(i64, Catalog, SimulateOptions)> {
    let facts = store.connection();
    // A server of which nothing tells the version has a number, but no name of it.
    let oldest = "SELECT min(version_num) / 10000 FROM nodes WHERE version IS NOT NULL";
    let of_facts: Option<u32> = facts.query_row(oldest, [], |row| row.get(0))?;
    let major = major.or(of_facts);
    let database = database(facts, for_database)?;
    let base = Catalog::from_facts(facts, database)?;
    run(store, &base, files, major)?;
    Ok((database, base, SimulateOptions { major }))
}

/// Version that is judged by where none is known: the oldest that is still maintained.
const OLDEST: u32 = 14;

fn run(store: &Store, base: &Catalog, files: &[File], major: Option<u32>) -> anyhow::Result<()> {
    let options = SimulateOptions { major };
    let facts = store.connection();
    simulate(facts, base, files, &options).context("migrations cannot be followed")?;
    Ok(rewrites(facts, major)?)
}

/// The database that the migrations are for: the one that was named, else the only one.
fn database(facts: &Connection, named: Option<&str>) -> anyhow::Result<i64> {
    let mut statement =
        facts.prepare("SELECT id, name FROM databases WHERE is_collected ORDER BY name")?;
    let databases: Vec<(i64, String)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let names = || {
        let names: Vec<&str> = databases.iter().map(|(_, name)| name.as_str()).collect();
        names.join(", ")
    };
    match (named, databases.as_slice()) {
        (Some(named), _) => match databases.iter().find(|(_, name)| name == named) {
            Some((id, _)) => Ok(*id),
            None => bail!("the facts know no database {named}; they know {}", names()),
        },
        (None, [(id, _)]) => Ok(*id),
        (None, []) => bail!("the facts know no database to lint against"),
        (None, _) => bail!(
            "there are facts of several databases ({}); say which the migrations are for: --for-database NAME",
            names()
        ),
    }
}
