//! Statements of the log with their figures.

use std::borrow::Cow;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Result, params};

use super::names::Names;
use crate::collect::logs::scan::Scan;
use crate::collect::statements::new_statement;
use crate::parse::log::events::{Person, PersonId, Text, TextId};
use crate::parse::log::tally::{Statement, StatementKey, Tally};

/// Our ids of the statements of the log.
pub(super) struct Book {
    by_text: HashMap<(TextId, Option<Box<str>>), i64>,
    people: Vec<Person>,
}

impl Book {
    /// Our id of a statement that somebody ran; `None` where it has no figures.
    pub fn id(&self, text: Option<TextId>, who: PersonId) -> Option<i64> {
        let database = self.person(who).and_then(|person| person.database.clone());
        self.by_text.get(&(text?, database)).copied()
    }

    /// Our id of a statement by the number that the tally gives its database.
    pub fn numbered(&self, tally: &Tally, text: TextId, database: u32) -> Option<i64> {
        self.by_text.get(&tally.key(text, database)?).copied()
    }

    /// Our id of a statement in any database.
    pub fn any(&self, text: Option<TextId>) -> Option<i64> {
        let text = text?;
        let of = self.by_text.iter().filter(|((known, _), _)| *known == text);
        of.map(|(_, id)| *id).min()
    }

    /// Our id of a statement in a database.
    pub fn of(&self, key: &StatementKey) -> Option<i64> {
        self.by_text.get(key).copied()
    }

    /// Who somebody is.
    pub fn person(&self, who: PersonId) -> Option<&Person> {
        self.people.get(who.0 as usize)
    }
}

/// Writes the statements and their figures.
pub(super) fn write(
    facts: &Connection,
    scan: &Scan,
    names: &Names,
    literals: bool,
) -> Result<Book> {
    let texts = scan.tally.texts().all();
    let mut all: Vec<_> = scan.tally.statements().collect();
    // The order in which texts were met depends on the threads; this one does not.
    let print = |text: TextId| {
        texts
            .get(text.0 as usize)
            .map(|text| text.fingerprint.to_string())
    };
    all.sort_by_cached_key(|((text, database), _)| (database.clone(), print(*text)));
    let mut book = Book {
        by_text: HashMap::new(),
        people: scan.tally.people(),
    };
    let mut joined: BTreeMap<i64, (&Arc<Text>, Cow<'_, Statement>)> = BTreeMap::new();
    for ((id, database), statement) in all {
        let Some(text) = texts.get(id.0 as usize) else {
            continue;
        };
        let ours = statement_id(facts, names.id(database.as_deref()), text, literals)?;
        book.by_text.insert((id, database), ours);
        // Records without a database, as parallel workers write them, may be of one that is known.
        match joined.entry(ours) {
            Entry::Occupied(mut known) => known.get_mut().1.to_mut().join(statement),
            Entry::Vacant(free) => {
                free.insert((text, Cow::Borrowed(statement)));
            }
        }
    }
    for (ours, (text, statement)) in &joined {
        figures(facts, *ours, statement, text)?;
        who(facts, *ours, statement, &book)?;
        samples(facts, *ours, statement, &book)?;
    }
    Ok(book)
}

fn statement_id(
    facts: &Connection,
    database: i64,
    text: &Arc<Text>,
    literals: bool,
) -> Result<i64> {
    let print = text.fingerprint.to_string();
    let known = facts
        .prepare_cached("SELECT id FROM statements WHERE database_id = ?1 AND fingerprint = ?2")?
        .query_row(params![database, print], |row| row.get(0))
        .optional()?;
    let id = match known {
        Some(id) => id,
        None => new_statement(facts, database, &print, text.first().as_deref(), literals)?,
    };
    facts
        .prepare_cached(
            "UPDATE statements SET
               longest_list = max(coalesce(longest_list, ?2), coalesce(?2, longest_list)),
               largest_offset = max(coalesce(largest_offset, ?3), coalesce(?3, largest_offset)),
               has_leading_wildcard = max(coalesce(has_leading_wildcard, 0), ?4)
             WHERE id = ?1",
        )?
        .execute(params![
            id,
            text.longest_list()
                .and_then(|count| i64::try_from(count).ok()),
            text.largest_offset()
                .and_then(|rows| i64::try_from(rows).ok()),
            text.has_leading_wildcard(),
        ])?;
    Ok(id)
}

/// Microseconds as milliseconds.
pub(super) fn ms(us: u64) -> f64 {
    us as f64 / 1e3
}

/// Counts as a JSON map.
fn json_map<K: ToString>(counts: Vec<(K, u64)>) -> String {
    let map: serde_json::Map<String, serde_json::Value> = counts
        .into_iter()
        .map(|(key, count)| (key.to_string(), count.into()))
        .collect();
    serde_json::Value::Object(map).to_string()
}

/// How executions are spread, as JSON: timeouts are judged by it, and those are of seconds.
fn times(statement: &Statement) -> String {
    const FINE_US: u64 = 1_000_000;
    let classes = statement.spread.coarse(FINE_US).into_iter();
    let within = |us: u64| us.min(statement.max_us.unwrap_or(us));
    let classes: Vec<serde_json::Value> = classes
        .map(|(least, most, count)| serde_json::json!([ms(least), ms(within(most)), count]))
        .collect();
    serde_json::Value::Array(classes).to_string()
}

fn figures(facts: &Connection, id: i64, statement: &Statement, text: &Text) -> Result<()> {
    let quantile = |share| {
        let within = |us: u64| {
            us.clamp(
                statement.min_us.unwrap_or(0),
                statement.max_us.unwrap_or(us),
            )
        };
        let found = (statement.calls > 0).then(|| statement.spread.quantile(share));
        found.flatten().map(|us| ms(within(us)))
    };
    let mut ids = statement.query_ids.clone();
    ids.sort_unstable();
    facts
        .prepare_cached(
            "INSERT INTO log_statements (statement_id, calls, total_ms, planning_ms, min_ms, mean_ms,
               p50_ms, p95_ms, p99_ms, max_ms, errors, plans, temp_files, temp_bytes,
               largest_temp_bytes, lock_waits, lock_wait_ms, cancels, queryids, offsets, times)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
        )?
        .execute(params![
            id,
            statement.calls as i64,
            ms(statement.total_us),
            ms(statement.planning_us),
            statement.min_us.map(ms),
            (statement.calls > 0).then(|| ms(statement.total_us) / statement.calls as f64),
            quantile(0.5),
            quantile(0.95),
            quantile(0.99),
            statement.max_us.map(ms),
            statement.errors as i64,
            statement.plans as i64,
            statement.temp_files as i64,
            statement.temp_bytes as i64,
            statement.largest_temp.map(|bytes| bytes as i64),
            statement.lock_waits as i64,
            ms(statement.lock_wait_us),
            statement.cancels as i64,
            json_map(ids),
            json_map(text.offsets()),
            times(statement),
        ])?;
    let step = statement.hours.step_us() as f64 / 1e3;
    let mut insert = facts.prepare_cached(
        "INSERT INTO log_statement_hours (statement_id, at, step_ms, calls, total_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (at, hour) in statement.hours.iter() {
        insert.execute(params![id, at, step, hour.calls as i64, ms(hour.total_us)])?;
    }
    Ok(())
}

fn who(facts: &Connection, id: i64, statement: &Statement, book: &Book) -> Result<()> {
    let mut insert = facts.prepare_cached(
        "INSERT INTO log_statement_groups (statement_id, user_name, application_name, calls, total_ms)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut groups: Vec<_> = statement
        .groups
        .iter()
        .map(|group| {
            let person = book.person(group.who).cloned().unwrap_or_default();
            (person.user, person.application, group)
        })
        .collect();
    groups.sort_by(|a, b| (b.2.total_us, &a.0, &a.1).cmp(&(a.2.total_us, &b.0, &b.1)));
    for (user, application, group) in groups {
        insert.execute(params![
            id,
            user,
            application,
            group.calls as i64,
            ms(group.total_us)
        ])?;
    }
    Ok(())
}

fn samples(facts: &Connection, id: i64, statement: &Statement, book: &Book) -> Result<()> {
    let mut insert = facts.prepare_cached(
        "INSERT INTO log_samples (statement_id, rank, duration_ms, at, user_name, application_name, text, parameters)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for (rank, kept) in statement.samples.iter().enumerate() {
        let person = book.person(kept.who).cloned().unwrap_or_default();
        insert.execute(params![
            id,
            rank + 1,
            ms(kept.us),
            kept.time,
            person.user,
            person.application,
            kept.sample.text,
            kept.sample.parameters
        ])?;
    }
    if let Some(plan) = &statement.plan
        && let Some(text) = &plan.plan
    {
        facts.execute(
            "INSERT INTO log_plans (statement_id, duration_ms, plan) VALUES (?1, ?2, ?3)",
            params![id, ms(plan.us), text],
        )?;
    }
    Ok(())
}
