//! Settings of the session that what statements do goes by.

use crate::parse::ddl::catalog::Session;

/// What is in force.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Settings {
    /// `lock_timeout`, in milliseconds; 0 is none. None where the file doesn't say.
    pub lock_timeout: Option<i64>,
    /// `statement_timeout`, likewise.
    pub statement_timeout: Option<i64>,
    /// `TimeZone`
    pub time_zone: Option<String>,
    /// What the catalog goes by: search path, role and the like.
    pub session: Session,
}

impl Settings {
    /// Follows `SET` and `RESET`.
    pub fn set(&mut self, name: &str, values: &[String]) {
        self.session.set(name, values);
        let value = values.first();
        let duration = || value.and_then(|value| milliseconds(value));
        match name {
            "lock_timeout" => self.lock_timeout = duration(),
            "statement_timeout" => self.statement_timeout = duration(),
            "timezone" => self.time_zone = value.cloned(),
            "all" => {
                self.lock_timeout = None;
                self.statement_timeout = None;
                self.time_zone = None;
            }
            _ => {}
        }
    }
}

/// A time as settings have it: a number of milliseconds, or one with its unit.
fn milliseconds(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '-');
    let (number, unit) = text.split_at(digits.unwrap_or(text.len()));
    let factor = match unit.trim() {
        "us" => 0.001,
        "" | "ms" => 1.0,
        "s" => 1_000.0,
        "min" => 60_000.0,
        "h" => 3_600_000.0,
        "d" => 86_400_000.0,
        _ => return None,
    };
    let number: f64 = number.parse().ok()?;
    Some((number * factor).round() as i64)
}
