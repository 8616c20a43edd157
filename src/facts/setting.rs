//! Values of settings as numbers.

/// The value of a setting in base units: bytes for memory, milliseconds for time, 0 or 1 for
/// booleans, else the plain number. `unit` is the unit of a bare number, as `pg_settings.unit`
/// gives it (`8kB`, `ms`, …); a unit in the text itself stands over it. `None` for texts.
///
/// Units and their factors are those of the manual, "Parameter Names and Values".
pub fn setting_number(value: &str, unit: Option<&str>, vartype: Option<&str>) -> Option<f64> {
    let value = value.trim();
    match vartype {
        Some("bool") => return boolean(value),
        Some("string" | "enum") => return None,
        _ => {}
    }
    let digits = value
        .find(|c: char| !(c.is_ascii_hexdigit() || matches!(c, '.' | '+' | '-' | 'x' | 'X')))
        .unwrap_or(value.len());
    // A unit such as `B` or a word such as `default` looks like hexadecimal digits.
    let (number, own_unit) = if let Some(number) = number(&value[..digits]) {
        (number, value[digits..].trim())
    } else {
        let end = value
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '+' | '-')))
            .unwrap_or(value.len());
        (number(&value[..end])?, value[end..].trim())
    };
    // -1 and the like are marks (off, automatic), not amounts.
    if number < 0.0 {
        return Some(number);
    }
    let factor = if own_unit.is_empty() {
        match unit {
            Some(unit) => factor(unit)?,
            None => 1.0,
        }
    } else {
        factor(own_unit)?
    };
    Some(number * factor)
}

/// Bytes as a setting is written: in the largest unit that gives a whole number, below 1 kB in bytes.
pub fn setting_bytes(bytes: f64) -> String {
    written(
        bytes,
        &[("TB", 4), ("GB", 3), ("MB", 2), ("kB", 1)]
            .map(|(unit, power)| (unit, 1024_f64.powi(power))),
        "B",
    )
}

/// Milliseconds as a setting is written, likewise.
pub fn setting_ms(ms: f64) -> String {
    let units = [
        ("d", 86_400_000.0),
        ("h", 3_600_000.0),
        ("min", 60_000.0),
        ("s", 1000.0),
    ];
    written(ms, &units, "ms")
}

fn written(amount: f64, units: &[(&str, f64)], least: &str) -> String {
    let amount = amount.round();
    if amount <= 0.0 {
        return format!("{amount}");
    }
    let whole = units.iter().find(|(_, factor)| amount % factor == 0.0);
    match whole {
        Some((unit, factor)) => format!("{}{unit}", amount / factor),
        None => format!("{amount}{least}"),
    }
}

fn number(text: &str) -> Option<f64> {
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return i64::from_str_radix(hex, 16).ok().map(|n| n as f64);
    }
    if text.contains(['x', 'X']) {
        return None;
    }
    text.parse().ok()
}

fn boolean(value: &str) -> Option<f64> {
    let value = value.to_ascii_lowercase();
    let is = |word: &str, least: usize| value.len() >= least && word.starts_with(&value);
    if value == "1" || is("on", 2) || is("true", 1) || is("yes", 1) {
        Some(1.0)
    } else if value == "0" || is("off", 2) || is("false", 1) || is("no", 1) {
        Some(0.0)
    } else {
        None
    }
}

/// Factor from a unit, possibly with a leading count such as `8kB`, to bytes or milliseconds.
fn factor(unit: &str) -> Option<f64> {
    let letters = unit.find(|c: char| !c.is_ascii_digit())?;
    let count: f64 = if letters == 0 {
        1.0
    } else {
        unit[..letters].parse().ok()?
    };
    let base = match &unit[letters..] {
        "B" | "ms" => 1.0,
        "kB" => 1024.0,
        "MB" => 1_048_576.0,
        "GB" => 1_073_741_824.0,
        "TB" => 1_099_511_627_776.0,
        "us" => 0.001,
        "s" => 1000.0,
        "min" => 60_000.0,
        "h" => 3_600_000.0,
        "d" => 86_400_000.0,
        _ => return None,
    };
    Some(count * base)
}
