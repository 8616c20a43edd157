//! Texts of values as `PostgreSQL` writes them.

/// Head of a value that is at most 127 bytes with it, and of a longer one.
const SHORT_HEAD: i64 = 1;
const LONG_HEAD: i64 = 4;
const SHORT: i64 = 127;
/// Head of a number of ordinary magnitude (`NUMERIC_HDRSZ_SHORT`), behind that of its length.
const NUMERIC_HEAD: i64 = 2;
/// Decimal digits in two bytes of a number (`DEC_DIGITS`).
const DIGITS: usize = 4;

/// The elements of an array of one dimension; `None`: it is none. NULL elements are left out.
pub(super) fn elements(array: &str) -> Option<Vec<String>> {
    let inner = array.strip_prefix('{')?.strip_suffix('}')?;
    let (mut all, mut chars) = (Vec::new(), inner.chars().peekable());
    while chars.peek().is_some() {
        let mut element = String::new();
        let mut quoted = false;
        if chars.next_if_eq(&'"').is_some() {
            quoted = true;
            loop {
                match chars.next()? {
                    '"' => break,
                    '\\' => element.push(chars.next()?),
                    other => element.push(other),
                }
            }
        } else {
            while let Some(next) = chars.next_if(|next| *next != ',') {
                match next {
                    '\\' => element.push(chars.next()?),
                    other => element.push(other),
                }
            }
        }
        if quoted || element != "NULL" {
            all.push(element);
        }
        if chars.next().is_some_and(|next| next != ',') {
            return None;
        }
    }
    Some(all)
}

/// Bytes on disk of a value of so many bytes, with its head.
pub(super) fn with_head(bytes: i64) -> i64 {
    if bytes + SHORT_HEAD <= SHORT {
        bytes + SHORT_HEAD
    } else {
        bytes + LONG_HEAD
    }
}

/// Bytes on disk of a value of a type without modifier; `None`: the text does not tell.
pub(super) fn length(kind: &str, value: &str) -> Option<i64> {
    match kind {
        "text" | "character varying" | "character" | "citext" => {
            Some(with_head(value.len() as i64))
        }
        "name" => Some(value.len() as i64 + 1),
        "bytea" => {
            let digits = value.strip_prefix("\\x")?;
            Some(with_head(digits.len() as i64 / 2))
        }
        "numeric" => numeric(value),
        _ => None,
    }
}

/// A number holds four decimal digits in two bytes, counted from its point, without zeros at both ends.
fn numeric(value: &str) -> Option<i64> {
    let digits = value.trim_start_matches('-');
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let padding = (DIGITS - whole.len() % DIGITS) % DIGITS;
    let mut all = vec![b'0'; padding];
    all.extend(whole.bytes().chain(fraction.bytes()));
    while !all.len().is_multiple_of(DIGITS) {
        all.push(b'0');
    }
    let is_used = |group: &&[u8]| group.iter().any(|digit| *digit != b'0');
    let groups: Vec<&[u8]> = all.chunks(DIGITS).collect();
    let first = groups.iter().position(&is_used);
    let last = groups.iter().rposition(is_used);
    let used = match (first, last) {
        (Some(first), Some(last)) => last - first + 1,
        _ => 0,
    };
    Some(with_head(NUMERIC_HEAD + 2 * used as i64))
}

#[cfg(test)]
mod tests {
    use super::{elements, length};

    #[test]
    fn elements_are_read_as_postgres_quotes_them() {
        let all = elements(r#"{a,"b,c","d\"e\\","NULL",NULL,12.50}"#);
        let expected = ["a", "b,c", r#"d"e\"#, "NULL", "12.50"];
        assert_eq!(all.unwrap(), expected);
        assert_eq!(elements("{}").unwrap(), Vec::<String>::new());
        assert_eq!(elements("12"), None);
    }

    #[test]
    fn values_are_as_long_as_on_disk() {
        // By pg_column_size of values in a table.
        let cases = [
            ("numeric", "0.00", 3),
            ("numeric", "50.00", 5),
            ("numeric", "0.07", 5),
            ("numeric", "901.25", 7),
            ("numeric", "104949.99", 9),
            ("numeric", "20000", 5),
            ("text", "abc", 4),
            ("character", "AIR       ", 11),
            ("bytea", "\\x0102", 3),
        ];
        for (kind, value, expected) in cases {
            assert_eq!(length(kind, value), Some(expected), "{kind} {value}");
        }
        assert_eq!(length("jsonb", "{}"), None);
        assert_eq!(length("numeric", "NaN"), None);
    }
}
