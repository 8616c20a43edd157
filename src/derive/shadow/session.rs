//! What a session needs that makes a shadow.

/// Settings of the session. Names and values in the facts were written under the same search path
/// and styles. Rows at the ends of columns need not meet foreign keys.
const SETTINGS: [(&str, &str); 15] = [
    ("search_path", "pg_catalog"),
    ("datestyle", "ISO"),
    ("intervalstyle", "postgres"),
    ("standard_conforming_strings", "on"),
    ("check_function_bodies", "off"),
    ("allow_system_table_mods", "on"),
    ("session_replication_role", "replica"),
    ("default_transaction_read_only", "off"),
    ("default_table_access_method", "heap"),
    ("default_tablespace", "''"),
    ("statement_timeout", "0"),
    ("lock_timeout", "0"),
    ("row_security", "off"),
    ("jit", "off"),
    ("client_min_messages", "warning"),
];

/// SQL that readies a session for the statements of a script.
pub(super) fn opening() -> String {
    let mut sql = String::new();
    for (name, value) in SETTINGS {
        sql.push_str("SET ");
        sql.push_str(name);
        sql.push_str(" = ");
        sql.push_str(value);
        sql.push_str("; ");
    }
    sql.truncate(sql.len() - 2);
    sql
}
