//! Mending by what an error says. What real servers say of real texts is tried in `live`.

use pgtriage::advise::workload::{PlanError, plannable, repair};

/// A text with `^` before the place that the error names.
#[track_caller]
fn check(marked: &str, code: &str, message: &str, expected: &str) {
    let position = marked.find('^').map(|at| marked[..at].chars().count() + 1);
    let text = marked.replacen('^', "", 1);
    let error = PlanError {
        code: code.to_owned(),
        message: message.to_owned(),
        position,
    };
    let mended = repair(&text, &error);
    assert_eq!(mended.as_deref().unwrap_or("none"), expected, "{marked}");
}

#[test]
fn words_and_types_take_the_place_of_parameters() {
    let check = |marked: &str, expected: &str| check(marked, "42601", "", expected);
    check("SELECT EXTRACT(^$1 FROM a)", "SELECT EXTRACT(year FROM a)");
    check(
        "SELECT EXTRACT(^$1 FROM a) FROM t GROUP BY extract(dow FROM a)",
        "SELECT EXTRACT(dow FROM a) FROM t GROUP BY extract(dow FROM a)",
    );
    check("SELECT interval ^$1", "SELECT CAST($1 AS interval)");
    check(
        "SELECT interval ^$1 day to hour",
        "SELECT CAST($1 AS interval day to hour)",
    );
    check(
        "SELECT interval(3) ^$1 FROM t",
        "SELECT CAST($1 AS interval(3)) FROM t",
    );
    check(
        "SELECT timestamp(0) with time zone ^$1, b",
        "SELECT CAST($1 AS timestamp(0) with time zone), b",
    );
    check(
        "SELECT a < double precision ^$1",
        "SELECT a < CAST($1 AS double precision)",
    );
    check(
        "SELECT shop.\"State\" ^$1",
        "SELECT CAST($1 AS shop.\"State\")",
    );
    check("SELECT a IS ^$1 NORMALIZED", "SELECT a IS NFC NORMALIZED");
    check("SELECT normalize(a, ^$1)", "SELECT normalize(a, NFC)");
    check("SELECT $1 ^UESCAPE '!'", "SELECT $1 ");
    check("… COLUMNS (a int PATH ^$1)", "… COLUMNS (a int PATH '$')");
    check("SELECT a FROM ^", "none");
    check("SELECT a ^FROM FROM b", "none");
}

#[test]
fn operators_learn_the_types_of_parameters() {
    let check =
        |marked: &str, message: &str, expected: &str| check(marked, "42725", message, expected);
    check(
        "SELECT $1 ^+ $2",
        "operator is not unique: unknown + unknown",
        "SELECT CAST($1 AS numeric) + $2",
    );
    check(
        "SELECT d ^- $1",
        "Operator ist nicht eindeutig: date - unknown",
        "SELECT d - CAST($1 AS integer)",
    );
    check(
        "SELECT a * ($1 ^- $2) * b",
        "operator is not unique: unknown - unknown",
        "SELECT a * (CAST($1 AS numeric) - $2) * b",
    );
    check(
        "SELECT ^sum($1)",
        "function sum(unknown) is not unique",
        "SELECT sum(CAST($1 AS numeric))",
    );
    check(
        "SELECT ^generate_series($1, $2)",
        "function generate_series(unknown, unknown) is not unique",
        "SELECT generate_series(CAST($1 AS integer), CAST($2 AS integer))",
    );
    check(
        "SELECT * FROM ^generate_series(a, $1, $2)",
        "Funktion generate_series(date, unknown, unknown) ist nicht eindeutig",
        "SELECT * FROM generate_series(a, CAST($1 AS date), CAST($2 AS interval))",
    );
}

#[test]
fn what_parameters_have_made_text_of_is_cast() {
    let check =
        |marked: &str, message: &str, expected: &str| check(marked, "42883", message, expected);
    check(
        "SELECT a FROM t WHERE n ^= ANY (ARRAY[$1, $2]) AND b",
        "operator does not exist: integer = text",
        "SELECT a FROM t WHERE n = ANY (CAST(ARRAY[$1, $2] AS integer[])) AND b",
    );
    check(
        "SELECT a FROM t WHERE t.n ^= v.n OR b",
        "l'opérateur n'existe pas : bigint = text",
        "SELECT a FROM t WHERE t.n = CAST(v.n AS bigint) OR b",
    );
    check(
        "SELECT t.depth ^+ $1 FROM t",
        "operator does not exist: text + unknown",
        "SELECT t.depth + CAST($1 AS numeric) FROM t",
    );
    check(
        "SELECT t.depth ^+ CAST($1 AS numeric) FROM t",
        "operator does not exist: text + numeric",
        "SELECT CAST(t.depth AS numeric) + CAST($1 AS numeric) FROM t",
    );
    check(
        "SELECT a FROM t WHERE at ^> CURRENT_DATE - $1",
        "operator does not exist: timestamp with time zone > integer",
        "SELECT a FROM t WHERE at > CURRENT_DATE - CAST($1 AS integer)",
    );
    check(
        "SELECT 5, ^sum(CASE WHEN a THEN $1 ELSE $2 END) OVER () FROM t",
        "function sum(text) does not exist",
        "SELECT 5, sum(CAST(CASE WHEN a THEN $1 ELSE $2 END AS numeric)) OVER () FROM t",
    );
    check(
        "SELECT ^lower(a)",
        "function lower(integer) does not exist",
        "none",
    );
    check(
        "SELECT a ^= b",
        "operator does not exist: integer = boolean",
        "none",
    );
    super::repair::check(
        "UPDATE t SET a = ^CASE WHEN b = $1 THEN $2 ELSE $3 END, c = $4",
        "42804",
        "Spalte »a« hat Typ integer, aber der Ausdruck hat Typ text",
        "UPDATE t SET a = CAST(CASE WHEN b = $1 THEN $2 ELSE $3 END AS integer), c = $4",
    );
}

#[test]
fn parameters_get_a_type_or_a_number_of_their_own() {
    check(
        "SELECT concat(a, ^$1)",
        "42P18",
        "",
        "SELECT concat(a, CAST($1 AS text))",
    );
    check(
        "SELECT $2 IS NULL, $1",
        "42P18",
        "could not determine data type of parameter $2",
        "SELECT CAST($2 AS text) IS NULL, $1",
    );
    check(
        "SELECT 1 WHERE id = $1 AND code = ^$1 AND a = $2",
        "42P08",
        "",
        "SELECT 1 WHERE id = $1 AND code = $3 AND a = $2",
    );
    check("SELECT n$1, ^n$2", "42703", "", "SELECT n$1, $1");
}

#[test]
fn what_is_grouped_by_is_what_is_listed() {
    check(
        "SELECT date_trunc($1, ^at), b FROM t GROUP BY date_trunc($2, at), b || $3",
        "42803",
        "",
        "SELECT date_trunc($1, at), b FROM t GROUP BY date_trunc($1, at), b || $2",
    );
    check(
        "SELECT date_trunc($1, ^at) FROM t GROUP BY date_trunc('day', at)",
        "42803",
        "",
        "SELECT date_trunc('day', at) FROM t GROUP BY date_trunc('day', at)",
    );
    check(
        "SELECT DISTINCT a || $1 FROM t ORDER BY ^a || $2 DESC",
        "42P10",
        "",
        "SELECT DISTINCT a || $1 FROM t ORDER BY a || $1 DESC",
    );
    check("SELECT ^a, b || $1 FROM t GROUP BY b", "42803", "", "none");
}

#[test]
fn what_cannot_be_mended_says_why() {
    let refuse = |message: &str| PlanError {
        code: "42P01".to_owned(),
        message: message.to_owned(),
        position: Some(15),
    };
    let mut asked = 0;
    let told = plannable("SELECT * FROM t WHERE a = $1", &mut |_| {
        asked += 1;
        Err(refuse("relation \"t\" does not exist"))
    });
    assert_eq!(told, Err("relation \"t\" does not exist".to_owned()));
    assert_eq!(asked, 1);

    // A mistake of whoever wrote the statement is not mended.
    let told = plannable("SELECT 1 WHERE a = 'x'::text", &mut |_| {
        Err(PlanError {
            code: "42883".to_owned(),
            message: "operator does not exist: integer = text".to_owned(),
            position: Some(18),
        })
    });
    assert!(told.is_err());

    // However often it is refused, it ends.
    let mut asked = 0;
    let told = plannable("SELECT f($1, $2)", &mut |text| {
        asked += 1;
        let open = text.find('(').unwrap();
        Err(PlanError {
            code: "42725".to_owned(),
            message: "function f(unknown, unknown) is not unique".to_owned(),
            position: Some(open),
        })
    });
    assert!(told.is_err() && asked < 50, "{asked}");
}

#[test]
fn no_text_is_too_deep() {
    let deep = 50_000;
    for text in [
        format!("SELECT a{} ^+ $1", "::int".repeat(deep)),
        format!("SELECT {}a{} ^+ $1", "(".repeat(deep), ")".repeat(deep)),
        format!("SELECT a{} ^+ $1", "[1]".repeat(deep / 50)),
        format!("SELECT $1 ^+ a{}", " = a".repeat(deep)),
    ] {
        let position = text.find('^').unwrap() + 1;
        let error = PlanError {
            code: "42725".to_owned(),
            message: String::new(),
            position: Some(position),
        };
        assert!(repair(&text.replacen('^', "", 1), &error).is_some());
    }
}

#[test]
fn numbers_of_parameters_have_no_gaps() {
    let told = plannable("SELECT $7, $3, $7", &mut |_| Ok(()));
    assert_eq!(told, Ok("SELECT $2, $1, $2".to_owned()));
}
