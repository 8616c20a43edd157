//! What statistics say of a column that bears on indexes.

/// Distinct values of a column without statistics, as the planner assumes (`DEFAULT_NUM_DISTINCT` in selfuncs.h).
pub const ASSUMED_DISTINCT: f64 = 200.0;

/// Mean width in bytes from which on a column is left out of indexes: an entry of a B-tree holds about 2,700 bytes, and
/// long values make every level of it wide.
const WIDE: f64 = 250.0;

/// Types without a default operator class for B-trees.
const UNORDERED: [&str; 10] = [
    "json", "xml", "point", "line", "lseg", "box", "path", "polygon", "circle", "xid",
];

/// A B-tree on a column of this type, as `format_type` writes it, and mean width makes sense. What is not known is
/// taken to be fine.
pub fn is_indexable(kind: Option<&str>, width: Option<f64>) -> bool {
    kind.is_none_or(|kind| !UNORDERED.contains(&kind)) && width.is_none_or(|width| width < WIDE)
}

/// Distinct values by `n_distinct` of `pg_stats` in a table of so many rows: negative, it is a share of the rows. `None`:
/// it is 0, so not known.
pub fn distinct(n_distinct: f64, rows: f64) -> Option<f64> {
    if n_distinct == 0.0 {
        None
    } else if n_distinct < 0.0 {
        Some(-n_distinct * rows)
    } else {
        Some(n_distinct)
    }
}

#[cfg(test)]
mod tests {
    use super::distinct;

    #[test]
    fn shares_are_of_the_rows_and_nothing_is_not_known() {
        assert_eq!(distinct(-0.5, 1000.0), Some(500.0));
        assert_eq!(distinct(12.0, 1000.0), Some(12.0));
        assert_eq!(distinct(0.0, 1000.0), None);
    }
}
