//! Settings in `PGTRIAGE_*` variables.

use serde::Deserialize;
use toml::{Table, Value};

use super::settings::Settings;

/// A variable and the key of `pgtriage.toml` that it stands for.
#[derive(Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// Table of the key.
    pub table: &'static str,
    /// The key.
    pub key: &'static str,
    form: Form,
}

/// How the text of a variable becomes a value.
#[derive(Debug)]
enum Form {
    /// As it stands.
    Text,
    /// `1`, `true`, `yes`, `on` or their opposites.
    Switch,
    /// Parts between commas.
    List,
    /// A list of one.
    One,
    /// A whole number.
    Number,
    /// A number.
    Real,
}

macro_rules! variable {
    ($name:literal, $table:ident.$key:ident, $form:ident) => {
        Variable {
            name: $name,
            table: stringify!($table),
            key: stringify!($key),
            form: Form::$form,
        }
    };
}

/// All variables, in the order of the file's tables.
pub const VARIABLES: [Variable; 38] = [
    variable!("PGTRIAGE_DBNAME", source.dbname, Text),
    variable!("PGTRIAGE_SNAPSHOT", source.snapshot, Text),
    variable!("PGTRIAGE_SCHEMA", source.schema, Text),
    variable!("PGTRIAGE_STATEMENTS", source.statements, List),
    variable!("PGTRIAGE_WORKLOAD", source.workload, List),
    variable!("PGTRIAGE_FACTS", source.facts, List),
    variable!("PGTRIAGE_LOGS", source.logs, List),
    variable!("PGTRIAGE_LOG_PREFIX", source.log_prefix, Text),
    variable!("PGTRIAGE_LOG_TIMEZONE", source.log_timezone, Text),
    variable!("PGTRIAGE_REMOTE_LOGS", source.remote_logs, Switch),
    variable!("PGTRIAGE_STANDBY", source.standby, One),
    variable!("PGTRIAGE_DATABASE", source.database, List),
    variable!("PGTRIAGE_ALL_DATABASES", source.all_databases, Switch),
    variable!("PGTRIAGE_STATEMENT_TIMEOUT", source.statement_timeout, Text),
    variable!("PGTRIAGE_KEEP_LITERALS", source.keep_literals, Switch),
    variable!("PGTRIAGE_WITH_VALUES", source.with_values, Switch),
    variable!("PGTRIAGE_BLOAT", source.bloat, Switch),
    variable!("PGTRIAGE_BLOAT_LIMIT", source.bloat_limit, Text),
    variable!("PGTRIAGE_BLOAT_BLOCKS", source.bloat_blocks, Number),
    variable!("PGTRIAGE_MIN_SEVERITY", check.min_severity, Text),
    variable!("PGTRIAGE_FAIL_ON", check.fail_on, Text),
    variable!("PGTRIAGE_BASELINE", check.baseline, Text),
    variable!("PGTRIAGE_STRICT", check.strict, Switch),
    variable!("PGTRIAGE_LINT_LAYOUT", lint.layout, Text),
    variable!("PGTRIAGE_LINT_TRANSACTION", lint.transaction, Text),
    variable!("PGTRIAGE_LINT_PG_VERSION", lint.pg_version, Text),
    variable!("PGTRIAGE_LINT_MIN_SEVERITY", lint.min_severity, Text),
    variable!("PGTRIAGE_LINT_FAIL_ON", lint.fail_on, Text),
    variable!("PGTRIAGE_LINT_BASELINE", lint.baseline, Text),
    variable!("PGTRIAGE_COLOR", output.color, Text),
    variable!("PGTRIAGE_REFRESH", ui.refresh, Text),
    variable!("PGTRIAGE_THEME", ui.theme, Text),
    variable!("PGTRIAGE_ASCII", ui.ascii, Switch),
    variable!("PGTRIAGE_MOUSE", ui.mouse, Switch),
    variable!("PGTRIAGE_CORES", machine.cores, Real),
    variable!("PGTRIAGE_MEMORY", machine.memory, Text),
    variable!("PGTRIAGE_STORAGE", machine.storage, Text),
    variable!("PGTRIAGE_DISK", machine.disk, Text),
];

/// A variable whose value can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the variable {name} cannot be used: {reason}")]
pub struct VariableError {
    /// Its name.
    pub name: &'static str,
    /// What is wrong with its value.
    pub reason: String,
}

/// The settings that variables give; `get` looks one up. An empty variable counts as not set.
pub fn from_environment(get: impl Fn(&str) -> Option<String>) -> Result<Settings, VariableError> {
    let mut tables = Table::new();
    for variable in &VARIABLES {
        let Some(text) = get(variable.name).filter(|text| !text.is_empty()) else {
            continue;
        };
        let fail = |reason: String| VariableError {
            name: variable.name,
            reason,
        };
        let value = variable.form.value(text).map_err(fail)?;
        let one = Table::from_iter([(variable.key.to_owned(), value.clone())]);
        let one = Table::from_iter([(variable.table.to_owned(), Value::Table(one))]);
        Settings::deserialize(one).map_err(|error| fail(error.message().to_owned()))?;
        let table = tables.entry(variable.table);
        if let Value::Table(table) = table.or_insert_with(|| Value::Table(Table::new())) {
            table.insert(variable.key.to_owned(), value);
        }
    }
    Ok(Settings::deserialize(tables).expect("each of the values was read by itself"))
}

impl Form {
    fn value(&self, text: String) -> Result<Value, String> {
        Ok(match self {
            Self::Text => Value::String(text),
            Self::Number => {
                let number = text.parse().map(Value::Integer);
                number.map_err(|_| format!("`{text}` is no whole number"))?
            }
            Self::Real => {
                let number = text.parse().map(Value::Float);
                number.map_err(|_| format!("`{text}` is no number"))?
            }
            Self::One => Value::Array(vec![Value::String(text)]),
            Self::List => {
                let parts = text.split(',').map(|part| part.trim().to_owned());
                Value::Array(parts.map(Value::String).collect())
            }
            Self::Switch => Value::Boolean(match text.to_ascii_lowercase().as_str() {
                "1" | "true" | "yes" | "on" => true,
                "0" | "false" | "no" | "off" => false,
                _ => return Err(format!("`{text}` is none of `1`, `0`, `true`, `false`")),
            }),
        })
    }
}
