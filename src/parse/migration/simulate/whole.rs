//! What shows only when the whole of a file is known.

use serde_json::Value;

use super::outcome::{Done, Outcome};

/// Adds to the effects what later statements of the file say of them.
pub(super) fn finish(outcome: &mut Outcome) {
    let mut indexed: Vec<(usize, usize, &'static str)> = Vec::new();
    let mut made = Vec::new();
    let mut wanting = Vec::new();
    for (r, record) in outcome.records.iter().enumerate() {
        for (e, done) in record.effects.iter().enumerate() {
            let details = &done.effect.details;
            if details.get("fk_indexed") == Some(&Value::Bool(false)) {
                wanting.push((r, e));
            } else if done.effect.form.starts_with("drop index") && details.contains_key("columns")
            {
                wanting.push((r, e));
            }
            if makes_index(done) && !record.is_rolled_back {
                made.push((r, e));
            }
        }
    }
    if made.is_empty() {
        return;
    }
    for (r, e) in wanting {
        let wanted = &outcome.records[r].effects[e];
        let direction = outcome.records[r].direction;
        let foreign = wanted.effect.details.contains_key("fk_indexed");
        let later = made.iter().any(|&(mr, me)| {
            let maker = &outcome.records[mr];
            (mr, me) > (r, e)
                && maker.direction == direction
                && same_table(wanted, &maker.effects[me])
                && covers(wanted, &maker.effects[me], foreign)
        });
        if later {
            indexed.push((r, e, if foreign { "fk_indexed" } else { "made_again" }));
        }
    }
    for (r, e, key) in indexed {
        let details = &mut outcome.records[r].effects[e].effect.details;
        details.insert(key.to_owned(), Value::Bool(true));
    }
}

/// Whether an effect makes an index of which the columns are known.
fn makes_index(done: &Done) -> bool {
    let form = done.effect.form;
    let makes = [
        "create index",
        "add unique",
        "add primary key",
        "create table index",
    ]
    .iter()
    .any(|words| form.starts_with(words));
    makes && done.effect.details.contains_key("columns")
}

fn same_table(a: &Done, b: &Done) -> bool {
    let (a, b) = (&a.effect, &b.effect);
    let table = |effect: &crate::parse::ddl::effect::Effect| {
        let named = effect.details.get("table").and_then(Value::as_str);
        named.map(ToOwned::to_owned)
    };
    let name = |effect| table(effect).unwrap_or_else(|| effect.target.name.clone());
    a.target.schema == b.target.schema && name(a) == name(b)
}

/// Whether an index is of the columns of a foreign key, or of those of one that went.
fn covers(wanted: &Done, maker: &Done, foreign: bool) -> bool {
    let columns = |done: &Done| done.effect.details.get("columns").cloned();
    let (Some(Value::Array(wanted)), Some(Value::Array(made))) = (columns(wanted), columns(maker))
    else {
        return false;
    };
    if !foreign {
        return wanted == made;
    }
    let partial = maker
        .effect
        .details
        .get("where")
        .is_some_and(|w| !w.is_null());
    let leading = made.get(..wanted.len());
    !partial && leading.is_some_and(|leading| wanted.iter().all(|c| leading.contains(c)))
}
