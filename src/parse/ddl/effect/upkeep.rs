//! Locks, truncation, and what keeps tables in shape.

use serde_json::Value;

use super::lock::Lock;
use super::referencing::referencing;
use super::sink::{Sink, thing};
use crate::parse::ddl::catalog::Relation;
use crate::parse::ddl::dml::TableRef;
use crate::parse::ddl::kind::ObjectKind;
use crate::parse::ddl::statement::{Name, Vacuum};

/// `LOCK TABLE`
pub(super) fn lock(sink: &mut Sink, said: &TableRef, mode: Lock, nowait: bool) {
    let table = sink.table(&said.name);
    let target = sink.target_of(&table, "table");
    let outside = !sink.context.in_block;
    let effect = sink.add("lock table", "table", target);
    effect.lock = Some(mode);
    if outside {
        effect.fails("25P01");
    }
    if nowait {
        effect.with("nowait", true);
    }
    let Some(place) = table.place.filter(|_| !said.only) else {
        return;
    };
    for child in sink.catalog.descendants(place).unwrap_or_default() {
        if let Some(effect) = sink.add_place("lock table", "partition", child) {
            effect.lock = Some(mode);
        }
    }
}

/// `TRUNCATE`
pub(super) fn truncate(
    sink: &mut Sink,
    said: &TableRef,
    restart_identity: bool,
    cascade: bool,
    all: &[&Name],
) {
    let table = sink.table(&said.name);
    let target = sink.target_of(&table, "table");
    let missing = table.place.is_none() && sink.catalog.complete;
    let effect = sink.add("truncate", "table", target);
    if restart_identity {
        effect.with("restart_identity", true);
    }
    if cascade {
        effect.with("cascade", true);
    }
    if missing {
        effect.fails("42P01");
    }
    let place = sink.found.len() - 1;
    let Some(at) = table.place else {
        return;
    };
    if restart_identity {
        sequences(sink, at);
    }
    if !said.only {
        sink.add_below("truncate", "partition", Some(at));
    }
    let named: Vec<usize> = all
        .iter()
        .filter_map(|name| sink.table(name).place)
        .collect();
    let mut seen = vec![at];
    let mut left = vec![at];
    while let Some(at) = left.pop() {
        for other in referencing(sink.catalog, at, None) {
            if !seen.contains(&other) && !named.contains(&other) {
                seen.push(other);
                left.push(other);
            }
        }
    }
    let others = seen.split_off(1);
    if others.is_empty() {
        return;
    }
    let names = others
        .iter()
        .filter_map(|at| Some(sink.catalog.relations.get(*at)?.name.clone()));
    let names: Vec<Value> = names.map(Value::from).collect();
    let effect = &mut sink.found[place];
    effect.with("referenced_by", names);
    if !cascade {
        effect.fails("0A000");
        return;
    }
    for other in others {
        sink.add_place("truncate", "referencing", other);
        if restart_identity {
            sequences(sink, other);
        }
    }
}

/// Sequences begin anew with the tables that own them.
fn sequences(sink: &mut Sink, place: usize) {
    let owned = sink
        .catalog
        .relations
        .get(place)
        .map(|known| known.sequences.clone());
    for sequence in owned.unwrap_or_default() {
        if let Some(target) = sink.sequence_target(sequence) {
            sink.add("truncate", "sequence", target);
        }
    }
}

/// `VACUUM` and `ANALYZE`
pub(super) fn vacuum(sink: &mut Sink, said: &Vacuum) {
    if said.tables.is_empty() {
        let form = match (said.vacuums, said.full) {
            (true, true) => "vacuum full database",
            (true, false) => "vacuum database",
            _ => "analyze database",
        };
        sink.add(form, "database", thing("", "database"));
        return;
    }
    let form = match (said.vacuums, said.full) {
        (true, true) => "vacuum full",
        (true, false) => "vacuum",
        _ => "analyze",
    };
    for (n, vacuumed) in said.tables.iter().enumerate() {
        if said.tables.len() > 1 {
            sink.next(n + 1, &vacuumed.span);
        }
        let table = sink.table(&vacuumed.name);
        let target = sink.target_of(&table, "table");
        sink.add(form, "table", target);
        let partitioned = table.relation.is_some_and(Relation::is_partitioned);
        sink.add_below(form, "partition", table.place.filter(|_| partitioned));
    }
}

/// `CLUSTER`
pub(super) fn cluster(sink: &mut Sink, table: Option<&Name>, index: Option<&str>) {
    let Some(name) = table else {
        sink.add("cluster database", "database", thing("", "database"));
        return;
    };
    let table = sink.table(name);
    let partitioned = table.relation.is_some_and(Relation::is_partitioned);
    let form = if partitioned {
        "cluster partitioned"
    } else {
        "cluster"
    };
    let target = sink.target_of(&table, "table");
    let never = table.relation.is_some_and(|known| {
        let mut indexes = known
            .indexes
            .iter()
            .filter_map(|at| sink.catalog.indexes.get(*at));
        !known.implied && !indexes.any(|index| index.clustered)
    });
    let effect = sink.add(form, "table", target);
    effect.object = index.map(ToOwned::to_owned);
    if index.is_none() && never && effect.error.is_none() {
        effect.fails("42704");
    }
    sink.add_below("cluster", "partition", table.place.filter(|_| partitioned));
}

/// `REFRESH MATERIALIZED VIEW`
pub(super) fn refresh(sink: &mut Sink, name: &Name, concurrently: bool, with_data: bool) {
    let view = sink.table(name);
    let form = match (concurrently, with_data) {
        (true, _) => "refresh concurrently",
        (false, true) => "refresh",
        (false, false) => "refresh without data",
    };
    let has_key = view.relation.filter(|known| !known.implied).map(|known| {
        let mut indexes = known
            .indexes
            .iter()
            .filter_map(|at| sink.catalog.indexes.get(*at));
        indexes.any(|index| {
            let plain = |key: &crate::parse::ddl::catalog::Key| {
                matches!(key.of, crate::parse::ddl::catalog::KeyOf::Column(_))
            };
            index.unique && index.predicate.is_none() && index.keys.iter().all(plain)
        })
    });
    // Where columns are not known, neither are the keys of all indexes.
    let has_key = has_key.filter(|has_key| *has_key || !view.is_open());
    let target = sink.target_of(&view, "materialized view");
    let missing = view.place.is_none() && sink.catalog.complete;
    let effect = sink.add(form, "materialized view", target);
    if form == "refresh" {
        // Its rows are read again where indexes are built of them.
        effect.scans = effect.builds;
    }
    effect.with("unique_index", has_key.map_or(Value::Null, Value::from));
    if missing {
        effect.fails("42P01");
    } else if concurrently && has_key == Some(false) {
        effect.fails("55000");
    }
}

/// `ALTER … ALL IN TABLESPACE`
pub(super) fn move_all(sink: &mut Sink, kind: ObjectKind, from: &str, to: &str) {
    let effect = sink.add("move all", "tablespace", thing(from, "tablespace"));
    effect.about(to).with("kind", kind.word());
    let moved = sink.catalog.relations.iter().filter(|(_, known)| {
        known.tablespace.as_deref() == Some(from) && known.kind == kind.word()
    });
    for place in moved.map(|(place, _)| place).collect::<Vec<_>>() {
        sink.add_place("move all", "table", place);
    }
}
