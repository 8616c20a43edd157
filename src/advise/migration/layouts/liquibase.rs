//! Liquibase: formatted SQL, one changeset a file.

use super::write::Migration;
use crate::advise::migration::words::Words;

/// Author of changesets.
const AUTHOR: &str = "pgtriage";

/// The file.
pub(super) fn changelog(m: &Migration) -> String {
    let mark = if m.either_is_outside() {
        " runInTransaction:false"
    } else {
        ""
    };
    let mut text = format!(
        "--liquibase formatted sql\n\n--changeset {AUTHOR}:{}{mark}\n{}",
        m.stem(),
        m.up_script()
    );
    if m.down.is_empty() {
        text.push_str("--rollback empty\n");
    }
    for statement in &m.down {
        let words = Words::new(statement);
        let sql = words.slice(0..words.len()).trim_end_matches(';');
        if sql.contains(['\n', '\r']) {
            text.push_str(&format!("/* liquibase rollback\n{sql};\n*/\n"));
        } else {
            text.push_str(&format!("--rollback {sql};\n"));
        }
    }
    text
}
