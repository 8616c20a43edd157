//! How a table is written, from counters.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, Result};

use super::drops::names;

/// Rows an hour, of a table or of all partitions of one.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Rates {
    pub inserts: f64,
    pub updates: f64,
    pub hot_updates: f64,
    pub deletes: f64,
}

/// Updates of one statement.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Updates {
    pub rows: f64,
    pub columns: HashSet<String>,
}

/// How a table is written, and what writing costs there.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    pub(super) rates: Rates,
    /// Updates by statements; `None`: statements are not counted.
    pub(super) updates: Option<Vec<Updates>>,
    /// Time of all statements that write the table, ms an hour; `None`: not known.
    pub(super) table_ms: Option<f64>,
    /// Time of sessions of the database that are at work and do more than read, commits included, ms an hour;
    /// `None`: not known.
    pub(super) database_ms: Option<f64>,
    /// Time that reads of index blocks take, spread over all visits of index blocks of the table, ms.
    pub(super) read_ms: f64,
    /// Columns of the table, with how far rows stand in their order: -1 to 1.
    pub(super) columns: HashMap<String, f64>,
    /// Columns that an index there is built on: an update of one is never HOT.
    pub(super) indexed: HashSet<String>,
    /// Indexes that each new row version without HOT is entered into.
    pub(super) indexes: f64,
    pub(super) server: Server,
}

/// What the server's settings say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Server {
    pub major: u32,
    pub block: f64,
    pub cpu_operator_cost: f64,
    pub cpu_index_tuple_cost: f64,
    pub random_page_cost: f64,
    pub checkpoint_hours: f64,
    pub writes_full_pages: bool,
}

impl Activity {
    /// How a relation (`relations.id`) is written; `None`: its counters are not known, or younger than `least_ms`.
    /// Rates go by differences between samples, where these are known, else from the reset of the counters on.
    ///
    /// # Errors
    /// When the facts cannot be read.
    pub fn read(facts: &Connection, relation: i64, least_ms: f64) -> Result<Option<Self>> {
        let server = server(facts)?;
        let Some(rates) = rates(facts, relation, least_ms)? else {
            return Ok(None);
        };
        let (indexed, indexes) = indexed(facts, relation, server.major)?;
        Ok(Some(Self {
            rates,
            updates: updates(facts, relation)?,
            table_ms: table_ms(facts, relation)?,
            database_ms: database_ms(facts, relation)?,
            read_ms: read_ms(facts, relation)?,
            columns: columns(facts, relation)?,
            indexed,
            indexes,
            server,
        }))
    }
}

/// The tables that hold the rows of a relation, as a common table expression.
const HOLDERS: &str = "WITH RECURSIVE down(id) AS (
    SELECT ?1 UNION ALL SELECT r.id FROM relations r JOIN down ON r.parent_id = down.id
  ), holders AS (SELECT down.id FROM down JOIN relations r ON r.id = down.id WHERE r.kind <> 'partitioned table')";

/// The relation with all above and below it: what a statement may name.
const FAMILY: &str = "WITH RECURSIVE down(id) AS (
    SELECT ?1 UNION ALL SELECT r.id FROM relations r JOIN down ON r.parent_id = down.id
  ), up(id) AS (
    SELECT ?1 UNION ALL SELECT r.parent_id FROM relations r JOIN up ON r.id = up.id WHERE r.parent_id IS NOT NULL
  ), family AS (SELECT id FROM down UNION SELECT id FROM up)";

fn rates(facts: &Connection, relation: i64, least_ms: f64) -> Result<Option<Rates>> {
    let sql = format!(
        "{HOLDERS}, primaries AS (
           SELECT id FROM nodes WHERE role = 'primary' OR NOT EXISTS (SELECT 1 FROM nodes WHERE role = 'primary')
         ), differences AS (
           SELECT relation_id, sum(interval_us) AS us, sum(n_tup_ins) AS ins, sum(n_tup_upd) AS upd,
                  sum(coalesce(n_tup_hot_upd, 0)) AS hot, sum(n_tup_del) AS del
           FROM relation_delta WHERE node_id IN (SELECT id FROM primaries) AND NOT is_reset AND interval_us > 0
           GROUP BY relation_id
         ), totals AS (
           SELECT relation_id, counted_us AS us, n_tup_ins AS ins, n_tup_upd AS upd, coalesce(n_tup_hot_upd, 0) AS hot,
                  n_tup_del AS del
           FROM relation_stats_latest WHERE node_id IN (SELECT id FROM primaries)
         ), chosen AS (
           SELECT h.id, d.us IS NOT NULL AND d.us >= ?2 AS by_differences, t.us AS total_us, d.us AS us,
                  d.ins AS d_ins, d.upd AS d_upd, d.hot AS d_hot, d.del AS d_del, t.ins, t.upd, t.hot, t.del
           FROM holders h LEFT JOIN differences d ON d.relation_id = h.id LEFT JOIN totals t ON t.relation_id = h.id)
         SELECT count(*), count(*) FILTER (WHERE by_differences OR total_us >= ?2),
                sum(CASE WHEN by_differences THEN d_ins * 3.6e9 / us ELSE ins * 3.6e9 / total_us END),
                sum(CASE WHEN by_differences THEN d_upd * 3.6e9 / us ELSE upd * 3.6e9 / total_us END),
                sum(CASE WHEN by_differences THEN d_hot * 3.6e9 / us ELSE hot * 3.6e9 / total_us END),
                sum(CASE WHEN by_differences THEN d_del * 3.6e9 / us ELSE del * 3.6e9 / total_us END)
         FROM chosen"
    );
    facts.query_row(&sql, (relation, least_ms * 1000.0), |row| {
        let (all, known): (i64, i64) = (row.get(0)?, row.get(1)?);
        let of = |place: usize| row.get::<_, Option<f64>>(place);
        let (Some(inserts), Some(updates), Some(hot_updates), Some(deletes)) =
            (of(2)?, of(3)?, of(4)?, of(5)?)
        else {
            return Ok(None);
        };
        Ok((all > 0 && all == known).then_some(Rates {
            inserts,
            updates,
            hot_updates,
            deletes,
        }))
    })
}

/// Updates by the columns that statements set. Those of which a window is not known are left out with all others:
/// half of them says nothing.
fn updates(facts: &Connection, relation: i64) -> Result<Option<Vec<Updates>>> {
    let sql = format!(
        "{FAMILY}
         SELECT r.rows_per_hour, json_group_array(DISTINCT c.column_name)
         FROM column_refs c LEFT JOIN statement_rate r ON r.statement_id = c.statement_id
         WHERE c.usage = 'set' AND c.relation_id IN (SELECT id FROM family)
         GROUP BY c.statement_id"
    );
    let known: i64 = facts.query_row(
        "SELECT count(*) FROM statement_rate WHERE rows_per_hour IS NOT NULL",
        [],
        |row| row.get(0),
    )?;
    if known == 0 {
        return Ok(None);
    }
    let mut statement = facts.prepare(&sql)?;
    let mut rows = statement.query([relation])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(rate) = row.get::<_, Option<f64>>(0)? else {
            return Ok(None);
        };
        all.push(Updates {
            rows: rate,
            columns: names(&row.get::<_, String>(1)?).into_iter().collect(),
        });
    }
    Ok(Some(all))
}

fn table_ms(facts: &Connection, relation: i64) -> Result<Option<f64>> {
    let sql = format!(
        "{FAMILY}
         SELECT sum(exec_ms_per_hour) FROM statement_rate
         WHERE statement_id IN (SELECT statement_id FROM query_relations
                                WHERE usage = 'written' AND relation_id IN (SELECT id FROM family))"
    );
    facts.query_row(&sql, [relation], |row| row.get(0))
}

/// What `active_time` of the database (14 and newer) has beside statements that only read.
fn database_ms(facts: &Connection, relation: i64) -> Result<Option<f64>> {
    let sql = "
        WITH database AS (SELECT database_id AS id FROM relations WHERE id = ?1),
        primaries AS (SELECT id FROM nodes WHERE role = 'primary' OR NOT EXISTS (SELECT 1 FROM nodes WHERE role = 'primary')),
        differences AS (
          SELECT sum(active_time_ms) * 3.6e9 / sum(interval_us) AS ms FROM database_delta
          WHERE database_id IN (SELECT id FROM database) AND node_id IN (SELECT id FROM primaries)
            AND NOT is_reset AND interval_us > 0 AND active_time_ms IS NOT NULL
        ), totals AS (
          SELECT active_time_ms * 3.6e9 / counted_us AS ms FROM database_stats_latest
          WHERE database_id IN (SELECT id FROM database) AND node_id IN (SELECT id FROM primaries) AND counted_us > 0
        ), reads AS (
          SELECT sum(r.exec_ms_per_hour) AS ms FROM statement_rate r
          WHERE r.database_id IN (SELECT id FROM database)
            AND r.statement_id NOT IN (SELECT statement_id FROM query_relations WHERE usage = 'written')
            AND EXISTS (SELECT 1 FROM statement_shapes s WHERE s.statement_id = r.statement_id AND s.kind IN ('select', 'values'))
        )
        SELECT coalesce((SELECT ms FROM differences), (SELECT ms FROM totals)), coalesce((SELECT ms FROM reads), 0.0)";
    facts.query_row(sql, [relation], |row| {
        let (active, reads): (Option<f64>, f64) = (row.get(0)?, row.get(1)?);
        Ok(active
            .filter(|active| *active > 0.0)
            .map(|active| (active - reads).max(0.0)))
    })
}

/// Blocks of its indexes that are not found in memory, by the time that a read takes here or, where reads are not
/// timed, on flash.
fn read_ms(facts: &Connection, relation: i64) -> Result<f64> {
    const FLASH_MS: f64 = 0.1;
    let sql = format!(
        "{HOLDERS}, blocks AS (
           SELECT sum(s.idx_blks_read) AS misses, sum(s.idx_blks_read + s.idx_blks_hit) AS visits
           FROM relation_stats_latest s WHERE s.relation_id IN (SELECT id FROM holders)
         ), timed AS (
           SELECT sum(d.blk_read_time_ms) / nullif(sum(d.blks_read), 0) AS ms FROM database_stats_latest d
           WHERE d.database_id = (SELECT database_id FROM relations WHERE id = ?1) AND d.blk_read_time_ms > 0)
         SELECT misses * 1.0 / nullif(visits, 0), (SELECT ms FROM timed) FROM blocks"
    );
    facts.query_row(&sql, [relation], |row| {
        let share: Option<f64> = row.get(0)?;
        let ms: Option<f64> = row.get(1)?;
        Ok(share.unwrap_or(0.0) * ms.unwrap_or(FLASH_MS))
    })
}

fn columns(facts: &Connection, relation: i64) -> Result<HashMap<String, f64>> {
    let mut statement = facts.prepare(
        "SELECT c.name, coalesce((SELECT s.correlation FROM column_statistics s
                                  WHERE s.relation_id = c.relation_id AND s.column_name = c.name
                                  ORDER BY s.inherited LIMIT 1), 0.0)
         FROM columns c WHERE c.relation_id = ?1 AND NOT c.is_dropped",
    )?;
    let rows = statement.query_map([relation], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// Columns of the indexes of a relation: keys, INCLUDE, and what predicates and expressions name. From 16 on those
/// of BRIN stand in no update's way.
fn indexed(facts: &Connection, relation: i64, major: u32) -> Result<(HashSet<String>, f64)> {
    let mut statement = facts.prepare(
        "SELECT i.id, i.method, x.column_name, coalesce(x.expression, '') || ' ' || coalesce(i.predicate, '')
         FROM indexes i JOIN index_columns x ON x.index_id = i.id
         WHERE i.relation_id = ?1 AND i.is_live",
    )?;
    let known: Vec<String> = columns(facts, relation)?.into_keys().collect();
    let (mut indexed, mut ids) = (HashSet::new(), HashSet::new());
    let mut rows = statement.query([relation])?;
    while let Some(row) = rows.next()? {
        ids.insert(row.get::<_, i64>(0)?);
        let method: String = row.get(1)?;
        if method == "brin" && major >= super::writes::BRIN_KEEPS_HOT {
            continue;
        }
        indexed.extend(row.get::<_, Option<String>>(2)?);
        let text: String = row.get(3)?;
        indexed.extend(known.iter().filter(|name| is_named(&text, name)).cloned());
    }
    Ok((indexed, ids.len() as f64))
}

/// Whether SQL names a column. What it says in texts does not count.
pub(super) fn is_named(sql: &str, column: &str) -> bool {
    let outside = sql.split('\'').step_by(2);
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut parts = outside.flat_map(|part| part.split(|c: char| !is_part(c)));
    parts.any(|word| word == column) || sql.contains(&format!("\"{column}\""))
}

fn server(facts: &Connection) -> Result<Server> {
    let number = |name: &str, otherwise: f64| -> Result<f64> {
        let sql = "SELECT value_num FROM server_settings WHERE name = ?1";
        let value: Option<Option<f64>> =
            facts.query_row(sql, [name], |row| row.get(0)).optional()?;
        Ok(value.flatten().unwrap_or(otherwise))
    };
    let version: Option<i64> = facts
        .query_row(
            "SELECT version_num FROM nodes ORDER BY role = 'primary' DESC, id LIMIT 1",
            [],
            |row| row.get(0),
        )
        .optional()?;
    Ok(Server {
        major: version.map_or(13, |version| (version / 10_000) as u32),
        block: number("block_size", 8192.0)?,
        // What is not known is as the server ships.
        cpu_operator_cost: number("cpu_operator_cost", 0.0025)?,
        cpu_index_tuple_cost: number("cpu_index_tuple_cost", 0.005)?,
        random_page_cost: number("random_page_cost", 4.0)?,
        checkpoint_hours: number("checkpoint_timeout", 300_000.0)? / 3.6e6,
        writes_full_pages: number("full_page_writes", 1.0)? > 0.0,
    })
}
