//! Comparisons in filters: `calls>1000`, `mean>=5ms`, `wal<1MB`.

use std::cmp::Ordering;

/// A comparison with a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    operator: &'static str,
    number: f64,
}

/// Longer operators first: `>=` begins with `>`.
const OPERATORS: [&str; 5] = [">=", "<=", ">", "<", "="];

/// What one of a unit is, in the unit that figures are kept in: milliseconds, bytes, per cent.
const UNITS: [(&str, f64); 16] = [
    ("", 1.0),
    ("%", 1.0),
    ("us", 1e-3),
    ("ms", 1.0),
    ("s", 1e3),
    ("min", 6e4),
    ("h", 3.6e6),
    ("d", 8.64e7),
    ("b", 1.0),
    ("kb", 1024.0),
    ("mb", 1_048_576.0),
    ("gb", 1_073_741_824.0),
    ("tb", 1_099_511_627_776.0),
    ("k", 1e3),
    ("m", 1e6),
    ("g", 1e9),
];

impl Comparison {
    /// Reads `column>5`: the column and what to compare it with. `None`: it is none.
    pub fn parse(word: &str) -> Option<(String, Self)> {
        let at = word.find(['<', '>', '='])?;
        let (field, rest) = word.split_at(at);
        let operator = OPERATORS.into_iter().find(|op| rest.starts_with(op))?;
        let number = number(&rest[operator.len()..])?;
        (!field.is_empty()).then(|| (field.to_lowercase(), Self { operator, number }))
    }

    /// Does a figure hold?
    pub fn holds(&self, figure: f64) -> bool {
        let order = figure.total_cmp(&self.number);
        match self.operator {
            ">=" => order != Ordering::Less,
            "<=" => order != Ordering::Greater,
            ">" => order == Ordering::Greater,
            "<" => order == Ordering::Less,
            _ => order == Ordering::Equal,
        }
    }
}

fn number(text: &str) -> Option<f64> {
    let text = text.to_lowercase().replace([',', '_'], "");
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-'));
    let (digits, unit) = text.split_at(end.unwrap_or(text.len()));
    let (_, factor) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
    Some(digits.parse::<f64>().ok()? * factor)
}

#[cfg(test)]
mod tests {
    use super::Comparison;

    #[test]
    fn figures_are_compared_in_their_units() {
        let cases = [
            ("calls>1000", "calls", 1000.5, 1000.0),
            ("calls>=1,000", "calls", 1000.0, 999.0),
            ("mean<5ms", "mean", 4.9, 5.0),
            ("Mean<=2s", "mean", 2000.0, 2001.0),
            ("wal>1MB", "wal", 1_048_577.0, 1_048_576.0),
            ("share>10%", "share", 10.1, 9.9),
            ("rows=0", "rows", 0.0, 1.0),
            ("calls>2k", "calls", 2001.0, 1999.0),
        ];
        for (word, field, holds, fails) in cases {
            let (name, comparison) = Comparison::parse(word).unwrap();
            assert_eq!(name, field, "{word}");
            assert!(comparison.holds(holds), "{word} {holds}");
            assert!(!comparison.holds(fails), "{word} {fails}");
        }
    }

    #[test]
    fn other_words_are_no_comparison() {
        for word in [
            "id=$1", ">5", "a>", "a>b", "a>5x", "calls:5", "->>", "a>1.2.3",
        ] {
            assert_eq!(Comparison::parse(word), None, "{word}");
        }
    }
}
