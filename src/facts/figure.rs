//! Values as people read them, by the name they go under.

use jiff::Timestamp;
use serde_json::Value;

use super::human;

/// Endings of numbers that name something and count nothing.
const NAMES: [&str; 10] = [
    "id",
    "ids",
    "pid",
    "pids",
    "oid",
    "oids",
    "queryid",
    "queryids",
    "lsn",
    "version_num",
];

/// A value of a facts column or of a finding's evidence, formatted by the endings that the schema
/// gives a meaning to: `_bytes`, `_ms`, `_us`, `_at`, `_ratio`, `is_` … Texts stay as they are.
pub fn figure(name: &str, value: &Value) -> String {
    match value {
        Value::Null => "unknown".to_owned(),
        Value::Bool(yes) => yes_no(*yes),
        // What names something is not rounded.
        Value::Number(number) if NAMES.iter().any(|ending| ends(name, ending)) => {
            number.to_string()
        }
        Value::Number(number) => {
            let plain = || number.to_string();
            number.as_f64().map_or_else(plain, |n| of_number(name, n))
        }
        Value::String(text) => match serde_json::from_str(text) {
            Ok(list @ (Value::Array(_) | Value::Object(_))) => figure(name, &list),
            _ => text.clone(),
        },
        Value::Array(values) => {
            let values = values.iter().map(|value| figure(name, value));
            values.collect::<Vec<_>>().join(", ")
        }
        Value::Object(map) => {
            let pairs = map
                .iter()
                .map(|(key, value)| format!("{key} {}", figure(key, value)));
            pairs.collect::<Vec<_>>().join(", ")
        }
    }
}

fn ends(name: &str, ending: &str) -> bool {
    name.strip_suffix(ending)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
}

fn of_number(name: &str, n: f64) -> String {
    let ends = |ending: &str| ends(name, ending);
    if ends("bytes") {
        human::bytes(n)
    } else if ends("ms") {
        human::ms(n)
    } else if ends("us") {
        human::ms(n / 1e3)
    } else if ends("ms_per_hour") {
        format!("{}/h", human::ms(n))
    } else if ends("bytes_per_second") {
        format!("{}/s", human::bytes(n))
    } else if ends("ratio") || ends("share") || ends("fraction") {
        human::percent(n)
    } else if ends("percent") {
        human::percent(n / 100.0)
    } else if ends("at") {
        moment(n)
    } else if name.starts_with("is_") || name.starts_with("has_") {
        yes_no(n != 0.0)
    } else {
        human::count(n)
    }
}

fn yes_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

/// Microseconds since 1970 as `2026-01-01 00:00:00 UTC`.
fn moment(us: f64) -> String {
    match Timestamp::from_microsecond(us as i64) {
        Ok(time) => time.strftime("%F %T UTC").to_string(),
        Err(_) => format!("{us}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::figure;

    #[test]
    fn names_say_what_a_number_is() {
        let cases: [(&str, Value, &str); 15] = [
            ("size_bytes", json!(8_388_608), "8.0 MB"),
            ("mean_ms", json!(412.0), "412 ms"),
            ("counted_us", json!(3_600_000_000_i64), "1.0 h"),
            ("impact_ms_per_hour", json!(90_000), "1.5 min/h"),
            ("hit_ratio", json!(0.992), "99.2%"),
            ("dead_percent", json!(62), "62.0%"),
            (
                "last_scan_at",
                json!(1_767_225_600_000_000_i64),
                "2026-01-01 00:00:00 UTC",
            ),
            ("is_valid", json!(0), "no"),
            ("pid", json!(23211), "23211"),
            (
                "queryids",
                json!([-5_304_700_712_395_206_355_i64, 77_120]),
                "-5304700712395206355, 77120",
            ),
            ("calls", json!(1_204_000), "1,204,000"),
            ("columns", json!("[\"a\",\"b\"]"), "a, b"),
            ("options", json!({"fillfactor": 70}), "fillfactor 70"),
            ("setting", json!("off"), "off"),
            ("seen", Value::Null, "unknown"),
        ];
        for (name, value, expected) in cases {
            assert_eq!(figure(name, &value), expected, "{name}");
        }
    }
}
