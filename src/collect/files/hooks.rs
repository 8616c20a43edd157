//! What some tables want of their rows beyond plain copying.

use std::collections::BTreeMap;

use rusqlite::types::Value as Sql;

use crate::parse;

/// Completes the values of a row, and takes out of them what must not be kept.
pub fn finish(table: &str, literals: bool, values: &mut BTreeMap<String, Sql>) {
    match table {
        "settings" => setting(values),
        "sessions" => session(literals, values),
        "column_statistics" if !literals => {
            for name in ["most_common_vals", "histogram_bounds"] {
                values.remove(name);
            }
        }
        _ => {}
    }
}

/// Secrets go; a server's value that is not told is the one in force.
fn setting(values: &mut BTreeMap<String, Sql>) {
    let Some(Sql::Text(name)) = values.get("name").cloned() else {
        return;
    };
    if !matches!(values.get("server_value"), Some(Sql::Text(_)))
        && let Some(value) = values.get("value").cloned()
    {
        values.insert("server_value".to_owned(), value);
    }
    for column in ["value", "server_value", "boot_value"] {
        if let Some(Sql::Text(text)) = values.get_mut(column) {
            *text = parse::redact_setting(&name, text);
        }
    }
}

fn session(literals: bool, values: &mut BTreeMap<String, Sql>) {
    if let Some(Sql::Text(query)) = values.get("query").cloned() {
        if query.trim().is_empty() || query == "<insufficient privilege>" {
            values.remove("query");
        } else {
            let fingerprint = parse::fingerprint(&query).to_string();
            values.insert("fingerprint".to_owned(), Sql::Text(fingerprint));
            if !literals {
                let text = parse::redact_statement(&query);
                values.insert("query".to_owned(), Sql::Text(text));
            }
        }
    }
    // An address is as the server writes it, with the bits of its network.
    if let Some(Sql::Text(client)) = values.get_mut("client") {
        for mask in ["/32", "/128"] {
            if let Some(plain) = client.strip_suffix(mask) {
                *client = plain.to_owned();
            }
        }
    }
}
