//! The files, one after the other.

use super::chain::{before, migrations};
use super::changes::{Made, name};
use super::compare::{Asked, Carried, compare};
use super::ground::{Ground, Unknown};
use super::rows::{Change, Check};
use super::steps::{Migration, Step, What};
use crate::cli::context::Context;
use crate::cli::what_if::shadow::{Programs, Shadow};
use crate::derive::shadow::changes::Keeps;
use crate::facts::Store;
use crate::parse::ddl::Catalog;
use crate::parse::migration::{File, SimulateOptions};

/// Whether files that are judged may drop an index or change a type, by their words: values of statistics are
/// asked of a server only then.
pub fn may_matter(files: &[File]) -> bool {
    let judged = files.iter().filter(|file| file.is_judged);
    let mut texts = judged.map(|file| file.text.to_ascii_lowercase());
    texts.any(|text| {
        let has = |word: &str| text.contains(word);
        has("drop") && (has("index") || has("constraint")) || has("alter") && has("type")
    })
}

/// Compares plans before and after each file that drops an index or changes a type.
pub fn fill(
    store: &Store,
    (database, base): (i64, &Catalog),
    files: &[File],
    simulated: SimulateOptions,
    programs: &Programs,
    context: &Context,
) -> anyhow::Result<()> {
    let all = migrations(store, base, files, simulated)?;
    let is_asked = |one: &Migration| one.is_judged && wanted(one).next().is_some();
    if !all.iter().any(is_asked) {
        return Ok(());
    }
    let asked = all.iter().filter(|one| one.is_judged).flat_map(wanted);
    let concerned = asked.filter_map(Step::relation).collect();
    let mut ground = match Ground::start(store, database, &concerned, programs, context)? {
        Ok(ground) => ground,
        Err(unknown) => {
            for step in all.iter().filter(|one| one.is_judged).flat_map(wanted) {
                unjudged(store, step, &unknown)?;
            }
            return Ok(());
        }
    };
    for (at, one) in all.iter().enumerate().filter(|(_, one)| is_asked(one)) {
        file(&mut ground, before(&all, at), one)?;
    }
    Ok(())
}

fn wanted(one: &Migration) -> impl Iterator<Item = &Step> {
    one.steps.iter().filter(|step| step.is_wanted())
}

fn unjudged(store: &Store, step: &Step, unknown: &Unknown) -> anyhow::Result<()> {
    let check = Check {
        effect: step.effect,
        because: Some(unknown.because.clone()),
        remedy: unknown.remedy.clone(),
        ..Check::default()
    };
    Ok(check.write(store.connection())?)
}

/// Compares plans before and after a file.
fn file(ground: &mut Ground<'_>, earlier: &[Migration], one: &Migration) -> anyhow::Result<()> {
    let mut made = Made::nothing(ground);
    for (path, step) in
        (earlier.iter()).flat_map(|one| one.steps.iter().map(|step| (&one.path, step)))
    {
        made.add(ground, path, step)?;
    }
    let mut old = if made.changes.statements.is_empty() {
        None
    } else {
        Some(ground.changed(&made.changes)?)
    };
    for step in &one.steps {
        made.add(ground, &one.path, step)?;
    }
    let mut new = match ground.changed(&made.changes) {
        Ok(new) => new,
        Err(error) => {
            let unknown = Unknown {
                because: format!("a shadow can't be made: {error:#}"),
                remedy: None,
            };
            return wanted(one).try_for_each(|step| unjudged(ground.store, step, &unknown));
        }
    };
    // An index that takes the place of another, and could not be made, would make all look dearer.
    let creates = |step: &&Step| matches!(step.what, What::Create { .. });
    let missing = one.steps.iter().filter(creates).find_map(|step| {
        let because = refusal(&made, &new, &one.path, step)?;
        Some(format!(
            "the index of line {} is not imitated: {because}",
            step.line
        ))
    });
    let mut asked = Asked {
        wanted: Vec::new(),
        carried: Vec::new(),
    };
    for step in wanted(one) {
        let refused = refusal(&made, &new, &one.path, step)
            .map(|because| format!("the shadow refuses it: {because}"));
        if let Some(because) = refused.or_else(|| missing.clone()) {
            let remedy = None;
            unjudged(ground.store, step, &Unknown { because, remedy })?;
        } else {
            asked.wanted.push(step);
            asked.carried.push(carried(&made, &new, step));
        }
    }
    if asked.wanted.is_empty() {
        return Ok(());
    }
    let (changes, compared) = compare(ground, old.as_mut(), &mut new, &asked)?;
    write(ground, &asked, &changes, compared)
}

fn write(
    ground: &Ground<'_>,
    asked: &Asked<'_>,
    changes: &[Change],
    compared: usize,
) -> anyhow::Result<()> {
    let facts = ground.store.connection();
    for step in &asked.wanted {
        let check = Check {
            effect: step.effect,
            statements: compared,
            unplanned: ground.workload.unplanned.len(),
            ..Check::default()
        };
        check.write(facts)?;
    }
    for change in changes {
        change.write(facts)?;
    }
    Ok(())
}

/// Why the shadow does not have a step.
fn refusal(made: &Made, new: &Shadow, path: &str, step: &Step) -> Option<String> {
    let called = name(path, step);
    let left_out = new.left_out().iter().find(|one| one.object == called);
    let because = made.refused.get(&called);
    because
        .or_else(|| left_out.map(|one| &one.because))
        .map(|because| without_values(because).to_owned())
}

/// A message of the server up to the value in it.
fn without_values(message: &str) -> &str {
    message.split(": \"").next().unwrap_or(message)
}

/// What stays known of a column with another type.
fn carried(made: &Made, new: &Shadow, step: &Step) -> Carried {
    let What::Retype {
        relation: Some(relation),
        column,
        ..
    } = &step.what
    else {
        return Carried::All;
    };
    let mut refused = new.left_out().iter();
    if refused
        .any(|one| one.object.ends_with(" under a new type") && one.relations.contains(relation))
    {
        return Carried::Nothing;
    }
    let retyped = made.changes.retyped.iter();
    let of = retyped.filter(|one| one.relation == *relation && one.column == *column);
    let keeps: Vec<Keeps> = of.map(|one| one.keeps).collect();
    if keeps.contains(&Keeps::Nothing) {
        Carried::Nothing
    } else if keeps.contains(&Keeps::Values) {
        Carried::Values
    } else {
        Carried::All
    }
}

#[cfg(test)]
mod tests {
    use super::without_values;

    #[test]
    fn values_are_not_told() {
        for (message, told) in [
            (
                "invalid input syntax for type integer: \"secret\"",
                "invalid input syntax for type integer",
            ),
            (
                "operator does not exist: text = integer",
                "operator does not exist: text = integer",
            ),
            (
                "relation \"a\" does not exist",
                "relation \"a\" does not exist",
            ),
        ] {
            assert_eq!(without_values(message), told);
        }
    }
}
