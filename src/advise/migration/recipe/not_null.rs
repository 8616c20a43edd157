//! NOT NULL for rows that are there, without a scan under a strong lock.

use crate::parse::ddl::object_name;
use rusqlite::Result;

use crate::advise::migration::case::Case;
use crate::advise::migration::step::{Rewrite, Step};
use crate::facts::quote;

/// `SET NOT NULL`
pub fn set(case: &Case) -> Result<Option<Rewrite>> {
    let Some(column) = &case.column else {
        return Ok(None);
    };
    Ok(Some(Rewrite::same(steps(case, column))))
}

/// Makes a column NOT NULL: by a check that is validated before, or since 18 by the constraint
/// itself.
pub fn steps(case: &Case, column: &str) -> Vec<Step> {
    let written = quote::ident(column);
    let back = case.alter(&format!("ALTER COLUMN {written} DROP NOT NULL"));
    if case.has(18) {
        let name = quote::ident(&object_name(&case.name, column, "not_null"));
        let add = format!("ADD CONSTRAINT {name} NOT NULL {written} NOT VALID");
        return vec![
            Step::new(1, case.alter(&add)).undo(back),
            Step::new(2, case.alter(&format!("VALIDATE CONSTRAINT {name}"))),
        ];
    }
    let name = quote::ident(&object_name(&case.name, column, "not_null_check"));
    let add = format!("ADD CONSTRAINT {name} CHECK ({written} IS NOT NULL) NOT VALID");
    let drop = case.alter(&format!("DROP CONSTRAINT {name}"));
    vec![
        Step::new(1, case.alter(&add)).undo(drop.clone()),
        Step::new(2, case.alter(&format!("VALIDATE CONSTRAINT {name}"))),
        Step::new(
            2,
            case.alter(&format!("ALTER COLUMN {written} SET NOT NULL")),
        )
        .undo(back),
        Step::new(2, drop),
    ]
}

/// Which of these columns may be NULL; none where facts do not know them.
pub fn nullable(case: &Case, columns: &[String]) -> Result<Option<Vec<String>>> {
    let Some(id) = case.relation_id else {
        return Ok(None);
    };
    let query =
        "SELECT not_null FROM columns WHERE relation_id = ?1 AND name = ?2 AND NOT is_dropped";
    let mut statement = case.facts.prepare_cached(query)?;
    let mut found = Vec::new();
    for column in columns {
        let mut rows = statement.query((id, column))?;
        match rows.next()? {
            Some(row) if row.get(0)? => {}
            Some(_) => found.push(column.clone()),
            None => return Ok(None),
        }
    }
    Ok(Some(found))
}
