//! Statements that the server itself writes to keep foreign keys (its `ri_triggers.c`). They stand
//! in `pg_stat_statements` where it tracks nested statements, and when a key is added.

/// Whether a statement is one of the server's own for foreign keys. What tells them apart is that
/// operators are written with their schema and every name in quotes, in fixed frames: nobody
/// writes that by hand, and no driver does.
pub fn keeps_foreign_key(sql: &str) -> bool {
    let sql = sql.trim_end();
    if !sql.contains(" OPERATOR(") {
        return false;
    }
    let after = |begin: &str| {
        let rest = sql.strip_prefix(begin)?;
        Some(rest.strip_prefix("ONLY ").unwrap_or(rest))
    };
    let changes = |begin| {
        after(begin).is_some_and(|rest| rest.starts_with('"'))
            && sql.split_once(" WHERE ").is_some_and(|(_, condition)| {
                condition.starts_with('$') && !condition.contains(" RETURNING ")
            })
    };
    let looks = || {
        sql.starts_with("SELECT ")
            && (sql.ends_with(" FOR KEY SHARE OF x")
                || sql.contains(" FOR KEY SHARE OF x) x1 HAVING "))
    };
    let adds = || sql.starts_with("SELECT fk.\"") && sql.contains(" fk LEFT OUTER JOIN ");
    looks() || adds() || changes("DELETE FROM ") || changes("UPDATE ")
}
