//! How much of the statements was understood.

use crate::facts::{FactsError, Store};

/// Statements by how they were read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// Statements whose text is known.
    pub statements: usize,
    /// Of these, those read as syntax trees, or commands that need none.
    pub read: usize,
    /// Share of the execution time of all these statements that falls to those which were read;
    /// none where no time was counted.
    pub share_of_time: Option<f64>,
    /// Why others were not, with the number of statements and the fingerprint of the costliest.
    pub unread: Vec<Unread>,
}

/// Statements that were not read for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Why.
    pub because: String,
    /// How many.
    pub statements: usize,
    /// The one that takes most time.
    pub fingerprint: String,
}

impl Reading {
    /// Counts them.
    pub fn read(store: &Store) -> Result<Self, FactsError> {
        let connection = store.connection();
        let mut reading = connection.query_row(
            "SELECT count(*), count(*) FILTER (WHERE s.read_as <> 'tokens'),
                    sum(t.total_exec_ms) FILTER (WHERE s.read_as <> 'tokens') / nullif(sum(t.total_exec_ms), 0)
             FROM statement_shapes s LEFT JOIN statement_totals t ON t.statement_id = s.statement_id",
            [],
            |row| {
                Ok(Self {
                    statements: row.get(0)?,
                    read: row.get(1)?,
                    share_of_time: row.get(2)?,
                    unread: Vec::new(),
                })
            },
        )?;
        if reading.read < reading.statements {
            reading.unread = connection
                .prepare(
                    "SELECT coalesce(s.unread_because, 'it is not known why'), count(*), x.fingerprint,
                            max(coalesce(t.total_exec_ms, 0)) AS longest
                     FROM statement_shapes s JOIN statements x ON x.id = s.statement_id
                     LEFT JOIN statement_totals t ON t.statement_id = s.statement_id
                     WHERE s.read_as = 'tokens' GROUP BY 1 ORDER BY longest DESC, 1",
                )?
                .query_map([], |row| {
                    Ok(Unread {
                        because: row.get(0)?,
                        statements: row.get(1)?,
                        fingerprint: row.get(2)?,
                    })
                })?
                .collect::<Result<_, _>>()?;
        }
        Ok(reading)
    }
}
