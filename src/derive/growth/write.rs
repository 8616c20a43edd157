//! The rows of `growth`.

use rusqlite::{Connection, Result, params};

use super::limits::{Bounds, Name, bounds, course};
use super::series::{stretches, thin};
use super::slope::slope;

const DAY_US: f64 = 8.64e10;

/// Fewer moments have no interval, so their slope says nothing (see `slope`).
const LEAST: usize = 4;

/// What lies within a day shows the hours of the day, no growth.
const LEAST_US: i64 = 86_400_000_000;

/// Writes `growth`, in place of what was there.
pub fn all(facts: &Connection) -> Result<()> {
    facts.execute("DELETE FROM growth", [])?;
    let bounds = bounds(facts)?;
    let mut insert = facts.prepare(
        "INSERT INTO growth (metric, database_name, object, points, from_at, to_at, latest, per_day,
           per_day_low, per_day_high, limit_value, days_left, days_left_low)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    let mut read = facts.prepare(
        "SELECT metric, database_name, object, at, value FROM history
         ORDER BY metric, database_name, object, at",
    )?;
    let mut rows = read.query([])?;
    let mut current: Option<Name> = None;
    let mut points: Vec<(i64, f64)> = Vec::new();
    let mut write = |name: &Name, points: &[(i64, f64)]| -> Result<()> {
        let known = bounds.get(name).copied();
        let known = known.unwrap_or_else(|| Bounds {
            limit: None,
            course: course(&name.0),
        });
        row(&mut insert, name, points, known)
    };
    while let Some(row) = rows.next()? {
        let name: Name = (row.get(0)?, row.get(1)?, row.get(2)?);
        if let Some(before) = current.replace(name)
            && Some(&before) != current.as_ref()
        {
            write(&before, &points)?;
            points.clear();
        }
        points.push((row.get(3)?, row.get(4)?));
    }
    if let Some(last) = current {
        write(&last, &points)?;
    }
    book(facts)
}

fn row(
    insert: &mut rusqlite::Statement<'_>,
    name: &Name,
    points: &[(i64, f64)],
    known: Bounds,
) -> Result<()> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Ok(());
    };
    let days = |at: i64| (at - first.0) as f64 / DAY_US;
    let course: Vec<_> = points
        .iter()
        .map(|(at, value)| (days(*at), *value))
        .collect();
    let course = thin(&course);
    if course.len() < LEAST || last.0 - first.0 < LEAST_US {
        return Ok(());
    }
    let Some(slope) = slope(&stretches(&course, known.course)) else {
        return Ok(());
    };
    let left = |per_day: f64| {
        let room = known.limit? - last.1;
        (room * per_day > 0.0).then(|| room / per_day)
    };
    // The end that comes first: upwards the steepest, downwards the lowest.
    let is_up = known.limit.is_none_or(|limit| limit >= last.1);
    let steepest = if is_up { slope.high } else { slope.low };
    insert.execute(params![
        name.0,
        name.1,
        name.2,
        course.len() as i64,
        first.0,
        last.0,
        last.1,
        slope.middle,
        slope.low,
        slope.high,
        known.limit,
        left(slope.middle),
        steepest.and_then(left),
    ])?;
    Ok(())
}

/// Says whether growth is known.
fn book(facts: &Connection) -> Result<()> {
    facts.execute_batch(
        "DELETE FROM collections WHERE table_name IN ('history', 'growth');
         DELETE FROM missing_facts WHERE table_name = 'growth' AND EXISTS (SELECT 1 FROM growth);
         INSERT INTO collections (table_name, node_id, row_count)
         SELECT 'history', 1, count(*) FROM history HAVING count(*) > 0;
         INSERT INTO collections (table_name, node_id, row_count)
         SELECT 'growth', 1, count(*) FROM growth HAVING count(*) > 0;",
    )
}

/// Says why growth is not known, where it is not, and what would let it be. It is no gap of a collection, which
/// is one look, so this is for who judges.
pub fn book_unknown(facts: &Connection) -> Result<()> {
    facts.execute_batch(
        "DELETE FROM missing_facts WHERE table_name = 'growth';
         INSERT INTO missing_facts (table_name, reason, remedy)
         SELECT 'growth', 'one look does not tell how fast anything grows',
                'keep a snapshot a day (pgtriage snapshot -o DAY.facts) and name them: --since FOLDER'
         WHERE NOT EXISTS (SELECT 1 FROM growth);",
    )
}
