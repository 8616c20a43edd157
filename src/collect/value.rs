//! Values of `PostgreSQL` as the facts database keeps them.

use rusqlite::types::Value;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Type};

/// Microseconds from 1970-01-01 to 2000-01-01, where `PostgreSQL`'s clock starts.
const EPOCH_2000_US: i64 = 946_684_800_000_000;

/// A `timestamptz` in microseconds since 1970-01-01 UTC; infinity is no moment.
struct Moment(Option<i64>);

impl<'a> FromSql<'a> for Moment {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        let since_2000 = i64::from_be_bytes(raw.try_into()?);
        Ok(Self(since_2000.checked_add(EPOCH_2000_US).filter(|_| {
            since_2000 != i64::MAX && since_2000 != i64::MIN
        })))
    }

    fn accepts(kind: &Type) -> bool {
        *kind == Type::TIMESTAMPTZ
    }
}

/// Column `index` of `row`.
///
/// # Errors
/// For a type that collector queries must cast first.
pub fn value(row: &Row, index: usize) -> Result<Value, tokio_postgres::Error> {
    fn read<'a, T, F>(row: &'a Row, index: usize, make: F) -> Result<Value, tokio_postgres::Error>
    where
        T: FromSql<'a>,
        F: FnOnce(T) -> Value,
    {
        Ok(row
            .try_get::<_, Option<T>>(index)?
            .map_or(Value::Null, make))
    }
    match *row.columns()[index].type_() {
        Type::BOOL => read::<bool, _>(row, index, |b| Value::Integer(b.into())),
        Type::INT2 => read::<i16, _>(row, index, |n| Value::Integer(n.into())),
        Type::INT4 => read::<i32, _>(row, index, |n| Value::Integer(n.into())),
        Type::INT8 => read::<i64, _>(row, index, Value::Integer),
        Type::OID => read::<u32, _>(row, index, |n| Value::Integer(n.into())),
        Type::FLOAT4 => read::<f32, _>(row, index, |n| Value::Real(n.into())),
        Type::FLOAT8 => read::<f64, _>(row, index, Value::Real),
        Type::CHAR => read::<i8, _>(row, index, |c| {
            Value::Text(char::from(c.cast_unsigned()).to_string())
        }),
        Type::TIMESTAMPTZ => {
            read::<Moment, _>(row, index, |m| m.0.map_or(Value::Null, Value::Integer))
        }
        _ => read::<String, _>(row, index, Value::Text),
    }
}
