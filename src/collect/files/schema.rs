//! A schema as SQL, in place of a catalog that was read.

use std::path::Path;

use super::error::FilesError;
use super::load::Loader;
use crate::parse;

/// Facts tables that a schema fills.
pub const TABLES: [&str; 10] = [
    "relations",
    "columns",
    "types",
    "constraints",
    "indexes",
    "index_columns",
    "sequences",
    "triggers",
    "schemas",
    "extensions",
];

/// What belongs to the old tables and indexes and is not in a schema goes over to the new ones of
/// the same name.
const KEEP: &str = "
CREATE TEMP TABLE old_relations AS SELECT * FROM main.relations WHERE database_id = :database;
CREATE TEMP TABLE old_indexes AS SELECT * FROM main.indexes WHERE database_id = :database;
DELETE FROM index_columns WHERE index_id IN (SELECT id FROM old_indexes);
DELETE FROM columns WHERE relation_id IN (SELECT id FROM old_relations);
DELETE FROM triggers WHERE relation_id IN (SELECT id FROM old_relations);
DELETE FROM view_columns WHERE view_id IN (SELECT id FROM old_relations);
DELETE FROM types WHERE database_id = :database;
DELETE FROM constraints WHERE database_id = :database;
DELETE FROM sequences WHERE database_id = :database;
DELETE FROM schemas WHERE database_id = :database;
DELETE FROM extensions WHERE database_id = :database;
DELETE FROM main.indexes WHERE database_id = :database;
DELETE FROM main.relations WHERE database_id = :database;
-- New objects get ids of their own, so that nothing of the old ones is taken for theirs.
INSERT INTO main.relations (id, database_id, name)
  SELECT max(id) + 1, :database, '' FROM old_relations HAVING count(*) > 0;
INSERT INTO main.indexes (id, database_id, relation_id, name)
  SELECT max(id) + 1, :database, 0, '' FROM old_indexes HAVING count(*) > 0;";

const MOVE: &str = "
DELETE FROM main.relations WHERE database_id = :database AND name = '';
DELETE FROM main.indexes WHERE database_id = :database AND name = '';
CREATE TEMP TABLE moved_relations AS
  SELECT o.id AS old, n.id AS new FROM old_relations o
  LEFT JOIN main.relations n ON n.database_id = :database AND n.schema = o.schema AND n.name = o.name;
CREATE TEMP TABLE moved_indexes AS
  SELECT o.id AS old, n.id AS new FROM old_indexes o
  LEFT JOIN main.indexes n ON n.database_id = :database AND n.schema = o.schema AND n.name = o.name;
DELETE FROM relation_stats WHERE relation_id IN (SELECT old FROM moved_relations WHERE new IS NULL);
DELETE FROM column_statistics WHERE relation_id IN (SELECT old FROM moved_relations WHERE new IS NULL);
DELETE FROM index_stats WHERE index_id IN (SELECT old FROM moved_indexes WHERE new IS NULL);
UPDATE relation_stats SET relation_id = m.new FROM moved_relations m WHERE m.old = relation_id;
UPDATE column_statistics SET relation_id = m.new FROM moved_relations m WHERE m.old = relation_id;
UPDATE index_stats SET index_id = m.new FROM moved_indexes m WHERE m.old = index_id;
UPDATE main.relations SET
  oid = o.oid, row_estimate = o.row_estimate, pages = o.pages, pages_all_visible = o.pages_all_visible, pages_all_frozen = o.pages_all_frozen,
  size_bytes = o.size_bytes, toast_size_bytes = o.toast_size_bytes,
  frozen_xid_age = o.frozen_xid_age, min_mxid_age = o.min_mxid_age
  FROM old_relations o JOIN moved_relations m ON m.old = o.id WHERE m.new = main.relations.id;
UPDATE main.indexes SET
  oid = o.oid, row_estimate = o.row_estimate, pages = o.pages, size_bytes = o.size_bytes
  FROM old_indexes o JOIN moved_indexes m ON m.old = o.id WHERE m.new = main.indexes.id;
DROP TABLE old_relations;
DROP TABLE old_indexes;
DROP TABLE moved_relations;
DROP TABLE moved_indexes;";

/// Reads the schema of a file.
pub fn apply(loader: &mut Loader<'_>, path: &Path, script: &str) -> Result<(), FilesError> {
    let facts = loader.facts;
    let database = loader.database.to_string();
    if !loader.alone {
        facts.execute_batch(&KEEP.replace(":database", &database))?;
    }
    for table in TABLES {
        loader.replace(table, "")?;
        loader.filled(table, path, []);
    }
    let unread = parse::ddl::schema(facts, loader.database, script)?;
    if !loader.alone {
        facts.execute_batch(&MOVE.replace(":database", &database))?;
    }
    let file = path.display();
    let text = format!("{file}: statements of the schema that were not understood");
    for unread in &unread {
        let object = format!("{file}:{} {}", unread.line, start(&unread.statement));
        facts.execute(
            "INSERT INTO missing_facts (database_id, table_name, object, reason) VALUES (?1, 'relations', ?2, ?3)",
            rusqlite::params![loader.database, object, unread.reason],
        )?;
        loader
            .notes
            .item(&text, format!("{object}: {}", unread.reason));
    }
    let relations: i64 = facts.query_row(
        "SELECT count(*) FROM relations WHERE database_id = ?1",
        [loader.database],
        |row| row.get(0),
    )?;
    if relations == 0 {
        loader.notes.tell(format!(
            "{file}: the schema has no table; it has to be SQL as `pg_dump -s` writes it"
        ));
    }
    Ok(())
}

/// The beginning of a statement, on one line.
fn start(statement: &str) -> String {
    let words: Vec<&str> = statement.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= 60 {
        return line;
    }
    line.chars().take(60).chain(['…']).collect()
}
