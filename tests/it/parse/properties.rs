use pgtriage::parse::{
    ItemKind, TokenKind, fingerprint, format, normalize, redact_statement, split, tokenize,
};
use proptest::prelude::*;

/// Bits of SQL that, thrown together, reach most paths.
const BITS: [&str; 116] = [
    "SELECT",
    "INSERT INTO",
    "UPDATE",
    "DELETE",
    "WITH",
    "VALUES",
    "FROM",
    "WHERE",
    "ORDER BY",
    "GROUP BY",
    "LIMIT",
    "OFFSET",
    "FETCH",
    "IN",
    "NOT",
    "IS",
    "NULL",
    "TRUE",
    "AS",
    "CAST",
    "ARRAY",
    "ROW",
    "SET",
    "ALTER",
    "ROLE",
    "SYSTEM",
    "CREATE",
    "TABLE",
    "FUNCTION",
    "PASSWORD",
    "DEFAULT",
    "COPY",
    "STDIN",
    "EXPLAIN",
    "DECLARE",
    "SAVEPOINT",
    "ROLLBACK",
    "TO",
    "PREPARE",
    "DEALLOCATE",
    "CLOSE",
    "BEGIN",
    "END",
    "CASE",
    "WHEN",
    "INTERVAL",
    "DAY",
    "SECOND",
    "TIMESTAMP",
    "TIME",
    "ZONE",
    "EXTRACT",
    "DISTINCT",
    "ON",
    "BETWEEN",
    "LIKE",
    "BY",
    "START",
    "NUMERIC",
    "VARCHAR",
    "VARYING",
    "DOUBLE",
    "PRECISION",
    "NFC",
    "NORMALIZED",
    "USER",
    "ADD",
    "COLUMN",
    "TYPE",
    "date",
    "a",
    "b1",
    "\"c\"",
    "\"D e\"",
    "\"user\"",
    "n$1",
    "e",
    "N",
    "x",
    "U&\"f\"",
    "(",
    ")",
    "[",
    "]",
    ",",
    ";",
    ".",
    "..",
    ":",
    "::",
    ":=",
    "-",
    "+",
    "=",
    "*",
    "->>",
    "?",
    "@-",
    "$1",
    "$2",
    "$",
    "1",
    "2.5",
    ".5",
    "1e3",
    "0x1F",
    "10",
    "\\",
    "\\g",
    "\\;",
    "\\.",
    "/*x*/",
    "/*a='b'*/",
    "-- y\n",
    "/* 'z' */",
    "é",
];

const MARK: &str = "zQz";

/// A literal that holds the mark.
fn literal() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(format!("'{MARK}'")),
        Just(format!("'it''s {MARK}'")),
        Just(format!("E'\\'{MARK}'")),
        Just(format!("N'{MARK}'")),
        Just(format!("U&'{MARK}'")),
        Just(format!("X'{MARK}'")),
        Just(format!("$${MARK}$$")),
        Just(format!("$t${MARK}$t$")),
    ]
}

fn space() -> impl Strategy<Value = &'static str> {
    prop_oneof![3 => Just(" "), 1 => Just(""), 1 => Just("\n"), 1 => Just("\t ")]
}

/// Statements that may well be nonsense.
fn soup() -> impl Strategy<Value = String> {
    let bit = prop_oneof![
        6 => prop::sample::select(BITS.to_vec()).prop_map(str::to_owned),
        1 => literal(),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec((bit, space()), 0..40)
        .prop_map(|bits| bits.into_iter().map(|(bit, space)| bit + space).collect())
}

/// Tokens kept apart, so that each literal is one.
fn tidy() -> impl Strategy<Value = String> {
    let plain: Vec<&str> = BITS
        .into_iter()
        .filter(|bit| !bit.starts_with(['\\', '$', '/', '-']))
        .collect();
    let bit = prop_oneof![
        5 => prop::sample::select(plain).prop_map(str::to_owned),
        2 => literal(),
    ];
    prop::collection::vec(bit, 0..40).prop_map(|bits| bits.join(" "))
}

/// Statements with bytes cut, doubled or put in, NUL and what is no UTF-8 among them, as a reader
/// of a file gets them.
fn damaged() -> impl Strategy<Value = String> {
    const WHOLE: [&str; 5] = [
        "WITH recent AS (SELECT id, customer_id AS c FROM orders WHERE at > now() - interval '7 days') SELECT r.id, k.name FROM recent r JOIN customers k USING (c) ORDER BY 1 DESC LIMIT 20 OFFSET 40",
        "INSERT INTO \"Orders\" (id, tags, note) VALUES ($1, ARRAY['a', E'b\\n'], $q$it's$q$) ON CONFLICT (id) DO UPDATE SET note = excluded.note RETURNING *",
        "UPDATE orders o SET (a, b) = (SELECT x, y FROM t WHERE t.id = o.id) WHERE o.state IN ('new', 'old') /* a /* nested */ comment */ AND NOT EXISTS (SELECT 1 FROM items i WHERE i.order_id = o.id)",
        "SELECT CASE WHEN a BETWEEN 1 AND 2 THEN x::numeric(10, 2) ELSE -y END, count(*) FILTER (WHERE b) OVER (PARTITION BY c ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t, LATERAL f(t.*) g(h) GROUP BY ROLLUP (1) -- end",
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $body$ BEGIN RETURN 1; END $body$; COPY t FROM STDIN;\n1\t2\n\\.\nSELECT 'x;y', U&'\\0041', B'01'",
    ];
    let cut = (
        any::<prop::sample::Index>(),
        0..24_usize,
        prop::collection::vec(
            prop_oneof![any::<u8>(), Just(0), Just(b'\''), Just(b'$'), Just(b'(')],
            0..6,
        ),
    );
    (
        prop::sample::select(WHOLE.to_vec()),
        prop::collection::vec(cut, 0..6),
    )
        .prop_map(|(whole, cuts)| {
            let mut bytes = whole.as_bytes().to_vec();
            for (at, length, new) in cuts {
                let at = at.index(bytes.len() + 1);
                let end = (at + length).min(bytes.len());
                bytes.splice(at..end, new);
            }
            String::from_utf8_lossy(&bytes).into_owned()
        })
}

#[test]
fn long_texts_are_split_and_named() {
    let texts = [
        format!(
            "SELECT '{}', $${}$$",
            "x".repeat(1 << 20),
            "y".repeat(1 << 20)
        ),
        format!("SELECT {}1{}", "(".repeat(2_000), ")".repeat(2_000)),
        format!("SELECT 1{}", " + 1".repeat(1_000_000)),
    ];
    for text in texts {
        assert_eq!(split(&format!("{text}; SELECT 2")).len(), 2);
        assert!(normalize(&text).starts_with("SELECT "));
        assert_eq!(fingerprint(&redact_statement(&text)), fingerprint(&text));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tokens_cover_the_text(sql in prop_oneof![soup(), any::<String>()]) {
        let mut end = 0;
        for token in tokenize(&sql) {
            prop_assert_eq!(token.start, end);
            prop_assert!(token.end > end);
            end = token.end;
            prop_assert!(sql.is_char_boundary(end));
        }
        prop_assert_eq!(end, sql.len());
    }

    #[test]
    fn every_text_has_a_shape(sql in prop_oneof![soup(), tidy(), any::<String>()]) {
        let shapes = pgtriage::parse::sql::shapes(std::iter::once(sql.as_str())).unwrap();
        prop_assert_eq!(shapes.len(), 1);
        prop_assert!(!shapes[0].blocks.is_empty());
    }

    #[test]
    fn damaged_statements_are_read(sql in damaged()) {
        let shapes = pgtriage::parse::sql::shapes(std::iter::once(sql.as_str())).unwrap();
        prop_assert_eq!(shapes.len(), 1);
        let text = normalize(&sql);
        prop_assert_eq!(fingerprint(&text), fingerprint(&sql), "{}", text);
        let covered: usize = split(&sql).iter().map(|item| item.end - item.text.start).sum();
        prop_assert!(covered <= sql.len() || split(&sql).iter().any(|item| item.kind != ItemKind::Sql));
    }

    #[test]
    fn splitting_loses_only_separators(sql in prop_oneof![soup(), any::<String>()]) {
        let mut items = split(&sql);
        // Items inside another one are its holes; the others follow each other.
        items.sort_by_key(|item| (item.text.start, std::cmp::Reverse(item.end)));
        let mut end = 0;
        for item in &items {
            if item.text.start < end {
                prop_assert!(item.kind != ItemKind::Sql, "{:?}", items);
                continue;
            }
            prop_assert!(item.leading.start >= end);
            prop_assert_eq!(item.leading.end, item.text.start);
            prop_assert!(is_separator(&sql[end..item.text.start]), "before {:?}", item);
            prop_assert!(item.text.end <= item.end);
            let mut after = item.text.end;
            for hole in item.holes.iter().filter(|hole| hole.start >= item.text.end) {
                prop_assert!(is_separator(&sql[after..hole.start]), "after {:?}", item);
                after = hole.end;
            }
            if item.kind == ItemKind::Sql {
                prop_assert!(is_separator(&sql[after.min(item.end)..item.end]), "after {:?}", item);
            }
            end = item.end;
        }
        prop_assert!(is_separator(&sql[end..]), "after the last");
    }

    #[test]
    fn layout_changes_white_space_only(sql in prop_oneof![soup(), tidy(), any::<String>()], columns in 1_usize..100) {
        let tokens = |text: &str| -> Vec<(TokenKind, String)> {
            let tokens = tokenize(text).into_iter().filter(|token| token.kind != TokenKind::Whitespace);
            tokens.map(|token| (token.kind, token.text(text).to_owned())).collect()
        };
        let laid_out = format(&sql, columns);
        prop_assert_eq!(tokens(&laid_out), tokens(&sql), "{}", laid_out);
    }

    #[test]
    fn redaction_is_done_once(sql in prop_oneof![soup(), any::<String>()]) {
        let redacted = redact_statement(&sql);
        prop_assert_eq!(redact_statement(&redacted), redacted);
    }

    #[test]
    fn redaction_leaves_no_literal(sql in tidy()) {
        let redacted = redact_statement(&sql);
        prop_assert!(!redacted.contains(MARK), "{}", redacted);
        let literals = tokenize(&redacted)
            .iter()
            .filter(|token| matches!(
                token.kind,
                TokenKind::String | TokenKind::BitString | TokenKind::DollarString
            ))
            .count();
        prop_assert_eq!(literals, 0, "{}", redacted);
    }

    #[test]
    fn redaction_keeps_the_fingerprint(sql in prop_oneof![soup(), tidy()]) {
        prop_assert_eq!(fingerprint(&redact_statement(&sql)), fingerprint(&sql), "{}", redact_statement(&sql));
    }

    #[test]
    fn the_readable_text_keeps_the_fingerprint(sql in prop_oneof![soup(), tidy()]) {
        let text = normalize(&sql);
        prop_assert_eq!(fingerprint(&text), fingerprint(&sql), "{}", text);
        prop_assert_eq!(normalize(&text), text);
    }
}

/// White space, comments and what ends a statement.
fn is_separator(text: &str) -> bool {
    tokenize(text)
        .iter()
        .all(|token| token.is_trivia() || matches!(token.text(text), ";" | "\\"))
}
