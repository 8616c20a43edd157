//! Locks, errors, temporary files and checkpoints: as counters tell them between two snapshots, and as server logs do.

use std::collections::HashMap;

use super::input::{Earlier, Input, Limits};
use super::page::{Block, Cell, Head, Section, Table, cut};
use crate::facts::{FactsError, Store, human};
use crate::report::logs::{Logs, Shape, sections, verdict};

/// Bars of a course over time.
const BARS: usize = 48;

/// A count as people read it.
type Words = fn(f64) -> String;

/// What is counted by database, in the order of `COUNTERS`, and by the checkpointer.
const COUNTED: [(&str, Words); 9] = [
    ("transactions", human::count),
    ("rolled back", human::count),
    ("deadlocks", human::count),
    ("temporary files", human::count),
    ("bytes of temporary files", human::bytes),
    ("checksum failures", human::count),
    ("checkpoints by time", human::count),
    ("checkpoints by WAL or command", human::count),
    ("files archived", human::count),
];

/// Owner, when its counters began, when they were read, and the counters of `COUNTED`; NULL: not its own.
const COUNTERS: &str = "
    SELECT d.name, s.stats_reset_at, s.captured_at, s.xact_commit + s.xact_rollback, s.xact_rollback, s.deadlocks,
           s.temp_files, s.temp_bytes, s.checksum_failures, NULL, NULL, NULL
    FROM database_stats_latest s JOIN databases d ON d.id = s.database_id
    WHERE s.node_id = (SELECT id FROM server)
    UNION ALL
    SELECT 'all of the server', c.stats_reset_at, s.captured_at, NULL, NULL, NULL, NULL, NULL, NULL, c.num_timed, c.num_requested,
           (SELECT a.archived_count FROM archiver_stats a WHERE a.sample_id = c.sample_id)
    FROM checkpointer_stats c JOIN samples s ON s.id = c.sample_id
    WHERE c.sample_id = (SELECT max(x.sample_id) FROM checkpointer_stats x JOIN samples y ON y.id = x.sample_id
                         WHERE y.node_id = (SELECT id FROM server))";

/// Counters of a database or of the server.
struct Counters {
    reset_at: Option<i64>,
    values: Vec<Option<f64>>,
    captured_at: i64,
}

/// The part.
pub fn section(input: &Input<'_>, limits: Limits) -> Result<Section, FactsError> {
    let mut blocks = Vec::new();
    if let Some(earlier) = &input.earlier {
        blocks.extend(counted(input, earlier, limits)?);
    }
    match Logs::read(input.store)? {
        None => blocks.push(Block::Note(
            "No server log was read (--logs, or over SQL by a role that may), so errors and waits for locks are told by counters only."
                .to_owned(),
        )),
        Some(logs) => log(&mut blocks, &logs, limits),
    }
    Ok(Section {
        id: "server",
        title: "Locks, errors, temporary files, checkpoints",
        blocks,
    })
}

fn counters(store: &Store) -> Result<HashMap<String, Counters>, FactsError> {
    let mut statement = store.connection().prepare(COUNTERS)?;
    let rows = statement.query_map([], |row| {
        let values = (0..COUNTED.len()).map(|at| row.get(at + 3));
        let counters = Counters {
            reset_at: row.get(1)?,
            captured_at: row.get(2)?,
            values: values.collect::<rusqlite::Result<_>>()?,
        };
        Ok((row.get(0)?, counters))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What was counted between the two snapshots; since their reset, where counters began anew.
fn counted(
    input: &Input<'_>,
    earlier: &Earlier<'_>,
    limits: Limits,
) -> Result<Vec<Block>, FactsError> {
    let (now, then) = (counters(input.store)?, counters(earlier.store)?);
    let mut names: Vec<&String> = now.keys().collect();
    names.sort();
    let mut table = Table::new(
        format!("Counted since {}", earlier.when()),
        &["of", "what", "#count", "#an hour", "over"],
    );
    let mut rows = Vec::new();
    for name in names {
        let after = &now[name];
        let before = then.get(name).filter(|before| {
            let is_reset = after.reset_at.is_some_and(|at| at > before.captured_at);
            let fell = before.values.iter().zip(&after.values);
            let fell = fell
                .into_iter()
                .any(|(a, b)| a.zip(*b).is_some_and(|(a, b)| b < a));
            !is_reset && !fell
        });
        let from = before.map_or(after.reset_at, |before| Some(before.captured_at));
        let hours = from.map(|from| (after.captured_at - from) as f64 / 3.6e9);
        for (at, (what, words)) in COUNTED.iter().enumerate() {
            let Some(value) = after.values[at] else {
                continue;
            };
            // What the earlier one does not know is no zero; after a reset all of it was counted since.
            let Some(then) = before.map_or(Some(0.0), |before| before.values[at]) else {
                continue;
            };
            let grown = value - then;
            if grown <= 0.0 {
                continue;
            }
            let rate = hours
                .filter(|hours| *hours > 0.0)
                .map(|hours| words(grown / hours));
            let over = match (before, hours) {
                (_, None) => "since the counters began".to_owned(),
                (Some(_), Some(hours)) => human::ms(hours * 3.6e6),
                (None, Some(hours)) => format!("{}, since the reset", human::ms(hours * 3.6e6)),
            };
            rows.push(vec![
                Cell::code(name.clone()),
                Cell::new(*what),
                Cell::new(words(grown)),
                Cell::known(rate),
                Cell::new(over),
            ]);
        }
    }
    table.take(limits.list * 5, rows, |row| row);
    Ok(if table.rows.is_empty() {
        Vec::new()
    } else {
        vec![Block::Table(table)]
    })
}

fn log(blocks: &mut Vec<Block>, logs: &Logs, limits: Limits) {
    let verdict = verdict(logs);
    blocks.push(Block::Heading("By the server log".to_owned()));
    blocks.extend(verdict.sentences.into_iter().map(Block::Text));
    let missing = verdict.missing.into_iter();
    let missing: Vec<_> = missing
        .map(|missing| (format!("Not known: {}", missing.because), missing.remedy))
        .collect();
    if !missing.is_empty() {
        blocks.push(Block::List(missing));
    }
    for section in sections(logs, limits.list, BARS) {
        // The caption of a table says it too.
        if !section.sentences.is_empty() {
            blocks.push(Block::Heading(section.title.to_owned()));
        }
        let sentences = section
            .sentences
            .iter()
            .map(|text| Block::Text(cut(text, limits.text)));
        blocks.extend(sentences);
        if section.rows.is_empty() {
            continue;
        }
        let heads = section.heads.iter().map(|head| Head {
            title: head.title,
            is_figure: head.shape == Shape::Number,
        });
        let rows = section.rows.iter().map(|row| {
            let cells = row.iter().map(|entry| {
                let lines: Vec<&str> = entry.0.iter().map(|(_, text)| text.as_str()).collect();
                Cell::new(cut(&lines.join(" · "), limits.text))
            });
            cells.collect()
        });
        blocks.push(Block::Table(Table {
            caption: section.title.to_owned(),
            heads: heads.collect(),
            rows: rows.collect(),
            beyond: section.beyond,
        }));
    }
}
