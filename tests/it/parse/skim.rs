//! The fast first look at statements.

use pgtriage::parse::{fingerprint, skim};

fn skimmed(sql: &str) -> String {
    let mut out = Vec::new();
    skim(sql.as_bytes(), &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn constants_comments_and_white_space_go() {
    let cases = [
        (
            "select  a\n\tfrom b where c = 12",
            "select a from b where c = ?",
        ),
        (
            "SELECT 'it''s', E'\\'', $$a$$, $t$ $$ $t$, $1",
            "SELECT ?, E?, ?, ?, $1",
        ),
        ("SELECT 1 -- 2\n/* 3 /* 4 */ */ + 1.5", "SELECT ? + ?"),
        (
            "SELECT a FROM b ORDER BY 1, 2 LIMIT 3",
            "SELECT a FROM b ORDER BY 1, 2 LIMIT ?",
        ),
        (
            "SELECT 1::numeric(10,2), f(3), x.g(4)",
            "SELECT ?::numeric(10,2), f(?), x.g(?)",
        ),
        (
            "SELECT a[1], ARRAY[1,2], \"b 1\", c2",
            "SELECT a[1], ARRAY[?,?], \"b 1\", c2",
        ),
        (
            "INSERT INTO t (a) VALUES (1, 'x'), (2, 'y')",
            "INSERT INTO t (a) VALUES (?, ?), (?, ?)",
        ),
        (
            "SELECT DISTINCT ON (1) a FROM t WHERE b IN (1, 2)",
            "SELECT DISTINCT ON (1) a FROM t WHERE b IN (?, ?)",
        ),
        ("SET work_mem = 12", "SET work_mem = 12"),
        ("SELECT 1; SET work_mem = 12", "SELECT ?; SET work_mem = 12"),
        ("SELECT 'cut", "SELECT ?"),
        (
            "SELECT (SELECT a FROM b GROUP BY 1) + 1",
            "SELECT (SELECT a FROM b GROUP BY 1) + ?",
        ),
    ];
    for (sql, expected) in cases {
        assert_eq!(skimmed(sql), expected, "{sql}");
    }
}

/// Pieces that statements are put together from at random.
const PIECES: &[&str] = &[
    "SELECT",
    "a",
    "FROM",
    "t",
    "WHERE",
    "b",
    "=",
    "#",
    "'#'",
    "(",
    ")",
    ",",
    "IN",
    "ORDER BY",
    "GROUP BY",
    "LIMIT #",
    "::numeric(#,2)",
    "CAST(# AS varchar(#))",
    "AND",
    "f(#)",
    "[#]",
    "ARRAY[#, #]",
    "::",
    "AS",
    "numeric",
    "(#)",
    "(#, #)",
    "VALUES",
    "INTERVAL '#' second(#)",
    "date '#'",
    "ON",
    "DISTINCT ON (#)",
    "UNION",
    "-",
    "+",
    ".",
    "E'\\'#'",
    "$$#$$",
    "$1",
    "--#\n",
    "/* # */",
    "OVER (ORDER BY #)",
    "CASE WHEN # THEN #",
    "END",
    "time(#)",
    "x.y(#)",
    "RETURNING",
    "ROLLUP(#)",
    "OFFSET #",
    "UPDATE",
    "SET",
    "t(a numeric(#))",
    "my.typ(#)",
    ";",
    "\"q\"",
];

#[test]
fn what_is_equal_has_one_fingerprint() {
    // A plain generator of numbers: the same statements in every run.
    let mut seed = 1_u64;
    let mut random = |below: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let (mut equal, mut total, mut wrong) = (0, 0, Vec::new());
    for _ in 0..40_000 {
        let length = 1 + random(9);
        let mut template = "SELECT".to_owned();
        for _ in 0..length {
            template += " ";
            template += PIECES[random(PIECES.len())];
        }
        let mut fill = || -> String {
            template
                .chars()
                .map(|c| {
                    if c == '#' {
                        random(30).to_string()
                    } else {
                        c.to_string()
                    }
                })
                .collect()
        };
        let (one, other) = (fill(), fill());
        total += 1;
        if one != other && skimmed(&one) == skimmed(&other) {
            equal += 1;
            if fingerprint(&one) != fingerprint(&other) {
                wrong.push(format!("{one}\n{other}\n"));
            }
        }
    }
    assert!(
        equal * 5 > total,
        "{equal} of {total} pairs were made equal"
    );
}
