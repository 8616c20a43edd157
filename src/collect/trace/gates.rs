//! Locks of ours that hold a statement up wherever it asks for one, so that it can be seen asking.
//!
//! A statement that runs by itself takes locks and gives them back before it ends. Two kinds of
//! gates stand before each table when it begins:
//!
//! - a *first* gate, SHARE UPDATE EXCLUSIVE, stops whoever asks for that mode or a stronger one. It
//!   is opened when the statement stands before it, and stays open.
//! - a *later* gate, ROW EXCLUSIVE, stops whoever asks for SHARE or more, or waits until writers
//!   have gone. Two sessions take turns to hold it, so that one stands there when the other opens.
//!
//! So nothing stronger than ROW EXCLUSIVE is taken unseen. No gate waits for the statement while
//! that waits for a gate.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;

use super::error::TraceError;
use super::state::{Locks, State};
use crate::collect::connect::{ReadError, Session};
use crate::parse::ddl::effect::Lock;

/// Most sessions for first gates of one table each.
const OWN: usize = 40;
/// Between two looks at the queue.
const PAUSE: Duration = Duration::from_millis(1);

/// Gates before the tables of a database.
pub(super) struct Gates {
    first: Vec<First>,
    later: [Gate; 2],
    /// Which of `later` stands.
    standing: usize,
    tables: BTreeMap<u32, Table>,
    /// Several tables have lost their gate at once.
    pub is_wide_open: bool,
}

/// A session that holds locks.
struct Gate {
    session: Session,
    pid: i64,
}

struct First {
    gate: Gate,
    tables: Vec<u32>,
}

struct Table {
    name: String,
    is_view: bool,
}

impl Gates {
    /// Sets them up before all tables and materialized views. Those in `named` get first gates of
    /// their own, the others have one in common until the statement stands before it.
    pub async fn close(
        by: &Session,
        state: &State,
        named: impl Fn(u32) -> bool,
    ) -> Result<Self, TraceError> {
        let tables = tables(state);
        let (own, others): (Vec<u32>, Vec<u32>) =
            tables.keys().copied().partition(|oid| named(*oid));
        let mut gates = Self {
            first: Vec::new(),
            later: [Gate::new(by).await?, Gate::new(by).await?],
            standing: 0,
            tables,
            is_wide_open: false,
        };
        let others = Some(others).filter(|others| !others.is_empty());
        for group in groups(own, OWN).chain(others) {
            let first = First {
                gate: Gate::new(by).await?,
                tables: group,
            };
            first
                .gate
                .session
                .run(&gates.first_lock(&first.tables))
                .await?;
            gates.first.push(first);
        }
        gates.stand(&Locks::new()).await?;
        Ok(gates)
    }

    /// Whether one of these processes is a gate that stands.
    pub fn stop(&self, pids: &[i64]) -> bool {
        let first = self.first.iter().map(|first| first.gate.pid);
        let mut standing = first.chain([self.later[self.standing].pid]);
        standing.any(|pid| pids.contains(&pid))
    }

    /// Lets a statement go on that stands before gates of these processes; `locks` are those that
    /// it holds or asks for.
    pub async fn open(
        &mut self,
        by: &Session,
        pids: &[i64],
        locks: &Locks,
    ) -> Result<(), TraceError> {
        if pids.contains(&self.later[self.standing].pid) {
            self.standing = 1 - self.standing;
            self.stand(locks).await?;
            self.later[1 - self.standing]
                .session
                .run("ROLLBACK")
                .await?;
        }
        let Some(at) = self
            .first
            .iter()
            .position(|first| pids.contains(&first.gate.pid))
        else {
            return Ok(());
        };
        let first = self.first.swap_remove(at);
        let others: Vec<u32> = (first.tables.iter().copied())
            .filter(|table| !locks.contains_key(table))
            .collect();
        if first.tables.len() == 1 || others.is_empty() {
            first.gate.session.run("ROLLBACK").await?;
            return Ok(());
        }
        let room = OWN.saturating_sub(self.first.len());
        self.is_wide_open |= room == 0;
        let mut queue = Vec::new();
        for tables in groups(others, room).filter(|_| room > 0) {
            queue.push(First {
                gate: Gate::new(by).await?,
                tables,
            });
        }
        self.replace(by, first, queue).await
    }

    /// Opens a gate before several tables, and closes others before all but those that the
    /// statement asked for: they queue up first, so that it can't come in between.
    async fn replace(
        &mut self,
        by: &Session,
        old: First,
        new: Vec<First>,
    ) -> Result<(), TraceError> {
        let locks: Vec<String> = new
            .iter()
            .map(|first| self.first_lock(&first.tables))
            .collect();
        let asking = new
            .iter()
            .zip(&locks)
            .map(|(first, lock)| first.gate.session.run(lock));
        let pids: Vec<String> = new.iter().map(|first| first.gate.pid.to_string()).collect();
        let open = async {
            let queued = format!(
                "SELECT pg_catalog.count(DISTINCT pid) FROM pg_catalog.pg_locks WHERE NOT granted AND pid = ANY ('{{{}}}')",
                pids.join(",")
            );
            while number(by, &queued).await? < pids.len() as i64 {
                tokio::time::sleep(PAUSE).await;
            }
            old.gate.session.run("ROLLBACK").await
        };
        let (closed, opened) = tokio::join!(join_all(asking), open);
        opened?;
        for outcome in closed {
            outcome?;
        }
        self.first.extend(new);
        Ok(())
    }

    /// Closes the later gate that is to stand, before all tables where nothing that the statement
    /// has or wants is in the way.
    async fn stand(&self, locks: &Locks) -> Result<(), TraceError> {
        let session = &self.later[self.standing].session;
        let mut sql = "BEGIN".to_owned();
        for (oid, table) in self.tables.iter().filter(|(_, table)| !table.is_view) {
            let strongest = locks.get(oid).and_then(|modes| modes.last().copied());
            let mode = match strongest {
                None => "ROW EXCLUSIVE",
                Some(lock) if lock <= Lock::ShareUpdateExclusive => "ROW EXCLUSIVE",
                Some(lock) if lock <= Lock::ShareRowExclusive => "ROW SHARE",
                Some(Lock::Exclusive) => "ACCESS SHARE",
                Some(_) => continue,
            };
            sql += &format!("; LOCK TABLE ONLY {} IN {mode} MODE", table.name);
        }
        session.run(&sql).await?;
        Ok(())
    }

    /// What closes a first gate. A comment locks a materialized view, which LOCK TABLE refuses.
    fn first_lock(&self, tables: &[u32]) -> String {
        let mut sql = "BEGIN".to_owned();
        for table in tables.iter().filter_map(|oid| self.tables.get(oid)) {
            let name = &table.name;
            sql += &if table.is_view {
                format!("; COMMENT ON MATERIALIZED VIEW {name} IS NULL")
            } else {
                format!("; LOCK TABLE ONLY {name} IN SHARE UPDATE EXCLUSIVE MODE")
            };
        }
        sql
    }
}

impl Gate {
    async fn new(by: &Session) -> Result<Self, TraceError> {
        let session = by.another().await?;
        let pid = number(&session, "SELECT pg_catalog.pg_backend_pid()").await?;
        Ok(Self { session, pid })
    }
}

fn tables(state: &State) -> BTreeMap<u32, Table> {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let tables = state.relations.iter().filter_map(|(oid, relation)| {
        let is_view = relation.kind == "materialized view";
        if !is_view && !["table", "partitioned table"].contains(&relation.kind)
            || relation.schema == "pg_temp"
        {
            return None;
        }
        let name = format!("{}.{}", quoted(&relation.schema), quoted(&relation.name));
        Some((*oid, Table { name, is_view }))
    });
    tables.collect()
}

/// Groups of one; what there is no room for shares the last.
fn groups(mut tables: Vec<u32>, room: usize) -> impl Iterator<Item = Vec<u32>> {
    let shared = tables.split_off(tables.len().min(room.saturating_sub(1)));
    let own = tables.into_iter().map(|table| vec![table]);
    own.chain(Some(shared).filter(|shared| !shared.is_empty()))
}

/// The number that a query gives.
pub(super) async fn number(session: &Session, sql: &str) -> Result<i64, ReadError> {
    let rows = session.run(sql).await?;
    let text = rows.first().and_then(|row| row.first()?.as_deref());
    Ok(text.and_then(|text| text.parse().ok()).unwrap_or(0))
}
