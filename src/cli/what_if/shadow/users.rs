//! A user's own `CREATE INDEX`, and what the index is made of.

use super::ask;
use super::build::lost;
use super::lane::Lane;
use super::planner::{Shadow, gone};
use crate::advise::index::{IndexSpec, Key, Lost, Part};
use crate::derive::sizes::Storage;
use crate::parse::{TokenKind, tokenize};

/// Size of an index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// Pages of the whole index.
    pub pages: u64,
    /// Entries.
    pub rows: f64,
    /// B-tree: level of the root; 0: the root is a leaf.
    pub height: u32,
}

/// An index that a statement would make.
pub struct Described {
    /// The statement, without `CONCURRENTLY`.
    pub sql: String,
    /// Name of the index: the one given, or the one that the server has found.
    pub name: String,
    /// Oid of its table.
    pub table: u32,
    /// The index, `relation` left at 0.
    pub spec: IndexSpec,
    /// How it is stored.
    pub storage: Storage,
}

impl Shadow {
    /// The index that a user's `CREATE INDEX` would make; a refusal says why.
    pub fn describe(&mut self, ddl: &str) -> Result<Result<Described, String>, Lost> {
        let Some(lane) = self.lanes.first_mut() else {
            return Err(gone());
        };
        let described = self.runtime.block_on(lane.describe(ddl))?;
        Ok(described.map(|mut described| {
            let spec = &mut described.spec;
            let table = (spec.schema.clone(), spec.table.clone());
            spec.relation = self.original.relations.get(&table).copied().unwrap_or(0);
            described
        }))
    }
}

impl Lane {
    /// Looks at the index that a statement makes, and takes it back.
    pub async fn describe(&mut self, ddl: &str) -> Result<Result<Described, String>, Lost> {
        let sql = match ask::create_index(ddl) {
            Ok(sql) => sql,
            Err(because) => return Ok(Err(because)),
        };
        let Some(name) = table_name(&sql) else {
            return Ok(Err(format!("no table is named in: {sql}")));
        };
        let Some(table) = self.table(&name).await? else {
            return Ok(Err(format!("the shadow has no table {name}")));
        };
        let tables = self.shorten(&[table])?;
        let described = self.look(sql, table).await;
        self.lengthen(&tables).await?;
        described
    }

    async fn look(&self, sql: String, table: u32) -> Result<Result<Described, String>, Lost> {
        let session = self.fresh().await?;
        let created = match self.begin(&session, &[("public", &sql)]).await? {
            Ok(created) => created,
            Err(because) => return Ok(Err(because)),
        };
        let of_table = created.into_iter().find(|index| index.table == table);
        let Some(index) = of_table else {
            session.run("ROLLBACK").await.map_err(lost)?;
            return Ok(Err(
                "it makes nothing: there is an index of this name".to_owned()
            ));
        };
        let rows = session
            .run(&format!("{PARTS} {}; ROLLBACK", index.oid))
            .await;
        let rows = rows.map_err(lost)?;
        Ok(match spec(&rows) {
            Some((spec, storage)) => Ok(Described {
                sql: named(&sql, &index.name),
                name: index.name,
                table,
                spec,
                storage,
            }),
            None => Err("the shadow does not tell what the index is made of".to_owned()),
        })
    }
}

/// Keys and INCLUDE columns of an index, a row each.
const PARTS: &str = "SELECT n.nspname, t.relname, m.amname, pg_catalog.pg_get_expr(i.indpred, i.indrelid),
      k.number <= i.indnkeyatts, a.attname, pg_catalog.pg_get_indexdef(i.indexrelid, k.number, true),
      CASE WHEN NOT o.opcdefault THEN o.opcname END,
      k.number <= i.indnkeyatts AND i.indoption[k.number - 1] & 1 = 1, i.indisunique,
      (SELECT option_value FROM pg_catalog.pg_options_to_table(c.reloptions) WHERE option_name = 'fillfactor'),
      (SELECT option_value FROM pg_catalog.pg_options_to_table(c.reloptions) WHERE option_name = 'pages_per_range')
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_am m ON m.oid = c.relam
    JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
    CROSS JOIN LATERAL pg_catalog.generate_series(1, i.indnatts::int) k (number)
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.number - 1] AND a.attnum <> 0
    LEFT JOIN pg_catalog.pg_opclass o ON k.number <= i.indnkeyatts AND o.oid = i.indclass[k.number - 1]
    WHERE i.indexrelid =";

fn spec(rows: &[Vec<Option<String>>]) -> Option<(IndexSpec, Storage)> {
    let mut spec: Option<IndexSpec> = None;
    let mut storage = Storage::default();
    for row in rows {
        let [
            schema,
            table,
            method,
            predicate,
            is_key,
            column,
            text,
            opclass,
            is_descending,
            is_unique,
            fillfactor,
            range,
        ] = row.as_slice()
        else {
            return None;
        };
        storage = Storage {
            fillfactor: fillfactor.as_ref().and_then(|it| it.parse().ok()),
            range: range.as_ref().and_then(|it| it.parse().ok()),
            is_unique: is_unique.as_deref() == Some("t"),
        };
        let spec = spec.get_or_insert(IndexSpec {
            relation: 0,
            schema: schema.clone()?,
            table: table.clone()?,
            method: method.clone()?,
            keys: Vec::new(),
            include: Vec::new(),
            predicate: predicate.clone(),
        });
        if is_key.as_deref() != Some("t") {
            spec.include.push(column.clone()?);
            continue;
        }
        let part = match column {
            Some(column) => Part::Column(column.clone()),
            None => Part::Expression(text.clone()?),
        };
        spec.keys.push(Key {
            part,
            opclass: opclass.clone(),
            is_descending: is_descending.as_deref() == Some("t"),
        });
    }
    Some((spec?, storage))
}

/// The table of a `CREATE INDEX`, as SQL names it.
fn table_name(sql: &str) -> Option<String> {
    let mut words = tokenize(sql).into_iter().filter(|token| !token.is_trivia());
    let is = |token: &crate::parse::Token, word: &str| {
        token.kind == TokenKind::Word && token.text(sql).eq_ignore_ascii_case(word)
    };
    words.find(|token| is(token, "on"))?;
    let mut first = words.next()?;
    if is(&first, "only") {
        first = words.next()?;
    }
    let mut end = first.end;
    while let Some(dot) = words.next().filter(|token| token.kind == TokenKind::Dot) {
        end = words.next().map_or(dot.end, |token| token.end);
    }
    Some(sql[first.start..end].to_owned())
}

/// The statement with a name for its index, where it gives none.
fn named(sql: &str, name: &str) -> String {
    let words: Vec<_> = tokenize(sql)
        .into_iter()
        .filter(|token| !token.is_trivia())
        .collect();
    let is_on = |token: &&crate::parse::Token| {
        token.kind == TokenKind::Word && token.text(sql).eq_ignore_ascii_case("on")
    };
    let index = words
        .iter()
        .position(|token| token.text(sql).eq_ignore_ascii_case("index"));
    let next = index.and_then(|at| words.get(at + 1)).filter(is_on);
    match next {
        Some(on) => {
            let name = crate::facts::quote::ident(name);
            format!("{} {name} {}", sql[..on.start].trim_end(), &sql[on.start..])
        }
        None => sql.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{named, table_name};

    #[test]
    fn tables_are_found_and_indexes_named() {
        for (sql, table, with_name) in [
            ("CREATE INDEX ON a (x)", "a", "CREATE INDEX i ON a (x)"),
            (
                "CREATE UNIQUE INDEX IF NOT EXISTS \"on\" ON ONLY \"S\" . b USING btree (x)",
                "\"S\" . b",
                "CREATE UNIQUE INDEX IF NOT EXISTS \"on\" ON ONLY \"S\" . b USING btree (x)",
            ),
        ] {
            assert_eq!(table_name(sql).as_deref(), Some(table));
            assert_eq!(named(sql, "i"), with_name);
        }
    }
}
