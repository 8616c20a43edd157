//! Values of the workload: how they are drawn, and how they travel.

use std::collections::BTreeMap;
use std::error::Error;

use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{Format, FromSql, IsNull, ToSql, Type, to_sql_checked};

use super::random::Random;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Source {
    /// A whole number; skewed to the small ones if so said.
    Int { low: i64, high: i64, skewed: bool },
    /// One of a list: written in the workload, or the rows of a query once it was asked.
    OneOf(Vec<String>),
    /// One of the rows of a query.
    Query(&'static str),
}

impl Source {
    /// Reads what follows the name: `int 1..9 skewed`, `one of a, b`, `query SELECT …`.
    pub fn parse(text: &'static str) -> Option<Self> {
        if let Some(list) = text.strip_prefix("one of ") {
            return Some(Self::OneOf(list.split(", ").map(str::to_owned).collect()));
        }
        if let Some(query) = text.strip_prefix("query ") {
            return Some(Self::Query(query));
        }
        let range = text.strip_prefix("int ")?;
        let (range, skewed) = match range.strip_suffix(" skewed") {
            Some(range) => (range, true),
            None => (range, false),
        };
        let (low, high) = range.split_once("..")?;
        let (low, high) = (low.parse().ok()?, high.parse().ok()?);
        (low <= high).then_some(Self::Int { low, high, skewed })
    }

    /// Draws a value; a query must have been asked before.
    pub fn draw(&self, random: &mut Random) -> Option<String> {
        match self {
            Self::Int { low, high, skewed } => {
                let unit = random.unit();
                let unit = if *skewed { unit * unit } else { unit };
                let width = (high - low + 1) as f64;
                Some((low + (unit * width) as i64).min(*high).to_string())
            }
            Self::OneOf(list) if list.is_empty() => None,
            Self::OneOf(list) => Some(list[random.below(list.len())].clone()),
            Self::Query(_) => None,
        }
    }
}

/// The values of one request by name.
pub(super) type Values = BTreeMap<String, Text>;

/// A value in its text form, for a parameter or from a column of any common type.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text(pub Option<String>);

impl ToSql for Text {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match &self.0 {
            None => Ok(IsNull::Yes),
            Some(text) => {
                out.extend_from_slice(text.as_bytes());
                Ok(IsNull::No)
            }
        }
    }

    /// Every type can be read from text, so the server does the conversion.
    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}

impl FromSql<'_> for Text {
    fn from_sql(ty: &Type, raw: &[u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        let text = match *ty {
            Type::INT2 => i16::from_sql(ty, raw)?.to_string(),
            Type::INT4 => i32::from_sql(ty, raw)?.to_string(),
            Type::INT8 => i64::from_sql(ty, raw)?.to_string(),
            _ => String::from_sql(ty, raw)?,
        };
        Ok(Self(Some(text)))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(None))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT2 | Type::INT4 | Type::INT8) || <String as FromSql>::accepts(ty)
    }
}

#[cfg(test)]
mod tests {
    use super::{Random, Source};

    #[test]
    fn sources_are_read_and_drawn() {
        let int = |low, high, skewed| Some(Source::Int { low, high, skewed });
        assert_eq!(Source::parse("int 1..9"), int(1, 9, false));
        assert_eq!(Source::parse("int 1..9 skewed"), int(1, 9, true));
        for wrong in ["int 9..1", "int 1-9", "int", "many", "one off a"] {
            assert_eq!(Source::parse(wrong), None, "{wrong}");
        }
        let mut random = Random::new(1, &[]);
        let mut drawn = |text| {
            let source = Source::parse(text).unwrap();
            (0..200)
                .map(|_| source.draw(&mut random).unwrap())
                .collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(
            drawn("int 3..5").into_iter().collect::<Vec<_>>(),
            ["3", "4", "5"]
        );
        assert_eq!(
            drawn("one of a b, c").into_iter().collect::<Vec<_>>(),
            ["a b", "c"]
        );
    }
}
