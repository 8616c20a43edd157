//! Statements that fail after a type has changed.

use super::ground::Ground;
use super::rows::Change;
use crate::advise::workload::{PlanError, Query};
use crate::cli::what_if::shadow::Shadow;

/// SQLSTATEs whose messages name operators, functions and types, and no values.
const OF_TYPES: [&str; 5] = ["42883", "42804", "42725", "42846", "42P08"];

/// What is known of a statement after a change of a column's type.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It can be planned as it was counted.
    Taken,
    /// It fails, or does with parameters of these types.
    Fails(Change),
    /// That it can't be planned tells nothing, as it could not before either.
    Unknown,
}

/// Tries a statement as it was counted, and then with the types that its parameters had before: many drivers send
/// values so. `before` is none where that is the shadow of what is there now.
pub fn tried(
    ground: &mut Ground<'_>,
    before: Option<&mut Shadow>,
    after: &mut Shadow,
    query: &Query,
) -> anyhow::Result<Verdict> {
    let Some(text) = text(ground, query) else {
        return Ok(Verdict::Unknown);
    };
    let settings = &query.settings;
    let before = before.unwrap_or(&mut ground.shadow);
    let Ok(types) = before.prepared(settings, &text, &[])? else {
        return Ok(Verdict::Unknown);
    };
    if let Err(error) = after.prepared(settings, &text, &[])? {
        return Ok(Verdict::Fails(Change {
            outcome: "fails",
            ..failure(&error)
        }));
    }
    if types.is_empty() {
        return Ok(Verdict::Taken);
    }
    if let Err(error) = after.prepared(settings, &text, &types)? {
        return Ok(Verdict::Fails(Change {
            outcome: "fails with types",
            types,
            ..failure(&error)
        }));
    }
    Ok(Verdict::Taken)
}

/// The text that was counted, else the one that is planned.
pub fn text(ground: &Ground<'_>, query: &Query) -> Option<String> {
    let counted = ground.texts.get(&query.statement).cloned();
    counted.or_else(|| Some(query.variants.first()?.text.clone()))
}

fn failure(error: &PlanError) -> Change {
    Change {
        error: Some(error.code.clone()),
        message: OF_TYPES
            .contains(&error.code.as_str())
            .then(|| error.message.clone()),
        ..Change::default()
    }
}
