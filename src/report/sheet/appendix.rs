//! What the report rests on, and what it could not tell.

use super::input::{Input, Limits, moment};
use super::page::{Block, Cell, Section, Table, cut};
use crate::facts::{FactsError, Store};
use crate::report::gaps;

/// Characters of a reason or remedy.
const REASON: usize = 600;

/// The part.
pub fn section(input: &Input<'_>, limits: Limits) -> Result<Section, FactsError> {
    let mut blocks = vec![Block::Table(servers(input.store)?)];
    let resets = resets(input.store, limits)?;
    if !resets.rows.is_empty() {
        blocks.push(Block::Table(resets));
    }
    let missing = missing(input.store, limits)?;
    if !missing.is_empty() {
        blocks.push(Block::Heading(
            "What could not be read, why, and what opens it".to_owned(),
        ));
        blocks.push(Block::List(missing));
    }
    for part in gaps::parts(input.view) {
        blocks.push(Block::Heading(part.heading));
        let all = part.notes.len();
        let notes = part.notes.into_iter().take(limits.list * 5);
        let notes = notes.map(|note| {
            let remedy = note.remedy.map(|remedy| cut(&remedy, REASON));
            (cut(&note.text, limits.text), remedy)
        });
        blocks.push(Block::List(notes.collect()));
        if all > limits.list * 5 {
            blocks.push(Block::Note(format!("… and {} more", all - limits.list * 5)));
        }
    }
    Ok(Section {
        id: "appendix",
        title: "Appendix",
        blocks,
    })
}

fn servers(store: &Store) -> Result<Table, FactsError> {
    let mut table = Table::new(
        "Servers",
        &["server", "role", "version", "address", "started", "read as"],
    );
    let mut statement = store.connection().prepare(
        "SELECT label, role, version, address, started_at, connected_as FROM nodes ORDER BY id",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let text = |at: usize| row.get::<_, Option<String>>(at);
        table.rows.push(vec![
            Cell::new(text(0)?.unwrap_or_default()),
            Cell::new(text(1)?.unwrap_or_default()),
            Cell::known(text(2)?),
            Cell::known(text(3)?),
            Cell::known(row.get::<_, Option<i64>>(4)?.map(moment)),
            Cell::known(text(5)?),
        ]);
    }
    Ok(table)
}

fn resets(store: &Store, limits: Limits) -> Result<Table, FactsError> {
    let mut table = Table::new("Since when counters count", &["counters", "since"]);
    let mut statement = store.connection().prepare(
        "SELECT 'database ' || d.name, max(s.counted_since_at) FROM database_stats_latest s
         JOIN databases d ON d.id = s.database_id WHERE d.is_collected GROUP BY d.name
         UNION ALL
         SELECT 'statements on ' || n.label, max(s.statements_reset_at) FROM samples s JOIN nodes n ON n.id = s.node_id
         WHERE s.id IN (SELECT sample_id FROM statement_counters) GROUP BY n.label
         UNION ALL
         SELECT 'checkpoints', max(stats_reset_at) FROM checkpointer_stats HAVING count(*) > 0
         UNION ALL
         SELECT 'archiver', max(stats_reset_at) FROM archiver_stats HAVING count(*) > 0",
    )?;
    let rows = statement.query_map([], |row| {
        let (name, since): (String, Option<i64>) = (row.get(0)?, row.get(1)?);
        Ok(vec![Cell::new(name), Cell::known(since.map(moment))])
    })?;
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    table.take(limits.list * 2, rows, |row| row);
    Ok(table)
}

fn missing(store: &Store, limits: Limits) -> Result<Vec<(String, Option<String>)>, FactsError> {
    let mut statement = store.connection().prepare(
        "SELECT group_concat(DISTINCT table_name || coalesce('.' || column_name, '')), reason, remedy, count(object), min(object)
         FROM missing_facts GROUP BY reason, remedy ORDER BY count(object) DESC, min(table_name), reason",
    )?;
    let rows = statement.query_map([], |row| {
        let (tables, reason, remedy): (String, String, Option<String>) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let (objects, example): (i64, Option<String>) = (row.get(3)?, row.get(4)?);
        let of = match (objects, example) {
            (0, _) | (_, None) => String::new(),
            (1, Some(one)) => format!(" of {one}"),
            (several, Some(one)) => format!(" of {several} objects, such as {one}"),
        };
        let what = tables.replace(',', ", ");
        Ok((
            cut(&format!("{what}{of}: {reason}"), REASON),
            remedy.map(|remedy| cut(&remedy, REASON)),
        ))
    })?;
    let mut all = rows.collect::<Result<Vec<_>, _>>()?;
    if all.len() > limits.list * 5 {
        let beyond = all.len() - limits.list * 5;
        all.truncate(limits.list * 5);
        all.push((format!("… and {beyond} reasons more"), None));
    }
    Ok(all)
}
