//! Partitions that come and go, and indexes of partitioned tables.

use crate::parse::ddl::object_name;
use rusqlite::Result;

use super::index::in_schema;
use crate::advise::migration::case::Case;
use crate::advise::migration::step::{Rewrite, Step};
use crate::advise::migration::words::Words;
use crate::facts::quote;
use crate::parse::tokens::TokenKind;

/// `DETACH PARTITION`
pub fn detach(case: &Case) -> Result<Option<Rewrite>> {
    let default =
        "SELECT count(*) FROM relations WHERE parent_id = ?1 AND partition_bound = 'DEFAULT'";
    let defaults: Option<i64> = case.ask(default)?;
    // Not while there is a default partition, and not before 14.
    if defaults.is_some_and(|count| count > 0) || case.major.is_some_and(|major| major < 14) {
        return Ok(None);
    }
    let sql = format!("{} CONCURRENTLY", case.statement.text.trim_end());
    let step = Step::new(1, sql).outside();
    Ok(Some(Rewrite {
        steps: vec![step],
        is_mechanical: defaults.is_some(),
    }))
}

/// `CREATE INDEX` of a partitioned table: an empty one above, one by one below, then joined.
pub fn index(case: &Case, at: usize, name: &str) -> Result<Option<Rewrite>> {
    let words = &case.statement;
    let Some(on) = words.find_from(at, "on") else {
        return Ok(None);
    };
    let table = on + 1 + usize::from(words.are(on + 1, "only"));
    let rest = words.slice(words.after_name(table)..words.len());
    let unique = if words.are(1, "unique") {
        "UNIQUE "
    } else {
        ""
    };
    let own = quote::ident(name);
    let above = format!(
        "CREATE {unique}INDEX {own} ON ONLY {} {rest}",
        words.slice(table..words.after_name(table))
    );
    let mut steps = vec![
        Step::new(1, above)
            .undo(format!("DROP INDEX {}", in_schema(case, name)))
            .note("It is invalid until all partitions have theirs."),
    ];
    let children = children(case)?;
    let columns = case.details("columns").join("_");
    for (schema, child) in &children {
        let part = object_name(child, &columns, "idx");
        let written = if schema == "public" {
            quote::ident(child)
        } else {
            quote::name(schema, child)
        };
        let built = format!(
            "CREATE {unique}INDEX CONCURRENTLY {} ON {written} {rest}",
            quote::ident(&part)
        );
        steps.push(Step::new(2, built).outside());
    }
    for (schema, child) in &children {
        let part = object_name(child, &columns, "idx");
        let part = if schema == "public" {
            quote::ident(&part)
        } else {
            quote::name(schema, &part)
        };
        let attach = format!(
            "ALTER INDEX {} ATTACH PARTITION {part}",
            in_schema(case, name)
        );
        steps.push(Step::new(3, attach));
    }
    if children.is_empty() {
        let built = format!("CREATE {unique}INDEX CONCURRENTLY partition_idx ON partition {rest}");
        let attach = format!(
            "ALTER INDEX {} ATTACH PARTITION partition_idx",
            in_schema(case, name)
        );
        steps.push(Step::new(2, built).outside().note("For each partition."));
        steps.push(Step::new(3, attach).note("For each partition."));
    }
    Ok(Some(Rewrite::advice(steps)))
}

/// Partitions that hold rows, by schema and name, as far as facts know them.
fn children(case: &Case) -> Result<Vec<(String, String)>> {
    let query = "WITH RECURSIVE below(id) AS (
          SELECT id FROM relations WHERE parent_id = ?1
          UNION SELECT r.id FROM relations r JOIN below b ON r.parent_id = b.id)
        SELECT r.schema, r.name FROM relations r JOIN below b ON b.id = r.id
        WHERE r.kind = 'table' ORDER BY r.schema, r.name";
    let mut statement = case.facts.prepare_cached(query)?;
    let rows = statement.query_map([case.relation_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// `ATTACH PARTITION` of a table whose rows would be read: a validated check that says the same
/// spares that.
pub fn attach(case: &Case) -> Result<Option<Rewrite>> {
    let words = &case.action;
    let Some(at) = words.find("partition") else {
        return Ok(None);
    };
    let written = words.slice(at + 1..words.after_name(at + 1));
    let bound = words.after_name(at + 1);
    let key = parent_key(case)?;
    let expression = key.and_then(|key| expression(words, bound, &key));
    let name = quote::ident(&object_name(&case.name, "", "partition_check"));
    let is_known = expression.is_some();
    let check = expression.unwrap_or_else(|| "…".to_owned());
    let alter = |action: &str| format!("ALTER TABLE {written} {action}");
    let add = alter(&format!("ADD CONSTRAINT {name} CHECK ({check}) NOT VALID"));
    let drop = alter(&format!("DROP CONSTRAINT {name}"));
    let mut add = Step::new(1, add).undo(drop.clone());
    if !is_known {
        add.note = Some(
            "A check that says the same as the bound, and that the key is NOT NULL.".to_owned(),
        );
    }
    let attach = format!("{} {}", case.head(), words.text.trim());
    let detach = format!("{} DETACH PARTITION {written}", case.head());
    Ok(Some(Rewrite {
        steps: vec![
            add,
            Step::new(2, alter(&format!("VALIDATE CONSTRAINT {name}"))),
            Step::new(3, attach).undo(detach),
            Step::new(3, drop),
        ],
        is_mechanical: is_known,
    }))
}

/// Strategy and columns of the partitioned table, as `pg_get_partkeydef` prints them.
fn parent_key(case: &Case) -> Result<Option<String>> {
    if let Some(key) = case.detail("partition_key") {
        return Ok(Some(key.to_owned()));
    }
    let name = case.table();
    let name = name.rsplit('.').next().unwrap_or(name).trim_matches('"');
    let query = "SELECT partition_key FROM relations WHERE name = ?1 AND partition_key IS NOT NULL";
    let mut statement = case.facts.prepare_cached(query)?;
    let mut rows = statement.query([name])?;
    let found = match rows.next()? {
        Some(row) => row.get(0)?,
        None => None,
    };
    // Two of a name: which of them is meant is not known here.
    Ok(found.filter(|_| !matches!(rows.next(), Ok(Some(_)))))
}

/// A bound of one column as a condition.
fn expression(words: &Words, at: usize, key: &str) -> Option<String> {
    let (strategy, column) = key.split_once(' ')?;
    let column = column.strip_prefix('(')?.strip_suffix(')')?;
    let plain = Words::new(column);
    if plain.len() != 1 || !words.are(at, "for values") {
        return None;
    }
    let within = |open: usize| {
        let close = words.after_group(open);
        words
            .is_kind(open, TokenKind::LeftParen)
            .then(|| words.slice(open + 1..close - 1))
    };
    match strategy {
        "LIST" if words.are(at + 2, "in") => {
            let values = within(at + 3)?;
            let has_null = values
                .split(',')
                .any(|value| value.trim().eq_ignore_ascii_case("null"));
            (!has_null).then(|| format!("{column} IS NOT NULL AND {column} IN ({values})"))
        }
        "RANGE" if words.are(at + 2, "from") => {
            let from = within(at + 3)?;
            let to = words.find_from(at + 3, "to")?;
            let to = within(to + 1)?;
            let mut text = format!("{column} IS NOT NULL");
            if !from.eq_ignore_ascii_case("minvalue") {
                text.push_str(&format!(" AND {column} >= {from}"));
            }
            if !to.eq_ignore_ascii_case("maxvalue") {
                text.push_str(&format!(" AND {column} < {to}"));
            }
            Some(text)
        }
        _ => None,
    }
}
