//! Tables from the facts.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Result, Row};
use serde_json::Value;

use super::table::{Column, Table, Tables};
use super::together;
use super::types::{self, Merging};
use super::widths::Widths;
use super::{text, types::bare};
use crate::derive::bloat::{Attribute, Page};

/// Rows that ANALYZE samples for each step of its statistics target (`std_typanalyze`).
const SAMPLED_PER_STEP: f64 = 300.0;
const DEFAULT_TARGET: i64 = 100;
const DEFAULT_BLOCK: i64 = 8192;
/// Kinds of slots in `pg_statistic`.
const MOST_COMMON: i64 = 1;
const HISTOGRAM: i64 = 2;

impl Tables {
    /// The tables of a database (`databases.id`) whose rows are known.
    ///
    /// # Errors
    /// When the facts cannot be read.
    pub fn read(facts: &Connection, database: i64) -> Result<Self> {
        let version: Option<i64> = facts
            .query_row(
                "SELECT version_num FROM nodes ORDER BY role = 'primary' DESC, id LIMIT 1",
                [],
                |row| row.get(0),
            )
            .optional()?;
        let block = setting(facts, "block_size")?.unwrap_or(DEFAULT_BLOCK);
        let mut tables = Self {
            // A new one where nothing says: its indexes are made as those of 13.
            major: version.map_or(13, |version| (version / 10_000) as u32),
            page: Page::new(block),
            by_id: sizes(facts, database, block)?,
            parts: parts(facts, database)?,
        };
        tables.columns(facts, database)?;
        tables.unique(facts, database)?;
        for (relation, all) in together::read(facts, database)? {
            for id in tables.parts.get(&relation).unwrap_or(&vec![relation]) {
                if let Some(table) = tables.by_id.get_mut(id) {
                    table.together.extend(all.iter().cloned());
                }
            }
        }
        Ok(tables)
    }

    fn columns(&mut self, facts: &Connection, database: i64) -> Result<()> {
        let target = setting(facts, "default_statistics_target")?.unwrap_or(DEFAULT_TARGET);
        let mut statement = facts.prepare(
            "SELECT c.relation_id, c.name, c.type, c.length, c.alignment, c.storage, c.collation, c.statistics_target,
                    coalesce(p.null_frac, s.null_frac), coalesce(p.avg_width, s.avg_width),
                    coalesce(p.n_distinct, s.n_distinct), s.correlation, s.most_common_freqs,
                    s.most_common_vals, s.histogram_bounds, p.slots,
                    (SELECT t.kind = 'enum' FROM types t
                     WHERE t.database_id = r.database_id AND c.type IN (t.name, t.schema || '.' || t.name)) AS is_enum,
                    (SELECT t.base_type FROM types t
                     WHERE t.database_id = r.database_id AND t.kind = 'domain'
                       AND c.type IN (t.name, t.schema || '.' || t.name)) AS base
             FROM columns c JOIN relations r ON r.id = c.relation_id
             LEFT JOIN column_statistics s ON s.relation_id = c.relation_id AND s.column_name = c.name AND NOT s.inherited
             LEFT JOIN planner_statistics p ON p.relation_id = c.relation_id AND p.position = c.position AND NOT p.inherited
             WHERE r.database_id = ?1 AND r.kind IN ('table', 'materialized view') AND c.position > 0 AND NOT c.is_dropped",
        )?;
        let mut rows = statement.query([database])?;
        while let Some(row) = rows.next()? {
            let Some(table) = self.by_id.get_mut(&row.get::<_, i64>(0)?) else {
                continue;
            };
            let own = row.get::<_, Option<i64>>(7)?.unwrap_or(target).max(1);
            // A sample serves all columns: the one that wants most decides.
            table.sample = table.sample.max(own as f64 * SAMPLED_PER_STEP);
            table.columns.insert(row.get(1)?, column(row)?);
        }
        Ok(())
    }

    fn unique(&mut self, facts: &Connection, database: i64) -> Result<()> {
        let mut statement = facts.prepare(
            "SELECT i.relation_id, json_group_array(c.column_name)
             FROM indexes i JOIN index_columns c ON c.index_id = i.id AND NOT c.is_included
             WHERE i.database_id = ?1 AND i.is_unique AND i.is_valid AND i.predicate IS NULL
             GROUP BY i.id HAVING count(c.column_name) = count(*)",
        )?;
        let mut rows = statement.query([database])?;
        while let Some(row) = rows.next()? {
            if let Some(table) = self.by_id.get_mut(&row.get::<_, i64>(0)?) {
                let columns = serde_json::from_str(&row.get::<_, String>(1)?);
                table.unique.push(columns.unwrap_or_default());
            }
        }
        Ok(())
    }
}

fn setting(facts: &Connection, name: &str) -> Result<Option<i64>> {
    let sql = "SELECT value_num FROM server_settings WHERE name = ?1 AND value_num > 0";
    let value: Option<f64> = facts.query_row(sql, [name], |row| row.get(0)).optional()?;
    Ok(value.map(|value| value as i64))
}

/// Rows and pages. Rows are counted by VACUUM and ANALYZE; since then a table may have grown.
fn sizes(facts: &Connection, database: i64, block: i64) -> Result<HashMap<i64, Table>> {
    let mut statement = facts.prepare(
        "SELECT id, row_estimate, pages, size_bytes,
                (SELECT n_live_tup FROM relation_stats_latest s WHERE s.relation_id = relations.id
                 ORDER BY node_role = 'primary' DESC LIMIT 1)
         FROM relations WHERE database_id = ?1 AND kind IN ('table', 'materialized view')",
    )?;
    let mut tables = HashMap::new();
    let mut rows = statement.query([database])?;
    while let Some(row) = rows.next()? {
        let estimate: Option<f64> = row.get(1)?;
        let counted: Option<f64> = row.get::<_, Option<i64>>(4)?.map(|rows| rows as f64);
        let then = row.get::<_, Option<f64>>(2)?.filter(|pages| *pages > 0.0);
        let now = (row.get::<_, Option<i64>>(3)?).map(|bytes| bytes as f64 / block as f64);
        let rows = match (estimate, then, now) {
            (Some(rows), Some(then), Some(now)) => Some(rows / then * now),
            (rows, _, _) => rows.filter(|rows| *rows > 0.0).or(counted),
        };
        if let Some(rows) = rows {
            let table = Table {
                rows,
                pages: now.or(then).unwrap_or(0.0),
                columns: HashMap::new(),
                unique: Vec::new(),
                together: Vec::new(),
                sample: 0.0,
            };
            tables.insert(row.get(0)?, table);
        }
    }
    Ok(tables)
}

fn parts(facts: &Connection, database: i64) -> Result<HashMap<i64, Vec<i64>>> {
    let mut statement = facts.prepare(
        "WITH RECURSIVE up(leaf_id, parent_id) AS (
           SELECT id, parent_id FROM relations WHERE database_id = ?1 AND kind = 'table' AND parent_id IS NOT NULL
           UNION
           SELECT up.leaf_id, r.parent_id FROM up JOIN relations r ON r.id = up.parent_id WHERE r.parent_id IS NOT NULL)
         SELECT parent_id, leaf_id FROM up ORDER BY 1, 2",
    )?;
    let mut parts: HashMap<i64, Vec<i64>> = HashMap::new();
    let mut rows = statement.query([database])?;
    while let Some(row) = rows.next()? {
        parts.entry(row.get(0)?).or_default().push(row.get(1)?);
    }
    Ok(parts)
}

fn column(row: &Row<'_>) -> Result<Column> {
    let text = |place: &str| row.get::<_, Option<String>>(place);
    let kind = match text("base")? {
        Some(base) => base,
        None => text("type")?.unwrap_or_default(),
    };
    let (alignment, storage) = (text("alignment")?, text("storage")?);
    let (alignment, storage) = (
        alignment.as_deref().unwrap_or("i"),
        storage.as_deref().unwrap_or("x"),
    );
    let attribute = match row.get::<_, Option<i64>>("length")? {
        // An index stores a name as a text that ends in zero.
        Some(64) if kind == "name" => Attribute::new(-2, "c", "p"),
        Some(length) => Attribute::new(length, alignment, storage),
        None => Attribute::new(-1, alignment, storage),
    };
    let is_enum: Option<bool> = row.get("is_enum")?;
    let merging = types::of_type(
        &kind,
        is_enum.unwrap_or(false),
        text("collation")?.as_deref(),
    );
    let mean_width: Option<i64> = row.get(9)?;
    let slots: Value =
        serde_json::from_str(&text("slots")?.unwrap_or_default()).unwrap_or_default();
    let slot = |kind: i64, part: &str| {
        let all = slots.as_array()?;
        let slot = all
            .iter()
            .find(|slot| slot["kind"].as_i64() == Some(kind))?;
        slot[part].as_str().and_then(text::elements)
    };
    let frequent: Vec<f64> = match slot(MOST_COMMON, "numbers") {
        Some(all) => all.iter().filter_map(|text| text.parse().ok()).collect(),
        None => serde_json::from_str(&text("most_common_freqs")?.unwrap_or_default())
            .unwrap_or_default(),
    };
    let null_frac = row.get::<_, Option<f64>>(8)?.unwrap_or(0.0);
    let widths = if let Some(fixed) = Widths::fixed(&attribute) {
        fixed
    } else {
        let read =
            |name: &str| Ok::<_, rusqlite::Error>(text(name)?.as_deref().and_then(text::elements));
        let common = slot(MOST_COMMON, "values").or(read("most_common_vals")?);
        let bounds = slot(HISTOGRAM, "values").or(read("histogram_bounds")?);
        by_values(&kind, null_frac, (&frequent, common), bounds)
            .unwrap_or_else(|| Widths::of_mean(&kind, mean_width))
    };
    Ok(Column {
        attribute,
        widths,
        merging: if bare(&kind).is_empty() {
            Merging::Unknown
        } else {
            merging
        },
        kind,
        null_frac,
        frequent,
        distinct: row
            .get::<_, Option<f64>>(10)?
            .filter(|distinct| *distinct != 0.0),
        correlation: row.get::<_, Option<f64>>("correlation")?.unwrap_or(0.0),
        mean_width,
    })
}

/// Widths by the most common values and the bounds of the histogram, which stand for all others.
fn by_values(
    kind: &str,
    null_frac: f64,
    (frequent, common): (&[f64], Option<Vec<String>>),
    bounds: Option<Vec<String>>,
) -> Option<Widths> {
    if common.is_none() && bounds.is_none() {
        return None;
    }
    let (common, bounds) = (common.unwrap_or_default(), bounds.unwrap_or_default());
    let rest = (1.0 - null_frac - frequent.iter().sum::<f64>()).max(0.0);
    if bounds.is_empty() && rest > 0.5 {
        return None;
    }
    let each = rest / bounds.len().max(1) as f64;
    let common = common
        .iter()
        .map(String::as_str)
        .zip(frequent.iter().copied());
    let bounds = bounds.iter().map(|value| (value.as_str(), each));
    Widths::of_values(kind, common.chain(bounds))
}
