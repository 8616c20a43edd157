use pgtriage::parse::format;

/// Statements, each laid out for 60 columns; a case is what is expected, and its input is that in
/// one line.
fn check(expected: &str) {
    let expected = expected.trim_matches('\n');
    let input = expected.split_whitespace().collect::<Vec<_>>().join(" ");
    let input = input.replace("( ", "(").replace(" )", ")");
    assert_eq!(format(&input, 60), expected, "from {input}");
    assert_eq!(format(expected, 60), expected, "laid out twice");
}

#[test]
fn clauses_stand_on_lines_of_their_own() {
    check("SELECT 1");
    check(
        "
SELECT o.id, o.placed_at, c.name
FROM shop.orders o
  JOIN shop.customers c ON c.id = o.customer_id
    AND c.status = $1
  LEFT OUTER JOIN shop.notes n USING (order_id)
  CROSS JOIN LATERAL f(o.id) x
WHERE o.status = $2
  AND o.placed_at BETWEEN $3 AND $4
  OR o.note IS DISTINCT FROM $5
GROUP BY o.id, c.name
HAVING count(*) > $6
  AND max(o.id) < $7
ORDER BY o.placed_at DESC
LIMIT $8
OFFSET $9
FOR UPDATE SKIP LOCKED",
    );
    check(
        "
SELECT a
FROM t
UNION ALL
SELECT b
FROM u",
    );
    check(
        "
INSERT INTO shop.t (a, b)
VALUES ($1, $2)
ON CONFLICT (a) DO UPDATE
SET b = excluded.b
RETURNING a",
    );
    check(
        "
UPDATE t
SET a = $1, b = $2
FROM u
WHERE t.id = u.id",
    );
    check(
        "
DELETE FROM t
USING u
WHERE t.id = u.id",
    );
}

#[test]
fn subqueries_are_set_in() {
    check(
        "
WITH recent AS (
  SELECT id, placed_at
  FROM shop.orders
  WHERE placed_at > $1
),
old AS MATERIALIZED (
  DELETE FROM shop.archive
  WHERE id < $2
  RETURNING id
)
SELECT *
FROM recent
WHERE EXISTS (
    SELECT $3
    FROM old
    WHERE old.id = recent.id
  )
  AND recent.id IN (SELECT id FROM old)",
    );
}

#[test]
fn long_lists_and_conditions_are_folded() {
    check(
        "
SELECT alpha_column, beta_column, gamma_column,
  delta_column, epsilon_column
FROM t
WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
    $12, $13, $14, $15)
  AND (
    first_name = $16
    OR second_name = $17
    AND age BETWEEN $18 AND $19
  )
  AND (a = $20 OR b = $21)",
    );
    check(
        "
SELECT CASE
    WHEN total_cents > $1 AND status = $2 THEN $3
    WHEN total_cents > $4 THEN $5
    ELSE $6
  END AS size, extract(epoch FROM placed_at),
  trim(both FROM name)
FROM t",
    );
}

#[test]
fn what_is_no_query_stays_as_it_is() {
    let text = "CREATE TABLE t (\n\ta int, -- x\n\tb int\n)";
    assert_eq!(format(text, 60), text);
    assert_eq!(
        format("VACUUM  t;\n\n  select 1;select 2 from t", 60),
        "VACUUM  t;\nselect 1;\nselect 2\nfrom t"
    );
}

#[test]
fn comments_and_continued_constants_keep_their_lines() {
    let cases = [
        (
            "select a, -- the first\n b from t",
            "select a, -- the first\n  b\nfrom t",
        ),
        (
            "select e'a'\n  '\\'' from t",
            "select e'a'\n  '\\''\nfrom t",
        ),
        (
            "/*x*/ select a from t /*action='list'*/",
            "/*x*/\nselect a\nfrom t /*action='list'*/",
        ),
        (
            "select \"from\", t.order from t",
            "select \"from\", t.order\nfrom t",
        ),
        ("select 'open ", "select 'open "),
    ];
    for (text, expected) in cases {
        assert_eq!(format(text, 60), expected);
    }
}
