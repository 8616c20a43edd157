//! SQL functions that rule pages and questions may call.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Result};

use super::{human, quote, setting_bytes, setting_ms, setting_number};

/// Adds to `connection`:
///
/// | function | gives |
/// |---|---|
/// | `quote_ident(name)` | the name, in double quotes where SQL needs them |
/// | `quote_name(schema, name)` | the qualified name |
/// | `quote_literal(text)` | an SQL string constant |
/// | `object_name(table, columns, label)` | the name that the server would choose: `orders_state_idx` |
/// | `human_bytes(n)` · `human_ms(n)` · `human_count(n)` · `human_percent(r)` | figures for people |
/// | `severity_by_size(severity, bytes, small, large)` | one step milder up to `small`, one step more severe above `large`; as it is where the size is unknown |
/// | `work_time(bytes, bytes_per_second)` | `about 40 s for 12 GB` |
/// | `setting_number(value, unit, vartype)` | a setting in bytes, milliseconds or as a number |
/// | `setting_bytes(n)` · `setting_ms(n)` | such a number as a setting is written: `3GB`, `90s` |
///
/// All give NULL for NULL, where nothing else is said.
pub fn register(connection: &Connection) -> Result<()> {
    text_function(connection, "quote_ident", quote::ident)?;
    text_function(connection, "quote_literal", quote::literal)?;
    number_function(connection, "human_bytes", human::bytes)?;
    number_function(connection, "human_ms", human::ms)?;
    number_function(connection, "human_count", human::count)?;
    number_function(connection, "human_percent", human::percent)?;
    number_function(connection, "setting_bytes", setting_bytes)?;
    number_function(connection, "setting_ms", setting_ms)?;
    connection.create_scalar_function("quote_name", 2, flags(), |context| {
        match (text(context, 0)?, text(context, 1)?) {
            (Some(schema), Some(name)) => Ok(Some(quote::name(schema, name))),
            (None, Some(name)) => Ok(Some(quote::ident(name))),
            _ => Ok(None),
        }
    })?;
    connection.create_scalar_function("object_name", 3, flags(), |context| {
        let all = (text(context, 0)?, text(context, 1)?, text(context, 2)?);
        let (Some(table), Some(columns), Some(label)) = all else {
            return Ok(None);
        };
        Ok(Some(quote::object_name(table, columns, label)))
    })?;
    connection.create_scalar_function("severity_by_size", 4, flags(), |context| {
        let severity = text(context, 0)?;
        let sizes = (
            number(context, 1)?,
            number(context, 2)?,
            number(context, 3)?,
        );
        let (Some(bytes), Some(small), Some(large)) = sizes else {
            return Ok(severity.map(str::to_owned));
        };
        let steps = i32::from(bytes > large) - i32::from(bytes <= small);
        Ok(severity.map(|severity| step(severity, steps).to_owned()))
    })?;
    connection.create_scalar_function("work_time", 2, flags(), |context| {
        let (bytes, rate) = (number(context, 0)?, number(context, 1)?);
        Ok(bytes.zip(rate).map(|(bytes, rate)| {
            let (time, size) = (human::ms(1000.0 * bytes / rate), human::bytes(bytes));
            format!("about {time} for {size}")
        }))
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

fn number(context: &Context<'_>, index: usize) -> Result<Option<f64>> {
    Ok(match context.get::<Value>(index)? {
        Value::Integer(number) => Some(number as f64),
        Value::Real(number) => Some(number),
        _ => None,
    })
}

/// A severity, so many steps more severe.
fn step(severity: &str, steps: i32) -> &str {
    const STEPS: [&str; 3] = ["info", "warning", "error"];
    let Some(at) = STEPS.iter().position(|step| *step == severity) else {
        return severity;
    };
    let at = (at as i32 + steps).clamp(0, 2);
    STEPS.get(at as usize).copied().unwrap_or(severity)
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
