//! Columns of another type, by a new column that takes the place of the old one.

use crate::parse::ddl::object_name;
use rusqlite::Result;

use super::rows;
use crate::advise::migration::case::Case;
use crate::advise::migration::step::{Rewrite, Step};
use crate::facts::quote;

/// `ALTER COLUMN … TYPE`
pub fn by_new_column(case: &Case) -> Result<Option<Rewrite>> {
    let words = &case.action;
    let (Some(column), Some(at)) = (&case.column, words.find("type")) else {
        return Ok(None);
    };
    let using = words.find_from(at, "using");
    let of = words.slice(at + 1..using.unwrap_or(words.len()));
    let old = quote::ident(column);
    let new = quote::ident(&object_name(column, "", "new"));
    let kept = quote::ident(&object_name(column, "", "old"));
    let helper = quote::ident(&object_name(&case.name, column, "copy"));
    let table = case.table();
    let value = match using {
        Some(at) => words.slice(at + 1..words.len()).to_owned(),
        None => format!(
            "{old}::{}",
            words.slice(
                at + 1
                    ..words
                        .find_from(at, "collate")
                        .unwrap_or(using.unwrap_or(words.len()))
            )
        ),
    };
    let function = format!(
        "CREATE FUNCTION {helper}() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  \
         NEW.{new} := NEW.{old};\n  RETURN NEW;\nEND $$"
    );
    let trigger = format!(
        "CREATE TRIGGER {helper} BEFORE INSERT OR UPDATE OF {old} ON {table}\n  \
         FOR EACH ROW EXECUTE FUNCTION {helper}()"
    );
    let steps = vec![
        Step::new(1, case.alter(&format!("ADD COLUMN {new} {of}")))
            .undo(case.alter(&format!("DROP COLUMN {new}"))),
        Step::new(1, function)
            .undo(format!("DROP FUNCTION {helper}()"))
            .note("Rows that are written from now on get both values."),
        Step::new(1, trigger).undo(format!("DROP TRIGGER {helper} ON {table}")),
        rows::backfill(case, &new, &value)?,
        Step::new(3, format!("DROP TRIGGER {helper} ON {table}")).note(
            "Before: indexes, constraints, defaults and views of the old column are made for the \
             new one, indexes CONCURRENTLY.",
        ),
        Step::new(3, case.alter(&format!("RENAME COLUMN {old} TO {kept}")))
            .undo(case.alter(&format!("RENAME COLUMN {kept} TO {old}"))),
        Step::new(3, case.alter(&format!("RENAME COLUMN {new} TO {old}")))
            .undo(case.alter(&format!("RENAME COLUMN {old} TO {new}"))),
        Step::new(3, format!("DROP FUNCTION {helper}()")),
        Step::new(4, case.alter(&format!("DROP COLUMN {kept}")))
            .note("When nothing reads the old column any more."),
    ];
    Ok(Some(Rewrite::advice(steps)))
}
