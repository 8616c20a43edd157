//! What shows only when the whole of a file is known.

use foldhash::{HashMap, HashMapExt};
use serde_json::{Map, Value};

use super::outcome::{Outcome, Record};
use crate::parse::ddl::Catalog;
use crate::parse::ddl::effect::{Target, has_index};
use crate::parse::ddl::statement::Name;

/// Adds to the effects what later statements of the file say of them. The catalog is as it is
/// after the part that migrates.
pub(super) fn finish(outcome: &mut Outcome, catalog: &Catalog) {
    for record in &mut outcome.records {
        foreign_keys(record, catalog);
    }
    indexes(outcome);
}

/// Whether [`finish`] may add to the details of an effect.
pub(super) fn adds_to(form: &str, details: &Map<String, Value>) -> bool {
    form.starts_with("drop index") || details.contains_key("fk_indexed")
}

/// Whether foreign keys have an index in the end.
fn foreign_keys(record: &mut Record, catalog: &Catalog) {
    for done in &mut record.effects {
        let effect = &mut done.effect;
        let known = effect.details.get("fk_indexed");
        if known.is_none_or(|known| *known == Value::Bool(true)) {
            continue;
        }
        let Some(columns) = effect.details.get("columns").and_then(names) else {
            continue;
        };
        if let Some(indexed) = has_index(catalog, &name(&effect.target), &columns) {
            let indexed = Value::Bool(indexed);
            effect.details.insert("fk_indexed".to_owned(), indexed);
        }
    }
}

fn names(list: &Value) -> Option<Vec<String>> {
    let names = list.as_array()?.iter();
    names
        .map(|name| name.as_str().map(ToOwned::to_owned))
        .collect()
}

fn name(target: &Target) -> Name {
    Name {
        schema: target.schema.clone(),
        name: target.name.clone(),
    }
}

/// Indexes that are dropped and made again.
fn indexes(outcome: &mut Outcome) {
    let mut dropped: HashMap<&str, (usize, usize)> = HashMap::new();
    let mut again = Vec::new();
    for (r, record) in outcome.records.iter().enumerate() {
        for (e, done) in record.effects.iter().enumerate() {
            let effect = &done.effect;
            if effect.form.starts_with("drop index") && effect.part == "index" {
                dropped.insert(&effect.target.name, (r, e));
            } else if effect.form.starts_with("create index")
                && let Some(name) = &effect.object
            {
                again.extend(dropped.remove(name.as_str()));
            }
        }
    }
    for (r, e) in again {
        let details = &mut outcome.records[r].effects[e].effect.details;
        details.insert("made_again".to_owned(), Value::Bool(true));
    }
}
