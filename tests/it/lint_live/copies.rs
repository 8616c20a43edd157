//! Copies of a world. One is used again where what was done in it can be taken back without a trace:
//! to make a database and to drop it takes longer than most of what is run there.

use pgtriage::collect::connect::Session;

/// Statements that take back what is new in a copy; those that fail have come too late.
const UNDO: &str = include_str!("undo.sql");
/// Definitions in a copy, a line each.
const DEFINED: &str = include_str!("defined.sql");
/// Queries for the contents of its relations: versions of rows, numbers of sequences.
const CONTENTS: &str = "SELECT CASE relkind
      WHEN 'S' THEN format('SELECT %L || last_value || is_called FROM %s', oid::regclass, oid::regclass)
      ELSE format('SELECT %L || count(*) || coalesce(sum(hashtext(ctid || '' '' || xmin || '' '' || xmax)), 0) FROM %s', oid::regclass, oid::regclass)
    END
    FROM pg_class WHERE oid >= 16384 AND (relkind IN ('r', 'S') OR relkind = 'm' AND relispopulated)
      AND relpersistence <> 't' AND relnamespace <> 'pg_toast'::regnamespace";

/// Copies of the database `template`.
pub struct Copies {
    made: usize,
    /// As it was when it was made.
    spare: Option<Session>,
    /// What copies look like when they are made, and the highest of their oids.
    untouched: Option<(String, String)>,
}

impl Copies {
    /// None as yet.
    pub fn none() -> Self {
        Self {
            made: 0,
            spare: None,
            untouched: None,
        }
    }

    /// A session in a copy that is as the template.
    pub async fn take(&mut self, admin: &Session) -> Session {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        self.made += 1;
        let name = format!("copy_{}", self.made);
        copy(admin, "template", &name).await;
        let copy = admin.at(&name).await.unwrap();
        if self.untouched.is_none() {
            let highest = "SELECT max(oid::int8) FROM (SELECT oid FROM pg_class UNION ALL SELECT oid FROM pg_type
                UNION ALL SELECT oid FROM pg_proc UNION ALL SELECT oid FROM pg_constraint
                UNION ALL SELECT oid FROM pg_namespace UNION ALL SELECT oid FROM pg_trigger) o";
            let highest = texts(&copy, highest).await.remove(0);
            self.untouched = Some((looks(&copy).await, highest));
        }
        copy
    }

    /// Keeps a copy for the next one who needs one, or drops it.
    pub async fn give_back(&mut self, admin: &Session, copy: Session) {
        if self.is_as_before(&copy).await {
            self.spare = Some(copy);
            return;
        }
        let drop = format!("DROP DATABASE {} WITH (FORCE)", copy.database());
        std::mem::drop(copy);
        admin.run(&drop).await.unwrap();
    }

    async fn is_as_before(&self, copy: &Session) -> bool {
        let Some((untouched, highest)) = &self.untouched else {
            return false;
        };
        // Sessions that have just ended may hold locks and temporary tables.
        let others = "SELECT 'x' FROM pg_stat_activity WHERE backend_type = 'client backend'
            AND datname = current_database() AND pid <> pg_backend_pid()";
        while !texts(copy, others).await.is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        for statement in texts(copy, &UNDO.replace("{highest}", highest)).await {
            let _ = copy.run(&statement).await;
        }
        looks(copy).await == *untouched
    }
}

/// Definitions and contents in a few letters.
async fn looks(copy: &Session) -> String {
    let contents = texts(copy, CONTENTS).await.join(" UNION ALL ");
    let all = format!("{DEFINED} UNION ALL {contents}");
    let sum = format!("SELECT md5(string_agg(t, ' ' ORDER BY t)) FROM ({all}) x (t)");
    texts(copy, &sum).await.remove(0)
}

/// The first column.
async fn texts(session: &Session, sql: &str) -> Vec<String> {
    let rows = session.run(sql).await.unwrap();
    let texts = rows.into_iter().map(|mut row| row.swap_remove(0).unwrap());
    texts.collect()
}

/// A copy of a database. Sessions that have just ended may be in the way.
pub async fn copy(admin: &Session, from: &str, to: &str) {
    let strategy = if admin.server().version >= 150_000 {
        " STRATEGY file_copy"
    } else {
        ""
    };
    let create = format!("CREATE DATABASE {to} TEMPLATE {from}{strategy}");
    for _ in 0..500 {
        match admin.run(&create).await {
            Ok(_) => return,
            Err(error) if error.code() == Some("55006") => {}
            Err(error) => panic!("{create}: {error}"),
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{create}: others stay connected");
}
