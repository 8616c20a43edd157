//! The command of a statement, from its first words.

use super::cursor::Cursor;
use super::kind::ObjectKind;

/// As command tags have it.
pub(super) fn command(text: &str) -> String {
    let mut cursor = Cursor::beginning(text, 24);
    let c = &mut cursor;
    let word = c.take().to_ascii_uppercase();
    match word.as_str() {
        "CREATE" | "ALTER" | "DROP" => of_object(c, &word),
        "WITH" => {
            // The command is behind the CTEs, maybe far.
            let mut whole = Cursor::new(text);
            whole.take();
            let words = ["insert", "update", "delete", "merge", "select", "values"];
            whole.until(|c| c.sees_any(&words));
            let found = words.iter().find(|word| whole.sees(word));
            found.map_or("SELECT".to_owned(), |word| word.to_ascii_uppercase())
        }
        "(" | "VALUES" | "TABLE" => "SELECT".to_owned(),
        "START" => "START TRANSACTION".to_owned(),
        "END" => "COMMIT".to_owned(),
        "ABORT" => "ROLLBACK".to_owned(),
        "PREPARE" if c.accept("transaction") => "PREPARE TRANSACTION".to_owned(),
        "COMMIT" | "ROLLBACK" if c.accept("prepared") => format!("{word} PREPARED"),
        "LOCK" => "LOCK TABLE".to_owned(),
        "TRUNCATE" => "TRUNCATE TABLE".to_owned(),
        "REFRESH" => "REFRESH MATERIALIZED VIEW".to_owned(),
        "COMMENT" | "SECURITY" | "IMPORT" | "REASSIGN" | "DECLARE" | "CLOSE" => match word.as_str()
        {
            "SECURITY" => "SECURITY LABEL".to_owned(),
            "IMPORT" => "IMPORT FOREIGN SCHEMA".to_owned(),
            "REASSIGN" => "REASSIGN OWNED".to_owned(),
            "DECLARE" => "DECLARE CURSOR".to_owned(),
            "CLOSE" => "CLOSE CURSOR".to_owned(),
            _ => word,
        },
        "SET" if c.sees("constraints") => "SET CONSTRAINTS".to_owned(),
        "ANALYSE" => "ANALYZE".to_owned(),
        _ => word,
    }
}

fn of_object(c: &mut Cursor, word: &str) -> String {
    c.accept("or replace");
    if word == "DROP" && c.accept("owned") {
        return "DROP OWNED".to_owned();
    }
    if word == "ALTER" && c.accept("default privileges") {
        return "ALTER DEFAULT PRIVILEGES".to_owned();
    }
    while c.sees_any(&["temporary", "temp", "global", "local", "unlogged", "unique"]) {
        c.take();
    }
    match ObjectKind::accept(c) {
        Some(kind) => format!("{word} {}", kind.word().to_ascii_uppercase()),
        None => word.to_owned(),
    }
}
