//! Estimates where rows may not be read: by the extension pgstattuple, else by counters.

use std::time::Duration;

use tokio_postgres::types::Type;

use super::catalog::{self, IndexEntry, TABLE};
use super::tables::TableEntry;
use crate::collect::connect::{ReadError, Server};
use crate::collect::error::CollectError;
use crate::derive::bloat::fallback::{Approximation, IndexPages, dead_share, rebuilt, repacked};
use crate::facts::quote;

/// Limit for one statement; these functions may read the whole of a table or index.
const STATEMENT: Duration = Duration::from_secs(5);
const LOCK: Duration = Duration::from_millis(100);

/// Where the functions of the extension are, if our role may call them.
const EXTENSION: &str = "
SELECT /* pgtriage */ n.nspname::text AS schema
FROM pg_extension e
JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE e.extname = 'pgstattuple' AND p.proname IN ('pgstattuple_approx', 'pgstatindex')
  AND p.pronargs = 1 AND p.proargtypes[0] = 'regclass'::regtype
  AND has_schema_privilege(n.oid, 'USAGE')
GROUP BY n.nspname
HAVING bool_and(has_function_privilege(p.oid, 'EXECUTE')) AND count(*) = 2";

/// An estimate without an interval.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rough {
    pub size_bytes: i64,
    pub bloat_bytes: Option<i64>,
    pub method: &'static str,
}

impl Rough {
    fn new(size: i64, needed: f64, method: &'static str) -> Self {
        let bloat = (size as f64 - needed).clamp(0.0, size as f64);
        Self {
            size_bytes: size,
            bloat_bytes: Some(bloat as i64),
            method,
        }
    }

    /// Nothing is known.
    pub fn none(size: i64) -> Self {
        Self {
            size_bytes: size,
            bloat_bytes: None,
            method: "none",
        }
    }
}

/// The extension's functions in one database.
pub(super) struct Extension<'a> {
    server: &'a Server,
    /// Their schema; `None`: not to be had.
    schema: Option<String>,
}

impl<'a> Extension<'a> {
    /// Looks for them.
    pub async fn find(server: &'a Server) -> Result<Self, CollectError> {
        let schema = match rows(server, EXTENSION, None).await {
            Ok(found) => found.first().and_then(|row| row.try_get(0).ok()),
            Err(error) if error.is_connection_lost() => return Err(CollectError::Lost(error)),
            Err(_) => None,
        };
        Ok(Self { server, schema })
    }

    /// B-tree indexes of a table.
    pub async fn indexes(&self, oid: u32) -> Result<Vec<IndexEntry>, CollectError> {
        let found = match rows(self.server, TABLE, Some(oid)).await {
            Ok(found) => found,
            Err(error) if error.is_connection_lost() => return Err(CollectError::Lost(error)),
            Err(_) => return Ok(Vec::new()),
        };
        let text = found.first().and_then(|row| row.try_get("indexes").ok());
        let text: String = text.unwrap_or_else(|| "[]".to_owned());
        let (_, indexes) = catalog::parse("[]", &text)
            .map_err(|error| CollectError::row("bloat_estimates", &error))?;
        Ok(indexes)
    }

    /// A table whose rows may not be read. Reads at most `most` bytes.
    pub async fn table(&self, table: &TableEntry, most: u64) -> Result<Rough, CollectError> {
        let size = table.size_bytes.unwrap_or(0);
        if let Some(live) = self.approximation(table, size, most).await? {
            let needed = repacked(table.page, table.fillfactor, live);
            return Ok(Rough::new(size, needed, "pgstattuple_approx"));
        }
        let counted = table.live.zip(table.dead);
        Ok(
            match counted.and_then(|(live, dead)| dead_share(live, dead)) {
                Some(share) => Rough::new(size, size as f64 * (1.0 - share), "dead rows"),
                None => Rough::none(size),
            },
        )
    }

    async fn approximation(
        &self,
        table: &TableEntry,
        size: i64,
        most: u64,
    ) -> Result<Option<Approximation>, CollectError> {
        let call =
            "approx_tuple_count::float8, approx_tuple_len::float8 FROM {}.pgstattuple_approx($1)";
        let row = self.call(call, table.oid, size, most).await?;
        Ok(row.and_then(|row| {
            Some(Approximation {
                rows: row.try_get(0).ok()?,
                bytes: row.try_get(1).ok()?,
            })
        }))
    }

    /// An index whose entries cannot be worked out from rows. Reads at most `most` bytes.
    pub async fn index(
        &self,
        table: &TableEntry,
        index: &IndexEntry,
        most: u64,
    ) -> Result<Rough, CollectError> {
        let size = index.size_bytes;
        let call = "leaf_pages::float8, internal_pages::float8, avg_leaf_density FROM {}.pgstatindex($1::regclass)";
        let row = self.call(call, index.oid as u32, size, most).await?;
        let pages = row.and_then(|row| {
            Some(IndexPages {
                leaves: row.try_get(0).ok()?,
                inner: row.try_get(1).ok()?,
                density: row.try_get(2).ok()?,
            })
        });
        Ok(match pages {
            Some(pages) => {
                let needed = rebuilt(table.page, index.fillfactor, pages);
                Rough::new(size, needed, "pgstatindex")
            }
            None => Rough::none(size),
        })
    }

    async fn call(
        &self,
        call: &str,
        oid: u32,
        size: i64,
        most: u64,
    ) -> Result<Option<tokio_postgres::Row>, CollectError> {
        let Some(schema) = self
            .schema
            .as_ref()
            .filter(|_| size.cast_unsigned() <= most)
        else {
            return Ok(None);
        };
        let call = call.replace("{}", &quote::ident(schema));
        match rows(
            self.server,
            &format!("SELECT /* pgtriage */ {call}"),
            Some(oid),
        )
        .await
        {
            Ok(found) => Ok(found.into_iter().next()),
            Err(error) if error.is_connection_lost() => Err(CollectError::Lost(error)),
            Err(_) => Ok(None),
        }
    }
}

async fn rows(
    server: &Server,
    sql: &str,
    oid: Option<u32>,
) -> Result<Vec<tokio_postgres::Row>, ReadError> {
    let mut transaction = server.read(STATEMENT, LOCK).await?;
    let found = match &oid {
        Some(oid) => transaction.query_all(sql, &[(oid, Type::OID)]).await?,
        None => transaction.query_all(sql, &[]).await?,
    };
    transaction.commit().await?;
    Ok(found)
}
