use std::fmt::Write as _;

use pgtriage::parse::{Ending, ItemKind, split};

/// One line an item: kind and ending (regular ones left out), places, text.
fn show(script: &str) -> String {
    let mut shown = String::new();
    for item in split(script) {
        let kind = match item.kind {
            ItemKind::Sql => "",
            ItemKind::MetaCommand => "command ",
            ItemKind::CopyData => "data ",
        };
        let ending = match item.ending {
            Ending::Regular => "",
            Ending::Joined => "joined ",
            Ending::MetaCommand => "sent ",
            Ending::Discarded => "discarded ",
            Ending::EndOfInput => "open ",
        };
        let (first, last) = (item.first, item.last);
        writeln!(
            shown,
            "{kind}{ending}{}:{}-{}:{} {:?}",
            first.line,
            first.column,
            last.line,
            last.column,
            item.text(script)
        )
        .unwrap();
    }
    shown
}

fn check(script: &str, expected: &[&str]) {
    let shown = show(script);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines, expected, "items of {script:?}");
}

#[test]
fn semicolons() {
    check("", &[]);
    check(" ;; -- nothing\n;", &[]);
    check(
        "SELECT 1;\n SELECT 2 ;SELECT 3",
        &[
            "1:1-1:8 \"SELECT 1\"",
            "2:2-2:9 \"SELECT 2\"",
            "open 2:12-2:19 \"SELECT 3\"",
        ],
    );
    check(
        "SELECT ';', \";\", $$;$$, $a$;$a$ /* ; /* ; */ ; */ -- ;\n;",
        &["1:1-1:31 \"SELECT ';', \\\";\\\", $$;$$, $a$;$a$\""],
    );
    check(
        "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3;",
        &[
            "1:1-1:55 \"CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)\"",
            "1:58-1:65 \"SELECT 3\"",
        ],
    );
    check(
        "SELECT 1); SELECT 2;",
        &["1:1-1:9 \"SELECT 1)\"", "1:12-1:19 \"SELECT 2\""],
    );
    check("SELECT 'a;\nb", &["open 1:1-2:1 \"SELECT 'a;\\nb\""]);
}

#[test]
fn bodies_of_functions() {
    let body =
        "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END";
    check(
        &format!("{body}; SELECT 3;"),
        &[
            &format!("1:1-1:{} {body:?}", body.len()),
            &format!("1:{}-1:{} \"SELECT 3\"", body.len() + 3, body.len() + 10),
        ],
    );
    check(
        "create function f() begin atomic; end; SELECT 1;",
        &[
            "1:1-1:37 \"create function f() begin atomic; end\"",
            "1:40-1:47 \"SELECT 1\"",
        ],
    );
    // Any other BEGIN is a statement.
    check(
        "BEGIN; CREATE VIEW begin AS SELECT 1; END;",
        &[
            "1:1-1:5 \"BEGIN\"",
            "1:8-1:36 \"CREATE VIEW begin AS SELECT 1\"",
            "1:39-1:41 \"END\"",
        ],
    );
}

#[test]
fn places_count_characters() {
    check(
        "SELECT 'ä'; SELECT\n\t'é';",
        &["1:1-1:10 \"SELECT 'ä'\"", "1:13-2:4 \"SELECT\\n\\t'é'\""],
    );
}

#[test]
fn leading_comments_are_reachable() {
    let script = "-- one\nSELECT 1; /* two */ -- three\nSELECT 2 /* end */ ; -- last\n";
    let items = split(script);
    let leading: Vec<&str> = items.iter().map(|item| item.leading(script)).collect();
    assert_eq!(leading, ["-- one\n", " /* two */ -- three\n"]);
    let after = &script[items[1].text.end..items[1].end];
    assert_eq!(after, " /* end */ ;");
    assert_eq!(&script[items[1].end..], " -- last\n");
}

#[test]
fn commands_of_psql() {
    check(
        "\\set a 1 ;\nSELECT 1;\n\\i x.sql\n",
        &[
            "command 1:1-1:10 \"\\\\set a 1 ;\"",
            "2:1-2:8 \"SELECT 1\"",
            "command 3:1-3:8 \"\\\\i x.sql\"",
        ],
    );
    check(
        "SELECT 1 \\gset a_ \\echo x\nSELECT 2 \\g",
        &[
            "sent 1:1-1:8 \"SELECT 1\"",
            "command 1:10-1:17 \"\\\\gset a_\"",
            "command 1:19-1:25 \"\\\\echo x\"",
            "sent 2:1-2:8 \"SELECT 2\"",
            "command 2:10-2:11 \"\\\\g\"",
        ],
    );
    check(
        "\\echo 'a\\\\ ; \\' b' \"\\\" `\\` \\\\ SELECT 1;",
        &[
            "command 1:1-1:26 \"\\\\echo 'a\\\\\\\\ ; \\\\' b' \\\"\\\\\\\" `\\\\`\"",
            "1:31-1:38 \"SELECT 1\"",
        ],
    );
    check(
        "\\! ls \\ a\nSELECT (1 \\g |cat \\ ;\nSELECT 2;",
        &[
            "command 1:1-1:9 \"\\\\! ls \\\\ a\"",
            "sent 2:1-2:9 \"SELECT (1\"",
            "command 2:11-2:21 \"\\\\g |cat \\\\ ;\"",
            "3:1-3:8 \"SELECT 2\"",
        ],
    );
    check(
        "SELECT 1\n\\r\nSELECT 2;",
        &[
            "discarded 1:1-1:8 \"SELECT 1\"",
            "command 2:1-2:2 \"\\\\r\"",
            "3:1-3:8 \"SELECT 2\"",
        ],
    );
}

#[test]
fn a_command_inside_a_statement_is_cut_out() {
    check(
        "SELECT\n\\if true\n 1\n\\endif\n;",
        &[
            "command 2:1-2:8 \"\\\\if true\"",
            "command 4:1-4:6 \"\\\\endif\"",
            "1:1-3:2 \"SELECT\\n\\n 1\"",
        ],
    );
    check(
        "SELECT 1\\:\\:int, (2 \\; 3);",
        &["1:1-1:25 \"SELECT 1::int, (2 ; 3)\""],
    );
}

#[test]
fn joined_statements() {
    check(
        "SELECT 1\\; SELECT 2 \\;;",
        &[
            "joined 1:1-1:8 \"SELECT 1\"",
            "joined 1:12-1:19 \"SELECT 2\"",
        ],
    );
}

#[test]
fn copy_data() {
    check(
        "COPY t (a) FROM stdin WITH (FORMAT csv); -- x\n1;2\n\\.x\n\\.\nSELECT 1;",
        &[
            "1:1-1:39 \"COPY t (a) FROM stdin WITH (FORMAT csv)\"",
            "data 2:1-3:4 \"1;2\\n\\\\.x\\n\"",
            "5:1-5:8 \"SELECT 1\"",
        ],
    );
    check(
        "copy t from STDIN;\n\\.\n\\copy u from stdin\n'\n\\.\r\nSELECT 1;",
        &[
            "1:1-1:17 \"copy t from STDIN\"",
            "data 2:1-2:1 \"\"",
            "command 3:1-3:18 \"\\\\copy u from stdin\"",
            "data 4:1-4:2 \"'\\n\"",
            "6:1-6:8 \"SELECT 1\"",
        ],
    );
    check(
        "COPY t FROM STDIN;\n1\n2",
        &[
            "1:1-1:17 \"COPY t FROM STDIN\"",
            "data open 2:1-3:1 \"1\\n2\"",
        ],
    );
    // Two in one message, and a statement behind them in the line.
    check(
        "COPY t FROM STDIN\\; COPY u FROM STDIN; SELECT 1;\n1\n\\.\n2\n\\.\nSELECT 2;",
        &[
            "joined 1:1-1:17 \"COPY t FROM STDIN\"",
            "1:21-1:37 \"COPY u FROM STDIN\"",
            "1:40-1:47 \"SELECT 1\"",
            "data 2:1-2:2 \"1\\n\"",
            "data 4:1-4:2 \"2\\n\"",
            "6:1-6:8 \"SELECT 2\"",
        ],
    );
    check(
        "COPY t FROM STDIN; SELECT\n1\n\\.\n2;",
        &[
            "1:1-1:17 \"COPY t FROM STDIN\"",
            "data 2:1-2:2 \"1\\n\"",
            "1:20-4:1 \"SELECT\\n\\n2\"",
        ],
    );
    // None of these reads.
    check(
        "COPY t TO STDOUT;\nSELECT 1;\nCOPY t FROM 'stdin';\nSELECT 2;",
        &[
            "1:1-1:16 \"COPY t TO STDOUT\"",
            "2:1-2:8 \"SELECT 1\"",
            "3:1-3:19 \"COPY t FROM 'stdin'\"",
            "4:1-4:8 \"SELECT 2\"",
        ],
    );
    check(
        "COPY (SELECT 1 FROM stdin) TO STDOUT;\nSELECT 1;",
        &[
            "1:1-1:36 \"COPY (SELECT 1 FROM stdin) TO STDOUT\"",
            "2:1-2:8 \"SELECT 1\"",
        ],
    );
}

#[test]
fn quoting_follows_the_setting() {
    let script = "SET standard_conforming_strings = off;\nSELECT 'a\\';';\n\
                  SET LOCAL standard_conforming_strings TO 'on';\nSELECT 'a\\';SELECT 1;\n\
                  SET standard_conforming_strings = off;RESET ALL;SELECT 'a\\';SELECT 1;";
    check(
        script,
        &[
            "1:1-1:37 \"SET standard_conforming_strings = off\"",
            "2:1-2:13 \"SELECT 'a\\\\';'\"",
            "3:1-3:45 \"SET LOCAL standard_conforming_strings TO 'on'\"",
            "4:1-4:11 \"SELECT 'a\\\\'\"",
            "4:13-4:20 \"SELECT 1\"",
            "5:1-5:37 \"SET standard_conforming_strings = off\"",
            "5:39-5:47 \"RESET ALL\"",
            "5:49-5:59 \"SELECT 'a\\\\'\"",
            "5:61-5:68 \"SELECT 1\"",
        ],
    );
}
