//! Statements, and what is read of them.

use pgtriage::parse::ddl::body::statements;
use pgtriage::parse::ddl::statement::Statement;
use pgtriage::parse::ddl::volatility::Volatility;
use pgtriage::parse::ddl::{command, statement};

/// Statements, one a line: command, then what the reading of it holds, in this order, then its text.
const FORMS: &str = include_str!("forms.txt");

fn forms() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let lines = FORMS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| {
        let mut parts = line.splitn(3, " | ");
        let mut part = || {
            parts
                .next()
                .unwrap_or_else(|| panic!("{line}: command | holds | text"))
        };
        (part(), part(), part())
    })
}

#[test]
fn statements_are_read_as_what_they_say() {
    let mut wrong = Vec::new();
    for (tag, holds, text) in forms() {
        let read = match statement(text) {
            Ok(read) => format!("{read:?}"),
            Err(reason) => {
                wrong.push(format!("{text}: {reason}"));
                continue;
            }
        };
        let mut rest = read.as_str();
        for part in holds.split(" … ") {
            match rest.find(part) {
                Some(at) => rest = &rest[at + part.len()..],
                None => wrong.push(format!("{text}\n  lacks {part}\n  {read}")),
            }
        }
        if command(text) != tag {
            wrong.push(format!("{text}: {} is no {tag}", command(text)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(forms().count() > 200);
}

/// No text that is cut or changed makes the reader stop, and none is read for ever.
#[test]
fn cut_and_mended_statements_are_read_or_refused() {
    let texts: Vec<&str> = forms().map(|(_, _, text)| text).collect();
    let mut read = 0;
    for (n, text) in texts.iter().enumerate() {
        let ends = text.char_indices().map(|(at, _)| at);
        for at in ends {
            read += usize::from(statement(&text[..at]).is_ok());
            let _ = statement(&text[at..]);
            let _ = command(&text[at..]);
            let other = texts[(n * 7 + at) % texts.len()];
            let from = other.len() / 2;
            if other.is_char_boundary(from) {
                let mixed = format!("{}{}", &text[..at], &other[from..]);
                if let Ok(Statement::Do { body, language }) = statement(&mixed) {
                    statements(&body, &language);
                }
            }
        }
    }
    assert!(read > 1000, "{read}");
}

/// The parts of a statement know where they stand.
#[test]
fn parts_know_their_places() {
    check_places(
        "ALTER TABLE a ADD COLUMN b int DEFAULT 1 CHECK (b > 0), DROP COLUMN c CASCADE, ALTER d TYPE text",
        &[
            "ADD COLUMN b int DEFAULT 1 CHECK (b > 0)",
            "DROP COLUMN c CASCADE",
            "ALTER d TYPE text",
        ],
    );
    check_places("DROP TABLE a, \"B\".c CASCADE", &["a", "\"B\".c"]);
    check_places("TRUNCATE ONLY a, b *", &["ONLY a", "b *"]);
    check_places(
        "CREATE TABLE t (a int PRIMARY KEY, b int CONSTRAINT k REFERENCES u, UNIQUE (a, b), LIKE v)",
        &[
            "a int PRIMARY KEY",
            "PRIMARY KEY",
            "b int CONSTRAINT k REFERENCES u",
            "CONSTRAINT k REFERENCES u",
            "UNIQUE (a, b)",
            "v",
        ],
    );
    check_places(
        "ALTER TYPE p ADD ATTRIBUTE a int, DROP ATTRIBUTE b",
        &["ADD ATTRIBUTE a int", "DROP ATTRIBUTE b"],
    );
}

fn check_places(text: &str, expected: &[&str]) {
    use pgtriage::parse::ddl::statement::Element;
    let mut spans = Vec::new();
    match statement(text).unwrap() {
        Statement::AlterRelation { actions, .. } => {
            spans.extend(actions.into_iter().map(|a| a.span));
        }
        Statement::AlterOther { changes, .. } => spans.extend(changes.into_iter().map(|a| a.span)),
        Statement::Drop { names, .. } => spans.extend(names.into_iter().map(|name| name.span)),
        Statement::Truncate { tables, .. } => spans.extend(tables.into_iter().map(|of| of.span)),
        Statement::CreateTable(table) => {
            for element in table.elements {
                match element {
                    Element::Column(column) => {
                        spans.push(column.span.clone());
                        spans.extend(column.constraints.into_iter().map(|of| of.span));
                    }
                    Element::Constraint(constraint) => spans.push(constraint.span),
                    Element::Like(table, _) => spans.push(table.span),
                }
            }
        }
        other => panic!("{other:?}"),
    }
    let found: Vec<&str> = spans.into_iter().map(|span| &text[span]).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn statements_in_bodies_are_found() {
    check_body(
        "DO $$ BEGIN ALTER TABLE a ADD b int; COMMIT; END $$",
        "ALTER TABLE a ADD b int [ALTER TABLE a ADD b int]
COMMIT [COMMIT]",
    );
    check_body(
        "DO 'BEGIN UPDATE a SET b = ''x''; DELETE FROM c; END' LANGUAGE plpgsql",
        "UPDATE a SET b = 'x' [UPDATE a SET b = ''x'']
DELETE FROM c [DELETE FROM c]",
    );
    check_body(
        "DO $b$
<<outer>>
DECLARE
  n int := 1;
  rows CURSOR FOR SELECT 1;
BEGIN
  IF n = 1 AND CASE WHEN n > 0 THEN true ELSE false END THEN
    CREATE INDEX i ON a (b);
  ELSIF n = 2 THEN
    NULL;
  ELSE
    DROP TABLE d;
  END IF;
  FOR r IN SELECT * FROM a LOOP
    UPDATE a SET b = 1 WHERE id = r.id;
    EXIT WHEN n > 3;
  END LOOP;
  FOR i IN 1..3 LOOP INSERT INTO a VALUES (i); END LOOP;
  LOOP
    DELETE FROM a WHERE id IN (SELECT id FROM a LIMIT 10);
    EXIT WHEN NOT FOUND;
  END LOOP;
  SELECT count(*) INTO STRICT n FROM a;
  INSERT INTO a (b) VALUES (1) RETURNING id, b INTO n, m.b;
  n := (SELECT 1); m.b = 2; m.c[1] := 3;
  PERFORM f(1) FROM a;
  CASE n WHEN 1 THEN TRUNCATE a; ELSE NULL; END CASE;
  BEGIN
    LOCK TABLE a;
  EXCEPTION WHEN lock_not_available THEN
    RAISE NOTICE 'busy; wait';
    ANALYZE a;
  END;
  RAISE EXCEPTION 'x';
END outer $b$",
        "CREATE INDEX i ON a (b) [CREATE INDEX i ON a (b)] maybe
DROP TABLE d [DROP TABLE d] maybe
SELECT * FROM a [SELECT * FROM a]
UPDATE a SET b = 1 WHERE id = r.id [UPDATE a SET b = 1 WHERE id = r.id] maybe often
INSERT INTO a VALUES (i) [INSERT INTO a VALUES (i)] maybe often
DELETE FROM a WHERE id IN (SELECT id FROM a LIMIT 10) [DELETE FROM a WHERE id IN (SELECT id FROM a LIMIT 10)] often
SELECT count(*)               FROM a [SELECT count(*) INTO STRICT n FROM a]
INSERT INTO a (b) VALUES (1) RETURNING id, b             [INSERT INTO a (b) VALUES (1) RETURNING id, b INTO n, m.b]
 SELECT f(1) FROM a [PERFORM f(1) FROM a]
TRUNCATE a [TRUNCATE a] maybe
LOCK TABLE a [LOCK TABLE a]
ANALYZE a [ANALYZE a] maybe",
    );
    check_body(
        "DO $$ BEGIN
  EXECUTE 'ALTER TABLE a ADD b int; DROP TABLE c';
  EXECUTE 'DROP TABLE ' || 'x' INTO n USING 1;
  EXECUTE format('ALTER TABLE %I.%I ADD c text DEFAULT %L', 'S', 't', 'it''s');
  EXECUTE format('ALTER TABLE %I ADD c int', name);
  EXECUTE 'DROP TABLE ' || name;
  IF n THEN RETURN; END IF;
  EXECUTE $q$CREATE TABLE q ()$q$;
END $$",
        "ALTER TABLE a ADD b int [ALTER TABLE a ADD b int]
DROP TABLE c [DROP TABLE c]
DROP TABLE x ['DROP TABLE ' || 'x']
ALTER TABLE \"S\".t ADD c text DEFAULT 'it''s' [format('ALTER TABLE %I.%I ADD c text DEFAULT %L', 'S', 't', 'it''s')]
format('ALTER TABLE %I ADD c int', name) [format('ALTER TABLE %I ADD c int', name)] opaque
'DROP TABLE ' || name ['DROP TABLE ' || name] opaque
CREATE TABLE q () [CREATE TABLE q ()] maybe",
    );
    check_body(
        "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'DELETE FROM a; SELECT 1'",
        "DELETE FROM a [DELETE FROM a]\nSELECT 1 [SELECT 1]",
    );
    check_body(
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC DELETE FROM a; SELECT CASE WHEN true THEN 1 END; END",
        "DELETE FROM a [DELETE FROM a]
SELECT CASE WHEN true THEN 1 END [SELECT CASE WHEN true THEN 1 END]",
    );
    check_body(
        "DO LANGUAGE plpython3u $$ pass $$",
        " pass  [ pass ] maybe opaque",
    );
}

fn check_body(text: &str, expected: &str) {
    let (language, body) = match statement(text).unwrap() {
        Statement::Do { language, body } => (language, *body),
        Statement::CreateFunction(made) => (made.language.unwrap(), made.body.unwrap()),
        other => panic!("{other:?}"),
    };
    let found = statements(&body, &language).into_iter().map(|found| {
        let mut line = format!("{} [{}]", found.text, &text[found.range]);
        for (is, word) in [
            (found.conditional, " maybe"),
            (found.repeated, " often"),
            (found.opaque.is_some(), " opaque"),
        ] {
            line.push_str(if is { word } else { "" });
        }
        line
    });
    assert_eq!(found.collect::<Vec<_>>().join("\n"), expected, "{text}");
}

#[test]
fn expressions_change_as_their_functions_do() {
    use Volatility::{Immutable, Stable, Unknown, Volatile};
    for (expression, expected) in [
        ("0", Immutable),
        ("'random()'", Immutable),
        ("'{}'::text[]", Immutable),
        ("lower('A') || md5('b')", Immutable),
        ("('x'::varchar(10))", Immutable),
        ("now()", Stable),
        ("CURRENT_TIMESTAMP", Stable),
        ("(now() AT TIME ZONE 'utc'::text)", Stable),
        ("current_setting('a.b')", Stable),
        ("gen_random_uuid()", Volatile),
        ("public.uuid_generate_v4()", Volatile),
        ("nextval('s'::regclass)", Volatile),
        ("floor(random() * 10)::int", Volatile),
        ("clock_timestamp()", Volatile),
        ("CASE WHEN true THEN pg_catalog.timeofday() END", Volatile),
        ("mine()", Stable),
        ("other.mine()", Stable),
        ("new_id()", Unknown),
        ("coalesce(new_id(), random())", Volatile),
    ] {
        let user =
            |name: &pgtriage::parse::ddl::statement::Name| (name.name == "mine").then_some(Stable);
        assert_eq!(Volatility::of(expression, user), expected, "{expression}");
    }
}
