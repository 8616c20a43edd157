//! Settings: what was changed since the earlier snapshot, and what is advised.

use std::collections::BTreeMap;

use super::input::{Input, Limits};
use super::page::{Block, Cell, Section, Table, Tone, cut};
use crate::facts::{FactsError, Store, human};
use crate::report::settings::changes;

/// Characters of a value.
const VALUE: usize = 200;

/// Settings that tell of the moment, not of anybody's choice.
const OF_THE_MOMENT: [&str; 4] = [
    "in_hot_standby",
    "transaction_isolation",
    "transaction_read_only",
    "transaction_deferrable",
];

/// The part.
pub fn section(input: &Input<'_>, limits: Limits) -> Result<Section, FactsError> {
    let mut blocks = Vec::new();
    if let Some(earlier) = &input.earlier {
        let (now, then) = (values(input.store)?, values(earlier.store)?);
        let mut names: Vec<&Name> = now.keys().chain(then.keys()).collect();
        names.sort();
        names.dedup();
        let changed = names.into_iter().filter(|name| differs(name, &now, &then));
        let heads = ["setting", "for", "before", "now"];
        let mut table = Table::new("Changed since the earlier snapshot", &heads);
        table.take(limits.list * 5, changed, |name| {
            let value = |side: &Values| match side.get(name).cloned().flatten() {
                Some(value) => Cell::code(cut(&value, VALUE)),
                None => Cell::new("not set").toned(Tone::Dim),
            };
            let of = name.0.trim_end_matches(" (own)");
            let of = if of.is_empty() { "all roles" } else { of };
            vec![
                Cell::code(name.1.clone()),
                Cell::new(of),
                value(&then),
                value(&now),
            ]
        });
        if now.is_empty() || then.is_empty() {
            blocks.push(Block::Note(
                "Settings cannot be compared: one of the two snapshots has none.".to_owned(),
            ));
        } else if table.rows.is_empty() {
            blocks.push(Block::Text(format!(
                "No setting was changed since {}.",
                earlier.when()
            )));
        } else {
            blocks.push(Block::Table(table));
        }
    }
    let node = input.view.server.nodes.first();
    let label = node.map_or("", |node| node.label.as_str());
    let findings = input.view.findings.iter().copied();
    let advised = changes(findings, label);
    if advised.is_empty() {
        blocks.push(Block::Text(
            "No setting is advised to be changed.".to_owned(),
        ));
    } else {
        let mut table = Table::new(
            "Advised, with the statements under Findings",
            &[
                "severity",
                "setting",
                "now",
                "advised",
                "takes effect",
                "why",
            ],
        );
        table.take(limits.list * 2, advised, |change| {
            let place = change.place.as_ref();
            let place = place.map_or_else(String::new, |place| format!(" of {place}"));
            vec![
                Cell::new(change.severity.as_str()).toned(Tone::of(change.severity)),
                Cell::code(cut(&format!("{}{place}", change.setting), VALUE)),
                match &change.now {
                    Some(now) => Cell::code(cut(now, VALUE)),
                    None => Cell::new("not visible").toned(Tone::Dim),
                },
                Cell::code(cut(&change.advised, VALUE)),
                Cell::new(change.applies),
                Cell::new(cut(&change.reason, VALUE)),
            ]
        });
        blocks.push(Block::Table(table));
    }
    Ok(Section {
        id: "settings",
        title: "Settings",
        blocks,
    })
}

/// A setting: whom it holds for, and its name.
type Name = (String, String);

/// Values of settings; `None`: not known. Those of roles and databases stand in the map only where they are set.
fn values(store: &Store) -> Result<BTreeMap<Name, Option<String>>, FactsError> {
    let mut statement = store.connection().prepare(
        "SELECT n.label, s.name, s.server_value, s.unit, s.server_value_num
         FROM settings s JOIN nodes n ON n.id = s.node_id
         UNION ALL
         SELECT trim(coalesce('role ' || r.name, '') || ' ' || coalesce('database ' || d.name, '')) || ' (own)', x.name,
                coalesce(x.value, ''), NULL, NULL
         FROM role_settings x LEFT JOIN roles r ON r.id = x.role_id LEFT JOIN databases d ON d.id = x.database_id",
    )?;
    let rows = statement.query_map([], |row| {
        let (value, unit): (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
        let figure: Option<f64> = row.get(4)?;
        let value = value.map(|value| match (unit, figure) {
            (Some(unit), Some(figure)) if figure > 0.0 => worded(&unit, figure),
            _ => value,
        });
        Ok(((row.get(0)?, row.get::<_, String>(1)?), value))
    })?;
    let all = rows.collect::<Result<BTreeMap<_, _>, _>>()?;
    let kept = all.into_iter();
    Ok(kept
        .filter(|((_, name), _)| !OF_THE_MOMENT.contains(&name.as_str()))
        .collect())
}

/// A value in base units, with its unit as PostgreSQL has it.
fn worded(unit: &str, figure: f64) -> String {
    if unit.ends_with('B') {
        human::bytes(figure)
    } else {
        human::ms(figure)
    }
}

/// Whether a setting differs. One that a server does not have, or that cannot be seen, is not known to.
fn differs(name: &Name, now: &Values, then: &Values) -> bool {
    match (now.get(name), then.get(name)) {
        (Some(Some(now)), Some(Some(then))) => now != then,
        (Some(_), Some(_)) => false,
        _ => name.0.ends_with(" (own)"),
    }
}

type Values = BTreeMap<Name, Option<String>>;
