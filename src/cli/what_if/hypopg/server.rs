//! What is known of a server with HypoPG, for all sessions.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use crate::advise::index::{Handle, IndexSpec};
use crate::collect::connect::{MARK, ReadError, Session, TextRow, marked};
use crate::facts::quote::literal;

/// Limits of a statement of ours; planning takes no longer.
const STATEMENT: Duration = Duration::from_secs(30);
const LOCK: Duration = Duration::from_millis(500);
/// How long after its own limit the server may keep us waiting.
const GRACE: Duration = Duration::from_secs(5);

/// A server with HypoPG, and all hypothetical indexes that were asked for.
#[derive(Debug)]
pub struct Server {
    /// Schema of the extension, as SQL.
    pub schema: String,
    /// Its version.
    pub version: String,
    /// It can hide indexes that are there, as versions from 1.4 on do.
    pub hides: bool,
    /// It considers partial and expression indexes of whichever relation. No version that we know does: the variables in
    /// them keep number 1, which only the first relation of a FROM list has.
    pub sees_all: bool,
    /// Schema and name of indexes that are there, by `indexes.id`.
    pub existing: HashMap<i64, (String, String)>,
    /// All that were asked for.
    pub specs: BTreeMap<Handle, IndexSpec>,
}

impl Server {
    /// Whether an index is passed over where its table is not the first relation.
    pub fn is_bound(&self, handle: Handle) -> bool {
        let spec = self.specs.get(&handle).filter(|_| !self.sees_all);
        spec.is_some_and(|spec| {
            spec.predicate.is_some() || spec.keys.iter().any(|key| key.name().is_none())
        })
    }

    /// Which indexes are passed over.
    pub fn bound(&self) -> String {
        format!(
            "HypoPG {} considers partial and expression indexes of the first table of a FROM list only; statements were \
             planned with other tables first, too, but for views, joined subqueries and partitions that is no help, and such \
             indexes may gain more there than is told",
            self.version
        )
    }

    /// Why no index is taken for gone.
    pub fn no_hiding(&self) -> String {
        format!(
            "HypoPG {} takes no index for gone, which 1.4 and newer do (ALTER EXTENSION hypopg UPDATE, where they are \
             installed)",
            self.version
        )
    }

    /// SQL that hides these indexes, with their parts on partitions, and no others.
    pub fn hide(&self, ids: &[i64]) -> String {
        let schema = &self.schema;
        let names = ids.iter().filter_map(|id| self.existing.get(id));
        let names: Vec<String> = names
            .map(|(schema, name)| format!("({}, {})", literal(schema), literal(name)))
            .collect();
        let mut sql = format!("SELECT {schema}.hypopg_unhide_all_indexes()");
        if !names.is_empty() {
            sql.push_str(&format!(
                "; SELECT {MARK} {schema}.hypopg_hide_index(f.oid) FROM (
                   WITH RECURSIVE family (oid) AS (
                     SELECT c.oid FROM (VALUES {}) v (schema, name)
                     JOIN pg_catalog.pg_namespace n ON n.nspname = v.schema
                     JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = v.name
                     UNION
                     SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN family f ON i.inhparent = f.oid)
                   SELECT oid FROM family) f",
                names.join(", ")
            ));
        }
        sql
    }
}

/// What a session begins with: it writes nothing, and waits for nobody.
pub fn opening() -> String {
    let settings = [
        ("default_transaction_read_only", "on".to_owned()),
        ("statement_timeout", STATEMENT.as_millis().to_string()),
        ("lock_timeout", LOCK.as_millis().to_string()),
        ("plan_cache_mode", "force_generic_plan".to_owned()),
    ];
    let set = |(name, value)| format!("SET {MARK} {name} = {value}");
    settings.map(set).join("; ")
}

/// Runs statements of ours.
pub async fn run(session: &Session, sql: &str) -> Result<Vec<TextRow>, ReadError> {
    in_time(session, session.run(&marked(sql))).await
}

/// Runs one statement that is made of the user's text; nothing that might stand behind it is run.
pub async fn ask(session: &Session, sql: &str) -> Result<String, ReadError> {
    let value = in_time(session, session.value(&marked(sql))).await?;
    Ok(value.unwrap_or_default())
}

async fn in_time<T>(
    session: &Session,
    answer: impl Future<Output = Result<T, ReadError>>,
) -> Result<T, ReadError> {
    let limit = STATEMENT + GRACE;
    let answer = tokio::time::timeout(limit, answer).await;
    answer.unwrap_or_else(|_| {
        Err(ReadError::Silent {
            target: session.display_target(),
            limit,
        })
    })
}

/// Whether a session can be asked no more; what a server refuses is an answer.
pub fn is_lost(error: &ReadError) -> bool {
    error.is_connection_lost() || error.code().is_none()
}

/// The first value of an answer.
pub fn first(rows: &[TextRow]) -> Option<&str> {
    rows.first()?.first()?.as_deref()
}
