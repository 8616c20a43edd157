//! SQL functions that rule pages and questions may call.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Result};

use super::{human, quote, setting_number};

/// Adds to `connection`:
///
/// | function | gives |
/// |---|---|
/// | `quote_ident(name)` | the name, in double quotes where SQL needs them |
/// | `quote_name(schema, name)` | the qualified name |
/// | `quote_literal(text)` | an SQL string constant |
/// | `human_bytes(n)` · `human_ms(n)` · `human_count(n)` · `human_percent(r)` | figures for people |
/// | `setting_number(value, unit, vartype)` | a setting in bytes, milliseconds or as a number |
///
/// All give NULL for NULL.
pub fn register(connection: &Connection) -> Result<()> {
    text_function(connection, "quote_ident", quote::ident)?;
    text_function(connection, "quote_literal", quote::literal)?;
    number_function(connection, "human_bytes", human::bytes)?;
    number_function(connection, "human_ms", human::ms)?;
    number_function(connection, "human_count", human::count)?;
    number_function(connection, "human_percent", human::percent)?;
    connection.create_scalar_function("quote_name", 2, flags(), |context| {
        match (text(context, 0)?, text(context, 1)?) {
            (Some(schema), Some(name)) => Ok(Some(quote::name(schema, name))),
            (None, Some(name)) => Ok(Some(quote::ident(name))),
            _ => Ok(None),
        }
    })?;
    connection.create_scalar_function("setting_number", 3, flags(), |context| {
        Ok(text(context, 0)?.and_then(|value| {
            setting_number(
                value,
                text(context, 1).ok().flatten(),
                text(context, 2).ok().flatten(),
            )
        }))
    })
}

fn flags() -> FunctionFlags {
    FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS
}

fn text<'a>(context: &'a Context<'_>, index: usize) -> Result<Option<&'a str>> {
    match context.get_raw(index) {
        ValueRef::Null => Ok(None),
        value => value
            .as_str()
            .map(Some)
            .map_err(|error| rusqlite::Error::UserFunctionError(error.into())),
    }
}

fn text_function(connection: &Connection, name: &str, f: fn(&str) -> String) -> Result<()> {
    connection.create_scalar_function(
        name,
        1,
        flags(),
        move |context| Ok(text(context, 0)?.map(f)),
    )
}

fn number_function(connection: &Connection, name: &str, f: fn(f64) -> String) -> Result<()> {
    connection.create_scalar_function(name, 1, flags(), move |context| {
        Ok(match context.get::<Value>(0)? {
            Value::Integer(number) => Some(f(number as f64)),
            Value::Real(number) => Some(f(number)),
            _ => None,
        })
    })
}
