//! Formats of findings in files, over texts that mean no good.

use insta::assert_snapshot;
use pgtriage::engine::{
    Confidence, Finding, Location, Outcome, Root, RuleRun, Scope, Severity, SkipKind, Skipped,
    Status,
};
use pgtriage::report::{Files, Filter, Format, Server, Style, View};
use serde_json::{Map, Value, json};
use std::path::Path;

const PLAIN: Style = Style { colour: false };

const SQL: &str = "-- Orders get a state.\r\nALTER TABLE orders ADD COLUMN state text NOT NULL DEFAULT random()::text;\r\nCREATE INDEX orders_state_idx\n  ON orders (state)\n  WHERE state <> 'done'\n    AND id > 0\n    AND customer_id > 0;\nSELECT 'ä', '\u{1b}[2J\u{202e}'; DROP TABLE \"ev,il:100%\u{7}\";\n";

fn finding(rule: &str, severity: Severity, object: &str, detail: &str, place: [i64; 4]) -> Finding {
    let [line, column, end_line, end_column] = place;
    let at = |number: i64| (number > 0).then_some(number);
    Finding {
        key: format!("{rule}:db/1.sql:{object}"),
        rule: rule.to_owned(),
        severity,
        confidence: Confidence::Certain,
        subject: None,
        scope: Scope::Node("primary".to_owned()),
        object: object.to_owned(),
        detail: detail.to_owned(),
        impact_ms_per_hour: None,
        reclaim_bytes: None,
        score: 0.0,
        fix: None,
        undo: None,
        location: Location {
            file: (line >= 0).then(|| "1.sql".to_owned()),
            line: at(line),
            column: at(column),
            end_line: at(end_line),
            end_column: at(end_column),
        },
        evidence: Map::new(),
        is_new: true,
    }
}

fn outcome() -> Outcome {
    let mut index = finding(
        "migration/create-index-blocking",
        Severity::Warning,
        "public.orders",
        "writes to it wait while the index is built, about 40 s for 12 GB, and a text that is long enough to take a second line in any terminal",
        [3, 1, 7, 23],
    );
    index.fix = Some(
        "CREATE INDEX CONCURRENTLY orders_state_idx ON orders (state)\n  WHERE state <> 'done';"
            .to_owned(),
    );
    index.confidence = Confidence::Likely;
    let rewrite = finding(
        "migration/add-column-rewrite",
        Severity::Error,
        "public.orders",
        "`random()` is evaluated for each row",
        [2, 20, 2, 74],
    );
    let evil = finding(
        "migration/drop-table",
        Severity::Error,
        "\"ev,il:100%\u{7}\"",
        "@all <b>gone</b> ]]> ::error::x\n##[error]y \u{1b}[31m `z` | --",
        [8, 24, 8, 48],
    );
    let file = finding(
        "migration/missing-lock-timeout",
        Severity::Info,
        "1.sql",
        "no lock_timeout",
        [0, 0, 0, 0],
    );
    let nowhere = finding(
        "setting/fsync-off",
        Severity::Info,
        "fsync",
        "fsync is off",
        [-1, 0, 0, 0],
    );
    let findings = vec![evil, rewrite, index, file, nowhere];
    let rules = findings.iter().map(|finding| RuleRun {
        id: finding.rule.clone(),
        title: format!("Title of {}", finding.rule.split('/').nth(1).unwrap()),
        severity: finding.severity,
        source: "builtin".to_owned(),
        status: Status::Run,
        finding_count: 1,
        elapsed_ms: None,
    });
    Outcome {
        rules: rules.collect(),
        skipped: vec![Skipped {
            rule: "migration/drop-used-by-queries".to_owned(),
            kind: SkipKind::MissingFacts,
            because: "no statements were read".to_owned(),
            remedy: None,
        }],
        findings,
        ..Outcome::default()
    }
}

/// An outcome in a format, as it is linted in the folder `db` of a repository.
fn render(outcome: &Outcome, format: Format, style: Style, columns: usize) -> String {
    let server = Server::default();
    let filter = Filter {
        min_severity: Severity::Info,
        limit: None,
        known: false,
        verbose: false,
    };
    let mut files = Files::new(Root::new(Path::new("/repo"), Path::new("/repo/db")));
    files.add("0.sql", "SELECT 1;\n", true);
    files.add("1.sql", SQL, true);
    let view = View::new(outcome, &server, filter).in_files(files);
    format.render(&view, style, columns)
}

fn check(format: Format) -> String {
    let text = render(&outcome(), format, PLAIN, 80);
    let acts = ['\u{1b}', '\u{7}', '\u{202e}', '\r'];
    assert!(!text.contains(acts), "{text:?}");
    text
}

#[test]
fn text() {
    assert_snapshot!(check(Format::Text));
    assert_snapshot!("text_narrow", render(&outcome(), Format::Text, PLAIN, 40));
    let colour = render(&outcome(), Format::Text, Style { colour: true }, 80);
    assert_snapshot!("text_colour", colour.replace('\u{1b}', "␛"));
    let nothing = render(&Outcome::default(), Format::Text, PLAIN, 80);
    assert_eq!(nothing, "Nothing found. 2 files linted.\n");
}

#[test]
fn github() {
    let text = check(Format::Github);
    assert_snapshot!(text);
    // One command a line, and nothing else begins one.
    let commands = text.lines().filter(|line| line.starts_with("::"));
    assert_eq!(commands.count(), 5);
    assert!(!text.contains("##["), "{text}");
    // GitHub drops what is beyond ten of a kind.
    let mut many = outcome();
    let evil = many.findings[0].clone();
    many.findings.extend(std::iter::repeat_n(evil, 12));
    let text = render(&many, Format::Github, PLAIN, 80);
    assert_eq!(text.matches("::error ").count(), 10);
    assert_eq!(text.lines().count(), many.findings.len() + 1);
    assert!(text.contains("4 findings in the log only"), "{text}");
    assert!(!text.contains("##["), "{text}");
}

#[test]
fn for_programs() {
    assert_snapshot!("gitlab", check(Format::Gitlab));
    assert_snapshot!("checkstyle", check(Format::Checkstyle));
    assert_snapshot!("junit", check(Format::Junit).replace("]]&gt;", "]]>"));
    for format in [Format::Checkstyle, Format::Junit] {
        well_formed(&check(format));
        well_formed(&render(&Outcome::default(), format, PLAIN, 80));
    }
}

/// Tags close in the order in which they were opened, and nothing of a text is markup.
fn well_formed(xml: &str) {
    let mut open = Vec::new();
    let mut rest = xml
        .strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        .unwrap();
    while let Some((text, tail)) = rest.split_once('<') {
        assert!(!text.contains('>'), "{text}");
        let (tag, tail) = tail.split_once('>').unwrap();
        assert!(tag.matches('"').count() % 2 == 0, "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{xml}");
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap());
        }
        rest = tail;
    }
    assert_eq!((open.len(), rest.trim()), (0, ""), "{xml}");
    assert!(xml.chars().all(|c| c == '\n' || !c.is_control()));
}

#[test]
fn sarif() {
    let text = check(Format::Sarif);
    assert_snapshot!(text);
    let sarif: Value = serde_json::from_str(&text).unwrap();
    // What the schema requires of what we write.
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 5);
    for result in results {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(result["message"]["text"].is_string());
        assert!(
            ["error", "warning", "note"]
                .map(Value::from)
                .contains(&result["level"])
        );
        let place = &result["locations"][0]["physicalLocation"];
        for (_, number) in place["region"].as_object().into_iter().flatten() {
            assert!(number.as_u64().unwrap() > 0);
        }
        let uri = place["artifactLocation"]["uri"]
            .as_str()
            .unwrap_or("db/1.sql");
        assert_eq!(uri, "db/1.sql");
    }
}

#[test]
fn comment() {
    let text = check(Format::Markdown);
    assert_snapshot!(text);
    assert!(text.starts_with("<!-- pgtriage lint -->\n"));
    assert!(!text.contains("@all"), "{text}");
    // As long as GitHub takes, and it says what it left out.
    let mut many = outcome();
    let long = many.findings[2].clone();
    many.findings.extend(std::iter::repeat_n(long, 300));
    let text = render(&many, Format::Markdown, PLAIN, 80);
    assert!(text.len() < 65_536 && text.len() > 50_000, "{}", text.len());
    let listed = text.matches("<details><summary><b>").count();
    let left = format!("{} more findings", many.findings.len() - listed);
    assert!(text.contains(&left), "{left} {}", &text[text.len() - 800..]);
}

#[test]
fn json_has_places_as_they_were_given() {
    let json: Value = serde_json::from_str(&check(Format::Json)).unwrap();
    let place = |key: &str| json["findings"][1][key].clone();
    let found = ["file", "line", "column", "end_line", "end_column"].map(place);
    assert_eq!(Value::from(found.to_vec()), json!(["1.sql", 2, 20, 2, 74]));
}

#[test]
fn places_that_are_in_no_text_are_told() {
    let mut wrong = outcome();
    for (finding, place) in wrong.findings.iter_mut().zip([
        [900, 1, 901, 1],
        [2, 4000, 2, 1],
        [3, 1, 900, 1],
        [8, 1, 8, 2],
    ]) {
        let [line, column, end_line, end_column] = place.map(Some);
        let file = finding.location.file.clone();
        finding.location = Location {
            file,
            line,
            column,
            end_line,
            end_column,
        };
    }
    wrong.findings[3].location.file = Some("unread\u{1b}.sql".to_owned());
    assert_snapshot!(render(&wrong, Format::Text, PLAIN, 80));
}

#[test]
fn a_long_line_is_shown_where_it_matters() {
    let text = format!(
        "INSERT INTO t VALUES ({}); DROP TABLE ä; {}",
        "'ä', ".repeat(2000),
        "x ".repeat(9000)
    );
    let column = text.split("DROP").next().unwrap().chars().count() as i64 + 1;
    let mut outcome = outcome();
    outcome.findings.truncate(1);
    outcome.findings[0].location = Location {
        file: Some("long.sql".to_owned()),
        line: Some(1),
        column: Some(column),
        end_line: Some(1),
        end_column: Some(column + 12),
    };
    let server = Server::default();
    let filter = Filter {
        min_severity: Severity::Info,
        limit: None,
        known: false,
        verbose: false,
    };
    let mut files = Files::new(Root::default());
    files.add("long.sql", &text, true);
    let view = View::new(&outcome, &server, filter).in_files(files);
    assert_snapshot!(Format::Text.render(&view, PLAIN, 60));
}

#[test]
fn what_stands_in_no_file_is_told_too() {
    let mut outcome = outcome();
    outcome
        .findings
        .retain(|finding| finding.location.file.is_none());
    outcome.rules.retain(|rule| rule.id.starts_with("setting/"));
    let mut idle = outcome.rules[0].clone();
    idle.id = "setting/idle".to_owned();
    idle.finding_count = 0;
    outcome.rules.push(idle);
    let server = Server::default();
    let filter = Filter {
        min_severity: Severity::Info,
        limit: None,
        known: false,
        verbose: false,
    };
    let view = View::new(&outcome, &server, filter).failing_from(Some(Severity::Info));
    let mut all = String::new();
    for format in [
        Format::Github,
        Format::Checkstyle,
        Format::Junit,
        Format::Text,
    ] {
        all += &format!("{format:?}\n{}\n", format.render(&view, PLAIN, 80));
    }
    assert_snapshot!(all);
}
