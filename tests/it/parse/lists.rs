//! How long the lists of constants are.

use pgtriage::parse::{literals, longest_list};

#[test]
fn literals_say_how_far_an_offset_goes_and_how_a_pattern_begins() {
    for (sql, offset, wildcard) in [
        (
            "SELECT a FROM t ORDER BY a LIMIT 10 OFFSET 2000",
            Some(2000),
            false,
        ),
        (
            "SELECT a FROM (SELECT a FROM t OFFSET /* far */ 5) x offset 3 ROWS",
            Some(5),
            false,
        ),
        ("SELECT a FROM t LIMIT $1 OFFSET $2", None, false),
        ("SELECT \"offset\", 7 FROM t WHERE a LIKE 'x%'", None, false),
        ("SELECT a FROM t WHERE a like '%x'", None, true),
        (
            "SELECT a FROM t WHERE a NOT ILIKE E'_x' AND b ~~ $1",
            None,
            true,
        ),
        ("SELECT a FROM t WHERE a ~~* '%' || $1", None, true),
        (
            "SELECT a, '%x' FROM t WHERE a = '%' OFFSET 99999999999999999999999",
            None,
            false,
        ),
    ] {
        let seen = literals(sql);
        assert_eq!(
            (seen.largest_offset, seen.has_leading_wildcard),
            (offset, wildcard),
            "{sql}"
        );
    }
}

#[test]
fn constants_are_counted_in_the_longest_list() {
    for (sql, expected) in [
        ("", Some(0)),
        ("SELECT 1, 2, 3", Some(0)),
        ("SELECT f(1, 2, 3)", Some(0)),
        ("SELECT a FROM t WHERE b IN ($1)", Some(1)),
        ("SELECT a FROM t WHERE b in ( $1, $2 ,$3)", Some(3)),
        (
            "SELECT a FROM t WHERE b NOT IN (1, -2, + 3, 'x', NULL, true)",
            Some(6),
        ),
        (
            "SELECT a FROM t WHERE b IN ('a'::text, $1::numeric(10,2), CAST($2 AS int), date '2026-01-01')",
            Some(4),
        ),
        (
            "SELECT a FROM t WHERE b IN (1, 2) AND c = ANY (ARRAY[1, 2, 3])",
            Some(3),
        ),
        (
            "SELECT a FROM t WHERE b = ANY (ARRAY[[1, 2], [3, 4]])",
            Some(2),
        ),
        (
            "SELECT a FROM t WHERE (b, c) IN ((1, 2), (3, 4), ($1, $2))",
            Some(3),
        ),
        (
            "SELECT a FROM t WHERE b IN (SELECT c FROM u WHERE d IN (1, 2))",
            Some(2),
        ),
        (
            "SELECT a FROM t WHERE b IN (SELECT c, 1, 2 FROM u)",
            Some(0),
        ),
        ("SELECT a FROM t WHERE b IN (x, y, lower(z))", Some(0)),
        ("SELECT a FROM t WHERE b IN (x, 1, lower('z'))", Some(1)),
        ("SELECT a FROM t WHERE b IN ($1 /*, ... */)", None),
        (
            "SELECT a /* , ... */ FROM t WHERE b IN ($1 /* x */, $2)",
            Some(2),
        ),
        ("SELECT a FROM t WHERE b IN (1, 2, 3", Some(3)),
        ("SELECT \"in\" (1, 2)", Some(0)),
        (")))((( IN IN ((((1,", Some(0)),
    ] {
        assert_eq!(longest_list(sql), expected, "{sql}");
    }
    let many = format!("SELECT a FROM t WHERE b IN ({}1)", "1, ".repeat(100_000));
    assert_eq!(longest_list(&many), Some(100_001));
    let deep = format!("SELECT a FROM t WHERE b IN {}", "(".repeat(100_000));
    assert_eq!(longest_list(&deep), Some(0));
}
