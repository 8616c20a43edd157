//! Plans in files: what is read of them, and what we make of that.

use std::path::{Path, PathBuf};

use pgtriage::parse::plan::{self, NoPlan, Node, Plan};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/plans");

fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(FOLDER).join(name)).unwrap()
}

fn one(name: &str) -> Plan {
    let mut plans = plan::read(&file(name)).unwrap();
    assert_eq!(plans.len(), 1, "{name}");
    plans.remove(0)
}

/// Files of plans with an ending, by their path within the folder.
fn files(ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    for major in ["13", "18"] {
        let folder: PathBuf = Path::new(FOLDER).join(major);
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(ending) {
                found.push(format!("{major}/{name}"));
            }
        }
    }
    found.sort();
    assert!(found.len() > 10 || ending != ".txt", "{found:?}");
    found
}

/// What text and JSON tell alike, whatever the machine did that day.
fn outline(plan: &Plan) -> Vec<String> {
    let line = |node: &Node| {
        let conditions = [
            "Filter",
            "Index Cond",
            "Hash Cond",
            "Merge Cond",
            "Sort Key",
            "Group Key",
            "Recheck Cond",
            "Sort Method",
            "Hash Batches",
        ];
        let told: Vec<String> = conditions
            .iter()
            .filter_map(|name| Some(format!("{name}: {}", node.text(name)?)))
            .collect();
        format!(
            "{}{} {:?} {:?}..{:?} {:?} {:?} {told:?}",
            "  ".repeat(node.depth),
            node.words(),
            node.subplan,
            node.startup_cost,
            node.total_cost,
            node.rows,
            node.width,
        )
    };
    plan.nodes.iter().map(line).collect()
}

#[test]
fn text_and_json_tell_the_same() {
    for name in files(".json") {
        let text = name.replace(".json", ".txt");
        // The table grew between the two.
        if !name.ends_with("/update.json") {
            assert_eq!(outline(&one(&name)), outline(&one(&text)), "{name}");
        }
    }
}

#[test]
fn every_line_of_a_text_is_read() {
    for name in files(".txt") {
        let plan = one(&name);
        assert!(plan.unread.is_empty(), "{name}: {:?}", plan.unread);
        assert!(
            plan.nodes.iter().skip(1).all(|node| node.parent.is_some()),
            "{name}"
        );
        let is_analyzed = !matches!(&name[3..], "estimated.txt" | "costs_off.txt");
        assert_eq!(plan.is_analyzed(), is_analyzed, "{name}");
        assert_eq!(plan.execution_ms.is_some(), is_analyzed, "{name}");
    }
}

#[test]
fn text_and_json_have_the_same_names_for_details() {
    // What JSON tells and text leaves out, or tells in the name of the operation.
    let silent = [
        "Parent Relationship",
        "Parallel Aware",
        "Async Capable",
        "Scan Direction",
        "Partial Mode",
        "Strategy",
        "Disabled",
        "Command",
        "Join Type",
        "Inner Unique",
    ];
    for name in files(".json") {
        let (json, text) = (one(&name), one(&name.replace(".json", ".txt")));
        for (json, text) in json.nodes.iter().zip(&text.nodes) {
            for (detail, value) in &json.details {
                let is_nothing = value.as_f64() == Some(0.0) || value.as_str() == Some("");
                let is_original = detail.starts_with("Original ")
                    || detail.ends_with("Hit Blocks")
                    || detail.ends_with("Read Blocks")
                    || detail.ends_with("Dirtied Blocks")
                    || detail.ends_with("Written Blocks")
                    || detail.ends_with("Time")
                    || detail.starts_with("WAL");
                if silent.contains(&detail.as_str()) || is_nothing || is_original {
                    continue;
                }
                assert!(
                    text.details.contains_key(detail),
                    "{name}: {} lacks {detail}",
                    text.words()
                );
            }
        }
    }
}

#[test]
fn frames_of_clients_and_logs_are_taken_off() {
    assert_eq!(
        outline(&one("18/filter.psql")),
        outline(&one("18/filter.txt"))
    );
    for major in ["13", "18"] {
        for name in ["auto.log", "auto_server.log"] {
            let plans = plan::read(&file(&format!("{major}/{name}"))).unwrap();
            assert_eq!(plans.len(), 2, "{major}/{name}");
            let [first, second] = plans.as_slice() else {
                unreachable!()
            };
            let text = first.query_text.as_deref().unwrap();
            assert!(
                text.starts_with("SELECT o.id,\n       c.name") && text.ends_with("OR o.id < 20;"),
                "{text}"
            );
            assert_eq!(first.nodes.len(), 3, "{major}/{name}");
            assert_eq!(
                first.nodes[1].text("Filter").unwrap(),
                "((note = 'a b: c'::text) OR (id < 20))"
            );
            assert_eq!(first.setting("work_mem"), Some("1MB"));
            let parameters = second
                .details
                .get("Query Parameters")
                .and_then(|text| text.as_str());
            assert_eq!(parameters, (major == "18").then_some("$1 = '5'"));
            assert!(first.unread.is_empty() && second.unread.is_empty());
        }
    }
    let text = file("18/filter.txt");
    let boxed: String = text.lines().map(|line| format!("|{line} |\n")).collect();
    let quoted: String = text
        .lines()
        .skip(2)
        .filter(|line| !line.is_empty() && !line.starts_with('('))
        .map(|line| format!("\"{}\"\n", &line[1..]))
        .collect();
    let expanded: String = text
        .lines()
        .skip(2)
        .map(|line| {
            format!(
                "-[ RECORD 1 ]-----\nQUERY PLAN | {}\n",
                line.strip_prefix(' ').unwrap_or(line)
            )
        })
        .collect();
    for framed in [
        boxed,
        quoted,
        expanded,
        text.replace('\n', "\r\n"),
        text.replace("\n ", "\n"),
    ] {
        let plans = plan::read(&framed).unwrap();
        assert_eq!(plans.len(), 1, "{framed}");
        assert_eq!(
            outline(&plans[0]),
            outline(&one("18/filter.txt")),
            "{framed}"
        );
    }
}

#[test]
fn what_is_no_plan_is_refused_with_a_sentence() {
    let check = |text: &str, says: &str| {
        let error = plan::read(text).unwrap_err();
        assert!(error.to_string().contains(says), "{text}: {error}");
    };
    check("SELECT 1", "no plan");
    check("", "no plan");
    check("- Plan:\n    Node Type: \"Seq Scan\"\n", "YAML");
    check(
        "<explain xmlns=\"http://www.postgresql.org/2009/explain\"><Query><Plan><Node-Type>Seq Scan</Node-Type>",
        "XML",
    );
    check(
        "[{\"Plan\": {\"Node Type\": \"Seq Scan\", ",
        "cannot be read",
    );
    assert_eq!(plan::read("[]").unwrap_err(), NoPlan::Nothing);
    assert!(!plan::is_plan(
        "SELECT a, b FROM t WHERE c = 'Seq Scan on x'"
    ));
    assert!(!plan::is_plan("DELETE FROM t WHERE a = 1"));
    assert!(plan::is_plan("Index Scan using a on b"));
}

#[test]
fn a_deep_plan_is_read() {
    let deep: String = (0..20_000)
        .map(|at| {
            format!(
                "{}->  Materialize  (cost=0.00..1.00 rows=1 width=4)\n",
                " ".repeat(at % 4000 * 6 + 2)
            )
        })
        .collect();
    let text = format!(
        "Limit  (cost=0.00..1.00 rows=1 width=4)\n{}",
        &deep[..400_000]
    );
    assert!(plan::read(&text).unwrap()[0].nodes.len() > 100);
}
