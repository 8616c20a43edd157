//! How long the lists of constants are.

use pgtriage::parse::longest_list;

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
