//! Where figures must end.

use std::collections::HashMap;

use rusqlite::{Connection, Result};

use super::series::Course;

const LIMITS: &str = include_str!("limits.sql");

/// A figure: metric, database and object, as in `history`.
pub(super) type Name = (String, String, String);

/// What is known of a figure beside its points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Where it must end.
    pub limit: Option<f64>,
    /// How it moves.
    pub course: Course,
}

/// Those of all figures that have any.
pub(super) fn bounds(facts: &Connection) -> Result<HashMap<Name, Bounds>> {
    let mut statement = facts.prepare(LIMITS)?;
    let rows = statement.query_map([], |row| {
        let name: Name = (row.get(0)?, row.get(1)?, row.get(2)?);
        let course = match row.get::<_, i64>(4)? {
            0 => Course::Free,
            up if up > 0 => Course::Rising,
            _ => Course::Falling,
        };
        let limit = row.get::<_, Option<f64>>(3)?;
        Ok((name, Bounds { limit, course }))
    })?;
    rows.collect()
}

/// How a figure moves that has no limit.
pub(super) fn course(metric: &str) -> Course {
    match metric {
        "wal position" | "sequence value" | "xid age" | "multixact age" => Course::Rising,
        _ => Course::Free,
    }
}
