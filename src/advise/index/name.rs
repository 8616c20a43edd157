//! Names of new indexes.

use std::collections::BTreeSet;

use rusqlite::{Connection, Result};

use super::spec::IndexSpec;

/// Bytes of a name (`NAMEDATALEN` less one).
const LONGEST: usize = 63;

/// Names that are taken, by schema.
#[derive(Debug, Clone, Default)]
pub struct Names {
    taken: BTreeSet<(String, String)>,
}

impl Names {
    /// Those of the relations and indexes of a database.
    pub fn read(facts: &Connection, database: i64) -> Result<Self> {
        let mut statement = facts.prepare(
            "SELECT schema, name FROM relations WHERE database_id = ?1
             UNION SELECT schema, name FROM indexes WHERE database_id = ?1
             UNION SELECT schema, name FROM sequences WHERE database_id = ?1",
        )?;
        let taken = statement.query_map([database], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Self {
            taken: taken.collect::<Result<_>>()?,
        })
    }

    /// A name for an index, as the server would choose it: table, keys and `idx`, shortened to what a name
    /// may have, with a number where it is taken. It is taken from now on.
    pub fn name(&mut self, spec: &IndexSpec) -> String {
        let keys = spec.keys.iter().map(|key| key.name().unwrap_or("expr"));
        let keys: Vec<&str> = keys.collect();
        let stem = format!("{}_{}", spec.table, keys.join("_"));
        for number in 0_u32.. {
            let end = match number {
                0 => "_idx".to_owned(),
                number => format!("_idx{number}"),
            };
            let name = format!("{}{end}", shortened(&stem, LONGEST - end.len()));
            if self.taken.insert((spec.schema.clone(), name.clone())) {
                return name;
            }
        }
        stem
    }
}

/// At most so many bytes, cut between characters.
fn shortened(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
