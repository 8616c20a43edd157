//! `advise index --write`: what makes and drops indexes as migrations.

use std::path::Path;

use crate::advise::index::{Cause, Chosen, Drop};
use crate::advise::migration::fixes::Fix;
use crate::cli::context::{Context, Rules};
use crate::cli::fix_files;
use crate::facts::quote::name;
use crate::facts::{Store, human};
use crate::parse::migration::Layout;
use crate::report::index_advice::{Shown, bytes};

/// What stands in place of a rule where the search says it.
const ADVICE: &str = "advise/index";

/// Creates first, since some drops go by them; then drops, then what is done by hand to indexes that are not valid.
pub fn fixes(shown: &Shown<'_>) -> anyhow::Result<Vec<Fix>> {
    let mut fixes = Vec::new();
    for chosen in &shown.advice.create {
        fixes.push(create(shown, chosen)?);
    }
    fixes.extend(shown.drops.go.iter().map(dropped));
    let mut statement = shown.store.connection().prepare(
        "SELECT rule, object, detail, fix, undo FROM findings
         WHERE rule = 'index/invalid' AND fix IS NOT NULL ORDER BY object",
    )?;
    let invalid = statement.query_map([], |row| {
        Ok(Fix {
            rule: row.get(0)?,
            object: row.get(1)?,
            detail: row.get(2)?,
            sql: row.get(3)?,
            undo: row.get(4)?,
            needs: Vec::new(),
        })
    })?;
    for fix in invalid {
        let fix = fix?;
        if !fixes.iter().any(|other| other.object == fix.object) {
            fixes.push(fix);
        }
    }
    Ok(fixes)
}

fn create(shown: &Shown<'_>, chosen: &Chosen) -> anyhow::Result<Fix> {
    let share = chosen.gain / shown.advice.before.max(f64::MIN_POSITIVE);
    let count = chosen.effects.len();
    Ok(Fix {
        rule: ADVICE.to_owned(),
        object: name(&chosen.sized.spec.schema, &chosen.name),
        detail: format!(
            "of {} serves {}; without it the workload would cost {} of now more",
            human::bytes(bytes(chosen)),
            crate::report::plural(count, "statement"),
            human::percent(share)
        ),
        sql: format!("{};", shown.statements(chosen)?.join(";\n")),
        undo: Some(format!("{};", shown.undo(chosen)?)),
        needs: Vec::new(),
    })
}

fn dropped(drop: &Drop) -> Fix {
    let rule = match drop.cause {
        Cause::Unused => "index/unused",
        Cause::Duplicate => "index/duplicate",
        Cause::Covered => "index/redundant-prefix",
        Cause::Replaced(_) => ADVICE,
    };
    Fix {
        rule: rule.to_owned(),
        object: drop.object.clone(),
        detail: drop.because.clone(),
        sql: drop.sql.clone(),
        undo: drop.undo.clone(),
        // Creates stand first, in the order in which drops count them.
        needs: drop.needs.clone(),
    }
}

/// Writes them into a folder, and says what is to be said against them.
pub fn write(
    context: &Context,
    rules: &Rules,
    store: &mut Store,
    database: i64,
    fixes: &[Fix],
    folder: &Path,
    layout: Layout,
) -> anyhow::Result<()> {
    if fixes.is_empty() {
        context.say.note("There is nothing to write.");
        return Ok(());
    }
    let sql = "SELECT name FROM databases WHERE id = ?1";
    let database: String = store
        .connection()
        .query_row(sql, [database], |row| row.get(0))?;
    fix_files::write(
        context,
        rules,
        store,
        Some(&database),
        fixes,
        folder,
        layout,
    )
}
