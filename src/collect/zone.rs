//! A time zone that the user names.

use jiff::tz::{Offset, TimeZone};
use thiserror::Error;

use crate::parse::log::time::{abbreviation, numeric};

/// A text that names no time zone.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{text:?} is no time zone that is known, or the name of several; give a name such as Europe/Berlin, or an offset such as +05:30"
)]
pub struct ZoneError {
    text: String,
}

/// A time zone by its name in the time zone database (`Europe/Berlin`), by its offset east of
/// Greenwich (`+05:30`, `-03`), or by an abbreviation that only one zone has (`CEST`). The database is
/// the system's, or the one in the program where there is none.
pub fn time_zone(text: &str) -> Result<TimeZone, ZoneError> {
    let text = text.trim();
    let error = || ZoneError {
        text: text.to_owned(),
    };
    let seconds = match numeric(text.as_bytes()) {
        Some(seconds) => seconds,
        None => match TimeZone::get(text) {
            Ok(zone) => return Ok(zone),
            Err(_) => 60 * i64::from(abbreviation(&text.to_uppercase()).ok_or_else(error)?),
        },
    };
    let seconds = i32::try_from(seconds).map_err(|_| error())?;
    let offset = Offset::from_seconds(seconds).map_err(|_| error())?;
    Ok(TimeZone::fixed(offset))
}
