//! Figures as people read them.

/// Bytes in units of 1024 as `PostgreSQL` names them: `512 B`, `8.0 kB`, `1.2 GB`.
pub fn bytes(value: f64) -> String {
    const UNITS: [&str; 6] = ["B", "kB", "MB", "GB", "TB", "PB"];
    let mut scaled = value;
    let mut unit = 0;
    while scaled.abs() >= 1023.95 && unit < UNITS.len() - 1 {
        scaled /= 1024.0;
        unit += 1;
    }
    if unit == 0 {
        format!("{scaled:.0} B")
    } else {
        format!("{} {}", significant(scaled), UNITS[unit])
    }
}

/// A duration given in milliseconds: `0.31 ms`, `4.2 s`, `3.0 min`, `2.5 h`, `12 d`.
pub fn ms(value: f64) -> String {
    let size = value.abs();
    let (scaled, unit) = if size < 1e3 {
        (value, "ms")
    } else if size < 6e4 {
        (value / 1e3, "s")
    } else if size < 3.6e6 {
        (value / 6e4, "min")
    } else if size < 1.728e8 {
        (value / 3.6e6, "h")
    } else {
        (value / 8.64e7, "d")
    };
    format!("{} {unit}", significant(scaled))
}

/// A count with separators of thousands, and in millions or thousands of millions when it is large:
/// `1,204`, `48.2 million`.
pub fn count(value: f64) -> String {
    let size = value.abs();
    if size >= 9.9995e11 {
        format!("{} trillion", significant(value / 1e12))
    } else if size >= 9.9995e8 {
        format!("{} billion", significant(value / 1e9))
    } else if size >= 9.9995e6 {
        format!("{} million", significant(value / 1e6))
    } else if size < 100.0 && value.fract() != 0.0 {
        significant(value)
    } else {
        thousands(value.round() as i64)
    }
}

/// A share given as a fraction of one: `41.2%`, `0.03%`.
pub fn percent(value: f64) -> String {
    let scaled = value * 100.0;
    if scaled == 0.0 || scaled.abs() >= 1.0 {
        format!("{scaled:.1}%")
    } else {
        format!("{}%", significant(scaled))
    }
}

/// At most three significant digits: `0.031`, `4.20`, `48.2`, `812`.
fn significant(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 {
        "0".to_owned()
    } else if size >= 99.95 {
        thousands(value.round() as i64)
    } else if size >= 0.995 {
        format!("{value:.1}")
    } else if size >= 0.0995 {
        format!("{value:.2}")
    } else {
        format!("{value:.3}")
    }
}

fn thousands(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        out.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
