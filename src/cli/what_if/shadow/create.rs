//! Hypothetical indexes: real ones, empty, with the size that they would have.

use std::collections::BTreeSet;

use super::build::{self, lost, to_write};
use super::expressions;
use super::lane::{Lane, Made, list};
use super::users::Size;
use crate::advise::index::{Handle, Lost};
use crate::cluster::ClusterError;
use crate::collect::connect::{ReadError, Session};
use crate::derive::shadow::brin;
use crate::facts::quote;

/// Indexes that are made in a transaction.
const BATCH: usize = 50;
/// Entries of an inner page of a B-tree, for the height of a part of an index: a page of 8 kB with keys of 16
/// bytes has some 290.
const FANOUT: f64 = 256.0;

/// Indexes of this transaction: their rows of `pg_class` are of this transaction too.
const CREATED: &str =
    "SELECT c.oid, coalesce(pg_catalog.pg_partition_root(c.oid)::oid, c.oid), n.nspname, c.relname,
      pg_catalog.pg_relation_filepath(c.oid), a.amname, i.indrelid,
      (SELECT option_value FROM pg_catalog.pg_options_to_table(c.reloptions) WHERE option_name = 'pages_per_range')
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_am a ON a.oid = c.relam
    JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
    WHERE c.relkind IN ('i', 'I') AND c.xmin = pg_catalog.pg_current_xact_id()::xid";

/// An index that is to be made.
#[derive(Debug, Clone)]
pub struct Order {
    /// How it is called in questions.
    pub handle: Handle,
    /// `CREATE INDEX` that gives it this name.
    pub sql: String,
    /// Its name.
    pub name: String,
    /// Schema that is looked in first for what the statement names.
    pub schema: String,
    /// Oid of its table.
    pub table: u32,
    /// Its size.
    pub size: Size,
}

/// The size that an index was given, and SQL that gives it another file.
struct Given {
    size: Size,
    moved: String,
}

/// An index that the server has made.
pub struct Created {
    pub oid: u32,
    root: u32,
    schema: String,
    pub name: String,
    /// `None`: it is partitioned.
    path: Option<String>,
    method: String,
    pub table: u32,
    /// BRIN: `pages_per_range`, where it is set.
    range: Option<u32>,
}

impl Lane {
    /// Makes indexes, each switched off. Those that can't be made are told in their places.
    pub async fn create(&mut self, orders: &[Order]) -> Result<Vec<Result<(), String>>, Lost> {
        let tables: Vec<u32> = orders.iter().map(|order| order.table).collect();
        let tables = self.shorten(&tables)?;
        let made = self.make(orders).await;
        // Whatever came of it.
        self.lengthen(&tables).await?;
        made
    }

    /// Shortens tables and their partitions, so that an index is made by reading no more than their first block.
    pub(super) fn shorten(&self, tables: &[u32]) -> Result<BTreeSet<u32>, Lost> {
        let family: BTreeSet<u32> = tables
            .iter()
            .flat_map(|table| self.catalog.family(*table))
            .collect();
        for path in family
            .iter()
            .filter_map(|oid| self.catalog.get(*oid)?.path.as_deref())
        {
            self.ground
                .files
                .shorten(path)
                .map_err(|error| Lost(error.to_string()))?;
        }
        Ok(family)
    }

    /// Gives tables their length again, and the figures that making an index has overwritten.
    pub(super) async fn lengthen(&self, tables: &BTreeSet<u32>) -> Result<(), Lost> {
        let mut figures = Vec::new();
        for (oid, table) in tables
            .iter()
            .filter_map(|oid| Some((oid, self.catalog.get(*oid)?)))
        {
            if let Some(path) = &table.path {
                let grown = self.ground.files.lengthen(path, table.bytes);
                grown.map_err(|error| Lost(error.to_string()))?;
            }
            figures.push(format!("({oid}, {})", table.figures.join(", ")));
        }
        if figures.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "UPDATE pg_catalog.pg_class c SET relpages = v.pages, reltuples = v.tuples::real, relallvisible = v.visible
             FROM (VALUES {}) v (oid, pages, tuples, visible) WHERE c.oid = v.oid::oid",
            figures.join(", ")
        );
        self.control.run(&sql).await.map_err(lost)?;
        Ok(())
    }

    async fn make(&mut self, orders: &[Order]) -> Result<Vec<Result<(), String>>, Lost> {
        let session = self.fresh().await?;
        let mut outcomes = Vec::with_capacity(orders.len());
        for batch in orders.chunks(BATCH) {
            if self.batch(&session, batch).await?.is_ok() {
                outcomes.extend(batch.iter().map(|_| Ok(())));
                continue;
            }
            for order in batch {
                outcomes.push(self.batch(&session, std::slice::from_ref(order)).await?);
            }
        }
        Ok(outcomes)
    }

    /// A session that has no files open, so that it sees how long they are.
    pub(super) async fn fresh(&self) -> Result<Session, Lost> {
        let session = self.control.another().await;
        let session = session.map_err(|error| Lost(error.to_string()))?;
        let opening = "SET statement_timeout = 0; SET client_min_messages = error";
        session.run(opening).await.map_err(lost)?;
        Ok(session)
    }

    /// Runs statements that make indexes in a transaction, and leaves it open.
    pub(super) async fn begin(
        &self,
        session: &Session,
        statements: &[(&str, &str)],
    ) -> Result<Result<Vec<Created>, String>, Lost> {
        let mut sql = String::from("BEGIN;\n");
        for (schema, statement) in statements {
            let schema = quote::ident(schema);
            sql.push_str(&format!(
                "SET LOCAL search_path = {schema}, public;\n{statement}\n;\n"
            ));
        }
        sql.push_str(CREATED);
        match session.run(&sql).await {
            Ok(rows) => Ok(Ok(rows.into_iter().filter_map(created).collect())),
            Err(ReadError::Server(error)) => {
                session.run("ROLLBACK").await.map_err(lost)?;
                Ok(Err(error.message().to_owned()))
            }
            Err(error) => Err(lost(error)),
        }
    }

    /// Makes some indexes, or none of them.
    async fn batch(
        &mut self,
        session: &Session,
        orders: &[Order],
    ) -> Result<Result<(), String>, Lost> {
        let statements: Vec<(&str, &str)> = orders
            .iter()
            .map(|order| (order.schema.as_str(), order.sql.as_str()))
            .collect();
        let created = match self.begin(session, &statements).await? {
            Ok(created) => created,
            Err(because) => return Ok(Err(because)),
        };
        let (mut rows, mut files) = (Vec::new(), String::new());
        let mut all_made = Vec::new();
        for order in orders {
            let root = created
                .iter()
                .find(|index| index.name == order.name && index.oid == index.root);
            let Some(root) = root else {
                session.run("ROLLBACK").await.map_err(lost)?;
                return Ok(Err(format!("the statement makes no index {}", order.name)));
            };
            let parts: Vec<&Created> = created
                .iter()
                .filter(|index| index.root == root.oid)
                .collect();
            let mut made = Made {
                names: Vec::new(),
                oids: Vec::new(),
                sql: quote::name(&root.schema, &root.name),
            };
            for part in &parts {
                let size = self.sized(part, &parts, order.size)?;
                files.push_str(&size.moved);
                let size = size.size;
                let name = part_name(part);
                rows.push(format!(
                    "({}, {}, {}, {})",
                    part.oid,
                    size.pages,
                    size.rows,
                    quote::literal(&name)
                ));
                made.oids.push(part.oid);
                made.names.push(name);
            }
            all_made.push((order.handle, made));
        }
        let oids: Vec<u32> = all_made
            .iter()
            .flat_map(|(_, made)| made.oids.clone())
            .collect();
        expressions::analyze(session, &self.catalog, &list(&oids)).await?;
        let sql = format!(
            "UPDATE pg_catalog.pg_class c SET relpages = v.pages, reltuples = v.tuples::real, relname = v.name::name
             FROM (VALUES {}) v (oid, pages, tuples, name) WHERE c.oid = v.oid::oid;
             UPDATE pg_catalog.pg_index SET indisvalid = false WHERE indexrelid IN ({});
             {files}COMMIT",
            rows.join(", "),
            list(&oids)
        );
        session.run(&sql).await.map_err(lost)?;
        for (handle, made) in all_made {
            self.add(handle, made);
        }
        Ok(Ok(()))
    }

    /// Gives an index, or a part of one, its size. Parts share by the sizes of their tables.
    fn sized(&self, part: &Created, parts: &[&Created], whole: Size) -> Result<Given, Lost> {
        let Some(path) = &part.path else {
            return Ok(Given {
                size: Size { pages: 0, ..whole },
                moved: String::new(),
            });
        };
        let bytes = |part: &Created| self.catalog.get(part.table).map_or(0, |table| table.bytes);
        let with_files = parts.iter().filter(|part| part.path.is_some());
        let (count, sum) = with_files.fold((0_u32, 0), |(count, sum), part| {
            (count + 1, sum + bytes(part))
        });
        let size = if count == 1 {
            whole
        } else {
            let share = if sum == 0 {
                1.0 / f64::from(count)
            } else {
                bytes(part) as f64 / sum as f64
            };
            let pages = (whole.pages as f64 * share).ceil();
            let levels = pages.max(1.0).log(FANOUT).ceil() as u32;
            Size {
                pages: pages as u64,
                rows: (whole.rows * share).round(),
                height: whole.height.min(levels),
            }
        };
        let files = &self.ground.files;
        let fault = |error: ClusterError| Lost(error.to_string());
        let mut path = path.clone();
        let mut moved = String::new();
        if part.method == "btree" {
            files.raise(&path, size.height).map_err(fault)?;
        } else if part.method == "brin" {
            let block = files.block();
            let range = part.range.unwrap_or(brin::RANGE);
            let metapage = brin::built(bytes(part) / block, range, block.cast_signed());
            if let Some(number) = files.begin(&path, to_write(metapage)).map_err(fault)? {
                moved = build::moved(&part.oid.to_string(), number);
                let folder = path.rfind('/').map_or(0, |at| at + 1);
                path.replace_range(folder.., &number.to_string());
            }
        }
        files
            .lengthen(&path, size.pages * files.block())
            .map_err(fault)?;
        Ok(Given { size, moved })
    }
}

/// The name of an index, or of a part on a partition: that of the part alone may be taken in another schema.
fn part_name(part: &Created) -> String {
    if part.oid == part.root {
        return part.name.clone();
    }
    format!("pgtriage_{}_{}", part.root, part.oid)
}

fn created(row: Vec<Option<String>>) -> Option<Created> {
    let [oid, root, schema, name, path, method, table, range] =
        <[Option<String>; 8]>::try_from(row).ok()?;
    Some(Created {
        oid: oid?.parse().ok()?,
        root: root?.parse().ok()?,
        schema: schema?,
        name: name?,
        path,
        method: method?,
        table: table?.parse().ok()?,
        range: range.and_then(|range| range.parse().ok()),
    })
}
