//! How fast things grow, and how long they last.

use super::input::{Input, Limits, several};
use super::page::{Block, Cell, Section, Table, Tone};
use crate::facts::{FactsError, Store, human};

/// A row of `growth`.
struct Growth {
    metric: String,
    database: String,
    object: String,
    points: i64,
    span_us: i64,
    latest: f64,
    per_day: f64,
    interval: Option<(f64, f64)>,
    limit: Option<f64>,
    days_left: Option<f64>,
    soonest: Option<f64>,
}

impl Growth {
    fn all(store: &Store) -> Result<Vec<Self>, FactsError> {
        let mut statement = store.connection().prepare(
            "SELECT metric, database_name, object, points, to_at - from_at, latest, per_day, per_day_low,
                    per_day_high, limit_value, days_left, days_left_low
             FROM growth ORDER BY days_left IS NULL, days_left, metric, database_name, object",
        )?;
        let rows = statement.query_map([], |row| {
            let (low, high): (Option<f64>, Option<f64>) = (row.get(7)?, row.get(8)?);
            Ok(Self {
                metric: row.get(0)?,
                database: row.get(1)?,
                object: row.get(2)?,
                points: row.get(3)?,
                span_us: row.get(4)?,
                latest: row.get(5)?,
                per_day: row.get(6)?,
                interval: low.zip(high),
                limit: row.get(9)?,
                days_left: row.get(10)?,
                soonest: row.get(11)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn is_bytes(&self) -> bool {
        let metric = self.metric.as_str();
        matches!(
            metric,
            "database size" | "cluster size" | "relation size" | "disk used" | "wal position"
        )
    }

    fn amount(&self, value: f64) -> String {
        if self.is_bytes() {
            human::bytes(value)
        } else {
            human::count(value)
        }
    }

    fn name(&self, with_database: bool) -> String {
        let database = (with_database || self.object.is_empty()).then_some(self.database.as_str());
        let parts = [database, Some(self.object.as_str())];
        let parts: Vec<&str> = parts
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect();
        if parts.is_empty() {
            "all of the server".to_owned()
        } else {
            parts.join(": ")
        }
    }

    fn pace(&self) -> String {
        match self.interval {
            Some((low, high)) => format!(
                "{} ({} to {})",
                self.amount(self.per_day),
                self.amount(low),
                self.amount(high)
            ),
            None => self.amount(self.per_day),
        }
    }

    fn seen(&self) -> String {
        let span = human::ms(self.span_us as f64 / 1e3);
        format!("{} points over {span}", self.points)
    }
}

fn days(days: f64) -> String {
    if days > 36_500.0 {
        "more than a century".to_owned()
    } else if days >= 730.0 {
        format!("{} years", human::count((days / 365.25).round()))
    } else {
        human::ms(days * 8.64e7)
    }
}

/// The part.
pub fn section(input: &Input<'_>, limits: Limits) -> Result<Section, FactsError> {
    let all = Growth::all(input.store)?;
    let with_database = several(
        all.iter()
            .map(|one| one.database.as_str())
            .filter(|name| !name.is_empty()),
    );
    let mut blocks = Vec::new();
    if let Some(sentence) = disk(input.store)? {
        blocks.push(Block::Text(sentence));
    }
    // It is known of every database, unlike sizes.
    if !all.iter().any(|one| one.metric == "xid age") {
        let known = input.earlier.as_ref().map_or(0, |earlier| earlier.count) + 1;
        blocks.push(Block::Text(format!(
            "How fast things grow is reckoned from four snapshots on, and judged from seven over three days on; there are {known}. Keep one a day \
             and name their folder: --since FOLDER."
        )));
    }
    let mut ends = Table::new(
        "What has an end, the nearest first",
        &[
            "what",
            "of",
            "#now",
            "#a day (95 %)",
            "#end",
            "#left",
            "#at the soonest",
            "seen",
        ],
    );
    let with_end = all
        .iter()
        .filter(|one| one.limit.is_some() && one.days_left.is_some());
    ends.take(limits.list, with_end, |one| {
        vec![
            Cell::new(one.metric.clone()),
            Cell::code(one.name(with_database)),
            Cell::new(one.amount(one.latest)),
            Cell::new(one.pace()),
            Cell::known(one.limit.map(|limit| one.amount(limit))),
            Cell::known(one.days_left.map(days)),
            Cell::known(one.soonest.map(days)),
            Cell::new(one.seen()).toned(Tone::Dim),
        ]
    });
    let mut growing: Vec<&Growth> = all
        .iter()
        .filter(|one| {
            matches!(one.metric.as_str(), "database size" | "relation size") && one.per_day != 0.0
        })
        .collect();
    growing.sort_by(|a, b| b.per_day.abs().total_cmp(&a.per_day.abs()));
    let mut sizes = Table::new(
        "What grows or shrinks the most",
        &["what", "of", "#now", "#a day (95 %)", "seen"],
    );
    sizes.take(limits.list, growing, |one| {
        vec![
            Cell::new(one.metric.clone()),
            Cell::code(one.name(with_database)),
            Cell::new(one.amount(one.latest)),
            Cell::new(one.pace()),
            Cell::new(one.seen()).toned(Tone::Dim),
        ]
    });
    for table in [ends, sizes] {
        if !table.rows.is_empty() {
            blocks.push(Block::Table(table));
        }
    }
    if all.iter().any(|one| one.metric.ends_with(" age")) {
        blocks.push(Block::Note(
            "Ages of transaction ids fall again with each freeze: what is left is the time until the end if no vacuum came any more.".to_owned(),
        ));
    }
    blocks.extend(peaks(input.store)?);
    Ok(Section {
        id: "capacity",
        title: "Capacity",
        blocks,
    })
}

fn disk(store: &Store) -> Result<Option<String>, FactsError> {
    let mut statement = store.connection().prepare(
        "SELECT disk_bytes, disk_free_bytes FROM machines WHERE disk_bytes > 0 ORDER BY node_id LIMIT 1",
    )?;
    let mut rows = statement.query_map([], |row| {
        Ok((row.get::<_, f64>(0)?, row.get::<_, Option<f64>>(1)?))
    })?;
    let Some(row) = rows.next() else {
        return Ok(None);
    };
    let (size, free) = row?;
    Ok(Some(match free {
        Some(free) => format!(
            "The disk has {}, of which {} are used and {} are free.",
            human::bytes(size),
            human::percent(1.0 - free / size),
            human::bytes(free)
        ),
        None => format!(
            "The disk has {}; what is free is not known.",
            human::bytes(size)
        ),
    }))
}

/// Connections that the load needs, now and at a multiple of it.
fn peaks(store: &Store) -> Result<Option<Block>, FactsError> {
    let mut statement = store.connection().prepare(
        "SELECT p.peak, coalesce(d.name, ''), p.needed, p.usable, p.advised_low, p.advised_high, p.reason
         FROM pool_advice p LEFT JOIN databases d ON d.id = p.database_id
         -- Of a single database the server's row says the same.
         WHERE p.database_id IS NULL OR (SELECT count(DISTINCT database_id) FROM pool_advice) > 1
         ORDER BY 2, p.peak",
    )?;
    let mut table = Table::new(
        "Connections that the measured load needs, now and at more of it",
        &[
            "#load",
            "of",
            "#needed",
            "#for applications there are",
            "#advised",
            "why",
        ],
    );
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let count = |at: usize| row.get::<_, Option<i64>>(at);
        let (low, high) = (count(4)?, count(5)?);
        let advised = low.zip(high).map(|(low, high)| {
            if low == high {
                low.to_string()
            } else {
                format!("{low} to {high}")
            }
        });
        let name: String = row.get(1)?;
        table.rows.push(vec![
            Cell::new(format!("{}×", row.get::<_, f64>(0)?)),
            Cell::code(if name.is_empty() {
                "all of the server".to_owned()
            } else {
                name
            }),
            Cell::known(count(2)?.map(|n| n.to_string())),
            Cell::known(count(3)?.map(|n| n.to_string())),
            Cell::known(advised),
            Cell::new(row.get::<_, Option<String>>(6)?.unwrap_or_default()),
        ]);
    }
    Ok((!table.rows.is_empty()).then_some(Block::Table(table)))
}
