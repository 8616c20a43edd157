use pgtriage::parse::{fingerprint, normalize};

/// All of these are one statement.
fn same(texts: &[&str]) {
    for text in &texts[1..] {
        assert_eq!(
            fingerprint(text),
            fingerprint(texts[0]),
            "{text:?} and {:?}",
            texts[0]
        );
    }
}

/// No two of these are.
fn different(texts: &[&str]) {
    for (n, text) in texts.iter().enumerate() {
        for other in &texts[..n] {
            assert_ne!(
                fingerprint(text),
                fingerprint(other),
                "{text:?} and {other:?}"
            );
        }
    }
}

#[test]
fn the_form_is_stable() {
    // A change here is a change of the rules: give the fingerprint a new version.
    let cases = [
        ("", "f1:e3b0c44298fc1c14"),
        ("SELECT * FROM t WHERE id = $1", "f1:518542d5de4b1268"),
        (
            "insert into \"T\" values (1, now()) on conflict do nothing",
            "f1:e1342e130bab09e8",
        ),
    ];
    let actual: Vec<String> = cases
        .iter()
        .map(|(sql, _)| fingerprint(sql).to_string())
        .collect();
    let expected: Vec<&str> = cases.iter().map(|(_, form)| *form).collect();
    assert_eq!(actual, expected);
    let number = format!("{:016x}", fingerprint("SELECT 1").as_u64());
    assert!(fingerprint("SELECT 1").to_string().ends_with(&number));
}

#[test]
fn layout_case_and_comments() {
    same(&[
        "SELECT * FROM t WHERE id = $1",
        "select *\n  from T -- x\n where ID=42;",
        "/* a /* b */ */ SELECT * FROM \"t\" WHERE \"id\" = 'x' ; ; ",
        "SELECT * FROM t WHERE id = $tag$x$tag$",
        "SELECT * FROM t WHERE id = e'\\'' /*route='%2Fa'*/",
        "SELECT * FROM t WHERE id = 'a'\n  'b'",
        "SELECT * FROM t WHERE id = n'a'",
        "SELECT * FROM t WHERE id = n$1",
    ]);
    same(&["SELECT 1 WHERE a != 2", "SELECT 1 WHERE a <> 2"]);
    different(&[
        "SELECT \"user\" FROM t",
        "SELECT user FROM t",
        "SELECT \"User\" FROM t",
        "SELECT name FROM t",
        "SELECT name FROM t1",
        "SELECT name FROM t2",
        "SELECT name FROM s.t",
    ]);
    same(&["SELECT \"name\" FROM t", "SELECT NAME FROM t"]);
    same(&["DROP TABLE pg_temp_3.a", "DROP TABLE pg_temp_14.a"]);
}

#[test]
fn constants_with_signs_and_types() {
    same(&[
        "SELECT a FROM t WHERE b = $1",
        "SELECT a FROM t WHERE b = -1",
        "SELECT a FROM t WHERE b = - +1",
        "SELECT a FROM t WHERE b = -$3::numeric(10,2)",
        "SELECT a FROM t WHERE b = 'x'::text::\"char\"[]",
        "SELECT a FROM t WHERE b = 'x'::timestamp(3) with time zone[]",
        "SELECT a FROM t WHERE b = '1'::double precision",
        "SELECT a FROM t WHERE b = 'x'::character varying(20)",
        "SELECT a FROM t WHERE b = CAST(CAST($1 AS text) AS int)",
        "SELECT a FROM t WHERE b = date '2020-01-01'",
        "SELECT a FROM t WHERE b = pg_catalog.date $1",
        "SELECT a FROM t WHERE b = timestamp(3) without time zone '2020-01-01'",
        "SELECT a FROM t WHERE b = interval '1' day to second(3)",
        "SELECT a FROM t WHERE b = - interval $1 day",
        "SELECT a FROM t WHERE b = numeric(10,2) '1'",
        "SELECT a FROM t WHERE b = NULL::text",
        "SELECT a FROM t WHERE b = true",
        "SELECT a FROM t WHERE b = ARRAY[[1, 2], [3, -4]]::int[]",
    ]);
    different(&[
        "SELECT a - 1 FROM t",
        "SELECT a, -1 FROM t",
        "SELECT a(-1) FROM t",
        "SELECT a(- b) FROM t",
        "SELECT a::text FROM t",
        "SELECT a::int FROM t",
        "SELECT a::numeric(10,2) FROM t",
        "SELECT a::numeric(10,3) FROM t",
        "SELECT CAST(a AS int) FROM t",
        "SELECT CAST(1 + a AS int) FROM t",
    ]);
    same(&["SELECT current_date - 1", "SELECT current_date - $1"]);
    same(&["SELECT (a) -1 WHERE -1 < b", "SELECT (a) - $1 WHERE $2 < b"]);
}

#[test]
fn null_and_booleans() {
    same(&[
        "INSERT INTO t VALUES (1, 2)",
        "INSERT INTO t VALUES (NULL, true)",
    ]);
    different(&[
        "SELECT 1 WHERE a IS NULL",
        "SELECT 1 WHERE a IS NOT NULL",
        "SELECT 1 WHERE a IS TRUE",
        "SELECT 1 WHERE a = NULL",
        "SELECT 1 WHERE a",
    ]);
    different(&[
        "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u ON DELETE SET NULL",
        "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u ON DELETE SET DEFAULT",
    ]);
    different(&["CREATE TABLE t (a int NOT NULL)", "CREATE TABLE t (a int)"]);
}

#[test]
fn lists() {
    same(&[
        "SELECT a FROM t WHERE b IN ($1)",
        "SELECT a FROM t WHERE b IN (1, -2, '3'::int, CAST(4 AS int))",
        "SELECT a FROM t WHERE b IN ($1 /*, ... */)",
    ]);
    same(&[
        "SELECT a FROM t WHERE (b, c) IN ((1, 2))",
        "SELECT a FROM t WHERE (b, c) IN ((1, 2), (3, 4), (5, 6))",
    ]);
    same(&[
        "INSERT INTO t (a, b) VALUES ($1, now())",
        "INSERT INTO t (a, b) VALUES (1, now()), (2, NOW()), (NULL, now())",
    ]);
    same(&[
        "INSERT INTO t VALUES (DEFAULT, 1), (2, 3)",
        "INSERT INTO t VALUES (DEFAULT, 1), (2, 3), (DEFAULT, 4), (DEFAULT, 4), (5, 6)",
    ]);
    same(&[
        "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) v (x, y)",
        "SELECT * FROM (VALUES (1, 'a')) v (x, y)",
    ]);
    same(&[
        "SELECT 1 WHERE a = ANY(ARRAY[1, 2, 3]::bigint[])",
        "SELECT 1 WHERE a = ANY(ARRAY[1])",
        "SELECT 1 WHERE a = ANY($1)",
        "SELECT 1 WHERE a = ANY('{1,2}')",
    ]);
    different(&[
        "SELECT 1 WHERE a IN (1, b)",
        "SELECT 1 WHERE a IN (1, b, c)",
        "SELECT 1 WHERE a IN (1, 2)",
        "SELECT 1 WHERE a IN (SELECT 1)",
        "SELECT 1 WHERE a NOT IN (1, 2)",
        "SELECT 1 WHERE a = 1",
        "SELECT 1 WHERE a = ANY(ARRAY[b])",
        "SELECT 1 WHERE a = ANY(ARRAY[b, c])",
    ]);
    different(&[
        "INSERT INTO t VALUES (1)",
        "INSERT INTO t VALUES (1, 2)",
        "INSERT INTO t VALUES (a)",
        "INSERT INTO t VALUES (1), (a)",
    ]);
    different(&["SELECT f(1)", "SELECT f(1, 2)", "SELECT (1, 2)"]);
}

#[test]
fn limits_and_positions() {
    same(&[
        "SELECT a FROM t LIMIT 10",
        "SELECT a FROM t LIMIT $1",
        "SELECT a FROM t LIMIT ALL",
    ]);
    different(&[
        "SELECT a FROM t",
        "SELECT a FROM t LIMIT 1",
        "SELECT a FROM t OFFSET 1",
        "SELECT a FROM t ORDER BY 1",
        "SELECT a FROM t ORDER BY 2",
        "SELECT a FROM t ORDER BY 2, 1",
        "SELECT a FROM t GROUP BY 1",
        "SELECT DISTINCT ON (1) a FROM t",
        "SELECT DISTINCT ON (2) a FROM t",
    ]);
    different(&["(SELECT 1) ORDER BY 1", "(SELECT 1) ORDER BY 2"]);
    different(&[
        "SELECT ((SELECT 1) ORDER BY 1)",
        "SELECT ((SELECT 1) ORDER BY 2)",
    ]);
    // In a window or aggregate it is a constant.
    same(&[
        "SELECT rank() OVER (ORDER BY 1)",
        "SELECT rank() OVER (ORDER BY $1)",
    ]);
    same(&["SELECT f(a ORDER BY 1)", "SELECT f(a ORDER BY $1)"]);
    same(&[
        "SELECT a FROM t ORDER BY 1 + 1",
        "SELECT a FROM t ORDER BY $1 + $2",
    ]);
}

#[test]
fn what_the_server_replaces_besides() {
    same(&["SELECT extract(epoch FROM a)", "SELECT extract($1 FROM a)"]);
    same(&["SELECT a IS NFC NORMALIZED", "SELECT a IS $1 NORMALIZED"]);
    same(&["SELECT normalize(a, NFKD)", "SELECT normalize(a, $1)"]);
    different(&["SELECT nfc FROM t", "SELECT nfd FROM t"]);
    same(&[
        "SET work_mem = '1MB'",
        "SET work_mem = 65536",
        "SET work_mem = $1",
    ]);
    same(&[
        "SET search_path TO a, b",
        "SET search_path TO $1, b",
        "SET search_path TO $1",
    ]);
    different(&[
        "SET work_mem = 1",
        "SET work_mem TO DEFAULT",
        "SET LOCAL work_mem = 1",
        "SET a.b = 1",
    ]);
    same(&[
        "ALTER ROLE r SET work_mem = '1MB'",
        "ALTER ROLE r SET work_mem = $1",
    ]);
    same(&["CALL p(NULL, 1)", "CALL p($1, $2)"]);
}

#[test]
fn names_that_clients_make_up() {
    same(&["SAVEPOINT s1", "SAVEPOINT \"S2\"", "SAVEPOINT $1"]);
    same(&["RELEASE SAVEPOINT s1", "RELEASE SAVEPOINT s2"]);
    same(&["ROLLBACK TO SAVEPOINT a", "ROLLBACK TO SAVEPOINT b"]);
    same(&["DEALLOCATE pdo_stmt_00000001", "DEALLOCATE $1"]);
    same(&["PREPARE a AS SELECT 1", "PREPARE b AS SELECT 2"]);
    same(&["PREPARE TRANSACTION 'a'", "PREPARE TRANSACTION $1"]);
    same(&[
        "DECLARE c1 CURSOR FOR SELECT 1",
        "DECLARE c2 CURSOR FOR SELECT 2",
    ]);
    same(&["CLOSE c1", "CLOSE c2"]);
    same(&["FETCH 100 FROM c1", "FETCH 50 FROM c2"]);
    same(&["EXECUTE ps0(45)", "EXECUTE ps21($1)"]);
    different(&[
        "FETCH 1 FROM orders",
        "FETCH 1 FROM customers",
        "FETCH 1 FROM c1",
        "CLOSE ALL",
        "CLOSE c1",
        "DEALLOCATE ALL",
        "DEALLOCATE a",
        "ROLLBACK",
        "ROLLBACK TO a",
        "EXECUTE a(1)",
        "EXECUTE b(1)",
        "PREPARE a AS SELECT x",
        "PREPARE a AS SELECT y",
    ]);
}

#[test]
fn several_statements() {
    same(&["SET a = 1; SELECT 2;", "SET a = 2;; SELECT 1"]);
    different(&["SET a = 1; SELECT 2", "SELECT 2", "SET a = 1"]);
}

#[test]
fn readable_texts() {
    let cases = [
        (
            "SELECT a\n  FROM t -- x\n\n WHERE b = 1;",
            "SELECT a\n  FROM t\n WHERE b = $1",
        ),
        ("SELECT $2 ,  'x',date'y'/* z */", "SELECT $2 , $3,date $4"),
        (
            "SELECT 1 WHERE a IN (1, 2, 3) AND b",
            "SELECT $1 WHERE a IN ($2 /*, ... */) AND b",
        ),
        (
            "SELECT 1 WHERE a IN ($1 /*, ... */)",
            "SELECT $2 WHERE a IN ($1 /*, ... */)",
        ),
        (
            "INSERT INTO t VALUES (1, 2), (3, 4)",
            "INSERT INTO t VALUES ($1, $2) /*, ... */",
        ),
        (
            "SELECT ARRAY[[1,2],[3,4]]",
            "SELECT ARRAY[[$1 /*, ... */] /*, ... */]",
        ),
        ("SELECT 'a'\n 'b'c", "SELECT $1 c"),
        ("SELECT a FROM t LIMIT 5", "SELECT a FROM t LIMIT $1"),
        ("-- only a comment", ""),
    ];
    for (sql, expected) in cases {
        assert_eq!(normalize(sql), expected, "{sql:?}");
    }
}
