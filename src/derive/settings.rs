//! Settings as numbers.

use rusqlite::{Connection, Result};

/// Fills `value_num` and `server_value_num` of settings, and `value_num` of role settings, in base
/// units: bytes, milliseconds or plain numbers.
pub fn numbers(facts: &Connection) -> Result<()> {
    facts.execute_batch(
        "UPDATE settings SET
           value_num = setting_number(value, unit, vartype),
           server_value_num = setting_number(server_value, unit, vartype);
         UPDATE role_settings SET value_num = (
           SELECT setting_number(role_settings.value, s.unit, s.vartype)
           FROM settings s WHERE s.name = role_settings.name LIMIT 1);",
    )
}
