//! `advise alerts`: rules that Prometheus takes, over metrics that there are.

use std::collections::{BTreeMap, BTreeSet};

use pgtriage::report::alerts::ALERTS;
use regex::Regex;
use yaml_rust2::{Yaml, YamlLoader};

use crate::support::Program;

/// Metric, collector, whether it is on by default.
const METRICS: &str = include_str!("../maps/postgres_exporter.tsv");

fn rules(config: &str) -> (String, Vec<Yaml>) {
    let program = Program::new();
    program.write("pgtriage.toml", config);
    let ran = program.run(&[
        "advise",
        "alerts",
        "--format",
        "prometheus",
        "--disk",
        "500GB",
    ]);
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    let document = YamlLoader::load_from_str(&ran.stdout).unwrap().remove(0);
    let groups = document["groups"].as_vec().unwrap().clone();
    let of = |group: &Yaml| {
        assert!(
            group["name"]
                .as_str()
                .is_some_and(|name| name.starts_with("pgtriage-"))
        );
        group["rules"].as_vec().unwrap().clone()
    };
    (ran.stdout.clone(), groups.iter().flat_map(of).collect())
}

fn metrics() -> BTreeMap<&'static str, (&'static str, bool)> {
    let lines = METRICS.lines().filter(|line| !line.starts_with('#'));
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        let (name, collector) = (cells.next().unwrap(), cells.next().unwrap());
        (name, (collector, cells.next() == Some("on")))
    };
    lines.map(row).collect()
}

#[test]
fn expressions_are_over_metrics_of_the_exporter() {
    let (text, rules) = rules("");
    let known = metrics();
    let name = Regex::new(r"\bpg_[a-z0-9_]+").unwrap();
    let quoted = Regex::new("\"[^\"]*\"").unwrap();
    let left_out = text
        .lines()
        .filter(|line| line.starts_with("# Left out"))
        .count();
    let all: usize = ALERTS.iter().map(|group| group.alerts.len()).sum();
    assert_eq!(rules.len() + left_out, all);
    for rule in &rules {
        let expr = quoted
            .replace_all(rule["expr"].as_str().unwrap(), "\"\"")
            .into_owned();
        let mut found = 0;
        for metric in name.find_iter(&expr).map(|found| found.as_str()) {
            found += 1;
            // One for each numeric setting.
            if metric.starts_with("pg_settings_") {
                continue;
            }
            let (collector, is_on) = known
                .get(metric)
                .unwrap_or_else(|| panic!("{metric} in {expr}"));
            let said = format!("needs --collector.{collector}, which is off by default");
            assert_eq!(!is_on, text.contains(&said), "{metric}");
        }
        assert!(found > 0, "{expr}");
        assert!(
            !expr.contains('/') || !expr.contains("{connection"),
            "{expr}"
        );
        for key in ["summary", "description"] {
            assert!(rule["annotations"][key].as_str().is_some(), "{rule:?}");
        }
        assert!(
            ["critical", "warning", "info"].contains(&rule["labels"]["severity"].as_str().unwrap())
        );
    }
    let names: BTreeSet<&str> = rules
        .iter()
        .map(|rule| rule["alert"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), rules.len(), "two alerts of one name");
}

#[test]
fn thresholds_are_those_of_the_pages_and_settings() {
    let connections = |config: &str| {
        let (text, rules) = rules(config);
        let find = rules
            .iter()
            .find(|rule| rule["alert"].as_str() == Some("PostgresConnectionsHigh"));
        (
            find.map(|rule| rule["expr"].as_str().unwrap().to_owned()),
            text,
        )
    };
    assert!(connections("").0.unwrap().ends_with("> 0.8"));
    let set = "[rules.\"connection/near-max\"]\nwarn_at = \"60%\"\n";
    assert!(connections(set).0.unwrap().ends_with("> 0.6"));
    let (off, text) = connections(
        "[rules.\"connection/near-max\"]\nenabled = false\nreason = \"a pooler stands between\"\n",
    );
    assert_eq!(off, None);
    assert!(
        text.contains("# Left out: PostgresConnectionsHigh"),
        "{text}"
    );
}
