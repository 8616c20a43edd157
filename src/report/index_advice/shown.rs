//! What is shown.

use rusqlite::OptionalExtension as _;

use crate::advise::index::proof::Proof;
use crate::advise::index::{Advice, Chosen, Drops, Effect, PAGE};
use crate::advise::workload::Tail;
use crate::facts::quote::{ident, name};
use crate::facts::{FactsError, Store};

/// What is shown.
pub struct Shown<'s> {
    /// The advice.
    pub advice: &'s Advice,
    /// Indexes that may go.
    pub drops: &'s Drops,
    /// Statements that were left out, since there is little time in them.
    pub tail: Tail,
    /// Facts.
    pub store: &'s Store,
    /// Bytes that were asked for.
    pub budget: Option<u64>,
    /// Who was asked for costs.
    pub planner: &'static str,
    /// What statements took in a copy, if that was asked for.
    pub proof: Option<&'s Proof>,
}

impl Shown<'_> {
    /// Text of a statement.
    pub fn text(&self, statement: i64) -> Result<String, FactsError> {
        let sql = "SELECT coalesce(text, '') FROM statements WHERE id = ?1";
        let row = |row: &rusqlite::Row<'_>| row.get(0);
        let text = self
            .store
            .connection()
            .query_row(sql, [statement], row)
            .optional()?;
        Ok(text.unwrap_or_default())
    }

    /// Text of a statement in one line.
    pub fn line(&self, statement: i64) -> Result<String, FactsError> {
        let text = self.text(statement)?;
        Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Statements that are dearer with the new indexes.
    pub fn hurt(&self) -> impl Iterator<Item = &Effect> {
        let effects = self.advice.statements.iter().map(|outcome| &outcome.effect);
        effects.filter(|effect| is_hurt(effect))
    }

    /// The statements that make an index. That of a partitioned table is made part by part, since it cannot be
    /// made concurrently as a whole.
    pub fn create(&self, chosen: &Chosen) -> Result<Vec<String>, FactsError> {
        let spec = &chosen.sized.spec;
        let parts = self.parts(spec.relation)?;
        let (own, target) = (ident(&chosen.name), spec.target());
        if parts.is_empty() {
            return Ok(vec![format!("CREATE INDEX CONCURRENTLY {own} ON {target}")]);
        }
        let mut statements = vec![format!("CREATE INDEX {own} ON ONLY {target}")];
        for (place, (schema, part)) in parts.iter().enumerate() {
            let index = part_name(&chosen.name, place);
            let part = crate::advise::index::IndexSpec {
                schema: schema.clone(),
                table: part.clone(),
                ..spec.clone()
            };
            let target = part.target();
            let part = ident(&index);
            statements.push(format!("CREATE INDEX CONCURRENTLY {part} ON {target}"));
            let part = name(schema, &index);
            let own = name(&spec.schema, &chosen.name);
            statements.push(format!("ALTER INDEX {own} ATTACH PARTITION {part}"));
        }
        Ok(statements)
    }

    /// The statement without which the planner knows nothing of the expressions of an index once it is there; none
    /// where it has none.
    pub fn analyze(&self, chosen: &Chosen) -> Option<String> {
        let spec = &chosen.sized.spec;
        let table = spec
            .has_expression()
            .then(|| name(&spec.schema, &spec.table))?;
        Some(format!("ANALYZE {table}"))
    }

    /// All that makes an index and lets the planner know it.
    pub fn statements(&self, chosen: &Chosen) -> Result<Vec<String>, FactsError> {
        let mut statements = self.create(chosen)?;
        statements.extend(self.analyze(chosen));
        Ok(statements)
    }

    /// Schemas and names of what [`Self::create`] makes: the index, then its parts.
    pub fn made(&self, chosen: &Chosen) -> Result<Vec<(String, String)>, FactsError> {
        let spec = &chosen.sized.spec;
        let parts = self.parts(spec.relation)?.into_iter().enumerate();
        let parts = parts.map(|(place, (schema, _))| (schema, part_name(&chosen.name, place)));
        let own = (spec.schema.clone(), chosen.name.clone());
        Ok(std::iter::once(own).chain(parts).collect())
    }

    /// The statement that takes an index away again.
    pub fn undo(&self, chosen: &Chosen) -> Result<String, FactsError> {
        let spec = &chosen.sized.spec;
        let how = if self.parts(spec.relation)?.is_empty() {
            "CONCURRENTLY "
        } else {
            ""
        };
        Ok(format!(
            "DROP INDEX {how}{}",
            name(&spec.schema, &chosen.name)
        ))
    }

    /// Partitions that hold rows; none of what is no partitioned table.
    fn parts(&self, relation: i64) -> Result<Vec<(String, String)>, FactsError> {
        let mut statement = self.store.connection().prepare(
            "WITH RECURSIVE parts (id) AS (
               SELECT id FROM relations WHERE parent_id = ?1 AND is_partition
               UNION ALL SELECT r.id FROM parts p JOIN relations r ON r.parent_id = p.id AND r.is_partition)
             SELECT r.schema, r.name FROM parts p JOIN relations r ON r.id = p.id
             WHERE r.kind = 'table' ORDER BY r.schema, r.name",
        )?;
        let rows = statement.query_map([relation], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// It costs more than rounding makes of it.
pub fn is_hurt(effect: &Effect) -> bool {
    effect.factor() < 0.999
}

/// Bytes of an index.
pub fn bytes(chosen: &Chosen) -> f64 {
    chosen.sized.pages as f64 * PAGE
}

/// Name of the index of a partition, by its place.
fn part_name(name: &str, place: usize) -> String {
    format!("{}_{}", cut(name, 55), place + 1)
}

fn cut(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
